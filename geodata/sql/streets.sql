-- The streets of a municipality that have official addresses: one row for each normalised spelling.
-- Parameter: municipality. A step through the index for each street instead of a walk over all house numbers.
WITH RECURSIVE street AS (
    (
        SELECT min(a.street_norm) AS street_norm
        FROM qm.address AS a
        WHERE a.municipality = :municipality AND a.superseded_at IS NULL
    )
    UNION ALL
    SELECT (
        SELECT min(a.street_norm)
        FROM qm.address AS a
        WHERE a.municipality = :municipality AND a.superseded_at IS NULL AND a.street_norm > street.street_norm
    )
    FROM street
    WHERE street.street_norm IS NOT NULL
)
SELECT street_norm FROM street WHERE street_norm IS NOT NULL
