-- What is to happen with each staged row: unchanged, outdated, loaded, or rejected because it names something unknown.
-- A row is compared with the last *delivered* row of its key, never with an edit, so that a file cannot undo an edit.
-- That row is mostly the current one; only for keys whose current row is an edit, or gone, is the past asked.
-- Where a complete delivery for a later date is in force (:known_from), an older one tells nothing new, be it a key that
-- the later one lacks. Parameters: :municipality, :as_of, :known_from, :register. Columns of the result: those staged, the ids found, content_hash,
-- current_id (the row that a loaded one replaces), started_on (first day on which it holds), verdict, rejected_field,
-- rejected_reason.
CREATE TEMP TABLE {judged} ON COMMIT DROP AS
WITH linked AS (
    SELECT s.*, {links}{hash}
    FROM {staged} AS s
    {joins}
    WHERE NOT s.is_spared
),
delivered AS (
    SELECT {key_of_t}, t.content_hash, d.as_of
    FROM {table} AS t
    INNER JOIN qm.delivery AS d ON d.id = t.delivery_id
    WHERE t.municipality = :municipality AND t.superseded_at IS NULL
    UNION ALL
    (
        SELECT DISTINCT ON ({key_of_t}) {key_of_t}, t.content_hash, d.as_of
        FROM {table} AS t
        INNER JOIN qm.delivery AS d ON d.id = t.delivery_id AND d.withdrawn_at IS NULL
        WHERE t.municipality = :municipality AND t.superseded_at IS NOT NULL
          AND NOT EXISTS (
              SELECT FROM {table} AS c
              WHERE c.municipality = :municipality AND c.superseded_at IS NULL AND c.delivery_id IS NOT NULL AND {c_is_t}
          )
        ORDER BY {key_of_t}, t.recorded_at DESC, t.id DESC
    )
)
SELECT
    l.*,
    c.id AS current_id,
    {started_on} AS started_on,
    CASE
        WHEN {unknown} THEN 'rejected'
        WHEN t.content_hash = l.content_hash THEN 'unchanged'
        WHEN t.as_of > :as_of OR CAST(:known_from AS date) IS NOT NULL THEN 'outdated'
        ELSE 'loaded'
    END AS verdict,
    CAST({unknown_field} AS text) AS rejected_field,
    CAST({unknown_reason} AS text) AS rejected_reason
FROM linked AS l
LEFT JOIN delivered AS t ON {t_is_l}
LEFT JOIN {table} AS c ON c.municipality = :municipality AND c.superseded_at IS NULL AND {c_is_l}
