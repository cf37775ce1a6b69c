-- Rejected rows are kept for 90 days: long enough to mend and send again, no longer. Parameter :today date (Europe/Berlin).
DELETE FROM qm.rejected_row
WHERE (recorded_at AT TIME ZONE 'Europe/Berlin')::date < CAST(:today AS date) - 90
