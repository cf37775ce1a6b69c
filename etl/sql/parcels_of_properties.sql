-- Every parcel of the properties of a register as they are now. Parameters: :municipality, :register.
SELECT DISTINCT unnest(v.parcels) AS parcel, p.key
FROM qm.property_version AS v
INNER JOIN qm.property AS p ON p.id = v.property_id
WHERE p.municipality = :municipality AND p.register = :register AND v.superseded_at IS NULL
