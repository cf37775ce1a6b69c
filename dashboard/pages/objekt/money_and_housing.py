"""The panels of a property's grants and of its closings; what is entered about them has pages of its own."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import link_button, panel
from dashboard.house_parts import closure_facts, grants_table
from dashboard.i18n import gettext as _
from dashboard.pages.objekt.figures import map_query
from dashboard.routes import href
from geodata.funding.grants import Grant
from geodata.housing.reads import Closure


def grants_panel(grants: Sequence[Grant], query: Mapping[str, str]) -> list[Component]:
    """The grants of the property; no panel without one."""
    title = _("Grants of the object")
    return [panel(title, grants_table(grants, query, title))] if grants else []


def closures_panel(closures: Sequence[Closure], query: Mapping[str, str]) -> list[Component]:
    """What became of the house each time that it was closed; no panel where it never was."""
    if not closures:
        return []
    return [panel(_("Closing and whereabouts"), [_closing(one, query) for one in closures])]


def _closing(one: Closure, query: Mapping[str, str]) -> Component:
    address = href("/wohnraum", {**map_query(query), "house": one.key})
    return html.Div(
        [closure_facts(one), link_button(_("Open the closed house"), address, symbol="key")], className="objekt-project"
    )
