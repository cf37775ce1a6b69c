"""How intervals were kept over time: the database says what the pure rules say, and what is due on each single date."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from geodata import edits, records
from geodata.access import Scope
from geodata.codes import ACCESS_LEVELS
from geodata.control_figures import read_due
from geodata.course.achieved_reads import read_achieved_by_year
from geodata.course.adherence import Adherence, Kept, Stretch, kept, monitored_stretches, steps
from geodata.course.calendar_reads import CalendarDay, read_calendar
from geodata.course.reads import (
    read_compared,
    read_compared_by_area,
    read_compared_by_type,
    read_course,
    read_course_of,
    read_rule_days_by_year,
)
from geodata.course.result_reads import read_results
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from geodata.intervals import Release, Rule, Subject, Visit
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF as DESK_AS_OF
from tests.factories.editing import Desk, order

AS_OF = date(2026, 6, 30)
FIRST = date(2025, 1, 15)
STAFF = Scope(facts.CITY, "staff", "bea")
ALL = PropertyFilter(as_of=AS_OF)
TYPES = ("joint_control", "housing_control", "fire_safety", "follow_up")


@dataclass(frozen=True)
class House:
    """A property of the random town as the pure rules take it."""

    id: int
    subject: Subject
    turns: list[tuple[date, bool]]
    visits: list[Visit]
    releases: list[Release]


@dataclass(frozen=True)
class RandomTown:
    west: int
    rules: list[Rule]
    satisfies: list[tuple[str, str]]
    houses: list[House]

    def kept(self, window: Stretch, *, in_west: bool = False) -> list[dict[str, Kept]]:
        """Every house by the pure rules."""
        return [
            kept(
                house.subject,
                monitored_stretches(house.subject.registered_on, house.turns, window.until_on),
                self.rules,
                [visit for visit in house.visits if visit.inspected_on < window.until_on],
                self.satisfies,
                window,
                releases=house.releases,
            )
            for house in self.houses
            if not in_west or self.west in house.subject.area_ids
        ]

    def adherence(self, first_on: date, last_on: date, kind: str | None, *, in_west: bool = False) -> Adherence:
        """Property-days of a period by the pure rules."""
        window = Stretch(first_on, last_on + timedelta(days=1))
        found = [one for house in self.kept(window, in_west=in_west) for one in house.items() if kind in (None, one[0])]
        days = [one.adherence for _, one in found]
        return Adherence(sum(one.monitored_days for one in days), sum(one.overdue_days for one in days))


def some_day(chance: random.Random) -> date:
    return AS_OF - timedelta(days=chance.randrange(-20, 1400))


def a_period(chance: random.Random, longest: int) -> tuple[date, date | None]:
    begins_on = some_day(chance)
    return begins_on, chance.choice([None, begins_on + timedelta(days=chance.randrange(1, longest))])


def some_rules(loader: Connection, chance: random.Random, area_ids: list[int]) -> list[Rule]:
    rules = []
    for number in range(9):
        valid_from, valid_to = a_period(chance, 700)
        values = {
            "key": f"R{number}",
            "control_type": chance.choice(TYPES),
            "interval_days": chance.choice([60, 60, 120, 300]),
            "access_required": chance.choice(ACCESS_LEVELS[1:]),
            "access_required_if_empty": chance.choice([None, "outside"]),
            "area_id": chance.choice([None, *area_ids]),
            "use_type": chance.choice([None, None, "residential"]),
            "valid_from": valid_from,
            "valid_to": valid_to,
            "is_statutory": chance.random() < 0.3,
        }
        rules.append(Rule(id=facts.rule(loader, **values), **values))
    return rules


def a_house(loader: Connection, chance: random.Random, number: int, west: int, everywhere: int) -> House:
    in_west = chance.random() < 0.5
    subject = Subject(
        registered_on=some_day(chance),
        use_type=chance.choice(["residential", "commercial", None]),
        is_inhabited=chance.choice([True, False, None]),
        area_ids=frozenset({everywhere, west} if in_west else {everywhere}),
    )
    house_id = facts.property_(
        loader,
        key=f"P-{number}",
        registered_on=subject.registered_on,
        use_type=subject.use_type,
        is_inhabited=subject.is_inhabited,
        geom=facts.point(1_000 if in_west else 3_000, 1_000),
    )
    turns = [(some_day(chance), chance.random() < 0.6) for _ in range(chance.choice([0, 0, 1, 2, 3]))]
    for nth, (on, is_closed) in enumerate(turns, start=1):
        state = chance.choice(["closed", "not_confirmed"]) if is_closed else "reopened"
        facts.status(loader, house_id, state, on, key=f"{house_id}-{nth}", running_number=nth)
    visits = [Visit(chance.choice(TYPES), some_day(chance), chance.choice(ACCESS_LEVELS)) for _ in range(5)]
    for nth, visit in enumerate(visits, start=1):
        facts.inspection(loader, house_id, running_number=nth, **vars(visit))
    releases = []
    for _ in range(chance.choice([0, 0, 1, 2])):
        since_on, until_on = a_period(chance, 400)
        releases.append(Release(f"R{chance.randrange(9)}", since_on, until_on))
        facts.release(loader, house_id, releases[-1].rule_key, since_on, until_on=until_on, key=f"{house_id}-{_}")
    return House(house_id, subject, turns, visits, releases)


def build(loader: Connection, chance: random.Random) -> RandomTown:
    facts.municipality(loader)
    everywhere = facts.area(loader, key="all")
    west = facts.area(loader, key="w", kind="quartier", name="West", geom=facts.square(0, 0, 2_000))
    rules = some_rules(loader, chance, [everywhere, west])
    pairs = loader.execute(text("SELECT control_type, satisfies FROM qm.control_type_satisfies")).all()
    houses = [a_house(loader, chance, number, west, everywhere) for number in range(30)]
    records.refresh(loader, facts.CITY, AS_OF)
    return RandomTown(west, rules, [(row[0], row[1]) for row in pairs], houses)


@pytest.mark.parametrize("seed", range(4))
def test_the_database_and_the_pure_rules_agree(stage: Stage, seed: int) -> None:
    with stage.as_loader() as loader:
        town = build(loader, random.Random(seed))
    with stage.ask(STAFF) as asker:
        for kind in (None, *TYPES):
            points = read_course(asker, ALL, control_type=kind, first_on=FIRST, last_on=AS_OF, step="quarter")
            assert [(one.first_on, one.last_on) for one in points] == steps(FIRST, AS_OF, "quarter")
            for point in points:
                assert point.adherence == town.adherence(point.first_on, point.last_on, kind)
                asked = PropertyFilter(as_of=point.last_on, control_types=() if kind is None else (kind,))
                due = read_due(asker, asked, Period.year_until(AS_OF))
                assert (point.pairs, point.on_time) == (due["controls_monitored"], due["controls_on_time"])
        everything = read_course(asker, ALL, control_type=None, first_on=FIRST, last_on=AS_OF, step="year")
        # A town without an overdue day would agree with anything.
        assert min(one.adherence.overdue_days for one in everything) > 100
        assert min(one.adherence.monitored_days - one.adherence.overdue_days for one in everything) > 100


def test_areas_types_and_managers_agree_with_the_pure_rules(stage: Stage) -> None:
    with stage.as_loader() as loader:
        town = build(loader, random.Random(7))
    period = Period(date(2026, 1, 1), AS_OF)
    with stage.ask(STAFF) as asker:
        [in_west] = read_compared_by_area(asker, ALL, period, None, "quartier")
        by_type = read_compared_by_type(asker, ALL, period)
        at_once = read_course_of(asker, ALL, period, None)
        assert at_once.compared == read_compared(asker, ALL, period, None)
        assert at_once.by_type == by_type
        for points, days in ((at_once.now, period), (at_once.before, period.before)):
            assert points == read_course(
                asker, ALL, control_type=None, first_on=days.first_on, last_on=days.last_on, step="month"
            )
        filtered = read_compared(asker, PropertyFilter(as_of=AS_OF, area_ids=(town.west,)), period, "joint_control")
        [share] = read_figures(asker, ALL, period, keys=["adherence"]).values()
    expected = [town.adherence(one.first_on, one.last_on, None, in_west=True) for one in (period, period.before)]
    assert [in_west.compared.now.adherence, in_west.compared.before.adherence] == expected
    for one in by_type:
        assert one.now.adherence == town.adherence(period.first_on, period.last_on, one.now.control_type)
    assert {one.now.control_type for one in by_type} <= set(TYPES)
    assert filtered.now.adherence == town.adherence(period.first_on, period.last_on, "joint_control", in_west=True)
    whole = town.adherence(period.first_on, period.last_on, None)
    assert share.value == pytest.approx(100 * whole.share)  # type: ignore[operator]
    with stage.ask(Scope(facts.CITY, "manager", "m", frozenset({town.west}))) as asker:
        assert read_compared_by_area(asker, ALL, period, None, "quartier") == (in_west,)
        assert read_compared(asker, ALL, period, "joint_control") == filtered


def test_a_past_as_of_date_and_a_filter_by_due_dates(stage: Stage) -> None:
    with stage.as_loader() as loader:
        town = build(loader, random.Random(11))
    past = PropertyFilter(as_of=AS_OF - timedelta(days=300))
    with stage.ask(STAFF) as asker:
        [point] = read_course(asker, past, control_type=None, first_on=FIRST, last_on=AS_OF, step="year")[-1:]
        overdue = PropertyFilter(as_of=AS_OF, due="overdue")
        now = read_course(asker, overdue, control_type=None, first_on=FIRST, last_on=AS_OF, step="year")[-1]
        listed = read_due(asker, overdue, Period.year_until(AS_OF))
        cut = read_compared(asker, past, Period(FIRST, AS_OF), None)
    assert point.last_on == past.as_of
    assert (cut.now.first_on, cut.now.last_on) == (FIRST, past.as_of)
    assert cut.now.adherence == town.adherence(FIRST, cut.now.last_on, None)
    assert point.adherence == town.adherence(point.first_on, point.last_on, None)
    assert (now.pairs, now.on_time) == (listed["controls_monitored"], 0)
    assert now.pairs > 0


def test_what_lies_ahead_of_the_as_of_date_or_without_a_rule_is_no_point(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        facts.property_(loader)
        records.refresh(loader, facts.CITY, AS_OF)
    ahead = AS_OF + timedelta(days=1)
    with stage.ask(STAFF) as asker:
        assert read_course(asker, ALL, control_type=None, first_on=ahead, last_on=ahead) == ()
        [point] = read_course(asker, ALL, control_type=None, first_on=AS_OF, last_on=ahead)
        assert (point.pairs, point.adherence.share) == (0, None)
        assert read_compared_by_type(asker, ALL, Period.year_until(AS_OF)) == ()
        assert read_compared_by_area(asker, ALL, Period.year_until(AS_OF), None, "stadtbezirk") == ()
        assert read_rule_days_by_year(asker, ALL, "joint_control") == {}


def test_until_two_became_one_each_keeps_its_own_days(stage: Stage) -> None:
    desk = Desk(stage)
    with desk.loader() as loader:
        twin = facts.property_(loader, key="T-1", geom=facts.point(1_010, 1_000), registered_on=date(2022, 1, 1))
        facts.inspection(loader, desk.in_west, date(2025, 2, 2))
        facts.inspection(loader, twin, date(2026, 10, 1))
        facts.status(loader, twin, "closed", date(2026, 10, 20))
        records.refresh(loader, facts.CITY, DESK_AS_OF)
    merged_on = date(2026, 11, 1)
    before = PropertyFilter(as_of=merged_on - timedelta(days=1))
    wish = {"control_type": None, "first_on": date(2024, 1, 1), "last_on": merged_on, "step": "quarter"}
    with desk.staff() as asker:
        apart = read_course(asker, before, **wish)
        edits.merge(asker, order(reason="doppelt erfasst"), twin, desk.in_west, happened_on=merged_on)
        assert read_course(asker, before, **wish) == apart
        together = read_course(asker, PropertyFilter(as_of=merged_on), **wish)
    # With the visit of the twin the one that goes on was on time in October, and it was closed with it.
    assert [one.pairs for one in apart][-2:] == [3, 2]
    assert [one.pairs for one in together][-2:] == [2, 1]


@pytest.mark.parametrize(
    ("visited_days_ago", "registered_days_ago", "late_days"),
    [
        (100, 900, 0),  # due on the first day of the period
        (101, 900, 1),  # due on the day before it
        (102, 900, 1),
        (500, 900, 1),
        (100, 100, 0),
        (101, 100, 1),  # a visit before the recording counts, however long ago it was
        (500, 100, 1),
        (500, 101, 1),
        (500, 0, 1),
    ],
)
def test_what_happened_before_the_period_decides_on_its_first_day(
    stage: Stage, visited_days_ago: int, registered_days_ago: int, late_days: int
) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        facts.rule(loader, interval_days=100)
        house = facts.property_(loader, registered_on=AS_OF - timedelta(days=registered_days_ago))
        facts.inspection(loader, house, AS_OF - timedelta(days=visited_days_ago))
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        [point] = read_course(asker, ALL, control_type=None, first_on=AS_OF, last_on=AS_OF)
    assert point.adherence == Adherence(monitored_days=1, overdue_days=late_days)


# --- by hand: calendar, years, results --------------------------------------------------------------------------------


@pytest.fixture
def town(stage: Stage) -> tuple[int, int]:
    """Two houses, the second outside of the quarter; a rule of 100 days that replaced one of 300."""
    with stage.as_loader() as loader:
        facts.municipality(loader)
        facts.area(loader, key="w", kind="quartier", name="West", geom=facts.square(0, 0, 2_000))
        facts.rule(loader, key="A", interval_days=300, valid_from=date(2024, 3, 1), valid_to=date(2026, 1, 1))
        facts.rule(loader, key="B", interval_days=100, valid_from=date(2026, 1, 1))
        one = facts.property_(loader, geom=facts.point(1_000, 1_000), registered_on=date(2024, 1, 1))
        other = facts.property_(loader, key="P-2", geom=facts.point(3_000, 1_000), registered_on=date(2024, 1, 1))
        values = {"result": "finding", "defects": ["waste", "pests"], "round_key": "K-1"}
        facts.inspection(loader, one, date(2025, 11, 10), **values)
        facts.inspection(loader, other, date(2025, 11, 10), result="finding", defects=["waste"], round_key="K-1")
        facts.inspection(loader, one, date(2026, 5, 20))
        facts.inspection(loader, one, date(2026, 6, 2), access_reached="none", result="not_completed")
        _a_round(loader, "K-1", date(2025, 11, 10))
        _a_round(loader, "K-2", date(2026, 1, 8))
        records.refresh(loader, facts.CITY, AS_OF)
    return one, other


def _a_round(loader: Connection, key: str, held_on: date) -> None:
    row = {"municipality": facts.CITY, "key": key, "held_on": held_on, "kind": "joint_control"}
    facts._insert(loader, "inspection_round", row)


def test_the_calendar_by_hand(stage: Stage, town: tuple[int, int]) -> None:
    with stage.ask(STAFF) as asker:
        found = read_calendar(asker, ALL, first_on=date(2025, 11, 1), last_on=date(2026, 12, 31))
        assert found == (
            CalendarDay(date(2025, 11, 10), done=2, due=0),
            CalendarDay(date(2026, 5, 20), done=1, due=0),
            CalendarDay(date(2026, 6, 2), done=1, due=0),
            # The other house is overdue since February: it is due on no day to come.
            CalendarDay(date(2026, 8, 28), done=0, due=1),
        )
        fire = read_calendar(
            asker, ALL, first_on=date(2025, 11, 1), last_on=date(2026, 12, 31), control_type="fire_safety"
        )
        assert fire == ()


def test_intervals_by_the_year_in_which_they_began(stage: Stage, town: tuple[int, int]) -> None:
    with stage.ask(STAFF) as asker:
        found = read_achieved_by_year(asker, ALL, "joint_control")
        rules = read_rule_days_by_year(asker, ALL, "joint_control")
    by_year = {one.year: list(zip(*vars(one.intervals).values(), strict=True)) for one in found}
    # 2025: 191 days to the visit in May, and the other house waits since 232 days; 2026: waiting since 41 days.
    assert by_year == {2025: [(191, 1, 0), (232, 0, 1)], 2026: [(41, 0, 1)]}
    assert rules == {2024: (300, 300), 2025: (300, 300), 2026: (100, 100)}


def test_results_never_come_without_their_number(stage: Stage, town: tuple[int, int]) -> None:
    with stage.ask(STAFF) as asker:
        found = read_results(asker, ALL, first_on=date(2025, 10, 15), last_on=AS_OF, step="quarter")
        fire = read_results(asker, ALL, first_on=FIRST, last_on=AS_OF, step="year", control_type="fire_safety")
    assert [one.first_on for one in found] == [date(2025, 10, 15), date(2026, 1, 1), date(2026, 4, 1)]
    autumn, winter, spring = found
    assert (autumn.rounds, autumn.inspections, autumn.with_finding, autumn.without_finding) == (1, 2, 2, 0)
    assert dict(autumn.defects) == {"waste": 2, "pests": 1}
    assert (autumn.share_without_finding, autumn.share_failed_access) == (0, 0)
    assert (winter.rounds, winter.inspections, dict(winter.defects)) == (1, 0, {})
    assert (winter.share_without_finding, winter.share_failed_access) == (None, None)
    assert (spring.inspections, spring.without_finding, spring.not_completed, spring.failed_access) == (2, 1, 1, 1)
    assert (spring.share_without_finding, spring.share_failed_access) == (0.5, 0.5)
    assert [one.rounds + one.inspections for one in fire] == [0, 0]


def test_the_figures_of_a_period_by_hand(stage: Stage, town: tuple[int, int]) -> None:
    year = Period(date(2025, 7, 1), AS_OF)
    keys = ["adherence", "achieved_interval_median", "without_finding", "with_finding", "defects_per_inspection"]
    with stage.ask(STAFF) as asker:
        found = {key: one.value for key, one in read_figures(asker, ALL, year, keys=keys).items()}
        of_type = PropertyFilter(as_of=AS_OF, control_types=("joint_control",))
        [median] = read_figures(asker, of_type, year, keys=["achieved_interval_median"]).values()
    # Overdue since the recording until 10 November (132 days), both; from 19 February on again, one until 20 May (90).
    late = 2 * 132 + 90 + 132
    assert found["adherence"] == pytest.approx(100 * (1 - late / (2 * 365)))
    assert (found["without_finding"], found["with_finding"]) == (1, 2)
    assert found["defects_per_inspection"] == pytest.approx(3 / 4)
    assert found["achieved_interval_median"] is None, "not over several types of control"
    assert median.value == 191


@pytest.mark.parametrize("role", ["external_manager", "politics"])
def test_who_sees_no_dates_ahead_sees_no_course(stage: Stage, role: str) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        west = facts.area(loader)
    areas = frozenset({west}) if role == "external_manager" else frozenset()
    period = Period.year_until(AS_OF)
    with stage.ask(Scope(facts.CITY, role, "x", areas)) as asker:  # type: ignore[arg-type]
        reads = (
            lambda: read_course(asker, ALL, control_type=None, first_on=FIRST, last_on=AS_OF),
            lambda: read_compared(asker, ALL, period, None),
            lambda: read_compared_by_type(asker, ALL, period),
            lambda: read_compared_by_area(asker, ALL, period, None, "quartier"),
            lambda: read_calendar(asker, ALL, first_on=FIRST, last_on=AS_OF),
            lambda: read_achieved_by_year(asker, ALL, "joint_control"),
            lambda: read_rule_days_by_year(asker, ALL, "joint_control"),
            lambda: read_results(asker, ALL, first_on=FIRST, last_on=AS_OF),
        )
        for read in reads:
            with pytest.raises(NotAllowed):
                read()
