"""The table of the page: the projects of the filter, one row each, with plan and reality side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.i18n import N_
from dashboard.pages.rueckbau import ids, words
from dashboard.pages.rueckbau.selection import costs, selected
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.demolitions import SORTS, Project, ProjectWish, Sort, read_projects, select_projects
from geodata.filters import PropertyFilter


def read_rows(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """A slice of the projects of the filter; costs are those of the required stages."""
    projects = selected(read_projects(asker, PropertyFilter.from_query(query)), query)
    sort: Sort = next((name for name in SORTS if name == wanted.sort), "address")  # type: ignore[assignment]
    ordered = select_projects(projects, ProjectWish(sort=sort, descending=wanted.descending))
    shown = ordered[wanted.start : wanted.start + wanted.size]
    return TablePage([project_row(one) for one in shown], len(ordered))


def project_row(project: Project) -> dict[str, Any]:
    """A project as a row of the table."""
    planned_eur, actual_eur = costs(project)
    return {
        "id": f"{project.property_id}/{project.key}",
        "property": project.property_id,
        "key": project.key,
        "address": project.address,
        "programme": project.programme,
        "status": project.outcome or ("blocked" if project.is_blocked else project.status),
        "stage": project.current_stage,
        "progress": project.progress,
        "planned_demolition_on": project.planned_demolition_on,
        "demolished_on": project.demolished_on,
        "slip_days": project.slip_days,
        "blocker": project.blocker,
        "cost_planned_eur": planned_eur,
        "cost_actual_eur": actual_eur,
    }


def say(asker: Asker, query: Mapping[str, str]) -> Sequence[str]:
    """Stage, programme and status of a link in words, for files."""
    return words.filter_parts(query)


# Two properties may have projects of one key.
OPENS: Final = f"/rueckbau?{ids.PROJECT}={{key}}&{ids.PROPERTY}={{property}}"

PROJECTS: Final = RemoteTable(
    key="vorhaben",
    title=N_("Demolition projects"),
    permission="demolition:read",
    columns=(
        Column("address", N_("Address"), "link", width=230, is_sortable=True, link=OPENS,
               definition=N_("Street and house numbers of the object that is demolished.")),
        Column("stage", N_("Stage"), "code", code_list="demolition_stage", width=260, is_sortable=True,
               definition=N_("Required stage in which the project is; empty where it is completed or ended.")),
        Column("status", N_("Status"), "code", code_list="demolition_status", width=150, is_sortable=True,
               definition=N_("Running, held up, completed (all required stages done), or how the project ended.")),
        Column("progress", N_("Progress"), "percent", width=136, is_sortable=True,
               definition=N_("Weights of the completed stages by those of the required ones.")),
        Column("planned_demolition_on", N_("Demolition planned"), "date", width=132, is_sortable=True,
               definition=N_("Planned end of the demolition itself.")),
        Column("demolished_on", N_("Demolished on"), "date", width=122, is_sortable=True,
               definition=N_("Day on which the demolition itself was done.")),
        Column("slip_days", N_("Delay"), "days", width=112, is_sortable=True,
               definition=N_("Days behind the planned ends of the stages; negative = before the plan.")),
        Column("blocker", N_("Held up by"), "code", code_list="demolition_blocker", width=190, is_sortable=True,
               definition=N_("What holds the current stage up.")),
        Column("programme", N_("Programme"), "text", width=290, is_sortable=True,
               definition=N_("Programme to which the project belongs.")),
        Column("key", N_("Project"), "text", width=150, is_sortable=True,
               definition=N_("Key of the project in the register that delivered it.")),
        Column("cost_planned_eur", N_("Cost planned"), "money", width=140,
               definition=N_("Sum of the planned costs of the required stages.")),
        Column("cost_actual_eur", N_("Cost so far"), "money", width=140,
               definition=N_("Sum of the actual costs of the required stages up to the as-of date.")),
    ),
    read=read_rows,
    default_sort="address",
    parameters=ids.RESTRICTING,
    say=say,
)  # fmt: skip
