"""Achieved intervals: the median counts the open ones, and what a hand can compute comes out."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from geodata.course.achieved import (
    MOST_CLASSES,
    Intervals,
    Median,
    length_classes,
    median_days,
    median_with_band,
    share_lasting,
    tally,
)


def intervals(closed: list[int], still_open: list[int]) -> Intervals:
    return tally([*((days, False, 1) for days in closed), *((days, True, 1) for days in still_open)])


@pytest.mark.parametrize(
    ("closed", "still_open", "expected"),
    [
        ([], [], None),
        ([30], [], 30),
        ([10, 20, 30], [], 20),
        ([10, 20], [], 10),  # half of them had ended by day 10
        ([], [400, 500], None),
        ([10], [20, 30], None),  # a third ended, nobody knows about the rest
        # The textbook case, by hand: 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+ (Freireich).
        ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], 23),
        ([10, 20, 30], [5, 25], 20),  # 5 left before anything ended; after 20 a half of four is left
        ([100, 200, 300], [40, 40, 40, 40], 200),  # short open ones say nothing about day 100 and later
        ([100, 200, 300], [400, 400, 400, 400], None),  # long open ones do
    ],
)
def test_the_median_by_hand(closed: list[int], still_open: list[int], expected: int | None) -> None:
    assert median_days(intervals(closed, still_open)) == expected


def test_leaving_out_the_open_intervals_would_flatter() -> None:
    closed, still_open = [60] * 5 + [90] * 5, [700] * 9
    assert median_days(intervals(closed, [])) == 60
    assert median_days(intervals(closed, still_open)) == 90


def test_shares_by_hand() -> None:
    # Of 4 under observation one ends on day 10, of 2 one on day 30: 3/4, then 3/4 * 1/2; open ones change nothing.
    found = intervals([10, 30], [20, 40])
    assert found.days.tolist() == [10, 20, 30, 40]
    assert share_lasting(found).tolist() == pytest.approx([0.75, 0.75, 0.375, 0.375])


lengths = st.lists(st.integers(1, 400), max_size=40)


@given(lengths, lengths)
def test_it_agrees_with_exact_arithmetic(closed: list[int], still_open: list[int]) -> None:
    share, expected = Fraction(1), None
    for day in sorted(set(closed)):
        at_risk = sum(length >= day for length in (*closed, *still_open))
        share *= 1 - Fraction(closed.count(day), at_risk)
        if share <= Fraction(1, 2):
            expected = day
            break
    assert median_days(intervals(closed, still_open)) == expected


@given(lengths.filter(bool))
def test_without_open_intervals_it_is_the_ordinary_lower_median(closed: list[int]) -> None:
    assert median_days(intervals(closed, [])) == sorted(closed)[(len(closed) - 1) // 2]


@given(lengths, lengths, st.data())
def test_an_interval_that_is_still_open_never_lowers_the_median(
    closed: list[int], still_open: list[int], data: st.DataObject
) -> None:
    before = median_days(intervals(closed, still_open))
    length = data.draw(st.sampled_from(closed or [1]))
    rest = list(closed)
    if length in rest:
        rest.remove(length)
    after = median_days(intervals(rest, [*still_open, length]))
    assert before is None or after is None or after >= before


@given(lengths, lengths)
def test_shares_fall_from_one_and_stay_at_or_above_zero(closed: list[int], still_open: list[int]) -> None:
    shares = share_lasting(intervals(closed, still_open))
    assert np.all(np.diff(np.concatenate([[1.0], shares])) <= 1e-12)
    assert np.all(shares >= -1e-12)


@given(st.lists(st.integers(1, 12_000), max_size=40), st.lists(st.integers(0, 400), max_size=40))
def test_classes_hold_every_interval_once(closed: list[int], still_open: list[int]) -> None:
    classes = length_classes(intervals(closed, still_open))
    assert len(classes) <= MOST_CLASSES
    assert sum(one.closed for one in classes) == len(closed)
    assert sum(one.still_open for one in classes) == len(still_open)
    for one in classes:
        assert one.closed == sum(one.first_day <= days <= one.last_day for days in closed)
    assert all(one.last_day + 1 == following.first_day for one, following in pairwise(classes))


def test_an_interval_that_opens_on_the_as_of_date_says_nothing_yet() -> None:
    found = intervals([10, 20], [0, 0, 0])
    assert median_days(found) == 10
    assert (length_classes(found)[0].still_open, length_classes(intervals([], [0]))[0].still_open) == (3, 1)


def test_rows_of_one_length_are_counted_together() -> None:
    found = tally([(60, False, 2), (30, True, 1), (60, False, 3), (60, True, 4)])
    assert (found.days.tolist(), found.closed.tolist(), found.still_open.tolist()) == ([30, 60], [0, 5], [1, 4])
    assert (found.closed_total, found.open_total) == (5, 5)


# --- the band of the median -------------------------------------------------------------------------------------------


def test_the_band_by_hand() -> None:
    # Of 10 one ends each day from 1 to 10: after the first the share is 0.9 and its band reaches from 0.47 to 0.99.
    found = median_with_band(intervals(list(range(1, 11)), []))
    assert found == Median(5, 1, 8)


@pytest.mark.parametrize(
    ("closed", "still_open", "expected"),
    [
        ([], [], Median(None, None, None)),
        ([], [0, 400], Median(None, None, None)),
        ([30] * 9, [], Median(30, 30, 30)),  # all of them ended on one day: that day is certain
        ([10, 20], [30] * 90, Median(None, None, None)),  # almost nothing ended
    ],
)
def test_an_end_of_the_band_may_not_be_reached(closed: list[int], still_open: list[int], expected: Median) -> None:
    assert median_with_band(intervals(closed, still_open)) == expected


@given(st.lists(st.integers(1, 60), max_size=60), st.lists(st.integers(0, 60), max_size=60))
def test_it_agrees_with_an_independent_library(closed: list[int], still_open: list[int]) -> None:
    found = median_with_band(intervals(closed, still_open))
    if not closed:
        assert found == Median(None, None, None)  # the library has no curve without an event
        return
    times = np.array([*closed, *still_open])
    status = np.array([1] * len(closed) + [0] * len(still_open))
    # At a share of 0 the logarithms of the library have no value, which it takes for "outside of the band", as we do.
    with np.errstate(all="ignore"):
        curve = SurvfuncRight(times, status)
        # The library asks for a share below one half, we for one of at most one half.
        expected = curve.quantile(0.5 - 1e-9)
        lower, upper = curve.quantile_ci(0.5)
    assert found.days == (None if np.isnan(expected) else expected)
    if np.isnan(lower):  # the share fell past one half in one step, or never came near it
        assert (found.lower, found.upper) == (found.days, found.days)
    else:
        assert (found.lower, found.upper) == (lower, None if np.isinf(upper) else upper)
