"""Why demolition projects are late: which stages lost how many days, and what held them up for how long; pure.

- A stage lost what the project was later after it than before it: its slip (`Stage.slip_days`) less that of the stages
  before it. So the days of one project add up to its slip, and a stage that only passes a delay on lost nothing.
- Stages that run side by side are all measured from the same slip, and the largest one goes on. An open stage counts
  once it is later than what comes before it.
- What caught up counts as gained. Projects that ended leave the sums of days: nobody waits for them.
- Blockers: what holds a running project up now, counted with the days since; and what did and is over, where its first
  and last day are stated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from geodata.codes import DEMOLITION_BLOCKERS, DEMOLITION_STAGES
from geodata.demolitions import Project
from geodata.projects.forecast import BLOCKS

__all__ = ["BlockerDelay", "Delays", "StageDelay", "lost_days", "why_late"]

_BLOCK_OF: Final = {stage: at for at, block in enumerate(BLOCKS) for stage in block}


@dataclass(frozen=True)
class StageDelay:
    """A kind of stage: in how many projects it lost days, how many, the median of those, and what it caught up."""

    stage: str
    projects: int
    days_lost: int
    days_lost_median: float
    projects_gained: int
    days_gained: int


@dataclass(frozen=True)
class BlockerDelay:
    """What holds projects up: how many now, for how many days together, longest and since when; and what is over."""

    blocker: str
    projects: int
    days: int
    days_longest: int
    since_on: date | None
    past_stages: int
    past_days: int


@dataclass(frozen=True)
class Delays:
    """`by_stage` and `by_blocker` begin with what cost the most days; what cost nothing is left out."""

    by_stage: tuple[StageDelay, ...]
    by_blocker: tuple[BlockerDelay, ...]


def why_late(projects: Iterable[Project], as_of: date) -> Delays:
    """What cost the projects their time up to the as-of date."""
    going_on = [one for one in projects if one.status != "ended"]
    return Delays(_by_stage(going_on, as_of), _by_blocker(going_on, as_of))


def lost_days(project: Project, as_of: date) -> dict[str, int]:
    """Days that each stage of a project lost (positive) or caught up (negative); without a planned end it has none."""
    found: dict[str, int] = {}
    before = 0
    for block in range(len(BLOCKS)):
        slips = {}
        for stage in project.stages:
            slip = stage.slip_days(as_of) if _BLOCK_OF[stage.code] == block else None
            # An open stage is late only by what goes beyond the delay that it was handed.
            if slip is not None and (stage.is_done(as_of) or slip > max(before, 0)):
                slips[stage.code] = slip
        found |= {code: slip - before for code, slip in slips.items()}
        before = max(slips.values(), default=before)
    return found


def _by_stage(projects: Iterable[Project], as_of: date) -> tuple[StageDelay, ...]:
    days: dict[str, list[int]] = {}
    for project in projects:
        for stage, lost in lost_days(project, as_of).items():
            days.setdefault(stage, []).append(lost)
    found = [_stage_delay(stage, days[stage]) for stage in DEMOLITION_STAGES if any(days.get(stage, ()))]
    return tuple(sorted(found, key=lambda one: -one.days_lost))


def _stage_delay(stage: str, days: Iterable[int]) -> StageDelay:
    lost, gained = [one for one in days if one > 0], [-one for one in days if one < 0]
    return StageDelay(stage, len(lost), sum(lost), median(lost) if lost else 0.0, len(gained), sum(gained))


def _by_blocker(projects: Iterable[Project], as_of: date) -> tuple[BlockerDelay, ...]:
    projects = list(projects)
    now = [(one.blocker, one.blocked_since_on) for one in projects if one.status == "running" and one.blocker]
    past = [held for project in projects for held in _past(project)]
    found = []
    for blocker in DEMOLITION_BLOCKERS:
        since = [since_on for code, since_on in now if code == blocker]
        days = [(as_of - since_on).days for since_on in since if since_on is not None]
        over = [length for code, length in past if code == blocker]
        if since or over:
            first_on = min((one for one in since if one is not None), default=None)
            longest = max(days, default=0)
            found.append(BlockerDelay(blocker, len(since), sum(days), longest, first_on, len(over), sum(over)))
    return tuple(sorted(found, key=lambda one: (-one.days, -one.past_days)))


def _past(project: Project) -> Iterator[tuple[str, int]]:
    for stage in project.stages:
        since_on, until_on = stage.blocked_since_on, stage.blocked_until_on
        if stage.past_blocker is not None and since_on is not None and until_on is not None:
            yield stage.past_blocker, (until_on - since_on).days
