"""Owners: all properties of one for building control, how many which kind of owner has for everybody else."""

from dashboard import tables
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.eigentum import search
from dashboard.pages.eigentum.layout import PARAMETERS, layout
from dashboard.pages.eigentum.statistics import TABLE
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The search, and the files of the statistics; owners themselves are in no file."""
    search.register(wiring)
    tables.register(wiring, TABLE)


PAGE = Page(
    key="eigentum",
    path="/eigentum",
    title=N_("Ownership of objects"),
    permission="proceeding:read",
    icon="owners",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=("as_of", "area", *PARAMETERS),
    navigation_roles=("staff", "manager"),
    navigation_order=43,
)
