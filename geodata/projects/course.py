"""The course of demolition projects month by month: as planned, as it went, and as it is forecast; pure.

- Three measures: how many buildings are down (`demolished`), the mean progress of the projects as a share from 0 to 1
  by the published weights (`progress`, equal to the figure `demolition_progress`), and money in euros (`cost`, as in
  `geodata.projects.programmes`). Cost falls due when a stage ends.
- Planned: by planned ends; a stage without one is in no plan. Actual: by real ends, and it stops at the as-of date.
  Forecast: from the as-of date on, where it equals what is actual, by the runs of `geodata.projects.forecast`.
- Ended projects (given up, renovated instead) leave all three lines, as they leave the figures: an outcome is no
  backlog. What was done of them before stays: a building that is down, money that was spent.
- The forecast is the median of all runs (of cost the mean, so that its end is the cost at completion), the band from
  20 to 80 % of them. What is added up is a run, not a band: all projects of one run end as they were drawn for it, so
  that bands do not pile up. Of cost also the ratio of real to planned cost is drawn, from the done stages that have
  both, the dearer the more often; with fewer than three of them the plan holds and only time is uncertain.
- A project without anything to reckon with stays where it is in the forecast. One that is held up counts from the
  earliest day on: while it stays so, the line is too early, and a page says of how many that holds.
- Points lie on the last day of each month, and on the as-of date; they end with the last day that is planned or
  drawn, but `MOST_YEARS` after the as-of date at the latest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from geodata.calendar import month_end, months_later
from geodata.demolitions import Project
from geodata.progress import DEMOLITION, Stage
from geodata.projects.forecast import QUANTILES, RUNS, Draws, Duration, draw
from geodata.projects.programmes import cost_ratio, planned_stages

__all__ = ["MOST_YEARS", "Measure", "ProjectPoint", "course"]

Measure = Literal["demolished", "progress", "cost"]
Step = Literal["month", "quarter"]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST_YEARS: Final = 10
_EARLIEST_YEARS: Final = 20
_SEED: Final = 20_261_116


@dataclass(frozen=True)
class ProjectPoint:
    """The values at the end of a day; `actual` None after the as-of date, forecast and band None before it."""

    on: date
    planned: float
    actual: float | None
    forecast: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class _Part:
    """Something that adds to the measure when it ends: a day for the plan, and one for what really happened."""

    project: int
    stage: Stage
    planned: float
    actual: float


def course(
    projects: Sequence[Project],
    durations: Mapping[str, Duration],
    as_of: date,
    *,
    step: Step = "month",
    measure: Measure = "demolished",
) -> tuple[ProjectPoint, ...]:
    """The course of the projects; empty where there is nothing to add up.

    `durations` are those of the whole city (`stage_durations`), whatever projects are shown.
    """
    parts = [part for at, project in enumerate(projects) for part in _parts(at, project, measure)]
    scale = 1.0 / max(1, sum(one.status != "ended" for one in projects)) if measure == "progress" else 1.0
    ahead = _Ahead(projects, durations, as_of, parts, measure)
    days = _days(parts, as_of, ahead.last_on, step)
    if not days:
        return ()
    planned = _cumulated(days, [(part.stage.planned_end_on, part.planned) for part in parts])
    actual = _cumulated(days, [(part.stage.actual_end_on, part.actual) for part in parts if part.stage.is_done(as_of)])
    lower, middle, upper = ahead.bands(days)
    now = float(actual[days.index(as_of)])
    return tuple(
        ProjectPoint(
            on=day,
            planned=float(planned[at]) * scale,
            actual=float(actual[at]) * scale if day <= as_of else None,
            forecast=(now + float(middle[at])) * scale if day >= as_of else None,
            lower=(now + float(lower[at])) * scale if day >= as_of else None,
            upper=(now + float(upper[at])) * scale if day >= as_of else None,
        )
        for at, day in enumerate(days)
    )


# --- what adds up -----------------------------------------------------------------------------------------------------


def _parts(at: int, project: Project, measure: Measure) -> list[_Part]:
    if measure == "cost":
        counted = planned_stages(project)
        return [_Part(at, one, one.cost_planned_eur or 0.0, one.cost_actual_eur or 0.0) for one in counted]
    if measure == "demolished":
        is_gone = project.status == "ended" and project.demolished_on is None
        down = [one for one in project.stages if one.code == DEMOLITION and not is_gone]
        return [_Part(at, one, float(one.is_required), 1.0) for one in down]
    required = [one for one in project.stages if one.is_required] if project.status != "ended" else []
    total = sum(one.weight for one in required)
    return [_Part(at, one, one.weight / total, one.weight / total) for one in required]


def _days(parts: Sequence[_Part], as_of: date, last_on: date, step: Step) -> list[date]:
    """Ends of the months from the first thing planned or done to the last one, and the as-of date."""
    known = [day for part in parts for day in (part.stage.planned_end_on, part.stage.actual_end_on) if day is not None]
    if not parts:
        return []
    first = max(min([*known, as_of]), months_later(as_of, -12 * _EARLIEST_YEARS))
    last = min(max([*known, last_on, as_of]), months_later(as_of, 12 * MOST_YEARS))
    every = 1 if step == "month" else 3
    # One point before the first event, where all lines begin; quarters are those of the calendar.
    day = month_end(months_later(first.replace(day=1), -1 - (first.month - 1) % every))
    days = {as_of}
    while day < last:  # the last point lies on or behind the last event
        days.add(day)
        day = month_end(months_later(day.replace(day=1), every))
    return sorted(days | {day})


def _cumulated(days: Sequence[date], amounts: Sequence[tuple[date | None, float]]) -> Floats:
    """Sum of the amounts up to each day."""
    sums = np.zeros(len(days) + 1)
    places = np.array([one.toordinal() for one in days])
    dated = [(day.toordinal(), amount) for day, amount in amounts if day is not None]
    if dated:
        at = np.searchsorted(places, [day for day, _ in dated])
        np.add.at(sums, at, [amount for _, amount in dated])
    return np.cumsum(sums[:-1])


class _Ahead:
    """What the runs add after the as-of date; the bands are those of the sums."""

    def __init__(
        self,
        projects: Sequence[Project],
        durations: Mapping[str, Duration],
        as_of: date,
        parts: Sequence[_Part],
        measure: Measure,
    ) -> None:
        self.as_of = as_of
        open_ = [part for part in parts if not part.stage.is_done(as_of) or _is_to_be_paid(part, measure)]
        drawn = {at: draw(projects[at], durations, as_of) for at in {part.project for part in open_}}
        self.costs = _Costs(projects) if measure == "cost" else None
        found = ((part.planned, _ends(part, drawn[part.project], as_of)) for part in open_)
        self.parts = [(amount, ends) for amount, ends in found if ends is not None]

    @property
    def last_on(self) -> date:
        """The day by which every project has ended in every run."""
        days = max((int(ends.max()) for _, ends in self.parts), default=0)
        return self.as_of + timedelta(days=days)

    def bands(self, days: Sequence[date]) -> tuple[Floats, Floats, Floats]:
        """Lower, middle and upper value for each day; 0 up to the as-of date."""
        places = np.array([(day - self.as_of).days for day in days])
        width = len(days) + 1
        sums, expected = np.zeros(RUNS * width), np.zeros(width)
        runs = np.arange(RUNS) * width
        for amount, ends in self.parts:
            at = np.searchsorted(places, ends)
            np.add.at(sums, runs + at, self.costs.drawn(amount) if self.costs else amount)
            if self.costs:
                expected += np.bincount(at, minlength=width) * (amount * self.costs.factor / RUNS)
        grown = np.cumsum(sums.reshape(RUNS, width), axis=1)[:, :-1]
        lower, middle, upper = np.quantile(grown, QUANTILES, axis=0)
        if self.costs:
            middle = np.cumsum(expected)[:-1]
            # Few dear examples pull the mean out of the middle runs; what is shown lies in its band all the same.
            lower, upper = np.minimum(lower, middle), np.maximum(upper, middle)
        return lower, middle, upper


def _is_to_be_paid(part: _Part, measure: Measure) -> bool:
    return measure == "cost" and part.stage.cost_actual_eur is None


def _ends(part: _Part, drawn: Draws | None, as_of: date) -> Ints | None:
    """Days after the as-of date on which a part is added, one for each run; the bill of what is done comes next."""
    if part.stage.is_done(as_of):
        return np.ones(RUNS, dtype=np.int64)
    return None if drawn is None else drawn.ends.get(part.stage.code)


class _Costs:
    """What open stages will cost: their plan times a ratio of real to planned cost, drawn from what is done.

    A ratio is drawn as often as its stage was planned to cost, so that the mean of the runs is the ratio of the sums.
    """

    def __init__(self, projects: Sequence[Project]) -> None:
        known = cost_ratio(projects)
        self.factor = known.factor
        done = [one for project in projects for one in planned_stages(project) if one.actual_end_on is not None]
        both = [one for one in done if one.cost_planned_eur and one.cost_actual_eur is not None]
        is_known = known.ratio is not None
        pairs = (
            [(one.cost_planned_eur or 0.0, one.cost_actual_eur or 0.0) for one in both] if is_known else [(1.0, 1.0)]
        )
        planned = np.array([one for one, _ in pairs])
        ratios = np.array([actual for _, actual in pairs]) / planned
        places = (np.arange(RUNS) + 0.5) / RUNS
        at = np.searchsorted(np.cumsum(planned) / planned.sum(), places)
        self.ratios = ratios[np.minimum(at, ratios.size - 1)]
        self.random = np.random.default_rng(_SEED)

    def drawn(self, planned_eur: float) -> Floats:
        """What a stage with this plan costs, one amount for each run, in a random order."""
        return np.asarray(planned_eur * self.ratios[self.random.permutation(RUNS)])
