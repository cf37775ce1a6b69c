-- The derived tables of a municipality have changed: what was kept under their version is asked again.
-- Parameter :municipality text.
UPDATE qm.refresh SET data_version = data_version + 1, refreshed_at = now() WHERE municipality = :municipality
