-- Of the properties that a delivery takes over: how many have no place, and how many lie by their coordinates while none
-- of their addresses is an official one.
SELECT
    count(*) FILTER (WHERE j.geom IS NULL) AS unplaced,
    count(*) FILTER (
        WHERE j.geom IS NOT NULL AND j.addresses <> '[]' AND NOT j.addresses @? '$[*].address_id ? (@ != null)'
    ) AS at_no_address
FROM {judged} AS j
WHERE j.verdict <> 'rejected'
