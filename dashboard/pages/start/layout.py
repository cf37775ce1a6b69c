"""Where each role starts; see `start_path`."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import loading
from dashboard.page import PageContext
from dashboard.router import start_path
from dashboard.routes import href
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The page needs no callbacks."""


def build(context: PageContext) -> Component:
    """Go on to the page of the role; values of the address go along."""
    # Where the address was typed, the server has redirected already; this is for a link within the application.
    target = href(start_path(context.scope), context.query)
    return html.Div([loading(), dcc.Location(id="start-redirect", href=target, refresh="callback-nav")])
