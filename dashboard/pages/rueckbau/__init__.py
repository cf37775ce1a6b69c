"""The page of demolitions: how many are down, where each project stands, what slips and what is held up."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.rueckbau import layout, tables

PAGE = Page(
    key="rueckbau",
    path="/rueckbau",
    title=N_("Demolitions"),
    permission="demolition:read",
    icon="demolition",
    in_navigation=True,
    layout=layout.layout,
    register=tables.register,
    rerender_on=("as_of", "area", "text", "stage", "programme", "status", "kind", "project", "property"),
    navigation_order=36,
    navigation_roles=("staff", "manager"),
)
