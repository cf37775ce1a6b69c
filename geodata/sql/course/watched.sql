-- Who was monitored when, by which rule: the common head of the questions about the course of the intervals. What follows
-- it reads `watched`: one row for each stretch of days [from_on, until_on) within [:first_on, :last_on] in which a property
-- is recorded and open and one rule wins for a type of control, and `visited`: the visits that may count there.
-- Parameters: :municipality text; :first_on, :last_on date; :control_types text[], NULL = all; :property_ids bigint[],
-- NULL = all; :pair_ids bigint[] and :pair_types text[] = the pairs that are meant, NULL = all; :as_of date.
-- {properties}, {visits} and {statuses} are qm.property_current, qm.inspection and qm.status_event, or what they were on a
-- past date; {place} and {lying} say by which areas the rows are told apart.
-- The pure twin of these rules is geodata/course/adherence.py, and a test holds the two against each other. Types of control are
-- numbers here, because sorting texts by the rules of a language takes several times as long.
WITH kind AS (
    SELECT code, CAST(row_number() OVER (ORDER BY code) AS integer) AS type_no FROM qm.control_type
),
-- A rule keeps its key when it is replaced, so its first version says which of two equal ones was recorded first.
rule AS (
    SELECT
        r.id,
        r.first_id,
        r.key,
        r.control_type,
        t.type_no,
        r.area_id,
        r.use_type,
        r.interval_days,
        r.is_statutory,
        qm.access_rank(r.access_required) AS access_rank,
        qm.access_rank(coalesce(r.access_required_if_empty, r.access_required)) AS access_rank_if_empty,
        r.valid_from,
        coalesce(r.valid_to, 'infinity') AS valid_to
    FROM (SELECT v.*, min(v.id) OVER (PARTITION BY v.municipality, v.key) AS first_id FROM qm.interval_rule AS v) AS r
    INNER JOIN kind AS t ON t.code = r.control_type
    WHERE r.municipality = :municipality AND r.superseded_at IS NULL
      AND r.valid_from <= CAST(:last_on AS date) AND (r.valid_to IS NULL OR CAST(:first_on AS date) < r.valid_to)
      AND (CAST(:control_types AS text[]) IS NULL OR r.control_type = ANY (CAST(:control_types AS text[])))
),
released AS (
    SELECT e.property_id, r.id AS rule_id, r.type_no, e.since_on, coalesce(e.until_on, 'infinity') AS until_on
    FROM qm.interval_release AS e
    INNER JOIN rule AS r ON r.key = e.rule_key AND NOT r.is_statutory
    WHERE e.municipality = :municipality AND e.superseded_at IS NULL
      AND e.since_on <= CAST(:last_on AS date) AND (e.until_on IS NULL OR CAST(:first_on AS date) < e.until_on)
),
-- Days from which another rule may win; property 0 stands for all that were released from none.
edge AS (
    SELECT type_no, greatest(valid_from, CAST(:first_on AS date)) AS from_on FROM rule
    UNION
    SELECT type_no, valid_to FROM rule WHERE valid_to <= CAST(:last_on AS date)
),
edge_of AS (
    SELECT CAST(0 AS bigint) AS property_id, type_no, from_on FROM edge
    UNION
    SELECT r.property_id, e.type_no, e.from_on
    FROM (SELECT DISTINCT property_id FROM released) AS r
    CROSS JOIN edge AS e
    UNION
    SELECT property_id, type_no, greatest(since_on, CAST(:first_on AS date)) FROM released
    UNION
    SELECT property_id, type_no, until_on FROM released WHERE until_on <= CAST(:last_on AS date)
),
piece AS (
    SELECT
        property_id,
        type_no,
        from_on,
        coalesce(
            lead(from_on) OVER (PARTITION BY property_id, type_no ORDER BY from_on), CAST(:last_on AS date) + 1
        ) AS until_on
    FROM edge_of
),
subject AS MATERIALIZED (
    SELECT
        p.property_id,
        {place} AS place,
        p.registered_on,
        p.area_ids,
        coalesce(p.use_type, '') AS use_type,
        p.is_inhabited IS NOT FALSE AS is_inhabited,
        coalesce(r.property_id, 0) AS released_id
    FROM {properties} AS p
    LEFT JOIN (SELECT DISTINCT property_id FROM released) AS r ON r.property_id = p.property_id
    {lying}
    WHERE p.municipality = :municipality AND p.registered_on <= CAST(:last_on AS date)
      AND (CAST(:property_ids AS bigint[]) IS NULL OR p.property_id = ANY (CAST(:property_ids AS bigint[])))
),
-- Which rule wins follows from few attributes, so it is asked once for all that have the same ones.
profile AS MATERIALIZED (
    SELECT area_ids, use_type, is_inhabited, released_id, row_number() OVER () AS profile_no
    FROM subject
    GROUP BY area_ids, use_type, is_inhabited, released_id
),
winner AS (
    SELECT DISTINCT ON (f.profile_no, c.type_no, c.from_on)
        f.profile_no,
        c.type_no,
        c.from_on,
        c.until_on,
        r.interval_days,
        CASE WHEN f.is_inhabited THEN r.access_rank ELSE r.access_rank_if_empty END AS access_rank
    FROM profile AS f
    INNER JOIN piece AS c ON c.property_id = f.released_id
    INNER JOIN rule AS r
        ON r.type_no = c.type_no AND r.valid_from <= c.from_on AND c.from_on < r.valid_to
        AND (r.area_id IS NULL OR r.area_id = ANY (f.area_ids))
        AND (r.use_type IS NULL OR r.use_type = f.use_type)
    WHERE NOT EXISTS (
        SELECT FROM released AS e
        WHERE e.property_id = f.released_id AND e.rule_id = r.id AND e.since_on <= c.from_on AND c.from_on < e.until_on
    )
    ORDER BY f.profile_no, c.type_no, c.from_on, r.interval_days, r.first_id
),
turn AS (
    SELECT property_id, valid_on, state, lead(valid_on) OVER (PARTITION BY property_id ORDER BY valid_on) AS next_on
    FROM (
        SELECT DISTINCT ON (property_id, valid_on) property_id, valid_on, state
        FROM {statuses} AS happened
        WHERE municipality = :municipality AND superseded_at IS NULL AND valid_on <= CAST(:last_on AS date)
          AND state IN ('closed', 'not_confirmed', 'reopened')
          AND (CAST(:property_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:property_ids AS bigint[])))
        ORDER BY property_id, valid_on, running_number DESC, recorded_at DESC, id DESC
    ) AS last_of_day
),
open_stretch AS (
    SELECT property_id, NULL AS from_on, min(valid_on) AS until_on FROM turn GROUP BY property_id
    UNION ALL
    SELECT property_id, valid_on, next_on FROM turn WHERE state = 'reopened'
),
watched AS MATERIALIZED (
    SELECT
        row_number() OVER () AS stretch_no,
        s.property_id,
        s.place,
        s.registered_on,
        w.type_no,
        w.interval_days,
        w.access_rank,
        greatest(w.from_on, s.registered_on, o.from_on) AS from_on,
        least(w.until_on, o.until_on) AS until_on
    FROM subject AS s
    INNER JOIN profile AS f
        ON f.area_ids = s.area_ids AND f.use_type = s.use_type AND f.is_inhabited = s.is_inhabited
        AND f.released_id = s.released_id
    LEFT JOIN open_stretch AS o ON o.property_id = s.property_id
    INNER JOIN winner AS w
        ON w.profile_no = f.profile_no AND greatest(w.from_on, s.registered_on, o.from_on) < least(w.until_on, o.until_on)
    WHERE CAST(:pair_ids AS bigint[]) IS NULL
       OR (s.property_id, w.type_no) IN (
           SELECT p.property_id, t.type_no
           FROM unnest(CAST(:pair_ids AS bigint[]), CAST(:pair_types AS text[])) AS p (property_id, control_type)
           INNER JOIN kind AS t ON t.code = p.control_type
       )
),
-- An older visit than `since_on` makes no difference: with it or without it the control is overdue as the days begin.
serving AS (
    SELECT
        v.control_type,
        r.type_no,
        CAST(:first_on AS date) - max(r.interval_days) - 1 AS since_on
    FROM rule AS r
    INNER JOIN (
        SELECT code AS control_type, code AS serves FROM qm.control_type
        UNION ALL
        SELECT control_type, satisfies FROM qm.control_type_satisfies
    ) AS v ON v.serves = r.control_type
    GROUP BY v.control_type, r.type_no
),
visited AS (
    SELECT i.property_id, s.type_no, qm.access_rank(i.access_reached) AS access_rank, i.inspected_on
    FROM {visits} AS i
    INNER JOIN serving AS s ON s.control_type = i.control_type AND i.inspected_on >= s.since_on
    WHERE i.municipality = :municipality AND i.superseded_at IS NULL
      -- + 0: read in the order of the table. By the index over property and date every row is read all the same.
      AND i.inspected_on + 0 BETWEEN (SELECT min(since_on) FROM serving) AND CAST(:last_on AS date)
      AND (CAST(:property_ids AS bigint[]) IS NULL OR i.property_id = ANY (CAST(:property_ids AS bigint[])))
    UNION ALL
    -- Only where the recording is younger than that, and so not overdue yet, a visit before both of them tells more.
    -- OFFSET 0: these are few, and each is found by the index, not by reading all visits once more.
    SELECT p.property_id, s.type_no, qm.access_rank(i.access_reached), i.inspected_on
    FROM (
        SELECT DISTINCT property_id FROM subject WHERE registered_on > (SELECT min(since_on) FROM serving)
    ) AS p
    CROSS JOIN LATERAL (
        SELECT o.control_type, o.access_reached, o.inspected_on
        FROM {visits} AS o
        WHERE o.property_id = p.property_id AND o.inspected_on < (SELECT max(since_on) FROM serving)
          AND o.municipality = :municipality AND o.superseded_at IS NULL
        OFFSET 0
    ) AS i
    INNER JOIN serving AS s ON s.control_type = i.control_type AND i.inspected_on < s.since_on
)
