"""A course as figures: what was visited and what was overdue, per month, area and type of control. Pure.

Tables have the axes month (0 = the as-of date), area (those of the start's kind in their order, then the whole city)
and type of control. Areas may overlap, so their rows are never summed; the city has a row of its own. A pair that lies
in no area of the kind is in the city's row only.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from geodata.areas import Area
from geodata.scenario.stock import Bools, Ints, Start

CITY_ROW: Final = -1
# What is counted for each pair and month, and where it stands.
OVERDUE, OVERDUE_DAYS, LATE, VISITS, FAILED = range(5)
COUNTS: Final = 5


@dataclass(frozen=True)
class Series:
    """One row of a course: a number for the as-of date and each month end.

    `overdue` pairs at the end and the sum of their days overdue then; `overdue_property_days` and `visits` (failed ones
    among them) within the month, 0 for the as-of date.
    """

    ends_on: tuple[date, ...]
    pairs: int
    overdue: tuple[int, ...]
    overdue_days: tuple[int, ...]
    overdue_property_days: tuple[int, ...]
    visits: tuple[int, ...]
    failed: tuple[int, ...]

    @property
    def mean_overdue_days(self) -> tuple[float | None, ...]:
        """How late the overdue pairs are on average at each end; None where none is."""
        return tuple(
            days / count if count else None for days, count in zip(self.overdue_days, self.overdue, strict=True)
        )


@dataclass(frozen=True, eq=False)
class Course:
    """The figures of one course; tables by month, area and type as the module says.

    `next_day` is for each pair the day of its first visit with sufficient access, one day after the horizon where there
    was none; `due_day` is when it is due at the end, and `waits_for_access` whether it was tried in vain shortly before
    and stands back for the time being. `capacity` are the visits that could have been made.
    """

    ends_on: tuple[date, ...]
    areas: tuple[Area, ...]
    control_types: tuple[str, ...]
    pairs: Ints
    overdue: Ints
    overdue_days: Ints
    overdue_property_days: Ints
    visits: Ints
    failed: Ints
    capacity: float
    next_day: Ints
    due_day: Ints
    waits_for_access: Bools

    @property
    def horizon_days(self) -> int:
        return (self.ends_on[-1] - self.ends_on[0]).days

    @property
    def years(self) -> float:
        return (len(self.ends_on) - 1) / 12

    @property
    def utilisation(self) -> float | None:
        """Visits made as a share of those that could have been made; None without any capacity."""
        return float(self.visits[:, CITY_ROW].sum() / self.capacity) if self.capacity else None

    def of(self, area_id: int | None = None, control_type: str | None = None) -> Series:
        """The row of an area (None = the city) and a type (None = all). Raises KeyError for one that it lacks."""
        row = self._row(area_id)
        types = slice(None) if control_type is None else [self._place(control_type)]

        def summed(table: Ints) -> tuple[int, ...]:
            return tuple(int(value) for value in table[:, row, types].sum(axis=1))

        return Series(
            self.ends_on,
            int(self.pairs[row, types].sum()),
            summed(self.overdue),
            summed(self.overdue_days),
            summed(self.overdue_property_days),
            summed(self.visits),
            summed(self.failed),
        )

    def _row(self, area_id: int | None) -> int:
        return CITY_ROW if area_id is None else {area.id: row for row, area in enumerate(self.areas)}[area_id]

    def _place(self, control_type: str) -> int:
        return {code: place for place, code in enumerate(self.control_types)}[control_type]


class Ledger:
    """What happens in a course, noted day by day and counted at the end of each month."""

    def __init__(self, start: Start, due: Ints) -> None:
        self._start, self._cells = start, start.cells
        self._next_day = np.zeros(start.pairs, dtype=np.int64)
        self._month_began = self._day = 0
        self._tables: list[Ints] = []
        self._open_month()
        self.close_month(0, due)

    def note_visits(self, done: Ints, failed: Bools) -> None:
        """Visits of a day, each by the pair as whose type it was carried out."""
        self._of_pair[VISITS, done] += 1
        self._of_pair[FAILED, done[failed]] += 1

    def note_served(self, day: int, pairs: Ints, due: Ints) -> None:
        """Pairs that were reached on that day, with the due days that they had until then."""
        first = pairs[self._next_day[pairs] == 0]
        self._next_day[first] = day
        # Overdue at the end of each day after the due day, up to the one before the visit; earlier months are counted.
        self._of_pair[LATE, pairs] += np.maximum(day - 1 - np.maximum(due, self._month_began), 0)

    def close_month(self, day: int, due: Ints) -> None:
        """Count the month that ends on that day, after its visits."""
        late = np.maximum(day - due, 0)
        self._of_pair[OVERDUE] = late > 0
        self._of_pair[OVERDUE_DAYS] = late
        self._of_pair[LATE] += np.minimum(late, day - self._month_began)
        self._tables.append((self._cells @ self._of_pair.T).T)
        self._month_began = day
        self._open_month()

    def course(self, ends_on: tuple[date, ...], capacity: float, due: Ints, waits_for_access: Bools) -> Course:
        """The figures of all months that were closed."""
        start, shape = self._start, (len(self._start.areas) + 1, len(self._start.control_types))
        tables = np.array(self._tables).reshape((len(self._tables), COUNTS, *shape))
        horizon = (ends_on[-1] - ends_on[0]).days
        return Course(
            ends_on,
            start.areas,
            start.control_types,
            pairs=np.asarray(self._cells.sum(axis=1)).reshape(shape),
            overdue=tables[:, OVERDUE],
            overdue_days=tables[:, OVERDUE_DAYS],
            overdue_property_days=tables[:, LATE],
            visits=tables[:, VISITS],
            failed=tables[:, FAILED],
            capacity=capacity,
            next_day=np.where(self._next_day > 0, self._next_day, horizon + 1),
            due_day=due,
            waits_for_access=waits_for_access,
        )

    def _open_month(self) -> None:
        self._of_pair = np.zeros((COUNTS, self._start.pairs), dtype=np.int64)
