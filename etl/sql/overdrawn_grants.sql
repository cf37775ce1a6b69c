-- Calls in force of grants that the withdrawal touches and that are more than these grant then, by delivery.
-- Parameters: :municipality, :moment.
SELECT 'calls' AS kind, f.delivery_id, count(*) AS facts
FROM qm.funding_call AS f
INNER JOIN (
    SELECT g.key
    FROM qm.funding_grant AS g
    INNER JOIN qm.funding_call AS c
        ON c.municipality = g.municipality AND c.grant_key = g.key AND c.superseded_at IS NULL AND NOT c.is_withdrawn
    WHERE g.municipality = :municipality AND g.superseded_at IS NULL AND NOT g.is_withdrawn
    GROUP BY g.key, g.granted_eur, g.recorded_at
    HAVING sum(c.amount_eur) > g.granted_eur AND greatest(g.recorded_at, max(c.recorded_at)) = :moment
) AS o ON o.key = f.grant_key
WHERE f.municipality = :municipality AND f.superseded_at IS NULL AND NOT f.is_withdrawn AND f.recorded_at < :moment
GROUP BY f.delivery_id
ORDER BY f.delivery_id DESC NULLS FIRST
