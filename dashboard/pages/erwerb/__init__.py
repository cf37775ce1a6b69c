"""Acquisition and pre-emption: clocks that run, promises that are looked at, and what came to the city."""

from dashboard import form, tables
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.erwerb.forms import FORMS
from dashboard.pages.erwerb.layout import layout
from dashboard.pages.erwerb.question import PARAMETERS
from dashboard.pages.erwerb.table import TABLE
from dashboard.wiring import Wiring
from geodata.filters import FIELDS


def register(wiring: Wiring) -> None:
    """The forms and the files; everything else is built with the page."""
    form.register(wiring, *FORMS)
    tables.register(wiring, TABLE)


PAGE = Page(
    key="erwerb",
    path="/erwerb",
    title=N_("Acquisition and pre-emption"),
    permission="proceeding:read",
    icon="acquire",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=(*FIELDS, *PARAMETERS),
    navigation_roles=("staff", "manager"),
    navigation_order=37,
)
