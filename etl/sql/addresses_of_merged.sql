-- A version that a register states anew for a property goes on having the addresses of those that were merged into it.
INSERT INTO qm.property_address (
    municipality, property_version_id, position, street, street_norm, house_number, house_number_suffix, postal_code,
    address_id
)
SELECT
    n.municipality, n.version_id, n.positions + row_number() OVER (PARTITION BY n.version_id ORDER BY n.id), n.street,
    n.street_norm, n.house_number, n.house_number_suffix, n.postal_code, n.address_id
FROM (
    SELECT DISTINCT ON (v.id, a.street_norm, a.house_number, a.house_number_suffix)
        v.id AS version_id, a.*,
        (SELECT count(*) FROM qm.property_address AS o WHERE o.property_version_id = v.id) AS positions
    FROM qm.property_link AS l
    INNER JOIN {judged} AS j ON j.property_id = l.to_property_id AND j.verdict = 'loaded'
    INNER JOIN qm.property_version AS v ON v.property_id = l.to_property_id AND v.superseded_at IS NULL
    INNER JOIN qm.property_version AS g ON g.property_id = l.from_property_id AND g.superseded_at IS NULL
    INNER JOIN qm.property_address AS a ON a.property_version_id = g.id
    WHERE l.kind = 'merge' AND l.superseded_at IS NULL
      AND NOT EXISTS (
          SELECT FROM qm.property_address AS o
          WHERE o.property_version_id = v.id AND o.street_norm = a.street_norm
            AND o.house_number IS NOT DISTINCT FROM a.house_number
            AND o.house_number_suffix IS NOT DISTINCT FROM a.house_number_suffix
      )
    ORDER BY v.id, a.street_norm, a.house_number, a.house_number_suffix, a.id
) AS n
