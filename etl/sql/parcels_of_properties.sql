-- Every parcel of the properties of a register as they are now. Parameters: :municipality, :register.
SELECT DISTINCT unnest(v.parcels) AS parcel, p.key
FROM qm.property_version AS v
INNER JOIN qm.property AS p ON p.id = v.property_id
WHERE p.municipality = :municipality AND p.register = :register AND v.superseded_at IS NULL
  -- One that goes on in another of the same register has given its parcels to that one.
  AND NOT EXISTS (
      SELECT FROM qm.property_link AS l
      INNER JOIN qm.property AS o ON o.id = l.to_property_id AND o.register = p.register
      WHERE l.from_property_id = p.id AND l.kind = 'merge' AND l.superseded_at IS NULL
  )
