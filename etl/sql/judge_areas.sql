-- The same for areas, which keep all their versions. `cover_id` is the version that holds on the as-of date, `next_id` the
-- first one after it: a new outline begins on the as-of date and lasts until the next version begins, so an older
-- delivery becomes an earlier version. It ends where a complete delivery for a later date (:known_from) lacks the area, and
-- where that one confirmed what was there before. `verdict` only says how the row is counted.
CREATE TEMP TABLE {judged} ON COMMIT DROP AS
WITH linked AS (
    SELECT s.*, a.id AS area_id, md5(row({content})::text)::uuid AS content_hash
    FROM {staged} AS s
    LEFT JOIN qm.area AS a ON a.municipality = :municipality AND a.kind = s.kind AND a.key = s.key
    WHERE NOT s.is_spared
),
delivered AS (
    -- The delivered row that speaks for the latest date, superseded by an edit or not; one that ended has no content.
    SELECT DISTINCT ON (v.area_id)
        v.area_id,
        CASE WHEN v.valid_to IS NULL OR v.superseded_at IS NOT NULL THEN v.content_hash END AS content_hash,
        greatest(d.as_of, CASE WHEN v.superseded_at IS NULL THEN v.valid_to END) AS as_of
    FROM qm.area_version AS v
    INNER JOIN qm.delivery AS d ON d.id = v.delivery_id AND d.withdrawn_at IS NULL
    WHERE v.municipality = :municipality
    ORDER BY v.area_id, d.as_of DESC, v.recorded_at DESC, v.id DESC
)
SELECT
    l.*,
    cover.id AS current_id,
    cover.id AS cover_id,
    cover.content_hash AS cover_hash,
    cover.valid_from AS cover_from,
    cover.valid_to AS cover_to,
    next.id AS next_id,
    next.content_hash AS next_hash,
    next.valid_from AS next_from,
    cover.id IS NULL AND coalesce(next.content_hash = l.content_hash, false) AND NOT coalesce(next.is_after_gap, false)
    AS extends_next,
    CASE
        WHEN t.content_hash = l.content_hash AND NOT (cover.id IS NULL AND coalesce(next.is_after_gap, false))
            THEN 'unchanged'
        WHEN t.as_of > :as_of OR CAST(:known_from AS date) IS NOT NULL THEN 'outdated'
        ELSE 'loaded'
    END AS verdict,
    CAST(NULL AS text) AS rejected_field,
    CAST(NULL AS text) AS rejected_reason
FROM linked AS l
LEFT JOIN delivered AS t ON t.area_id = l.area_id
LEFT JOIN LATERAL (
    SELECT v.id, v.content_hash, v.valid_from, v.valid_to
    FROM qm.area_version AS v
    WHERE v.area_id = l.area_id AND v.superseded_at IS NULL
      AND v.valid_from <= :as_of AND (v.valid_to IS NULL OR v.valid_to > :as_of)
    ORDER BY v.valid_from DESC
    LIMIT 1
) AS cover ON true
LEFT JOIN LATERAL (
    SELECT v.id, v.content_hash, v.valid_from, v.valid_from > CAST(:known_from AS date) AS is_after_gap
    FROM qm.area_version AS v
    WHERE v.area_id = l.area_id AND v.superseded_at IS NULL AND v.valid_from > :as_of
    ORDER BY v.valid_from
    LIMIT 1
) AS next ON true
