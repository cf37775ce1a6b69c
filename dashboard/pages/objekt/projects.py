"""The panel of a property's demolition projects: how far, in which stage, what holds them up; the rest has its page."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import facts, link_button, panel, progress
from dashboard.formatting import format_date, format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata.demolitions import Project


def projects_view(projects: Sequence[Project], query: Mapping[str, str]) -> list[Component]:
    """One panel for all projects of the property; none without a project."""
    if not projects:
        return []
    return [panel(_("Demolition"), [_project(one, query) for one in projects])]


def _project(project: Project, query: Mapping[str, str]) -> Component:
    share = progress(
        round(100 * project.progress), 100, label=_("Progress %(share)s", share=format_percent(project.progress))
    )
    kept = {name: query[name] for name in ("as_of", "lang") if name in query}
    address = href("/rueckbau", {**kept, "project": project.key, "property": str(project.property_id)})
    link = link_button(_("Open the project"), address, symbol="demolition")
    return html.Div([share, facts(_pairs(project)), link], className="objekt-project")


def _pairs(project: Project) -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = [(_("Project"), project.key)]
    if project.outcome is not None:
        ended_on = format_date(project.ended_on)
        pairs.append((_("Ended"), f"{code_label('demolition_outcome', project.outcome)} ({ended_on})"))
    elif project.current_stage is None:
        pairs.append((_("Stage"), _("all required stages are done")))
    else:
        pairs.append((_("Stage"), code_label("demolition_stage", project.current_stage)))
    if project.demolished_on is not None:
        pairs.append((_("Demolished on"), format_date(project.demolished_on)))
    elif project.planned_demolition_on is not None and project.outcome is None:
        pairs.append((_("Demolition planned"), format_date(project.planned_demolition_on)))
    if project.blocker is not None:
        pairs.append((_("Held up"), _blocker(project.blocker, format_date(project.blocked_since_on))))
    return pairs


def _blocker(blocker: str, since_on: str) -> str:
    return f"{code_label('demolition_blocker', blocker)} ({_('since')} {since_on})"
