"""Nothing by halves: refusals, checks, kill -9 in the middle of a load, two loads at once, the command line."""

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from etl import commands, desk, work
from etl.pipeline import load
from geodata.errors import DatabaseAway, UsageError
from geodata.settings import DatabaseUrls
from tests.factories.office import CITY, MAPPINGS, Office, said

HEAD = "key;registered_on;use_type;dwellings;address;x;y\n"
GOOD = "".join(f"P{number};01.02.2020;residential;4;;394000;5691000\n" for number in range(20))
BAD = "".join(f"B{number};31.02.2020;residential;4;;394000;5691000\n" for number in range(6))
# Tables in which a load that did not happen must leave nothing.
FACTS = ("property", "property_version", "property_address", "property_current", "area", "address", "refresh")


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    return Office(clean_urls, tmp_path)


def rows_in(office: Office, *tables: str) -> dict[str, int]:
    found = {table: office.ask(f"SELECT count(*) FROM qm.{table}")[0][0] for table in tables}
    return {table: count for table, count in found.items() if count}


def test_a_refused_delivery_leaves_its_row_and_its_rejections_and_nothing_else(office: Office) -> None:
    report = office.sends("properties", HEAD + GOOD + BAD)
    assert report.refused == "6 of 26 rows are rejected; expected at most 5 rows or 5%."
    assert said(report) == {"read": 26, "rejected": 6}
    assert rows_in(office, *FACTS, "delivery", "rejected_row", "repair") == {"delivery": 1, "rejected_row": 6}
    assert office.ask("SELECT refused IS NOT NULL, read, loaded, rejected FROM qm.delivery") == [(True, 26, 0, 6)]


def test_a_missing_column_is_refused_with_the_columns_that_the_file_has(office: Office) -> None:
    report = office.sends("properties", "key;dwellings;x;y;Nutzung\nA;1;394000;5691000;Wohnen")
    assert report.refused == (
        "The mapping properties names columns that the file does not have: registered_on, use_type, address. "
        "The file has: key, dwellings, x, y, Nutzung."
    )
    assert rows_in(office, *FACTS, "delivery") == {"delivery": 1}


def test_a_file_that_is_no_table_is_refused_and_listed(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "properties.csv"
    path.write_bytes(b"\x00\x01\x02PNG\x00" * 50)
    assert office.sends("properties", path).refused is not None
    assert rows_in(office, *FACTS, "delivery") == {"delivery": 1}


def test_of_millions_of_rejections_some_are_kept_and_all_are_counted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MOST_REJECTIONS_KEPT", 4)
    report = office.sends("properties", HEAD + GOOD + BAD)
    assert said(report) == {"read": 26, "rejected": 6}
    assert len(report.rejections) == 4
    assert "Of all rejections the first 4 are kept." in report.remarks


def test_an_empty_file_is_refused(office: Office) -> None:
    assert office.sends("properties", HEAD).refused == "The file has no rows."


def test_a_check_says_the_same_and_writes_nothing(office: Office) -> None:
    checked = office.sends("properties", HEAD + GOOD, write=False)
    assert checked.delivery is None
    assert rows_in(office, *FACTS, "delivery", "rejected_row", "municipality") == {}
    assert said(checked) == said(office.sends("properties", HEAD + GOOD)) == {"read": 20, "loaded": 20}
    refused = office.sends("properties", HEAD + GOOD + BAD, write=False)
    assert refused.refused is not None
    assert rows_in(office, "delivery", "rejected_row") == {"delivery": 1}


def test_invented_and_real_data_never_share_a_municipality(office: Office) -> None:
    office.sends("properties", HEAD + GOOD)
    mapping = "demonstration = true\n" + MAPPINGS["properties"]
    assert "never share a municipality" in str(office.sends("properties", HEAD + GOOD, mapping=mapping).refused)


def test_what_only_the_database_knows_to_be_wrong_is_refused_without_the_values_of_the_row(office: Office) -> None:
    constraint = "ALTER TABLE qm.property_version ADD CONSTRAINT few_dwellings CHECK (dwellings < 9)"
    owner = create_engine(str(office.urls.owner), poolclass=NullPool)
    with owner.begin() as connection:
        connection.execute(text(constraint))
    try:
        row = "A;01.02.2020;residential;9;Geheimweg 1;394000;5691000"
        checked = office.sends("properties", HEAD + row, write=False)
        report = office.sends("properties", HEAD + row)
    finally:
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE qm.property_version DROP CONSTRAINT few_dwellings"))
        owner.dispose()
    assert checked.delivery is None, "its number was rolled back"
    assert "few_dwellings" in str(report.refused)
    assert "Geheimweg" not in str(report.refused)
    assert rows_in(office, *FACTS, "delivery") == {"delivery": 1}


SLOW_LOAD = """
import sys, time
from pathlib import Path
import geodata.gdal_env
from etl import pipeline, apply
from etl.pipeline import Order, load
inner = apply.apply_judged
def apply_and_stop(*arguments, **options):
    inner(*arguments, **options)
    print("written", flush=True)
    time.sleep(60)
apply.apply_judged = apply_and_stop
load(sys.argv[1], Order("properties", Path(sys.argv[2]), sys.argv[3]), write=True)
"""


def test_kill_9_in_the_middle_of_a_load_leaves_nothing_and_the_load_works_again(office: Office) -> None:
    order = office.order("properties", HEAD + GOOD, "2026-03-01")
    command = [sys.executable, "-c", SLOW_LOAD, office.urls.load, str(order.path), str(order.mapping)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        os.kill(process.pid, signal.SIGKILL)
    assert rows_in(office, *FACTS, "delivery", "municipality") == {}
    assert said(office.sends("properties", HEAD + GOOD)) == {"read": 20, "loaded": 20}


def test_the_second_of_two_loads_waits_and_says_so(office: Office) -> None:
    order = office.order("properties", HEAD + GOOD, "2026-03-01")
    told: list[str] = []
    waits = threading.Event()

    def tell(what: str, rows: int) -> None:
        told.append(what)
        if what.startswith("waiting"):
            waits.set()

    reports = []
    engine = create_engine(office.urls.load, poolclass=NullPool)
    with engine.connect() as first:
        lock = "SELECT pg_advisory_xact_lock(hashtext('qm.delivery'), hashtext(:city))"
        first.execute(text(lock), {"city": CITY})
        second = threading.Thread(
            target=lambda: reports.append(load(office.urls.load, order, write=True, progress=tell))
        )
        second.start()
        assert waits.wait(timeout=30)
        assert not reports
        first.rollback()
        second.join(timeout=30)
    engine.dispose()
    assert said(reports[0]) == {"read": 20, "loaded": 20}
    assert "Waited for another delivery of the municipality." in reports[0].remarks
    assert told[-1] == "deriving the current state"


def test_a_mapping_of_another_source_or_city_is_wrong_usage(office: Office, tmp_path: Path) -> None:
    order = office.order("properties", HEAD + GOOD, "2026-03-01")
    office.mapping("addresses")
    with pytest.raises(UsageError, match="is for addresses, not for properties"):
        load(office.urls.load, type(order)("properties", order.path, str(tmp_path / "addresses.toml")), write=True)
    with pytest.raises(UsageError, match=f"is for municipality {CITY}, not de-other"):
        load(
            office.urls.load, type(order)("properties", order.path, order.mapping, municipality="de-other"), write=True
        )


def test_a_database_that_is_away_is_said_in_one_sentence(office: Office, tmp_path: Path) -> None:
    order = office.order("properties", HEAD + GOOD, "2026-03-01")
    with pytest.raises(DatabaseAway, match="The database does not answer"):
        load(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}&connect_timeout=2", order, write=True)


def test_the_dashboard_gets_functions_bound_to_its_database(office: Office) -> None:
    order = office.order("properties", HEAD + GOOD + BAD, "2026-03-01")
    functions = desk.delivery_functions(office.urls.load, office.folder)
    assert ("properties", "properties") in functions["list_mappings"](CITY)
    arguments = ("properties", "properties", order.path, order.as_of)
    report = functions["check_delivery"](*arguments, municipality=CITY, by="bea")
    assert (report["refused"], report["rejected"], report["delivery"]) != (None, 0, None)
    assert report["remarks"]
    order.path.write_text(HEAD + GOOD, "utf-8")
    loaded = functions["load_delivery"](*arguments, municipality=CITY, by="bea")
    assert office.ask("SELECT delivered_by FROM qm.delivery") == [("bea",)]
    assert functions["withdraw_delivery"](CITY, loaded["delivery"], by="bea").superseded == 20
    logged = office.ask("SELECT account, details->>'change' FROM audit.entry WHERE action = 'delivery' ORDER BY at")
    assert logged[-2:] == [("bea", "loaded"), ("bea", "withdrawn")]


@pytest.fixture
def command_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """`qm` with these arguments on the database of the office: exit code, standard output, standard error."""
    monkeypatch.setattr(commands, "_load_url", lambda: contextlib.nullcontext(office.urls.load))
    application = typer.Typer()
    application.command()(commands.load)
    application.command()(commands.check)
    application.add_typer(commands.deliveries, name="deliveries")

    def call(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(application, [*arguments], catch_exceptions=True)
        code = getattr(result.exception, "exit_code", result.exit_code)
        return int(code), result.stdout, str(result.exception or "")

    return call


def test_the_command_line_prints_json_and_nothing_else_and_tells_by_exit_codes(
    office: Office, command_line: Callable[..., tuple[int, str, str]]
) -> None:
    order = office.order("properties", HEAD + GOOD + BAD, "2026-03-01")
    given = ("properties", str(order.path), "--mapping", str(order.mapping), "--as-of", "2026-03-01", "--json")
    code, printed, _ = command_line("load", *given)
    assert code == 1
    assert json.loads(printed)["rejected"] == 6
    order.path.write_text(HEAD + GOOD + "B;31.02.2020;other;1;;394000;5691000\n", "utf-8")
    code, printed, _ = command_line("check", *given)
    assert (code, json.loads(printed)["delivery"]) == (0, None)
    code, printed, _ = command_line("load", *given)
    assert (code, json.loads(printed)["loaded"]) == (0, 20)
    assert command_line("load", "properties", "nowhere.csv", "--mapping", str(order.mapping))[0] == 2
    assert command_line("load", "properties", str(order.path), "--as-of", "gestern")[0] == 2
    assert command_line("load", "nonsense", str(order.path))[0] == 2
    broken = office.mapping("properties", 'register = "main"\nnonsense = 1\n')
    code, printed, said_why = command_line("load", "properties", str(order.path), "--mapping", str(broken), "--json")
    assert (code, printed) == (2, "")
    assert "nonsense: there is no such key" in said_why


def test_deliveries_are_listed_shown_exported_and_withdrawn(
    office: Office, command_line: Callable[..., tuple[int, str, str]]
) -> None:
    office.sends("properties", HEAD + GOOD + "B;31.02.2020;other;1;;394000;5691000\n")
    [(number,)] = office.ask("SELECT id FROM qm.delivery")
    assert "applied" in command_line("deliveries", "list")[1]
    assert "31.02.2020" in command_line("deliveries", "show", str(number))[1]
    [row] = csv.DictReader(command_line("deliveries", "rejected", str(number))[1].splitlines(), delimiter=";")
    assert (row["line"], row["key"], row["registered_on"], row["address"]) == ("22", "B", "31.02.2020", "")
    assert row["reasons"] == 'registered_on: expected a date like 24.12.2025, found "31.02.2020"'
    assert "20 rows taken back" in command_line("deliveries", "withdraw", str(number))[1]
    assert "withdrawn" in command_line("deliveries", "list")[1]
    for what in ("show", "rejected", "withdraw"):
        assert command_line("deliveries", what, "999999")[0] == 2


def test_a_load_of_two_seconds_shows_progress_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "SHOW_PROGRESS_AFTER_SECONDS", 0.0)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with commands._progress_bar() as tell:
        time.sleep(0.01)
        tell("reading", 12_000)
        time.sleep(0.3)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "reading, 12,000 rows" in captured.err


def test_rejected_rows_come_back_in_the_column_order_of_the_file(
    office: Office, command_line: Callable[..., tuple[int, str, str]]
) -> None:
    office.sends("properties", "y;x;address;dwellings;use_type;registered_on;key\n" + "5691000;394000;;viele;;;A\n")
    [(number,)] = office.ask("SELECT id FROM qm.delivery")
    header, row = command_line("deliveries", "rejected", str(number))[1].splitlines()
    assert header == "line;y;x;address;dwellings;use_type;registered_on;key;reasons"
    assert row.startswith("2;5691000;394000;;viele;;;A;")


def test_a_load_that_nobody_waits_for_leaves_standard_error_empty(capfd: pytest.CaptureFixture[str]) -> None:
    with commands._progress_bar() as tell:
        tell("reading", 12)
    assert capfd.readouterr() == ("", "")
