"""When running demolition projects are likely to be done, by the city's own past stages: pure, without a database.

Rules, in the words of the page that explains them:

- A stage counts from the day on which it could begin: what comes before it was done (the decision, where that is no
  stage of the project), and its planned start had come or it had begun. Waiting so counts to the stage that was waited
  for, what overlaps counts once, and the lengths of the stages add up to that of the project. They are taken from all
  required stages completed by the as-of date.
- A stage of which the city has fewer than `LEAST_OWN` examples takes the length that its plan gives it, and is named.
- Remaining required stages follow in their order. Those of one block run side by side: the longest counts. What has not
  begun begins neither before its planned start nor before what comes before it is done.
- What runs now has used up the days that it has run: only examples that lasted longer tell how long it goes on. Where
  none did, nobody knows: it is reckoned as if it began now, and the forecast is open-ended. While a stage is held up,
  its clock stands still, and the forecast of its project is open-ended: it holds if the work went on the next day.
- A stage that never began, though a later one did, was not recorded: it holds nothing up.
- Nothing is forecast for the as-of date or before.

Method of the band: 20, 50 and 80 % of the sums of drawn examples, because adding up the 80 % lengths of ten stages
would ask for ten bad cases at once. Each of `RUNS` runs draws one example of each stage; over all runs every example is
drawn equally often (a stratified draw), so that a single stage has its own quantiles. The seed is fixed by the project:
the same data give the same forecast, whatever else is read. Stages and projects are drawn independently; what would
delay all of them at once is not in the band.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median
from typing import Final, Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt

from geodata.demolitions import Project
from geodata.progress import DEMOLITION, Stage

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

# Stages in their usual order; those of one block run side by side.
BLOCKS: Final[tuple[tuple[str, ...], ...]] = (
    ("decision",),
    ("acquisition",),
    ("vacating",),
    ("species_protection", "heritage_and_explosives", "pollutant_survey"),
    ("demolition_notice",),
    ("tender_and_award",),
    ("disconnection",),
    ("gutting",),
    ("demolition",),
    ("gable_wall", "proof_of_disposal"),
    ("backfill",),
    ("acceptance",),
    ("reuse",),
)
LEAST_OWN: Final = 3
QUANTILES: Final = (0.2, 0.5, 0.8)
RUNS: Final = 500
DECISION: Final = "decision"
_SEED: Final = 20_261_115
_BLOCK_OF: Final[Mapping[str, int]] = {stage: at for at, block in enumerate(BLOCKS) for stage in block}


@dataclass(frozen=True)
class Duration:
    """How many days a stage takes: the median, and the band in which three of five lie.

    `n` counts the own examples. `is_own` False = there are fewer than three, so the lengths are those of the plans;
    `examples` are the lengths that stand behind the figures, rising.
    """

    stage: str
    n: int
    median_days: float
    lower_days: float
    upper_days: float
    is_own: bool
    examples: tuple[int, ...] = ()

    @cached_property
    def lengths(self) -> Ints:
        """The examples as an array, made once for the thousands of draws of a city."""
        return np.array(self.examples, dtype=np.int64)


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


def stage_durations(projects: Iterable[Project], as_of: date) -> Mapping[str, Duration]:
    """How long each stage takes, by all projects given; a stage that neither happened nor is planned has none."""
    own: dict[str, list[int]] = {}
    planned: dict[str, list[int]] = {}
    for project in projects:
        for stage, days in _own_lengths(project, as_of):
            own.setdefault(stage, []).append(days)
        for stage, days in _planned_lengths(project):
            planned.setdefault(stage, []).append(days)
    return {
        stage: _duration(stage, own.get(stage, []), planned.get(stage, []))
        for stage in _BLOCK_OF
        if len(own.get(stage, ())) >= LEAST_OWN or stage in planned
    }


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
    for block in _blocks(project.stages):
        run.take(block)
    own = [stage for stage in run.ends if stage not in run.without_history and stage not in run.unrecorded]
    return Draws(
        ends=run.ends,
        completed=run.before if run.ends else None,
        stages_without_history=tuple(run.without_history),
        method="own_durations" if own else "plan",
        is_open_ended=project.is_blocked or run.is_outlasted,
    )


# --- lengths ----------------------------------------------------------------------------------------------------------


def _blocks(stages: Sequence[Stage]) -> list[list[Stage]]:
    """The required stages by block, in their order."""
    found: list[list[Stage]] = [[] for _ in BLOCKS]
    for stage in stages:
        if stage.is_required:
            found[_BLOCK_OF[stage.code]].append(stage)
    return [block for block in found if block]


def _own_lengths(project: Project, as_of: date) -> Iterator[tuple[str, int]]:
    before = _began_on(project)
    for block in _blocks(project.stages):
        done = [(stage, stage.actual_end_on) for stage in block if stage.is_done(as_of)]
        for stage, end_on in done:
            begun_on = _counts_from(before, stage.planned_start_on, stage.actual_start_on)
            if begun_on is not None and end_on is not None:
                yield stage.code, max(0, (end_on - begun_on).days)
        before = max((day for day in (before, *(end_on for _, end_on in done)) if day is not None), default=None)


def _planned_lengths(project: Project) -> Iterator[tuple[str, int]]:
    before = _began_on(project)
    for block in _blocks(project.stages):
        for stage in block:
            begun_on = _counts_from(before, stage.planned_start_on)
            if begun_on is not None and stage.planned_end_on is not None:
                yield stage.code, max(0, (stage.planned_end_on - begun_on).days)
        before = max((day for day in (before, *(one.planned_end_on for one in block)) if day is not None), default=None)


def _began_on(project: Project) -> date | None:
    """The decision, for a project whose stages begin after it."""
    has_decision = any(stage.code == DECISION and stage.is_required for stage in project.stages)
    return None if has_decision else project.decided_on


def _counts_from(before: date | None, planned_on: date | None, begun_on: date | None = None) -> date | None:
    """The day from which a stage counts: it could begin, because what comes before was done and its plan let it."""
    if planned_on is None:
        return before or begun_on
    let_on = min(planned_on, begun_on or planned_on)
    return max(before or let_on, let_on)


def _duration(stage: str, own: list[int], planned: list[int]) -> Duration:
    is_own = len(own) >= LEAST_OWN
    examples = sorted(own if is_own else planned)
    lower, middle, upper = (float(days) for days in np.quantile(examples, QUANTILES))
    return Duration(stage, len(own), middle, lower, upper, is_own, tuple(examples))


# --- one project ------------------------------------------------------------------------------------------------------


class _Run:
    """All runs of one project at once, block after block. `before`: when what comes before is done; None = unknown."""

    def __init__(self, project: Project, durations: Mapping[str, Duration], as_of: date) -> None:
        self.as_of, self.durations = as_of, durations
        self.planned = dict(_planned_lengths(project))
        self.random = np.random.default_rng([_SEED, project.property_id, crc32(project.key.encode())])
        self.furthest = max(
            (_BLOCK_OF[one.code] for one in project.stages if one.is_required and one.is_started(as_of)), default=-1
        )
        self.ends: dict[str, Ints] = {}
        self.before: Ints | None = np.zeros(RUNS, dtype=np.int64)
        self.done_on = _began_on(project)  # of what is done before this block
        self.is_open = False  # whether something before this block still runs
        self.without_history: list[str] = []
        self.unrecorded: set[str] = set()
        self.is_outlasted = False

    def take(self, block: Sequence[Stage]) -> None:
        """Let the open stages of a block end, each after what comes before it."""
        opened = {stage.code: self._end(stage) for stage in block if not stage.is_done(self.as_of)}
        known = {code: end for code, end in opened.items() if end is not None}
        self.ends |= known
        if len(known) < len(opened) or self.before is None:
            self.before = None
        else:
            self.before = np.maximum.reduce([self.before, *known.values()])
        self.is_open = self.is_open or any(code not in self.unrecorded for code in opened)
        ended = (stage.actual_end_on for stage in block if stage.is_done(self.as_of))
        self.done_on = max((day for day in (self.done_on, *ended) if day is not None), default=None)

    def _end(self, stage: Stage) -> Ints | None:
        is_blocked = stage.blocker_at(self.as_of) is not None
        is_begun = stage.is_started(self.as_of)
        if not is_begun and not is_blocked and _BLOCK_OF[stage.code] < self.furthest:
            self.unrecorded.add(stage.code)
            return np.ones(RUNS, dtype=np.int64)
        lengths = self._lengths(stage.code)
        if lengths is None or (self.before is None and not is_begun):
            return None
        if self.before is not None and self.is_open and not is_begun:
            starts = np.maximum(self.before, self._days_until(stage.planned_start_on))
            return np.maximum(starts + self._drawn(lengths), 1)
        begun_on = _counts_from(self.done_on, stage.planned_start_on, stage.actual_start_on)
        if not is_begun and begun_on is not None and begun_on > self.as_of:
            return self._days_until(begun_on) + np.maximum(self._drawn(lengths), 0)
        return self._goes_on(lengths, begun_on or self.as_of, stage.blocked_since_on if is_blocked else None)

    def _goes_on(self, lengths: Ints, begun_on: date, held_up_on: date | None) -> Ints:
        """Ends of what has run already: of the examples those that lasted longer."""
        has_run = max(0, (min(self.as_of, held_up_on or self.as_of) - begun_on).days)
        left = lengths[lengths > has_run] - has_run
        if left.size:
            return self._drawn(left)
        self.is_outlasted = self.is_outlasted or has_run > 0
        # Not "tomorrow": a city whose houses all wait longer than those that are done would be done in a day.
        return np.maximum(self._drawn(lengths), 1)

    def _lengths(self, stage: str) -> Ints | None:
        """The examples of a stage, rising: its own, else what its plan says, else what other plans say of it."""
        known = self.durations.get(stage)
        if known is not None and known.is_own:
            return known.lengths
        self.without_history.append(stage)
        if stage in self.planned:
            return np.array([self.planned[stage]], dtype=np.int64)
        return None if known is None else np.array([round(median(known.examples))], dtype=np.int64)

    def _drawn(self, examples: Ints) -> Ints:
        """One example for each run, each of them equally often and in a random order."""
        return examples[self.random.permutation(RUNS) * examples.size // RUNS]

    def _days_until(self, day: date | None) -> int:
        return 0 if day is None else max(0, (day - self.as_of).days)


def _band(days: Ints, as_of: date) -> Band:
    early, middle, late = (as_of + timedelta(days=round(float(one))) for one in np.quantile(days, QUANTILES))
    return early, middle, late
