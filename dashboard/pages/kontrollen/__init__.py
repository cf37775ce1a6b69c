"""The page of controls in four views: what is due, the course over time, how far apart controls are, what they find."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.kontrollen.layout import layout
from dashboard.pages.kontrollen.question import PARAMETERS
from dashboard.pages.kontrollen.tables import TABLE
from dashboard.tables import register as register_tables
from dashboard.wiring import Wiring
from geodata.filters import FIELDS


def register(wiring: Wiring) -> None:
    """The list of what is due; everything else is built with the page."""
    register_tables(wiring, TABLE)


PAGE = Page(
    key="kontrollen",
    path="/kontrollen",
    title=N_("Inspections"),
    permission="plan:read",
    icon="inspection",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=(*FIELDS, *PARAMETERS),
    navigation_order=30,
)
