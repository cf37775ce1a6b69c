"""Which projects a link means, and what is counted of them. Plain values, no Dash.

The parts of the common filter are asked of the database; stage, programme and status are taken from what it gave, so
that tiles, charts, table and export of one link count the same projects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.pages.rueckbau import ids
from geodata import demolition_figures
from geodata.access import Scope
from geodata.areas import Area
from geodata.codes import DEMOLITION_STAGES
from geodata.demolitions import Project, ProjectWish, select_projects
from geodata.errors import InvalidFilter
from geodata.figure import FigureValue

# The words of the filter; the counts are those of the figures of the same name.
STATUSES: Final[Mapping[str, Callable[[Project], bool]]] = {
    "running": lambda one: one.status == "running",
    "blocked": lambda one: one.status == "running" and one.is_blocked,
    "late": lambda one: one.status == "running" and (one.slip_days or 0) > 0,
    "demolished": lambda one: one.demolished_on is not None,
    "done": lambda one: one.status == "done",
    "ended": lambda one: one.status == "ended",
}


@dataclass(frozen=True)
class StageCount:
    """How many running projects are in a stage, and how many of them are held up."""

    code: str
    projects: int
    blocked: int


@dataclass(frozen=True)
class AreaCount:
    """How many projects of an area are down, of how many; ended ones are among these."""

    area: Area
    demolished: int
    ended: int
    projects: int


def selected(projects: Sequence[Project], query: Mapping[str, str]) -> tuple[Project, ...]:
    """The projects that stage, programme and status of a link mean; raises `InvalidFilter` for an unknown code."""
    stages = tuple(part for part in query.get(ids.STAGE, "").split(",") if part)
    if set(stages) - set(DEMOLITION_STAGES):
        raise InvalidFilter(ids.STAGE, f"stage={query[ids.STAGE]} is not known; it is a stage of a demolition.")
    status = query.get(ids.STATUS, "")
    if status and status not in STATUSES:
        raise InvalidFilter(ids.STATUS, f"status={status} is not known; possible are {', '.join(STATUSES)}.")
    programme = query.get(ids.PROGRAMME, "")
    found = select_projects(projects, ProjectWish(stages=stages, programmes=(programme,) if programme else ()))
    return tuple(one for one in found if STATUSES[status](one)) if status else found


def programmes(projects: Sequence[Project]) -> tuple[str, ...]:
    """The programmes to which projects belong, by name."""
    return tuple(sorted({one.programme for one in projects if one.programme}))


def opened(projects: Sequence[Project], query: Mapping[str, str]) -> tuple[Project, ...]:
    """The projects that a link opens: one, none, or several of one key that belong to different properties."""
    found = [one for one in projects if one.key == query.get(ids.PROJECT)]
    owner = query.get(ids.PROPERTY)
    return tuple(one for one in found if not owner or str(one.property_id) == owner)


def link_values(project: Project, projects: Sequence[Project]) -> dict[str, str]:
    """The query values that open a project; its property is named only where the key alone is not enough."""
    is_alone = sum(one.key == project.key for one in projects) == 1
    return {ids.PROJECT: project.key} | ({} if is_alone else {ids.PROPERTY: str(project.property_id)})


def figure_values(projects: Sequence[Project], as_of: date) -> dict[str, FigureValue]:
    """The figures of the register for these projects, by the one function that also answers `qm figures`."""
    values = demolition_figures.summarise(projects)
    return {figure.key: FigureValue(figure, values[figure.key], as_of) for figure in demolition_figures.FIGURES}


def pipeline(projects: Sequence[Project], codes: Sequence[str]) -> tuple[StageCount, ...]:
    """Running projects by the stage in which they are, in the usual order, stages without a project included."""
    running = [one for one in projects if one.status == "running"]
    by_stage = {code: [one for one in running if one.current_stage == code] for code in codes}
    return tuple(StageCount(code, len(found), sum(one.is_blocked for one in found)) for code, found in by_stage.items())


def visible_areas(areas: Sequence[Area], scope: Scope) -> tuple[Area, ...]:
    """The areas for which an account sees every project: a manager those assigned, everybody else all."""
    return tuple(area for area in areas if not scope.area_ids or area.id in scope.area_ids)


def area_kinds(areas: Sequence[Area]) -> tuple[str, ...]:
    """The kinds of these areas, in their order."""
    return tuple(dict.fromkeys(area.kind for area in areas))


def chosen_kind(areas: Sequence[Area], query: Mapping[str, str]) -> str | None:
    """The kind of areas that a link asks for, else the first that there is."""
    kinds = area_kinds(areas)
    return query[ids.KIND] if query.get(ids.KIND) in kinds else next(iter(kinds), None)


def by_area(projects: Sequence[Project], areas: Sequence[Area], kind: str | None) -> tuple[AreaCount, ...]:
    """Projects by area of one kind, in the order of the names: no ranking. Areas without a project are left out."""
    counts = []
    for area in sorted((area for area in areas if area.kind == kind), key=lambda area: (area.name, area.id)):
        within = [one for one in projects if area.id in one.area_ids]
        down = sum(one.demolished_on is not None for one in within)
        counts.append(AreaCount(area, down, sum(one.status == "ended" for one in within), len(within)))
    return tuple(count for count in counts if count.projects)


def costs(project: Project) -> tuple[float | None, float | None]:
    """Planned and actual cost of the required stages in euros; None where no stage names one."""
    required = [stage for stage in project.stages if stage.is_required]
    planned = [stage.cost_planned_eur for stage in required if stage.cost_planned_eur is not None]
    actual = [stage.cost_actual_eur for stage in required if stage.cost_actual_eur is not None]
    return (sum(planned) if planned else None, sum(actual) if actual else None)
