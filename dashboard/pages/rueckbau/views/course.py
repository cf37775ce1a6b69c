"""The view of the course: planned, actual and forecast with its band, month by month, of one measure at a time."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, panel, table_twin
from dashboard.formatting import format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.pages.rueckbau import course_figures, ids, links
from dashboard.pages.rueckbau.forecasts import forecasts_of, history_words, method_words
from dashboard.pages.rueckbau.shown import Shown
from geodata.projects.course import course
from geodata.projects.forecast import stage_durations
from geodata.projects.programmes import LEAST_OWN, cost_ratio


def view(shown: Shown) -> Sequence[Component]:
    """The switch, the answer in a sentence, the picture, its table, the method."""
    measure = course_figures.chosen_measure(shown.query)
    options = [(name, _(title)) for name, title in course_figures.MEASURES.items()]
    switch = links.choice_links(shown.query, ids.MEASURE, options, measure, label=_("What the course is of"))
    title = _("Planned, actual, forecast")
    points = course(shown.projects, stage_durations(shown.known, shown.as_of), shown.as_of, measure=measure)
    if not points:
        text = _("No stage of these projects is planned by date or done, so there is no course yet.")
        return [panel(title, [switch, html.P(text, className="quiet")])]
    lines = course_figures.answer(points, measure, shown.as_of)
    name = _(course_figures.MEASURES[measure])
    drawn = chart(
        ids.COURSE,
        course_figures.traces(points, measure),
        course_figures.layout(points, measure, shown.as_of),
        label=_("%(measure)s: planned, actual and forecast; the table below says the same", measure=name),
        height_px=course_figures.HEIGHT_PX,
    )
    parts: list[Component] = [
        switch,
        *(html.P(line, className="rueckbau-lead-words") for line in lines[:1]),
        *(html.P(line) for line in lines[1:]),
        course_figures.key(),
        drawn,
        table_twin(course_figures.head(), course_figures.rows(points, measure), title),
        *_open_words(shown),
        *_cost_words(shown, measure),
        method_words(shown.known, shown.as_of),
    ]
    return [panel(title, parts)]


def _open_words(shown: Shown) -> list[Component]:
    """How many projects have an open end, and which stages rest on plans alone."""
    ahead = forecasts_of(shown.projects, shown.known, shown.as_of)
    open_ended = sum(one.is_open_ended for one in ahead.values())
    said = history_words(ahead)
    if open_ended:
        text = ngettext(
            "%(count)s project is held up, or a stage of it has lasted longer than every example: it counts from its "
            "earliest day on, so the line is rather too early.",
            "%(count)s projects are held up, or a stage of them has lasted longer than every example: they count from "
            "their earliest day on, so the line is rather too early.",
            open_ended,
            count=format_number(open_ended),
        )
        said.insert(0, html.P(text, className="rueckbau-note"))
    return said


def _cost_words(shown: Shown, measure: str) -> list[Component]:
    if measure != "cost":
        return []
    return [html.P(ratio_words(shown), className="quiet rueckbau-note")]


def ratio_words(shown: Shown) -> str:
    """By which ratio open costs are expected, and on how many stages it rests."""
    known = cost_ratio(shown.projects)
    if known.ratio is None:
        return _(
            "Open stages are expected at their planned cost: fewer than %(count)s completed stages name both costs.",
            count=LEAST_OWN,
        )
    return ngettext(
        "What is done cost %(ratio)s of its plan (%(count)s stage with both costs); open stages are expected so, too.",
        "What is done cost %(ratio)s of its plan (%(count)s stages with both costs); open stages are expected so, too.",
        known.stages,
        ratio=course_figures.percent_text(known.ratio),
        count=format_number(known.stages),
    )
