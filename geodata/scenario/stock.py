"""What a scenario starts from: the pairs of the as-of date as arrays, and what a wish makes of them. Pure.

A *pair* is a monitored property and a type of control that a rule asks of it. Days are whole numbers counted from the
as-of date (0 = that day, negative = before). Pairs are sorted by property, then by type, each combination once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.areas import Area
from geodata.scenario.question import Wish

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Where a property has no (further) pair that serves another one or is served by it.
NO_PAIR: Final = -1


@dataclass(frozen=True, eq=False)
class Start:
    """The pairs of a city on the as-of date, one entry each in the arrays of pairs.

    `property_of` numbers the properties from 0 without a gap; `type_of` is a place in `control_types`; `due_day` < 0 is
    overdue. `weights` has one entry for each property (`start.py` says what it rests on). `member_property` and
    `member_area` say which property lies in which areas (ids, of every kind); `areas` are those of `kind`.
    `satisfies` holds (type carried out, type that it also serves).
    """

    as_of: date
    kind: str
    areas: tuple[Area, ...]
    control_types: tuple[str, ...]
    satisfies: frozenset[tuple[str, str]]
    property_of: Ints
    type_of: Ints
    interval_days: Ints
    due_day: Ints
    is_statutory: Bools
    weights: Ints
    member_property: Ints
    member_area: Ints

    @property
    def pairs(self) -> int:
        return int(self.property_of.size)

    @property
    def properties(self) -> int:
        return int(self.weights.size)

    def in_area(self, area_id: int | None) -> Bools:
        """For each property whether it lies in the area; None = the whole city."""
        if area_id is None:
            return np.ones(self.properties, dtype=np.bool_)
        found = np.zeros(self.properties, dtype=np.bool_)
        found[self.member_property[self.member_area == area_id]] = True
        return found

    def of_wish(self, wish: Wish) -> Bools:
        """For each pair whether the wish speaks of it."""
        if wish.control_type not in self.control_types:
            return np.zeros(self.pairs, dtype=np.bool_)
        is_type = self.type_of == self.control_types.index(wish.control_type)
        return np.asarray(is_type & self.in_area(wish.area_id)[self.property_of])

    def of_wishes(self, wishes: Sequence[Wish]) -> Bools:
        """For each pair whether any of the wishes speaks of it."""
        found = np.zeros(self.pairs, dtype=np.bool_)
        for wish in wishes:
            found |= self.of_wish(wish)
        return found

    def intervals_under(self, wishes: Sequence[Wish]) -> Ints:
        """The interval of each pair under the wishes: the shortest of them, never longer than a statutory one."""
        none = np.iinfo(np.int64).max
        wished = np.full(self.pairs, none)
        for wish in wishes:
            spoken_of = self.of_wish(wish)
            wished[spoken_of] = np.minimum(wished[spoken_of], wish.interval_days)
        allowed = np.where(self.is_statutory, np.minimum(wished, self.interval_days), wished)
        return np.where(wished == none, self.interval_days, allowed)

    def due_under(self, intervals: Ints) -> Ints:
        """The due day of each pair when the interval is another: it runs from the same visit, or from the recording."""
        return self.due_day - self.interval_days + intervals

    @cached_property
    def pair_at(self) -> Ints:
        """The pair of each property (row) and type (column), or NO_PAIR."""
        table = np.full((self.properties, len(self.control_types)), NO_PAIR, dtype=np.int64)
        table[self.property_of, self.type_of] = np.arange(self.pairs)
        return table

    @cached_property
    def served_by_visit(self) -> Ints:
        """For each pair (row) the other pairs of its property that a visit of its type serves, too; else NO_PAIR."""
        return self._related([(done, also) for done, also in self.satisfies])

    @cached_property
    def wider(self) -> Ints:
        """For each pair (row) the other pairs of its property whose type serves it; the most senior type first."""
        return self._related([(also, done) for done, also in self.satisfies])

    @cached_property
    def servers_of(self) -> tuple[tuple[int, ...], ...]:
        """For each type (by place) the places of the types that also serve it."""
        names = self.control_types
        return tuple(
            tuple(other for other, name in enumerate(names) if (name, served) in self.satisfies) for served in names
        )

    @cached_property
    def servers_first(self) -> tuple[int, ...]:
        """Places of the types, those that serve others before those that these serve."""
        names = self.control_types
        above: dict[str, set[str]] = {name: set() for name in names}
        for _ in names:
            for done, also in self.satisfies:
                if done in above and also in above:
                    above[also] |= {done, *above[done]} - {also}
        return tuple(sorted(range(len(names)), key=lambda place: (len(above[names[place]]), place)))

    @cached_property
    def cells(self) -> sparse.csr_array:
        """Which pairs (columns) count in which cell (rows: area x type): each in its areas, and in the city."""
        row_of_area = {area.id: row for row, area in enumerate(self.areas)}
        of_kind = np.isin(self.member_area, list(row_of_area))
        area_rows = np.array([row_of_area[int(one)] for one in self.member_area[of_kind]], dtype=np.int64)
        lies_in = sparse.csr_array(
            (np.ones(area_rows.size, dtype=np.int64), (self.member_property[of_kind], area_rows)),
            shape=(self.properties, len(self.areas)),
        )[self.property_of].tocoo()
        pairs = np.arange(self.pairs)
        pair = np.concatenate((lies_in.row, pairs))
        row = np.concatenate((lies_in.col, np.full(self.pairs, len(self.areas))))
        cell = row * len(self.control_types) + self.type_of[pair]
        shape = ((len(self.areas) + 1) * len(self.control_types), self.pairs)
        return sparse.csr_array((np.ones(cell.size, dtype=np.int64), (cell, pair)), shape=shape)

    def _related(self, links: Sequence[tuple[str, str]]) -> Ints:
        places = {name: place for place, name in enumerate(self.control_types)}
        of_type: dict[int, list[int]] = {}
        for one, other in links:
            if one in places and other in places:
                of_type.setdefault(places[one], []).append(places[other])
        width = max(map(len, of_type.values()), default=0)
        table = np.full((self.pairs, width), NO_PAIR, dtype=np.int64)
        for place, others in of_type.items():
            rows = np.flatnonzero(self.type_of == place)
            for column, served in enumerate(sorted(others, key=self.servers_first.index)):
                table[rows, column] = self.pair_at[self.property_of[rows], served]
        return table
