"""How long the stages of demolition projects take in this city: from what is done and what still runs; pure.

- A stage counts from the day on which it could begin: what comes before it was done (the decision, where that is no
  stage of the project), and its planned start had come or it had begun. Waiting so counts to the stage that was waited
  for, what overlaps counts once, and the lengths of the stages add up to that of the project.
- Examples are all required stages completed by the as-of date. What still runs counts as "at least so long" (Kaplan and
  Meier, as for the intervals of controls): a list of what is done alone would leave out the long ones and flatter.
  Where the longest still runs, nobody knows what is beyond: it is reckoned as if it began anew then. Open stages of
  ended projects are no examples.
- While something holds a stage up its clock stands still.
- A stage of which the city has fewer than `LEAST_OWN` completed examples takes the lengths of the plans.
- A stage that never began, though a later one did, was not recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from geodata.course.achieved import share_lasting, tally
from geodata.demolitions import Project
from geodata.progress import Stage

__all__ = [
    "BLOCKS",
    "LEAST_OWN",
    "QUANTILES",
    "RUNS",
    "Duration",
    "Lengths",
    "Standing",
    "planned_lengths",
    "stage_durations",
    "standing",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

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
_DECISION: Final = "decision"
_NEARLY_NONE: Final = 0.01
_MOST_TIMES: Final = 12
_BLOCK_OF: Final[Mapping[str, int]] = {stage: at for at, block in enumerate(BLOCKS) for stage in block}
_PLACES: Final = (np.arange(RUNS) + 0.5) / RUNS


@dataclass(frozen=True, eq=False)
class Lengths:
    """Lengths in days, rising, and the share of stages that take each."""

    days: Ints
    shares: Floats

    def beyond(self, has_run: int) -> "Lengths | None":
        """What is left for a stage that has run so long; None = nothing lasted longer."""
        is_longer = self.days > has_run
        if not is_longer.any():
            return None
        return Lengths(self.days[is_longer] - has_run, self.shares[is_longer] / self.shares[is_longer].sum())

    @cached_property
    def in_runs(self) -> Ints:
        """One length for each run, rising, every length as often as its share says."""
        at = np.searchsorted(np.cumsum(self.shares), _PLACES)
        return self.days[np.minimum(at, self.days.size - 1)]


@dataclass(frozen=True)
class Duration:
    """How many days a stage takes: the median, and the band in which three of five lie.

    `n` counts the completed examples. `is_own` False = there are fewer than three, so the lengths are those of the
    plans. `examples` are the lengths that stand behind the figures, `open_lengths` those of own stages that still run.
    """

    stage: str
    n: int
    median_days: float
    lower_days: float
    upper_days: float
    is_own: bool
    examples: tuple[int, ...] = ()
    open_lengths: tuple[int, ...] = ()

    @cached_property
    def lengths(self) -> Lengths:
        """The estimated lengths, made once for the thousands of draws of a city."""
        return _estimated(self.examples, self.open_lengths)


@dataclass(frozen=True)
class Standing:
    """How a required stage stands. `days`: of what is done its length, of what runs the days so far, else 0."""

    stage: Stage
    how: Literal["done", "runs", "waits", "unrecorded"]
    days: int = 0


def stage_durations(projects: Iterable[Project], as_of: date) -> Mapping[str, Duration]:
    """How long each stage takes, by all projects given; a stage that neither happened nor is planned has none."""
    done: dict[str, list[int]] = {}
    running: dict[str, list[int]] = {}
    planned: dict[str, list[int]] = {}
    for project in projects:
        for one in (each for block in standing(project, as_of) for each in block):
            if one.how == "done":
                done.setdefault(one.stage.code, []).append(one.days)
            elif one.how == "runs" and project.status == "running":
                running.setdefault(one.stage.code, []).append(one.days)
        for stage, days in planned_lengths(project).items():
            planned.setdefault(stage, []).append(days)
    return {
        stage: _duration(stage, done.get(stage, []), running.get(stage, []), planned.get(stage, []))
        for stage in _BLOCK_OF
        if len(done.get(stage, ())) >= LEAST_OWN or stage in planned
    }


def standing(project: Project, as_of: date) -> list[list[Standing]]:
    """The required stages by block, in their order; what is done without a day to count from is left out."""
    blocks = _blocks(project)
    begun = [at for at, block in enumerate(blocks) if any(one.is_started(as_of) for one in block)]
    done_on, is_open = _began_on(project), False
    found: list[list[Standing]] = []
    for at, block in enumerate(blocks):
        is_passed = bool(begun) and at < begun[-1]
        stood = [_standing(one, done_on, as_of, is_open=is_open, is_passed=is_passed) for one in block]
        found.append([one for one in stood if one is not None])
        is_open = is_open or any(one is not None and one.how in ("runs", "waits") for one in stood)
        done_on = _latest(done_on, *(one.actual_end_on for one in block if one.is_done(as_of)))
    return found


def planned_lengths(project: Project) -> dict[str, int]:
    """How long the required stages take by the plan of a project, where it has dates."""
    found: dict[str, int] = {}
    before = _began_on(project)
    for block in _blocks(project):
        for stage in block:
            begun_on = _counts_from(before, stage.planned_start_on)
            if begun_on is not None and stage.planned_end_on is not None:
                found[stage.code] = max(0, (stage.planned_end_on - begun_on).days)
        before = _latest(before, *(one.planned_end_on for one in block))
    return found


def _blocks(project: Project) -> list[list[Stage]]:
    found: list[list[Stage]] = [[] for _ in BLOCKS]
    for stage in project.stages:
        if stage.is_required:
            found[_BLOCK_OF[stage.code]].append(stage)
    return [block for block in found if block]


def _standing(stage: Stage, done_on: date | None, as_of: date, *, is_open: bool, is_passed: bool) -> Standing | None:
    """`done_on`: when what comes before was done; `is_open`: some of it is not; `is_passed`: a later stage began."""
    begun_on = _counts_from(done_on, stage.planned_start_on, stage.actual_start_on)
    if stage.is_done(as_of):
        ended_on = stage.actual_end_on
        return None if begun_on is None or ended_on is None else Standing(stage, "done", _days(begun_on, ended_on))
    is_begun, is_blocked = stage.is_started(as_of), stage.blocker_at(as_of) is not None
    if is_passed and not is_begun and not is_blocked:
        return Standing(stage, "unrecorded")
    if not is_begun and (is_open or (begun_on is not None and begun_on > as_of)):
        return Standing(stage, "waits")
    until_on = min(as_of, stage.blocked_since_on or as_of) if is_blocked else as_of
    return Standing(stage, "runs", 0 if begun_on is None else _days(begun_on, until_on))


def _began_on(project: Project) -> date | None:
    """The decision, for a project whose stages begin after it."""
    has_decision = any(stage.code == _DECISION and stage.is_required for stage in project.stages)
    return None if has_decision else project.decided_on


def _counts_from(before: date | None, planned_on: date | None, begun_on: date | None = None) -> date | None:
    """The day from which a stage counts: it could begin, because what comes before was done and its plan let it."""
    if planned_on is None:
        return before or begun_on
    let_on = min(planned_on, begun_on or planned_on)
    return max(before or let_on, let_on)


def _duration(stage: str, done: list[int], running: list[int], planned: list[int]) -> Duration:
    is_own = len(done) >= LEAST_OWN
    examples = tuple(sorted(done if is_own else planned))
    open_lengths = tuple(sorted(running)) if is_own else ()
    lower, middle, upper = np.quantile(_estimated(examples, open_lengths).in_runs, QUANTILES)
    return Duration(stage, len(done), float(middle), float(lower), float(upper), is_own, examples, open_lengths)


def _estimated(examples: Iterable[int], open_lengths: Iterable[int]) -> Lengths:
    rows = [(days, False, 1) for days in examples] + [(days, True, 1) for days in open_lengths]
    known = tally(rows)
    lasting = share_lasting(known)
    shares, beyond = -np.diff(lasting, prepend=1.0), float(lasting[-1])
    occurs = shares > 0
    days, shares, longest = known.days[occurs], shares[occurs], int(known.days[-1])
    # What outlasts the longest, and again, until next to nothing is left.
    times = 1 if beyond <= 0 else min(_MOST_TIMES, 1 + int(np.log(_NEARLY_NONE) / np.log(beyond)))
    rounds = np.repeat(np.arange(times), days.size)
    spread = np.tile(shares, times) * beyond**rounds
    return Lengths(np.tile(days, times) + longest * rounds, spread / spread.sum())


def _days(begun_on: date, ended_on: date) -> int:
    return max(0, (ended_on - begun_on).days)


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)
