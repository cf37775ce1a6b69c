"""The start page leads each role to what it came for."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.start import layout

PAGE = Page(
    key="start",
    path="/",
    title=N_("Released state"),
    permission="account:self",
    icon="release",
    in_navigation=False,
    layout=layout.build,
    register=layout.register,
    navigation_order=10,
)
