-- Identities of new properties, before their versions. Parameters: :municipality, :register.
INSERT INTO qm.property (municipality, register, key)
SELECT DISTINCT CAST(:municipality AS text), CAST(:register AS text), j.key
FROM {judged} AS j
WHERE j.verdict = 'loaded' AND j.property_id IS NULL
ON CONFLICT DO NOTHING;

UPDATE {judged} AS j
SET property_id = p.id
FROM qm.property AS p
WHERE j.property_id IS NULL AND p.municipality = :municipality AND p.register = :register AND p.key = j.key
