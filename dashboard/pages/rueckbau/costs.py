"""Cost against plan per project and programme, so that projects add up to programmes and those to the whole.

One ratio of real to planned cost holds for all projects of the link (`cost_ratio` of `geodata.projects.programmes`):
with one for each programme the rows would not add up to the total, nor to the end of the course.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.demolitions import Project
from geodata.projects.programmes import CostRatio, cost_ratio, planned_stages, read_programmes


@dataclass(frozen=True)
class Cost:
    """Planned, spent on what is done, and at completion, in euros; `open_stages` without any cost are counted."""

    planned_eur: float
    done_eur: float
    forecast_eur: float
    without_cost: int

    @property
    def over_eur(self) -> float:
        """By how much the cost at completion is above the plan; negative = below it."""
        return self.forecast_eur - self.planned_eur

    @property
    def over_share(self) -> float | None:
        """The same as a share of the plan; None without one."""
        return self.over_eur / self.planned_eur if self.planned_eur else None


@dataclass(frozen=True)
class ProgrammeCost:
    """The projects of a programme; `programme` None = none is stated, or all of them in the last row."""

    programme: str | None
    projects: int
    cost: Cost
    is_total: bool = False


def cost_of(project: Project, ratio: CostRatio) -> Cost:
    """What one project costs; an ended one counts with what was done of it."""
    planned = done = ahead = 0.0
    without_cost = 0
    for stage in planned_stages(project):
        spent = stage.cost_actual_eur if stage.actual_end_on is not None else None
        planned += stage.cost_planned_eur or 0.0
        done += spent or 0.0
        ahead += spent if spent is not None else (stage.cost_planned_eur or 0.0) * ratio.factor
        without_cost += stage.cost_planned_eur is None and stage.cost_actual_eur is None
    return Cost(planned, done, ahead, without_cost)


def by_programme(projects: Sequence[Project]) -> tuple[ProgrammeCost, ...]:
    """Each programme by its name, what has none last, and the sum of all in the last row."""
    ratio = cost_ratio(projects)
    rows = []
    for known in read_programmes(projects):
        own = [one for one in projects if one.programme == known.programme]
        rows.append(ProgrammeCost(known.programme, known.projects, summed(own, ratio)))
    return (*rows, ProgrammeCost(None, len(projects), summed(projects, ratio), is_total=True))


def summed(projects: Sequence[Project], ratio: CostRatio) -> Cost:
    """The costs of several projects."""
    found = [cost_of(one, ratio) for one in projects]
    return Cost(
        sum(one.planned_eur for one in found),
        sum(one.done_eur for one in found),
        sum(one.forecast_eur for one in found),
        sum(one.without_cost for one in found),
    )
