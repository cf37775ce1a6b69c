"""Achieved intervals from the database: what the pure rules say of each house, added up."""

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection, text

from geodata import records
from geodata.access import Scope
from geodata.codes import ACCESS_LEVELS
from geodata.course.achieved import Intervals, median_days, tally
from geodata.course.achieved_reads import read_achieved, read_achieved_by_area, read_types
from geodata.filters import PropertyFilter
from geodata.intervals import Rule, Subject, Visit, due, is_effective
from tests.conftest import Stage
from tests.factories import facts

AS_OF = date(2026, 6, 30)
STAFF = Scope(facts.CITY, "staff", "bea")
ALL = PropertyFilter()


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def counted(intervals: Intervals) -> list[tuple[int, int, int]]:
    return list(zip(intervals.days.tolist(), intervals.closed.tolist(), intervals.still_open.tolist(), strict=True))


def test_intervals_of_one_house_by_hand(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        house = facts.property_(loader, is_inhabited=True)
        facts.rule(loader, control_type="housing_control", interval_days=300, access_required_if_empty="outside")
        visits = [
            (1000, "housing_control", "flat"),
            (1000, "joint_control", "flat"),  # the same day a second time
            (900, "fire_safety", "flat"),  # serves nothing but itself
            (800, "housing_control", "outside"),  # did not get far enough
            (700, "joint_control", "common_areas"),  # a joint control serves housing supervision
            (40, "housing_control", "common_areas"),
            (10, "housing_control", "none"),
        ]
        for number, (days, kind, access) in enumerate(visits, start=1):
            facts.inspection(
                loader, house, days_ago(days), control_type=kind, access_reached=access, running_number=number
            )
        never = facts.property_(loader, key="P-2")
        facts.inspection(loader, never, days_ago(5), control_type="housing_control", access_reached="none")
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        found = read_achieved(asker, ALL, "housing_control")
        [kind] = read_types(asker, ALL)
    assert counted(found.intervals) == [(40, 0, 1), (300, 1, 0), (660, 1, 0)]
    assert median_days(found.intervals) == 300
    assert [(one.interval_days, one.pairs) for one in found.by_rule] == [(300, 2)]
    assert counted(found.by_rule[0].intervals) == counted(found.intervals)
    assert (kind.control_type, kind.pairs, kind.never) == ("housing_control", 2, 1)


def test_a_past_date_knows_nothing_of_what_came_later(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        house = facts.property_(loader)
        facts.rule(loader)
        for days in (1000, 700, 100):
            facts.inspection(loader, house, days_ago(days))
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        past = read_achieved(asker, PropertyFilter(as_of=days_ago(500)), "joint_control")
        now = read_achieved(asker, ALL, "joint_control")
    assert counted(past.intervals) == [(200, 0, 1), (300, 1, 0)]
    assert counted(now.intervals) == [(100, 0, 1), (300, 1, 0), (600, 1, 0)]


def expected_of(
    house: Subject, rules: list[Rule], visits: list[Visit], satisfies: list[tuple[str, str]], kind: str
) -> list[tuple[int, bool, int]]:
    won = next((one for one in due(house, rules, visits, satisfies, AS_OF) if one.control_type == kind), None)
    if won is None:
        return []
    rule = next(rule for rule in rules if rule.id == won.rule_id)
    days = sorted(
        {
            visit.inspected_on
            for visit in visits
            if visit.inspected_on <= AS_OF
            and is_effective(visit, rule, is_inhabited=house.is_inhabited, satisfies=satisfies)
        }
    )
    closed = [((second - first).days, False, 1) for first, second in pairwise(days)]
    return [*closed, *([((AS_OF - days[-1]).days, True, 1)] if days else [])]


def some_rules(loader: Connection, chance: random.Random, area_id: int) -> list[Rule]:
    rules = []
    for number in range(4):
        values = {
            "control_type": chance.choice(["joint_control", "housing_control"]),
            "interval_days": chance.choice([200, 400]),
            "access_required": chance.choice(ACCESS_LEVELS[1:]),
            "access_required_if_empty": chance.choice([None, "outside"]),
            "area_id": chance.choice([None, area_id]),
            "valid_from": date(2015, 1, 1),
        }
        rules.append(Rule(id=facts.rule(loader, key=f"R{number}", **values), **values))
    return rules


@pytest.mark.parametrize("seed", range(4))
def test_the_database_and_the_pure_rules_agree(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    expected: dict[str, list[tuple[int, bool, int]]] = {"joint_control": [], "housing_control": []}
    in_west: list[tuple[int, bool, int]] = []
    with stage.as_loader() as loader:
        facts.municipality(loader)
        west = facts.area(loader, key="w", kind="quartier", name="West", geom=facts.square(0, 0, 2_000))
        rules = some_rules(loader, chance, west)
        pairs = loader.execute(text("SELECT control_type, satisfies FROM qm.control_type_satisfies")).all()
        satisfies = [(row[0], row[1]) for row in pairs]
        for number in range(25):
            is_west = chance.random() < 0.5
            is_inhabited = chance.choice([True, False, None])
            house = facts.property_(
                loader,
                key=f"P-{number}",
                is_inhabited=is_inhabited,
                geom=facts.point(1_000 if is_west else 3_000, 1_000),
            )
            subject = Subject(date(2020, 1, 1), "residential", is_inhabited, frozenset({west} if is_west else ()))
            visits = [
                Visit(
                    chance.choice(["joint_control", "housing_control"]),
                    days_ago(chance.randrange(-5, 900)),
                    chance.choice(ACCESS_LEVELS),
                )
                for _ in range(chance.randrange(8))
            ]
            for running_number, visit in enumerate(visits, start=1):
                facts.inspection(loader, house, running_number=running_number, **vars(visit))
            for kind, rows in expected.items():
                rows += expected_of(subject, rules, visits, satisfies, kind)
            in_west += expected_of(subject, rules, visits, satisfies, "joint_control") if is_west else []
        records.refresh(loader, facts.CITY, AS_OF)
    assert sum(map(len, expected.values())) > 20
    with stage.ask(STAFF) as asker:
        for kind, rows in expected.items():
            found = read_achieved(asker, ALL, kind)
            assert counted(found.intervals) == counted(tally(rows))
            by_rule = [row for one in found.by_rule for row in counted(one.intervals)]
            assert sum(closed + still_open for _days, closed, still_open in by_rule) == len(rows)
        areas = read_achieved_by_area(asker, ALL, "joint_control", "quartier")
    assert [counted(one.intervals) for one in areas] == ([counted(tally(in_west))] if areas else [])
    assert bool(areas) == any(rule.control_type == "joint_control" for rule in rules)


def test_the_range_of_rules_in_an_area_and_only_its_own_houses_for_a_manager(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        west = facts.area(loader, key="w", kind="quartier", name="West", geom=facts.square(0, 0, 2_000))
        facts.area(loader, key="all", kind="stadtbezirk", name="Mitte")
        facts.rule(loader, interval_days=1000)
        facts.rule(loader, interval_days=100, area_id=west, key="R-west")
        for number, x_m in enumerate((1_000, 3_000)):
            house = facts.property_(loader, key=f"P-{number}", geom=facts.point(x_m, 1_000))
            for days in (400 + 100 * number, 50):
                facts.inspection(loader, house, days_ago(days))
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        [mitte] = read_achieved_by_area(asker, ALL, "joint_control", "stadtbezirk")
    with stage.ask(Scope(facts.CITY, "manager", "quirin", frozenset({west}))) as asker:
        [own] = read_achieved_by_area(asker, ALL, "joint_control", "stadtbezirk")
        achieved = read_achieved(asker, ALL, "joint_control")
    assert (mitte.rule_days, counted(mitte.intervals)) == ((100, 1000), [(50, 0, 2), (350, 1, 0), (450, 1, 0)])
    assert (own.rule_days, counted(own.intervals)) == ((100, 100), [(50, 0, 1), (350, 1, 0)])
    assert counted(achieved.intervals) == counted(own.intervals)
