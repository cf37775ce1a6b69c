"""The page on which two records of one object become one, or one record of two objects becomes two."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.zusammenfuehren import callbacks, layout

PAGE = Page(
    key="zusammenfuehren",
    path="/zusammenfuehren/<id>",
    title=N_("Merge or divide"),
    permission="property:write",
    icon="link",
    in_navigation=False,
    layout=layout.layout,
    register=callbacks.register,
    rerender_on=("suche", "mit", "weiter", "teilen"),
    navigation_roles=("staff",),
)
