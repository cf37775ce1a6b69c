"""Holding back small numbers so that they cannot be worked out from the others: pure rules, no database.

A *cell* is a count with a status:

- open: published unless it is held back;
- public: known whatever is decided here (a public fact, a number released earlier);
- held: held back in an earlier release, and so not shown, but to be protected still;
- hidden: published nowhere, and yet a count that somebody could work out (a Stadtbezirk without its Quartier, the rest
  of "n of m").

*Equations* say which cells add up to which: totals, overlapping areas, parts and rests. All counts are at least 0.

The rule:

1. An open cell of 1 to k-1 is held back (primary). 0 is shown: "none" tells of nobody.
2. The attacker knows all numbers that are shown, all equations, and the rule itself: what is held back is not 0. For
   each cell in question (held back now or earlier, or hidden with 1 to k-1) a linear programme gives the lowest and the
   highest value that fit. The highest must be at least k where the true value is below k, so that nobody can tell that
   it is small; and both must lie at least k-1 apart, so that nobody can tell the value nearly.
3. Where that fails, further cells are held back (secondary), the least wanted and nearest first, until it holds; then
   those that turned out not to be needed are shown again.
4. Nothing here can take back what is public already: where the public cells alone give a narrower interval than rule 2
   asks for, that interval is the measure.

What is not modelled: an attacker who knows single objects, and one who reasons from the order in which cells are
chosen.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import Any, Final, Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geodata.errors import QmError

Key = Hashable
Status = Literal["open", "public", "held", "hidden"]
Equation = Mapping[Key, int]  # cell -> coefficient; the sum of coefficient x value is 0

TOLERANCE: Final = 1e-6
MOST_TRIED: Final = 8


class SuppressionError(QmError):
    """Cells and equations contradict each other, or the attacker's programme found no answer."""


@dataclass(frozen=True)
class Cell:
    """One count. `weight`: heavier cells are held back later; `is_primary`: held back for a reason of its own."""

    key: Key
    value: int
    status: Status = "open"
    weight: int = 0
    is_primary: bool = False


@dataclass(frozen=True)
class Table:
    """Cells with the equations among them; the true values fulfil all of them, or SuppressionError."""

    cells: tuple[Cell, ...]
    equations: tuple[Equation, ...]

    def __post_init__(self) -> None:
        if any(cell.value < 0 for cell in self.cells) or len(self.by_key) != len(self.cells):
            raise SuppressionError("A cell is negative or stands twice in the table.")
        wrong = [one for one in self.equations if sum(n * self.by_key[key].value for key, n in one.items())]
        if wrong:
            raise SuppressionError(f"The counts do not add up: {dict(wrong[0])}.")

    @cached_property
    def by_key(self) -> Mapping[Key, Cell]:
        """The cells by their key."""
        return {cell.key: cell for cell in self.cells}

    @cached_property
    def equations_of(self) -> Mapping[Key, Sequence[Equation]]:
        """The equations in which a cell stands."""
        found: dict[Key, list[Equation]] = defaultdict(list)
        for equation in self.equations:
            for key in equation:
                found[key].append(equation)
        return found


@dataclass(frozen=True)
class Interval:
    """What an attacker can tell of a cell: the lowest and the highest value that fit all published numbers."""

    lowest: int
    highest: int

    @property
    def width(self) -> int:
        """0 = the value is known."""
        return self.highest - self.lowest


@dataclass(frozen=True)
class Pattern:
    """Which open cells are held back: for their own value, and so that those cannot be worked out."""

    primary: frozenset[Key]
    secondary: frozenset[Key]

    @property
    def held_back(self) -> frozenset[Key]:
        """All cells that are not shown."""
        return self.primary | self.secondary


def is_small(value: int, k: int) -> bool:
    """Whether a count is too small to be shown; 0 is not."""
    return 0 < value < k


def rounded_persons(value: int, k: int) -> int | None:
    """A count of persons as it may be shown: held back below k (None), else rounded to the nearest multiple of k."""
    return None if is_small(value, k) else k * floor(value / k + 0.5)


def protect(table: Table, k: int) -> Pattern:
    """Choose what to hold back by the rules above; the result passes `audit`."""
    primary = frozenset(
        cell.key for cell in table.cells if cell.status == "open" and (is_small(cell.value, k) or _has_own_reason(cell))
    )
    judge, secondary = _Judge(table, k), set[Key]()
    waiting = _targets(table, primary, k)
    while waiting:
        target = waiting.pop(0)
        while not judge.is_protected(target, primary | secondary):
            chosen = _chosen(judge, target, primary | secondary)
            secondary.add(chosen)
            waiting.append(chosen)
    return Pattern(primary, frozenset(_needed(judge, primary, secondary)))


def audit(table: Table, held_back: frozenset[Key], k: int) -> dict[Key, Interval]:
    """Cells that an attacker could tell too closely with what each tells; empty = the pattern may be published."""
    judge = _Judge(table, k)
    targets = _targets(table, held_back, k)
    return {key: judge.interval(key, held_back) for key in targets if not judge.is_protected(key, held_back)}


def attack(table: Table, key: Key, held_back: frozenset[Key], k: int) -> Interval:
    """What the attacker can tell of one cell."""
    return _Judge(table, k).interval(key, held_back)


class _Judge:
    """Applies rules 2 and 4; keeps the attacker of the latest pattern, because many cells are asked of one."""

    def __init__(self, table: Table, k: int) -> None:
        self._table, self._k = table, k
        self._latest: tuple[frozenset[Key], _Attacker] | None = None
        everything = frozenset(cell.key for cell in table.cells if cell.status == "open" and cell.value > 0)
        self._public_only = _Attacker(table, everything, k)

    @property
    def table(self) -> Table:
        return self._table

    @property
    def k(self) -> int:
        return self._k

    def interval(self, key: Key, held_back: Iterable[Key]) -> Interval:
        pattern = frozenset(held_back)
        if self._latest is None or self._latest[0] != pattern:
            self._latest = (pattern, _Attacker(self._table, pattern, self._k))
        return self._latest[1].interval(key)

    def is_protected(self, key: Key, held_back: Iterable[Key]) -> bool:
        found = self.interval(key, held_back)
        needs_highest = self._k if is_small(self._table.by_key[key].value, self._k) else 0
        if found.highest >= needs_highest and found.width >= self._k - 1:
            return True
        best = self._public_only.interval(key)
        return found.highest >= min(needs_highest, best.highest) and found.width >= min(self._k - 1, best.width)


class _Attacker:
    """Somebody who knows all numbers but those of one pattern, all equations, and the rule."""

    def __init__(self, table: Table, held_back: frozenset[Key], k: int) -> None:
        self._unknown = {
            cell.key: 1 if cell.key in held_back or cell.status == "held" else 0
            for cell in table.cells
            if cell.key in held_back or cell.status in ("held", "hidden")
        }
        self._table = table
        # Wide enough that no answer of interest is cut off, and every programme has an end.
        self._most = max((cell.value for cell in table.cells), default=0) + 2 * k
        self._programmes: dict[Key, _Programme] = {}

    def interval(self, key: Key) -> Interval:
        if key not in self._unknown:
            value = self._table.by_key[key].value
            return Interval(value, value)
        if key not in self._programmes:
            programme = self._programme_around(key)
            self._programmes |= dict.fromkeys(programme.keys, programme)
        return self._programmes[key].interval(key)

    def _programme_around(self, key: Key) -> "_Programme":
        """The cells that hang together with this one by equations over unknown cells, and these equations."""
        reached, waiting, equations = {key}, [key], {}
        while waiting:
            for equation in self._table.equations_of[waiting.pop()]:
                equations[id(equation)] = equation
                fresh = [one for one in equation if one in self._unknown and one not in reached]
                reached.update(fresh)
                waiting.extend(fresh)
        lowest = {one: self._unknown[one] for one in reached}
        return _Programme(self._table, lowest, list(equations.values()), self._most)


class _Programme:
    """The linear programme of some unknown cells that hang together."""

    def __init__(self, table: Table, lowest: Mapping[Key, int], equations: Sequence[Equation], most: int) -> None:
        self.keys = tuple(lowest)
        self._column = {key: number for number, key in enumerate(self.keys)}
        self._bounds = Bounds(np.array([lowest[key] for key in self.keys], float), np.full(len(self.keys), float(most)))
        self._constraint = self._equalities(table, equations)
        self._known: dict[Key, Interval] = {}

    def interval(self, key: Key) -> Interval:
        if key not in self._known:
            # Counts are whole: what lies between two of them cannot be.
            self._known[key] = Interval(ceil(self._best(key, 1) - TOLERANCE), floor(self._best(key, -1) + TOLERANCE))
        return self._known[key]

    def _best(self, key: Key, direction: int) -> float:
        wanted = np.zeros(len(self.keys))
        wanted[self._column[key]] = direction
        found = milp(wanted, constraints=self._constraint, bounds=self._bounds)
        if not found.success:
            raise SuppressionError(f"The attacker's programme found no answer: {found.message}")
        return float(found.fun) * direction

    def _equalities(self, table: Table, equations: Sequence[Equation]) -> Any:
        rows: list[int] = []
        columns: list[int] = []
        factors: list[int] = []
        totals = np.zeros(len(equations))
        for row, equation in enumerate(equations):
            for key, factor in equation.items():
                if key in self._column:
                    rows.append(row)
                    columns.append(self._column[key])
                    factors.append(factor)
                else:
                    totals[row] -= factor * table.by_key[key].value
        if not equations:
            return ()
        matrix = csr_array((factors, (rows, columns)), shape=(len(equations), len(self.keys)), dtype=float)
        return LinearConstraint(matrix, totals, totals)


def _has_own_reason(cell: Cell) -> bool:
    return cell.is_primary and cell.value > 0


def _targets(table: Table, held_back: frozenset[Key], k: int) -> list[Key]:
    """The cells that must be protected, small ones first: they decide what has to be held back."""
    in_question = [
        cell
        for cell in table.cells
        if cell.key in held_back or cell.status == "held" or (cell.status == "hidden" and is_small(cell.value, k))
    ]
    return [cell.key for cell in sorted(in_question, key=lambda cell: cell.value)]


def _chosen(judge: _Judge, target: Key, held_back: frozenset[Key]) -> Key:
    """What to hold back next for a target: the least wanted that protects it by itself, else the least wanted."""
    candidates = _candidates(judge.table, target, held_back)
    if not candidates:  # the rule measures by what is public then, so this cannot be
        raise SuppressionError(f"{target} cannot be protected.")
    enough = (key for key in candidates[:MOST_TRIED] if judge.is_protected(target, held_back | {key}))
    return next(enough, candidates[0])


def _candidates(table: Table, target: Key, held_back: frozenset[Key]) -> list[Key]:
    """Shown open cells that hang together with the target, the light and near ones first, then the small ones."""
    cost: dict[Key, tuple[int, int, str]] = {}
    reached, frontier, distance = {target}, [target], 0
    while frontier:
        distance += 1
        equations = [equation for key in frontier for equation in table.equations_of[key]]
        neighbours = [table.by_key[key] for equation in equations for key in equation if key not in reached]
        for cell in neighbours:
            if cell.status == "open" and cell.key not in held_back and cell.value > 0:
                cost.setdefault(cell.key, (cell.weight + distance, cell.value, str(cell.key)))
        # Known cells lead no further: across them nothing can be told.
        unknown = [cell.key for cell in neighbours if cell.status in ("held", "hidden") or cell.key in held_back]
        frontier = list(dict.fromkeys(unknown))
        reached.update(frontier)
    return sorted(cost, key=lambda key: cost[key])


def _needed(judge: _Judge, primary: frozenset[Key], secondary: set[Key]) -> set[Key]:
    """The secondary cells without those that can be shown again, the most wanted tried first."""
    needed = set(secondary)
    by_key = judge.table.by_key
    for key in sorted(secondary, key=lambda one: (-by_key[one].weight, -by_key[one].value, str(one))):
        trial = primary | needed - {key}
        if all(judge.is_protected(target, trial) for target in _targets(judge.table, frozenset(trial), judge.k)):
            needed.discard(key)
    return needed
