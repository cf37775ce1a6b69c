-- How many rows a first load has, and how many different keys at least; the table was empty before. Hashes of equal keys
-- are equal, so as many hashes as rows means that no key is repeated, and counting hashes takes a quarter of the time.
SELECT count(*) AS rows_written, count(DISTINCT hashtextextended(t.key, 0)) AS keys_found FROM {table} AS t
