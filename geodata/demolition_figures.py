"""Figures about demolition projects: how many, how many down, how far, how late; all of them public facts.

They are counted from the same projects that list and Gantt show, by the rules of `geodata.progress`.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean, median

from geodata.access import Asker
from geodata.demolitions import Project, read_projects
from geodata.figure import Figure, Group, Period, Unit, Value
from geodata.filters import PropertyFilter


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a message for the catalogue; the dashboard translates it."""
    return message


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
    return summarise(read_projects(asker, chosen))


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
