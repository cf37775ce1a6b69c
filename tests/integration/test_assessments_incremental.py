"""What a run computes of what was touched is what a run over the whole city gives, whatever came in between."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geodata import records
from geodata.assessment import computing, stale
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.deliveries import delivery
from tests.factories.editing import AS_OF

HOUSES = 8
ROUNDS = 12
_DEFECTS = ("fire_load", "facade", "heating", "damp_mould", "waste", "building_other", "letter_boxes_bells")
_STATES = ("hint", "recorded", "owner_clarified", "procedure_regulatory", "closed", "reopened")
_VERSIONED = ("inspection", "status_event", "assessment_event", "measure", "supply_cut", "closure", "closure_event")


def visit(connection: Connection, chance: random.Random, house: int, on: date) -> None:
    access = chance.choice(("none", "outside", "common_areas", "flat"))
    found = [] if access == "none" else chance.sample(_DEFECTS, chance.randrange(3))
    result = "not_completed" if access == "none" else "finding" if found else "no_finding"
    told: dict[str, Any] = {"access_reached": access, "result": result, "defects": found}
    facts.inspection(connection, house, on, **told)


def enter(connection: Connection, chance: random.Random, house: int, on: date) -> None:
    facts.status(connection, house, chance.choice(_STATES), on)


def judge(connection: Connection, chance: random.Random, house: int, on: date) -> None:
    facts.assessment(connection, house, on, pressure=chance.randrange(4), room_to_act=chance.randrange(3))


def order(connection: Connection, chance: random.Random, house: int, on: date) -> None:
    end = {"closed_on": on + timedelta(days=chance.randrange(1, 300)), "outcome": "fulfilled"}
    ended: dict[str, Any] = end if chance.random() < 0.5 else {}
    told: dict[str, Any] = {
        "opened_on": on,
        "is_order_enforceable": chance.random() < 0.5,
        "final_on": on + timedelta(days=60) if chance.random() < 0.5 else None,
        "court_status": chance.choice(("none", "action_pending")),
    }
    facts.measure(connection, house, chance.choice(("housing_order", "agreement")), **told, **ended)


def cut(connection: Connection, chance: random.Random, house: int, on: date) -> None:
    ended = on + timedelta(days=chance.randrange(1, 200))
    facts.supply_cut(connection, house, announced_on=on, cut_on=on, restored_on=ended)


def close(connection: Connection, chance: random.Random, house: int, on: date) -> None:
    key = facts.closure(connection, house, on)
    if chance.random() < 0.6:
        facts.closure_event(connection, house, key, "reopened", on + timedelta(days=chance.randrange(1, 300)))


_COMING: tuple[Callable[[Connection, random.Random, int, date], None], ...] = (
    visit, visit, visit, enter, judge, order, cut, close,
)  # fmt: skip


def come(connection: Connection, chance: random.Random, houses: list[int], as_of: date) -> None:
    """One to three facts, past or ahead, and now and then one that goes; all with a moment of their own."""
    for _ in range(chance.randrange(1, 4)):
        on = as_of + timedelta(days=chance.randrange(-900, 120))
        with connection.begin_nested() as attempt:
            try:
                chance.choice(_COMING)(connection, chance, chance.choice(houses), on)
            except Exception as error:  # the same key twice is no case of this test
                if "_current_key" not in str(error):
                    raise
                attempt.rollback()
    if chance.random() < 0.4:
        table = chance.choice(_VERSIONED)
        own = " AND contributions IS NULL" if table == "assessment_event" else ""
        gone = f"SELECT id FROM qm.{table} WHERE superseded_at IS NULL{own} ORDER BY random() LIMIT 1"
        connection.execute(text(f"UPDATE qm.{table} SET superseded_at = clock_timestamp() WHERE id IN ({gone})"))
    for table in _VERSIONED:
        # The factories take the moment of the transaction, which is one and the same in this test.
        connection.execute(text(f"UPDATE qm.{table} SET recorded_at = clock_timestamp() WHERE recorded_at = now()"))


def computed(connection: Connection) -> list[Any]:
    query = (
        "SELECT property_id, pressure, room_to_act, facts, judged_on, judged_pressure, judged_room_to_act"
        " FROM qm.assessment_current ORDER BY property_id"
    )
    rows = connection.execute(text(query))
    # In which order the facts of a property come is nobody's business.
    return [(row.property_id, row.pressure, row.room_to_act, sorted(row.facts), *row[4:]) for row in rows]


@pytest.mark.parametrize("seed", range(3))
def test_what_was_touched_and_what_aged_is_all_that_a_whole_run_would_change(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    as_of, sizes = AS_OF, []
    with stage.as_loader() as connection:
        facts.municipality(connection)
        facts.rule(connection, interval_days=400)
        houses = [facts.property_(connection, key=f"P-{number}") for number in range(HOUSES)]
        for house in houses:
            facts.status(connection, house, "recorded", date(2024, 3, 1))
        records.refresh(connection, facts.CITY, as_of)
        computing.keep(connection, facts.CITY)
        for _ in range(ROUNDS):
            come(connection, chance, houses, as_of)
            as_of += timedelta(days=chance.choice((0, 0, 1, 30, 200)))
            delivery(connection)
            records.refresh(connection, facts.CITY, as_of)
            wanted = stale.wanted(connection, facts.CITY)
            assert wanted is not None, "neither values nor rules have changed"
            sizes.append(len(wanted))
            computing.keep(connection, facts.CITY)
            of_the_touched = computed(connection)
            assert computing.assess(connection, facts.CITY) == 0, "a whole run finds levels that the other one missed"
            assert computed(connection) == of_the_touched
            assert stale.is_quiet(connection, facts.CITY)
    assert min(sizes) < HOUSES / 2, "not everything was computed every time"


def test_a_changed_rule_and_a_date_that_goes_back_concern_all(stage: Stage) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection)
        facts.property_(connection)
        records.refresh(connection, facts.CITY, AS_OF)
        assert stale.wanted(connection, facts.CITY) is None, "nothing was ever computed"
        computing.keep(connection, facts.CITY)
        assert stale.wanted(connection, facts.CITY) == []
        delivery(connection)
        assert stale.wanted(connection, facts.CITY) == [], "a delivery of something else"
        facts.rule(connection)
        connection.execute(text("UPDATE qm.interval_rule SET recorded_at = clock_timestamp()"))
        assert stale.wanted(connection, facts.CITY) is None
        computing.keep(connection, facts.CITY)
        records.refresh(connection, facts.CITY, AS_OF - timedelta(days=1))
        assert stale.wanted(connection, facts.CITY) is None
