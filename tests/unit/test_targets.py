"""How a resolution stands, as a function of its target, a value and two dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.targets import Target, share

UNTIL = date(2026, 6, 30)
AT_LEAST = Target("at_least", 70, UNTIL)
AT_MOST = Target("at_most", 40, UNTIL)


@pytest.mark.parametrize(
    ("target", "value", "as_of", "state"),
    [
        (AT_LEAST, 70, date(2026, 1, 1), "reached"),
        (AT_LEAST, 69.6, date(2026, 1, 1), "open"),
        (AT_LEAST, 69.6, UNTIL, "open"),
        (AT_LEAST, 69.6, date(2026, 7, 1), "missed"),
        (AT_LEAST, 70, date(2027, 1, 1), "reached"),
        (AT_MOST, 40, date(2026, 1, 1), "reached"),
        (AT_MOST, 41, date(2026, 1, 1), "open"),
        (AT_MOST, 41, date(2026, 7, 1), "missed"),
        (AT_MOST, 0, date(2026, 7, 1), "reached"),
        (AT_LEAST, None, date(2026, 1, 1), "unknown"),
        (AT_LEAST, None, date(2027, 1, 1), "unknown"),
    ],
)
def test_the_state_follows_from_value_and_dates(target: Target, value: float | None, as_of: date, state: str) -> None:
    assert target.state(value, as_of) == state


def test_what_is_missing_and_how_long_there_is_time() -> None:
    assert (AT_LEAST.missing_to(53), AT_LEAST.missing_to(90)) == (17, 0)
    assert (AT_MOST.missing_to(53), AT_MOST.missing_to(12)) == (13, 0)
    assert [AT_LEAST.days_left(day) for day in (date(2026, 6, 29), UNTIL, date(2026, 7, 2))] == [1, 0, -2]


def test_a_change_leads_towards_the_target_or_away_from_it() -> None:
    assert (AT_LEAST.is_better(4), AT_LEAST.is_better(-4), AT_LEAST.is_better(0)) == (True, False, None)
    assert (AT_MOST.is_better(4), AT_MOST.is_better(-4)) == (False, True)


def test_a_share_of_nothing_is_none() -> None:
    assert share(84, 158) == pytest.approx(53.164557)
    assert (share(0, 158), share(0, 0), share(None, 3), share(3, None)) == (0, None, None, None)


@given(part=st.integers(0, 500), whole=st.integers(1, 500), goal=st.integers(0, 100))
def test_a_share_meets_its_target_exactly_where_whole_numbers_say_so(part: int, whole: int, goal: int) -> None:
    value = share(part, whole)
    assert value is not None
    assert Target("at_least", goal, UNTIL).is_met_by(value) is (100 * part >= goal * whole)
    assert Target("at_most", goal, UNTIL).is_met_by(value) is (100 * part <= goal * whole)
