"""What the views of the page share: what they are built from, the answer on top, the link to the calendar file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.page import PageContext
from dashboard.pages.verfahren.question import Question, kept
from dashboard.routes import href
from geodata.areas import Area

CALENDAR: str = "/verfahren-fristen.ics"


@dataclass(frozen=True)
class Shown:
    """What a view is built from; `areas` are those of the as-of date that the reader may choose."""

    context: PageContext
    question: Question
    areas: Sequence[Area]


# One view: its title, and how the answer on top and what stands below it are built from one read.
View = Callable[[Shown], Part]


def answer(lines: Sequence[str]) -> Component:
    """The answer to the question of the view: its first line is the one to remember."""
    first, *rest = lines
    words = [html.P(first, className="verfahren-answer-first"), *(html.P(line) for line in rest)]
    return html.Section(words, className="verfahren-answer", **{"aria-label": _("At a glance")})


def stacked(on_top: Component, below: Component) -> Component:
    """The answer with what it is the answer to."""
    return html.Div([on_top, below], className="verfahren-stack")


def silent() -> Component:
    """A part with nothing to say, because the view says already why."""
    return html.Div(hidden=True)


def calendar_link(shown: Shown) -> Component | None:
    """The open deadlines of the filter as a calendar file; None for whoever may not take files away."""
    if not shown.context.scope.allows("export:create"):
        return None
    words = [icon("calendar"), _("Calendar file")]
    title = _("Open deadlines for a calendar program (ICS), without addresses")
    return html.A(words, href=href(CALENDAR, kept(shown.context.query)), title=title, className="button", download=True)
