"""How far apart controls really were: achieved intervals with the open ones counted in, pure and without a database.

Rules (shared domain text, "Inspection interval, exactly"):

- An interval is closed when an effective visit follows an effective visit, and open when none has followed the last one
  by the as-of date. The open ones are the long ones: a median that left them out would flatter.
- The median is that of Kaplan and Meier: an open interval counts as "at least so long". It is the first day by which
  half of the intervals had ended; where that never happens, there is none, and a page says so in words.
- Its 95 % band is that of Brookmeyer and Crowley: all days on which one half cannot be told from the estimated share,
  by Greenwood's variance on the scale of log(-log(share)). An end that is not reached is None.
- All lengths are whole days: at least 1, for two visits on one day are one, and 0 where one opens on the as-of date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Widths of the classes that a reader can name: a week, two, a month, two, a quarter, half a year, a year.
CLASS_WIDTHS_DAYS: Final = (7, 14, 30, 60, 90, 180, 365)
MOST_CLASSES: Final = 20
# Of a normal distribution 95 % lie within so many standard deviations.
Z_95: Final = 1.959963984540054
# Products of fractions miss one half by rounding errors of this order.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Intervals:
    """How often each length occurs: `days` rises, `closed` and `still_open` count the intervals of that length."""

    days: Ints
    closed: Ints
    still_open: Ints

    @property
    def closed_total(self) -> int:
        return int(self.closed.sum())

    @property
    def open_total(self) -> int:
        return int(self.still_open.sum())


@dataclass(frozen=True)
class Median:
    """The usual interval in days with its 95 % band; None = not reached: too few of the intervals ended."""

    days: int | None
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class LengthClass:
    """The intervals of `first_day` to `last_day` days."""

    first_day: int
    last_day: int
    closed: int
    still_open: int


def tally(rows: Iterable[tuple[int, bool, int]]) -> Intervals:
    """Intervals from (days, whether still open, how many) in any order; lengths may repeat."""
    counts: dict[int, list[int]] = {}
    for days, is_open, count in rows:
        counts.setdefault(days, [0, 0])[is_open] += count
    lengths = sorted(counts)
    return Intervals(
        np.array(lengths, dtype=np.int64),
        np.array([counts[days][0] for days in lengths], dtype=np.int64),
        np.array([counts[days][1] for days in lengths], dtype=np.int64),
    )


def share_lasting(intervals: Intervals) -> Floats:
    """Estimated share of intervals that last longer than each of `intervals.days` (Kaplan-Meier).

    What is still open after so many days was under observation on that day and leaves afterwards.
    """
    every = intervals.closed + intervals.still_open
    at_risk = every[::-1].cumsum()[::-1]
    return np.asarray(np.cumprod(1.0 - intervals.closed / np.maximum(at_risk, 1)))


def median_days(intervals: Intervals) -> int | None:
    """The usual interval in days with the open ones counted in; None where half of them never ended."""
    reached = np.flatnonzero(share_lasting(intervals) <= 0.5 + _ROUNDING)
    return int(intervals.days[reached[0]]) if reached.size else None


def median_with_band(intervals: Intervals) -> Median:
    """The median with its 95 % band; where the share falls past one half in one step, that day is both ends."""
    days = median_days(intervals)
    ended = np.flatnonzero(intervals.closed)
    if not ended.size:
        return Median(days, None, None)
    inside = np.flatnonzero(_is_half_possible(intervals)[ended])
    if not inside.size:
        return Median(days, days, days)
    lower, following = ended[inside[0]], inside[-1] + 1
    upper = int(intervals.days[ended[following]]) if following < ended.size else None
    return Median(days, int(intervals.days[lower]), upper)


def _is_half_possible(intervals: Intervals) -> npt.NDArray[np.bool_]:
    """For each length, whether one half lies in the 95 % band of the share that lasts longer."""
    share = share_lasting(intervals)
    every = intervals.closed + intervals.still_open
    at_risk = every[::-1].cumsum()[::-1]
    between = (share > _ROUNDING) & (share < 1)
    # Where all at risk have ended the share is 0, and nothing more is asked of its variance.
    left = np.where(between, at_risk - intervals.closed, 1)
    variance = np.cumsum(np.where(between, intervals.closed / (at_risk * left), 0.0))
    log_share = np.log(np.where(between, share, 0.5))
    distance = np.log(-log_share) - np.log(np.log(2.0))
    error = np.sqrt(np.where(between, variance, 1.0)) / -log_share
    return np.asarray(between & (np.abs(distance) <= Z_95 * error))


def length_classes(intervals: Intervals) -> tuple[LengthClass, ...]:
    """Classes of equal width from day 1 to the longest interval, empty ones among them; at most 20 of them.

    An open interval of 0 days stands in the first class.
    """
    if not intervals.days.size:
        return ()
    longest = int(intervals.days[-1])
    width = class_width_days(longest)
    number = np.maximum(intervals.days - 1, 0) // width
    size = max(longest - 1, 0) // width + 1
    closed = np.bincount(number, weights=intervals.closed, minlength=size)
    still_open = np.bincount(number, weights=intervals.still_open, minlength=size)
    return tuple(
        LengthClass(place * width + 1, (place + 1) * width, int(closed[place]), int(still_open[place]))
        for place in range(size)
    )


def class_width_days(longest: int) -> int:
    """The narrowest width that gives at most 20 classes; beyond the list, whole years."""
    for width in CLASS_WIDTHS_DAYS:
        if longest <= width * MOST_CLASSES:
            return width
    year = CLASS_WIDTHS_DAYS[-1]
    return -(-longest // (year * MOST_CLASSES)) * year
