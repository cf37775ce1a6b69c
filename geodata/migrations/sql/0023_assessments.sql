-- What counts how much in the assessment, and reports that something in it is wrong.
SELECT 1;
