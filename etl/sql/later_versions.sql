-- What replaced versions of areas that a delivery wrote: the latest delivery, NULL for an edit. :municipality, :recorded_at.
SELECT later.delivery_id, 'areas' AS kind, count(*) AS facts
FROM (
    SELECT DISTINCT t.id, d.id AS delivery_id
    FROM qm.area_version AS t
    LEFT JOIN qm.delivery AS d ON d.municipality = t.municipality AND d.recorded_at = t.superseded_at
    WHERE t.municipality = :municipality AND t.recorded_at = :recorded_at AND t.superseded_at IS NOT NULL
) AS later
GROUP BY later.delivery_id
ORDER BY later.delivery_id DESC NULLS FIRST
