"""What the database's own catalogue says of rights: each table locked and described, and nothing changed unnoticed.

`tests/golden/rights.txt` lists policies, grants, functions, memberships, row security and indexes of a migrated
database. After a migration that changes one of them: `QM_WRITE_GOLDEN=1 pytest tests/integration/test_catalogue.py`,
and read the difference before it is committed.
"""

import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from geodata.bootstrap import SCHEMAS

GOLDEN = Path(__file__).parents[1] / "golden" / "rights.txt"
SHOWN = 60

# Tables without row policies, and why nobody sees anything there that is not theirs.
WITHOUT_POLICY = {
    "qm.area_kind": "codes without a city",
    "qm.control_type": "codes without a city",
    "qm.control_type_satisfies": "codes without a city",
    "qm.demolition_stage_kind": "codes without a city",
    "qm.measure_kind": "codes without a city",
    "qm.measure_step_kind": "codes without a city",
    "qm.funding_interest": "the usual rule about interest, the same for every city",
    "qm.housing_definition": "bounds without a city",
    "qm.assessment_colour": "colours without a city",
    "qm.alembic_version": "the version of the tables",
    "qm.set_aside": "no role has a right on it; the owner's functions keep definitions there within one transaction",
}
# Functions that run with the rights of their owner, and why they may.
DEFINERS = {
    "qm.set_indexes_aside": "only the owner may take indexes away; for the loader, on empty tables named in it",
    "qm.put_indexes_back": "only the owner may build them; for the loader",
    "qm.refuse_what_is_set_aside": "a trigger that reads a table on which no role has a right",
    "audit.append": "nobody writes the log but by it, which keeps the chain of hashes",
    "audit.forget": "deletes what is older than is kept, and leaves the proof of it",
    "qm.derive": "a refresh under row policies would derive a fraction; of the loader, for those who edit",
}
# What is written by Alembic or PostGIS is not described by us.
UNDESCRIBED = {"qm.alembic_version"}


def rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    named = {"schemas": list(SCHEMAS)}
    return [tuple(row) for row in connection.execute(text(query), named if ":schemas" in query else {})]


# --- rules ------------------------------------------------------------------------------------------------------------


def test_every_table_is_locked_by_row_policies_or_is_known_to_need_none(loader: Connection) -> None:
    found = rows(
        loader,
        """
        SELECT format('%I.%I', n.nspname, c.relname),
               c.relrowsecurity AND c.relforcerowsecurity
               AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid)
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (:schemas) AND c.relkind IN ('r', 'p')
        """,
    )
    assert len(found) > 40
    assert {table for table, is_locked in found if not is_locked} == set(WITHOUT_POLICY)


def test_every_table_and_column_says_what_it_holds(loader: Connection) -> None:
    found = rows(
        loader,
        """
        SELECT format('%I.%I', n.nspname, c.relname), a.attname
        FROM pg_class AS c
        INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
        WHERE n.nspname = ANY (:schemas) AND c.relkind IN ('r', 'p')
          AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)
        """,
    )
    assert {(table, column) for table, column in found if table not in UNDESCRIBED} == set()


def test_no_view_runs_with_the_rights_of_its_owner(loader: Connection) -> None:
    """Plain and materialized views bypass row policies."""
    found = rows(
        loader,
        """
        SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (:schemas)
          AND (c.relkind = 'm' OR c.relkind = 'v' AND NOT coalesce(c.reloptions, '{}') @> '{security_invoker=true}')
        """,
    )
    assert found == []


def test_functions_with_the_rights_of_their_owner_are_known_pinned_and_not_for_everybody(loader: Connection) -> None:
    found = rows(
        loader,
        """
        SELECT format('%I.%I', n.nspname, p.proname), coalesce(array_to_string(p.proconfig, '; '), '')
        FROM pg_proc AS p INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname = ANY (:schemas) AND p.prosecdef
        """,
    )
    assert {name for name, _settings in found} == set(DEFINERS)
    assert [name for name, settings in found if "search_path=" not in str(settings)] == []


def test_no_function_of_ours_is_for_everybody(loader: Connection) -> None:
    found = rows(
        loader,
        """
        SELECT format('%I.%I', n.nspname, p.proname)
        FROM pg_proc AS p
        INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
        CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
        WHERE n.nspname = ANY (:schemas) AND a.grantee = 0
        """,
    )
    assert found == []


def test_nothing_in_our_schemas_is_for_everybody(loader: Connection) -> None:
    found = rows(
        loader,
        """
        SELECT n.nspname, c.relname
        FROM pg_namespace AS n
        INNER JOIN pg_class AS c ON c.relnamespace = n.oid
        CROSS JOIN LATERAL aclexplode(c.relacl) AS a
        WHERE n.nspname = ANY (:schemas) AND a.grantee = 0
        UNION ALL
        SELECT n.nspname, NULL
        FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
        WHERE n.nspname = ANY (:schemas) AND a.grantee = 0
        """,
    )
    assert found == []


# --- snapshot ---------------------------------------------------------------------------------------------------------

PARTS = {
    "Schemas and who may enter or create in them": """
        SELECT n.nspname, r.rolname, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
        FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
        INNER JOIN pg_roles AS r ON r.oid = a.grantee
        WHERE n.nspname = ANY (:schemas) GROUP BY 1, 2
        """,
    "Members of roles": """
        SELECT g.rolname, 'has member ' || m.rolname
        FROM pg_auth_members AS a
        INNER JOIN pg_roles AS g ON g.oid = a.roleid INNER JOIN pg_roles AS m ON m.oid = a.member
        WHERE starts_with(g.rolname, current_database() || '_') AND m.rolname <> current_database() || '_test'
          AND NOT m.rolsuper
        """,
    "Tables: row security": """
        SELECT format('%I.%I', n.nspname, c.relname), 'enabled ' || c.relrowsecurity, 'forced ' || c.relforcerowsecurity
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (:schemas) AND c.relkind IN ('r', 'p')
        """,
    "Tables: rights": """
        SELECT format('%I.%I', n.nspname, c.relname), r.rolname,
               string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL aclexplode(c.relacl) AS a
        INNER JOIN pg_roles AS r ON r.oid = a.grantee
        WHERE n.nspname = ANY (:schemas) AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND a.grantee <> c.relowner
        GROUP BY 1, 2
        """,
    "Columns: rights beside those of their tables": """
        SELECT format('%I.%I', n.nspname, c.relname), r.rolname, x.privilege_type,
               string_agg(a.attname, ', ' ORDER BY a.attname)
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
        CROSS JOIN LATERAL aclexplode(a.attacl) AS x
        INNER JOIN pg_roles AS r ON r.oid = x.grantee
        WHERE n.nspname = ANY (:schemas) GROUP BY 1, 2, 3
        """,
    "Row policies": """
        SELECT format('%I.%I', schemaname, tablename), policyname, cmd, array_to_string(roles, ', '),
               'USING ' || coalesce(qual, '-'), 'CHECK ' || coalesce(with_check, '-')
        FROM pg_policies WHERE schemaname = ANY (:schemas)
        """,
    "Functions: who may run them": """
        SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
               CASE WHEN p.prosecdef THEN 'as ' || o.rolname ELSE 'as caller' END,
               coalesce(array_to_string(p.proconfig, '; '), '-'),
               coalesce((
                   SELECT string_agg(r.rolname, ', ' ORDER BY r.rolname)
                   FROM aclexplode(p.proacl) AS a INNER JOIN pg_roles AS r ON r.oid = a.grantee
                   WHERE a.grantee <> p.proowner
               ), '-')
        FROM pg_proc AS p INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
        INNER JOIN pg_roles AS o ON o.oid = p.proowner
        WHERE n.nspname = ANY (:schemas)
        """,
    "Triggers": """
        SELECT format('%I.%I', n.nspname, c.relname), t.tgname,
               regexp_replace(pg_get_triggerdef(t.oid), '^.*? (BEFORE|AFTER|INSTEAD)', '\\1')
        FROM pg_trigger AS t INNER JOIN pg_class AS c ON c.oid = t.tgrelid
        INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (:schemas) AND NOT t.tgisinternal
        """,
    "Indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = ANY (:schemas)",
}


def snapshot(connection: Connection, database: str) -> Iterator[str]:
    """The lines of the file, in an order of their own; names of roles without the name of the database."""
    yield "# Rights of a migrated database; tests/integration/test_catalogue.py says how this file is written anew."
    for title, query in PARTS.items():
        yield ""
        yield f"## {title}"
        lines = [" | ".join(" ".join(str(value).split()) for value in row) for row in rows(connection, query)]
        yield from sorted(line.replace(f"{database}_", "") for line in lines)


def test_rights_are_what_the_snapshot_says(loader: Connection, database: str) -> None:
    now = list(snapshot(loader, database))
    if os.environ.get("QM_WRITE_GOLDEN") == "1":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text("\n".join(now) + "\n", encoding="utf-8")
    known = GOLDEN.read_text(encoding="utf-8").splitlines()
    changed = list(difflib.unified_diff(known, now, "snapshot", "database", lineterm="", n=0))
    assert now == known, "\n".join(["Rights have changed; see the head of this test.", *changed[:SHOWN]])
