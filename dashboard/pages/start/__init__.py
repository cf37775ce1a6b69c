"""The start page leads each role to what it came for."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.start import layout

PAGE = Page(
    key="start",
    path="/",
    title=N_("Start page"),
    permission="account:self",
    icon="house",
    in_navigation=False,
    layout=layout.build,
    register=layout.register,
    rerender_on=(),
    navigation_order=0,
)
