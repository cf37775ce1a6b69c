-- A fact that a split gave to a new property stays there when a later delivery states it anew for the one that was divided.
UPDATE {judged} AS j
SET property_id = c.property_id
FROM {table} AS c
INNER JOIN qm.property_link AS l
    ON l.to_property_id = c.property_id AND l.kind = 'split' AND l.superseded_at IS NULL
WHERE c.id = j.current_id AND l.from_property_id = j.property_id
