-- On which line of the file the repeated rows of a first load stand. Parameters: :positions, :lines, in the same order.
UPDATE {judged} AS j
SET line = l.line
FROM unnest(CAST(:positions AS bigint[]), CAST(:lines AS integer[])) AS l (position, line)
WHERE l.position = j.position
