-- Rights of columns and rows of each role, where they differ from the first ones.

-- A neighbourhood office that a contractor runs (external) sees the objects of the areas assigned without owners, counts
-- of persons, proceedings and planned dates. Facts are masked here, by columns and rows; the current state follows from
-- what is left by qm.property_masked_at, which runs with the caller's rights. qm.property_current, where the true state
-- stands, gives it nothing but where an object lies.
GRANT SELECT ON
    qm.area_kind, qm.control_type, qm.control_type_satisfies, qm.assessment_colour, qm.municipality, qm.area,
    qm.area_version, qm.area_relation, qm.context_feature, qm.refresh, qm.property, qm.property_address,
    qm.property_area, qm.inspection
TO {external};
GRANT SELECT (id, municipality, source, as_of, recorded_at) ON qm.delivery TO {external};
GRANT SELECT (municipality, property_id, register, key, address_text, area_ids, geom) ON qm.property_current TO {external};
-- Without file reference, form of ownership, lead office, next step and reminder.
GRANT SELECT (
    id, municipality, property_id, registered_on, use_type, building_class, dwellings, is_inhabited, is_heritage, parcels,
    geom, placed_by, delivery_id, recorded_at, superseded_at, edit_id
) ON qm.property_version TO {external};
GRANT SELECT (
    id, municipality, property_id, key, state, valid_on, running_number, delivery_id, recorded_at, superseded_at, edit_id
) ON qm.status_event TO {external};
-- Columns that qm.property_masked_at names; without a policy they show no row: an assessment tells of the room to act.
GRANT SELECT (
    id, municipality, property_id, key, pressure, room_to_act, valid_on, running_number, recorded_at, superseded_at
) ON qm.assessment_event TO {external};
GRANT SELECT (
    municipality, property_id, key, stage, aspect, decided_on, actual_start_on, actual_end_on, recorded_at,
    superseded_at
) ON qm.demolition_stage TO {external};
GRANT SELECT (id, municipality, key, held_on, kind, running_number, offices, place, delivery_id, recorded_at, superseded_at)
ON qm.inspection_round TO {external};
GRANT SELECT (id, municipality, kind, from_property_id, to_property_id, happened_on, recorded_at, superseded_at)
ON qm.property_link TO {external};

DO $$
DECLARE
    city CONSTANT text := 'municipality = nullif(current_setting(''app.municipality'', true), '''')';
    areas CONSTANT text := 'area_ids && nullif(current_setting(''app.area_ids'', true), '''')::integer[]';
    -- The policy of qm.property_current itself leaves nothing but what is assigned.
    mine CONSTANT text := 'EXISTS (SELECT 1 FROM qm.property_current AS c WHERE c.property_id = %s)';
    -- Plans lie ahead: no visit, round or stage of a day to come.
    past CONSTANT text := '%I <= (now() AT TIME ZONE ''Europe/Berlin'')::date';
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['area', 'area_version', 'area_relation', 'context_feature', 'delivery', 'refresh'] LOOP
        EXECUTE format('CREATE POLICY external ON qm.%I FOR SELECT TO {external} USING (%s)', name, city);
    END LOOP;
    EXECUTE format('CREATE POLICY external ON qm.municipality FOR SELECT TO {external} USING (%s)',
        replace(city, 'municipality =', 'key ='));
    EXECUTE format('CREATE POLICY external ON qm.property_current FOR SELECT TO {external} USING (%s AND %s)', city, areas);
    EXECUTE format('CREATE POLICY external ON qm.property FOR SELECT TO {external} USING (%s AND %s)', city,
        format(mine, 'property.id'));
    EXECUTE format('CREATE POLICY external ON qm.property_link FOR SELECT TO {external} USING (%s AND %s)', city,
        format(mine, 'property_link.to_property_id'));
    FOREACH name IN ARRAY ARRAY['property_version', 'property_area'] LOOP
        EXECUTE format('CREATE POLICY external ON qm.%I FOR SELECT TO {external} USING (%s AND %s)', name, city,
            format(mine, name || '.property_id'));
    END LOOP;
    EXECUTE format(
        'CREATE POLICY external ON qm.property_address FOR SELECT TO {external} USING (%s AND EXISTS ('
        'SELECT 1 FROM qm.property_version AS v WHERE v.id = property_address.property_version_id))', city
    );
    EXECUTE format(
        'CREATE POLICY external ON qm.status_event FOR SELECT TO {external} USING ('
        '%s AND state NOT IN (''procedure_cooperative'', ''procedure_regulatory'', ''procedure_acquisition'') AND %s)',
        city, format(mine, 'status_event.property_id')
    );
    EXECUTE format('CREATE POLICY external ON qm.inspection FOR SELECT TO {external} USING (%s AND %s AND %s)', city,
        format(past, 'inspected_on'), format(mine, 'inspection.property_id'));
    -- Of the rounds those that came to one of its objects. The list is put together once for each question.
    EXECUTE format(
        'CREATE POLICY external ON qm.inspection_round FOR SELECT TO {external} USING (%s AND %s AND key IN ('
        'SELECT i.round_key FROM qm.inspection AS i WHERE i.superseded_at IS NULL))', city, format(past, 'held_on')
    );
    -- That a house was pulled down can be seen from the street; stages before it tell of proceedings and plans.
    EXECUTE format(
        'CREATE POLICY external ON qm.demolition_stage FOR SELECT TO {external} USING ('
        '%s AND aspect = ''actual'' AND stage = ''demolition'' AND %s AND %s)',
        city, format(past, 'actual_end_on'), format(mine, 'demolition_stage.property_id')
    );
END
$$;

-- Free text about a case is for building control. A manager's login has every other column of these tables and not these,
-- so that a page that asked for them by mistake would be refused by the database.
DO $$
DECLARE
    hidden record;
BEGIN
    FOR hidden IN
        SELECT * FROM (VALUES ('property_version', 'next_step'), ('status_event', 'reason')) AS h (relation, name)
    LOOP
        EXECUTE format('REVOKE SELECT ON qm.%I FROM {manager}', hidden.relation);
        EXECUTE (
            SELECT format('GRANT SELECT (%s) ON qm.%I TO {manager}', string_agg(quote_ident(a.attname), ', '), hidden.relation)
            FROM pg_attribute AS a
            WHERE a.attrelid = format('qm.%I', hidden.relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped
              AND a.attname <> hidden.name
        );
    END LOOP;
END
$$;

-- A manager sees the edits of the objects assigned, and of those without an object (a round) one's own; not one's own at
-- objects that are assigned no more.
DROP POLICY manager ON qm.edit;
CREATE POLICY manager ON qm.edit FOR SELECT TO {manager}
USING (
    municipality = nullif(current_setting('app.municipality', true), '')
    AND (
        property_id IS NULL AND account = nullif(current_setting('app.account', true), '')
        OR EXISTS (SELECT 1 FROM qm.property_current AS c WHERE c.property_id = edit.property_id)
    )
);

-- What policies cost, mended in all of them at once:
-- - The city as a sub-select is read once for a question, not once for each row: a text search over a city of 20,000 took
--   12.8 ms and takes 8. The areas stay outside of one, because the planner estimates by them which rows there will be.
-- - The areas come as the text of an array (geodata/access.py). Cutting a list at its commas for each row took twice as long.
-- - A fact asks whether its object is among those that its reader sees, and the policy of qm.property_current answers. The
--   areas were asked a second time there; the planner took the two for independent, expected a hundredth of the rows and
--   hashed all objects of the areas for a page of one.
DO $$
DECLARE
    city CONSTANT text := 'NULLIF(current_setting(''app.municipality''::text, true), ''''::text)';
    setting CONSTANT text := 'NULLIF(current_setting(''app.area_ids''::text, true), ''''::text)';
    listed CONSTANT text := '(string_to_array(' || setting || ', '',''::text))::integer[]';
    again CONSTANT text := ' AND (c.area_ids && ' || listed || ')';
    found record;
    mended text;
BEGIN
    FOR found IN
        SELECT p.schemaname, p.tablename, p.policyname, c.clause, c.condition
        FROM pg_policies AS p
        CROSS JOIN LATERAL (VALUES ('USING', p.qual), ('WITH CHECK', p.with_check)) AS c (clause, condition)
        WHERE p.schemaname IN ('qm', 'published', 'owners', 'audit') AND c.condition IS NOT NULL
    LOOP
        mended := replace(replace(found.condition, again, ''), listed, '(' || setting || ')::integer[]');
        mended := replace(mended, city, '(SELECT ' || city || ')');
        IF mended <> found.condition THEN
            EXECUTE format(
                'ALTER POLICY %I ON %I.%I %s (%s)', found.policyname, found.schemaname, found.tablename, found.clause, mended
            );
        END IF;
    END LOOP;
    IF EXISTS (
        SELECT FROM pg_policies
        WHERE schemaname = 'qm' AND (strpos(qual, listed) > 0 OR qual LIKE '%= NULLIF(current_setting(''app.municipality%')
    ) THEN
        RAISE EXCEPTION 'A row policy reads as none that 0015 knows how to mend.';
    END IF;
END
$$;
