"""When a deadline ends, and how it stands on a date; pure, all dates are calendar dates in Europe/Berlin.

Rules (BGB 187 to 193, which administrative law applies):

- The day of the event (the service of a letter) does not count.
- A period of months ends on the day with the number of the event's day; where the month has none, on its last day:
  31 January and one month is 28 February, or 29 in a leap year. 28 February and one month is 28 March.
- A deadline that moves and falls on a Saturday, a Sunday or a public holiday of North Rhine-Westphalia ends on the next
  working day. Whether one moves is data of the step. 24 and 31 December are no public holidays.
- A period that is prolonged goes on from the end of the first one, not from a day to which that end moved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

import holidays

from geodata.calendar import months_later

State = Literal["met", "met_late", "open", "soon", "expired", "resting"]

# `resting`: the last day has passed, but what was ordered cannot be enforced for now (`steps.rests`).
STATES: Final[tuple[State, ...]] = ("expired", "soon", "open", "resting", "met_late", "met")
WARN_DAYS: Final = 14
_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """A period: months, then days; `moves_to_working_day`: its end moves from weekends and holidays."""

    months: int
    days: int
    moves_to_working_day: bool


def is_holiday_nrw(day: date) -> bool:
    """Whether the day is a public holiday in North Rhine-Westphalia."""
    return day in _holidays_of(day.year)


def is_working_day(day: date, holidays_of: Callable[[date], bool] = is_holiday_nrw) -> bool:
    """Whether the day is neither Saturday nor Sunday nor a public holiday."""
    return day.weekday() < _SATURDAY and not holidays_of(day)


def period_end(starts_on: date, clock: Clock) -> date:
    """The last day of the period by its number alone, wherever in the week it falls."""
    return months_later(starts_on, clock.months) + timedelta(days=clock.days)


def deadline(starts_on: date, clock: Clock, holidays_of: Callable[[date], bool] = is_holiday_nrw) -> date:
    """The last day on which the deadline is kept, for an event of `starts_on`."""
    ends_on = period_end(starts_on, clock)
    while clock.moves_to_working_day and not is_working_day(ends_on, holidays_of):
        ends_on += _ONE_DAY
    return ends_on


def state_of(due_on: date, met_on: date | None, as_of: date, warn_days: int = WARN_DAYS) -> State:
    """How a deadline stands at the end of a day: not expired on its last day; what is met later is not met yet."""
    if met_on is not None and met_on <= as_of:
        return "met" if met_on <= due_on else "met_late"
    if as_of > due_on:
        return "expired"
    return "soon" if due_on - as_of <= timedelta(days=warn_days) else "open"


@cache
def _holidays_of(year: int) -> frozenset[date]:
    # Kept by year: the library's own calendar grows while it is asked, which two threads must not see.
    return frozenset(holidays.country_holidays("DE", subdiv="NW", years=year))
