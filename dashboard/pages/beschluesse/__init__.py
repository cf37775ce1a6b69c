"""Resolutions of the council: what was decided, how it stands, and the change since the last release."""

from dashboard import form, tables
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.beschluesse.forms import FORMS
from dashboard.pages.beschluesse.layout import PARAMETERS, layout
from dashboard.pages.beschluesse.table import TABLE
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The forms and the files; everything else is built with the page."""
    form.register(wiring, *FORMS)
    tables.register(wiring, TABLE)


PAGE = Page(
    key="beschluesse",
    path="/beschluesse",
    title=N_("Resolutions"),
    permission="resolution:read",
    icon="flag",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=("as_of", *PARAMETERS),
    navigation_roles=("staff", "manager"),
    navigation_order=34,
)
