"""How well intervals were kept over time, pure and without a database.

Rules (shared domain text, "Inspection interval, exactly"):

- A property is monitored for a type of control on each day on which it is recorded and not closed and a rule in force
  asks for that type: from its recording to the day before it is closed, and again from a reopening on.
- On each of these days the rule that wins that day decides, by `geodata.intervals.due`: whether it is overdue, and from
  which visit on it was not. Here the same is said of whole stretches of days at once.
- Adherence over a period = property-days not overdue / monitored property-days.
- What a property is (use type, inhabited, areas) is what is known on the as-of date; it is not looked up day by day.

The set-based twin is `geodata/sql/course/`; a test holds the two against each other. A stretch of days is its first day
and the day after its last one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from geodata.intervals import Release, Rule, Subject, Visit, applies, is_effective, is_released

Ints = npt.NDArray[np.int64]
Step = Literal["month", "quarter", "year"]
STEPS: Final[tuple[Step, ...]] = ("month", "quarter", "year")
_MONTHS: Final[Mapping[Step, int]] = {"month": 1, "quarter": 3, "year": 12}


class Stretch(NamedTuple):
    """Days from `first_on` to the day before `until_on`; empty where these are the same."""

    first_on: date
    until_on: date

    @property
    def days(self) -> int:
        return max(0, (self.until_on - self.first_on).days)

    def within(self, other: "Stretch") -> "Stretch":
        """The days of both; an empty stretch where there are none."""
        first_on = max(self.first_on, other.first_on)
        return Stretch(first_on, max(first_on, min(self.until_on, other.until_on)))


@dataclass(frozen=True)
class Adherence:
    """Property-days of a period: how many were monitored, and on how many of these the control was overdue."""

    monitored_days: int
    overdue_days: int

    @property
    def share(self) -> float | None:
        """Share of the monitored days on which it was not overdue, 0 to 1; None where nothing was monitored."""
        return 1 - self.overdue_days / self.monitored_days if self.monitored_days else None


@dataclass(frozen=True)
class CoursePoint:
    """A period of the course: the pairs at the end of its last day, how many of them on time, and its property-days.

    `control_type` None = all types together.
    """

    first_on: date
    last_on: date
    control_type: str | None
    pairs: int
    on_time: int
    adherence: Adherence


@dataclass(frozen=True)
class Compared:
    """A period and the one of the same length before it."""

    now: CoursePoint
    before: CoursePoint


# --- one property -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """Where a property was monitored for a type of control, and where it was overdue; both in the order of the days."""

    monitored: tuple[Stretch, ...]
    overdue: tuple[Stretch, ...]

    @property
    def adherence(self) -> Adherence:
        return Adherence(sum(one.days for one in self.monitored), sum(one.days for one in self.overdue))


def monitored_stretches(registered_on: date, turns: Iterable[tuple[date, bool]], until_on: date) -> list[Stretch]:
    """Where a property was recorded and open before `until_on`; `turns` = (day, whether it was closed then), any order.

    Of several on one day the last of the sequence counts. The day of a closing is closed, that of a reopening open.
    """
    last_of_day = dict(sorted(turns, key=lambda turn: turn[0]))
    found: list[Stretch] = []
    open_from: date | None = registered_on
    for day, is_closed in last_of_day.items():
        if not is_closed:
            open_from = open_from or max(day, registered_on)
        elif open_from is not None:
            found.append(Stretch(open_from, min(day, until_on)))
            open_from = None
    if open_from is not None:
        found.append(Stretch(open_from, until_on))
    return [one for one in found if one.days]


def kept(
    subject: Subject,
    open_stretches: Iterable[Stretch],
    rules: Sequence[Rule],
    visits: Sequence[Visit],
    satisfies: Iterable[tuple[str, str]],
    window: Stretch,
    *,
    releases: Sequence[Release] = (),
) -> dict[str, Kept]:
    """Where one property was monitored and where overdue within `window`, by type of control; others are missing.

    `open_stretches` are those of `monitored_stretches`; what `subject` says of closing is not looked at.
    """
    serving = frozenset(satisfies)
    found: dict[str, Kept] = {}
    for kind in sorted({rule.control_type for rule in rules}):
        of_kind = [rule for rule in rules if rule.control_type == kind]
        pieces = [piece for one in open_stretches for piece in _pieces(one.within(window), of_kind, subject, releases)]
        overdue = [late for piece, rule in pieces for late in _overdue(piece, rule, subject, visits, serving)]
        if pieces:
            found[kind] = Kept(tuple(piece for piece, _ in pieces), tuple(overdue))
    return found


def _pieces(
    stretch: Stretch, rules: Sequence[Rule], subject: Subject, releases: Sequence[Release]
) -> Iterator[tuple[Stretch, Rule]]:
    """Parts of a stretch in each of which one rule wins; days without a rule are left out."""
    turns = {rule.valid_from for rule in rules} | {rule.valid_to for rule in rules}
    turns |= {one.since_on for one in releases} | {one.until_on for one in releases}
    inside = sorted(day for day in turns if day is not None and stretch.first_on < day < stretch.until_on)
    for piece in map(Stretch, [stretch.first_on, *inside], [*inside, stretch.until_on]):
        on = piece.first_on
        applying = [one for one in rules if applies(one, subject, on) and not is_released(one, releases, on)]
        if piece.days and applying:
            yield piece, min(applying, key=lambda rule: rule.rank)


def _overdue(
    piece: Stretch, rule: Rule, subject: Subject, visits: Sequence[Visit], serving: frozenset[tuple[str, str]]
) -> Iterator[Stretch]:
    """Overdue days of a piece: from the day after each due date to the next effective visit."""
    effective = {
        visit.inspected_on
        for visit in visits
        if is_effective(visit, rule, is_inhabited=subject.is_inhabited, satisfies=serving)
    }
    # The recording counts until the first visit, be that before it.
    starts = [subject.registered_on, *sorted(effective)]
    for start_on, next_on in zip(starts, [*starts[1:], piece.until_on], strict=True):
        late_on = start_on + timedelta(days=rule.interval_days + 1)
        late = Stretch(max(late_on, piece.first_on), min(next_on, piece.until_on))
        if late.days:
            yield late


# --- all properties together ------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """By how many the monitored and the overdue pairs became more or fewer on a day."""

    on: date
    monitored: int
    overdue: int


@dataclass(frozen=True, eq=False)
class Days:
    """How many pairs were monitored, and how many of them overdue, on each day from `first_on` on."""

    first_on: date
    monitored: Ints
    overdue: Ints

    def point(self, first_on: date, last_on: date, control_type: str | None) -> CoursePoint:
        """The period from `first_on` to `last_on`, both among the days."""
        part = slice((first_on - self.first_on).days, (last_on - self.first_on).days + 1)
        monitored, overdue = self.monitored[part], self.overdue[part]
        pairs = int(monitored[-1])
        days = Adherence(int(monitored.sum()), int(overdue.sum()))
        return CoursePoint(first_on, last_on, control_type, pairs, pairs - int(overdue[-1]), days)


def days_of(changes: Iterable[Change], first_on: date, last_on: date) -> Days:
    """Counts on each day from the changes, which begin at 0 on `first_on`; what changes after `last_on` is left out."""
    size = (last_on - first_on).days + 1
    counts = np.zeros((2, size), dtype=np.int64)
    for on, monitored, overdue in changes:
        day = (on - first_on).days
        if day < size:
            counts[:, day] += (monitored, overdue)
    monitored_days, overdue_days = counts.cumsum(axis=1)
    return Days(first_on, monitored_days, overdue_days)


def steps(first_on: date, last_on: date, step: Step) -> list[tuple[date, date]]:
    """First and last days of the calendar months, quarters or years; the first and the last one may be cut short."""
    found = []
    begins_on = first_on
    while begins_on <= last_on:
        following = _next_step(begins_on, _MONTHS[step])
        found.append((begins_on, min(following - timedelta(days=1), last_on)))
        begins_on = following
    return found


def _next_step(day: date, months: int) -> date:
    """First day of the calendar step after that in which `day` lies."""
    number = (day.year * 12 + day.month - 1) // months * months + months
    return date(number // 12, number % 12 + 1, 1)
