"""Balance of dwellings and whereabouts: closed houses, dwellings lost and won, replacement housing, the survey."""

from dashboard import form
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.wohnraum import ids, pool_forms
from dashboard.pages.wohnraum.forms import FORMS
from dashboard.pages.wohnraum.layout import FILTERS, layout
from dashboard.pages.wohnraum.tables import TABLES
from dashboard.tables import register as register_tables
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The forms and the files; everything else is built with the page."""
    form.register(wiring, *FORMS, *pool_forms.FORMS)
    register_tables(wiring, *TABLES)


PAGE = Page(
    key="wohnraum",
    path="/wohnraum",
    title=N_("Balance of dwellings and whereabouts"),
    permission="housing:read",
    icon="key",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=("as_of", *FILTERS, *ids.PARAMETERS),
    navigation_roles=("staff", "manager"),
    navigation_order=39,
)
