-- The cube: counts of properties, pairs, missed due dates and cells from which the figures of a city and its areas are
-- answered. Counts are kept true by differences (geodata/sql/cube.sql), so a row may hold 0 until all is derived anew.

-- Derived tables lose their foreign keys: what these check is derived, in one transaction, from facts that have them, and
-- checking it once more took a third of the time of a refresh.
ALTER TABLE qm.property_area
    DROP CONSTRAINT property_area_municipality_fkey,
    DROP CONSTRAINT property_area_property_id_fkey,
    DROP CONSTRAINT property_area_area_version_id_fkey;
ALTER TABLE qm.property_current
    DROP CONSTRAINT property_current_municipality_fkey,
    DROP CONSTRAINT property_current_property_id_fkey;
ALTER TABLE qm.property_due
    DROP CONSTRAINT property_due_municipality_fkey,
    DROP CONSTRAINT property_due_property_id_fkey,
    DROP CONSTRAINT property_due_control_type_fkey,
    DROP CONSTRAINT property_due_rule_id_fkey;

CREATE TABLE qm.figure_cube (
    municipality TEXT NOT NULL,
    area_id INTEGER,
    state TEXT,
    use_type TEXT,
    is_inhabited BOOLEAN,
    assessment_colour TEXT,
    objects INTEGER NOT NULL,
    open INTEGER NOT NULL,
    unplaced INTEGER NOT NULL,
    overdue INTEGER NOT NULL
);
CREATE UNIQUE INDEX figure_cube_key ON qm.figure_cube (municipality, area_id, state, use_type, is_inhabited, assessment_colour) NULLS NOT DISTINCT;
COMMENT ON TABLE qm.figure_cube IS 'Derived: numbers of properties at the refreshed as-of date, for each area and the whole city';
COMMENT ON COLUMN qm.figure_cube.municipality IS 'key of the municipality (AGS for German cities); starts every business key';
COMMENT ON COLUMN qm.figure_cube.area_id IS 'area in which the properties lie, each counted in all of its areas; NULL = the whole city';
COMMENT ON COLUMN qm.figure_cube.state IS 'state; NULL = without an event';
COMMENT ON COLUMN qm.figure_cube.use_type IS 'use type; NULL = not known';
COMMENT ON COLUMN qm.figure_cube.is_inhabited IS 'inhabited, empty; NULL = not known';
COMMENT ON COLUMN qm.figure_cube.assessment_colour IS 'colour of the last assessment; NULL = not assessed';
COMMENT ON COLUMN qm.figure_cube.objects IS 'properties';
COMMENT ON COLUMN qm.figure_cube.open IS 'of these not closed';
COMMENT ON COLUMN qm.figure_cube.unplaced IS 'of these without a point';
COMMENT ON COLUMN qm.figure_cube.overdue IS 'of these overdue for at least one type of control';

CREATE TABLE qm.pair_cube (
    municipality TEXT NOT NULL,
    area_id INTEGER,
    state TEXT,
    use_type TEXT,
    is_inhabited BOOLEAN,
    assessment_colour TEXT,
    control_type TEXT NOT NULL,
    pairs INTEGER NOT NULL,
    overdue INTEGER NOT NULL,
    never INTEGER NOT NULL
);
CREATE UNIQUE INDEX pair_cube_key ON qm.pair_cube (municipality, area_id, control_type, state, use_type, is_inhabited, assessment_colour) NULLS NOT DISTINCT;
COMMENT ON TABLE qm.pair_cube IS 'Derived: numbers of pairs of a property and a type of control, for each area and the whole city';
COMMENT ON COLUMN qm.pair_cube.municipality IS 'key of the municipality (AGS for German cities); starts every business key';
COMMENT ON COLUMN qm.pair_cube.area_id IS 'area in which the properties lie, each counted in all of its areas; NULL = the whole city';
COMMENT ON COLUMN qm.pair_cube.state IS 'state; NULL = without an event';
COMMENT ON COLUMN qm.pair_cube.use_type IS 'use type; NULL = not known';
COMMENT ON COLUMN qm.pair_cube.is_inhabited IS 'inhabited, empty; NULL = not known';
COMMENT ON COLUMN qm.pair_cube.assessment_colour IS 'colour of the last assessment; NULL = not assessed';
COMMENT ON COLUMN qm.pair_cube.control_type IS 'type of control';
COMMENT ON COLUMN qm.pair_cube.pairs IS 'monitored properties';
COMMENT ON COLUMN qm.pair_cube.overdue IS 'of these with a due date before the as-of date';
COMMENT ON COLUMN qm.pair_cube.never IS 'of these without an effective visit so far';

CREATE TABLE qm.overdue_day (
    municipality TEXT NOT NULL,
    area_id INTEGER,
    control_type TEXT NOT NULL,
    due_on DATE NOT NULL,
    pairs INTEGER NOT NULL
);
CREATE UNIQUE INDEX overdue_day_key ON qm.overdue_day (municipality, area_id, control_type, due_on) NULLS NOT DISTINCT;
COMMENT ON TABLE qm.overdue_day IS 'Derived: how many overdue pairs were due on which day, so that the median of the delay needs no pair';
COMMENT ON COLUMN qm.overdue_day.municipality IS 'key of the municipality (AGS for German cities); starts every business key';
COMMENT ON COLUMN qm.overdue_day.area_id IS 'area in which the properties lie, each counted in all of its areas; NULL = the whole city';
COMMENT ON COLUMN qm.overdue_day.control_type IS 'type of control';
COMMENT ON COLUMN qm.overdue_day.due_on IS 'due date';
COMMENT ON COLUMN qm.overdue_day.pairs IS 'properties that were due on that day and are overdue since';

CREATE TABLE qm.cell_count (
    municipality TEXT NOT NULL,
    area_id INTEGER,
    edge_m INTEGER NOT NULL,
    cell BIGINT NOT NULL,
    objects INTEGER NOT NULL
);
CREATE UNIQUE INDEX cell_count_key ON qm.cell_count (municipality, area_id, edge_m, cell) NULLS NOT DISTINCT;
COMMENT ON TABLE qm.cell_count IS 'Derived: how many properties lie in which hexagon, for the map far out';
COMMENT ON COLUMN qm.cell_count.municipality IS 'key of the municipality (AGS for German cities); starts every business key';
COMMENT ON COLUMN qm.cell_count.area_id IS 'area in which the properties lie, each counted in all of its areas; NULL = the whole city';
COMMENT ON COLUMN qm.cell_count.edge_m IS 'edge of the hexagon in metres: 500 or 2,000';
COMMENT ON COLUMN qm.cell_count.cell IS 'number of the hexagon, see qm.hex_cell';
COMMENT ON COLUMN qm.cell_count.objects IS 'properties';

DO $$
DECLARE
    city CONSTANT text := 'nullif(current_setting(''app.municipality'', true), '''')';
    areas CONSTANT text :=
        'string_to_array(nullif(current_setting(''app.area_ids'', true), ''''), '','')::integer[]';
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['figure_cube', 'pair_cube', 'overdue_day', 'cell_count'] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON qm.%I TO {loader}', name);
        EXECUTE format('GRANT SELECT ON qm.%I TO {staff}, {manager}', name);
        EXECUTE format('ALTER TABLE qm.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE qm.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY loader ON qm.%I TO {loader} USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY staff ON qm.%I FOR SELECT TO {staff} USING (municipality = %s)', name, city);
        -- The row of the whole city has no area, so no manager ever sees it.
        EXECUTE format(
            'CREATE POLICY manager ON qm.%I FOR SELECT TO {manager} USING (municipality = %s AND area_id = ANY (%s))',
            name, city, areas
        );
    END LOOP;
END
$$;
