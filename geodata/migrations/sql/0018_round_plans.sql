-- Rounds that are planned: their objects in their order.

SELECT 1;
