-- After watched.sql: which intervals held for somebody in which year. Columns: year, interval_days.
SELECT DISTINCT
    CAST(year AS integer) AS year,
    w.interval_days
FROM watched AS w
CROSS JOIN LATERAL generate_series(
    extract(YEAR FROM w.from_on)::integer, extract(YEAR FROM w.until_on - 1)::integer
) AS year
