-- The streets of a municipality that have official addresses: one row for each normalised spelling.
-- Parameter: municipality. A step through the index for each street instead of a walk over all house numbers; the first
-- one by ORDER BY and not by min(), for which the planner walked over all of them while statistics were old.
WITH RECURSIVE street AS (
    (
        SELECT a.street_norm
        FROM qm.address AS a
        WHERE a.municipality = :municipality AND a.superseded_at IS NULL
        ORDER BY a.street_norm
        LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT a.street_norm
        FROM qm.address AS a
        WHERE a.municipality = :municipality AND a.superseded_at IS NULL AND a.street_norm > street.street_norm
        ORDER BY a.street_norm
        LIMIT 1
    )
    FROM street
    WHERE street.street_norm IS NOT NULL
)
SELECT street_norm FROM street WHERE street_norm IS NOT NULL
