"""What an office has released: all that politics can see; building control releases it here."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.freigaben import callbacks, layout

PAGE = Page(
    key="freigaben",
    path="/freigaben",
    title=N_("Released state"),
    permission="publication:read",
    icon="release",
    in_navigation=True,
    layout=layout.build,
    register=callbacks.register,
    rerender_on=("release", "step", "date", "audience", "title", "resolutions", "scenario"),
    navigation_order=80,
)
