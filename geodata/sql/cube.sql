-- Adds (:sign = 1) or takes away (:sign = -1) what some properties contribute to the cube. Parameters: :municipality
-- text; :as_of date; :property_ids bigint[] = whose contribution, NULL = all of the municipality.
-- Each first counts by the list of areas, of which a city has few, and only then by area: a million properties that
-- lie in four areas each are one pass and not five million rows. The row without an area is the whole city.

INSERT INTO qm.figure_cube AS cube (
    municipality, area_id, state, use_type, is_inhabited, assessment_colour, objects, open, unplaced, overdue
)
SELECT
    :municipality, a.area_id, g.state, g.use_type, g.is_inhabited, g.assessment_colour,
    :sign * sum(g.objects), :sign * sum(g.open), :sign * sum(g.unplaced), :sign * sum(g.overdue)
FROM (
    SELECT
        c.area_ids, c.state, c.use_type, c.is_inhabited, c.assessment_colour,
        count(*) AS objects,
        count(*) FILTER (WHERE c.closed_on IS NULL) AS open,
        count(*) FILTER (WHERE c.geom IS NULL) AS unplaced,
        count(o.property_id) AS overdue
    FROM qm.property_current AS c
    LEFT JOIN (
        SELECT DISTINCT property_id
        FROM qm.property_due
        WHERE municipality = :municipality AND due_on < CAST(:as_of AS date)
          AND (CAST(:property_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:property_ids AS bigint[])))
    ) AS o ON o.property_id = c.property_id
    WHERE c.municipality = :municipality
      AND (CAST(:property_ids AS bigint[]) IS NULL OR c.property_id = ANY (CAST(:property_ids AS bigint[])))
    GROUP BY c.area_ids, c.state, c.use_type, c.is_inhabited, c.assessment_colour
) AS g
CROSS JOIN LATERAL unnest(array_prepend(CAST(NULL AS integer), g.area_ids)) AS a (area_id)
GROUP BY a.area_id, g.state, g.use_type, g.is_inhabited, g.assessment_colour
ON CONFLICT (municipality, area_id, state, use_type, is_inhabited, assessment_colour) DO UPDATE
SET objects = cube.objects + excluded.objects, open = cube.open + excluded.open,
    unplaced = cube.unplaced + excluded.unplaced, overdue = cube.overdue + excluded.overdue;

INSERT INTO qm.pair_cube AS cube (
    municipality, area_id, state, use_type, is_inhabited, assessment_colour, control_type, pairs, overdue, never
)
SELECT
    :municipality, a.area_id, g.state, g.use_type, g.is_inhabited, g.assessment_colour, g.control_type,
    :sign * sum(g.pairs), :sign * sum(g.overdue), :sign * sum(g.never)
FROM (
    SELECT
        c.area_ids, c.state, c.use_type, c.is_inhabited, c.assessment_colour, d.control_type,
        count(*) AS pairs,
        count(*) FILTER (WHERE d.due_on < CAST(:as_of AS date)) AS overdue,
        count(*) FILTER (WHERE d.last_effective_on IS NULL) AS never
    FROM qm.property_current AS c
    INNER JOIN qm.property_due AS d ON d.property_id = c.property_id AND d.municipality = c.municipality
    WHERE c.municipality = :municipality
      AND (CAST(:property_ids AS bigint[]) IS NULL OR c.property_id = ANY (CAST(:property_ids AS bigint[])))
    GROUP BY c.area_ids, c.state, c.use_type, c.is_inhabited, c.assessment_colour, d.control_type
) AS g
CROSS JOIN LATERAL unnest(array_prepend(CAST(NULL AS integer), g.area_ids)) AS a (area_id)
GROUP BY a.area_id, g.state, g.use_type, g.is_inhabited, g.assessment_colour, g.control_type
ON CONFLICT (municipality, area_id, control_type, state, use_type, is_inhabited, assessment_colour) DO UPDATE
SET pairs = cube.pairs + excluded.pairs, overdue = cube.overdue + excluded.overdue,
    never = cube.never + excluded.never;

INSERT INTO qm.overdue_day AS cube (municipality, area_id, control_type, due_on, pairs)
SELECT :municipality, a.area_id, g.control_type, g.due_on, :sign * sum(g.pairs)
FROM (
    SELECT c.area_ids, d.control_type, d.due_on, count(*) AS pairs
    FROM qm.property_current AS c
    INNER JOIN qm.property_due AS d ON d.property_id = c.property_id AND d.municipality = c.municipality
    WHERE c.municipality = :municipality AND d.due_on < CAST(:as_of AS date)
      AND (CAST(:property_ids AS bigint[]) IS NULL OR c.property_id = ANY (CAST(:property_ids AS bigint[])))
    GROUP BY c.area_ids, d.control_type, d.due_on
) AS g
CROSS JOIN LATERAL unnest(array_prepend(CAST(NULL AS integer), g.area_ids)) AS a (area_id)
GROUP BY a.area_id, g.control_type, g.due_on
ON CONFLICT (municipality, area_id, control_type, due_on) DO UPDATE SET pairs = cube.pairs + excluded.pairs;

INSERT INTO qm.cell_count AS cube (municipality, area_id, edge_m, cell, objects)
SELECT :municipality, a.area_id, e.edge_m, e.cell, :sign * sum(g.objects)
FROM (
    SELECT c.area_ids, c.cell_500, c.cell_2000, count(*) AS objects
    FROM qm.property_current AS c
    WHERE c.municipality = :municipality AND c.geom IS NOT NULL
      AND (CAST(:property_ids AS bigint[]) IS NULL OR c.property_id = ANY (CAST(:property_ids AS bigint[])))
    GROUP BY c.area_ids, c.cell_500, c.cell_2000
) AS g
CROSS JOIN LATERAL unnest(array_prepend(CAST(NULL AS integer), g.area_ids)) AS a (area_id)
CROSS JOIN LATERAL (VALUES (500, g.cell_500), (2000, g.cell_2000)) AS e (edge_m, cell)
GROUP BY a.area_id, e.edge_m, e.cell
ON CONFLICT (municipality, area_id, edge_m, cell) DO UPDATE SET objects = cube.objects + excluded.objects
