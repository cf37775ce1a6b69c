"""Links of the page: its views, one project, and the pages that hold the evidence."""

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon
from dashboard.components.choices import Choice, value_choices, view_choices
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import ids, selection
from dashboard.routes import href
from geodata.demolitions import Project
from geodata.errors import InvalidFilter

GLANCE: Final = "blick"
PLACES: Final = "karte"
PLAN: Final = "plan"
COURSE: Final = "verlauf"
COST: Final = "kosten"
OBSTACLES: Final = "hindernisse"
# The views in the order of their links, each with its title; the first one is shown where the link names none.
VIEWS: Final[Mapping[str, str]] = {
    GLANCE: N_("At a glance"),
    PLACES: N_("Map"),
    PLAN: N_("Plan and status"),
    COURSE: N_("Course of the projects"),
    COST: N_("Costs"),
    OBSTACLES: N_("Obstacles"),
}
_PATH: Final = "/rueckbau"
# What belongs to one view or to an opened project does not go along to another view.
_OF_ONE: Final = (ids.PROJECT, ids.PROPERTY, ids.FORM)
_DATED: Final = ("as_of", "lang")
_COMMON: Final = ("as_of", "area", "text", "lang")


def chosen_view(query: Mapping[str, str]) -> str:
    """The view of a link; raises `InvalidFilter` for an unknown one."""
    wanted = query.get(ids.VIEW, "") or GLANCE
    if wanted not in VIEWS:
        raise InvalidFilter(ids.VIEW, f"view={wanted} is not known; possible are {', '.join(VIEWS)}.")
    return wanted


def same_page(query: Mapping[str, str], **changes: str | None) -> str:
    """This page with other values of some parts of the link; None takes a part away."""
    kept: dict[str, str | None] = {name: value for name, value in query.items() if name not in _OF_ONE}
    return href(_PATH, {**kept, **changes})


def view_address(query: Mapping[str, str], view: str, **changes: str | None) -> str:
    """Another view with the same filter."""
    return same_page(query, **{ids.VIEW: None if view == GLANCE else view, **changes})


def view_links(query: Mapping[str, str], shown: str) -> Component:
    """The views as links side by side; the filter goes along."""
    views = [
        Choice(ids.choice("view", key), _(title), view_address(query, key), key == shown)
        for key, title in VIEWS.items()
    ]
    return view_choices(views, label=_("Views of the demolitions"), name="rueckbau-views")


def choice_links(
    query: Mapping[str, str], name: str, options: Sequence[tuple[str, str]], chosen: str | None, *, label: str
) -> Component:
    """Links to the same view with another value of one part of the link."""
    values = [
        Choice(ids.choice(name, code), text, same_page(query, **{name: code}), code == chosen) for code, text in options
    ]
    return value_choices(values, label=label, name="rueckbau-choices")


def project_address(one: Project, projects: Sequence[Project], query: Mapping[str, str]) -> str:
    """The address that opens a project and keeps the filter and the view for the way back."""
    return href(_PATH, {**query, **selection.link_values(one, projects)})


def project_link(one: Project, projects: Sequence[Project], query: Mapping[str, str]) -> Component:
    """The address of a project as the link that opens it."""
    return html.A(one.address, href=project_address(one, projects, query), className="qm-link")


def without_project(query: Mapping[str, str]) -> dict[str, str]:
    """The link without what opens a project or a form."""
    return {name: value for name, value in query.items() if name not in _OF_ONE}


def dated(query: Mapping[str, str], path: str, **more: str | None) -> str:
    """Another page at the date of this one."""
    return href(path, {**{name: query[name] for name in _DATED if query.get(name)}, **more})


def filtered(query: Mapping[str, str], path: str, **more: str | None) -> str:
    """Another page at the date and for the areas of this one."""
    return href(path, {**{name: query[name] for name in _COMMON if query.get(name)}, **more})


def evidence(text: str, address: str) -> Component:
    """A link that leads to what a sentence rests on."""
    return html.A([text, icon("chevron")], href=address, className="rueckbau-evidence qm-link")


def map_link(text: str, query: Mapping[str, str]) -> Component:
    """The large map with the same filter and the layer of demolitions."""
    address = filtered(query, "/karte", layers="demolition")
    return html.A([icon("map"), text], href=address, className="button button-small qm-link")
