"""How well intervals were kept: whole stretches of days say the same as asking `due` for every single day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.codes import ACCESS_LEVELS
from geodata.course.adherence import Adherence, Change, CoursePoint, Stretch, days_of, kept, monitored_stretches, steps
from geodata.intervals import Release, Rule, Subject, Visit, due

START = date(2024, 1, 1)
DAYS = 120
WINDOW = Stretch(START, START + timedelta(days=DAYS))
TYPES = ("follow_up", "joint_control")
SATISFIES = [("joint_control", "follow_up")]


def day(number: int) -> date:
    return START + timedelta(days=number)


def a_rule(**values: object) -> Rule:
    defaults = {
        "id": 1,
        "key": "R-1",
        "control_type": "joint_control",
        "interval_days": 10,
        "access_required": "common_areas",
        "valid_from": day(-1000),
    }
    return Rule(**{**defaults, **values})  # type: ignore[arg-type]


HOUSE = Subject(registered_on=day(0), use_type="residential", is_inhabited=True, area_ids=frozenset({1}))


def visit(number: int, access: str = "flat", kind: str = "joint_control") -> Visit:
    return Visit(kind, day(number), access)


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_one_house_by_hand() -> None:
    # Recorded on day 0, due on day 10; visited on 15, so overdue on 11 to 14; due on 25 again, nobody comes until 40.
    found = kept(HOUSE, [WINDOW], [a_rule()], [visit(15), visit(30, "none")], [], Stretch(day(0), day(40)))
    assert found["joint_control"].overdue == (Stretch(day(11), day(15)), Stretch(day(26), day(40)))
    assert found["joint_control"].adherence == Adherence(monitored_days=40, overdue_days=18)
    assert found["joint_control"].adherence.share == pytest.approx(22 / 40)


def test_who_is_not_monitored_has_no_share() -> None:
    assert Adherence(0, 0).share is None
    assert kept(HOUSE, [], [a_rule()], [], [], WINDOW) == {}


def test_closed_days_do_not_count_and_the_old_due_date_is_back_with_the_reopening() -> None:
    turns = [(day(50), False), (day(20), True), (day(80), True), (day(80), False)]
    stretches = monitored_stretches(day(0), turns, day(90))
    assert stretches == [Stretch(day(0), day(20)), Stretch(day(50), day(90))]
    found = kept(HOUSE, stretches, [a_rule()], [], [], WINDOW)["joint_control"]
    assert found.overdue == (Stretch(day(11), day(20)), Stretch(day(50), day(90)))


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], [(5, 60)]),
        ([(0, True)], []),  # closed before it was recorded
        ([(0, True), (3, False)], [(5, 60)]),
        ([(5, True), (30, False)], [(30, 60)]),
        ([(30, False)], [(5, 60)]),  # reopened what was open
        ([(60, True)], [(5, 60)]),
    ],
)
def test_stretches_by_hand(turns: list[tuple[int, bool]], expected: list[tuple[int, int]]) -> None:
    found = monitored_stretches(day(5), [(day(number), is_closed) for number, is_closed in turns], day(60))
    assert found == [Stretch(day(begin), day(end)) for begin, end in expected]


# --- against every single day -----------------------------------------------------------------------------------------

numbers = st.integers(-40, DAYS + 20)
days = numbers.map(day)
periods = st.tuples(days, st.integers(1, 100) | st.none())
visits = st.builds(Visit, st.sampled_from(TYPES), days, st.sampled_from(ACCESS_LEVELS))


@dataclass(frozen=True)
class Case:
    subject: Subject
    turns: list[tuple[date, bool]]
    rules: list[Rule]
    visits: list[Visit]
    releases: list[Release]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rules = []
    for number in range(draw(st.integers(1, 4))):
        begins_on, length = draw(periods)
        rules.append(
            a_rule(
                id=number,
                key=f"R-{number}",
                control_type=draw(st.sampled_from(TYPES)),
                interval_days=draw(st.sampled_from([7, 20, 20, 45])),
                access_required=draw(st.sampled_from(ACCESS_LEVELS[1:])),
                access_required_if_empty=draw(st.sampled_from([None, "outside"])),
                area_id=draw(st.sampled_from([None, 1, 2])),
                use_type=draw(st.sampled_from([None, "residential"])),
                valid_from=begins_on,
                valid_to=None if length is None else begins_on + timedelta(days=length),
                is_statutory=draw(st.booleans()),
            )
        )
    releases = [
        Release(f"R-{number}", since_on, None if length is None else since_on + timedelta(days=length))
        for number, (since_on, length) in draw(st.lists(st.tuples(st.integers(0, 3), periods), max_size=3))
    ]
    subject = replace(
        HOUSE,
        registered_on=draw(days),
        use_type=draw(st.sampled_from(["residential", None])),
        is_inhabited=draw(st.sampled_from([True, False, None])),
    )
    turns = draw(st.lists(st.tuples(days, st.booleans()), max_size=4))
    return Case(subject, turns, rules, draw(st.lists(visits, max_size=6)), releases)


def day_by_day(case: Case) -> tuple[Counter[str], Counter[str]]:
    """Monitored and overdue days by type, asking for each day as for an as-of date."""
    monitored: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for number in range(DAYS):
        as_of = day(number)
        before = [turn for turn in sorted(case.turns, key=lambda turn: turn[0]) if turn[0] <= as_of]
        subject = replace(case.subject, closed_on=before[-1][0] if before and before[-1][1] else None)
        for one in due(subject, case.rules, case.visits, SATISFIES, as_of, releases=case.releases):
            monitored[one.control_type] += 1
            overdue[one.control_type] += one.due_on < as_of
    return monitored, +overdue


@settings(max_examples=60, deadline=None)
@given(cases())
def test_stretches_of_days_agree_with_every_single_day(case: Case) -> None:
    open_stretches = monitored_stretches(case.subject.registered_on, case.turns, WINDOW.until_on)
    found = kept(case.subject, open_stretches, case.rules, case.visits, SATISFIES, WINDOW, releases=case.releases)
    monitored, overdue = day_by_day(case)
    assert {kind: one.adherence.monitored_days for kind, one in found.items()} == monitored
    assert +Counter({kind: one.adherence.overdue_days for kind, one in found.items()}) == overdue


# --- all properties together ------------------------------------------------------------------------------------------


def changes_of(stretches: Sequence[Stretch], *, is_overdue: bool) -> list[Change]:
    signs = [(one.first_on, 1) for one in stretches] + [(one.until_on, -1) for one in stretches]
    return [Change(on, 0 if is_overdue else sign, sign if is_overdue else 0) for on, sign in signs]


def test_the_points_of_a_course_by_hand() -> None:
    monitored = [Stretch(day(0), day(60)), Stretch(day(31), day(40))]
    changes = changes_of(monitored, is_overdue=False) + changes_of([Stretch(day(10), day(32))], is_overdue=True)
    found = days_of(changes, day(0), day(59))
    # January 2024 has 31 days: one pair, overdue from the 11th on.
    assert found.point(day(0), day(30), None) == CoursePoint(day(0), day(30), None, 1, 0, Adherence(31, 21))
    assert found.point(day(31), day(59), "x") == CoursePoint(day(31), day(59), "x", 1, 1, Adherence(29 + 9, 1))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("month", ["2024-11-15 2024-11-30", "2024-12-01 2024-12-31", "2025-01-01 2025-01-31", "2025-02-01 2025-02-10"]),
        ("quarter", ["2024-11-15 2024-12-31", "2025-01-01 2025-02-10"]),
        ("year", ["2024-11-15 2024-12-31", "2025-01-01 2025-02-10"]),
    ],
)
def test_steps_are_those_of_the_calendar(step: str, expected: list[str]) -> None:
    found = steps(date(2024, 11, 15), date(2025, 2, 10), step)  # type: ignore[arg-type]
    assert [f"{begins_on} {ends_on}" for begins_on, ends_on in found] == expected
