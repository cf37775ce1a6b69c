"""From the database to a scenario: the pairs of the list of what is due, and teams as the rounds of a year tell."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from geodata import records
from geodata.access import Scope
from geodata.control_reads import read_due_list
from geodata.errors import NotAllowed
from geodata.filters import PropertyFilter
from geodata.scenario.question import Teams, Wish
from geodata.scenario.start import read_defaults, read_start
from tests.conftest import Stage
from tests.factories import facts

AS_OF = date(2026, 6, 30)
STAFF = Scope(facts.CITY, "staff", "bea")


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def round_(loader: Connection, key: str, held_on: date, offices: list[str], objects: int | None = None) -> str:
    values = {"city": facts.CITY, "key": key, "held_on": held_on, "offices": offices, "objects": objects}
    loader.execute(
        text(
            "insert into qm.inspection_round (municipality, key, held_on, kind, offices, objects)"
            " values (:city, :key, :held_on, 'joint_control', :offices, :objects)"
        ),
        values,
    )
    return key


def little_town(loader: Connection) -> tuple[int, int]:
    """West with two houses and a school, east with one house; returns the ids of the two areas."""
    facts.municipality(loader)
    west = facts.area(loader, key="w", kind="quartier", name="West", geom=facts.square(0, 0, 2_000))
    east = facts.area(loader, key="e", kind="quartier", name="Ost", geom=facts.square(2_000, 0, 2_000))
    facts.area(loader, key="m", kind="stadtbezirk", name="Mitte")
    facts.rule(loader, interval_days=365)
    facts.rule(loader, control_type="housing_control", interval_days=730, use_type="residential")
    facts.rule(loader, control_type="fire_safety", interval_days=2190, use_type="other", is_statutory=True)
    houses = [facts.property_(loader, key=f"P-{n}", geom=facts.point(500, 500)) for n in (1, 2)]
    school = facts.property_(loader, key="P-3", use_type="other", geom=facts.point(900, 900))
    facts.property_(loader, key="P-4", geom=facts.point(2_500, 500), registered_on=days_ago(10))
    closed = facts.property_(loader, key="P-5", geom=facts.point(500, 500))
    facts.status(loader, closed, "closed", days_ago(3))
    facts.inspection(loader, houses[0], days_ago(400), result="finding")
    facts.inspection(loader, houses[0], days_ago(30), access_reached="none", result="not_completed")
    facts.inspection(loader, houses[1], days_ago(50), result="finding")
    facts.inspection(loader, houses[1], days_ago(40), result="no_finding", running_number=2)
    facts.inspection(loader, school, days_ago(100), control_type="fire_safety")
    facts.assessment(loader, houses[0], days_ago(200), pressure=3)
    facts.assessment(loader, school, days_ago(20), pressure=1)
    return west, east


@pytest.mark.parametrize("past_days", [0, 60])
def test_the_pairs_are_those_of_the_list_on_any_date(stage: Stage, past_days: int) -> None:
    with stage.as_loader() as loader:
        west, east = little_town(loader)
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        start = read_start(asker, days_ago(past_days), "quartier")
        rows = read_due_list(asker, PropertyFilter(as_of=days_ago(past_days)))
    assert [area.name for area in start.areas] == ["Ost", "West"]
    assert start.satisfies >= {("joint_control", "housing_control")}
    ids = sorted({row.property_id for row in rows})
    listed = {
        (
            ids.index(row.property_id),
            row.control_type,
            row.rule.interval_days,
            (row.due_on - start.as_of).days,
            row.rule.is_statutory,
            row.area_ids,
        )
        for row in rows
    }
    lying_in = [
        tuple(sorted(start.member_area[start.member_property == place].tolist())) for place in range(start.properties)
    ]
    read = {
        (
            int(start.property_of[pair]),
            start.control_types[start.type_of[pair]],
            int(start.interval_days[pair]),
            int(start.due_day[pair]),
            bool(start.is_statutory[pair]),
            lying_in[start.property_of[pair]],
        )
        for pair in range(start.pairs)
    }
    assert read == {(*row[:5], tuple(sorted(row[5]))) for row in listed}
    assert start.pairs == len(rows) == 8
    assert start.of_wish(Wish(west, "joint_control", 60)).sum() == (3 if past_days == 0 else 4)
    assert start.of_wish(Wish(east, "joint_control", 60)).sum() == (1 if past_days == 0 else 0)
    order = list(zip(start.property_of.tolist(), start.type_of.tolist(), strict=True))
    assert order == sorted(order)


def test_the_weight_is_pressure_and_the_last_completed_control(stage: Stage) -> None:
    with stage.as_loader() as loader:
        little_town(loader)
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        # The last completed control of the first house had a finding; of the second one an earlier one had.
        assert read_start(asker, AS_OF, "quartier").weights.tolist() == [3 + 1, 0, 1, 0]
        assert read_start(asker, days_ago(45), "quartier").weights.tolist()[:3] == [3 + 1, 1, 0]


def test_a_city_without_a_rule_has_no_pair(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        facts.property_(loader)
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        start = read_start(asker, AS_OF, "quartier")
    assert (start.pairs, start.properties, start.control_types, start.areas) == (0, 0, (), ())


def test_teams_as_a_year_of_rounds_tells(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        facts.rule(loader)
        houses = [facts.property_(loader, key=f"P-{n}") for n in range(4)]
        for week in range(23):
            key = round_(loader, f"K-{week}", days_ago(7 * week), ["public_order", *(["police"] if week < 5 else [])])
            for house in houses:
                reached = "none" if house == houses[0] else "flat"
                facts.inspection(loader, house, days_ago(7 * week), round_key=key, access_reached=reached)
        round_(loader, "K-published", days_ago(300), ["public_order"], objects=8)
        round_(loader, "K-earlier", days_ago(500), ["customs"], objects=80)
        facts.inspection(loader, houses[1], days_ago(200))
        facts.inspection(loader, houses[1], days_ago(210), access_reached="outside")
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        found = read_defaults(asker, AS_OF)
        earlier = read_defaults(asker, days_ago(400))
    assert found.teams == Teams(1, 0.52, 4.17, 0.255, (), 46, 0.04)
    assert (found.counted.rounds, found.counted.round_visits, found.counted.single_visits) == (24, 100, 2)
    assert (found.counted.visits, found.counted.failed, found.counted.rounds_at_once) == (94, 24, 1)
    assert [(one.office, one.rounds) for one in found.counted.offices] == [("public_order", 24), ("police", 5)]
    assert found.sources["objects_per_round"] == "measured"
    assert found.sources["working_weeks_per_year"] == "assumed"
    # A year before there was one round without a recorded visit: its published number of objects is all there is.
    assert (earlier.teams.objects_per_round, earlier.teams.failed_share) == (80, 0.2)
    assert earlier.sources["failed_share"] == "assumed"


def test_a_city_without_rounds_or_visits_is_told_what_is_assumed(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        found = read_defaults(asker, AS_OF)
    assert set(found.sources.values()) == {"assumed"}
    assert found.teams.teams > 0
    assert found.teams.failed_share < 1


def test_a_city_that_visits_one_by_one_has_no_team_for_rounds(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        facts.rule(loader)
        house = facts.property_(loader)
        for days in range(0, 230, 10):
            facts.inspection(loader, house, days_ago(days))
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        found = read_defaults(asker, AS_OF)
    assert (found.teams.teams, found.teams.single_visits_per_week, found.teams.failed_share) == (0, 0.5, 0)
    assert found.sources["rounds_per_team_week"] == "assumed"


@pytest.mark.parametrize("role", ["manager", "external_manager", "politics", "admin"])
def test_only_building_control_asks_for_the_whole_city(stage: Stage, role: str) -> None:
    areas = frozenset({1}) if "manager" in role else frozenset()
    with stage.ask(Scope(facts.CITY, role, "someone", areas)) as asker:  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            read_start(asker, AS_OF, "quartier")
        with pytest.raises(NotAllowed):
            read_defaults(asker, AS_OF)
