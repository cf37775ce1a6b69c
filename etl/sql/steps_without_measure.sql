-- Steps in force of proceedings that the withdrawal leaves without any version or takes back to another property, by
-- delivery. Parameters: :municipality.
SELECT 'steps' AS kind, s.delivery_id, count(*) AS facts
FROM qm.measure_step AS s
INNER JOIN {taken} AS t ON t.key = s.measure_key
WHERE s.municipality = :municipality AND s.superseded_at IS NULL
  AND NOT EXISTS (
      SELECT FROM qm.measure AS m
      WHERE m.municipality = :municipality AND m.key = t.key AND m.superseded_at IS NULL
        AND (m.property_id = s.property_id OR s.property_id <> t.property_id)
  )
GROUP BY s.delivery_id
ORDER BY s.delivery_id DESC NULLS FIRST
