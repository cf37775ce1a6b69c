"""What was computed of a property is no fact: it neither moves by itself, nor keeps anything from being taken back."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from etl.withdraw import withdraw
from geodata import edits, records
from geodata.assessment import computing
from geodata.edits.movable import chosen_ids, read_movable
from geodata.settings import DatabaseUrls
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order
from tests.factories.office import Office


@pytest.fixture
def desk(stage: Stage) -> Desk:
    """In the west a fire load, in the east waste, each found by a control of another type; computed today."""
    desk = Desk(stage)
    with desk.loader() as connection:
        day = AS_OF - timedelta(days=9)
        facts.inspection(connection, desk.in_west, day, result="finding", defects=["fire_load"])
        facts.inspection(connection, desk.in_east, day, control_type="fire_safety", result="finding", defects=["waste"])
        records.refresh(connection, facts.CITY, AS_OF)
    run(desk)
    return desk


def run(desk: Desk) -> None:
    with desk.loader() as connection:
        computing.keep(connection, facts.CITY)
        assert computing.assess(connection, facts.CITY) == 0, "a run over all finds what one over the touched ones left"


def pressures(desk: Desk) -> dict[int, int | None]:
    with desk.loader() as connection:
        query = text("SELECT property_id, pressure FROM qm.property_current ORDER BY 1")
        return {row.property_id: row.pressure for row in connection.execute(query)}


def split(desk: Desk) -> edits.Edited:
    draft = edits.PropertyDraft((edits.AddressDraft("Beispielweg", 3),), use_type="residential")
    with desk.staff() as asker:
        names = [one.name for one in read_movable(asker, desk.in_west)]
        assert not [one for one in names if one.startswith("assessment_event")]
        moved = chosen_ids(asker, desk.in_west, [one for one in names if one.startswith("inspection")])
        return edits.split(asker, order(), desk.in_west, draft, fact_ids=moved, happened_on=AS_OF)


@pytest.fixture
def with_two_addresses(desk: Desk) -> Desk:
    draft = edits.PropertyDraft(
        (edits.AddressDraft("Beispielweg", 1), edits.AddressDraft("Beispielweg", 3)), use_type="residential"
    )
    with desk.staff() as asker:
        edits.correct_property(asker, order(), desk.in_west, draft)
    run(desk)
    return desk


def test_both_of_a_split_are_computed_of_what_each_has_and_the_split_can_be_undone(with_two_addresses: Desk) -> None:
    desk = with_two_addresses
    before = pressures(desk)
    assert before[desk.in_west] == 2
    done = split(desk)
    run(desk)
    after = pressures(desk)
    assert after[done.property_id or 0] == 2
    with desk.staff() as asker:
        edits.undo(asker, done.edit_id, uuid4())
    run(desk)
    assert pressures(desk) == before


def test_a_merge_can_be_undone_after_a_run(desk: Desk) -> None:
    before = pressures(desk)
    with desk.staff() as asker:
        done = edits.merge(asker, order(), desk.in_west, desk.in_east, happened_on=AS_OF)
    run(desk)
    # A fire load and waste: 6 points.
    assert pressures(desk) == {desk.in_east: 3}
    with desk.staff() as asker:
        edits.undo(asker, done.edit_id, uuid4())
    run(desk)
    assert pressures(desk) == before


def test_what_a_court_says_later_does_not_count_before(desk: Desk) -> None:
    with desk.loader() as connection:
        values = {"court_status": "action_pending", "is_order_enforceable": True}
        facts.measure(connection, desk.in_west, court_since_on=AS_OF + timedelta(days=1), **values)
        computing.assess(connection, facts.CITY)
        query = text("SELECT room_to_act FROM qm.assessment_current WHERE property_id = :id")
        assert connection.execute(query, {"id": desk.in_west}).scalar_one() == 2


def test_a_delivery_of_objects_can_be_withdrawn_after_a_run(clean_urls: DatabaseUrls, tmp_path: Path) -> None:
    office = Office(clean_urls, tmp_path)
    head = "key;registered_on;use_type;dwellings;address;x;y\n"
    report = office.sends("properties", head + "A;01.02.2020;residential;4;Weg 1;394000;5691000")
    visits = "key;property_key;inspected_on;result\nV1;A;01.02.2026;no_finding"
    visited = office.sends("inspections", visits)
    engine = create_engine(clean_urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        assert computing.keep(connection, "de-test01") == 1
    for one in (visited, report):
        withdraw(clean_urls.load, int(one.delivery or 0))
    with engine.begin() as connection:
        computing.keep(connection, "de-test01")
    engine.dispose()
    left = "SELECT count(*) FROM qm.assessment_event WHERE superseded_at IS NULL"
    assert office.ask(left) == [(0,)]
    assert office.ask("SELECT count(*) FROM qm.assessment_current") == [(0,)]
