-- Scenarios of the inspections to come, as they were saved.

SELECT 1;
