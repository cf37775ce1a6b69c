-- The cube of figures; see geodata/records.py.
SELECT 1;
