"""The view of the course as pure functions: the answer in a sentence, lines over time, tables.

Two shares stand side by side. *On time* is a state at a day: n of m pairs that are not overdue at its end. *Days kept
on time* is a share of days: property-days that were not overdue by all monitored property-days. The second cannot be
polished by a spurt before the as-of date.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from dashboard.formatting import format_date, format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.kontrollen.drawing import (
    LEGEND_ABOVE,
    Head,
    Rows,
    change_words,
    part_of,
    share_cell,
    span_name,
)
from geodata.course.adherence import Compared, CoursePoint
from geodata.course.reads import AreaCourse

Measure = Literal["on_time", "adherence"]
CHART_HEIGHT_PX: Final = 260
_TICKS: Final = (0, 25, 50, 75, 100)


def on_time_share(point: CoursePoint) -> float | None:
    """Share of the pairs that were on time at the end of the point's last day."""
    return point.on_time / point.pairs if point.pairs else None


def share_of(point: CoursePoint, measure: Measure) -> float | None:
    """One of the two shares of a point, from 0 to 1."""
    return on_time_share(point) if measure == "on_time" else point.adherence.share


# --- the answer -------------------------------------------------------------------------------------------------------


def answer_words(compared: Compared, *, is_one_year: bool) -> list[str]:
    """Better or worse than before: the state with both n of m, then the share of days; at most two sentences."""
    now, before = compared.now, compared.before
    state = _(
        "On time %(share)s (%(part)s)", share=share_cell(now.on_time, now.pairs), part=part_of(now.on_time, now.pairs)
    )
    if not before.pairs:
        none = _("on %(day)s nothing was monitored yet, so there is nothing to compare with", day=_day(before))
        return [f"{state}; {none}.", *_days_words(compared)]
    then = _("the year before") if is_one_year else _("on %(day)s", day=_day(before))
    earlier = _(
        "%(when)s %(share)s (%(part)s)",
        when=then,
        share=share_cell(before.on_time, before.pairs),
        part=part_of(before.on_time, before.pairs),
    )
    return [f"{state}, {earlier}: {change_words(on_time_share(now), on_time_share(before))}.", *_days_words(compared)]


def _days_words(compared: Compared) -> list[str]:
    now, before = compared.now.adherence.share, compared.before.adherence.share
    if now is None:
        return []
    if before is None:
        return [_("Days kept on time %(share)s.", share=format_percent(now))]
    return [
        _(
            "Days kept on time %(share)s, in the period before %(before)s: %(change)s.",
            share=format_percent(now),
            before=format_percent(before),
            change=change_words(now, before),
        )
    ]


def _day(point: CoursePoint) -> str:
    return format_date(point.last_on)


# --- over time --------------------------------------------------------------------------------------------------------


def course_traces(now: Sequence[CoursePoint], before: Sequence[CoursePoint], measure: Measure) -> list[dict[str, Any]]:
    """The period as a strong line with dots, the one before as a quiet dashed line; both on their own dates."""
    # The quiet line runs up to the first point of the period: a gap would look as if something had happened there.
    quiet = [*before, *now[:1]]
    return [
        {
            **_line(quiet, measure),
            "name": _("period before"),
            "mode": "lines",
            "line": {"color": "$line_strong", "width": 2, "dash": "dot"},
        },
        {
            **_line(now, measure),
            "name": _("period"),
            "mode": "lines+markers+text",
            "text": _last_label(now, measure),
            "textposition": "middle right",
            "cliponaxis": False,
            "line": {"color": "$accent", "width": 2.5},
            "marker": {"symbol": "circle", "size": 7, "color": "$accent"},
        },
    ]


def course_layout() -> dict[str, Any]:
    """From 0 to 100 %, dates along the bottom."""
    return {
        "showlegend": True,
        "legend": dict(LEGEND_ABOVE),
        # The last point says its number to its right.
        "margin": {"l": 8, "r": 48, "t": 32, "b": 8},
        "xaxis": {"type": "date", "showgrid": False, "tickformat": "%b %Y", "nticks": 5, "ticks": "outside"},
        "yaxis": {
            "range": [0, 104],
            "tickvals": list(_TICKS),
            "ticktext": [format_percent(tick / 100) for tick in _TICKS],
        },
    }


def course_head() -> Head:
    """Heads of the table under the charts."""
    return (_("Days"), _("On time at the end"), _("Share"), _("Days kept on time"))


def course_rows(points: Sequence[CoursePoint]) -> Rows:
    """One row a month, the latest first; what had no pair yet is left out."""
    return [
        [
            span_name(point.first_on, point.last_on),
            part_of(point.on_time, point.pairs),
            share_cell(point.on_time, point.pairs),
            format_percent(point.adherence.share),
        ]
        for point in reversed(points)
        if point.pairs or point.adherence.monitored_days
    ]


def _line(points: Sequence[CoursePoint], measure: Measure) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [point.last_on.isoformat() for point in points],
        "y": [_hundred(share_of(point, measure)) for point in points],
        "customdata": [_hover(point, measure) for point in points],
        "hovertemplate": "%{customdata}<extra></extra>",
        "connectgaps": False,
    }


def _last_label(points: Sequence[CoursePoint], measure: Measure) -> list[str]:
    """The value of the last point is written beside it, the others are read from the axis."""
    shares = [share_of(point, measure) for point in points]
    return [
        format_percent(share) if share is not None and place == len(shares) else ""
        for place, share in enumerate(shares, 1)
    ]


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _hover(point: CoursePoint, measure: Measure) -> str:
    if measure == "on_time":
        share = share_cell(point.on_time, point.pairs)
        return f"{format_date(point.last_on)}: {share} ({part_of(point.on_time, point.pairs)})"
    return f"{span_name(point.first_on, point.last_on)}: {format_percent(point.adherence.share)}"


# --- against the period before ----------------------------------------------------------------------------------------


def compared_head(first: str) -> Head:
    """Heads of a table of what is compared; the first column is named by the caller."""
    return (
        first,
        _("On time"),
        _("Share"),
        _("before that"),
        _("Change since then"),
        _("Days kept on time"),
        _("before that"),
        _("Change since then"),
    )


def compared_row(name: Any, compared: Compared) -> list[Any]:
    """One row: the state, its share then and now, the share of days then and now, each change in words."""
    now, before = compared.now, compared.before
    return [
        name,
        part_of(now.on_time, now.pairs),
        share_cell(now.on_time, now.pairs),
        share_cell(before.on_time, before.pairs),
        change_words(on_time_share(now), on_time_share(before)),
        format_percent(now.adherence.share),
        format_percent(before.adherence.share),
        change_words(now.adherence.share, before.adherence.share),
    ]


def type_rows(found: Sequence[Compared]) -> Rows:
    """One row for each type of control, in the order of the read."""
    return [
        compared_row(code_label("control_type", one.now.control_type or one.before.control_type), one) for one in found
    ]


def area_rows(found: Sequence[AreaCourse]) -> Rows:
    """One row for each area with anything monitored then or now, by name as the read gives them: no ranking."""
    return [compared_row(one.area.name, one.compared) for one in found if is_told(one.compared)]


def is_told(compared: Compared) -> bool:
    """Whether there is anything to say: something was monitored then or now."""
    return bool(compared.now.adherence.monitored_days or compared.before.adherence.monitored_days or compared.now.pairs)


def quiet_areas(found: Sequence[AreaCourse]) -> str:
    """The areas without anything monitored, in one sentence; empty where there is none."""
    names = ", ".join(one.area.name for one in found if not is_told(one.compared))
    return _("Nothing monitored: %(areas)s.", areas=names) if names else ""
