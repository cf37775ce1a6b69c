-- Rows that describe one thing under one key differently, so that nobody can tell which description is right: all of
-- them are rejected. {key} names the thing, {values} are the columns that describe it.
WITH described AS (
    SELECT j.{key} FROM {judged} AS j
    WHERE j.verdict <> 'rejected'
    GROUP BY j.{key}
    HAVING count(DISTINCT md5(row({values})::text)) > 1
)
UPDATE {judged} AS j
SET verdict = 'rejected',
    rejected_field = {field},
    rejected_reason = 'expected one description for a key, found several different ones'
FROM described AS d
WHERE d.{key} = j.{key} AND j.verdict <> 'rejected'
