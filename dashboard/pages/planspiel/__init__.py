"""The page of scenarios: what another interval or another number of teams would mean, and for whom."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.planspiel.callbacks import register
from dashboard.pages.planspiel.layout import layout
from dashboard.pages.planspiel.question import PARAMETERS

PAGE = Page(
    key="planspiel",
    path="/planspiel",
    title=N_("Scenario"),
    permission="scenario:read",
    icon="target",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=(*PARAMETERS, "area"),
    navigation_roles=("staff",),
    navigation_order=33,
)
