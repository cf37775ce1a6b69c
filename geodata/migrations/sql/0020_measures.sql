-- Proceedings with their kinds, steps, deadlines and amounts, and cuts of supply.
SELECT 1;
