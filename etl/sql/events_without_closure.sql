-- Events in force of closed houses that the withdrawal leaves without any version or takes back to another property, by
-- delivery. Parameters: :municipality.
SELECT 'events' AS kind, e.delivery_id, count(*) AS facts
FROM qm.closure_event AS e
INNER JOIN {taken} AS t ON t.key = e.closure_key
WHERE e.municipality = :municipality AND e.superseded_at IS NULL
  AND NOT EXISTS (
      SELECT FROM qm.closure AS c
      WHERE c.municipality = :municipality AND c.key = t.key AND c.superseded_at IS NULL
        AND (c.property_id = e.property_id OR e.property_id <> t.property_id)
  )
GROUP BY e.delivery_id
ORDER BY e.delivery_id DESC NULLS FIRST
