"""Proceedings: their deadlines, all of them, the cooperative path, cuts of supply, and each with its steps."""

from dashboard import form
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.verfahren import calendar
from dashboard.pages.verfahren.forms import FORMS
from dashboard.pages.verfahren.layout import layout
from dashboard.pages.verfahren.question import PARAMETERS
from dashboard.pages.verfahren.tables import CUT_TABLE, DEADLINE_TABLE, LIST
from dashboard.tables import register as register_tables
from dashboard.wiring import Wiring
from geodata.filters import FIELDS


def register(wiring: Wiring) -> None:
    """The forms, the files and the calendar; everything else is built with the page."""
    form.register(wiring, *FORMS)
    register_tables(wiring, LIST, DEADLINE_TABLE, CUT_TABLE)
    calendar.register(wiring)


PAGE = Page(
    key="verfahren",
    path="/verfahren/<key>",
    title=N_("Proceedings"),
    permission="proceeding:read",
    icon="scales",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=(*FIELDS, *PARAMETERS),
    segment_is_optional=True,
    navigation_order=35,
    navigation_roles=("staff", "manager"),
)
