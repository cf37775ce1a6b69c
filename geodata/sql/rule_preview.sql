-- What a change of the rules means on one day: numbers of pairs, by area, and how many are due when. One row.
-- {before} and {after} are the query of due.sql with the rules on both sides, {monitored} the relation of the properties.
-- Parameters: :municipality text, :on date, :types text[] = types of control concerned, :since date = from when controls
-- are looked at for the share without finding.
WITH before AS MATERIALIZED (
    {before}
),
after AS MATERIALIZED (
    {after}
),
pair AS MATERIALIZED (
    SELECT
        property_id, control_type, b.due_on AS before_on, a.due_on AS after_on,
        b.interval_days AS before_days, a.interval_days AS after_days,
        b.due_on IS DISTINCT FROM a.due_on OR b.interval_days IS DISTINCT FROM a.interval_days AS is_changed
    FROM before AS b
    FULL JOIN after AS a USING (property_id, control_type)
),
object AS MATERIALIZED (
    SELECT DISTINCT property_id FROM pair WHERE is_changed
),
visit AS (
    SELECT count(*) AS controls, count(*) FILTER (WHERE i.result = 'no_finding') AS without_finding
    FROM qm.inspection AS i
    INNER JOIN object AS o ON o.property_id = i.property_id
    WHERE i.municipality = :municipality AND i.superseded_at IS NULL
      AND i.inspected_on > CAST(:since AS date) AND i.inspected_on <= CAST(:on AS date)
      AND i.control_type = ANY (CAST(:types AS text[]))
),
of_object AS (
    SELECT
        count(DISTINCT p.property_id) AS objects,
        coalesce(sum(365.25 / p.before_days), 0) AS visits_before,
        coalesce(sum(365.25 / p.after_days), 0) AS visits_after
    FROM pair AS p
    INNER JOIN object AS o ON o.property_id = p.property_id
),
late AS (
    SELECT m.area_ids, count(*) FILTER (WHERE p.before_on < CAST(:on AS date)) AS before,
           count(*) FILTER (WHERE p.after_on < CAST(:on AS date)) AS after
    FROM pair AS p
    INNER JOIN {monitored} AS m ON m.property_id = p.property_id
    GROUP BY m.area_ids
),
area AS (
    SELECT a.id, sum(l.before) AS before, sum(l.after) AS after
    FROM late AS l
    CROSS JOIN LATERAL unnest(l.area_ids) AS a (id)
    GROUP BY a.id
),
due AS (
    SELECT d.due_on, count(*) FILTER (WHERE d.is_before) AS before, count(*) FILTER (WHERE NOT d.is_before) AS after
    FROM (
        SELECT before_on AS due_on, true AS is_before FROM pair WHERE before_on IS NOT NULL
        UNION ALL
        SELECT after_on, false FROM pair WHERE after_on IS NOT NULL
    ) AS d
    GROUP BY d.due_on
)
SELECT
    count(p.before_on) AS pairs_before,
    count(p.after_on) AS pairs_after,
    count(*) FILTER (WHERE p.is_changed) AS pairs_changed,
    count(*) FILTER (WHERE p.before_on < CAST(:on AS date)) AS overdue_before,
    count(*) FILTER (WHERE p.after_on < CAST(:on AS date)) AS overdue_after,
    CAST(coalesce(sum(365.25 / p.before_days), 0) AS double precision) AS visits_per_year_before,
    CAST(coalesce(sum(365.25 / p.after_days), 0) AS double precision) AS visits_per_year_after,
    (SELECT o.objects FROM of_object AS o) AS objects,
    (SELECT CAST(o.visits_before AS double precision) FROM of_object AS o) AS visits_of_objects_before,
    (SELECT CAST(o.visits_after AS double precision) FROM of_object AS o) AS visits_of_objects_after,
    (SELECT v.controls FROM visit AS v) AS controls,
    (SELECT v.without_finding FROM visit AS v) AS without_finding,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_array(a.id, a.before, a.after) ORDER BY a.id), '[]') FROM area AS a
    ) AS areas,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_array(d.due_on, d.before, d.after) ORDER BY d.due_on), '[]') FROM due AS d
    ) AS due
FROM pair AS p
