"""The page of rules: how often which houses have to be inspected and why, what a change would mean, who is released."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.regeln.callbacks import register
from dashboard.pages.regeln.layout import layout
from dashboard.pages.regeln.wish import OPENING

PAGE = Page(
    key="regeln",
    path="/regeln",
    title=N_("Interval rules"),
    permission="plan:read",
    icon="clock",
    in_navigation=True,
    layout=layout,
    register=register,
    # A preview stands in the link with all its values.
    rerender_on=("as_of", "area", *OPENING),
    navigation_order=32,
    navigation_roles=("staff", "manager"),
)
