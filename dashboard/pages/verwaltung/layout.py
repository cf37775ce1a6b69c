"""Accounts of the administration's own city, and the table of roles."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import page_header
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The page needs no callbacks: it is built from the link."""


def build(context: PageContext) -> Component:
    """The page for whoever keeps the accounts."""
    lead = _("Who may sign in, as what and for which areas. Objects are not shown here.")
    return html.Div([page_header(_("Administration"), lead=lead)], className="page verwaltung")
