"""The first large load goes a shorter way to the same rows, counts and reasons, and leaves every table as it was."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from etl import first_load
from etl.withdraw import withdraw
from geodata.settings import DatabaseUrls
from tests.factories.office import Office, reasons, said

HOUSES = "key;registered_on;use_type;dwellings;address;x;y\n" + "".join(
    f"P{number};01.02.2020;residential;4;;394000;5691000\n" for number in range(9)
)
MAPPING = (
    'register = "main"\n[columns]\nproperty_key = "house"\ninspected_on = "on"\nresult = "result"\n'
    'round_key = "round"\n'
    'defects = "defects"\naccess_reached = "access"\n[constants]\ncontrol_type = "joint_control"\n'
)
HEAD = "house;on;access;result;defects;round\n"
GOOD = "".join(f"P{n % 9};{1 + n // 9:02}.0{1 + n % 8}.2025;flat;finding;waste, pests;A {n}\n" for n in range(200))
# Line by line: repeated as it is, with other content, unknown, no date, too few fields, unknown twice, spaces around.
TROUBLES = (
    "P1;03.12.2025;none;not_completed;;\n"
    "P1;03.12.2025;none;not_completed;;\n"
    "P2;04.12.2025;flat;finding;;\n"
    "P2;04.12.2025;flat;no_finding;;\n"
    "X1;05.12.2025;flat;finding;;\n"
    "P3;31.02.2025;flat;finding;;\n"
    "P3;06.12.2025;flat\n"
    "X1;05.12.2025;flat;finding;;\n"
    ' P4 ;07.12.2025;outside;finding;mice;"Runde ""Süd"" (1), \\2"\n'
    "X2;31.02.2025;flat;finding;;\n"
    'P5;08.12.2025;outside;finding;fire_load;"Runde ""Süd"" (1), \\2"\n'
)
ROWS = (
    "SELECT p.key, i.key, i.round_key, i.control_type, i.inspected_on, i.running_number, i.access_reached, i.result,"
    " i.defects, i.content_hash, i.delivery_id IS NOT NULL, i.recorded_at = d.recorded_at, i.superseded_at"
    " FROM qm.inspection AS i INNER JOIN qm.property AS p ON p.id = i.property_id"
    " INNER JOIN qm.delivery AS d ON d.id = i.delivery_id ORDER BY i.key, i.id"
)
DERIVED = "SELECT key, inspections, last_inspected_on FROM qm.property_current ORDER BY key"
CATALOGUE = (
    "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'qm'"
    " UNION ALL SELECT 'constraint',"
    "   concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)"
    "   FROM pg_constraint WHERE connamespace = 'qm'::regnamespace"
    " UNION ALL SELECT 'policy', concat_ws(' ', tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies"
    " UNION ALL SELECT 'table',"
    "   concat_ws(' ', relname, relowner, relrowsecurity, relforcerowsecurity, relacl, relpersistence)"
    "   FROM pg_class WHERE relnamespace = 'qm'::regnamespace AND relkind = 'r'"
    " UNION ALL SELECT 'column', concat_ws(' ', attrelid::regclass, attname, attnotnull, attidentity, atttypid, attacl)"
    "   FROM pg_attribute INNER JOIN pg_class AS c ON c.oid = attrelid"
    "   WHERE relnamespace = 'qm'::regnamespace AND relkind = 'r' AND attnum > 0"
    " UNION ALL SELECT 'trigger',"
    "   concat_ws(' ', tgrelid::regclass, tgfoid::regproc, tgtype, tgenabled, tgconstraint <> 0)"
    "   FROM pg_trigger INNER JOIN pg_class AS c ON c.oid = tgrelid WHERE relnamespace = 'qm'::regnamespace"
    " ORDER BY 1, 2"
)


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    """An office whose nine houses are known."""
    one = Office(clean_urls, tmp_path)
    one.sends("properties", HOUSES)
    return one


@pytest.fixture
def first(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every delivery is large enough; the list gets a word for each that went the short way."""
    went: list[str] = []
    monkeypatch.setattr(first_load, "WORTHWHILE_BYTES", 0)
    inner = first_load.Writer.finish

    def finish(writer: first_load.Writer) -> None:
        went.append(writer.step.source.name)
        inner(writer)

    monkeypatch.setattr(first_load.Writer, "finish", finish)
    return went


@contextmanager
def session(url: str) -> Iterator[Connection]:
    engine = create_engine(str(url), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def catalogue(office: Office) -> list[tuple[Any, ...]]:
    """Everything that a first load could lose."""
    return office.ask(CATALOGUE)


def stored(office: Office) -> tuple[list[tuple[Any, ...]], ...]:
    return office.ask(ROWS), office.ask(DERIVED)


def empty(office: Office) -> None:
    office.edit("DELETE FROM qm.inspection")


def test_both_ways_lead_to_the_same_rows_counts_and_reasons(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = office.sends("inspections", HEAD + GOOD + TROUBLES, mapping=MAPPING)
    rows = stored(office)
    assert said(usual) == {"read": 211, "loaded": 202, "rejected": 9}
    empty(office)
    monkeypatch.setattr(first_load, "WORTHWHILE_BYTES", 0)
    first = office.sends("inspections", HEAD + GOOD + TROUBLES, mapping=MAPPING)
    assert said(first) == said(usual)
    assert first.rejections == usual.rejections
    assert first.remarks == usual.remarks
    assert stored(office) == rows
    both = office.ask("SELECT read, loaded, rejected, remarks, refused FROM qm.delivery WHERE source = 'inspections'")
    assert both[0] == both[1]
    kept = "SELECT line, field, reason, row::text FROM qm.rejected_row WHERE delivery_id = :id ORDER BY 1, 2, 3"
    assert office.ask(kept, id=first.delivery) == office.ask(kept, id=usual.delivery)


def test_the_reasons_name_the_lines(office: Office, first: list[str]) -> None:
    report = office.sends("inspections", HEAD + GOOD + TROUBLES, mapping=MAPPING)
    assert first == ["inspections"]
    assert [one for one in reasons(report) if one[1] in ("key", "property_key")] == [
        (203, "key", "duplicate of line 202"),
        (204, "key", "expected one row for a key, but lines 204, 205 have the same key and different content"),
        (205, "key", "expected one row for a key, but lines 204, 205 have the same key and different content"),
        (206, "property_key", "expected a property of register main, but X1 is unknown"),
        (209, "property_key", "expected a property of register main, but X1 is unknown"),
    ]


def test_indexes_constraints_policies_and_grants_are_those_of_before(office: Office, first: list[str]) -> None:
    before = catalogue(office)
    office.sends("inspections", HEAD + GOOD, mapping=MAPPING)
    assert first == ["inspections"]
    assert catalogue(office) == before
    assert len([one for one in before if "qm.inspection " in f"{one[1]} "]) > 10


def test_the_next_delivery_is_compared_with_the_hashes_of_the_first(office: Office, first: list[str]) -> None:
    office.sends("inspections", HEAD + GOOD + TROUBLES, mapping=MAPPING)
    again = office.sends("inspections", HEAD + GOOD + TROUBLES, mapping=MAPPING)
    assert said(again) == {"read": 211, "unchanged": 202, "rejected": 9}
    changed = GOOD.replace("waste, pests;A 17\n", "pests;A 17\n") + "P8;24.12.2025;flat;finding;;\n"
    later = office.sends("inspections", HEAD + changed, "2026-03-02", mapping=MAPPING)
    assert said(later) == {"read": 201, "loaded": 2, "unchanged": 199, "superseded": 1}
    assert first == ["inspections"], "only the first delivery finds an empty table"


def test_a_withdrawn_first_load_is_superseded_as_any_other(office: Office, first: list[str]) -> None:
    report = office.sends("inspections", HEAD + GOOD, mapping=MAPPING)
    assert withdraw(office.urls.load, report.delivery or 0).superseded == 200
    assert office.ask("SELECT count(*) FROM qm.inspection WHERE superseded_at IS NULL") == [(0,)]


def test_a_refused_first_load_leaves_its_row_its_rejections_and_every_index(office: Office, first: list[str]) -> None:
    before = catalogue(office)
    bad = "".join(f"X{number};01.03.2025;flat;finding;;\n" for number in range(20))
    report = office.sends("inspections", HEAD + GOOD + bad, mapping=MAPPING)
    assert report.refused == "20 of 220 rows are rejected; expected at most 5 rows or 5%."
    assert catalogue(office) == before
    assert office.ask("SELECT count(*) FROM qm.inspection") == [(0,)]
    assert office.ask("SELECT refused IS NOT NULL, loaded, rejected FROM qm.delivery WHERE source = 'inspections'") == [
        (True, 0, 20)
    ]
    assert office.ask("SELECT count(*) FROM qm.rejected_row") == [(20,)]
    assert said(office.sends("inspections", HEAD + GOOD, mapping=MAPPING)) == {"read": 200, "loaded": 200}
    assert first == ["inspections"]


def test_a_row_that_only_the_database_finds_wrong_takes_everything_back(office: Office, first: list[str]) -> None:
    with session(str(office.urls.owner)) as owner:
        owner.execute(text("ALTER TABLE qm.inspection ADD CONSTRAINT no_round CHECK (round_key <> 'A 150')"))
        owner.commit()
        before = catalogue(office)
        report = office.sends("inspections", HEAD + GOOD, mapping=MAPPING)
        after = catalogue(office)
        owner.execute(text("ALTER TABLE qm.inspection DROP CONSTRAINT no_round"))
        owner.commit()
    assert "no_round" in str(report.refused)
    assert "A 150" not in str(report.refused)
    assert after == before
    assert office.ask("SELECT count(*) FROM qm.inspection") == [(0,)]


KILLED = """
import sys, time
from pathlib import Path
import geodata.gdal_env
from etl import first_load
from etl.withdraw import withdraw
from etl.pipeline import Order, load
first_load.WORTHWHILE_BYTES = 0
def stop(writer):
    print("written", writer.rows, flush=True)
    time.sleep(60)
first_load.Writer.finish = stop
load(sys.argv[1], Order("inspections", Path(sys.argv[2]), sys.argv[3]), write=True)
"""


def test_kill_9_while_the_indexes_are_away_leaves_all_of_them_and_no_row(office: Office, first: list[str]) -> None:
    before = catalogue(office)
    order = office.order("inspections", HEAD + GOOD, "2026-03-01", MAPPING)
    command = [sys.executable, "-c", KILLED, office.urls.load, str(order.path), str(order.mapping)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written 200\n"
        os.kill(process.pid, signal.SIGKILL)
    assert catalogue(office) == before
    assert office.ask("SELECT count(*) FROM qm.inspection") == [(0,)]
    assert said(office.sends("inspections", HEAD + GOOD, mapping=MAPPING)) == {"read": 200, "loaded": 200}
    assert first == ["inspections"]


def test_who_reads_for_long_is_not_waited_for(
    office: Office, first: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with session(office.urls.load) as reader:
        reader.execute(text("SELECT count(*) FROM qm.inspection"))
        report = office.sends("inspections", HEAD + GOOD, mapping=MAPPING)
        reader.rollback()
    assert said(report) == {"read": 200, "loaded": 200}
    assert first == [], "the usual way"


def test_a_check_takes_nothing_away(office: Office, first: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with session(office.urls.load) as reader:
        reader.execute(text("SELECT count(*) FROM qm.inspection"))
        checked = office.sends("inspections", HEAD + GOOD, mapping=MAPPING, write=False)
        reader.rollback()
    assert (said(checked), first) == ({"read": 200, "loaded": 200}, [])
    office.sends("inspections", HEAD + GOOD, mapping=MAPPING)
    assert first == ["inspections"], "rows that a check has rolled back do not make a table filled"


def test_only_an_empty_table_of_facts_can_be_bared(office: Office) -> None:
    office.sends("inspections", HEAD + GOOD, mapping=MAPPING)
    with session(office.urls.load) as loader:
        assert loader.execute(text("SELECT qm.set_indexes_aside('inspection')")).scalar_one() is False
        with pytest.raises(DBAPIError, match="no table of which"):
            loader.execute(text("SELECT qm.set_indexes_aside('account')"))


def test_no_transaction_ends_while_they_are_away(office: Office) -> None:
    before = catalogue(office)
    with session(office.urls.load) as loader:
        assert loader.execute(text("SELECT qm.set_indexes_aside('inspection')")).scalar_one() is True
        assert loader.execute(text("SELECT qm.set_indexes_aside('inspection')")).scalar_one() is False
        with pytest.raises(IntegrityError, match="taken away and not put back"):
            loader.commit()
    assert catalogue(office) == before


def test_foreign_keys_are_checked_against_all_rows_when_they_come_back(office: Office) -> None:
    """The owner sees no row under FORCE, so a check in the usual way would pass whatever stands in the table."""
    row = (
        "INSERT INTO qm.inspection (municipality, property_id, key, control_type, inspected_on, access_reached, result)"
        " SELECT municipality, id + :more, key, 'joint_control', date '2025-01-01', 'flat', 'finding' FROM qm.property"
    )
    with session(office.urls.load) as loader:
        loader.execute(text("SELECT qm.set_indexes_aside('inspection')"))
        loader.execute(text(row), {"more": 1_000})
        with pytest.raises(IntegrityError, match="inspection_property_id_fkey"):
            loader.execute(text("SELECT qm.put_indexes_back('inspection')"))
    with session(office.urls.load) as loader:
        loader.execute(text("SELECT qm.set_indexes_aside('inspection')"))
        loader.execute(text(row), {"more": 0})
        loader.execute(text(row), {"more": 0})
        with pytest.raises(IntegrityError, match="inspection_current_key"):
            loader.execute(text("SELECT qm.put_indexes_back('inspection')"))


def test_the_loader_cannot_write_what_the_owner_will_run(office: Office) -> None:
    for statement in (
        "INSERT INTO qm.set_aside VALUES ('inspection', 1, 'ALTER ROLE x SUPERUSER')",
        "SELECT * FROM qm.set_aside",
        "SELECT qm.definitions_to_set_aside('qm.inspection')",
    ):
        with session(office.urls.load) as loader, pytest.raises(DBAPIError, match="permission denied"):
            loader.execute(text(statement))
