-- Resolutions of the council with their targets, and what a publication shows of them.

SELECT 1;
