-- The addresses of revived versions of properties, as they were. Parameter: none.
INSERT INTO qm.property_address (
    municipality, property_version_id, position, street, street_norm, house_number, house_number_suffix, postal_code,
    address_id
)
SELECT
    a.municipality, v.id, a.position, a.street, a.street_norm, a.house_number, a.house_number_suffix, a.postal_code,
    a.address_id
FROM {revived} AS r
INNER JOIN qm.property_address AS a ON a.property_version_id = r.id
INNER JOIN qm.property_version AS v ON v.property_id = r.property_id AND v.superseded_at IS NULL
