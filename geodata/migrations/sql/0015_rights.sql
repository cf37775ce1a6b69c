-- Rights of columns and rows of each role, where they differ from the first ones.
SELECT 1;
