-- Calls and costs in force of grants that the withdrawal leaves without any version, by delivery. Parameters: :municipality.
SELECT money.kind, money.delivery_id, count(*) AS facts
FROM (
    SELECT 'calls' AS kind, grant_key, delivery_id FROM qm.funding_call
    WHERE municipality = :municipality AND superseded_at IS NULL
    UNION ALL
    SELECT 'costs', grant_key, delivery_id FROM qm.funding_cost
    WHERE municipality = :municipality AND superseded_at IS NULL
) AS money
INNER JOIN {taken} AS t ON t.key = money.grant_key
WHERE NOT EXISTS (
    SELECT FROM qm.funding_grant AS g
    WHERE g.municipality = :municipality AND g.key = t.key AND g.superseded_at IS NULL
)
GROUP BY money.kind, money.delivery_id
ORDER BY money.delivery_id DESC NULLS FIRST
