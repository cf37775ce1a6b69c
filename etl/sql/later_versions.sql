-- The versions of areas that a delivery wrote, copies included that were revived when a later delivery was taken back; and
-- who replaced some of them and is still in force: a delivery, NULL for an edit. Parameters: :municipality, :recorded_at.
CREATE TEMP TABLE written ON COMMIT DROP AS
WITH RECURSIVE found AS (
    SELECT t.id, t.municipality, t.area_id, t.valid_from, t.superseded_at
    FROM qm.area_version AS t
    WHERE t.municipality = :municipality AND t.recorded_at = :recorded_at
    UNION ALL
    SELECT c.id, c.municipality, c.area_id, c.valid_from, c.superseded_at
    FROM found AS f
    INNER JOIN qm.delivery AS e
        ON e.municipality = f.municipality AND e.recorded_at = f.superseded_at AND e.withdrawn_at IS NOT NULL
    INNER JOIN qm.area_version AS c
        ON c.area_id = f.area_id AND c.valid_from = f.valid_from AND c.recorded_at = e.withdrawn_at
)
SELECT * FROM found;

SELECT 'areas' AS kind, d.id AS delivery_id, count(*) AS facts
FROM written AS w
LEFT JOIN qm.delivery AS d ON d.municipality = w.municipality AND d.recorded_at = w.superseded_at
WHERE w.superseded_at IS NOT NULL AND d.withdrawn_at IS NULL
GROUP BY d.id
ORDER BY d.id DESC NULLS FIRST
