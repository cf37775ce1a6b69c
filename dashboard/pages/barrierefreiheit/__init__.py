"""The accessibility statement with a way to report barriers."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.barrierefreiheit import layout

PAGE = Page(
    key="barrierefreiheit",
    path="/barrierefreiheit",
    title=N_("Accessibility"),
    permission="account:self",
    icon="access",
    in_navigation=False,
    layout=layout.build,
    register=layout.register,
    rerender_on=(),
    navigation_order=90,
)
