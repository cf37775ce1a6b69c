"""The state of properties on a date: what counts, what is too late, what was superseded."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geodata import records
from tests.factories import facts

AS_OF = date(2026, 6, 30)


def state_of(connection: Connection, as_of: date = AS_OF) -> dict[str, Any]:
    query = text("SELECT * FROM qm.property_at(:city, :as_of)")
    return dict(connection.execute(query, {"city": facts.CITY, "as_of": as_of}).mappings().one())


@pytest.fixture
def connection(loader: Connection) -> Connection:
    facts.municipality(loader)
    return loader


def test_a_property_with_nothing_but_its_register_row_is_there(connection: Connection) -> None:
    facts.property_(connection, addresses=[("Beispielweg", 95), ("Beispielweg", 97), ("Hofgasse", 2)])
    row = state_of(connection)
    assert row["address_text"] == "Beispielweg 95, 97; Hofgasse 2"
    assert row["search_text"] == "beispielweg 95 97 hofgasse 2 p 1"
    assert (row["state"], row["inspections"], row["area_ids"]) == (None, 0, [])


def test_it_is_not_there_before_its_recording(connection: Connection) -> None:
    facts.property_(connection, registered_on=date(2026, 7, 1))
    query = text("SELECT count(*) FROM qm.property_at(:city, :as_of)")
    counts = [
        connection.execute(query, {"city": facts.CITY, "as_of": as_of}).scalar_one()
        for as_of in (date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert counts == [0, 1]


def test_without_a_date_of_recording_the_first_fact_counts(connection: Connection) -> None:
    house = facts.property_(connection, registered_on=None)
    facts.status(connection, house, "suspicion", date(2024, 3, 1))
    facts.inspection(connection, house, date(2023, 5, 9))
    assert state_of(connection)["registered_on"] == date(2023, 5, 9)


def test_the_last_event_of_the_day_decides_by_its_running_number(connection: Connection) -> None:
    house = facts.property_(connection)
    facts.status(connection, house, "assessed", date(2026, 6, 30), running_number=2)
    facts.status(connection, house, "recorded", date(2026, 6, 30), running_number=1)
    facts.status(connection, house, "closed", date(2026, 7, 1))
    row = state_of(connection)
    assert (row["state"], row["state_since_on"], row["closed_on"]) == ("assessed", AS_OF, None)


@pytest.mark.parametrize(
    ("story", "closed_on"),
    [
        ([("closed", date(2025, 1, 1))], date(2025, 1, 1)),
        ([("not_confirmed", date(2025, 1, 1))], date(2025, 1, 1)),
        ([("closed", date(2025, 1, 1)), ("observation", date(2025, 2, 1))], date(2025, 1, 1)),
        ([("closed", date(2025, 1, 1)), ("reopened", date(2025, 2, 1))], None),
        (
            [("closed", date(2025, 1, 1)), ("reopened", date(2025, 2, 1)), ("closed", date(2025, 3, 1))],
            date(2025, 3, 1),
        ),
    ],
)
def test_closed_until_reopened(connection: Connection, story: list[tuple[str, date]], closed_on: date | None) -> None:
    house = facts.property_(connection)
    for state, valid_on in story:
        facts.status(connection, house, state, valid_on)
    assert state_of(connection)["closed_on"] == closed_on


def test_a_superseded_fact_never_counts(connection: Connection) -> None:
    house = facts.property_(connection)
    facts.assessment(connection, house, date(2026, 1, 1), pressure=0, room_to_act=0)
    wrong = facts.assessment(connection, house, date(2026, 2, 1), pressure=3, room_to_act=3)
    connection.execute(text("UPDATE qm.assessment_event SET superseded_at = now() WHERE id = :id"), {"id": wrong})
    row = state_of(connection)
    assert (row["assessment_colour"], row["assessed_on"]) == ("green", date(2026, 1, 1))


def test_areas_are_those_whose_outline_held_on_the_date(connection: Connection) -> None:
    old = facts.area(connection, key="old", valid_to=date(2020, 1, 1))
    new = facts.area(connection, key="new", valid_from=date(2020, 1, 1))
    facts.area(connection, key="elsewhere", geom=facts.square(3_000, 3_000, 500))
    facts.property_(connection, registered_on=date(2012, 1, 1))
    records.refresh(connection, facts.CITY, AS_OF)
    assert state_of(connection)["area_ids"] == [new]
    assert state_of(connection, date(2019, 12, 31))["area_ids"] == [old]


def test_refresh_of_one_property_leaves_the_others_and_equals_a_full_one(connection: Connection) -> None:
    facts.area(connection)
    facts.rule(connection)
    first, second = (facts.property_(connection, key=key) for key in ("P-1", "P-2"))
    records.refresh(connection, facts.CITY, AS_OF)
    facts.inspection(connection, first, date(2026, 6, 1))
    records.refresh(connection, facts.CITY, AS_OF, property_ids=[first])
    partly = derived(connection)
    records.refresh(connection, facts.CITY, AS_OF)
    assert partly == derived(connection)
    assert {row["property_id"] for row in partly["property_current"]} == {first, second}


def derived(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    tables = ("property_area", "property_current", "property_due")
    return {
        table: [dict(row) for row in connection.execute(text(f"SELECT * FROM qm.{table} ORDER BY 1, 2, 3")).mappings()]
        for table in tables
    }


def test_a_hexagon_contains_the_points_that_carry_its_number(connection: Connection) -> None:
    query = text(
        """
        SELECT count(*) FILTER (WHERE NOT ST_DWithin(
            qm.hex_outline(qm.hex_cell(x, y, 500), 500), ST_SetSRID(ST_MakePoint(x, y), 25832), 0.001))
        FROM generate_series(-3000, 3000, 171) AS x, generate_series(5690000, 5696000, 173) AS y
        """
    )
    assert connection.execute(query).scalar_one() == 0
