-- Five roles: neighbourhood offices that a contractor runs, and the administration, beside the three that there were.
-- What each of them sees of a property's data follows in 0015, where all rights of columns stand together.

ALTER TABLE qm.account DROP CONSTRAINT account_role_check;
ALTER TABLE qm.account ADD CONSTRAINT account_role_check
CHECK (role IN ('staff', 'manager', 'external_manager', 'politics', 'admin'));

GRANT USAGE ON SCHEMA qm TO {external}, {admin}, {owners};
-- A contractor is no public body: of what was released it reads what everybody may read.
GRANT USAGE ON SCHEMA published TO {external};
GRANT SELECT (
    id, municipality, municipality_name, is_demonstration, title, as_of, known_at, audience, k, period_first_on,
    period_last_on, published_at, data_version, area_count, definition_count, figure_count, project_count,
    source_count, previous_hash, hash
) ON published.publication TO {external};
CREATE POLICY external ON published.publication FOR SELECT TO {external}
USING (municipality = nullif(current_setting('app.municipality', true), '') AND audience = 'public');

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['area', 'definition', 'figure', 'project', 'source'] LOOP
        EXECUTE format('GRANT SELECT ON published.%I TO {external}', name);
        EXECUTE format(
            'CREATE POLICY external ON published.%1$I FOR SELECT TO {external} USING ('
            'municipality = nullif(current_setting(''app.municipality'', true), '''') AND EXISTS ('
            'SELECT 1 FROM published.publication AS p WHERE p.id = %1$I.publication_id))', name
        );
    END LOOP;
END
$$;
