"""Planning rounds: proposed objects in a good order, plans that are kept, and what came of them."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.planer import callbacks, layout
from dashboard.pages.planer.question import PARAMETERS

PAGE = Page(
    key="planer",
    path="/planer/<number>",
    title=N_("Round planner"),
    permission="round:write",
    icon="calendar",
    in_navigation=True,
    layout=layout.layout,
    register=callbacks.register,
    rerender_on=PARAMETERS,
    segment_is_optional=True,
    navigation_order=31,
    navigation_roles=("staff",),
)
