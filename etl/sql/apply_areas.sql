-- Statement by statement: identities; periods that are cut or moved; the new versions. A version that is cut keeps its
-- delivery and its hash: only its period is new. Parameters: :municipality, :as_of, :known_from, :delivery_id, :moment.
INSERT INTO qm.area (municipality, kind, key)
SELECT DISTINCT CAST(:municipality AS text), j.kind, j.key
FROM {judged} AS j
WHERE j.verdict <> 'rejected' AND j.area_id IS NULL
ON CONFLICT DO NOTHING;

UPDATE {judged} AS j
SET area_id = a.id
FROM qm.area AS a
WHERE a.municipality = :municipality AND a.kind = j.kind AND a.key = j.key AND j.area_id IS NULL;

-- An identical later version is not repeated for an earlier period: it begins earlier.
CREATE TEMP TABLE {judged}_cut ON COMMIT DROP AS
SELECT j.cover_id AS id, j.cover_from AS valid_from, CAST(:as_of AS date) AS valid_to
FROM {judged} AS j
WHERE {writes_version} AND j.cover_id IS NOT NULL
UNION ALL
-- What a later delivery confirmed goes on from its date.
SELECT j.cover_id, CAST(:known_from AS date), NULL
FROM {judged} AS j
WHERE {writes_version} AND j.cover_id IS NOT NULL AND (j.cover_to IS NULL OR j.cover_to > CAST(:known_from AS date))
    AND CAST(:known_from AS date) IS NOT NULL
UNION ALL
SELECT j.next_id, CAST(:as_of AS date), NULL
FROM {judged} AS j
WHERE {extends_next};

UPDATE qm.area_version AS v SET superseded_at = :moment FROM {judged}_cut AS c WHERE c.id = v.id;

INSERT INTO qm.area_version (
    municipality, area_id, name, geom, outline_4326, area_m2, valid_from, valid_to, source,
    delivery_id, content_hash, recorded_at
)
SELECT
    v.municipality, v.area_id, v.name, v.geom, v.outline_4326, v.area_m2, c.valid_from, coalesce(c.valid_to, v.valid_to),
    v.source, v.delivery_id, v.content_hash, :moment
FROM {judged}_cut AS c
INNER JOIN qm.area_version AS v ON v.id = c.id
WHERE c.valid_to IS NULL OR c.valid_from < c.valid_to;

INSERT INTO qm.area_version (
    municipality, area_id, name, geom, outline_4326, area_m2, valid_from, valid_to, source,
    delivery_id, content_hash, recorded_at
)
SELECT
    :municipality, j.area_id, j.name, j.geom, j.outline_4326, j.area_m2, :as_of,
    least(CASE WHEN j.cover_id IS NULL THEN j.next_from ELSE j.cover_to END, CAST(:known_from AS date)), j.source, :delivery_id, j.content_hash, :moment
FROM {judged} AS j
WHERE {writes_version}
