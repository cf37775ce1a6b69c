-- After watched.sql: by how many the monitored and the overdue pairs became more or fewer on each day. Columns: place,
-- control_type, on_day, monitored, overdue. Their running sums are the numbers of each day.
, start AS (
    SELECT
        stretch_no, place, type_no, from_on, until_on, interval_days, registered_on AS start_on,
        CAST('-infinity' AS date) AS in_order
    FROM watched
    UNION ALL
    SELECT
        w.stretch_no, w.place, w.type_no, w.from_on, w.until_on, w.interval_days, v.inspected_on, v.inspected_on
    FROM watched AS w
    INNER JOIN visited AS v
        ON v.property_id = w.property_id AND v.type_no = w.type_no
        AND v.access_rank >= w.access_rank AND v.inspected_on < w.until_on
),
-- From each start (the recording, be it the latest of all, then the visits) to the next one, the days after its due date are overdue.
spell AS (
    SELECT
        place,
        type_no,
        greatest(from_on, start_on + interval_days + 1) AS from_on,
        least(until_on, lead(start_on) OVER (PARTITION BY stretch_no ORDER BY in_order)) AS until_on
    FROM start
),
changed AS (
    SELECT place, type_no, from_on AS on_day, count(*) AS monitored, 0 AS overdue
    FROM watched
    GROUP BY place, type_no, from_on
    UNION ALL
    SELECT place, type_no, until_on, -count(*), 0 FROM watched GROUP BY place, type_no, until_on
    UNION ALL
    SELECT place, type_no, from_on, 0, count(*) FROM spell WHERE from_on < until_on GROUP BY place, type_no, from_on
    UNION ALL
    SELECT place, type_no, until_on, 0, -count(*) FROM spell WHERE from_on < until_on GROUP BY place, type_no, until_on
)
SELECT
    c.place,
    t.code AS control_type,
    c.on_day,
    CAST(sum(c.monitored) AS integer) AS monitored,
    CAST(sum(c.overdue) AS integer) AS overdue
FROM changed AS c
INNER JOIN kind AS t ON t.type_no = c.type_no
GROUP BY c.place, t.code, c.on_day
