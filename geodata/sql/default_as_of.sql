-- Date of the latest delivery in force of a demonstration municipality; no row or NULL for a real one, whose pages show
-- today. Parameter :municipality text.
SELECT max(d.as_of)
FROM qm.municipality AS m
INNER JOIN qm.delivery AS d ON d.municipality = m.key AND d.refused IS NULL AND d.withdrawn_at IS NULL
WHERE m.key = :municipality AND m.is_demonstration
