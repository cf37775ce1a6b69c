"""What an office has released: all that politics can see."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.freigaben import layout

PAGE = Page(
    key="freigaben",
    path="/freigaben",
    title=N_("Released state"),
    permission="publication:read",
    icon="release",
    in_navigation=True,
    layout=layout.build,
    register=layout.register,
    navigation_order=80,
    navigation_roles=("politics",),
)
