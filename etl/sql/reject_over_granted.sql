-- Calls that are more than a grant has left. What lowers the sum comes first, then call by call: one that is rejected
-- leaves what it would have used to the next ones. What is stored counts until a row that is taken over replaces it.
-- Parameters: :municipality.
WITH RECURSIVE stored AS (
    SELECT f.grant_key, sum(f.amount_eur) AS called_eur
    FROM {table} AS f
    WHERE f.municipality = :municipality AND f.superseded_at IS NULL AND NOT f.is_withdrawn
    GROUP BY f.grant_key
),
called AS (
    SELECT
        j.line, j.key, j.grant_key, j.called_on,
        CASE WHEN j.is_withdrawn THEN 0 ELSE j.amount_eur END
        - CASE WHEN c.grant_key = j.grant_key AND NOT c.is_withdrawn THEN c.amount_eur ELSE 0 END AS more_eur
    FROM {judged} AS j
    LEFT JOIN {table} AS c ON c.id = j.current_id
    WHERE j.verdict = 'loaded'
),
placed AS (
    SELECT
        o.line, o.grant_key, o.more_eur, g.granted_eur, coalesce(s.called_eur, 0) AS called_eur,
        row_number() OVER (PARTITION BY o.grant_key ORDER BY o.more_eur > 0, o.called_on, o.key) AS place
    FROM called AS o
    INNER JOIN qm.funding_grant AS g
        ON g.municipality = :municipality AND g.key = o.grant_key AND g.superseded_at IS NULL
    LEFT JOIN stored AS s ON s.grant_key = o.grant_key
),
walked AS (
    SELECT CAST(NULL AS integer) AS line, p.grant_key, CAST(0 AS bigint) AS place, p.called_eur, false AS is_over
    FROM placed AS p
    WHERE p.place = 1
    UNION ALL
    SELECT
        p.line, p.grant_key, p.place,
        CASE WHEN p.more_eur > 0 AND w.called_eur + p.more_eur > p.granted_eur
            THEN w.called_eur ELSE w.called_eur + p.more_eur END,
        p.more_eur > 0 AND w.called_eur + p.more_eur > p.granted_eur
    FROM walked AS w
    INNER JOIN placed AS p ON p.grant_key = w.grant_key AND p.place = w.place + 1
)
UPDATE {judged} AS j
SET verdict = 'rejected',
    rejected_field = 'amount_eur',
    rejected_reason = 'expected calls up to the amount of grant ' || j.grant_key || ', found more with this one'
FROM walked AS w
WHERE w.line = j.line AND w.is_over
