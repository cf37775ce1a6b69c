-- Keys, references and checks. Columns: name, definition.
SELECT format('%s on %s', k.conname, k.conrelid::regclass) AS name, pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint AS k
INNER JOIN pg_namespace AS n ON n.oid = k.connamespace
WHERE n.nspname IN ({schemas}) AND k.contype <> 't'
