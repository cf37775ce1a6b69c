-- Triggers, and whether they are on. Columns: name, definition.
SELECT
    format('%s on %s', t.tgname, t.tgrelid::regclass) AS name,
    pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text AS definition
FROM pg_trigger AS t
INNER JOIN pg_class AS c ON c.oid = t.tgrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ({schemas}) AND NOT t.tgisinternal
