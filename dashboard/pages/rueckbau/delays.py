"""Which projects are late and held up, and what stands behind it by name. Plain values, no Dash.

The days themselves follow `geodata.projects.delays` and nothing else: here stands which projects they belong to. What
holds projects up is counted of running projects; its days run from the day since when, to the as-of date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from geodata.demolitions import Project
from geodata.projects.delays import StageDelay, lost_days, why_late


@dataclass(frozen=True)
class Loss:
    """The days that one stage has lost by itself."""

    stage: str
    days: int


@dataclass(frozen=True)
class StageLoss:
    """What a kind of stage has lost, and the project that lost most in it; None where none lost any."""

    delay: StageDelay
    worst: Project | None
    worst_days: int


@dataclass(frozen=True)
class Obstacle:
    """What holds up which projects, the longest first; `longest_days` is None where no day is known."""

    blocker: str
    projects: tuple[Project, ...]
    longest_days: int | None
    median_days: float | None


def lost_most(project: Project, as_of: date) -> Loss | None:
    """The stage that lost most days; None where none lost any."""
    lost = [Loss(stage, days) for stage, days in lost_days(project, as_of).items() if days > 0]
    return max(lost, key=lambda one: one.days, default=None)


def is_late(project: Project) -> bool:
    """Whether a running project is behind its plan, as the figure `projects_late` counts."""
    return project.status == "running" and (project.slip_days or 0) > 0


def late(projects: Sequence[Project]) -> tuple[Project, ...]:
    """Running projects behind their plan, the latest first."""
    behind = [one for one in projects if is_late(one)]
    return tuple(sorted(behind, key=lambda one: (-(one.slip_days or 0), one.address, one.key)))


def by_stage(projects: Sequence[Project], as_of: date) -> tuple[StageLoss, ...]:
    """What each stage has lost in these projects, most days first, each with the project that lost most."""
    told = [(one, lost_days(one, as_of)) for one in projects if one.status != "ended"]
    found = []
    for delay in why_late(projects, as_of).by_stage:
        own = [(days[delay.stage], one) for one, days in told if days.get(delay.stage, 0) > 0]
        days, worst = max(own, key=lambda pair: pair[0], default=(0, None))
        found.append(StageLoss(delay, worst, days))
    return tuple(found)


def obstacles(projects: Sequence[Project], as_of: date) -> tuple[Obstacle, ...]:
    """What holds up running projects: what holds up most of them first, then what does so for longest."""
    held = [one for one in projects if one.status == "running" and one.blocker is not None]
    found = [
        _obstacle(blocker, [one for one in held if one.blocker == blocker], as_of)
        for blocker in dict.fromkeys(one.blocker for one in held if one.blocker is not None)
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.projects), -(one.longest_days or 0), one.blocker)))


def blocked_days(project: Project, as_of: date) -> int | None:
    """Days for which a project has been held up; None where nothing does or nobody knows since when."""
    return None if project.blocked_since_on is None else (as_of - project.blocked_since_on).days


def blocked_stage(project: Project, as_of: date) -> str | None:
    """The stage in which a project is held up."""
    if project.blocker is None:
        return None
    return next((one.code for one in project.stages if one.blocker_at(as_of) == project.blocker), None)


def _obstacle(blocker: str, held: Sequence[Project], as_of: date) -> Obstacle:
    ordered = sorted(held, key=lambda one: (-(blocked_days(one, as_of) or 0), one.address, one.key))
    days = [found for one in ordered if (found := blocked_days(one, as_of)) is not None]
    return Obstacle(blocker, tuple(ordered), max(days, default=None), float(median(days)) if days else None)
