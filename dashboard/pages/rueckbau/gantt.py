"""The plan of demolitions against what really happened, as bars on a time axis. Plain values in, Plotly traces out.

Rules:

- The light, wide bar is the plan; the solid, narrow bar within it is what happened, up to the as-of date while it runs.
- The open, hatched bar is the forecast of the end, as wide as it is uncertain; the upright line in it is its middle.
- What a bar means is written above it, so that nobody needs a legend, a colour or a mouse; the rest stands in the
  table twin. Names may hold any sign, so they are escaped: Plotly reads a little HTML in its labels.
- Rows are drawn from top to bottom in the order given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any, Final, Literal

from dashboard.formatting import format_date
from dashboard.i18n import gettext as _

Mark = Literal["blocked", "down", "ended", "none"]

ROW_PX: Final = 46
AXIS_PX: Final = 64
_DAY_MS: Final = 86_400_000
_PLAN_THICKNESS: Final = 0.36
_ACTUAL_THICKNESS: Final = 0.17
_BAND_THICKNESS: Final = 0.26
# The bars lie in the lower part of their row, the words above them.
_BAR_OFFSET: Final = 0.22
# A bar of one day would vanish on an axis of years.
_SHORTEST_SHARE: Final = 0.004
_MARKS: Final = {
    "blocked": {"symbol": "diamond", "color": "$bad", "size": 13},
    "down": {"symbol": "square", "color": "$text", "size": 11},
    "ended": {"symbol": "x", "color": "$text_quiet", "size": 12},
}


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both included."""

    first_on: date
    last_on: date


@dataclass(frozen=True)
class GanttRow:
    """One row: what it is called, what was planned, what happened (to the as-of date while it runs), what is expected.

    `words` stand behind the name; `is_late` and `mark` decide about their weight and sign. `mark_on` places the sign.
    `band` are the days within which the end is expected, `expected_on` is the middle of them, `expected` says both in
    words; an open-ended forecast has no band, and without one nothing is expected.
    """

    name: str
    planned: Span | None
    actual: Span | None
    words: str
    is_late: bool = False
    mark: Mark = "none"
    mark_on: date | None = None
    band: Span | None = None
    expected_on: date | None = None
    expected: str = ""


def height_px(rows: Sequence[GanttRow]) -> int:
    """The height of the chart: so much for each row, and the axis."""
    return AXIS_PX + ROW_PX * max(len(rows), 1)


def extent(rows: Sequence[GanttRow], as_of: date) -> Span:
    """The days that the axis shows: all of the rows and the as-of date, with some air on both sides."""
    spans = [span for row in rows for span in (row.planned, row.actual, row.band) if span]
    days = [day for span in spans for day in (span.first_on, span.last_on)]
    days += [as_of, *(day for row in rows for day in (row.mark_on, row.expected_on) if day)]
    first, last = min(days), max(days)
    air = timedelta(days=max(20, (last - first).days // 40))
    return Span(first - air, last + air)


def traces(rows: Sequence[GanttRow], as_of: date) -> list[dict[str, Any]]:
    """Plan, forecast, what happened, signs and the middle of the forecast; always five traces in this order."""
    shown = extent(rows, as_of)
    shortest_days = max(1.0, (shown.last_on - shown.first_on).days * _SHORTEST_SHARE)
    plan = _bars([row.planned for row in rows], shortest_days, _PLAN_THICKNESS, _("Plan"))
    plan["marker"] = {"color": "$line", "line": {"color": "$line_strong", "width": 1}}
    actual = _bars([row.actual for row in rows], shortest_days, _ACTUAL_THICKNESS, _("Actual"))
    actual["marker"] = {"color": ["$text_quiet" if row.mark == "ended" else "$accent" for row in rows if row.actual]}
    band = _bars([row.band for row in rows], shortest_days, _BAND_THICKNESS, _("Forecast of the end"))
    pattern = {"shape": "/", "fgcolor": "$accent", "bgcolor": "$surface", "size": 5, "solidity": 0.25}
    band["marker"] = {"pattern": pattern, "line": {"color": "$accent", "width": 1}}
    return [plan, band, actual, _signs(rows), _middles(rows)]


def layout(rows: Sequence[GanttRow], as_of: date) -> dict[str, Any]:
    """Axes, the as-of line and the words above the bars."""
    shown = extent(rows, as_of)
    time = {
        "type": "date",
        "range": [shown.first_on.isoformat(), shown.last_on.isoformat()],
        "fixedrange": True,
        "showgrid": True,
        "zeroline": False,
        "nticks": 9,
        "tickangle": 0,
    }
    return {
        "barmode": "overlay",
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 34, "b": 30},
        "xaxis": {**time, "side": "bottom"},
        # Rows are counted downwards, and half a row is left above the first for its words.
        "yaxis": {"range": [len(rows) - 0.5, -0.5], "visible": False, "fixedrange": True},
        "shapes": [*_stripes(rows), _as_of_line(as_of)],
        "annotations": [*_names(rows), _as_of_words(as_of, shown)],
        "hoverlabel": {"align": "left"},
    }


def _bars(spans: Sequence[Span | None], shortest_days: float, thickness: float, title: str) -> dict[str, Any]:
    drawn = [(index, span) for index, span in enumerate(spans) if span]
    return {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "y": [index + _BAR_OFFSET for index, _span in drawn],
        "base": [span.first_on.isoformat() for _index, span in drawn],
        "x": [_DAY_MS * max(shortest_days, (span.last_on - span.first_on).days + 1) for _index, span in drawn],
        "width": thickness,
        "customdata": [f"{title}: {_days(span)}" for _index, span in drawn],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _signs(rows: Sequence[GanttRow]) -> dict[str, Any]:
    marked = [(index, row) for index, row in enumerate(rows) if row.mark != "none" and row.mark_on]
    looks = [_MARKS[row.mark] for _index, row in marked]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("Signs"),
        "x": [row.mark_on.isoformat() for _index, row in marked if row.mark_on],
        "y": [index + _BAR_OFFSET for index, _row in marked],
        "marker": {
            "symbol": [look["symbol"] for look in looks],
            "color": [look["color"] for look in looks],
            "size": [look["size"] for look in looks],
            "line": {"color": "$surface", "width": 1.5},
        },
        "customdata": [escape(row.words) for _index, row in marked],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _middles(rows: Sequence[GanttRow]) -> dict[str, Any]:
    expected = [(index, row, row.expected_on) for index, row in enumerate(rows) if row.expected_on]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("Forecast of the end"),
        "x": [day.isoformat() for _index, _row, day in expected],
        "y": [index + _BAR_OFFSET for index, _row, _day in expected],
        # An open-ended forecast points to the right: later is possible, earlier is not.
        "marker": {
            "symbol": ["line-ns" if row.band else "triangle-right" for _index, row, _day in expected],
            "size": [15 if row.band else 11 for _index, row, _day in expected],
            "color": "$text",
            "line": {"color": "$text", "width": 3},
        },
        "customdata": [f"{_('Forecast of the end')}: {row.expected}" for _index, row, _day in expected],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _names(rows: Sequence[GanttRow]) -> list[dict[str, Any]]:
    return [
        {
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": index - 0.26,
            "yref": "y",
            "yanchor": "middle",
            "showarrow": False,
            "align": "left",
            "text": _label(row),
            "bgcolor": "$surface",
            "borderpad": 1,
        }
        for index, row in enumerate(rows)
    ]


def _label(row: GanttRow) -> str:
    words = escape(row.words, quote=False)
    sign = "◆ " if row.mark == "blocked" else ""
    return f"<b>{escape(row.name, quote=False)}</b>  {sign}{f'<b>{words}</b>' if row.is_late else words}"


def _stripes(rows: Sequence[GanttRow]) -> list[dict[str, Any]]:
    """A fine line between two rows: the eye finds which words belong to which bar."""
    line = {"color": "$line", "width": 1}
    ends = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    return [{**ends, "yref": "y", "y0": i - 0.5, "y1": i - 0.5, "line": line} for i in range(1, len(rows))]


def _as_of_line(as_of: date) -> dict[str, Any]:
    day = as_of.isoformat()
    line = {"color": "$text", "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "line": line, "layer": "above"}


def _as_of_words(as_of: date, shown: Span) -> dict[str, Any]:
    # Near an edge the words lean inwards, or they would be cut off.
    share = (as_of - shown.first_on) / (shown.last_on - shown.first_on)
    anchor = "right" if share > 0.85 else "left" if share < 0.15 else "center"
    return {
        "x": as_of.isoformat(), "xref": "x", "xanchor": anchor, "y": 1, "yref": "paper", "yanchor": "bottom",
        "yshift": 4, "showarrow": False, "text": _("State of %(day)s", day=format_date(as_of)),
        "font": {"color": "$text_quiet"},
    }  # fmt: skip


def _days(span: Span) -> str:
    return _("%(first)s to %(last)s", first=format_date(span.first_on), last=format_date(span.last_on))
