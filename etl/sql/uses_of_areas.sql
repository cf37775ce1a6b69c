-- Relations and rules in force of areas that the withdrawal leaves without any version, by kind and delivery.
WITH bare AS (
    SELECT DISTINCT t.area_id FROM {taken} AS t
    WHERE NOT EXISTS (SELECT FROM qm.area_version AS v WHERE v.area_id = t.area_id AND v.superseded_at IS NULL)
)
SELECT uses.kind, uses.delivery_id, count(*) AS facts
FROM (
    SELECT 'area links' AS kind, child_id AS area_id, delivery_id FROM qm.area_relation WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'area links', parent_id, delivery_id FROM qm.area_relation WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'rules', area_id, delivery_id FROM qm.interval_rule WHERE superseded_at IS NULL
) AS uses
INNER JOIN bare ON bare.area_id = uses.area_id
GROUP BY uses.kind, uses.delivery_id
ORDER BY uses.delivery_id DESC NULLS FIRST
