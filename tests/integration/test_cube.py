"""The cube says what a scan of all properties says: after any sequence of changes, for any filter and whoever asks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geodata import control_figures, control_reads, cube, properties, property_figures, records
from geodata.access import Asker, Scope
from geodata.areas import read_area_counts
from geodata.codes import ASSESSMENT_COLOURS, CONTROL_TYPES, STATES, USE_TYPES
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.properties import Frame, read_count, read_counts_by_state, read_view
from tests.conftest import Stage
from tests.factories import facts

AS_OF = date(2026, 11, 15)
TYPES = ("joint_control", "fire_safety", "housing_control")
FAR = Frame((7.3, 51.2, 7.7, 51.5), 11)
NEAR = Frame((7.450, 51.350, 7.475, 51.365), 13)
CUBES = ("figure_cube", "pair_cube", "overdue_day", "cell_count")


class Town:
    """A town whose register changes at random; every change is followed by the refresh that belongs to it."""

    def __init__(self, connection: Connection, seed: int) -> None:
        self.connection, self.chance = connection, Random(seed)
        facts.municipality(connection)
        outlines = {"1": (0, 0, 4_000), "w": (0, 0, 2_000), "m": (1_000, 1_000, 2_000)}
        self.areas = [
            facts.area(connection, key=key, kind="quartier" if key != "1" else "stadtbezirk", geom=facts.square(*at))
            for key, at in outlines.items()
        ]
        for control_type, days in zip(TYPES, (365, 2_000, 700), strict=True):
            facts.rule(connection, control_type=control_type, interval_days=days)
        self.houses = [self.house(number) for number in range(40)]
        self.refresh(None)

    def refresh(self, property_ids: list[int] | None, **changed: bool) -> None:
        records.refresh(self.connection, facts.CITY, AS_OF, property_ids=property_ids, **changed)

    def day(self) -> date:
        return AS_OF - timedelta(days=self.chance.randrange(1, 1_500))

    def house(self, number: int) -> int:
        place = facts.point(self.chance.randrange(5_000), self.chance.randrange(5_000))
        return facts.property_(
            self.connection,
            key=f"H-{number}",
            registered_on=self.day(),
            use_type=self.chance.choice([None, *USE_TYPES[:3]]),
            is_inhabited=self.chance.choice([None, True, False]),
            geom=self.chance.choice([place, place, place, None]),
        )

    def change(self) -> None:
        """One change of the kinds that loads, edits, withdrawals, outlines and rules make."""
        often = (self.visit, self.tell, self.assess, self.take_back)
        self.chance.choice([*often, *often, self.add, self.remove, self.cut, self.rule])()

    def add(self) -> None:
        self.houses.append(self.house(self.chance.randrange(100, 10**9)))
        self.refresh([self.houses[-1]])

    def some(self) -> list[int]:
        return self.chance.sample(self.houses, self.chance.randrange(1, 5))

    def visit(self) -> None:
        def once(house: int) -> None:
            access = self.chance.choice(["none", "outside", "flat"])
            kind = self.chance.choice(TYPES)
            number = self.chance.randrange(2, 30_000)
            facts.inspection(
                self.connection, house, self.day(), control_type=kind, access_reached=access, running_number=number
            )

        self.of_some(once)

    def tell(self) -> None:
        def once(house: int) -> None:
            state = self.chance.choice(["hint", "recorded", "closed", "reopened"])
            number = self.chance.randrange(2, 30_000)
            facts.status(self.connection, house, state, self.day(), running_number=number, key=f"{house}-{number}")

        self.of_some(once)

    def assess(self) -> None:
        def once(house: int) -> None:
            number = self.chance.randrange(2, 30_000)
            pressure = self.chance.randrange(4)
            facts.assessment(
                self.connection, house, self.day(), pressure=pressure, running_number=number, key=f"{house}-{number}"
            )

        self.of_some(once)

    def of_some(self, once: Callable[[int], None]) -> None:
        touched = self.some()
        for house in touched:
            once(house)
        self.refresh(touched)

    def take_back(self) -> None:
        """What an edit or a withdrawal does to facts: the latest of some properties are superseded."""
        touched = self.some()
        table = self.chance.choice(["inspection", "status_event", "assessment_event"])
        query = f"UPDATE qm.{table} SET superseded_at = now() WHERE superseded_at IS NULL AND property_id = ANY (:ids)"
        self.connection.execute(text(query), {"ids": touched})
        self.refresh(touched)

    def remove(self) -> None:
        """A withdrawal that takes a property out of the register."""
        gone = self.houses.pop(self.chance.randrange(len(self.houses)))
        query = "UPDATE qm.property_version SET superseded_at = now() WHERE property_id = :id"
        self.connection.execute(text(query), {"id": gone})
        self.refresh([gone])

    def cut(self) -> None:
        """Another outline of an area, which concerns every property."""
        side = self.chance.randrange(1_000, 3_000)
        query = "UPDATE qm.area_version SET geom = CAST(:geom AS geometry) WHERE area_id = :id"
        self.connection.execute(text(query), {"geom": facts.square(500, 500, side), "id": self.areas[1]})
        self.refresh([], areas_changed=True)

    def rule(self) -> None:
        """Another interval in one area."""
        days = self.chance.randrange(30, 2_000)
        key = f"R-{days}-{self.chance.randrange(10**9)}"
        facts.rule(self.connection, interval_days=days, area_id=self.chance.choice(self.areas), key=key)
        self.refresh(self.chance.choice([[], self.some()]), rules_changed=True)


def rows(connection: Connection) -> dict[str, set[tuple[Any, ...]]]:
    """All counts of the cube that are not 0."""
    found = {}
    for table in CUBES:
        count = {"figure_cube": "objects", "cell_count": "objects"}.get(table, "pairs")
        query = text(f"SELECT * FROM qm.{table} WHERE {count} <> 0")
        found[table] = {tuple(row) for row in connection.execute(query)}
    return found


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_the_differences_add_up_to_the_whole(stage: Stage, seed: int) -> None:
    with stage.as_loader() as connection:
        town = Town(connection, seed)
        for _ in range(30):
            town.change()
        kept = rows(connection)
        town.refresh(None)

        assert kept == rows(connection)
        assert all(kept.values())


def test_another_day_derives_the_cube_anew(stage: Stage) -> None:
    with stage.as_loader() as connection:
        town = Town(connection, 7)
        before = rows(connection)
        later = AS_OF + timedelta(days=200)
        records.refresh(connection, facts.CITY, later, property_ids=[])
        after = rows(connection)

        assert after["cell_count"] == before["cell_count"]
        assert sum(row[8] for row in after["pair_cube"]) > sum(row[8] for row in before["pair_cube"])
        assert town.houses


def scan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every read go past the cube."""
    monkeypatch.setattr(cube, "part_of", lambda *_, **__: None)


def answers(asker: Asker, wanted: PropertyFilter) -> dict[str, Any]:
    period = Period.year_until(AS_OF)
    return {
        "count": read_count(asker, wanted),
        "states": read_counts_by_state(asker, wanted),
        "objects": dict(property_figures.read(asker, wanted, period)),
        "due": dict(control_figures.read_due(asker, wanted, period)),
        "listed": control_reads.count_due(asker, wanted),
        "areas": {kind: read_area_counts(asker, wanted, kind) for kind in ("quartier", "stadtbezirk")},
        "far": read_view(asker, wanted, FAR),
        "near": read_view(asker, wanted, NEAR),
    }


def random_filter(chance: Random, areas: list[int]) -> PropertyFilter:
    def some(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.choice([0, 0, 0, 1, 2])))

    return PropertyFilter(
        area_ids=tuple(sorted(chance.sample(areas, chance.choice([0, 0, 1, 1, 2])))),
        states=some(STATES),
        use_types=some(USE_TYPES),
        colours=some((*ASSESSMENT_COLOURS, "none")),
        inhabited=some(("yes", "no", "unknown")),
        control_types=some(CONTROL_TYPES),
        due=chance.choice([None, None, "overdue", "soon"]),
        text=chance.choice(["", "", "", "h 1"]),
        as_of=chance.choice([None, None, AS_OF]),
    )


@pytest.fixture
def town(stage: Stage) -> Iterator[Town]:
    with stage.as_loader() as connection:
        yield Town(connection, 1)


def scopes(areas: list[int]) -> dict[str, Scope]:
    first, second, _ = areas
    return {
        "staff": Scope(facts.CITY, "staff", "bauaufsicht"),
        "manager of one area": Scope(facts.CITY, "manager", "qm", frozenset({second})),
        "manager of two areas": Scope(facts.CITY, "manager", "qm", frozenset({first, second})),
    }


@pytest.mark.parametrize("who", ["staff", "manager of one area", "manager of two areas"])
def test_cube_and_scan_answer_alike(stage: Stage, town: Town, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setattr(properties, "POINTS_MAX", 5)  # so few that the far view is one of hexagons
    chance = Random(who)
    with stage.ask(scopes(town.areas)[who]) as asker:
        for wanted in [PropertyFilter(), *(random_filter(chance, town.areas) for _ in range(25))]:
            quick = answers(asker, wanted)
            with monkeypatch.context() as without:
                scan(without)
                assert quick == answers(asker, wanted), wanted


def test_the_cube_answers_what_pages_ask_and_leaves_the_rest(stage: Stage, town: Town) -> None:
    first, second, third = town.areas
    asked = scopes(town.areas)

    def area_of(who: str, wanted: PropertyFilter | None = None, *, is_current: bool = True) -> Any:
        with stage.ask(asked[who]) as asker:
            part = cube.part_of(asker, wanted or PropertyFilter(), is_current=is_current)
            return part.area_id if part else "scan"

    assert area_of("staff") is None
    assert area_of("staff", PropertyFilter(area_ids=(third,), states=("hint",))) == third
    assert area_of("staff", PropertyFilter(area_ids=(first, third))) == "scan"
    assert area_of("staff", PropertyFilter(text="h 1")) == "scan"
    assert area_of("staff", is_current=False) == "scan"
    assert area_of("manager of one area") == second
    assert area_of("manager of one area", PropertyFilter(area_ids=(third,))) == "scan"
    assert area_of("manager of two areas") == "scan"
    assert area_of("manager of two areas", PropertyFilter(area_ids=(first,))) == first


def test_a_manager_reads_only_rows_of_the_areas_assigned(stage: Stage, town: Town) -> None:
    _, second, _ = town.areas
    with stage.ask(scopes(town.areas)["manager of one area"]) as asker:
        for table in CUBES:
            found = asker.connection.execute(text(f"SELECT DISTINCT area_id FROM qm.{table}")).scalars().all()
            assert found == [second], table
    with stage.ask(replace(scopes(town.areas)["staff"], municipality="de-other")) as asker:
        for table in CUBES:
            assert asker.connection.execute(text(f"SELECT count(*) FROM qm.{table}")).scalar_one() == 0
