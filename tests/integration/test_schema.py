"""The migrated database is the one that `geodata/tables.py` and `geodata/sql` describe."""

import re
from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import CheckConstraint, Connection, MetaData, text

from geodata import codes, derivation, records
from geodata.migrate import VERSION_TABLE
from geodata.tables import PROPERTY_FACTS, VERSIONED, metadata
from geodata.tables.audit import audit_metadata
from geodata.tables.owners import owners_metadata
from geodata.tables.published import published_metadata

OF_FIRST_LOADS = {
    "definitions_to_set_aside",
    "set_indexes_aside",
    "put_indexes_back",
    "refuse_what_is_set_aside",
}

ALL = (metadata, published_metadata, owners_metadata, audit_metadata)


@pytest.fixture
def owner(connection: Callable[[str], Connection]) -> Connection:
    """The owner of the tables, whose transaction is rolled back."""
    return connection("owner")


def include(schema: str) -> Callable[..., bool]:
    """Only one schema of ours; PostGIS's own tables and Alembic's are not ours."""

    def is_included(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
        is_ours = getattr(thing, "schema", schema) == schema and name != VERSION_TABLE
        return is_ours and bool(alembic_helpers.include_object(thing, name, kind, reflected, compare_to))

    return is_included


@pytest.mark.parametrize("described", ALL, ids=[str(one.schema) for one in ALL])
def test_tables_columns_comments_and_indexes_agree(owner: Connection, described: MetaData) -> None:
    options = {"include_schemas": True, "include_object": include(str(described.schema)), "compare_type": True}
    context = MigrationContext.configure(owner, opts=options)
    assert compare_metadata(context, described) == []


@pytest.mark.parametrize("tables", ALL, ids=[str(one.schema) for one in ALL])
def test_each_check_of_a_code_list_holds_the_codes(owner: Connection, tables: MetaData) -> None:
    """Autogenerate does not compare CHECKs, so a new code without a migration would only fail at a load."""
    query = text(
        "SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
        " WHERE contype = 'c' AND connamespace = CAST(:schema AS regnamespace)"
    )
    rows = owner.execute(query, {"schema": str(tables.schema)})
    in_database = {row.conname: set(re.findall(r"'([^']*)'", row.definition)) for row in rows}
    described = {
        str(check.name): set(re.findall(r"'([^']*)'", str(check.sqltext)))
        for table in tables.sorted_tables
        for check in table.constraints | {check for column in table.columns for check in column.constraints}
        if isinstance(check, CheckConstraint)
    }
    assert described == in_database
    of_each = {
        "qm": codes.STATES,
        "published": codes.AUDIENCES,
        "owners": codes.LINK_CONFIDENCES,
        "audit": codes.AUDIT_ACTIONS,
    }
    assert set(of_each[str(tables.schema)]) in described.values()


def test_functions_are_those_of_the_files(owner: Connection) -> None:
    query = text("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'qm'::regnamespace ORDER BY 1")
    before = owner.execute(query).all()
    for statement in records.function_statements():
        owner.exec_driver_sql(statement.replace("%", "%%"))
    assert owner.execute(query).all() == before
    of_files = {found[1] for one in records.function_statements() if (found := re.search(r"FUNCTION qm\.(\w+)", one))}
    assert {row.proname for row in before} == of_files | OF_FIRST_LOADS | {"derive"}
    derive = next(row.prosrc for row in before if row.proname == "derive")
    assert derive in derivation.statement()  # it belongs to the loader, so the owner cannot create it here


def test_reference_rows_are_the_codes(loader: Connection) -> None:
    for table, expected in (("area_kind", codes.AREA_KINDS), ("control_type", codes.CONTROL_TYPES)):
        found = loader.execute(text(f"SELECT code FROM qm.{table}")).scalars().all()
        assert set(found) == set(expected)
    colours = loader.execute(text("SELECT count(*) FROM qm.assessment_colour")).scalar_one()
    assert colours == 16


def test_every_fact_has_a_history_and_every_city_table_starts_with_the_city() -> None:
    history = {"delivery_id", "content_hash", "recorded_at", "superseded_at"}
    assert all(history <= set(table.columns.keys()) for table in VERSIONED)
    of_sign_in = {"ended_session", "sign_in_attempt"}
    of_codes = {"area_kind", "demolition_stage_kind", "control_type", "control_type_satisfies", "assessment_colour"}
    of_codes |= {"measure_kind", "measure_step_kind"}
    of_codes |= {"housing_definition", "funding_interest"}
    of_codes |= {"assessment_contribution", "assessment_threshold"}
    without_city = {"municipality", "set_aside", "retention_rule", "erasure_reason"} | of_codes | of_sign_in
    with_city = [table for table in metadata.sorted_tables if table.name not in without_city]
    assert all("municipality" in table.columns for table in with_city)
    assert all("property_id" in table.columns for table in PROPERTY_FACTS)


def test_no_column_can_hold_what_must_never_be_in_the_data() -> None:
    """Persons are counts; names, birth dates and nationality have no place to stand."""
    forbidden = re.compile(
        r"national|birth|geburt|first_name|surname|occupant_name|complain|religion|origin", re.IGNORECASE
    )
    tables = [table for described in ALL for table in described.sorted_tables]
    names = [f"{table.name}.{column.name}" for table in tables for column in table.columns]
    assert [name for name in names if forbidden.search(name)] == []
