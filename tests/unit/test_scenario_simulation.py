"""A course day by day: it keeps its books, agrees with the closed form where that holds, and is the same each time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.scenario import capacity
from geodata.scenario.course import Course
from geodata.scenario.question import Order, Scenario, Teams, Wish
from geodata.scenario.simulation import (
    HEAD_START_DAYS,
    LEAD_DAYS,
    RETRY_DAYS,
    fails,
    month_ends,
    simulate,
    simulate_until,
)
from geodata.scenario.stock import Start
from tests.factories.scenarios import (
    AS_OF,
    EAST,
    FIRE,
    FOLLOW_UP,
    HOUSING,
    JOINT,
    WEST,
    stock,
    street,
    visiting,
)

MONTHS = 36
NOBODY = visiting(0)
WEEK = 7


def course(
    start: Start, teams: Teams, wishes: Sequence[Wish] = (), *, months: int = MONTHS, order: Order = "due"
) -> Course:
    return simulate(start, Scenario(AS_OF, months, teams, tuple(wishes), order))


def same(one: Course, other: Course) -> bool:
    tables = ("overdue", "overdue_days", "overdue_property_days", "visits", "failed", "next_day", "due_day")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in tables)


# --- one house --------------------------------------------------------------------------------------------------------


def test_nobody_visits_and_everything_falls_overdue_on_the_day_after_it_was_due() -> None:
    found = course(stock([(0, JOINT, 365, 0), (1, JOINT, 365, 31), (2, JOINT, 365, 30)]), NOBODY, months=12).of()
    assert found.ends_on[:3] == (AS_OF, date(2026, 7, 30), date(2026, 8, 30))  # after 30 and 61 days
    assert found.overdue[:3] == (0, 1, 3)
    assert found.overdue_days[:3] == (0, 30, 61 + 30 + 31)
    assert found.overdue_property_days[:3] == (0, 30, 31 + 30 + 31)
    assert found.mean_overdue_days[:3] == (None, 30, 122 / 3)
    assert sum(found.visits) == 0


def test_with_plenty_of_teams_a_house_is_visited_a_week_before_it_is_due_and_not_earlier() -> None:
    start = stock([(0, JOINT, 365, 100)])
    found = course(start, visiting(5))
    # The 93rd day after 30 June 2026 is Thursday, 1 October.
    assert found.next_day[0] == 100 - LEAD_DAYS
    assert sum(found.of().visits) == 3  # days 93, then 358 days later, and again
    assert sum(found.of().overdue_property_days) == 0
    assert found.utilisation < 0.01


def test_nobody_works_on_a_weekend() -> None:
    days = {int(course(stock([(0, JOINT, 365, due)]), visiting(5), months=12).next_day[0]) for due in range(8, 60)}
    assert {(AS_OF + timedelta(days=day)).weekday() for day in days} == {0, 1, 2, 3, 4}


def test_fractions_of_a_visit_carry_over_and_what_is_not_used_is_lost() -> None:
    always_overdue = stock([(house, JOINT, 1, -house) for house in range(200)])
    assert sum(course(always_overdue, visiting(0.3), months=12).of().visits) == int(261 * 0.3)
    # Due in half a year all at once: what was not used until then would be 0.3 x 130 visits.
    idle = stock([(house, JOINT, 3000, 190) for house in range(200)])
    first = course(idle, visiting(0.3), months=12).next_day
    assert (first <= 185).sum() <= 2


def test_failed_access_uses_capacity_and_is_tried_again_after_two_weeks() -> None:
    start = stock([(0, JOINT, 1000, -5)])
    found = course(start, visiting(5, failed_share=0.95), months=12)
    # The first number of the pattern that does not fail is found by the pattern itself.
    tries = int(np.flatnonzero(~fails(np.arange(100), 0.95))[0])
    assert sum(found.of().failed) == tries
    assert found.next_day[0] >= 1 + tries * (RETRY_DAYS + 1)
    assert found.next_day[0] <= 1 + tries * (RETRY_DAYS + 3)  # and a weekend


def test_who_was_reached_since_by_a_visit_of_a_wider_type_does_not_wait_for_access() -> None:
    start = stock([(0, FOLLOW_UP, 5, 0), (0, JOINT, 100, 10)])
    asked = Scenario(AS_OF, 12, visiting(5, failed_share=0.3))
    found = simulate_until(start, asked, [AS_OF, AS_OF + timedelta(days=6)])
    # On the first day in vain, on the third one (Friday) by the joint control.
    assert (sum(found.of().failed), found.next_day.tolist()) == (1, [3, 3])
    assert not found.waits_for_access.any()


@given(st.floats(0, 0.95), st.integers(1, 20_000), st.integers(0, 50_000))
def test_the_pattern_of_failures_keeps_the_share_from_any_visit_on(share: float, count: int, first: int) -> None:
    assert abs(fails(first + np.arange(count), share).sum() - share * count) <= 6


# --- one visit serves several ----------------------------------------------------------------------------------------


def test_a_visit_serves_what_its_type_satisfies() -> None:
    start = stock([(0, JOINT, 365, 10), (0, HOUSING, 365, 12), (0, FIRE, 365, 12)])
    found = course(start, visiting(5), months=12)
    assert start.control_types == (FIRE, HOUSING, JOINT)
    # Friday, 3 July; for fire safety a week before it is due is a Sunday, so they come on Monday.
    assert found.next_day.tolist() == [6, 3, 3]
    assert dict(zip(start.control_types, found.visits[:, -1].sum(axis=0).tolist(), strict=True))[HOUSING] == 0


def test_a_visit_that_is_called_anyway_is_carried_out_as_the_wider_type_in_time() -> None:
    start = stock([(0, HOUSING, 100, 50), (0, JOINT, 250, 250)])
    found = course(start, visiting(5), months=24)
    by_type = dict(zip(start.control_types, found.visits[:, -1].sum(axis=0).tolist(), strict=True))
    # Days 43 and 136 are too early for the joint control; from day 229 on each second visit is one, serving both.
    assert (by_type[JOINT], by_type[HOUSING]) == (3, 5)
    assert sum(found.of().overdue_property_days) == 0


def test_a_house_is_visited_once_a_day_at_most() -> None:
    start = stock([(0, JOINT, 365, -9), (0, FIRE, 365, -9)])
    assert sorted(course(start, visiting(5), months=12).next_day.tolist()) == [1, 2]


# --- whose turn it is -------------------------------------------------------------------------------------------------


def test_who_was_due_earliest_is_first_and_risk_gives_a_bounded_head_start() -> None:
    start = stock([(0, JOINT, 3000, -40), (1, JOINT, 3000, -20), (2, JOINT, 3000, -30)], weights={1: 1, 2: 4, 0: 0})
    assert np.argsort(course(start, visiting(0.2), months=12).next_day).tolist() == [0, 2, 1]
    assert np.argsort(course(start, visiting(0.2), months=12, order="risk").next_day).tolist() == [2, 1, 0]
    late = replace(start, due_day=np.array([-4 * HEAD_START_DAYS - 31, -20, -30]))
    assert np.argsort(course(late, visiting(0.2), months=12, order="risk").next_day).tolist() == [0, 2, 1]


# --- the books --------------------------------------------------------------------------------------------------------

pairs = st.tuples(
    st.integers(0, 30), st.sampled_from([JOINT, HOUSING, FIRE, FOLLOW_UP]), st.integers(5, 900), st.integers(-300, 900)
)
stocks = st.lists(pairs, min_size=1, max_size=60, unique_by=lambda one: one[:2]).map(
    lambda rows: stock(
        [(sorted({row[0] for row in rows}).index(house), *rest) for house, *rest in rows],
        areas={0: [WEST, EAST], 1: [EAST], 2: []},
    )
)


@settings(max_examples=25, deadline=None)
@given(stocks, st.floats(0, 3), st.floats(0, 0.6), st.sampled_from(["due", "risk"]))
def test_the_books_of_any_course_balance(start: Start, per_day: float, failed: float, order: Order) -> None:
    found = course(start, visiting(per_day, failed_share=failed), order=order, months=12)
    city = found.of()
    assert sum(city.visits) <= found.capacity + 1e-6
    assert found.capacity == pytest.approx(261 * per_day)
    assert abs(sum(city.failed) - failed * sum(city.visits)) <= 6
    # The month ends agree with the due days that are left, and the property-days with a count day by day.
    late = np.maximum(found.horizon_days - found.due_day, 0)
    assert (city.overdue[-1], city.overdue_days[-1]) == ((late > 0).sum(), late.sum())
    assert all(days >= count for days, count in zip(city.overdue_days, city.overdue, strict=True))
    assert max(city.overdue_property_days) <= 31 * start.pairs
    # A house gets what its pairs call for, and those in no area of the kind stand in the city's row alone.
    in_no_area = sum(1 for one in start.property_of if one not in start.member_property)
    assert city.pairs == start.pairs
    assert found.of(WEST).pairs + found.of(EAST).pairs >= start.pairs - in_no_area
    assert sum(found.of(WEST).visits) <= sum(city.visits)
    assert (found.next_day >= 1).all()
    assert same(found, course(start, visiting(per_day, failed_share=failed), order=order, months=12))


@settings(max_examples=15, deadline=None)
@given(stocks, st.floats(0, 2))
def test_a_wish_that_equals_the_rules_changes_nothing(start: Start, per_day: float) -> None:
    uniform = replace(start, interval_days=np.full(start.pairs, 200))
    wishes = [Wish(None, kind, 200) for kind in start.control_types]
    teams = visiting(per_day, failed_share=0.2)
    assert same(course(uniform, teams, months=12), course(uniform, teams, wishes, months=12))


@settings(max_examples=25, deadline=None)
@given(st.integers(10, 300), st.integers(10, 300), st.integers(0, 300), st.floats(0.02, 2))
def test_a_house_is_visited_as_often_as_its_rule_asks_and_no_more(
    west_days: int, east_days: int, due: int, per_day: float
) -> None:
    start = stock([(0, JOINT, west_days, due), (1, JOINT, east_days, due // 2)], areas={0: [WEST], 1: [EAST]})
    found = course(start, visiting(per_day), months=24)
    for area, interval, first in ((WEST, west_days, due), (EAST, east_days, due // 2)):
        row = found.of(area)
        lead = min(LEAD_DAYS, interval // 10)
        assert sum(row.visits) <= 1 + max(0, found.horizon_days - first + lead) / (interval - lead)
        if not sum(row.overdue_property_days):
            # Whoever is visited on the day after the due date was overdue at the end of no day.
            assert sum(row.visits) >= (found.horizon_days - first) // (interval + 1)
    assert sum(found.of(WEST).visits) + sum(found.of(EAST).visits) == sum(found.of().visits)


def test_pairs_of_one_date_answer_no_question_of_another() -> None:
    with pytest.raises(ValueError, match="2026-06-30"):
        simulate(stock(street(3, 100)), Scenario(AS_OF + timedelta(days=1), 12, NOBODY))


def test_property_days_overdue_are_those_of_a_count_on_each_day() -> None:
    start = stock([(house, JOINT, 40 + house, house * 7 - 60) for house in range(30)])
    scenario = Scenario(AS_OF, 12, visiting(0.4, failed_share=0.3))
    monthly = simulate(start, scenario).of()
    daily = simulate_until(start, scenario, [AS_OF + timedelta(days=day) for day in range(366)]).of()
    assert sum(monthly.overdue_property_days) == sum(daily.overdue[1:]) > 0
    assert monthly.overdue[1] == daily.overdue[30]


# --- where the closed form holds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("failed", [0.0, 0.25])
@pytest.mark.parametrize("interval", [60, 180, 365])
def test_one_type_stays_on_time_if_and_only_if_the_interval_is_long_enough(interval: int, failed: float) -> None:
    houses = 150
    # Visits go by working days and intervals by calendar days; a failed house comes again in two weeks.
    margin = 3 + (RETRY_DAYS if failed else 0)
    start = stock(street(houses, interval))
    enough = visiting(houses * 7 / 5 / (interval - margin) / (1 - failed), failed_share=failed)
    kept = course(start, enough)
    # Whoever was not reached is late for as long as it takes to come again, and nobody else is.
    late = houses * failed / (1 - failed) * (RETRY_DAYS + 3) / interval
    assert sum(kept.of().overdue) / MONTHS <= late
    assert max(kept.of().overdue) <= 2 * late
    too_few = visiting(houses * 7 / 5 / (interval + margin + interval // 10) / (1 - failed), failed_share=failed)
    assert course(start, too_few).of().overdue[-1] > houses * 0.05


@pytest.mark.parametrize("reserve", [1.08, 0.92])
def test_a_focus_area_is_sustainable_exactly_where_the_closed_form_says_so(reserve: float) -> None:
    rows = [*street(60, 730), *street(240, 730, first=60)]
    start = stock(rows, areas={house: [EAST] for house in range(60, 300)})
    wish = Wish(WEST, JOINT, 120)
    wished = replace(start, due_day=np.where(start.of_wish(wish), start.due_day % 120 + 8 + 610, start.due_day))
    need = capacity.needed_visits_per_year(start, [wish])
    teams = visiting(need * reserve / capacity.WORKING_DAYS_PER_YEAR)
    shortest = capacity.shortest_sustainable_days(start, teams, [wish], wish)
    found = course(wished, teams, [wish])
    if reserve > 1:
        assert shortest is not None
        assert shortest <= 120
        assert sum(found.of().overdue_property_days) == 0
    else:
        assert shortest is None or shortest > 120
        assert found.of(EAST).overdue[-1] > 0


@settings(max_examples=10, deadline=None)
@given(st.integers(20, 120), st.integers(30, 400), st.floats(0.1, 0.9), st.floats(1.05, 3))
def test_more_teams_never_leave_more_overdue(houses: int, interval: int, share: float, more: float) -> None:
    start = stock([(house, JOINT, interval, house * 3 - 100) for house in range(houses)])
    few = share * houses * 7 / 5 / interval
    less = course(start, visiting(few), months=24).of()
    many = course(start, visiting(few * more), months=24).of()
    assert sum(many.overdue_property_days) <= sum(less.overdue_property_days)
    assert many.overdue[-1] <= less.overdue[-1] + houses * 0.02


# --- dates ------------------------------------------------------------------------------------------------------------


@given(st.dates(date(2000, 1, 1), date(2190, 1, 1)), st.integers(12, 36))
def test_months_end_on_the_same_day_or_the_last_one(as_of: date, months: int) -> None:
    ends = month_ends(as_of, months)
    assert ends[0] == as_of
    assert len(ends) == months + 1
    for count, end in enumerate(ends):
        assert (end.year * 12 + end.month) - (as_of.year * 12 + as_of.month) == count
        assert end.day == as_of.day or (end + timedelta(days=1)).day == 1


def test_a_city_without_pairs_has_an_empty_course() -> None:
    found = course(stock([]), visiting(5), months=12)
    assert (found.of().pairs, sum(found.of().visits), sum(found.of().overdue)) == (0, 0, 0)
