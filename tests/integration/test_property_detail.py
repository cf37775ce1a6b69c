"""One property as staff and as a manager see it. The house in the story is Musterweg 7."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text, update

from geodata import tables
from geodata.access import Scope
from geodata.errors import NotAllowed
from geodata.inspections import read_due_dates, read_inspections
from geodata.intervals import Visit
from geodata.property_detail import (
    find_property,
    read_assessments,
    read_neighbours,
    read_property,
    read_status_events,
)
from geodata.records import refresh
from tests.factories.deliveries import delivery, round_
from tests.factories.facts import (
    CITY,
    area,
    assessment,
    inspection,
    municipality,
    point,
    property_,
    rule,
    square,
    status,
)

AS_OF = date(2026, 11, 15)
STAFF = Scope(CITY, "staff", "bauaufsicht")
HOUSE = [("Musterweg", 7)]
JANUARY, MARCH = datetime(2026, 1, 10, 9, tzinfo=UTC), datetime(2026, 3, 10, 9, tzinfo=UTC)


def neighbour(connection: Connection, key: str, *, x_m: float, **version: Any) -> int:
    """A property in the same street as the house, `x_m` metres to its east."""
    return property_(connection, key=key, addresses=[("Nachbargasse", 1)], geom=point(2_000 + x_m, 2_000), **version)


def supersede(connection: Connection, status_id: int) -> None:
    event = tables.status_event
    connection.execute(update(event).where(event.c.id == status_id).values(superseded_at=MARCH))


def test_it_is_found_by_id_and_by_register_and_key_and_nothing_else(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        house = property_(connection, key="A/17", addresses=HOUSE)
    with stage.ask(STAFF) as asker:
        assert find_property(asker, str(house)) == house
        assert find_property(asker, "main/A/17") == house  # keys may hold slashes
        for reference in ("", "0", "main/A-18", "other/A/17", "A/17", "-1", "1e3", "٣", "9" * 30, "main/"):
            assert find_property(asker, reference) is None, reference


def test_facts_and_state_are_those_of_the_date_asked_for(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        register = delivery(connection, source="properties", as_of=date(2026, 1, 9))
        house = property_(
            connection, key="A-17", addresses=HOUSE, delivery_id=register, dwellings=8, placed_by="coordinates",
            next_step="Eigentümer anhören",
            lead_office="public_order", parcels=["05-1234"],
        )  # fmt: skip
        status(connection, house, "recorded", date(2025, 1, 1))
        status(connection, house, "closed", date(2026, 6, 1))
        refresh(connection, CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        now, in_spring = read_property(asker, house, AS_OF), read_property(asker, house, date(2026, 5, 1))
        before = read_property(asker, house, date(2019, 12, 31))
    assert now is not None
    assert in_spring is not None
    assert (now.state, now.closed_on, in_spring.state, in_spring.closed_on) == (
        "closed", date(2026, 6, 1), "recorded", None,
    )  # fmt: skip
    assert before is None, "it was not recorded yet"
    assert (now.address_text, now.dwellings, now.next_step) == ("Musterweg 7", 8, "Eigentümer anhören")
    assert (now.addresses[0].street, now.addresses[0].house_number, now.parcels) == ("Musterweg", 7, ("05-1234",))
    assert (now.origin.delivery_id, now.origin.source, now.origin.as_of) == (register, "properties", date(2026, 1, 9))
    assert now.position is not None
    assert now.position.placed_by == "coordinates"
    assert (round(now.position.longitude, 2), round(now.position.latitude, 2)) == (7.48, 51.37)


def test_a_property_without_a_point_has_no_position_and_no_neighbours(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        house = property_(connection, key="A-17", addresses=HOUSE, geom=None)
        neighbour(connection, "B-1", x_m=0)
        refresh(connection, CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        detail = read_property(asker, house, AS_OF)
        assert detail is not None
        assert detail.position is None
        assert read_neighbours(asker, house, AS_OF) == ()


def test_a_corrected_event_names_the_delivery_that_replaced_it(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        first = delivery(connection, source="status", as_of=date(2026, 1, 9), recorded_at=JANUARY)
        second = delivery(connection, source="status", as_of=date(2026, 3, 9), recorded_at=MARCH)
        house = property_(connection, key="A-17", addresses=HOUSE)
        wrong = {"key": "E-1", "delivery_id": first, "recorded_at": JANUARY}
        supersede(connection, status(connection, house, "demolition", date(2026, 1, 5), **wrong))
        status(connection, house, "renovation", date(2026, 1, 5), key="E-1", delivery_id=second, recorded_at=MARCH)
        supersede(connection, status(connection, house, "closed", date(2026, 1, 6), recorded_at=JANUARY))
    with stage.ask(STAFF) as asker:
        events = {event.state: event for event in read_status_events(asker, house, AS_OF)}
        assert read_status_events(asker, house, date(2026, 1, 4)) == ()
    assert events["renovation"].history.is_current
    corrected = events["demolition"].history
    assert (corrected.superseded_at, corrected.origin.delivery_id) == (MARCH, first)
    assert corrected.replaced_by is not None
    assert corrected.replaced_by.delivery_id == second
    gone = events["closed"].history
    assert gone.superseded_at == MARCH
    assert gone.replaced_by is None


def test_assessments_carry_their_inputs_and_the_colour_of_the_table(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        house = property_(connection, key="A-17", addresses=HOUSE)
        colour = connection.execute(
            text("select colour from qm.assessment_colour where pressure = 3 and room_to_act = 3")
        ).scalar_one()
        assessment(connection, house, date(2026, 2, 1), pressure=3, room_to_act=3, source="Begehung")
    with stage.ask(STAFF) as asker:
        (read,) = read_assessments(asker, house, AS_OF)
    assert (read.pressure, read.room_to_act, read.source) == (3, 3, "Begehung")
    assert read.colour == colour


def test_visits_come_with_their_round_up_to_the_date(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        house = property_(connection, key="A-17", addresses=HOUSE)
        round_(connection, "R-1", date(2026, 5, 4), persons_met=987_654_321)
        inspection(connection, house, date(2026, 5, 4), round_key="R-1", result="finding", defects=["waste"])
        inspection(connection, house, date(2026, 2, 4), access_reached="none", result="not_completed")
        inspection(connection, house, date(2026, 11, 16))
    with stage.ask(STAFF) as asker:
        visits = read_inspections(asker, house, AS_OF)
    assert [visit.valid_on for visit in visits] == [date(2026, 5, 4), date(2026, 2, 4)]
    assert visits[0].round is not None
    assert visits[0].round.offices == ("police", "fire_brigade")
    assert (visits[0].defects, visits[1].round) == (("waste",), None)
    assert "987654321" not in repr(visits), "counts of persons never leave the round"


def test_the_shortest_rule_wins_and_failed_visits_are_counted(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        house = property_(connection, key="A-17", addresses=HOUSE)
        quarter = area(connection, key="q1", kind="quartier", name="Quartier q1")
        rule(connection, key="city", access_required="flat")
        rule(
            connection, key="focus", interval_days=60, access_required="flat", area_id=quarter,
            legal_basis="Beispielsatzung § 1",
        )  # fmt: skip
        inspection(connection, house, date(2026, 5, 4))
        inspection(connection, house, date(2026, 8, 4), access_reached="none", result="not_completed")
        inspection(connection, house, date(2026, 9, 4), access_reached="outside", result="not_completed")
        refresh(connection, CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        visits = [
            Visit(visit.control_type, visit.valid_on, visit.access_reached)
            for visit in read_inspections(asker, house, AS_OF)
        ]
        (due,) = read_due_dates(asker, house, AS_OF, visits=visits, is_inhabited=True)
    assert (due.control_type, due.last_effective_on, due.due_on) == (
        "joint_control", date(2026, 5, 4), date(2026, 7, 3),
    )  # fmt: skip
    assert (due.rule.key, due.rule.area_name, due.rule.legal_basis) == ("focus", "Quartier q1", "Beispielsatzung § 1")
    assert due.failed_visits == 2


def test_neighbours_are_sorted_by_distance_and_end_at_the_radius(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        house = property_(connection, key="A-17", addresses=HOUSE)
        far = neighbour(connection, "B-2", x_m=99.5)
        near = neighbour(connection, "B-1", x_m=-60)
        neighbour(connection, "B-3", x_m=101)
        neighbour(connection, "B-4", x_m=10, registered_on=date(2026, 11, 1))
        refresh(connection, CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        found = read_neighbours(asker, house, date(2026, 10, 1))
    assert [(other.id, round(other.distance_m, 1)) for other in found] == [(near, 60.0), (far, 99.5)]
    assert found[0].address_text == "Nachbargasse 1"


def test_a_manager_sees_the_assigned_area_without_the_words_of_case_workers(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        register = delivery(connection, source="properties", as_of=date(2026, 1, 9))
        quarter = area(connection, key="q1", kind="quartier", geom=square(1_950, 1_950, 100))
        house = property_(connection, key="A-17", addresses=HOUSE, next_step="Eigentümer anhören", delivery_id=register)
        outside = neighbour(connection, "B-1", x_m=60)
        status(connection, house, "recorded", date(2025, 1, 1), reason="Hinweis der Nachbarschaft")
        refresh(connection, CITY, AS_OF)
    manager = Scope(CITY, "manager", "quartier", frozenset({quarter}))
    with stage.ask(manager) as asker:
        detail = read_property(asker, house, AS_OF)
        (event,) = read_status_events(asker, house, AS_OF)
        assert detail is not None
        assert detail.next_step is None
        assert event.reason is None
        assert detail.origin.delivery_id == register
        assert detail.origin.source == "properties"
        assert find_property(asker, str(outside)) is None
        assert find_property(asker, "main/B-1") is None
        assert read_property(asker, outside, AS_OF) is None
        assert read_neighbours(asker, house, AS_OF) == (), "a neighbour out of scope stays unknown"
        assert read_inspections(asker, house, AS_OF) == ()


def test_another_city_and_politics_get_nothing(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        house = property_(connection, key="A-17", addresses=HOUSE)
        refresh(connection, CITY, AS_OF)
    with stage.ask(Scope("de-test02", "staff", "nachbarstadt")) as asker:
        assert find_property(asker, str(house)) is None
        assert read_property(asker, house, AS_OF) is None
    with stage.ask(Scope(CITY, "politics", "rat")) as asker:
        for read in (read_property, read_status_events, read_assessments, read_inspections, read_neighbours):
            with pytest.raises(NotAllowed):
                read(asker, house, AS_OF)
