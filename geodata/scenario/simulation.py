"""A course, day by day: who is visited when with the teams there are, and what is overdue meanwhile. Pure numpy.

The model, exactly:

- *Stock.* The pairs of the as-of date with their due days. Nothing is recorded or closed meanwhile, no rule begins
  or ends: what lies ahead is not known, and the question is what the change alone does. A wish replaces the interval of
  its pairs from the first day; the interval then runs from the same last visit (`Start.due_under`).
- *Capacity.* Visits per year (`capacity.py`) spread evenly over the days from Monday to Friday; holidays, leave and the
  weeks without work are in the weeks per year, not at certain dates. Fractions carry over. What is not used is lost,
  except for as much as one round (at least one visit).
- *Who is visited.* Each working day the first in line among those that may be visited: from `lead` days before the due
  date on (7 days, at short intervals a tenth of the interval), so that spare capacity shows as spare. In line stands
  - `due`: who was due earliest;
  - `risk`: the same, with a head start of 30 days for each point of the property's weight (pressure of the last
    assessment 0 to 3, and 1 where the last completed control had a finding): bounded, so that nobody waits for ever.
  Ties go by the order of the pairs. A property is visited at most once a day.
- *A visit* is carried out as the type of the pair that called it, or as a type that also serves this one where the
  property has such a pair and that would fall due before the caller's next visit: one visit instead of two. It serves
  its pair and every pair of the property that its type satisfies; their intervals begin anew. Access that is enough
  for the type is taken to be enough for what it serves.
- *Failed access.* Of all visits the given share reaches nothing and uses capacity all the same. Which ones follows from
  their number alone (multiples of the golden section, as even as can be), so that a course is the same each time. The
  pairs that it would have served stay due and are tried again from the 15th day on (RETRY_DAYS), at their old place.
- *Counted.* Overdue on a day: due before it (at the end of the day, after its visits). Property-days overdue: days at
  whose end a pair was overdue. Rows of areas overlap; the last row is the city.

Not in the model: ways and routes, the size of a building, how long a visit takes, rounds as heaps on one day, which
office a type needs, and the learning from findings.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from geodata.calendar import months_later
from geodata.scenario.capacity import WORKING_DAYS_PER_YEAR, visits_per_year
from geodata.scenario.course import Course, Ledger
from geodata.scenario.question import Scenario
from geodata.scenario.stock import Bools, Ints, Start

WORKING_WEEKDAYS: Final = range(5)  # Monday to Friday
WEEKEND_DAYS: Final = 2
LEAD_DAYS: Final = 7
LEAD_SHARE: Final = 10  # a tenth of the interval
RETRY_DAYS: Final = 14
HEAD_START_DAYS: Final = 30
_GOLDEN: Final = (5**0.5 - 1) / 2
_ROUNDING: Final = 1e-9
# A place in line is one number: the day, then the pair. Days are moved to be positive.
_PAIR_BITS: Final = 24
_DAY_OFFSET: Final = 1 << 20
_PAIR_MASK: Final = (1 << _PAIR_BITS) - 1
_NOT_IN_LINE: Final = -1
_IN_LINE: Final = 1 << 30  # no day of a course: a pair in line does not join it again
_NOBODY: Final[Ints] = np.zeros(0, dtype=np.int64)


def simulate(start: Start, scenario: Scenario) -> Course:
    """The course of the scenario from the day after the as-of date on; the same question gives the same course.

    Raises ValueError for a scenario of another date than the start's, and for more pairs than a place in line can
    number (16 million).
    """
    if start.as_of != scenario.as_of:
        raise ValueError(f"The pairs are those of {start.as_of}, but the scenario begins on {scenario.as_of}.")
    if start.pairs > _PAIR_MASK:
        raise ValueError(f"A course takes at most {_PAIR_MASK} pairs, not {start.pairs}.")
    return simulate_until(start, scenario, month_ends(scenario.as_of, scenario.months))


def simulate_until(start: Start, scenario: Scenario, ends_on: Sequence[date]) -> Course:
    """The same with other ends than those of months: rising, the as-of date first."""
    ends = {(end - scenario.as_of).days for end in ends_on[1:]}
    run, daily = _Run(start, scenario), visits_per_year(scenario.teams) / WORKING_DAYS_PER_YEAR
    ledger = Ledger(start, run.due)
    carried_most, unused, capacity = max(1.0, scenario.teams.objects_per_round), 0.0, 0.0
    for day in range(1, max(ends) + 1):
        if (scenario.as_of + timedelta(days=day)).weekday() in WORKING_WEEKDAYS:
            unused, capacity = min(unused, carried_most) + daily, capacity + daily
            unused -= run.work(day, int(unused + _ROUNDING), ledger)
        if day in ends:
            ledger.close_month(day, run.due)
    # Who may be tried again on a weekend waits for it to end.
    waits_for_access = run.tried_again_from > max(ends) - WEEKEND_DAYS
    return ledger.course(tuple(ends_on), capacity, run.due, waits_for_access)


def month_ends(as_of: date, months: int) -> tuple[date, ...]:
    """The as-of date and the same day of each month after it, or the last day of a shorter month."""
    return tuple(months_later(as_of, count) for count in range(months + 1))


def fails(numbers: Ints, failed_share: float) -> Bools:
    """Which of the visits with these numbers reach too little: a fixed, even pattern with the given share."""
    return np.asarray((numbers * _GOLDEN) % 1.0 < failed_share)


def _pairs_in(table: Ints) -> Ints:
    return table[table >= 0]


class _Run:
    """The state of a course: due days, and the line of pairs that may be visited.

    `line` holds places in line, rising, from `at` on. An entry is void when its pair has another place by now, or none
    (`place`); it is dropped when it comes to the front. `ready` is the day on which a pair joins the line.
    """

    def __init__(self, start: Start, scenario: Scenario) -> None:
        self.start, self.failed_share = start, scenario.teams.failed_share
        self.intervals = start.intervals_under(scenario.wishes)
        self.due = start.due_under(self.intervals)
        self.lead = np.minimum(LEAD_DAYS, self.intervals // LEAD_SHARE)
        weights = start.weights[start.property_of] if scenario.order == "risk" else np.zeros(start.pairs, np.int64)
        self.head_start = weights * HEAD_START_DAYS
        self.ready = (self.due - self.lead).astype(np.int32)
        self.place = np.full(start.pairs, _NOT_IN_LINE, dtype=np.int64)
        self.tried_again_from = np.zeros(start.pairs, dtype=np.int64)
        self.line: Ints = np.zeros(0, dtype=np.int64)
        self.visited_on = np.zeros(start.properties, dtype=np.int64)
        self.scratch = np.zeros(start.properties, dtype=np.int64)
        self.visits = 0

    def work(self, day: int, most: int, ledger: Ledger) -> int:
        """Make the visits of a working day, at most so many; returns how many they were."""
        self._join(day)
        callers = self._next_in_line(most, day) if most else _NOBODY
        if not callers.size:
            return 0
        done = self._as_wider_type(callers, day)
        served = np.column_stack((done, self.start.served_by_visit[done]))
        failed = fails(self.visits + np.arange(callers.size), self.failed_share)
        self.visits += callers.size
        ledger.note_visits(done, failed)
        # Properties differ, and so do the pairs.
        self._begin_anew(_pairs_in(served[~failed]), day, ledger)
        self._try_later(_pairs_in(served[failed]), day)
        return int(callers.size)

    def _join(self, day: int) -> None:
        joining = np.flatnonzero(self.ready <= day)
        if joining.size:
            places = (self.due[joining] - self.head_start[joining] + _DAY_OFFSET << _PAIR_BITS) | joining
            self.place[joining], self.ready[joining] = places, _IN_LINE
            places.sort()
            # Two rising runs: what "stable" makes of them is one merge.
            self.line = np.concatenate((self.line, places))
            self.line.sort(kind="stable")

    def _next_in_line(self, most: int, day: int) -> Ints:
        """The first pairs of different properties, at most so many; they leave the line."""
        called: list[Ints] = []
        waiting: list[Ints] = []
        missing, at = most, 0
        while missing and at < self.line.size:
            places = self.line[at : at + 2 * missing + 16]
            at += places.size
            pairs = places & _PAIR_MASK
            is_valid = self.place[pairs] == places
            places, pairs = places[is_valid], pairs[is_valid]
            chosen = self._first_of_each_property(pairs, day)
            chosen &= chosen.cumsum() <= missing
            self.visited_on[self.start.property_of[pairs[chosen]]] = day
            self.place[pairs[chosen]] = _NOT_IN_LINE
            called.append(pairs[chosen])
            waiting.append(places[~chosen])
            missing -= int(chosen.sum())
        self.line = np.concatenate((*waiting, self.line[at:]))
        return np.concatenate(called) if called else _NOBODY

    def _first_of_each_property(self, pairs: Ints, day: int) -> Bools:
        """Which of the pairs are the first of their property, where nobody was today."""
        properties, numbers = self.start.property_of[pairs], np.arange(pairs.size)
        # Where an index comes twice, the last value stays: written backwards, that is the first one.
        self.scratch[properties[::-1]] = numbers[::-1]
        return np.asarray((self.scratch[properties] == numbers) & (self.visited_on[properties] != day))

    def _as_wider_type(self, callers: Ints, day: int) -> Ints:
        """The pairs as which the visits are carried out: the callers, or one that serves the caller in time."""
        done = callers.copy()
        # The most senior type last, so that it is the one that stays.
        for wider in self.start.wider[callers].T[::-1]:
            has_one = wider >= 0
            pair = np.maximum(wider, 0)
            is_near = self.due[pair] <= day + self.intervals[callers]
            done = np.where(has_one & is_near & (self.tried_again_from[pair] <= day), pair, done)
        return done

    def _begin_anew(self, pairs: Ints, day: int, ledger: Ledger) -> None:
        ledger.note_served(day, pairs, self.due[pairs])
        self.due[pairs] = day + self.intervals[pairs]
        self.place[pairs] = _NOT_IN_LINE
        self.ready[pairs] = self.due[pairs] - self.lead[pairs]
        # Reached since, by a visit of a wider type: what was tried in vain before is over.
        self.tried_again_from[pairs] = 0

    def _try_later(self, pairs: Ints, day: int) -> None:
        self.tried_again_from[pairs] = day + RETRY_DAYS + 1
        self.place[pairs] = _NOT_IN_LINE
        self.ready[pairs] = np.maximum(self.due[pairs] - self.lead[pairs], day + RETRY_DAYS + 1)
