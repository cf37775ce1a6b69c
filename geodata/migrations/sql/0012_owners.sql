-- Who owns a property, in a schema of its own.
SELECT 1;
