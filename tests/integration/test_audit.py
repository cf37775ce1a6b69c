"""The log: appended by everybody who works, changed by nobody, and every tampering is noticed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from geodata import audit
from geodata.access import Access, Role, Scope
from geodata.audit import Entry
from geodata.audit import anchors as audit_anchors
from geodata.audit.anchors import AnchorError
from geodata.audit.chain import Anchor, LogEntry, entry_hash
from geodata.audit.commands import audit as commands
from geodata.settings import DatabaseUrls
from tests.conftest import Stage

CITY = "de-audit"
ODD: dict[str, str | int] = {"ä:1": "Zäh1e 12:x — „ü“ 🏚", "b": -7, "Z": "", "rows": 118, "": "a\nb"}


def an_entry(number: int = 1, city: str = CITY) -> Entry:
    return Entry("export", city, "anna", f"kontrollen-{number}.csv", {"format": "csv", "rows": number})


def fill(connection: Connection, count: int = 6) -> None:
    for number in range(1, count + 1):
        audit.append(connection, an_entry(number))


@pytest.fixture
def owner(connection: Callable[[str], Connection]) -> Connection:
    """The owner with the triggers switched off, who could do anything; rolled back."""
    one = connection("owner")
    fill(one)
    for table in ("entry", "proof"):
        one.execute(text(f"ALTER TABLE audit.{table} DISABLE TRIGGER USER"))
        one.execute(text(f"ALTER TABLE audit.{table} NO FORCE ROW LEVEL SECURITY"))
    return one


@pytest.fixture
def access(urls: DatabaseUrls) -> Iterator[Access]:
    one = Access(urls, pool_size=2)
    yield one
    one.close()


def rows(connection: Connection) -> list[LogEntry]:
    return list(audit._entries(connection, CITY))


def test_database_and_program_compute_the_same_hash(stage: Stage) -> None:
    with stage.as_loader() as connection:
        for details in ({}, ODD, {"filter": "x" * 2_000}):
            audit.append(connection, Entry("edit", CITY, "änne", "Straße 7\0, \ud800", details))
        found = rows(connection)
        assert [one.number for one in found] == [1, 2, 3]
        assert [entry_hash(one) for one in found] == [one.hash for one in found]
        assert [one.previous_hash for one in found] == ["", found[0].hash, found[1].hash]
        assert (found[1].details, found[1].subject) == (ODD, "Straße 7, ?")
        assert len(str(found[2].details["filter"])) == audit.TEXT_LIMIT
        assert audit.verify(connection, CITY).is_unharmed


@pytest.mark.parametrize("role", ["staff", "manager", "external_manager", "admin"])
def test_every_role_that_works_appends_in_its_own_name_and_reads_nothing(stage: Stage, role: Role) -> None:
    scope = Scope(CITY, role, "anna", frozenset({1}))
    with stage.ask(scope) as asker:
        assert audit.append(asker.connection, an_entry()) == 1
        for wrong in (replace(an_entry(), account="bert"), an_entry(city="de-other")):
            with pytest.raises(DBAPIError, match="in the name of another"), asker.connection.begin_nested():
                audit.append(asker.connection, wrong)
        query = text("SELECT count(*) FROM audit.entry")
        if role == "admin":
            assert asker.connection.execute(query).scalar_one() == 1
        else:
            with pytest.raises(DBAPIError, match="permission denied"), asker.connection.begin_nested():
                asker.connection.execute(query)


def test_politics_reaches_nothing_of_the_log(stage: Stage) -> None:
    with (
        stage.ask(Scope(CITY, "politics", "rat")) as asker,
        pytest.raises(DBAPIError, match="permission denied"),
        asker.connection.begin_nested(),
    ):
        audit.append(asker.connection, replace(an_entry(), account="rat"))


def test_an_administration_reads_its_own_city_only(stage: Stage) -> None:
    with stage.as_loader() as connection:
        for city in (CITY, "de-other", ""):
            audit.append(connection, an_entry(city=city))
        assert set(audit.chains(connection)) >= {CITY, "de-other", ""}
    with stage.ask(Scope(CITY, "admin", "anna")) as asker:
        assert audit.chains(asker.connection) == (CITY,)
        assert audit.verify(asker.connection, CITY).count == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE audit.entry SET subject = 'x'", "DELETE FROM audit.entry", "TRUNCATE audit.entry"]
)
@pytest.mark.parametrize("login", ["owner", "load"])
def test_nobody_changes_the_log(connection: Callable[[str], Connection], login: str, statement: str) -> None:
    one = connection(login)
    fill(one, 2)
    with pytest.raises(DBAPIError, match=r"The log is never changed|permission denied"):
        one.execute(text(statement))


@pytest.mark.parametrize(
    ("tampering", "wrong_number"),
    [
        ("UPDATE audit.entry SET subject = 'x' WHERE municipality = :city AND number = 3", 3),
        ("UPDATE audit.entry SET at = at + interval '1 us' WHERE municipality = :city AND number = 2", 2),
        ("UPDATE audit.entry SET details = details || '{\"rows\": 8}' WHERE municipality = :city AND number = 5", 5),
        ("DELETE FROM audit.entry WHERE municipality = :city AND number = 4", 4),
        ("DELETE FROM audit.entry WHERE municipality = :city AND number < 3", 1),
        ("DELETE FROM audit.entry WHERE municipality = :city AND number > 4", 5),
        ("DELETE FROM audit.entry WHERE municipality = :city", 1),
        (
            "INSERT INTO audit.entry SELECT municipality, 7, at, account, action, subject, details, previous_hash, hash"
            " FROM audit.entry WHERE municipality = :city AND number = 6",
            7,
        ),
        (
            "UPDATE audit.entry SET number = CASE number WHEN 2 THEN -2 ELSE 2 END"
            " WHERE number IN (2, 3) AND municipality = :city",
            -2,
        ),
        ("INSERT INTO audit.proof VALUES (:city, 1, 2, 'x', 6, now())", 1),
        (
            "WITH gone AS (DELETE FROM audit.entry WHERE municipality = :city AND number < 3 RETURNING number, hash)"
            " INSERT INTO audit.proof SELECT :city, 1, 2, hash, 6, now() FROM gone WHERE number = 2",
            6,
        ),
    ],
)
def test_tampering_is_noticed_at_its_entry(owner: Connection, tampering: str, wrong_number: int) -> None:
    anchors = [Anchor(CITY, one.number, one.hash) for one in rows(owner)[::3] + rows(owner)[-1:]]
    assert audit.verify(owner, CITY, anchors).is_unharmed
    owner.execute(text(tampering), {"city": CITY})
    found = audit.verify(owner, CITY, anchors)
    assert found.problem, found
    assert found.wrong_number == wrong_number, found


def test_twenty_writers_make_one_chain(access: Access, loader: Connection) -> None:
    city = "de-audit-crowd"
    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(lambda number: audit.record(access, an_entry(number, city)), range(60)))
    assert sorted(numbers) == list(range(1, 61))
    found = audit.verify(loader, city)
    assert (found.count, found.problem) == (60, None)


def test_an_older_snapshot_writes_no_second_end(access: Access) -> None:
    scope = Scope(CITY, "staff", "anna")
    with pytest.raises(DBAPIError, match="READ COMMITTED"), access.open(scope, isolation="REPEATABLE READ") as asker:
        audit.append(asker.connection, an_entry())


@pytest.mark.parametrize("details", ['{"a": {"b": 1}}', '{"a": 1.5}', '{"a": null}', "[]"])
def test_details_are_one_level_of_texts_and_whole_numbers(loader: Connection, details: str) -> None:
    query = text("SELECT audit.append(:city, 'anna', 'edit', 'x', CAST(:details AS jsonb))")
    with pytest.raises(DBAPIError, match="texts and whole numbers"):
        loader.execute(query, {"city": CITY, "details": details})


def backdate(owner: Connection, days: int, *, until: int) -> None:
    """Entries 1 to `until` as if written long ago, chained anew."""
    before = ""
    for entry in rows(owner):
        at = entry.at - timedelta(days=days) if entry.number <= until else entry.at
        aged = replace(entry, at=at, previous_hash=before)
        before = entry_hash(aged)
        owner.execute(
            text(
                "UPDATE audit.entry SET at = :at, previous_hash = :previous, hash = :hash"
                " WHERE municipality = :city AND number = :number"
            ),
            {"at": at, "previous": aged.previous_hash, "hash": before, "city": CITY, "number": entry.number},
        )


@contextmanager
def locked_again(owner: Connection, database: str) -> Iterator[Connection]:
    """The loader with triggers and policies as they usually are."""
    for table in ("entry", "proof"):
        owner.execute(text(f"ALTER TABLE audit.{table} ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY"))
    owner.execute(text("SELECT set_config('role', :role, true)"), {"role": f"{database}_loader"})
    yield owner
    owner.execute(text("SELECT set_config('role', 'none', true)"))
    for table in ("entry", "proof"):
        owner.execute(text(f"ALTER TABLE audit.{table} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY"))


def test_what_is_older_than_a_year_goes_with_a_proof_and_the_rest_can_be_checked(
    owner: Connection, database: str
) -> None:
    backdate(owner, 400, until=4)
    anchors = [Anchor(CITY, one.number, one.hash) for one in rows(owner)]
    limit = datetime.now(UTC) - timedelta(days=366)
    with locked_again(owner, database) as loader:
        assert audit.forget_before(loader, limit, CITY, dry_run=True) == {CITY: 4}
        assert audit.forget_before(loader, limit, CITY) == {CITY: 4}
    assert [one.number for one in rows(owner)] == [5, 6, 7]
    assert rows(owner)[-1].action == "retention"
    assert audit.verify(owner, CITY, anchors).is_unharmed
    assert audit.forget_before(owner, limit, CITY) == {CITY: 0}
    owner.execute(text("UPDATE audit.proof SET last_hash = 'x' WHERE municipality = :city"), {"city": CITY})
    assert audit.verify(owner, CITY, anchors).wrong_number == 4
    assert audit.verify(owner, CITY).wrong_number == 5


def test_a_log_of_which_all_was_deleted_goes_on_counting(owner: Connection) -> None:
    backdate(owner, 400, until=6)
    limit = datetime.now(UTC) - timedelta(days=366)
    assert audit.forget_before(owner, limit, CITY) == {CITY: 6}
    assert audit.append(owner, an_entry()) == 8
    assert audit.verify(owner, CITY).is_unharmed


def test_nobody_deletes_what_is_younger_than_a_year(loader: Connection) -> None:
    fill(loader, 2)
    with pytest.raises(DBAPIError, match="kept for 12 months"):
        audit.forget_before(loader, datetime.now(UTC), CITY)


def test_what_a_restore_cost_is_said_and_is_no_tampering(loader: Connection) -> None:
    fill(loader, 3)
    kept = rows(loader)[-1]
    anchors = [
        Anchor(CITY, 1, rows(loader)[0].hash),
        Anchor(CITY, 9, "gone"),
        Anchor(CITY, 3, kept.hash, is_restore=True),
    ]
    found = audit.verify(loader, CITY, anchors)
    assert (found.problem, found.lost, found.anchors) == (None, 6, 2)


def test_the_log_is_locked_as_the_rest_is(loader: Connection, database: str) -> None:
    tables = text(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_locked, obj_description(c.oid) AS comment"
        " FROM pg_class AS c WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
    )
    found = {row.relname: (row.is_locked, bool(row.comment)) for row in loader.execute(tables)}
    assert found == dict.fromkeys(("entry", "proof", "installation"), (True, True))
    functions = text(
        "SELECT p.proname, p.proconfig, array_agg(r.rolname::text) AS roles FROM pg_proc AS p CROSS JOIN pg_roles AS r"
        " WHERE p.pronamespace = 'audit'::regnamespace AND p.prosecdef AND NOT r.rolsuper"
        " AND has_function_privilege(r.oid, p.oid, 'EXECUTE') AND r.rolname LIKE :own GROUP BY p.oid"
    )
    definers = {row.proname: row for row in loader.execute(functions, {"own": f"{database}\\_%"})}
    who = {name: {role.removeprefix(f"{database}_") for role in row.roles} for name, row in definers.items()}
    working = {"owner", "loader", "staff", "manager", "external", "owners", "accounts", "admin", "test"}
    assert who["append"] - {"test"} == working - {"test"}
    assert who["forget"] - {"test"} == {"owner", "loader"}
    assert set(who) == {"append", "forget"}
    assert all("search_path=pg_catalog, pg_temp" in row.proconfig for row in definers.values())


def test_an_anchor_is_noted_once_for_each_end_and_finds_a_missing_one(owner: Connection, tmp_path: Path) -> None:
    taken = {one.municipality: one for one in audit_anchors.take(owner, tmp_path)}
    assert taken[CITY].number == 6
    assert audit_anchors.take(owner, tmp_path) == ()
    fill(owner, 1)
    assert [(one.municipality, one.number) for one in audit_anchors.take(owner, tmp_path)] == [(CITY, 7)]
    file = tmp_path / audit_anchors.FILE_NAME
    assert file.stat().st_mode & 0o777 == 0o600
    assert all(one.is_unharmed for one in audit_anchors.verify_all(owner, tmp_path))
    assert audit_anchors.read(tmp_path, "another").own == ()
    owner.execute(text("DELETE FROM audit.entry WHERE municipality = :city"), {"city": CITY})
    found = {one.municipality: one for one in audit_anchors.verify_all(owner, tmp_path)}[CITY]
    assert (found.wrong_number, found.problem) == (1, "Entries 1 to 7 are missing: an anchor knows them.")
    assert audit_anchors.take(owner, tmp_path, is_restore=True) is not None
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(AnchorError, match="Line 1"):
        audit_anchors.verify_all(owner, tmp_path)


def test_qm_audit_says_what_it_found(
    access: Access, urls: DatabaseUrls, loader: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QM_DATABASE_NAME", urls.database)
    file = tmp_path / "anchors.jsonl"
    monkeypatch.setattr(audit_anchors, "FILE_NAME", str(file))
    monkeypatch.setattr(audit_anchors, "CHECKED_NAME", str(tmp_path / "checked.json"))
    city = "de-audit-words"
    audit.record(access, an_entry(7, city))

    def qm(*arguments: str) -> tuple[int, list[str]]:
        done = CliRunner().invoke(commands, list(arguments))
        return done.exit_code, [line for line in done.output.splitlines() if city in line]

    code, shown = qm("show", "--municipality", city)
    assert (code, len(shown)) == (0, 1)
    assert shown[0].endswith("de-audit-words  1  anna  export  kontrollen-7.csv  format=csv rows=7")
    code, anchored = qm("anchor")
    assert (code, anchored[0].partition(",")[0]) == (0, "de-audit-words: entry 1")
    assert qm("verify") == (0, ["de-audit-words: 1 entry, the last is number 1, unharmed; 1 anchor agrees."])
    checked = audit_anchors.read_checked(tmp_path, audit.log_number(loader), city)
    assert audit_anchors.read_checked(tmp_path, "another", city) is None
    assert checked is not None
    assert (checked.count, checked.last_number, checked.anchors, checked.wrong_number) == (1, 1, 1, None)
    file.write_text(file.read_text(encoding="utf-8").replace('"hash": "', '"hash": "0'), encoding="utf-8")
    code, said = qm("verify")
    assert (code, said) == (1, ["de-audit-words: HARMED at entry 1. Entry 1 is not the one that an anchor knows."])
