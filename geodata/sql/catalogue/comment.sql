-- Comments on tables and columns. Columns: name, definition.
SELECT format('on %s.%s.%s', n.nspname, c.relname, d.objsubid) AS name, d.description AS definition
FROM pg_description AS d
INNER JOIN pg_class AS c ON c.oid = d.objoid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE d.classoid = 'pg_class'::regclass AND n.nspname IN ({schemas})
