"""The page of deliveries: how fresh each source is, what came, what was not taken over, and sending a new file."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.lieferungen import callbacks, layout

PAGE = Page(
    key="lieferungen",
    path="/lieferungen",
    title=N_("Deliveries"),
    permission="delivery:read",
    icon="inbox",
    in_navigation=True,
    layout=layout.layout,
    register=callbacks.register,
    rerender_on=("as_of", "delivery", "upload"),
    navigation_order=40,
)
