-- Visits as they stood to properties on a past date, in the place of qm.inspection: merges that lie ahead of :as_of moved
-- them, and until then each of the two has its own (the same rules as in due.sql).
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
        INNER JOIN qm.inspection AS o ON o.property_id = l.from_property_id AND o.superseded_at = l.recorded_at
        ORDER BY o.key, o.superseded_at
    )
    SELECT i.municipality, i.superseded_at, i.property_id, i.control_type, i.access_reached, i.inspected_on
    FROM qm.inspection AS i
    WHERE i.recorded_at NOT IN (SELECT l.recorded_at FROM later AS l) AND i.key NOT IN (SELECT m.key FROM moved AS m)
    UNION ALL
    SELECT i.municipality, i.superseded_at, m.property_id, i.control_type, i.access_reached, i.inspected_on
    FROM moved AS m
    INNER JOIN qm.inspection AS i ON i.municipality = :municipality AND i.key = m.key AND i.superseded_at IS NULL
)
