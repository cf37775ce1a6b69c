-- Every address of the properties of a register as they are now. Parameters: :municipality, :register.
SELECT DISTINCT ON (v.property_id, a.street_norm, a.house_number, a.house_number_suffix, a.postal_code)
    v.property_id, a.street_norm, a.house_number, a.house_number_suffix, NULL, NULL, a.postal_code, a.street
FROM qm.property_address AS a
INNER JOIN qm.property_version AS v ON v.id = a.property_version_id AND v.superseded_at IS NULL
INNER JOIN qm.property AS p ON p.id = v.property_id
WHERE p.municipality = :municipality AND p.register = :register
  -- One that goes on in another of the same register has given its addresses to that one.
  AND NOT EXISTS (
      SELECT FROM qm.property_link AS l
      INNER JOIN qm.property AS o ON o.id = l.to_property_id AND o.register = p.register
      WHERE l.from_property_id = p.id AND l.kind = 'merge' AND l.superseded_at IS NULL
  )
