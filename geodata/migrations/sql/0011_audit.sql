-- The log: append-only, chained, in a schema of its own.
SELECT 1;
