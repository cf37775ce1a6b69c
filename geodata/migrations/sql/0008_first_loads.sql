-- A first load builds indexes and foreign keys after its rows: 1,000,000 rows into a table that has them all take three
-- times as long (docs/decisions/0005). Only the owner may take them away, so two functions of the owner do just that, for
-- the tables named here, while they are empty, and nobody but the loader may call them.

CREATE TABLE qm.set_aside (
    relation TEXT NOT NULL,
    position SMALLINT NOT NULL,
    statement TEXT NOT NULL,
    CONSTRAINT set_aside_pkey PRIMARY KEY (relation, position)
);
COMMENT ON TABLE qm.set_aside IS 'Definitions that a first load has taken away and puts back before it ends; empty outside of one';
COMMENT ON COLUMN qm.set_aside.relation IS 'table whose indexes and foreign keys are away';
COMMENT ON COLUMN qm.set_aside.position IS 'order in which the statements are run';
COMMENT ON COLUMN qm.set_aside.statement IS 'statement that puts one of them back, written by PostgreSQL from its catalogue';

-- What is set aside is kept in a table that only the owner can write, because it is run with the owner's rights later.
-- Columns: when the statement is run, what it is about, the statement, and how the thing is taken away first.
CREATE FUNCTION qm.definitions_to_set_aside(p_table regclass)
RETURNS TABLE (phase integer, name text, statement text, removal text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    -- The owner sees no row under FORCE, and a foreign key would be checked against none (docs/decisions/0002).
    SELECT 1, c.oid::regclass::text, format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', c.oid::regclass), NULL
    FROM pg_class AS c
    WHERE c.relforcerowsecurity
      AND (c.oid = p_table OR c.oid IN (SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid = p_table))
    UNION ALL
    SELECT
        2, conname, format('ALTER TABLE %s ADD CONSTRAINT %I %s', p_table, conname, pg_get_constraintdef(oid)),
        format('ALTER TABLE %s DROP CONSTRAINT %I', p_table, conname)
    FROM pg_constraint AS k
    WHERE conrelid = p_table AND contype IN ('p', 'u', 'x')
      -- A key to which other tables refer stays.
      AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.contype = 'f' AND f.conindid = k.conindid)
    UNION ALL
    SELECT 3, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), format('DROP INDEX %s', i.indexrelid::regclass)
    FROM pg_index AS i
    WHERE i.indrelid = p_table AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
    UNION ALL
    SELECT
        4, conname, format('ALTER TABLE %s ADD CONSTRAINT %I %s', p_table, conname, pg_get_constraintdef(oid)),
        format('ALTER TABLE %s DROP CONSTRAINT %I', p_table, conname)
    FROM pg_constraint
    WHERE conrelid = p_table AND contype = 'f'
    UNION ALL
    SELECT 5, c.oid::regclass::text, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass), NULL
    FROM pg_class AS c
    WHERE c.relforcerowsecurity
      AND (c.oid = p_table OR c.oid IN (SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid = p_table))
$$;

-- Takes indexes, primary key and foreign keys away from an empty table; false, and nothing done, where it has a row.
-- Readers of the table, and of those that it refers to, wait from here to the end of the transaction. Who cannot have the
-- locks within 3 s gives up (lock_not_available): longer than the second after which autovacuum lets go.
CREATE FUNCTION qm.set_indexes_aside(p_table text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '3s'
AS $$
DECLARE
    fact CONSTANT regclass := to_regclass(format('qm.%I', p_table));
    has_rows boolean;
    removals text[];
    removal text;
BEGIN
    IF p_table NOT IN ('inspection', 'status_event', 'assessment_event') THEN
        RAISE EXCEPTION 'qm.% is no table of which a first load may take the indexes away', p_table;
    END IF;
    EXECUTE (
        SELECT format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', string_agg(c.oid::regclass::text, ', ' ORDER BY c.oid))
        FROM pg_class AS c
        WHERE c.oid = fact OR c.oid IN (SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid = fact)
    );
    -- Not the size of the file tells whether the table is empty: a load that was rolled back leaves dead rows in it.
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', fact);
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', fact) INTO has_rows;
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', fact);
    IF has_rows OR EXISTS (SELECT FROM qm.set_aside WHERE relation = p_table) THEN
        RETURN false;
    END IF;
    removals := ARRAY(
        SELECT d.removal FROM qm.definitions_to_set_aside(fact) AS d WHERE d.removal IS NOT NULL
        ORDER BY d.phase DESC, d.name DESC
    );
    INSERT INTO qm.set_aside (relation, position, statement)
    SELECT p_table, row_number() OVER (ORDER BY d.phase, d.name), d.statement FROM qm.definitions_to_set_aside(fact) AS d;
    FOREACH removal IN ARRAY removals LOOP
        EXECUTE removal;
    END LOOP;
    RETURN true;
END
$$;

-- Puts them back as they were, foreign keys checked against all rows, and counts the rows for the planner.
CREATE FUNCTION qm.put_indexes_back(p_table text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT s.statement FROM qm.set_aside AS s WHERE s.relation = p_table ORDER BY s.position LOOP
        EXECUTE statement;
    END LOOP;
    DELETE FROM qm.set_aside WHERE relation = p_table;
    EXECUTE format('ANALYZE qm.%I', p_table);
END
$$;

-- No transaction ends with a table that lacks them.
CREATE FUNCTION qm.refuse_what_is_set_aside()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM qm.set_aside WHERE relation = NEW.relation) THEN
        RAISE EXCEPTION 'the indexes of qm.% were taken away and not put back', NEW.relation
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER set_aside_is_put_back
AFTER INSERT ON qm.set_aside
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION qm.refuse_what_is_set_aside();

REVOKE ALL ON FUNCTION
    qm.definitions_to_set_aside(regclass), qm.set_indexes_aside(text), qm.put_indexes_back(text),
    qm.refuse_what_is_set_aside()
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qm.set_indexes_aside(text), qm.put_indexes_back(text) TO {loader};
