"""The page on which a round is recorded with its inspections, and the summary of a round."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.runde import callbacks, layout

PAGE = Page(
    key="runde",
    path="/runde/<round>",
    title=N_("Round"),
    permission="round:write",
    icon="inspection",
    in_navigation=False,
    layout=layout.layout,
    register=callbacks.register,
    # What was entered must not vanish because somebody looks at another date.
    rerender_on=(),
    segment_is_optional=True,
    navigation_roles=("staff",),
)
