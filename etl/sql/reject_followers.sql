-- Proceedings that follow one which is neither in force nor taken over with this file, and those that follow these.
-- Parameters: :municipality.
WITH RECURSIVE followers AS (
    SELECT j.line, j.key, j.follows_key
    FROM {judged} AS j
    WHERE j.verdict <> 'rejected' AND j.follows_key IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM {table} AS f
          WHERE f.municipality = :municipality AND f.key = j.follows_key AND f.superseded_at IS NULL
      )
),
alone AS (
    SELECT o.line, o.key
    FROM followers AS o
    WHERE NOT EXISTS (SELECT FROM {judged} AS f WHERE f.key = o.follows_key AND f.verdict = 'loaded')
    UNION
    SELECT o.line, o.key FROM followers AS o INNER JOIN alone AS a ON a.key = o.follows_key
)
UPDATE {judged} AS j
SET verdict = 'rejected',
    rejected_field = 'follows_key',
    rejected_reason = 'expected a known proceeding, but there is no ' || j.follows_key
FROM alone AS a
WHERE a.line = j.line
