"""The pure rules and the set-based query of due dates are two writings of one text: they must agree on any city."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from geodata import records
from geodata.codes import ACCESS_LEVELS
from geodata.intervals import Due, Release, Rule, Subject, Visit, due
from tests.factories import facts

AS_OF = date(2026, 6, 30)
TYPES = ("joint_control", "housing_control", "fire_safety", "follow_up")


def some_day(chance: random.Random) -> date:
    return AS_OF - timedelta(days=chance.randrange(-60, 1500))


def make_rules(connection: Connection, chance: random.Random, areas: list[int]) -> list[Rule]:
    rules = []
    for number in range(8):
        values = {
            "control_type": chance.choice(TYPES),
            "interval_days": chance.choice([60, 60, 180, 365]),
            "access_required": chance.choice(ACCESS_LEVELS[1:]),
            "access_required_if_empty": chance.choice([None, "outside"]),
            "is_statutory": chance.random() < 0.2,
            "area_id": chance.choice([None, *areas]),
            "use_type": chance.choice([None, "residential"]),
            "valid_from": some_day(chance) - timedelta(days=700),
            "valid_to": chance.choice([None, None, AS_OF, AS_OF + timedelta(days=90)]),
        }
        key = f"R{number}"
        rule_id = first_id = facts.rule(connection, key=key, **values)
        if chance.random() < 0.3:  # replaced by a version that says the same: it is still the rule recorded then
            facts.supersede(connection, "interval_rule", rule_id)
            rule_id = facts.rule(connection, key=key, **values)
        rules.append(Rule(id=rule_id, key=key, first_id=first_id, **values))
    return rules


def make_subject(
    connection: Connection, chance: random.Random, number: int, areas: list[int]
) -> tuple[int, Subject, list[Visit]]:
    closed_on = chance.choice([None, None, None, some_day(chance)])
    in_west = chance.random() < 0.5
    subject = Subject(
        registered_on=some_day(chance),
        use_type=chance.choice(["residential", "commercial"]),
        is_inhabited=chance.choice([True, False, None]),
        area_ids=frozenset(areas if in_west else areas[:1]),
        closed_on=closed_on,
    )
    house = facts.property_(
        connection,
        key=f"P-{number}",
        registered_on=subject.registered_on,
        use_type=subject.use_type,
        is_inhabited=subject.is_inhabited,
        geom=facts.point(500 if in_west else 3_500, 2_000),
    )
    if closed_on is not None:
        facts.status(connection, house, "closed", closed_on)
    visits = [
        Visit(chance.choice(TYPES), some_day(chance), chance.choice(ACCESS_LEVELS)) for _ in range(chance.randrange(6))
    ]
    for running_number, visit in enumerate(visits, start=1):
        facts.inspection(connection, house, running_number=running_number, **vars(visit))
    return house, subject, visits


def make_releases(connection: Connection, chance: random.Random, house: int, rules: list[Rule]) -> list[Release]:
    releases = []
    for rule in chance.sample(rules, chance.randrange(4)):
        since_on = some_day(chance)
        until_on = chance.choice([None, since_on + timedelta(days=chance.randrange(1, 500))])
        facts.release(connection, house, rule.key, since_on, until_on=until_on)
        releases.append(Release(rule.key, since_on, until_on))
    return releases


@pytest.mark.parametrize("seed", range(6))
def test_the_database_and_the_pure_rules_agree(loader: Connection, seed: int) -> None:
    chance = random.Random(seed)
    facts.municipality(loader)
    areas = [facts.area(loader, key="all"), facts.area(loader, key="west", geom=facts.square(0, 0, 2_500))]
    rules = make_rules(loader, chance, areas)
    houses = [make_subject(loader, chance, number, areas) for number in range(30)]
    pairs = loader.execute(text("SELECT control_type, satisfies FROM qm.control_type_satisfies")).all()
    satisfies = [(row[0], row[1]) for row in pairs]
    released = {house: make_releases(loader, chance, house, rules) for house, _, _ in houses}
    assert any(released.values())
    records.refresh(loader, facts.CITY, AS_OF)
    for as_of in (AS_OF, AS_OF - timedelta(days=200), AS_OF - timedelta(days=500)):
        expected = {
            house: due(subject, rules, visits, satisfies, as_of, releases=released[house])
            for house, subject, visits in houses
        }
        assert sum(map(len, expected.values())) > 10  # a city without due dates would agree with anything
        assert from_database(loader, as_of) == {house: dues for house, dues in expected.items() if dues}
    assert stored(loader) == from_database(loader, AS_OF)


def from_database(connection: Connection, as_of: date) -> dict[int, list[Due]]:
    query = text("SELECT * FROM qm.due_at(:city, :as_of) ORDER BY property_id, control_type")
    return by_house(connection.execute(query, {"city": facts.CITY, "as_of": as_of}).mappings())


def stored(connection: Connection) -> dict[int, list[Due]]:
    return by_house(connection.execute(text("SELECT * FROM qm.property_due ORDER BY 2, 3")).mappings())


def by_house(rows: object) -> dict[int, list[Due]]:
    found: dict[int, list[Due]] = {}
    for row in rows:  # type: ignore[attr-defined]
        one = Due(row.control_type, row.rule_id, row.interval_days, row.last_effective_on, row.due_on)
        found.setdefault(row.property_id, []).append(one)
    return found
