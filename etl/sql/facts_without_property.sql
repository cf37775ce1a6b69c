-- Facts in force of properties that the withdrawal leaves without any version, by kind and delivery.
WITH bare AS (
    SELECT t.property_id FROM {taken} AS t
    WHERE NOT EXISTS (
        SELECT FROM qm.property_version AS v WHERE v.property_id = t.property_id AND v.superseded_at IS NULL
    )
)
SELECT facts.kind, facts.delivery_id, count(*) AS facts
FROM (
    SELECT 'inspections' AS kind, property_id, delivery_id FROM qm.inspection WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'status events', property_id, delivery_id FROM qm.status_event WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'assessments', property_id, delivery_id FROM qm.assessment_event WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'stages of demolition projects', property_id, delivery_id FROM qm.demolition_stage WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'proceedings', property_id, delivery_id FROM qm.measure WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'steps of proceedings', property_id, delivery_id FROM qm.measure_step WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'cuts of supply', property_id, delivery_id FROM qm.supply_cut WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'grants', property_id, delivery_id FROM qm.funding_grant WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'closed houses', property_id, delivery_id FROM qm.closure WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'events of closed houses', property_id, delivery_id FROM qm.closure_event WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'dwellings lost and won', property_id, delivery_id FROM qm.dwelling_change WHERE superseded_at IS NULL
) AS facts
INNER JOIN bare ON bare.property_id = facts.property_id
GROUP BY facts.kind, facts.delivery_id
ORDER BY facts.delivery_id DESC NULLS FIRST
