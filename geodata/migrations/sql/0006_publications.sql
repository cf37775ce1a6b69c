-- Publications; see geodata/publications.py.
SELECT 1;
