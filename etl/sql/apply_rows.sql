-- Supersedes what loaded rows replace, then appends them. Parameters: :municipality, :delivery_id, :moment.
UPDATE {table} AS t
SET superseded_at = :moment
FROM {judged} AS j
WHERE j.verdict = 'loaded' AND t.id = j.current_id;

INSERT INTO {table} (municipality, {columns}, delivery_id, content_hash, recorded_at)
SELECT CAST(:municipality AS text), {values}, CAST(:delivery_id AS bigint), j.content_hash, CAST(:moment AS timestamptz)
FROM {judged} AS j
WHERE j.verdict = 'loaded'
