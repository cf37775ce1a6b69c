"""How programmes of demolitions stand: how many of how many, how far, how late, at what cost; pure over read projects.

- Progress of a programme = mean of the progress of its projects, ended ones left out, as the figure
  `demolition_progress` has it; the progress of a project follows the published weights (`geodata.progress`).
- Given up and renovated instead are outcomes: such a project is `ended`, neither late nor held up nor open.
- Cost: only required stages count. `planned` is the sum of the plans, `actual` that of what is done. At completion:
  what is done at its real cost, what is open at its planned cost times the ratio of real to planned cost of the done
  stages that have both. With fewer than `LEAST_OWN` of them the ratio is 1, and `cost_ratio` is None, so that a page
  can say so. A stage that is done without a stated cost is still to be paid, so it counts as open.
- An ended project counts in all three sums with what was done of it and nothing else: nobody will spend the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from geodata.demolitions import Project
from geodata.progress import Stage

__all__ = ["LEAST_OWN", "CostRatio", "ProgrammeProgress", "cost_ratio", "planned_stages", "read_programmes", "sum_up"]

LEAST_OWN: Final = 3


@dataclass(frozen=True)
class CostRatio:
    """Real by planned cost of the done stages that have both; `ratio` None = fewer than three of them."""

    ratio: float | None
    stages: int

    @property
    def factor(self) -> float:
        """By what planned costs are multiplied."""
        return 1.0 if self.ratio is None else self.ratio


@dataclass(frozen=True)
class ProgrammeProgress:
    """How one programme stands on the as-of date of its projects; `programme` None = none is stated, or all of them.

    `demolished` counts buildings that are down, ended projects included; `ended` = `given_up` + `renovated`. `running`,
    `late` and `blocked` are about projects neither done nor ended. `progress` is a share from 0 to 1, None where every
    project ended. `stages_without_cost`: required stages that have neither a planned nor a real cost.
    """

    programme: str | None
    projects: int
    demolished: int
    done: int
    ended: int
    given_up: int
    renovated: int
    running: int
    late: int
    blocked: int
    progress: float | None
    cost_planned_eur: float
    cost_actual_eur: float
    cost_forecast_eur: float
    cost_ratio: float | None
    cost_ratio_stages: int
    stages_without_cost: int


def read_programmes(projects: Iterable[Project]) -> tuple[ProgrammeProgress, ...]:
    """How each programme stands, by name; projects without one stand last."""
    gathered: dict[str | None, list[Project]] = {}
    for project in projects:
        gathered.setdefault(project.programme, []).append(project)
    in_order = sorted(gathered, key=lambda name: (name is None, name or ""))
    return tuple(sum_up(gathered[name], programme=name) for name in in_order)


def sum_up(projects: Sequence[Project], *, programme: str | None = None) -> ProgrammeProgress:
    """How projects stand together, of whatever programmes; costs are scaled by the ratio of these projects alone."""
    going_on = [one for one in projects if one.status != "ended"]
    running = [one for one in going_on if one.status == "running"]
    counted = [stage for one in projects for stage in planned_stages(one)]
    known = cost_ratio(projects)
    return ProgrammeProgress(
        programme=programme,
        projects=len(projects),
        demolished=sum(one.demolished_on is not None for one in projects),
        done=len(going_on) - len(running),
        ended=len(projects) - len(going_on),
        given_up=sum(one.outcome == "given_up" for one in projects),
        renovated=sum(one.outcome == "renovated" for one in projects),
        running=len(running),
        late=sum((one.slip_days or 0) > 0 for one in running),
        blocked=sum(one.is_blocked for one in running),
        progress=fmean(one.progress for one in going_on) if going_on else None,
        cost_planned_eur=sum(one.cost_planned_eur or 0.0 for one in counted),
        cost_actual_eur=sum(_spent(one) or 0.0 for one in counted),
        cost_forecast_eur=sum(_at_completion(one, known.factor) for one in counted),
        cost_ratio=known.ratio,
        cost_ratio_stages=known.stages,
        stages_without_cost=sum(one.cost_planned_eur is None and one.cost_actual_eur is None for one in counted),
    )


def cost_ratio(projects: Iterable[Project]) -> CostRatio:
    """By how much what was done cost more or less than planned."""
    pairs = [
        (stage.cost_planned_eur, spent)
        for project in projects
        for stage in planned_stages(project)
        if stage.cost_planned_eur and (spent := _spent(stage)) is not None
    ]
    if len(pairs) < LEAST_OWN:
        return CostRatio(None, len(pairs))
    return CostRatio(sum(actual for _, actual in pairs) / sum(planned for planned, _ in pairs), len(pairs))


def planned_stages(project: Project) -> list[Stage]:
    """The stages whose cost counts: the required ones, of an ended project those that were done."""
    required = [stage for stage in project.stages if stage.is_required]
    return required if project.status != "ended" else [one for one in required if one.actual_end_on is not None]


def _spent(stage: Stage) -> float | None:
    """Cost of a stage that is done; actual facts after the as-of date are left out of what was read."""
    return stage.cost_actual_eur if stage.actual_end_on is not None else None


def _at_completion(stage: Stage, factor: float) -> float:
    spent = _spent(stage)
    return spent if spent is not None else (stage.cost_planned_eur or 0.0) * factor
