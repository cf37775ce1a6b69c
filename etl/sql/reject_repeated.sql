-- Keys that stand more than once in the file: of identical rows the first stays, of different ones none.
WITH repeated AS (
    SELECT {key} FROM {judged} WHERE verdict <> 'rejected' GROUP BY {key} HAVING count(*) > 1
),
compared AS (
    SELECT
        j.line,
        first_value(j.line) OVER same_key AS first_line,
        min(j.content_hash::text) OVER whole_key = max(j.content_hash::text) OVER whole_key AS is_one_content,
        string_agg(j.line::text, ', ') OVER whole_key AS lines
    FROM {judged} AS j
    INNER JOIN repeated AS r ON {r_is_j}
    WHERE j.verdict <> 'rejected'
    WINDOW
        whole_key AS (PARTITION BY {key_of_j}),
        same_key AS (PARTITION BY {key_of_j} ORDER BY j.line)
)
UPDATE {judged} AS j
SET verdict = 'rejected',
    rejected_field = {field},
    rejected_reason = CASE
        WHEN c.is_one_content THEN 'duplicate of line ' || c.first_line
        ELSE 'expected one row for a key, but lines ' || c.lines || ' have the same key and different content'
    END
FROM compared AS c
WHERE c.line = j.line AND (NOT c.is_one_content OR c.line <> c.first_line)
