-- Status events as they stood to properties on a past date, in the place of qm.status_event; see visits_at.sql.
(
    WITH later AS (
        SELECT l.from_property_id, l.recorded_at
        FROM qm.property_link AS l
        WHERE l.municipality = :municipality AND l.kind = 'merge' AND l.superseded_at IS NULL
          AND l.happened_on > CAST(:as_of AS date)
    ),
    moved AS (
        SELECT DISTINCT ON (o.key) o.key, o.property_id
        FROM later AS l
        INNER JOIN qm.status_event AS o ON o.property_id = l.from_property_id AND o.superseded_at = l.recorded_at
        ORDER BY o.key, o.superseded_at
    )
    SELECT
        s.municipality, s.superseded_at, s.property_id, s.state, s.valid_on, s.running_number, s.recorded_at, s.id
    FROM qm.status_event AS s
    WHERE s.recorded_at NOT IN (SELECT l.recorded_at FROM later AS l) AND s.key NOT IN (SELECT m.key FROM moved AS m)
    UNION ALL
    SELECT
        s.municipality, s.superseded_at, m.property_id, s.state, s.valid_on, s.running_number, s.recorded_at, s.id
    FROM moved AS m
    INNER JOIN qm.status_event AS s ON s.municipality = :municipality AND s.key = m.key AND s.superseded_at IS NULL
)
