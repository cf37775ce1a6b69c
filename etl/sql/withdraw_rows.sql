-- Takes back the current rows of a delivery and revives, as copies, the newest earlier row of each key that no withdrawn
-- delivery and no undone edit ({is_undone}) brought; none where an edit in force had taken that row away. A key that a
-- later delivery or an edit replaced already stays as that left it. {values} are the {columns}, with the property that
-- goes on for one that was merged.
-- Parameters: :municipality, :delivery_id, :moment; the delivery is marked as withdrawn before.
CREATE TEMP TABLE {taken} ON COMMIT DROP AS
SELECT t.* FROM {table} AS t
WHERE t.municipality = :municipality AND t.delivery_id = :delivery_id AND t.superseded_at IS NULL;

CREATE TEMP TABLE {revived} ON COMMIT DROP AS
SELECT r.*
FROM (
    SELECT DISTINCT ON ({key_of_t}) t.*
    FROM {table} AS t
    INNER JOIN {taken} AS n ON {n_is_t} AND t.recorded_at < n.recorded_at
    LEFT JOIN qm.delivery AS d ON d.id = t.delivery_id
    WHERE t.municipality = :municipality AND t.superseded_at IS NOT NULL AND d.withdrawn_at IS NULL AND NOT {is_undone}
    ORDER BY {key_of_t}, t.recorded_at DESC, t.id DESC
) AS r
WHERE NOT EXISTS (
    SELECT FROM qm.edit AS e
    WHERE e.municipality = r.municipality AND e.made_at = r.superseded_at AND e.undone_at IS NULL
);

UPDATE {table} AS t SET superseded_at = :moment FROM {taken} AS n WHERE n.id = t.id;

INSERT INTO {table} ({columns}, recorded_at)
SELECT {values}, CAST(:moment AS timestamptz) FROM {revived} AS r
