"""The start page of building control: what there is to do today, each list with the way to all of it."""

from dashboard.components.watch_list import register_watch_list
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.heute import layout
from dashboard.wiring import Wiring
from geodata.filters import FIELDS


def register(wiring: Wiring) -> None:
    """The page is built from the link; only the watchlist takes forms."""
    register_watch_list(wiring)


PAGE = Page(
    key="heute",
    path="/heute",
    title=N_("Today"),
    # The lists name the next step of a case, which is free text for case workers.
    permission="property:read_text",
    icon="today",
    in_navigation=True,
    layout=layout.layout,
    register=register,
    rerender_on=FIELDS,
    navigation_order=5,
    navigation_roles=("staff",),
)
