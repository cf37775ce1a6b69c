-- The log: who did what and when, chained so that a change is noticed; see geodata/tables/audit.py and geodata/audit/__init__.py.
-- One chain for each city, so that its administration can check the whole of it and sees nothing of another; the empty
-- key is the installation itself (sign-ins under a name that nobody has, backups).

CREATE TABLE audit.installation (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT installation_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE audit.installation IS 'Which log this is: one row, by which the anchors outside of the database know it';
COMMENT ON COLUMN audit.installation.id IS 'number of the log; a restored database keeps it, one made anew has another';
COMMENT ON COLUMN audit.installation.made_at IS 'moment (UTC) at which the log was made';

CREATE TABLE audit.entry (
    municipality TEXT NOT NULL,
    number BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    account TEXT NOT NULL,
    action TEXT NOT NULL CONSTRAINT entry_action_check CHECK (action IN (
        'sign_in', 'sign_in_failed', 'sign_out', 'read_restricted', 'edit', 'export', 'publication', 'account',
        'delivery', 'erasure', 'retention', 'backup', 'restore'
    )),
    subject TEXT NOT NULL CONSTRAINT entry_subject_check CHECK (length(subject) <= 300),
    details JSONB NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT entry_pkey PRIMARY KEY (municipality, number)
);
CREATE INDEX entry_municipality_at_idx ON audit.entry (municipality, at);
COMMENT ON TABLE audit.entry IS 'The log: only ever added to, deleted after 12 months with a proof';
COMMENT ON COLUMN audit.entry.municipality IS 'key of the municipality (AGS for German cities); empty = the installation itself';
COMMENT ON COLUMN audit.entry.number IS 'running number within the municipality, from 1, without a gap';
COMMENT ON COLUMN audit.entry.at IS 'moment (UTC) of the entry';
COMMENT ON COLUMN audit.entry.account IS 'account that acted; empty = nobody was signed in';
COMMENT ON COLUMN audit.entry.action IS 'what was done';
COMMENT ON COLUMN audit.entry.subject IS 'to what it was done: a key or the name of a file, never a person''s data';
COMMENT ON COLUMN audit.entry.details IS 'names with a text or a whole number each, one level';
COMMENT ON COLUMN audit.entry.previous_hash IS 'hash of the entry before it; empty for the first';
COMMENT ON COLUMN audit.entry.hash IS 'SHA-256 over all other columns, each with its length in front';

CREATE TABLE audit.proof (
    municipality TEXT NOT NULL,
    first_number BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    last_hash TEXT NOT NULL,
    entry_number BIGINT NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT proof_pkey PRIMARY KEY (municipality, first_number),
    CONSTRAINT proof_numbers_check CHECK (first_number <= last_number AND last_number < entry_number)
);
COMMENT ON TABLE audit.proof IS 'Which entries of the log were deleted at the end of their time, so that the rest can still be checked';
COMMENT ON COLUMN audit.proof.municipality IS 'key of the municipality, as in the entries';
COMMENT ON COLUMN audit.proof.first_number IS 'number of the first entry deleted';
COMMENT ON COLUMN audit.proof.last_number IS 'number of the last entry deleted';
COMMENT ON COLUMN audit.proof.last_hash IS 'hash of the last entry deleted, which the next one follows';
COMMENT ON COLUMN audit.proof.entry_number IS 'number of the entry that tells of the deletion';
COMMENT ON COLUMN audit.proof.deleted_at IS 'moment (UTC) of the deletion';

-- The hash of an entry, over its fields with the length of each in bytes in front: no two different entries give the same
-- text. geodata/audit/chain.py computes the same from the same rule, written a second time.
CREATE FUNCTION audit.entry_hash(
    p_municipality text, p_number bigint, p_at timestamptz, p_account text, p_action text, p_subject text,
    p_details jsonb, p_previous_hash text
) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT encode(sha256(convert_to(
        string_agg(octet_length(convert_to(f.value, 'UTF8')) || ':' || f.value, '' ORDER BY f.place), 'UTF8'
    )), 'hex')
    FROM unnest(
        ARRAY[
            p_municipality, p_number::text, (extract(epoch FROM p_at) * 1000000)::bigint::text, p_account, p_action,
            p_subject, (SELECT count(*) FROM jsonb_object_keys(p_details))::text
        ]
        || coalesce((
            SELECT array_agg(part.value ORDER BY d.key COLLATE "C", part.place)
            FROM jsonb_each(p_details) AS d
            CROSS JOIN LATERAL (
                VALUES (1, d.key), (2, jsonb_typeof(d.value)), (3, d.value #>> '{}')
            ) AS part (place, value)
        ), '{}')
        || p_previous_hash
    ) WITH ORDINALITY AS f (value, place)
$$;

-- Adds an entry at the end of its city's chain and returns its number. The lock is held to the end of the transaction:
-- without it two writers would follow the same entry. It is called last, so that nobody waits for long.
-- It belongs to the owner, for whom there is a policy: nobody else can write to the table.
CREATE FUNCTION audit.append(p_municipality text, p_account text, p_action text, p_subject text, p_details jsonb)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asker_city CONSTANT text := nullif(current_setting('app.municipality', true), '');
    asker_account CONSTANT text := nullif(current_setting('app.account', true), '');
    last record;
    moment timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- An older snapshot would not show the entry before this one.
        RAISE EXCEPTION 'The log is written in a READ COMMITTED transaction.' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF asker_city <> p_municipality OR asker_account <> p_account THEN
        RAISE EXCEPTION 'Nobody writes into the log in the name of another.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF jsonb_typeof(p_details) <> 'object' OR EXISTS (
        SELECT FROM jsonb_each(p_details) AS d
        WHERE jsonb_typeof(d.value) <> 'string'
            AND NOT (jsonb_typeof(d.value) = 'number' AND d.value #>> '{}' ~ '^-?[0-9]+$')
    ) THEN
        RAISE EXCEPTION 'Details of the log are texts and whole numbers.' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(20260011, hashtext(p_municipality));
    SELECT h.number, h.hash INTO last FROM (
        (SELECT e.number, e.hash FROM audit.entry AS e WHERE e.municipality = p_municipality
         ORDER BY e.number DESC LIMIT 1)
        UNION ALL
        (SELECT p.last_number, p.last_hash FROM audit.proof AS p WHERE p.municipality = p_municipality
         ORDER BY p.first_number DESC LIMIT 1)
        UNION ALL
        SELECT 0, ''
    ) AS h ORDER BY h.number DESC LIMIT 1;
    moment := clock_timestamp();
    INSERT INTO audit.entry (municipality, number, at, account, action, subject, details, previous_hash, hash)
    VALUES (
        p_municipality, last.number + 1, moment, p_account, p_action, p_subject, p_details, last.hash,
        audit.entry_hash(
            p_municipality, last.number + 1, moment, p_account, p_action, p_subject, p_details, last.hash
        )
    );
    RETURN last.number + 1;
END
$$;

-- Deletes the entries of a city from before a moment that lies 12 months back at least: always the oldest ones without
-- a gap. Logged as an entry and noted as a proof. Returns how many; called again it finds none and writes nothing.
CREATE FUNCTION audit.forget(p_municipality text, p_before timestamptz, p_account text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    oldest bigint;
    final record;
    told bigint;
BEGIN
    IF p_before > now() - interval '12 months' THEN
        RAISE EXCEPTION 'Entries of the log are kept for 12 months.' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(20260011, hashtext(p_municipality));
    SELECT min(e.number) INTO oldest FROM audit.entry AS e WHERE e.municipality = p_municipality;
    SELECT e.number, e.hash INTO final FROM audit.entry AS e
    WHERE e.municipality = p_municipality AND e.number < coalesce(
        (SELECT min(k.number) FROM audit.entry AS k WHERE k.municipality = p_municipality AND k.at >= p_before),
        9223372036854775807
    )
    ORDER BY e.number DESC LIMIT 1;
    IF final.number IS NULL THEN
        RETURN 0;
    END IF;
    told := audit.append(p_municipality, p_account, 'retention', 'log', jsonb_build_object(
        'first', oldest, 'last', final.number, 'last_hash', final.hash
    ));
    INSERT INTO audit.proof (municipality, first_number, last_number, last_hash, entry_number, deleted_at)
    VALUES (p_municipality, oldest, final.number, final.hash, told, now());
    DELETE FROM audit.entry WHERE municipality = p_municipality AND number <= final.number;
    RETURN final.number - oldest + 1;
END
$$;

-- The triggers bind the owner and superusers too, unless these switch them off, which `qm audit verify` finds out.
CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log is never changed: % on audit.% is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- An entry goes only together with the proof of it, in one transaction; now() is the moment at which that began.
CREATE FUNCTION audit.require_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM audit.proof AS p
        WHERE p.municipality = OLD.municipality AND OLD.number BETWEEN p.first_number AND p.last_number
            AND p.deleted_at = now()
    ) THEN
        RAISE EXCEPTION 'The log is never changed: an entry is deleted at the end of its time, with a proof.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR TRUNCATE ON audit.entry
FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER require_proof BEFORE DELETE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.require_proof();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.proof
FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.installation
FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

INSERT INTO audit.installation DEFAULT VALUES;

REVOKE ALL ON FUNCTION
    audit.append(text, text, text, text, jsonb), audit.forget(text, timestamptz, text),
    audit.entry_hash(text, bigint, timestamptz, text, text, text, jsonb, text), audit.refuse_change(),
    audit.require_proof()
FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO {staff}, {manager}, {external}, {owners}, {accounts}, {admin}, {loader};
GRANT EXECUTE ON FUNCTION audit.append(text, text, text, text, jsonb)
TO {staff}, {manager}, {external}, {owners}, {accounts}, {admin}, {loader};
GRANT EXECUTE ON FUNCTION audit.forget(text, timestamptz, text) TO {loader};
GRANT SELECT ON audit.entry, audit.proof, audit.installation TO {admin}, {loader};

DO $$
DECLARE
    city CONSTANT text := 'municipality = nullif(current_setting(''app.municipality'', true), '''')';
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['entry', 'proof', 'installation'] LOOP
        EXECUTE format('ALTER TABLE audit.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE audit.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY loader ON audit.%I FOR SELECT TO {loader} USING (true)', name);
        EXECUTE format('CREATE POLICY admin ON audit.%I FOR SELECT TO {admin} USING (%s)', name,
            CASE name WHEN 'installation' THEN 'true' ELSE city END);
        -- For the functions above, which run with the owner's rights.
        EXECUTE format('CREATE POLICY owner ON audit.%I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
    END LOOP;
END
$$;
