-- Dwellings lost and won, closed houses, what became of their households, and replacement housing.
SELECT 1;
