-- Programmes, grants, calls and costs.
SELECT 1;
