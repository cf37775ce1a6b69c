"""Where each role starts: who works with properties on the map, politics at the released state."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import empty_state, page_header
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.routes import href
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The page needs no callbacks."""


def build(context: PageContext) -> Component:
    """The map for staff and managers, the released state for politics."""
    if context.scope.allows("property:read"):
        return dcc.Location(id="start-redirect", href=href("/karte", context.query), refresh="callback-nav")
    return _nothing_released()


def _nothing_released() -> Component:
    words = _(
        "An office puts figures, maps and texts of a date together, checks that they show nothing about single "
        "households, and releases them. Released states will stand here, the latest first, each with its date."
    )
    return html.Div(
        [
            page_header(_("Released state"), lead=_("What an office has released for councils and committees.")),
            empty_state(_("Nothing has been released yet"), words),
        ],
        className="page",
    )
