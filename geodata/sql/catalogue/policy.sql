-- Row policies with all that they say. Columns: name, definition.
SELECT
    format('%s on %s.%s', policyname, schemaname, tablename) AS name,
    concat_ws(
        ' ', permissive, (SELECT string_agg(r::text, ',' ORDER BY r::text) FROM unnest(roles) AS r), cmd, qual, with_check
    ) AS definition
FROM pg_policies
WHERE schemaname IN ({schemas})
