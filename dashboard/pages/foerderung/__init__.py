"""Funding: what was granted, called, paid and spent, what is at risk, and the data for the proof of use."""

from dashboard import form
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.foerderung import ids, proof
from dashboard.pages.foerderung.forms import FORMS
from dashboard.pages.foerderung.layout import layout
from dashboard.pages.foerderung.tables import GRANTS
from dashboard.tables import register as register_tables
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The forms, the table and the workbook; everything else is built with the page."""
    form.register(wiring, *FORMS)
    register_tables(wiring, GRANTS)
    proof.register(wiring)


PAGE = Page(
    key="foerderung",
    path=ids.PATH,
    title=N_("Funding"),
    permission="funding:read",
    icon="euro",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=("as_of", "area", *ids.PARAMETERS),
    navigation_order=38,
    navigation_roles=("staff", "manager"),
)
