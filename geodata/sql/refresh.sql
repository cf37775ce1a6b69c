-- Derives area links, current state and due dates of a municipality. Parameters: :municipality text; :as_of date;
-- :placed_ids bigint[] = properties whose links to areas are derived anew, :state_ids = whose state, :due_ids = whose due
-- dates; NULL = all of the municipality, an empty array = none; :derivation = version of this derivation. {due} is the query of due.sql over qm.property_current.
-- Statements are separate because a row cannot be deleted and inserted again under the same key in one.

DELETE FROM qm.property_area
WHERE municipality = :municipality
  AND (CAST(:placed_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:placed_ids AS bigint[])));

-- Outlines of every version are asked here, once; areas at any date are then a join.
INSERT INTO qm.property_area (municipality, property_id, area_version_id)
SELECT v.municipality, v.property_id, a.id
FROM qm.property_version AS v
INNER JOIN qm.area_version AS a
    ON a.municipality = v.municipality AND a.superseded_at IS NULL AND public.ST_Covers(a.geom, v.geom)
WHERE v.municipality = :municipality AND v.superseded_at IS NULL
  AND (CAST(:placed_ids AS bigint[]) IS NULL OR v.property_id = ANY (CAST(:placed_ids AS bigint[])));

DELETE FROM qm.property_current
WHERE municipality = :municipality
  AND (CAST(:state_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:state_ids AS bigint[])));

INSERT INTO qm.property_current
SELECT * FROM qm.property_at(:municipality, CAST(:as_of AS date), CAST(:state_ids AS bigint[]));

DELETE FROM qm.property_due
WHERE municipality = :municipality
  AND (CAST(:due_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:due_ids AS bigint[])));

INSERT INTO qm.property_due (
    municipality, property_id, control_type, rule_id, interval_days, last_effective_on, due_on
)
{due};

INSERT INTO qm.refresh (municipality, as_of, derivation, data_version)
VALUES (:municipality, :as_of, :derivation, 1)
ON CONFLICT (municipality) DO UPDATE
SET as_of = excluded.as_of, derivation = excluded.derivation, data_version = qm.refresh.data_version + 1, refreshed_at = now()
