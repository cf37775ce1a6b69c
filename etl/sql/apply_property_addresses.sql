-- The addresses of the versions that were just appended, in the order of the file.
INSERT INTO qm.property_address (
    municipality, property_version_id, position, street, street_norm, house_number, house_number_suffix, postal_code,
    address_id
)
SELECT
    v.municipality, v.id, a.position, a.street, a.street_norm, a.house_number, a.house_number_suffix, a.postal_code,
    a.address_id
FROM {judged} AS j
INNER JOIN qm.property_version AS v ON v.property_id = j.property_id AND v.superseded_at IS NULL
CROSS JOIN LATERAL jsonb_to_recordset(j.addresses) AS a (
    position smallint, street text, street_norm text, house_number integer, house_number_suffix text, postal_code text,
    address_id bigint
)
WHERE j.verdict = 'loaded'
