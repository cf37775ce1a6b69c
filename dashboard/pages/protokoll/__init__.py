"""The log: who did what and when, for the administration of the city; see geodata/audit/__init__.py."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.protokoll import callbacks, layout
from geodata.audit.reads import FIELDS

PAGE = Page(
    key="protokoll",
    path="/protokoll",
    title=N_("Log"),
    permission="audit:read",
    icon="clock",
    in_navigation=True,
    layout=layout.build,
    register=callbacks.register,
    rerender_on=FIELDS,
    navigation_order=90,
    navigation_roles=("admin",),
)
