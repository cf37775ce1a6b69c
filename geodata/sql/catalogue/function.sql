-- Functions with their owner, with whose rights some of them run.
-- Columns: name, definition.
SELECT
    p.oid::regprocedure::text AS name,
    concat_ws(' ', pg_get_userbyid(p.proowner), pg_get_functiondef(p.oid)) AS definition
FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname IN ({schemas})
