"""A released state on a projector: slides that show what was released and nothing else."""

from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.praesentation import callbacks, layout

PAGE = Page(
    key="praesentation",
    path="/praesentation/<number>",
    title=N_("Presentation"),
    permission="publication:read",
    icon="presentation",
    in_navigation=False,
    layout=layout.build,
    register=callbacks.register,
    rerender_on=(),
    fills_screen=True,
    segment_is_optional=True,
)
