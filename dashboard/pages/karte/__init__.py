"""The map: areas and properties, filters, and the table that says the same."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.karte.callbacks import register
from dashboard.pages.karte.layout import layout

PAGE = Page(
    key="karte",
    path="/karte",
    title=N_("Map"),
    permission="property:read",
    icon="map",
    in_navigation=True,
    layout=layout,
    register=register,
    # The map follows the as-of date by itself; building it anew would lose where it stands.
    rerender_on=(),
    fills_screen=True,
    navigation_order=20,
)
