"""What the database itself holds of writing, with the real logins: who may append where, and nothing is changed."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import ProgrammingError

from geodata import edits, records
from geodata.access import ROLES, Access, Scope
from geodata.bootstrap import role_names
from geodata.edits import Order
from geodata.errors import DatabaseAway, EditConflict
from geodata.settings import DatabaseUrls
from tests.factories import facts

AS_OF = date(2026, 11, 15)
FACTS = (
    "property_version", "status_event", "assessment_event", "inspection", "inspection_round", "demolition_stage",
    "measure", "measure_step", "supply_cut",
    "note", "photograph", "property_link",
)  # fmt: skip
# What a manager may append to a property, as values behind municipality and property.
APPENDED = {
    "status_event": "key, state, valid_on) VALUES ('{city}', {property}, '{key}', 'recorded', '2026-01-01'",
    "inspection": (
        "key, control_type, inspected_on, access_reached, result)"
        " VALUES ('{city}', {property}, '{key}', 'joint_control', '2026-01-01', 'flat', 'no_finding'"
    ),
    "note": (
        "key, note_class, written_on, body, edit_id)"
        " VALUES ('{city}', {property}, gen_random_uuid(), '{note_class}', '2026-01-01', 'x', {edit}"
    ),
    "photograph": (
        "is_checked, width_px, height_px, content, preview, edit_id)"
        " VALUES ('{city}', {property}, true, 1, 1, '', '', {edit}"
    ),
}


class Town:
    """Committed, because each login has a connection of its own: two quarters and a house in each."""

    def __init__(self, urls: DatabaseUrls) -> None:
        engine = create_engine(urls.load, poolclass=NullPool)
        with engine.begin() as connection:
            facts.municipality(connection)
            self.west = facts.area(connection, key="w", kind="quartier", geom=facts.square(0, 0, 2_000))
            facts.area(connection, key="o", kind="quartier", geom=facts.square(2_000, 0, 2_000))
            self.in_west = facts.property_(connection, key="P-1", geom=facts.point(1_000, 1_000))
            self.in_east = facts.property_(connection, key="P-2", geom=facts.point(3_000, 1_000))
            self.status = facts.status(connection, self.in_west, "recorded", date(2024, 3, 1))
            records.refresh(connection, facts.CITY, AS_OF)
        engine.dispose()

    def scope(self, role: str, account: str) -> Scope:
        areas = frozenset({self.west}) if ROLES[role].has_areas else frozenset()  # type: ignore[index]
        return Scope(facts.CITY, role, account, areas)  # type: ignore[arg-type]


@pytest.fixture
def town(clean_urls: DatabaseUrls) -> Town:
    return Town(clean_urls)


@pytest.fixture
def access(clean_urls: DatabaseUrls) -> Iterator[Access]:
    made = Access(clean_urls, statement_seconds=10)
    yield made
    made.close()


def is_let_in(connection: Connection, statement: str) -> bool:
    """Whether the database takes the statement; nothing of it stays."""
    attempt = connection.begin_nested()
    try:
        connection.execute(text(statement))
    except ProgrammingError as error:
        assert "permission denied" in str(error) or "row-level security" in str(error)  # noqa: PT017
        return False
    finally:
        attempt.rollback()
    return True


def insert(table: str, property_id: int, edit: int, *, note_class: str = "area", city: str = facts.CITY) -> str:
    values = APPENDED[table].format(city=city, property=property_id, key=uuid4(), edit=edit, note_class=note_class)
    return f"INSERT INTO qm.{table} (municipality, property_id, {values})"


def begin_edit(connection: Connection, account: str) -> int:
    query = text(
        "INSERT INTO qm.edit (municipality, submission, kind, account, account_name)"
        " VALUES (:city, gen_random_uuid(), 'test', :account, '') RETURNING id"
    )
    return int(connection.execute(query, {"city": facts.CITY, "account": account}).scalar_one())


def test_a_manager_appends_to_properties_of_the_areas_assigned_only(town: Town, access: Access) -> None:
    with access.open(town.scope("manager", "quirin")) as asker:
        edit = begin_edit(asker.connection, "quirin")
        for table in APPENDED:
            assert is_let_in(asker.connection, insert(table, town.in_west, edit)), table
            assert not is_let_in(asker.connection, insert(table, town.in_east, edit)), table
            assert not is_let_in(asker.connection, insert(table, town.in_west, edit, city="de-other")), table
        assert not is_let_in(asker.connection, insert("note", town.in_west, edit, note_class="case"))
        forged = "INSERT INTO qm.edit (municipality, submission, kind, account, account_name) VALUES "
        assert not is_let_in(asker.connection, f"{forged} ('{facts.CITY}', gen_random_uuid(), 'x', 'bea', 'Bea')")
        version = f"INSERT INTO qm.property_version (municipality, property_id) VALUES ('{facts.CITY}', {town.in_west})"
        assert not is_let_in(asker.connection, version)


def test_nobody_but_building_control_and_managers_writes_a_fact(town: Town, access: Access) -> None:
    with access.open(town.scope("staff", "bea")) as asker:
        edit = begin_edit(asker.connection, "bea")
        assert all(is_let_in(asker.connection, insert(table, town.in_east, edit)) for table in APPENDED)
    for role in ("external_manager", "politics", "admin"):
        with access.open(town.scope(role, "x")) as asker:
            assert not any(is_let_in(asker.connection, insert(table, town.in_west, edit)) for table in APPENDED), role


def test_the_only_column_that_an_update_may_name_is_when_a_row_was_superseded(
    town: Town, access: Access, connection: Callable[[str], Connection], database: str
) -> None:
    with access.open(town.scope("staff", "bea")) as asker:
        assert is_let_in(asker.connection, f"UPDATE qm.status_event SET superseded_at = now() WHERE id = {town.status}")
        for column in ("state = 'closed'", "recorded_at = now()", "superseded_at = now(), valid_on = now()"):
            assert not is_let_in(asker.connection, f"UPDATE qm.status_event SET {column} WHERE id = {town.status}")
        assert not is_let_in(asker.connection, f"DELETE FROM qm.status_event WHERE id = {town.status}")
    query = text(
        "SELECT g.grantee, g.table_name, g.column_name FROM information_schema.column_privileges AS g"
        " WHERE g.table_schema = 'qm' AND g.privilege_type = 'UPDATE' AND g.table_name = ANY (:facts)"
        " AND g.column_name <> 'superseded_at'"
        " UNION ALL SELECT g.grantee, g.table_name, g.privilege_type FROM information_schema.table_privileges AS g"
        " WHERE g.table_schema = 'qm' AND g.privilege_type IN ('DELETE', 'TRUNCATE') AND g.table_name = ANY (:facts)"
    )
    roles = role_names(database)
    found = connection("owner").execute(query, {"facts": [*FACTS, "edit", "property", "property_address"]}).all()
    mine = {(row.table_name, row.column_name) for row in found if row.grantee not in (roles.owner, roles.loader)}
    assert mine == {("edit", "undone_at"), ("edit", "outcome")}


def test_a_manager_supersedes_nothing_of_another_area(town: Town, access: Access) -> None:
    with access.open(town.scope("manager", "quirin")) as asker:
        statement = text("UPDATE qm.status_event SET superseded_at = now() WHERE property_id = :id")
        assert asker.connection.execute(statement, {"id": town.in_east}).rowcount == 0


def test_an_edit_says_so_when_a_delivery_takes_too_long(town: Town, access: Access, clean_urls: DatabaseUrls) -> None:
    def write() -> None:
        with access.open(town.scope("staff", "bea"), statement_seconds=1) as asker:
            edits.add_note(asker, Order(uuid4(), "x"), town.in_west, note_class="area", body="x", written_on=AS_OF)

    engine = create_engine(clean_urls.load, poolclass=NullPool)
    with engine.begin() as delivery:
        records.lock_municipality(delivery, facts.CITY)
        with pytest.raises(DatabaseAway, match="delivery"):
            write()
    engine.dispose()


def together(act: Callable[[int], object]) -> list[object]:
    """What two people get who press the button at the same moment."""
    answers: list[object] = [None, None]
    start = threading.Barrier(2)

    def run(at: int) -> None:
        start.wait()
        try:
            answers[at] = act(at)
        except EditConflict as conflict:
            answers[at] = conflict

    threads = [threading.Thread(target=run, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_form_sent_twice_at_once_counts_once_and_of_two_people_one_is_told(town: Town, access: Access) -> None:
    status = {"valid_on": date(2026, 11, 10), "reason": None}
    sent = Order(uuid4(), "status")

    def send_again(_: int) -> object:
        with access.open(town.scope("staff", "bea")) as asker:
            return edits.add_status_event(asker, sent, town.in_west, state="assessed", **status)

    first, second = together(send_again)
    assert isinstance(first, edits.Edited)
    assert isinstance(second, edits.Edited)
    assert (first.edit_id, {first.is_repeated, second.is_repeated}) == (second.edit_id, {True, False})

    with access.open(town.scope("staff", "bea")) as asker:
        shown = edits.version_of(asker, town.in_west).status

    def both(at: int) -> object:
        order = Order(uuid4(), "status", expected=shown)
        with access.open(town.scope("staff", ("bea", "berta")[at])) as asker:
            return edits.add_status_event(asker, order, town.in_west, state=("closed", "observation")[at], **status)

    answers = together(both)
    [conflict] = [one for one in answers if isinstance(one, EditConflict)]
    [done] = [one for one in answers if isinstance(one, edits.Edited)]
    assert conflict.by in ("bea", "berta")
    with access.open(town.scope("staff", "bea")) as asker:
        assert conflict.current == edits.version_of(asker, town.in_west).status
        assert [one.edit_id for one in edits.read_edits(asker, town.in_west)] == [done.edit_id, first.edit_id]
