-- When each monitored property is due, per type of control: the columns of qm.property_due.
-- {monitored} is the relation of the properties (qm.property_current, or qm.property_at for a past date), {rules} that of
-- the interval rules (qm.interval_rule, or what a preview makes of it); parameters {municipality} text, {as_of} date,
-- {property_ids} bigint[] or NULL for all. The pure twin of these rules is geodata/intervals.py, and a test holds the two
-- against each other.
WITH monitored AS (
    SELECT m.property_id, m.registered_on, m.use_type, m.is_inhabited, m.area_ids
    FROM {monitored} AS m
    WHERE m.municipality = {municipality} AND m.closed_on IS NULL
      AND ({property_ids} IS NULL OR m.property_id = ANY ({property_ids}))
),
-- A rule keeps its key when a delivery or an edit replaces it, so its first version says which rule was recorded first.
rule AS (
    SELECT r.*
    FROM (SELECT v.*, min(v.id) OVER (PARTITION BY v.municipality, v.key) AS first_id FROM {rules} AS v) AS r
    WHERE r.municipality = {municipality} AND r.superseded_at IS NULL
      AND r.valid_from <= {as_of} AND (r.valid_to IS NULL OR {as_of} < r.valid_to)
),
released AS (
    SELECT l.property_id, l.rule_key
    FROM qm.interval_release AS l
    WHERE l.municipality = {municipality} AND l.superseded_at IS NULL
      AND l.since_on <= {as_of} AND (l.until_on IS NULL OR {as_of} < l.until_on)
      AND ({property_ids} IS NULL OR l.property_id = ANY ({property_ids}))
),
-- Within a type the shortest applicable interval wins; of equal ones the rule recorded first. A rule from which the
-- property is released does not apply, unless it is a duty by law.
winner AS (
    SELECT DISTINCT ON (m.property_id, r.control_type)
        m.property_id,
        m.registered_on,
        r.control_type,
        r.id AS rule_id,
        r.interval_days,
        qm.access_rank(
            CASE WHEN m.is_inhabited IS FALSE THEN coalesce(r.access_required_if_empty, r.access_required)
            ELSE r.access_required END
        ) AS access_rank
    FROM monitored AS m
    INNER JOIN rule AS r
        ON (r.area_id IS NULL OR r.area_id = ANY (m.area_ids))
        AND (r.use_type IS NULL OR r.use_type = m.use_type)
    WHERE r.is_statutory OR (m.property_id, r.key) NOT IN (SELECT l.property_id, l.rule_key FROM released AS l)
    ORDER BY m.property_id, r.control_type, r.interval_days, r.first_id
),
serving AS (
    SELECT code AS control_type, code AS serves FROM qm.control_type
    UNION ALL
    SELECT control_type, satisfies FROM qm.control_type_satisfies
),
-- Merges that lie ahead of the date, as in qm.property_at: until then each of the two has its own visits.
later_merge AS (
    SELECT l.from_property_id, l.recorded_at
    FROM qm.property_link AS l
    WHERE l.municipality = {municipality} AND l.kind = 'merge' AND l.superseded_at IS NULL AND l.happened_on > {as_of}
),
moved AS (
    SELECT DISTINCT ON (o.key) o.key, o.property_id
    FROM later_merge AS l
    INNER JOIN qm.inspection AS o ON o.property_id = l.from_property_id AND o.superseded_at = l.recorded_at
    ORDER BY o.key, o.superseded_at
),
visited AS (
    SELECT i.property_id, i.control_type, i.access_reached, i.inspected_on
    FROM qm.inspection AS i
    WHERE i.municipality = {municipality} AND i.superseded_at IS NULL AND i.inspected_on <= {as_of}
      AND ({property_ids} IS NULL OR i.property_id = ANY ({property_ids}))
      AND i.recorded_at NOT IN (SELECT m.recorded_at FROM later_merge AS m) AND i.key NOT IN (SELECT m.key FROM moved AS m)
    UNION ALL
    SELECT m.property_id, i.control_type, i.access_reached, i.inspected_on
    FROM moved AS m
    INNER JOIN qm.inspection AS i ON i.municipality = {municipality} AND i.key = m.key AND i.superseded_at IS NULL
    WHERE i.inspected_on <= {as_of} AND ({property_ids} IS NULL OR m.property_id = ANY ({property_ids}))
),
-- Not gathered by access first: sorting a million groups took twice as long as joining what they were made of.
reached AS (
    SELECT i.property_id, s.serves AS control_type, qm.access_rank(i.access_reached) AS access_rank, i.inspected_on
    FROM visited AS i
    INNER JOIN serving AS s ON s.control_type = i.control_type
    WHERE s.serves IN (SELECT r.control_type FROM rule AS r)
)
SELECT
    {municipality} AS municipality,
    w.property_id,
    w.control_type,
    w.rule_id,
    w.interval_days,
    max(v.inspected_on) AS last_effective_on,
    coalesce(max(v.inspected_on), w.registered_on) + w.interval_days AS due_on
FROM winner AS w
LEFT JOIN reached AS v
    ON v.property_id = w.property_id AND v.control_type = w.control_type AND v.access_rank >= w.access_rank
GROUP BY w.property_id, w.registered_on, w.control_type, w.rule_id, w.interval_days
