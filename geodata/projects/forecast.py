"""When running demolition projects are likely to be done, by the city's own past stages: pure, without a database.

Rules, in the words of the page that explains them:

- How long a stage takes is told by `geodata.projects.stages`: by the own completed and still running stages; a stage
  with fewer than three completed examples takes the length that its plan gives it, and is named.
- Remaining required stages follow in their order. Those of one block run side by side: the longest counts. What has not
  begun begins neither before its planned start nor before what comes before it is done.
- What runs now has used up the days that it has run: only examples that lasted longer tell how long it goes on. Where
  none did, nobody knows: it is reckoned as if it began now, and the forecast is open-ended. While a stage is held up,
  its clock stands still, and the forecast of its project is open-ended: it holds if the work went on the next day.
- A stage that never began, though a later one did, was not recorded: it holds nothing up.
- Nothing is forecast for the as-of date or before.

Method of the band: 20, 50 and 80 % of the sums of drawn lengths, because adding up the 80 % lengths of ten stages would
ask for ten bad cases at once. Each of `RUNS` runs draws one length of each stage; over all runs every length is drawn
as often as its share says (a stratified draw), so that a single stage has its own quantiles. The seed is fixed by the
project: the same data give the same forecast, whatever else is read. Stages and projects are drawn independently; what
would delay all of them at once is not in the band.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final, Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt

from geodata.demolitions import Project
from geodata.progress import DEMOLITION, Stage
from geodata.projects.stages import (
    BLOCKS,
    LEAST_OWN,
    QUANTILES,
    RUNS,
    Duration,
    Lengths,
    Standing,
    planned_lengths,
    stage_durations,
    standing,
)

__all__ = [
    "BLOCKS",
    "LEAST_OWN",
    "QUANTILES",
    "RUNS",
    "Band",
    "Draws",
    "Duration",
    "Forecast",
    "draw",
    "forecast",
    "stage_durations",
]

Band = tuple[date, date, date]
Ints = npt.NDArray[np.int64]
Method = Literal["own_durations", "plan"]

_SEED: Final = 20_261_115


@dataclass(frozen=True)
class Forecast:
    """The days on which the building is down and the project is completed: early (20 %), middle, late (80 %).

    None = nothing to reckon with: a stage before it has neither own examples nor a plan with dates. A building that is
    down already has its real day three times. `is_open_ended`: it may well be later, because something holds the
    project up, or a stage has outlasted every example. `method` "plan" = no remaining stage has own examples.
    """

    demolished_on: Band | None
    completed_on: Band | None
    method: Method
    stages_without_history: tuple[str, ...] = ()
    is_open_ended: bool = False


@dataclass(frozen=True, eq=False)
class Draws:
    """Days after the as-of date on which each open required stage ends, one for each run."""

    ends: Mapping[str, Ints]
    completed: Ints | None
    stages_without_history: tuple[str, ...]
    method: Method
    is_open_ended: bool


def forecast(project: Project, durations: Mapping[str, Duration], as_of: date) -> Forecast | None:
    """When a project is likely to be done; None = it does not run, or nothing is known to reckon with."""
    drawn = draw(project, durations, as_of)
    if drawn is None:
        return None
    down = drawn.ends.get(DEMOLITION)
    demolished_on = _band(down, as_of) if down is not None else None
    if project.demolished_on is not None:
        demolished_on = (project.demolished_on,) * 3
    completed_on = None if drawn.completed is None else _band(drawn.completed, as_of)
    if completed_on is None and down is None:
        return None
    return Forecast(demolished_on, completed_on, drawn.method, drawn.stages_without_history, drawn.is_open_ended)


def draw(project: Project, durations: Mapping[str, Duration], as_of: date) -> Draws | None:
    """The runs of one project; None = it does not run. A stage whose end cannot be reckoned is missing in `ends`."""
    if project.status != "running":
        return None
    run = _Run(project, durations, as_of)
    for block in standing(project, as_of):
        run.take(block)
    return Draws(
        ends=run.ends,
        completed=run.before if run.ends else None,
        stages_without_history=tuple(run.without_history),
        method="own_durations" if run.has_own else "plan",
        is_open_ended=project.is_blocked or run.is_outlasted,
    )


class _Run:
    """All runs of one project at once, block after block. `before`: when what comes before is done; None = unknown."""

    def __init__(self, project: Project, durations: Mapping[str, Duration], as_of: date) -> None:
        self.as_of, self.durations = as_of, durations
        self.planned = planned_lengths(project)
        self.random = np.random.default_rng([_SEED, project.property_id, crc32(project.key.encode())])
        self.ends: dict[str, Ints] = {}
        self.before: Ints | None = np.zeros(RUNS, dtype=np.int64)
        self.without_history: list[str] = []
        self.has_own = False
        self.is_outlasted = False

    def take(self, block: Sequence[Standing]) -> None:
        """Let the open stages of a block end, each after what comes before it."""
        opened = {one.stage.code: self._end(one) for one in block if one.how != "done"}
        known = {code: end for code, end in opened.items() if end is not None}
        self.ends |= known
        if len(known) < len(opened) or self.before is None:
            self.before = None
        else:
            self.before = np.maximum.reduce([self.before, *known.values()])

    def _end(self, one: Standing) -> Ints | None:
        if one.how == "unrecorded":
            return np.ones(RUNS, dtype=np.int64)
        lengths = self._lengths(one.stage)
        if lengths is None or (one.how == "waits" and self.before is None):
            return None
        if one.how == "runs":
            return self._goes_on(lengths, one.days)
        starts = np.maximum(0 if self.before is None else self.before, self._days_until(one.stage.planned_start_on))
        return np.maximum(starts + self._drawn(lengths), 1)

    def _goes_on(self, lengths: Lengths, has_run: int) -> Ints:
        """Ends of what has run already: of the lengths those that are longer."""
        left = lengths.beyond(has_run)
        if left is not None:
            return self._drawn(left)
        self.is_outlasted = self.is_outlasted or has_run > 0
        # Not "tomorrow": a city whose houses all wait longer than those that are done would be done in a day.
        return np.maximum(self._drawn(lengths), 1)

    def _lengths(self, stage: Stage) -> Lengths | None:
        """The own lengths of a stage, else what its plan says, else what other plans say of it."""
        known = self.durations.get(stage.code)
        if known is not None and known.is_own:
            self.has_own = True
            return known.lengths
        self.without_history.append(stage.code)
        if stage.code in self.planned:
            return _only(self.planned[stage.code])
        return None if known is None else _only(round(median(known.examples)))

    def _drawn(self, lengths: Lengths) -> Ints:
        return self.random.permutation(lengths.in_runs)

    def _days_until(self, day: date | None) -> int:
        return 0 if day is None else max(0, (day - self.as_of).days)


def _only(days: int) -> Lengths:
    return Lengths(np.array([days], dtype=np.int64), np.ones(1))


def _band(days: Ints, as_of: date) -> Band:
    early, middle, late = (as_of + timedelta(days=round(float(one))) for one in np.quantile(days, QUANTILES))
    return early, middle, late
