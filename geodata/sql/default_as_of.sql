-- Date of the latest delivery in force or, if that is later, of the latest edit (day in Europe/Berlin) of a demonstration
-- municipality: what somebody enters today must not lie ahead of the date that pages speak for. No row or NULL for a real
-- one, whose pages show today. Parameter :municipality text.
SELECT greatest(
    (
        SELECT max(d.as_of)
        FROM qm.delivery AS d
        WHERE d.municipality = m.key AND d.refused IS NULL AND d.withdrawn_at IS NULL
    ),
    (SELECT CAST(max(e.made_at) AT TIME ZONE 'Europe/Berlin' AS date) FROM qm.edit AS e WHERE e.municipality = m.key)
)
FROM qm.municipality AS m
WHERE m.key = :municipality AND m.is_demonstration
