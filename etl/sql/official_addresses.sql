-- Official addresses in force with their coordinates. Parameter: :municipality.
SELECT
    a.id, a.street_norm, a.house_number, a.house_number_suffix, public.ST_X(a.geom), public.ST_Y(a.geom), a.postal_code,
    a.street
FROM qm.address AS a
WHERE a.municipality = :municipality AND a.superseded_at IS NULL AND a.valid_to IS NULL
