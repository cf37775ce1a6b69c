"""The view of results: what inspections found and how often nobody got in, each over the number of inspections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, empty_state, panel, plain_table, table_twin
from dashboard.formatting import format_date, format_number
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.kontrollen import ids, result_figures
from dashboard.pages.kontrollen.drawing import Head, Rows
from dashboard.pages.kontrollen.parts import Shown, answer, caption, explained, notes, silent
from geodata.access import Asker
from geodata.course.result_reads import ResultPoint, read_results
from geodata.figure import Period


@dataclass(frozen=True)
class Drawn:
    """One chart: its id, title, traces, layout, and the table that says the same."""

    id: str
    title: str
    traces: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any]
    head: Head
    rows: Rows


def view(shown: Shown) -> tuple[Part, list[Part]]:
    """The answer and the parts of this view."""
    on_top: Part = (_("Results"), lambda asker: found_in(asker, shown))
    parts: list[Part] = [(_("Results over time"), lambda asker: over_time(asker, shown))]
    return on_top, parts


def found_in(asker: Asker, shown: Shown) -> Component:
    """How many inspections found nothing and how many were in vain, or that there was none."""
    period = shown.question.period
    now, before = _total(asker, shown, period), _total(asker, shown, period.before)
    if now is None or not now.inspections:
        return panel(_("Results"), _none(shown, before))
    return answer(result_figures.answer_words(now, before))


def _none(shown: Shown, before: ResultPoint | None) -> Component:
    period = shown.question.period
    earlier = before.inspections if before else 0
    text = _(
        "From %(first)s to %(last)s nothing was inspected that fits the filter; in the period of the same length "
        "before that there were %(count)s inspections. Choose a longer period or reset a part of the filter.",
        first=format_date(period.first_on),
        last=format_date(period.last_on),
        count=format_number(earlier),
    )
    return empty_state(_("No inspection in the period"), text, level=3)


def _total(asker: Asker, shown: Shown, period: Period) -> ResultPoint | None:
    return result_figures.total(_points(asker, shown, period))


def _points(asker: Asker, shown: Shown, period: Period) -> tuple[ResultPoint, ...]:
    step = result_figures.step_of(period)
    return read_results(asker, shown.question.chosen, first_on=period.first_on, last_on=period.last_on, step=step)


def over_time(asker: Asker, shown: Shown) -> Component:
    """All panels of the view from one read; nothing where there was no inspection."""
    period = shown.question.period
    points = _points(asker, shown, period)
    now = result_figures.total(points)
    if now is None or not now.inspections:
        return silent()
    step = result_figures.step_of(period)
    return html.Div(
        [
            _results(shown, points, step),
            _defects(shown, points, step, _total(asker, shown, period.before)),
            html.Div([_failed(shown, points, step), _rounds(shown, points, step)], className="kontrollen-pair"),
        ],
        className="kontrollen-stack",
    )


def _results(shown: Shown, points: Sequence[ResultPoint], step: result_figures.Step) -> Component:
    drawn = Drawn(
        ids.RESULTS,
        _("Results of inspections"),
        result_figures.result_traces(points, step),
        result_figures.result_layout(points),
        result_figures.result_head(),
        result_figures.result_rows(points, step),
    )
    return panel(drawn.title, _chart(drawn, explained(shown, "inspections_done", "without_finding")))


def _defects(
    shown: Shown, points: Sequence[ResultPoint], step: result_figures.Step, before: ResultPoint | None
) -> Component:
    drawn = Drawn(
        ids.DEFECTS,
        _("Defects per inspection"),
        result_figures.defect_traces(points, step),
        result_figures.over_bars_layout(points, {"tickformat": ",.1f"}),
        result_figures.defect_head(),
        result_figures.defect_rows(points, step),
    )
    now = result_figures.total(points)
    kinds = result_figures.kind_rows(now, before) if now else []
    title = _("Kinds of defect: at how many inspections")
    by_kind = [caption(title), plain_table(result_figures.kind_head(), kinds, title)] if kinds else []
    words = _("One inspection can have several defects; each kind counts once for each inspection.")
    said = notes([result_figures.clean_words(now) if now else "", words])
    return panel(drawn.title, [*_chart(drawn, explained(shown, "defects_per_inspection")), *by_kind, *said])


def _failed(shown: Shown, points: Sequence[ResultPoint], step: result_figures.Step) -> Component:
    drawn = Drawn(
        ids.FAILED,
        _("Without sufficient access"),
        result_figures.failed_traces(points, step),
        result_figures.over_bars_layout(points, {"range": [0, 104], "ticksuffix": "\u00a0%", "nticks": 3}),
        result_figures.failed_head(),
        result_figures.failed_rows(points, step),
    )
    return panel(drawn.title, _chart(drawn, explained(shown, "failed_access")))


def _rounds(shown: Shown, points: Sequence[ResultPoint], step: result_figures.Step) -> Component:
    drawn = Drawn(
        ids.ROUNDS,
        _("Rounds and inspections"),
        result_figures.round_traces(points, step),
        result_figures.over_bars_layout(points, result_figures.round_axis(points)),
        result_figures.round_head(),
        result_figures.round_rows(points, step),
    )
    return panel(drawn.title, _chart(drawn, explained(shown, "rounds_held", "inspections_done")))


def _chart(drawn: Drawn, definitions: Component) -> list[Component]:
    return [
        chart(drawn.id, drawn.traces, drawn.layout, label=drawn.title, height_px=result_figures.CHART_HEIGHT_PX),
        definitions,
        table_twin(drawn.head, drawn.rows, drawn.title),
    ]
