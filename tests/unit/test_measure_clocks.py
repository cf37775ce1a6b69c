"""Deadlines by the civil code: ends of months, weekends and the holidays of North Rhine-Westphalia."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.measures.clocks import Clock, deadline, is_holiday_nrw, is_working_day, period_end, state_of

DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(0, 24)
MORE_DAYS = st.integers(0, 400)


def months(number: int, *, moves: bool = False) -> Clock:
    return Clock(number, 0, moves)


@pytest.mark.parametrize(
    ("starts_on", "number", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
def test_a_period_of_months_ends_on_the_number_of_its_day_or_on_the_last_of_a_shorter_month(
    starts_on: date, number: int, expected: date
) -> None:
    assert deadline(starts_on, months(number)) == expected


@pytest.mark.parametrize(
    ("starts_on", "clock", "expected"),
    [
        # Saturday, 31 October, then All Saints on a Sunday: Monday.
        (date(2026, 9, 30), Clock(1, 1, True), date(2026, 11, 2)),
        # All Saints on a Monday: Tuesday.
        (date(2021, 10, 1), months(1, moves=True), date(2021, 11, 2)),
        # Corpus Christi is a Thursday.
        (date(2026, 5, 4), months(1, moves=True), date(2026, 6, 5)),
        # Good Friday to Easter Monday: Tuesday.
        (date(2026, 3, 3), months(1, moves=True), date(2026, 4, 7)),
        # 24 and 31 December are working days for a deadline; 25 and 26 are not, and then comes a Sunday.
        (date(2026, 11, 24), months(1, moves=True), date(2026, 12, 24)),
        (date(2026, 12, 1), Clock(0, 30, True), date(2026, 12, 31)),
        (date(2026, 11, 25), months(1, moves=True), date(2026, 12, 28)),
        # What does not move stays on its Sunday.
        (date(2026, 10, 1), months(1), date(2026, 11, 1)),
    ],
)
def test_a_deadline_moves_from_weekends_and_holidays_where_its_rule_says_so(
    starts_on: date, clock: Clock, expected: date
) -> None:
    assert deadline(starts_on, clock) == expected


def test_the_holidays_are_those_of_north_rhine_westphalia() -> None:
    assert is_holiday_nrw(date(2026, 11, 1))
    assert is_holiday_nrw(date(2026, 6, 4))
    assert is_holiday_nrw(date(2017, 10, 31))  # once only, for the anniversary of the Reformation
    assert not is_holiday_nrw(date(2026, 10, 31))
    assert not is_holiday_nrw(date(2026, 1, 6))
    assert not is_holiday_nrw(date(2026, 12, 24))
    assert not is_holiday_nrw(date(2026, 12, 31))


@given(DAYS, MONTHS, MORE_DAYS)
def test_a_deadline_that_moves_is_a_working_day_and_never_earlier(starts_on: date, number: int, days: int) -> None:
    clock = Clock(number, days, True)
    due_on = deadline(starts_on, clock)
    ends_on = period_end(starts_on, clock)
    assert is_working_day(due_on)
    assert ends_on <= due_on <= ends_on + timedelta(days=5)
    assert all(not is_working_day(ends_on + timedelta(days=at)) for at in range((due_on - ends_on).days))


@given(DAYS, st.integers(0, 40), MONTHS, MORE_DAYS, st.booleans())
def test_who_is_served_later_never_has_an_earlier_deadline(
    starts_on: date, later: int, number: int, days: int, moves: bool
) -> None:
    clock = Clock(number, days, moves)
    assert deadline(starts_on, clock) <= deadline(starts_on + timedelta(days=later), clock)


@given(DAYS, MONTHS)
def test_a_longer_period_never_ends_earlier_and_the_first_day_does_not_count(starts_on: date, number: int) -> None:
    assert deadline(starts_on, months(number)) <= deadline(starts_on, months(number + 1))
    assert deadline(starts_on, Clock(0, 1, False)) == starts_on + timedelta(days=1)


@given(DAYS, st.integers(-40, 40), st.one_of(st.none(), st.integers(-40, 40)), st.integers(0, 30))
def test_the_state_of_a_deadline_has_no_gap(as_of: date, left: int, met: int | None, warn_days: int) -> None:
    due_on = as_of + timedelta(days=left)
    met_on = None if met is None else as_of + timedelta(days=met)
    state = state_of(due_on, met_on, as_of, warn_days)
    if met_on is not None and met_on <= as_of:
        assert state == ("met" if met_on <= due_on else "met_late")
    elif left < 0:
        assert state == "expired"
    else:
        assert state == ("soon" if left <= warn_days else "open")


def test_the_last_day_is_in_time() -> None:
    day = date(2026, 11, 15)
    assert state_of(day, None, day) == "soon"
    assert state_of(day, day, day) == "met"
    assert state_of(day - timedelta(days=1), None, day) == "expired"
