-- Photographs of demolition projects, and who may enter their stages.
SELECT 1;
