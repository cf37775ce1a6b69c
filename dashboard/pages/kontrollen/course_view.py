"""The view of the course: better or worse than before, month by month, by type and area, and day by day."""

from datetime import date, timedelta
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, panel, plain_table, table_twin
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.kontrollen import calendar_figures, course_figures, ids
from dashboard.pages.kontrollen.interval_figures import overlap_words
from dashboard.pages.kontrollen.parts import (
    Shown,
    answer,
    caption,
    explained,
    kind_links,
    no_areas,
    notes,
    nothing,
    silent,
)
from geodata.access import Asker
from geodata.calendar import months_later
from geodata.course.calendar_reads import read_calendar
from geodata.course.reads import Course, read_compared_by_area, read_course_of
from geodata.figure import Period

_MEASURES: Final[tuple[course_figures.Measure, ...]] = ("on_time", "adherence")
_MONTHS_AHEAD: Final = 12


class _Once:
    """The course of the view, read by the first part that shows some of it: each read counts all days anew."""

    def __init__(self, shown: Shown) -> None:
        self._question = shown.question
        self._found: Course | None = None

    def read(self, asker: Asker) -> Course:
        if self._found is None:
            self._found = read_course_of(asker, self._question.chosen, self._question.period, None)
        return self._found


def view(shown: Shown) -> tuple[Part, list[Part]]:
    """The answer and the parts of this view."""
    once = _Once(shown)
    on_top: Part = (_("Better or worse"), lambda asker: compared(once.read(asker), shown))
    parts: list[Part] = [
        (_("Month by month"), lambda asker: course(once.read(asker), shown)),
        (_("By kind of control"), lambda asker: by_type(once.read(asker), shown)),
        (_("By area"), lambda asker: by_area(asker, shown)),
        (_("Day by day"), lambda asker: calendar(asker, shown)),
    ]
    return on_top, parts


def compared(found: Course, shown: Shown) -> Component:
    """Better or worse than before, in a sentence, or why nothing can be said."""
    question = shown.question
    if not course_figures.is_told(found.compared):
        return panel(_("Better or worse"), nothing(question.chosen))
    return answer(course_figures.answer_words(found.compared, is_one_year=question.is_one_year))


def course(found: Course, shown: Shown) -> Component:
    """Both shares over the months of the period and of the one before it."""
    now, before = found.now, found.before
    if not any(point.adherence.monitored_days for point in (*now, *before)):
        return silent()
    titles = {"on_time": _("On time at the end of the month"), "adherence": _("Days kept on time, by month")}
    keys = {"on_time": "controls_on_time", "adherence": "adherence"}
    names = {"on_time": ids.ON_TIME, "adherence": ids.ADHERENCE}
    drawn = [
        html.Div(
            [
                caption(titles[measure]),
                chart(
                    names[measure],
                    course_figures.course_traces(now, before, measure),
                    course_figures.course_layout(),
                    label=titles[measure],
                    height_px=course_figures.CHART_HEIGHT_PX,
                ),
                explained(shown, keys[measure]),
            ]
        )
        for measure in _MEASURES
    ]
    title = _("Month by month")
    rows = course_figures.course_rows([*before, *now])
    words = _("Each day is measured by the rules that were in force on it.")
    return panel(
        title,
        [
            html.Div(drawn, className="kontrollen-pair"),
            table_twin(course_figures.course_head(), rows, title),
            *notes([words]),
        ],
    )


def by_type(found: Course, shown: Shown) -> Component:
    """Each type of control against the period before."""
    title = _("By kind of control")
    if not found.by_type:
        return silent()
    head = course_figures.compared_head(_("Kind of control"))
    table = plain_table(head, course_figures.type_rows(found.by_type), title)
    return panel(title, [table, *notes([period_words(shown.question.period)])])


def by_area(asker: Asker, shown: Shown) -> Component:
    """Each area of one kind against the period before, by name."""
    question, title, kind = shown.question, _("By area"), shown.kind
    if kind is None:
        return no_areas(title)
    found = read_compared_by_area(asker, question.chosen, question.period, None, kind)
    rows = course_figures.area_rows(found)
    if not rows:
        return silent()
    table = plain_table(course_figures.compared_head(code_label("area_kind", kind)), rows, title)
    words = notes([period_words(question.period), overlap_words(), course_figures.quiet_areas(found)])
    return panel(title, [kind_links(shown, kind), table, *words])


def period_words(period: Period) -> str:
    """Which days the two columns of a comparison stand for."""
    return _(
        "On time: state of %(last)s; before: of %(before)s. Days kept on time: %(first)s to %(last)s; before: the "
        "period of the same length before that.",
        first=format_date(period.first_on),
        last=format_date(period.last_on),
        before=format_date(period.before.last_on),
    )


def calendar(asker: Asker, shown: Shown) -> Component:
    """What was done in the last twelve months at most, and what falls due in the next twelve, by day."""
    period, chosen = shown.question.period, shown.question.chosen
    first_on, until = max(period.first_on, Period.year_until(period.last_on).first_on), _ahead(period.last_on)
    days = read_calendar(asker, chosen, first_on=first_on, last_on=until)
    done = calendar_figures.calendar_of(days, first_on, period.last_on, is_done=True)
    due = calendar_figures.calendar_of(days, period.last_on, until, is_done=False)
    if not done.total and not due.total:
        return silent()
    title = _("Day by day")
    parts = [
        *_calendar_of(ids.CALENDAR_DONE, done, "$accent", _("inspections carried out")),
        *_calendar_of(ids.CALENDAR_DUE, due, "$warn", _("inspections falling due")),
    ]
    words = _("The stronger the colour, the more on that day. What is overdue already has no day ahead of it.")
    return panel(title, [*parts, *notes([words])])


def _ahead(as_of: date) -> date:
    return months_later(as_of, _MONTHS_AHEAD) - timedelta(days=1)


def _calendar_of(name: str, found: calendar_figures.Calendar, colour: str, words: str) -> list[Component]:
    said = calendar_figures.calendar_words(found, words[:1].upper() + words[1:])
    drawn = chart(
        name,
        calendar_figures.calendar_traces(found, colour, words),
        calendar_figures.calendar_layout(found),
        label=said,
        height_px=calendar_figures.HEIGHT_PX,
    )
    scrolled = html.Div(
        html.Div(drawn, className="kontrollen-calendar"),
        className="kontrollen-scroll",
        tabIndex="0",
        role="region",
        **{"aria-label": _("Calendar: %(what)s", what=words)},
    )
    months = table_twin(calendar_figures.month_head(), calendar_figures.month_rows(found), said)
    return [caption(said), scrolled, months]
