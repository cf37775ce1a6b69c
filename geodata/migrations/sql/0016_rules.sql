-- Interval rules that people change, releases from them, and the job that derives due dates anew.

SELECT 1;
