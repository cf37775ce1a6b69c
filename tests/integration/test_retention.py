"""Retention: every table has a class, every class a rule, and what is due goes with what is not due left alone."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, select, text

from geodata import records, tables
from geodata.access import Scope
from geodata.errors import NotAllowed, UsageError
from geodata.keeping import erasure, retention
from geodata.keeping.erasure_ledger import Ledger
from geodata.keeping.retention_sweeps import SWEEPS
from geodata.tables.owners import owner, ownership
from tests.conftest import Stage
from tests.factories import deliveries, facts
from tests.factories.facts import CITY

TODAY = date(2026, 11, 22)
LONG_AGO = datetime(2010, 5, 1, 9, tzinfo=UTC)
YESTERDAY = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def sweep(connection: Connection, record_class: str, ledger: Ledger) -> dict[str, int]:
    rule = retention.read_rules(connection)[record_class]
    return dict(retention.apply(connection, rule, TODAY, by="bea", ledger=ledger))


def due(connection: Connection, record_class: str) -> tuple[int | None, date | None]:
    [found] = [one for one in retention.find_due(connection, TODAY) if one.rule.record_class == record_class]
    return found.rows, found.oldest


def edit(connection: Connection, property_id: int | None = None, **values: Any) -> int:
    row = {
        "municipality": CITY,
        "submission": uuid4(),
        "kind": "note",
        "account": "bea",
        "account_name": "Bea",
    } | values
    statement = insert(tables.edit).values(property_id=property_id, **row)
    return int(connection.execute(statement.returning(tables.edit.c.id)).scalar_one())


def house(connection: Connection, key: str, *events: tuple[str, date]) -> int:
    facts.municipality(connection)
    property_id = facts.property_(connection, key=key)
    for state, day in events:
        facts.status(connection, property_id, state, day)
    records.refresh(connection, CITY, TODAY)
    return property_id


def test_every_table_has_a_class_and_every_class_a_rule(loader: Connection) -> None:
    """A new table fails here until somebody has decided how long its rows are kept."""
    query = text(
        "SELECT c.oid::regclass::text FROM pg_class AS c WHERE c.relkind IN ('r', 'p')"
        " AND c.relnamespace::regnamespace::text IN ('qm', 'owners', 'published', 'audit')"
    )
    assert set(loader.execute(query).scalars()) == set(retention.CLASSES)
    rules = retention.read_rules(loader)
    assert {name for classes in retention.CLASSES.values() for name in classes} == set(rules)
    with_period = {name for name, rule in rules.items() if rule.kept is not None}
    elsewhere = {"property", "property_unconfirmed", "audit", *retention.KEPT_BY_PROGRAM}
    assert set(SWEEPS) == with_period - elsewhere
    assert not any(rule.is_confirmed for rule in rules.values())


def test_a_delivery_that_anything_still_names_stays(loader: Connection) -> None:
    """Deleting it would fail, and with it the whole run."""
    [_repairs, swept] = SWEEPS["delivery"]
    query = text(
        "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND confrelid = 'qm.delivery'::regclass"
    )
    naming = set(loader.execute(query).scalars())
    assert {name for name in naming if f"FROM {name} AS" not in swept.where} == set()


def test_moments_are_counted_as_days_in_berlin() -> None:
    sweeps = [one for found in SWEEPS.values() for one in found]
    of_moments = [one.since for one in sweeps if "_at" in one.since]
    assert len(of_moments) > 10
    assert [since for since in of_moments if "Europe/Berlin" not in since] == []


def test_nothing_is_due_in_an_empty_city_and_every_query_runs(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        house(connection, "P-1", ("recorded", date(2026, 1, 1)))
        assert {one.rule.record_class for one in retention.find_due(connection, TODAY) if one.rows} == set()
        for name in retention.read_rules(connection):
            assert sweep(connection, name, ledger) == {}
        assert erasure.read_proofs(connection) == ()


def test_closed_and_unconfirmed_objects_go_as_a_whole(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        house(connection, "closed", ("recorded", date(2015, 1, 1)), ("closed", date(2021, 11, 21)))
        recent = house(connection, "recent", ("recorded", date(2015, 1, 1)), ("closed", date(2021, 11, 22)))
        reopened = house(connection, "reopened", ("closed", date(2018, 1, 1)), ("reopened", date(2019, 1, 1)))
        house(connection, "hint", ("hint", date(2025, 11, 21)))
        house(connection, "denied", ("recorded", date(2020, 1, 1)), ("not_confirmed", date(2024, 1, 1)))
        assert due(connection, "property") == (1, date(2021, 11, 21))
        assert due(connection, "property_unconfirmed") == (2, date(2024, 1, 1))
        assert sweep(connection, "property", ledger)["qm.property"] == 1
        assert sweep(connection, "property_unconfirmed", ledger)["qm.property"] == 2
        assert set(connection.execute(select(tables.property_.c.id)).scalars()) == {recent, reopened}
        proofs = erasure.read_proofs(connection)
        assert [(one["kind"], one["reason"]) for one in proofs] == [("property", "retention")] * 3


def test_a_record_goes_with_the_object_into_which_it_was_merged(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        closed = house(connection, "closed", ("recorded", date(2010, 1, 1)), ("closed", date(2012, 1, 1)))
        twin = house(connection, "twin")
        link = {"kind": "merge", "from_property_id": twin, "to_property_id": closed, "happened_on": date(2011, 1, 1)}
        connection.execute(insert(tables.property_link).values(municipality=CITY, edit_id=edit(connection), **link))
        records.refresh(connection, CITY, TODAY)
        assert sweep(connection, "property", ledger)["qm.property"] == 2
        assert connection.execute(select(tables.property_.c.id)).all() == []
        assert len(erasure.read_proofs(connection)) == 2


def test_old_visits_go_and_what_follows_from_them_is_derived_anew(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        property_id = house(connection, "P-1", ("recorded", date(2010, 1, 1)))
        own = edit(connection, property_id)
        facts.inspection(connection, property_id, date(2016, 11, 21), edit_id=own)
        facts.inspection(connection, property_id, date(2016, 11, 22))
        records.refresh(connection, CITY, TODAY)
        current = select(tables.property_current.c.inspections)
        assert connection.execute(current).scalar_one() == 2
        assert sweep(connection, "inspection", ledger) == {"qm.inspection": 1}
        assert connection.execute(current).scalar_one() == 1
        assert connection.execute(select(tables.edit.c.id)).all() == []
        [proof] = erasure.read_proofs(connection)
        assert (proof["kind"], proof["what"], proof["counts"]) == ("retention", "inspection", {"qm.inspection": 1})


def test_counts_of_persons_go_before_their_round(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection)
        deliveries.round_(connection, "old", date(2024, 11, 21), persons_met=3, persons_reported=0, objects=4)
        deliveries.round_(connection, "new", date(2024, 11, 22), persons_met=5)
        assert due(connection, "person_count") == (1, date(2024, 11, 21))
        assert sweep(connection, "person_count", ledger) == {"qm.inspection_round": 1}
        columns = tables.inspection_round.c
        rows = connection.execute(select(columns.persons_met, columns.persons_reported, columns.objects))
        assert set(rows) == {(None, None, 4), (5, None, None)}
        assert sweep(connection, "person_count", ledger) == {}


def test_superseded_versions_go_unless_a_delivery_is_compared_with_them(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        property_id = house(connection, "P-1")
        delivery_id = deliveries.delivery(connection)
        old = {"superseded_at": LONG_AGO, "delivery_id": delivery_id}
        [current] = connection.execute(select(tables.property_version.c.id)).scalars()
        add_version(connection, property_id, superseded_at=LONG_AGO)
        facts.status(connection, property_id, "hint", date(2010, 1, 1), key="E-1", **old)
        facts.status(connection, property_id, "recorded", date(2010, 1, 1), key="E-1", delivery_id=delivery_id)
        # Here an edit stands in its place: the next file is compared with this row, or else it would undo the edit.
        facts.status(connection, property_id, "hint", date(2011, 1, 1), key="E-2", **old)
        facts.status(
            connection, property_id, "recorded", date(2011, 1, 1), key="E-2", edit_id=edit(connection, property_id)
        )
        facts.status(connection, property_id, "hint", date(2012, 1, 1), key="E-3", superseded_at=YESTERDAY)
        assert sweep(connection, "superseded_version", ledger) == {"qm.property_version": 1, "qm.status_event": 1}
        events = connection.execute(select(tables.status_event.c.key, tables.status_event.c.state)).all()
        assert sorted(events) == [
            ("E-1", "recorded"), ("E-2", "hint"), ("E-2", "recorded"), ("E-3", "hint"),
        ]  # fmt: skip
        assert connection.execute(select(tables.property_version.c.id)).scalars().all() == [current]
        assert connection.execute(select(tables.property_address.c.property_version_id)).scalars().all() == [current]


def test_what_a_merge_moved_stays_for_the_dates_before_it(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        other = house(connection, "goes-on")
        twin = house(connection, "twin")
        day = {"recorded_at": LONG_AGO, "happened_on": LONG_AGO.date(), "to_property_id": other, "kind": "merge"}
        link = {"municipality": CITY, "edit_id": edit(connection), "from_property_id": twin, **day}
        connection.execute(insert(tables.property_link).values(link))
        facts.inspection(connection, twin, date(2009, 1, 1), superseded_at=LONG_AGO)
        assert sweep(connection, "superseded_version", ledger) == {}
        connection.execute(tables.property_link.update().values(superseded_at=YESTERDAY))
        assert sweep(connection, "superseded_version", ledger) == {"qm.inspection": 1}


def add_version(connection: Connection, property_id: int, **values: Any) -> None:
    row = {"municipality": CITY, "property_id": property_id, **values}
    statement = insert(tables.property_version).values(row).returning(tables.property_version.c.id)
    version_id = connection.execute(statement).scalar_one()
    address = {"position": 1, "street": "Altweg", "street_norm": "altweg", "property_version_id": version_id}
    connection.execute(insert(tables.property_address).values(municipality=CITY, **address))


def test_notes_photographs_names_and_former_owners(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        property_id = house(connection, "P-1")
        old, new = edit(connection, property_id, made_at=LONG_AGO), edit(connection, property_id, made_at=YESTERDAY)
        for day, edit_id in ((date(2023, 11, 21), old), (date(2023, 11, 22), new)):
            row = {"key": uuid4(), "note_class": "case", "written_on": day, "body": "x", "edit_id": edit_id}
            connection.execute(insert(tables.note).values(municipality=CITY, property_id=property_id, **row))
        picture = {"is_checked": True, "width_px": 1, "height_px": 1, "content": b"x", "preview": b"x", "edit_id": old}
        for moments in ({"recorded_at": LONG_AGO}, {"superseded_at": datetime(2026, 10, 1, tzinfo=UTC)}, {}):
            row = {**picture, **moments}
            connection.execute(insert(tables.photograph).values(municipality=CITY, property_id=property_id, **row))
        delivery_id = deliveries.delivery(connection, delivered_by="bea", recorded_at=LONG_AGO)
        fill_owners(connection, property_id, delivery_id)
        assert sweep(connection, "note", ledger) == {"qm.note": 1}
        assert sweep(connection, "photograph_superseded", ledger) == {"qm.photograph": 1}
        assert sweep(connection, "photograph", ledger) == {"qm.photograph": 1}
        assert sweep(connection, "account_name", ledger) == {"qm.edit": 1, "qm.delivery": 1}
        names = connection.execute(select(tables.edit.c.account, tables.edit.c.account_name))
        assert set(names) == {("-", "-"), ("bea", "Bea")}
        assert sweep(connection, "former_owner", ledger) == {"owners.ownership": 1, "owners.owner": 2}
        assert connection.execute(select(owner.c.key)).scalars().all() == ["still"]
        assert sweep(connection, "delivery", ledger) == {}
        connection.execute(text("DELETE FROM owners.ownership"))
        connection.execute(text("DELETE FROM owners.owner"))
        assert sweep(connection, "delivery", ledger) == {"qm.delivery": 1}


def fill_owners(connection: Connection, property_id: int, delivery_id: int) -> None:
    """One who owns it still, one who sold it two years ago, and one without any property."""
    common = {"municipality": CITY, "delivery_id": delivery_id, "recorded_at": LONG_AGO}
    for key in ("still", "sold", "never"):
        connection.execute(insert(owner).values(key=key, kind="person", **common))
    for key, valid_to in (("still", None), ("sold", date(2024, 11, 1))):
        row = {"key": key, "owner_key": key, "valid_from": date(2010, 1, 1), "valid_to": valid_to, **common}
        connection.execute(insert(ownership).values(property_id=property_id, **row))


def test_a_rule_is_decided_by_somebody_and_not_everywhere(stage: Stage) -> None:
    with stage.as_loader() as connection:
        decided: dict[str, Any] = {"decided_by": "Rechtsamt", "decided_on": TODAY}
        rule = retention.change_rule(connection, "note", 2, "years", basis="§ 1", **decided)
        assert (rule.kept, rule.unit, rule.is_confirmed, rule.decided_by) == (2, "years", True, "Rechtsamt")
        for name in ("publication", "rejected_row"):
            with pytest.raises(UsageError, match="no period that can be decided here"):
                retention.change_rule(connection, name, 1, "years", **decided)
        with pytest.raises(UsageError, match="There is no class nonsense"):
            retention.change_rule(connection, "nonsense", 1, "years", **decided)


@pytest.mark.parametrize(
    ("events", "expected", "record_class"),
    [
        ([("recorded", date(2015, 1, 1)), ("closed", date(2024, 2, 29))], date(2029, 2, 28), "property"),
        ([("recorded", date(2015, 1, 1))], None, "property"),
        ([("hint", date(2026, 1, 31))], date(2027, 1, 31), "property_unconfirmed"),
    ],
)
def test_every_object_can_tell_when_it_goes(
    stage: Stage, events: list[tuple[str, date]], expected: date | None, record_class: str
) -> None:
    with stage.as_loader() as connection:
        facts.area(connection, city=facts.municipality(connection))
        property_id = house(connection, "P-1", *events)
    with stage.ask(Scope(CITY, "staff", "bea")) as asker:
        deletion = retention.deletion_of(asker, property_id)
        assert deletion is not None
        assert (deletion.on, deletion.rule.record_class) == (expected, record_class)
        assert retention.deletion_of(asker, property_id + 1) is None
    external = Scope(CITY, "external_manager", "nuri", frozenset({1}))
    with stage.ask(external) as asker, pytest.raises(NotAllowed):
        retention.deletion_of(asker, property_id)
