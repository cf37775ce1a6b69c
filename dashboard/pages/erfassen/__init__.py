"""The page on which building control creates a hint or an object: place, kind, and a look at what is there already."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.erfassen import callbacks, layout

PAGE = Page(
    key="erfassen",
    path="/erfassen",
    title=N_("Record"),
    permission="property:write",
    icon="plus",
    in_navigation=True,
    layout=layout.layout,
    register=callbacks.register,
    # What was entered must not vanish because somebody looks at another date.
    rerender_on=(),
    navigation_order=25,
    navigation_roles=("staff",),
)
