"""The administration's page: who may sign in as what, and what each role may."""

from dashboard.form import register as register_forms
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.verwaltung import actions, layout
from dashboard.pages.verwaltung.forms import CHANGE, CREATE
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Register the forms and the buttons; the page itself is built from the link."""
    register_forms(wiring, CREATE, CHANGE)
    actions.register(wiring)


PAGE = Page(
    key="verwaltung",
    path="/verwaltung",
    title=N_("Administration"),
    permission="account:read",
    icon="person",
    in_navigation=True,
    layout=layout.build,
    register=register,
    rerender_on=("account", "done", "refused"),
    navigation_order=80,
    navigation_roles=("admin",),
)
