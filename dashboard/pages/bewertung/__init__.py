"""Assessments: what counts how much, where computation and the office's own judgement differ, and reported errors."""

from dashboard import form
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.bewertung.forms import FORMS
from dashboard.pages.bewertung.layout import PARAMETERS, layout
from dashboard.pages.bewertung.tables import CONTRIBUTIONS, DIFFERENCES
from dashboard.tables import register as register_tables
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The forms and the files; everything else is built with the page."""
    form.register(wiring, *FORMS)
    register_tables(wiring, CONTRIBUTIONS, DIFFERENCES)


PAGE = Page(
    key="bewertung",
    path="/bewertung",
    title=N_("Rating of objects"),
    permission="proceeding:read",
    icon="gauge",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=("as_of", *PARAMETERS),
    navigation_roles=("staff", "manager"),
    navigation_order=42,
)
