"""The page of one property: facts, small map, what happened, when it is due and why, what lies near."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.objekt import actions, callbacks, layout

PAGE = Page(
    key="objekt",
    path="/objekt/<reference>",
    title=N_("Property"),
    permission="property:read",
    icon="house",
    in_navigation=False,
    layout=layout.layout,
    register=callbacks.register,
    rerender_on=("as_of", *actions.OPENING),
)
