-- Indexes. Columns: name, definition.
SELECT format('%s on %s.%s', indexname, schemaname, tablename) AS name, indexdef AS definition
FROM pg_indexes
WHERE schemaname IN ({schemas})
