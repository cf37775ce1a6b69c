"""The start page of managers: the figures of each area assigned, what changed in it and what is due next."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.quartier import layout
from dashboard.wiring import Wiring
from geodata.filters import FIELDS


def register(wiring: Wiring) -> None:
    """The page needs no callbacks: it is built from the link."""


PAGE = Page(
    key="quartier",
    path="/quartier",
    title=N_("My quarter"),
    permission="property:read",
    icon="quarter",
    in_navigation=True,
    layout=layout.layout,
    register=register,
    rerender_on=(*FIELDS, layout.SINCE),
    navigation_order=5,
    navigation_roles=("manager", "external_manager"),
)
