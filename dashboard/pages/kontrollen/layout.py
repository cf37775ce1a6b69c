"""The page: filter, views, the answer to the view's question, the tiles that all views share, the parts of the view."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import filter_bar, icon, link_button, notice, page_header
from dashboard.formatting import format_date
from dashboard.i18n import gettext as _
from dashboard.in_time import Part, in_time
from dashboard.page import PageContext
from dashboard.pages.kontrollen import course_view, due_view, interval_view, result_view
from dashboard.pages.kontrollen.links import map_address, period_links, rules_link, same_page, view_links
from dashboard.pages.kontrollen.parts import Shown, View
from dashboard.pages.kontrollen.question import COURSE, DUE, INTERVALS, RESULTS, Question, asked_for
from dashboard.pages.kontrollen.tiles import due_tiles, visit_tiles
from geodata.areas import Area, read_areas
from geodata.errors import InvalidFilter

FILTERS: Final = ("area", "control", "due", "colour", "use", "inhabited", "text", "from")
# See `question.asked_for`: only the list can be narrowed to what is due.
FILTERS_OF_COURSES: Final = tuple(part for part in FILTERS if part != "due")
VIEWS: Final[Mapping[str, View]] = {
    DUE: due_view.view,
    COURSE: course_view.view,
    INTERVALS: interval_view.view,
    RESULTS: result_view.view,
}


def layout(context: PageContext) -> Component:
    """The page for the filter and the view of the link; of the views only the chosen one is read."""
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    try:
        question = Question.from_query(context.query, context.as_of)
    except InvalidFilter as refused:
        words = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        refused_parts = [filter_bar(context, FILTERS, areas), notice(words, kind="bad")]
        return html.Div([_head(context, areas), *refused_parts], className="page kontrollen")
    context = replace(context, query=asked_for(question.view, context.query))
    on_top, below = VIEWS[question.view](Shown(context, question, areas))
    choices = html.Div([view_links(context, question), period_links(context, question)], className="kontrollen-choices")
    parts = [
        choices,
        *in_time(context.deps, [on_top]),
        *_narrowed(context, question),
        _tiles(context, question),
        *in_time(context.deps, below),
    ]
    filters = FILTERS if question.view == DUE else FILTERS_OF_COURSES
    bar = filter_bar(context, filters, areas, extra_words=period_words(context, question))
    return html.Div([_head(context, areas), bar, *parts], className="page kontrollen")


def period_words(context: PageContext, question: Question) -> list[str]:
    """The begin of the period among the words of the filter, where the link names one."""
    if not context.query.get("from"):
        return []
    return [_("Period from %(day)s", day=format_date(question.period.first_on))]


def _narrowed(context: PageContext, question: Question) -> list[Component]:
    """That the numbers below count only a part, where a share of all would be read into them."""
    if question.chosen.due is None:
        return []
    words = {
        "overdue": _("The numbers below count only what is overdue."),
        "soon": _("The numbers below count only what is overdue or falls due in 30 days."),
    }
    whole = html.A(_("Count all inspections"), href=same_page(context, due=None), className="qm-link")
    return [html.P([icon("info"), words[question.chosen.due], " ", whole], className="kontrollen-narrowed")]


def _tiles(context: PageContext, question: Question) -> Component:
    # The visits of a period are counted one by one: in a very large city that may fail, and the rest still stands.
    due: list[Part] = [(_("State of the controls"), lambda asker: due_tiles(asker, question))]
    done: list[Part] = [(_("In the period"), lambda asker: visit_tiles(asker, question))]
    return html.Div([*in_time(context.deps, due), *in_time(context.deps, done)], className="kontrollen-tiles")


def _head(context: PageContext, areas: Sequence[Area]) -> Component:
    lead = _("What is due and overdue by the rules in force, what was done, and how far apart inspections really are.")
    names = ", ".join(sorted(area.name for area in areas if area.id in context.scope.area_ids))
    own = _("Your areas: %(areas)s. All numbers count only these.", areas=names) if names else ""
    actions = [rules_link(context), link_button(_("Show on the map"), map_address(context), symbol="map")]
    return page_header(_("Inspections"), lead=f"{lead} {own}".strip(), actions=actions)
