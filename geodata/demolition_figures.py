"""Figures about demolition projects: how many, how many down, how far, how late; all of them public facts.

They count the projects that list and Gantt show, by the rules of `geodata.progress`; the database follows the same
rules set-based (`sql/demolition_projects.sql`), and a test holds the two against each other.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from statistics import fmean, median
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Double, FromClause, Integer, Select, Text, and_, column, func, select, text

from geodata.access import Asker
from geodata.demolitions import Project
from geodata.figure import N_, Figure, Group, Period, Unit, Value
from geodata.filters import PropertyFilter
from geodata.properties import property_sources
from geodata.tables import demolition_stage

_ALL = N_("demolition projects decided by the as-of date that stand in a plan, completed and ended ones included")
_GOING_ON = N_("demolition projects decided by the as-of date, ended ones (given up, renovated instead) left out")
_RUNNING = N_("demolition projects that are neither completed nor ended on the as-of date")


def _figure(
    key: str, title: str, definition: str, basis: str, *, unit: Unit = "projects", part_of: str | None = None
) -> Figure:
    return Figure(key, title, unit, "public_fact", definition, basis, part_of=part_of)


FIGURES = (
    _figure(
        "projects",
        N_("Demolition projects"),
        N_("Projects that a plan names and that were decided by the as-of date."),
        _ALL,
    ),
    _figure(
        "projects_demolished",
        N_("Demolished"),
        N_("Projects whose building is down: the stage of demolition was completed by the as-of date."),
        _ALL,
        part_of="projects",
    ),
    _figure(
        "projects_ended",
        N_("Given up or renovated instead"),
        N_("Projects that ended without being completed: given up, or the building is renovated instead."),
        _ALL,
        part_of="projects",
    ),
    _figure(
        "projects_running",
        N_("Running projects"),
        N_("Projects that are neither completed nor ended; a building that is down may still have steps to go."),
        _ALL,
        part_of="projects",
    ),
    _figure(
        "demolition_progress",
        N_("Mean progress"),
        N_("Weights of the completed stages by those of the required ones, for each project; the mean of all."),
        _GOING_ON,
        unit="percent",
    ),
    _figure(
        "projects_blocked",
        N_("Held up projects"),
        N_("Running projects of which a required, open stage is held up."),
        _RUNNING,
        part_of="projects_running",
    ),
    _figure(
        "projects_late",
        N_("Projects behind their plan"),
        N_("Running projects that are at least one day behind the planned ends of their stages."),
        _RUNNING,
        part_of="projects_running",
    ),
    _figure(
        "slip_days_median",
        N_("Usual delay of projects"),
        N_("Median of the days behind the plan, early ones counted negative; only projects whose plan has dates."),
        _GOING_ON,
        unit="days",
    ),
)


def read(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """All figures of this group for one filter."""
    asker.require("demolition:read")
    sources = property_sources(asker, chosen)
    if not sources.is_current:
        # For another date properties are derived anew, so only for those that have a project.
        planned = asker.connection.execute(_planned(asker)).scalars().all()
        sources = property_sources(asker, chosen, property_ids=planned)
    bound = text(_statement()).bindparams(municipality=asker.scope.municipality, as_of=sources.as_of)
    project = bound.columns(*(column(name, kind) for name, kind in _COLUMNS.items())).subquery("project")
    is_owner = sources.properties.c.property_id == project.c.property_id
    query = _summary(project).select_from(project.join(sources.properties, is_owner)).where(*sources.where(chosen))
    found = asker.connection.execute(query).mappings().one()
    share = found["demolition_progress"]
    return {**found, "demolition_progress": None if share is None else round(100 * share, 1)}


def _planned(asker: Asker) -> Select[Any]:
    fact = demolition_stage.c
    is_plan = and_(fact.municipality == asker.scope.municipality, fact.superseded_at.is_(None), fact.aspect == "plan")
    return select(fact.property_id).where(is_plan).distinct()


def _summary(project: FromClause) -> Select[Any]:
    """The same sums as `summarise`, in the database."""
    one = project.c
    is_running, is_going_on = one.status == "running", one.status != "ended"
    return select(
        func.count().label("projects"),
        func.count().filter(one.is_down).label("projects_demolished"),
        func.count().filter(one.status == "ended").label("projects_ended"),
        func.count().filter(is_running).label("projects_running"),
        func.avg(one.progress).filter(is_going_on).label("demolition_progress"),
        func.count().filter(is_running, one.is_blocked).label("projects_blocked"),
        func.count().filter(is_running, one.slip_days > 0).label("projects_late"),
        func.percentile_cont(0.5).within_group(one.slip_days).filter(is_going_on).label("slip_days_median"),
    )


_COLUMNS: Final[Mapping[str, Any]] = {
    "property_id": BigInteger,
    "project_key": Text,
    "status": Text,
    "is_down": Boolean,
    "is_blocked": Boolean,
    "progress": Double,
    "slip_days": Integer,
}


@cache
def _statement() -> str:
    """Text of the query without its comment lines: the driver would take a `:name` in them for a parameter."""
    lines = (files("geodata") / "sql" / "demolition_projects.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))


def summarise(projects: Sequence[Project]) -> Mapping[str, Value]:
    """The figures of these projects by key; None where there is nothing to take a mean or median of."""
    going_on = [one for one in projects if one.status != "ended"]
    running = [one for one in going_on if one.status == "running"]
    slips = [one.slip_days for one in going_on if one.slip_days is not None]
    return {
        "projects": len(projects),
        "projects_demolished": sum(one.demolished_on is not None for one in projects),
        "projects_ended": sum(one.status == "ended" for one in projects),
        "projects_running": len(running),
        "demolition_progress": round(100 * fmean(one.progress for one in going_on), 1) if going_on else None,
        "projects_blocked": sum(one.is_blocked for one in running),
        "projects_late": sum((one.slip_days or 0) > 0 for one in running),
        "slip_days_median": median(slips) if slips else None,
    }


GROUP = Group("demolition:read", FIGURES, read)
