-- The rows of a first load whose key comes more than once, as the rows of another load are judged; `position` is their
-- place among the rows written, because they got their ids in the order of the file.
CREATE TEMP TABLE {judged} ON COMMIT DROP AS
SELECT
    t.id, t.position, CAST(NULL AS integer) AS line, t.key, t.content_hash, 'loaded' AS verdict,
    CAST(NULL AS text) AS rejected_field, CAST(NULL AS text) AS rejected_reason
FROM (
    SELECT id, key, content_hash, row_number() OVER (ORDER BY id) AS position, count(*) OVER (PARTITION BY key) AS times
    FROM {table}
) AS t
WHERE t.times > 1;

SELECT position FROM {judged} ORDER BY position
