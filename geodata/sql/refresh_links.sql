-- Which outlines, of any version, cover which property: replaces the rows of the chosen properties in qm.property_area.
-- Parameters :municipality text, :property_ids bigint[] or NULL for all. Geometry is asked here once; areas at any date
-- are then a join.
WITH gone AS (
    DELETE FROM qm.property_area
    WHERE municipality = :municipality
      AND (CAST(:property_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:property_ids AS bigint[])))
)
INSERT INTO qm.property_area (municipality, property_id, area_version_id)
SELECT v.municipality, v.property_id, a.id
FROM qm.property_version AS v
INNER JOIN qm.area_version AS a
    ON a.municipality = v.municipality AND a.superseded_at IS NULL AND public.ST_Covers(a.geom, v.geom)
WHERE v.municipality = :municipality AND v.superseded_at IS NULL
  AND (CAST(:property_ids AS bigint[]) IS NULL OR v.property_id = ANY (CAST(:property_ids AS bigint[])))
