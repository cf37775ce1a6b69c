"""The administration's page: who may sign in as what, and what each role may."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.verwaltung import layout

PAGE = Page(
    key="verwaltung",
    path="/verwaltung",
    title=N_("Administration"),
    permission="account:read",
    icon="person",
    in_navigation=True,
    layout=layout.build,
    register=layout.register,
    rerender_on=("account",),
    navigation_order=80,
    navigation_roles=("admin",),
)
