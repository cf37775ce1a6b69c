"""What is due and what was done, read for one filter: list, figures, areas and map must say the same.

The town: Nordweg 1 (inhabited, west) was last seen from inside a year ago and then twice from outside only; Südweg 2
(empty, west) needs no more than the outside view; Ostweg 3 (east) was never seen; Altweg 4 (east) is closed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from geodata import records
from geodata.access import Scope
from geodata.codes import CONTROL_TYPES
from geodata.control_figures import DUE_FIGURES, VISIT_FIGURES
from geodata.control_reads import SORTABLE, count_due, read_by_area, read_due_list
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from geodata.properties import read_count
from tests.conftest import Stage
from tests.factories import deliveries, facts

AS_OF = date(2026, 6, 30)
YEAR = Period.year_until(AS_OF)
STAFF = Scope(facts.CITY, "staff", "bea")
KEYS = [figure.key for figure in (*DUE_FIGURES, *VISIT_FIGURES)]


@dataclass(frozen=True)
class Town:
    west: int
    east: int
    north: int
    south: int
    east_house: int
    old: int


@pytest.fixture
def town(stage: Stage) -> Town:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        west = facts.area(loader, key="w", kind="quartier", name="West", geom=facts.square(0, 0, 2_000))
        east = facts.area(loader, key="o", kind="quartier", name="Ost", geom=facts.square(2_000, 0, 2_000))
        facts.area(loader, key="all", kind="stadtbezirk", name="Mitte")
        facts.rule(
            loader, key="R-all", interval_days=300, access_required_if_empty="outside", valid_from=date(2026, 1, 1)
        )
        facts.rule(loader, key="R-west", interval_days=200, area_id=west, access_required_if_empty="outside")
        facts.rule(loader, key="R-fire", control_type="fire_safety", interval_days=2190, legal_basis="BauO NRW")

        def house(name: str, number: int, x_m: float, **more: Any) -> int:
            return facts.property_(
                loader, key=f"P-{number}", addresses=[(name, number)], geom=facts.point(x_m, 1_000), **more
            )

        north = house("Nordweg", 1, 1_000, is_inhabited=True)
        south = house("Südweg", 2, 1_200, is_inhabited=False)
        east_house = house("Ostweg", 3, 3_000)
        old = house("Altweg", 4, 3_100)
        facts.status(loader, old, "closed", date(2026, 5, 1))
        facts.inspection(loader, north, AS_OF - timedelta(days=365))
        for days in (90, 30):
            facts.inspection(loader, north, AS_OF - timedelta(days=days), access_reached="outside", round_key="K-1")
        facts.inspection(loader, south, AS_OF - timedelta(days=100), access_reached="outside", round_key="K-1")
        facts.inspection(loader, south, AS_OF - timedelta(days=20), control_type="follow_up", access_reached="none")
        facts.inspection(loader, old, date(2026, 4, 1), access_reached="outside")
        deliveries.round_(loader, "K-1", AS_OF - timedelta(days=100))
        deliveries.round_(loader, "K-2", AS_OF - timedelta(days=50))
        deliveries.round_(loader, "K-0", AS_OF - timedelta(days=500))
        records.refresh(loader, facts.CITY, AS_OF)
    return Town(west, east, north, south, east_house, old)


def values(stage: Stage, chosen: PropertyFilter, scope: Scope = STAFF, period: Period | None = None) -> dict[str, Any]:
    with stage.ask(scope) as asker:
        found = read_figures(asker, chosen, period, keys=KEYS)
    return {key: one.value for key, one in found.items()}


def test_the_list_by_hand(stage: Stage, town: Town) -> None:
    with stage.ask(STAFF) as asker:
        rows = read_due_list(asker, PropertyFilter())
    said = [(row.address, row.control_type, row.overdue_days, row.days_left, row.failed_visits) for row in rows]
    since_2020 = (AS_OF - date(2020, 1, 1)).days
    assert said == [
        ("Ostweg 3", "joint_control", since_2020 - 300, 0, 0),
        ("Nordweg 1", "fire_safety", since_2020 - 2190, 0, 0),
        ("Südweg 2", "fire_safety", since_2020 - 2190, 0, 0),
        ("Ostweg 3", "fire_safety", since_2020 - 2190, 0, 0),
        ("Nordweg 1", "joint_control", 165, 0, 2),
        ("Südweg 2", "joint_control", 0, 100, 0),
    ]
    north = rows[4]
    assert (north.last_effective_on, north.due_on) == (date(2025, 6, 30), date(2026, 1, 16))
    assert north.has_to_clarify_access
    assert (north.rule.interval_days, north.rule.area_name, north.area_ids[0]) == (200, "West", town.west)
    assert (rows[0].rule.area_name, rows[0].rule_age_days) == (None, (AS_OF - date(2026, 1, 1)).days)
    assert rows[1].rule.legal_basis == "BauO NRW"


@pytest.mark.parametrize("sort", SORTABLE)
def test_each_order_turns_round_and_pages_without_a_gap(stage: Stage, town: Town, sort: Any) -> None:
    with stage.ask(STAFF) as asker:
        up, down = (read_due_list(asker, PropertyFilter(), sort, descending=turned) for turned in (False, True))
        paged = [
            row
            for start in range(0, 8, 2)
            for row in read_due_list(asker, PropertyFilter(), sort, descending=True, start=start, size=2)
        ]
    assert up == down[::-1]
    assert tuple(paged) == down
    key = {"address": "address", "control_type": "control_type", "due_on": "due_on", "overdue_days": "overdue_days"}
    ordered = [getattr(row, key[sort]) for row in up]
    assert ordered == sorted(ordered)


def test_the_figures_by_hand(stage: Stage, town: Town) -> None:
    found = values(stage, PropertyFilter())
    since_2020 = (AS_OF - date(2020, 1, 1)).days
    assert found == {
        "controls_monitored": 6,
        "controls_on_time": 1,
        "controls_overdue": 5,
        "objects_overdue": 3,
        "overdue_days_median": since_2020 - 2190,
        "overdue_days_max": since_2020 - 300,
        "controls_never": 4,
        "inspections_done": 5,  # the year begins on 1 July 2025; Nordweg's visit was a day earlier
        "failed_access": 3,
        "without_finding": 5,
        "with_finding": 0,
        "defects_per_inspection": 0.0,
        "objects_inspected": 3,
        "rounds_held": 2,
    }


def test_failed_access_follows_the_rule_of_the_visits_own_kind(stage: Stage, town: Town) -> None:
    # Nordweg asks for common areas, twice outside = 2; Südweg is empty, outside is enough; the follow-up has no rule
    # there and reached nothing = 1; Altweg is closed, so no rule asks, and outside is more than nothing.
    of = {name: values(stage, PropertyFilter(text=name)) for name in ("Nordweg", "Südweg", "Altweg")}
    assert {name: (one["failed_access"], one["inspections_done"]) for name, one in of.items()} == {
        "Nordweg": (2, 2),
        "Südweg": (1, 2),
        "Altweg": (0, 1),
    }


def test_rounds_are_counted_once_and_for_an_area_only_where_they_came(stage: Stage, town: Town) -> None:
    manager = Scope(facts.CITY, "manager", "quirin", frozenset({town.west}))
    elsewhere = Scope(facts.CITY, "manager", "erik", frozenset({town.east}))
    assert values(stage, PropertyFilter())["rounds_held"] == 2
    assert values(stage, PropertyFilter(area_ids=(town.west,)))["rounds_held"] == 1
    assert values(stage, PropertyFilter(), manager)["rounds_held"] == 1
    assert values(stage, PropertyFilter(), elsewhere)["rounds_held"] == 0
    assert values(stage, PropertyFilter(control_types=("fire_safety",)))["rounds_held"] == 0
    before = values(stage, PropertyFilter(), period=YEAR.before)
    assert (before["rounds_held"], before["inspections_done"]) == (1, 1)


FILTERS = [
    {},
    {"control_types": ("fire_safety",)},
    {"control_types": ("joint_control", "follow_up")},
    {"due": "overdue"},
    {"due": "soon", "control_types": ("joint_control",)},
    {"due": "overdue", "control_types": ("joint_control",), "inhabited": ("yes",)},
    {"text": "südweg"},
    {"as_of": AS_OF - timedelta(days=180)},
    {"as_of": AS_OF - timedelta(days=180), "due": "overdue", "control_types": ("joint_control",)},
]


@pytest.mark.parametrize("chosen", [PropertyFilter(**parts) for parts in FILTERS])
@pytest.mark.parametrize("role", ["staff", "manager"])
def test_list_figures_and_map_count_the_same(stage: Stage, town: Town, role: Any, chosen: PropertyFilter) -> None:
    areas = frozenset({town.west}) if role == "manager" else frozenset()
    scope = Scope(facts.CITY, role, "x", areas)
    found = values(stage, chosen, scope)
    with stage.ask(scope) as asker:
        rows, total, count = read_due_list(asker, chosen), count_due(asker, chosen), read_count(asker, chosen)
    assert found["controls_monitored"] == total == len(rows)
    late = [row.overdue_days for row in rows if row.overdue_days]
    assert (found["controls_overdue"], found["controls_on_time"]) == (len(late), total - len(late))
    assert found["overdue_days_max"] == (max(late) if late else None)
    assert found["objects_overdue"] == len({row.property_id for row in rows if row.overdue_days}) == count.overdue
    if role == "manager":
        assert {row.property_id for row in rows} <= {town.north, town.south}


def test_any_date_answers_as_if_the_tables_spoke_for_it(stage: Stage, town: Town) -> None:
    past = AS_OF - timedelta(days=200)
    chosen = PropertyFilter(as_of=past)
    with stage.ask(STAFF) as asker:
        computed = read_due_list(asker, chosen)
    figures = values(stage, chosen)
    with stage.as_loader() as loader:
        records.refresh(loader, facts.CITY, past)
    with stage.ask(STAFF) as asker:
        assert read_due_list(asker, chosen) == computed
    assert values(stage, chosen) == figures
    assert len(computed) == 6  # Altweg was not closed yet; the rule for the whole city did not hold yet
    assert {row.rule.interval_days for row in computed} == {200, 2190}


def test_areas_say_what_a_filter_on_them_says(stage: Stage, town: Town) -> None:
    with stage.ask(STAFF) as asker:
        rows = read_by_area(asker, PropertyFilter(), YEAR, "quartier")
        [whole] = read_by_area(asker, PropertyFilter(), YEAR, "stadtbezirk")
    assert [row.area.name for row in rows] == ["Ost", "West"]  # by name, not by who is worse
    for row in (*rows, whole):
        found = values(stage, PropertyFilter(area_ids=(row.area.id,)))
        assert row.pairs == found["controls_monitored"] > 0
        assert (row.on_time, row.overdue) == (found["controls_on_time"], found["controls_overdue"])
        assert row.overdue_days_median == found["overdue_days_median"]
        assert row.inspections == found["inspections_done"]


def test_a_manager_reads_no_line_about_areas_of_others(stage: Stage, town: Town) -> None:
    with stage.ask(Scope(facts.CITY, "manager", "quirin", frozenset({town.west}))) as asker:
        rows = read_by_area(asker, PropertyFilter(), YEAR, "quartier")
        [whole] = read_by_area(asker, PropertyFilter(), YEAR, "stadtbezirk")
    assert [row.area.name for row in rows] == ["West"]
    assert whole.pairs == rows[0].pairs == 4


def test_politics_gets_nothing(stage: Stage, town: Town) -> None:
    with stage.ask(Scope(facts.CITY, "politics", "petra")) as asker:
        for read in (count_due, read_due_list):
            with pytest.raises(NotAllowed):
                read(asker, PropertyFilter())


def test_every_type_of_control_can_be_asked_for(stage: Stage, town: Town) -> None:
    with stage.ask(STAFF) as asker:
        counts = {kind: count_due(asker, PropertyFilter(control_types=(kind,))) for kind in CONTROL_TYPES}
    assert {kind: count for kind, count in counts.items() if count} == {"joint_control": 3, "fire_safety": 3}
