-- Events in force of closed houses that the withdrawal leaves without any version, by delivery. Parameters: :municipality.
SELECT 'events' AS kind, e.delivery_id, count(*) AS facts
FROM qm.closure_event AS e
INNER JOIN {taken} AS t ON t.key = e.closure_key
WHERE e.municipality = :municipality AND e.superseded_at IS NULL
  AND NOT EXISTS (
      SELECT FROM qm.closure AS c
      WHERE c.municipality = :municipality AND c.key = t.key AND c.superseded_at IS NULL
  )
GROUP BY e.delivery_id
ORDER BY e.delivery_id DESC NULLS FIRST
