-- First loads; see etl/apply.py.
SELECT 1;
