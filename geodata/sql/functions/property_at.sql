-- Which properties there are on a date and in which state: one row for each property recorded by the end of p_as_of, in
-- the columns of qm.property_current. Valid time with today's knowledge: dated facts count up to p_as_of, superseded
-- rows never. p_property_ids NULL = all of the municipality. The function has one SELECT and no SET, so that the planner
-- inlines it; row policies are the caller's. A property without a date of recording counts from its first dated fact,
-- else from the day on which the system learnt of it. One that was merged into another counts until that day, with the
-- facts that were its own: a merge moves them in one moment, which is that of its link, and a fact is known by its key,
-- so that one that was corrected or withdrawn later is so on a past date, too. geodata/records.py makes
-- qm.property_masked_at of it, the same without file references, for roles that may not read them.
CREATE OR REPLACE FUNCTION qm.property_at(p_municipality text, p_as_of date, p_property_ids bigint[] DEFAULT NULL)
RETURNS SETOF qm.property_current
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
WITH version AS (
    -- Named, because some roles have a right on these columns and not on the others.
    SELECT
        v.id, v.property_id, v.file_reference, v.registered_on, v.use_type, v.is_inhabited, v.dwellings, v.geom,
        v.recorded_at
    FROM qm.property_version AS v
    WHERE v.municipality = p_municipality AND v.superseded_at IS NULL
      AND (p_property_ids IS NULL OR v.property_id = ANY (p_property_ids))
      AND NOT EXISTS (
          SELECT FROM qm.property_link AS l
          WHERE l.from_property_id = v.property_id AND l.kind = 'merge' AND l.superseded_at IS NULL
            AND l.happened_on <= p_as_of
      )
),
-- Merges that lie ahead of p_as_of, and whose the facts were that the first of them moved; there are few, if any.
later AS (
    SELECT l.from_property_id, l.recorded_at
    FROM qm.property_link AS l
    WHERE l.municipality = p_municipality AND l.kind = 'merge' AND l.superseded_at IS NULL AND l.happened_on > p_as_of
),
moved_status AS (
    SELECT DISTINCT ON (o.key) o.key, o.property_id
    FROM later AS l
    INNER JOIN qm.status_event AS o ON o.property_id = l.from_property_id AND o.superseded_at = l.recorded_at
    ORDER BY o.key, o.superseded_at
),
status AS (
    SELECT s.property_id, s.state, s.valid_on, s.running_number, s.recorded_at, s.id
    FROM qm.status_event AS s
    WHERE s.municipality = p_municipality AND s.superseded_at IS NULL AND s.valid_on <= p_as_of
      AND (p_property_ids IS NULL OR s.property_id = ANY (p_property_ids))
      AND s.recorded_at NOT IN (SELECT later.recorded_at FROM later) AND s.key NOT IN (SELECT m.key FROM moved_status AS m)
    UNION ALL
    SELECT m.property_id, s.state, s.valid_on, s.running_number, s.recorded_at, s.id
    FROM moved_status AS m
    INNER JOIN qm.status_event AS s ON s.municipality = p_municipality AND s.key = m.key AND s.superseded_at IS NULL
    WHERE s.valid_on <= p_as_of AND (p_property_ids IS NULL OR m.property_id = ANY (p_property_ids))
),
state AS (
    SELECT DISTINCT ON (property_id) property_id, state, valid_on
    FROM status
    ORDER BY property_id, valid_on DESC, running_number DESC, recorded_at DESC, id DESC
),
first_status AS (
    SELECT property_id, min(valid_on) AS valid_on FROM status GROUP BY property_id
),
-- Closed is decided by closing and reopening alone: an observation after the closing does not reopen.
closing AS (
    SELECT DISTINCT ON (property_id) property_id, state, valid_on
    FROM status
    WHERE state IN ('closed', 'not_confirmed', 'reopened')
    ORDER BY property_id, valid_on DESC, running_number DESC, recorded_at DESC, id DESC
),
moved_assessed AS (
    SELECT DISTINCT ON (o.key) o.key, o.property_id
    FROM later AS l
    INNER JOIN qm.assessment_event AS o ON o.property_id = l.from_property_id AND o.superseded_at = l.recorded_at
    ORDER BY o.key, o.superseded_at
),
assessed AS (
    SELECT e.property_id, e.pressure, e.room_to_act, e.valid_on, e.running_number, e.recorded_at, e.id
    FROM qm.assessment_event AS e
    WHERE e.municipality = p_municipality AND e.superseded_at IS NULL AND e.valid_on <= p_as_of
      AND (p_property_ids IS NULL OR e.property_id = ANY (p_property_ids))
      AND e.recorded_at NOT IN (SELECT later.recorded_at FROM later) AND e.key NOT IN (SELECT m.key FROM moved_assessed AS m)
    UNION ALL
    SELECT m.property_id, e.pressure, e.room_to_act, e.valid_on, e.running_number, e.recorded_at, e.id
    FROM moved_assessed AS m
    INNER JOIN qm.assessment_event AS e ON e.municipality = p_municipality AND e.key = m.key AND e.superseded_at IS NULL
    WHERE e.valid_on <= p_as_of AND (p_property_ids IS NULL OR m.property_id = ANY (p_property_ids))
),
assessment AS (
    SELECT DISTINCT ON (property_id) property_id, pressure, room_to_act, valid_on
    FROM assessed
    ORDER BY property_id, valid_on DESC, running_number DESC, recorded_at DESC, id DESC
),
moved_visited AS (
    SELECT DISTINCT ON (o.key) o.key, o.property_id
    FROM later AS l
    INNER JOIN qm.inspection AS o ON o.property_id = l.from_property_id AND o.superseded_at = l.recorded_at
    ORDER BY o.key, o.superseded_at
),
visited AS (
    SELECT i.property_id, i.inspected_on
    FROM qm.inspection AS i
    WHERE i.municipality = p_municipality AND i.superseded_at IS NULL AND i.inspected_on <= p_as_of
      AND (p_property_ids IS NULL OR i.property_id = ANY (p_property_ids))
      AND i.recorded_at NOT IN (SELECT later.recorded_at FROM later) AND i.key NOT IN (SELECT m.key FROM moved_visited AS m)
    UNION ALL
    SELECT m.property_id, i.inspected_on
    FROM moved_visited AS m
    INNER JOIN qm.inspection AS i ON i.municipality = p_municipality AND i.key = m.key AND i.superseded_at IS NULL
    WHERE i.inspected_on <= p_as_of AND (p_property_ids IS NULL OR m.property_id = ANY (p_property_ids))
),
visits AS (
    SELECT i.property_id, count(*) AS visits, min(i.inspected_on) AS first_on, max(i.inspected_on) AS last_on
    FROM visited AS i
    GROUP BY i.property_id
),
moved_stage AS (
    SELECT DISTINCT ON (o.key) o.key, o.property_id
    FROM later AS l
    INNER JOIN qm.demolition_stage AS o ON o.property_id = l.from_property_id AND o.superseded_at = l.recorded_at
    ORDER BY o.key, o.superseded_at
),
stage AS (
    SELECT d.property_id, d.stage, d.decided_on, d.actual_start_on, d.actual_end_on
    FROM qm.demolition_stage AS d
    WHERE d.municipality = p_municipality AND d.superseded_at IS NULL
      AND (p_property_ids IS NULL OR d.property_id = ANY (p_property_ids))
      AND d.recorded_at NOT IN (SELECT later.recorded_at FROM later) AND d.key NOT IN (SELECT m.key FROM moved_stage AS m)
    UNION ALL
    SELECT m.property_id, d.stage, d.decided_on, d.actual_start_on, d.actual_end_on
    FROM moved_stage AS m
    INNER JOIN qm.demolition_stage AS d ON d.municipality = p_municipality AND d.key = m.key AND d.superseded_at IS NULL
    WHERE (p_property_ids IS NULL OR m.property_id = ANY (p_property_ids))
),
demolition AS (
    SELECT
        d.property_id,
        min(least(d.decided_on, d.actual_start_on, d.actual_end_on)) AS first_on,
        max(d.actual_end_on) FILTER (WHERE d.stage = 'demolition' AND d.actual_end_on <= p_as_of) AS demolished_on
    FROM stage AS d
    GROUP BY d.property_id
),
-- House numbers of one street stand behind its name once: "Beispielweg 95, 97, 99".
street AS (
    SELECT
        a.property_version_id,
        a.street,
        min(a.position) AS position,
        string_agg(concat(a.house_number, a.house_number_suffix), ', ' ORDER BY a.position)
            FILTER (WHERE a.house_number IS NOT NULL) AS numbers
    FROM qm.property_address AS a
    INNER JOIN version AS v ON v.id = a.property_version_id
    GROUP BY a.property_version_id, a.street
),
address AS (
    SELECT property_version_id, string_agg(concat_ws(' ', street, numbers), '; ' ORDER BY position) AS address_text
    FROM street
    GROUP BY property_version_id
),
lying_in AS (
    SELECT l.property_id, array_agg(DISTINCT av.area_id ORDER BY av.area_id) AS area_ids
    FROM qm.property_area AS l
    INNER JOIN qm.area_version AS av
        ON av.id = l.area_version_id AND av.superseded_at IS NULL
        AND av.valid_from <= p_as_of AND (av.valid_to IS NULL OR p_as_of < av.valid_to)
    WHERE l.municipality = p_municipality
      AND (p_property_ids IS NULL OR l.property_id = ANY (p_property_ids))
    GROUP BY l.property_id
)
SELECT
    p.id,
    p.municipality,
    p.register,
    p.key,
    v.file_reference,
    coalesce(address.address_text, ''),
    qm.search_normal(concat_ws(' ', address.address_text, p.key, v.file_reference)),
    coalesce(
        v.registered_on,
        least(first_status.valid_on, visits.first_on, demolition.first_on),
        (v.recorded_at AT TIME ZONE 'Europe/Berlin')::date
    ),
    v.use_type,
    v.is_inhabited,
    v.dwellings,
    state.state,
    state.valid_on,
    CASE WHEN closing.state <> 'reopened' THEN closing.valid_on END,
    assessment.pressure,
    assessment.room_to_act,
    colour.colour,
    assessment.valid_on,
    coalesce(visits.visits, 0)::integer,
    visits.last_on,
    coalesce(lying_in.area_ids, '{}'),
    qm.hex_cell(public.ST_X(v.geom), public.ST_Y(v.geom), 500),
    qm.hex_cell(public.ST_X(v.geom), public.ST_Y(v.geom), 2000),
    v.geom,
    demolition.demolished_on
FROM version AS v
INNER JOIN qm.property AS p ON p.id = v.property_id
LEFT JOIN state ON state.property_id = p.id
LEFT JOIN first_status ON first_status.property_id = p.id
LEFT JOIN closing ON closing.property_id = p.id
LEFT JOIN assessment ON assessment.property_id = p.id
LEFT JOIN qm.assessment_colour AS colour
    ON colour.pressure = assessment.pressure AND colour.room_to_act = assessment.room_to_act
LEFT JOIN visits ON visits.property_id = p.id
LEFT JOIN demolition ON demolition.property_id = p.id
LEFT JOIN address ON address.property_version_id = v.id
LEFT JOIN lying_in ON lying_in.property_id = p.id
WHERE coalesce(
    v.registered_on,
    least(first_status.valid_on, visits.first_on, demolition.first_on),
    (v.recorded_at AT TIME ZONE 'Europe/Berlin')::date
) <= p_as_of
$$;
