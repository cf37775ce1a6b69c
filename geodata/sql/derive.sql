-- qm.derive(ids): after an edit, derives these properties of the city in app.municipality anew (others are ignored), for
-- the as-of date of the derived tables. Where that date moves on (a demonstration speaks for its latest edit), all are.
-- It runs with the rights of the loader, which sees every row, because a refresh under a filtered role would derive a
-- fraction in silence; it returns nothing, so calling it tells nothing. geodata/derivation.py fills the places with the
-- statements that `records.refresh` runs, their :parameters as variables, so that there is one derivation.
CREATE OR REPLACE FUNCTION qm.derive(p_property_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- A plan for any list of ids is one for all properties.
SET plan_cache_mode = force_custom_plan
AS $derive$
DECLARE
    v_municipality CONSTANT text := nullif(current_setting('app.municipality', true), '');
    v_as_of date;
    v_derived_on date;
    v_derivation smallint;
    v_placed_ids bigint[];
    v_state_ids bigint[];
    v_due_ids bigint[];
    v_property_ids bigint[];
    v_sign integer;
BEGIN
    IF v_municipality IS NULL THEN
        RAISE EXCEPTION 'Nothing can be derived without a municipality.' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock({lock});
    SELECT coalesce(array_agg(p.id ORDER BY p.id), '{}') INTO v_placed_ids
    FROM qm.property AS p
    WHERE p.municipality = v_municipality AND p.id = ANY (p_property_ids);
    SELECT r.as_of, r.derivation INTO v_derived_on, v_derivation
    FROM qm.refresh AS r
    WHERE r.municipality = v_municipality;
    v_as_of := coalesce(({default_as_of}), v_derived_on, CAST(now() AT TIME ZONE 'Europe/Berlin' AS date));
    v_derivation := coalesce(v_derivation, {derivation});
    IF v_as_of = v_derived_on AND v_placed_ids = '{}' THEN
        -- A rule, a round or a resolution concerns no single property, but what was kept of them is asked again, too.
        {new_version}
        RETURN;
    END IF;
    IF v_as_of = v_derived_on THEN
        v_state_ids := v_placed_ids;
    END IF;
    v_due_ids := v_state_ids;
    -- Whose contribution to the cube is replaced; NULL = it is counted anew, which is faster from a third on.
    IF 3 * cardinality(v_due_ids) <= coalesce((
        SELECT sum(c.objects) FROM qm.figure_cube AS c WHERE c.municipality = v_municipality AND c.area_id IS NULL
    ), 0) THEN
        v_property_ids := v_due_ids;
    END IF;
    PERFORM set_config(
        'enable_nestloop', CASE WHEN cardinality(v_state_ids) <= {most_ids} THEN 'on' ELSE 'off' END, true
    );
    IF v_property_ids IS NULL THEN
        {forget_cube}
    ELSE
        v_sign := -1;
        {add_to_cube}
    END IF;
    {refresh}
    v_sign := 1;
    {add_to_cube}
    PERFORM set_config('enable_nestloop', 'on', true);
END
$derive$
