-- Versions of the things that loaded rows name: what is new or different supersedes, what a newer delivery said stays.
-- Parameters: :municipality, :as_of, :delivery_id, :moment.
CREATE TEMP TABLE {found} ON COMMIT DROP AS
SELECT DISTINCT ON (j.{key}) j.{key} AS key, {selected}, md5(row({values})::text)::uuid AS content_hash
FROM {judged} AS j
WHERE j.verdict = 'loaded'
ORDER BY j.{key}, j.line;

DELETE FROM {found} AS f
USING {named} AS t
INNER JOIN qm.delivery AS d ON d.id = t.delivery_id
WHERE t.municipality = :municipality AND t.superseded_at IS NULL AND t.key = f.key
  AND (t.content_hash = f.content_hash OR d.as_of > :as_of);

UPDATE {named} AS t
SET superseded_at = :moment
FROM {found} AS f
WHERE t.municipality = :municipality AND t.superseded_at IS NULL AND t.key = f.key;

INSERT INTO {named} (municipality, key, {columns}, delivery_id, content_hash, recorded_at)
SELECT
    CAST(:municipality AS text), f.key, {columns}, CAST(:delivery_id AS bigint), f.content_hash,
    CAST(:moment AS timestamptz)
FROM {found} AS f
