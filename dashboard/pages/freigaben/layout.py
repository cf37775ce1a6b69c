"""Released states; until an office has released one, what will stand here and who makes it."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, page_header
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The page needs no callbacks."""


def build(context: PageContext) -> Component:
    """No figure and no map of the current data: politics sees what was released, and nothing has been yet."""
    words = _(
        "An office puts figures, maps and texts of a date together, checks that they show nothing about single "
        "households, and releases them. Released states will stand here, the latest first, each with its date."
    )
    return html.Div(
        [
            page_header(_("Released state"), lead=_("What an office has released for councils and committees.")),
            empty_state(_("Nothing has been released yet"), words, symbol="release"),
        ],
        className="page",
    )
