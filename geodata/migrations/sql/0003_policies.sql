-- Grants and row policies. What is not granted here is refused; a missing setting gives NULL and so no row.
-- FORCE binds the owner too, who has no policy and sees nothing: nobody serves as the owner.
-- Migrations see every row all the same, see every_row_visible in geodata/migrations/scripts.py.

GRANT USAGE ON SCHEMA qm TO {staff}, {manager}, {accounts}, {loader};
GRANT USAGE ON SCHEMA published TO {login_politics}, {staff}, {manager};

-- Reference data without a city: everybody who works reads it.
GRANT SELECT ON qm.area_kind, qm.control_type, qm.control_type_satisfies, qm.assessment_colour
TO {staff}, {manager}, {loader};

-- The loader writes facts and derived tables and sees every row, because a refresh under a filtered role would derive
-- a fraction in silence.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    qm.municipality, qm.area, qm.area_version, qm.area_relation, qm.address, qm.context_feature,
    qm.property, qm.property_version, qm.property_address, qm.status_event, qm.assessment_event,
    qm.interval_rule, qm.inspection_round, qm.inspection, qm.delivery, qm.rejected_row, qm.repair,
    qm.property_area, qm.property_current, qm.property_due, qm.refresh
TO {loader};

GRANT SELECT ON
    qm.municipality, qm.area, qm.area_version, qm.area_relation, qm.address, qm.context_feature,
    qm.property, qm.property_version, qm.property_address, qm.status_event, qm.assessment_event,
    qm.interval_rule, qm.inspection_round, qm.inspection, qm.delivery, qm.rejected_row, qm.repair,
    qm.property_area, qm.property_current, qm.property_due, qm.refresh
TO {staff};

GRANT SELECT ON
    qm.municipality, qm.area, qm.area_version, qm.area_relation, qm.address, qm.context_feature,
    qm.property, qm.property_version, qm.property_address, qm.status_event, qm.assessment_event,
    qm.interval_rule, qm.inspection, qm.property_area, qm.property_current, qm.property_due, qm.refresh
TO {manager};
-- Person counts of a round are for staff only, so a manager has the other columns and not these.
GRANT SELECT (
    id, municipality, key, held_on, kind, running_number, offices, interpreter_present, social_worker_present, place,
    source, objects, objects_waste, objects_pests, objects_housing_defects, objects_building_or_fire,
    delivery_id, recorded_at, superseded_at
) ON qm.inspection_round TO {manager};
-- A manager sees which delivery a fact comes from; its report and its rejected rows are for staff.
GRANT SELECT (id, municipality, source, as_of, recorded_at) ON qm.delivery TO {manager};

GRANT SELECT, INSERT, UPDATE ON qm.account TO {accounts};
-- The sign-in names the city and, for a demonstration, looks up the areas of its accounts.
GRANT SELECT ON qm.municipality, qm.area TO {accounts};
GRANT SELECT (municipality, as_of, refused, withdrawn_at) ON qm.delivery TO {accounts};

DO $$
DECLARE
    city CONSTANT text := 'nullif(current_setting(''app.municipality'', true), '''')';
    areas CONSTANT text :=
        'string_to_array(nullif(current_setting(''app.area_ids'', true), ''''), '','')::integer[]';
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'area', 'area_version', 'area_relation', 'address', 'context_feature', 'property', 'property_version',
        'property_address', 'status_event', 'assessment_event', 'interval_rule', 'inspection_round', 'inspection',
        'delivery', 'rejected_row', 'repair', 'property_area', 'property_current', 'property_due', 'refresh',
        'municipality', 'account'
    ] LOOP
        EXECUTE format('ALTER TABLE qm.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE qm.%I FORCE ROW LEVEL SECURITY', name);
    END LOOP;

    FOREACH name IN ARRAY ARRAY[
        'area', 'area_version', 'area_relation', 'address', 'context_feature', 'property', 'property_version',
        'property_address', 'status_event', 'assessment_event', 'interval_rule', 'inspection_round', 'inspection',
        'delivery', 'rejected_row', 'repair', 'property_area', 'property_current', 'property_due', 'refresh',
        'municipality'
    ] LOOP
        EXECUTE format('CREATE POLICY loader ON qm.%I TO {loader} USING (true) WITH CHECK (true)', name);
        EXECUTE format(
            'CREATE POLICY staff ON qm.%I FOR SELECT TO {staff} USING (%I = %s)',
            name, CASE name WHEN 'municipality' THEN 'key' ELSE 'municipality' END, city
        );
    END LOOP;

    -- What belongs to the city and to no property: a manager reads it like staff.
    FOREACH name IN ARRAY ARRAY[
        'area', 'area_version', 'area_relation', 'address', 'context_feature', 'interval_rule', 'inspection_round',
        'delivery', 'refresh', 'municipality'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY manager ON qm.%I FOR SELECT TO {manager} USING (%I = %s)',
            name, CASE name WHEN 'municipality' THEN 'key' ELSE 'municipality' END, city
        );
    END LOOP;

    -- Area ids stand on the row itself: asking the links in a sub-select was 6 to 19 times slower.
    EXECUTE format(
        'CREATE POLICY manager ON qm.property_current FOR SELECT TO {manager} USING (municipality = %s AND area_ids && %s)',
        city, areas
    );

    FOREACH name IN ARRAY ARRAY[
        'property_version', 'status_event', 'assessment_event', 'inspection', 'property_area', 'property_due'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY manager ON qm.%1$I FOR SELECT TO {manager} USING (municipality = %2$s AND EXISTS ('
            'SELECT 1 FROM qm.property_current AS c WHERE c.property_id = %1$I.property_id AND c.area_ids && %3$s))',
            name, city, areas
        );
    END LOOP;
    EXECUTE format(
        'CREATE POLICY manager ON qm.property FOR SELECT TO {manager} USING (municipality = %s AND EXISTS ('
        'SELECT 1 FROM qm.property_current AS c WHERE c.property_id = property.id AND c.area_ids && %s))',
        city, areas
    );
    EXECUTE format(
        'CREATE POLICY manager ON qm.property_address FOR SELECT TO {manager} USING (municipality = %s AND EXISTS ('
        'SELECT 1 FROM qm.property_version AS v WHERE v.id = property_address.property_version_id))',
        city
    );

    CREATE POLICY accounts ON qm.account TO {accounts} USING (true) WITH CHECK (true);
    CREATE POLICY accounts ON qm.municipality FOR SELECT TO {accounts} USING (true);
    CREATE POLICY accounts ON qm.area FOR SELECT TO {accounts} USING (true);
    CREATE POLICY accounts ON qm.delivery FOR SELECT TO {accounts} USING (true);
END
$$;
