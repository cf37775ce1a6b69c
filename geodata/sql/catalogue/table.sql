-- Tables, views and sequences with their columns, their owner and whether row policies bind everybody. Columns: name,
-- definition.
SELECT
    format('%s.%s', n.nspname, c.relname) AS name,
    concat_ws(
        ' ', c.relkind, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),
        (
            SELECT string_agg(
                concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity), ', '
                ORDER BY a.attname
            )
            FROM pg_attribute AS a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        )
    ) AS definition
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ({schemas}) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
