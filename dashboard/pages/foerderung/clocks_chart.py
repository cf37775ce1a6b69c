"""The clocks of one grant, drawn: one line for each day that matters, from the notice on, with the date of the page."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dash.development.base_component import Component

from dashboard.components import chart, plain_table
from dashboard.formatting import format_date, format_money
from dashboard.i18n import gettext as _
from dashboard.pages.foerderung import ids, words
from geodata.funding.flow import Clock
from geodata.funding.grants import Grant

_ROW_PX, _AROUND_PX = 46, 64
_EDGE_SHARE = 0.15
# Of a shorter span several ticks would carry the same year.
_YEARS_ONLY = timedelta(days=4 * 366)


def clocks_drawn(grant: Grant, clocks: Sequence[Clock]) -> list[Component]:
    """The picture and its table; what is done or concerns nothing any more is drawn thin."""
    rows = [(one, *_span(grant, one)) for one in clocks]
    label = _("Days that matter of this grant")
    drawn = chart(
        ids.CLOCKS, _traces(rows), _layout(rows, grant.as_of), label=label,
        height_px=_AROUND_PX + _ROW_PX * len(rows),
    )  # fmt: skip
    return [drawn, _table(rows, label)]


def _span(grant: Grant, one: Clock) -> tuple[str, date]:
    """Name of the line and the day on which it begins: the notice, or the payment that it is about."""
    name = words.clock_words(one)
    use = next((use for use in grant.uses if use.key == one.call_key), None)
    if use is not None:
        return f"{name} ({format_date(use.paid_on)})", use.paid_on
    return name, grant.granted_on or one.on


def _traces(rows: Sequence[tuple[Clock, str, date]]) -> list[dict[str, Any]]:
    return [_line(*row) for row in rows]


def _line(one: Clock, name: str, since_on: date) -> dict[str, Any]:
    is_late = one.is_open and (one.days_left < 0 or one.since_on is not None)
    colour = "$bad" if is_late else "$accent" if one.is_open else "$line_strong"
    said = f"{name}: {format_date(one.on)} ({words.days_words(one.days_left)})"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [since_on.isoformat(), one.on.isoformat()],
        "y": [name, name],
        "line": {"color": colour, "width": 5 if one.is_open else 2},
        "marker": {
            "size": [1, 12],
            "opacity": 1,
            "symbol": ["circle", "triangle-up" if is_late else "diamond"],
            "color": colour,
            "line": {"width": 0},
        },
        "text": [said, said],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _layout(rows: Sequence[tuple[Clock, str, date]], as_of: date) -> dict[str, Any]:
    names = [name for _one, name, _since in rows]
    days = [day for one, _name, since in rows for day in (one.on, since)] + [as_of]
    first, last = min(days), max(days)
    now = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": as_of.isoformat(), "x1": as_of.isoformat(),
           "line": {"color": "$text", "width": 1, "dash": "dot"}}  # fmt: skip
    said = {"yref": "paper", "y": 1, "yanchor": "bottom", "x": as_of.isoformat(), "text": format_date(as_of),
            "xanchor": _leaning(as_of, first, last), "showarrow": False, "font": {"size": 12}}  # fmt: skip
    # The names stand over their lines: beside them they would leave a telephone nothing to draw on.
    told = [
        {"xref": "paper", "x": 0, "xanchor": "left", "y": name, "yshift": 13, "text": name, "showarrow": False}
        for name in names
    ]
    axis = {"type": "category", "categoryorder": "array", "categoryarray": names[::-1], "showticklabels": False}
    return {
        "showlegend": False,
        "margin": {"l": 8, "r": 16, "t": 26, "b": 28},
        "yaxis": {**axis, "showgrid": False, "range": [-0.4, len(names) - 0.2]},
        "xaxis": {
            "type": "date",
            "range": [first.isoformat(), last.isoformat()],
            "nticks": 4,
            "tickformat": "%Y" if last - first > _YEARS_ONLY else "%b %Y",
            "tickangle": 0,
        },
        "shapes": [now],
        "annotations": [said, *told],
    }


def _state_words(one: Clock) -> str:
    """Open or done; money that nobody was paid needs no proof, and what nobody called stays so after the proof."""
    if one.is_open:
        return _("open")
    if one.what == "call_window" and one.amount_eur:
        return _("not called any more")
    return _("nothing paid yet") if one.what in ("proof_due", "binding") and not one.amount_eur else _("done")


def _leaning(day: date, first: date, last: date) -> str:
    """Near an edge the words lean inwards, or they would be cut off."""
    share = (day - first).days / max(1, (last - first).days)
    return "left" if share < _EDGE_SHARE else "right" if share > 1 - _EDGE_SHARE else "center"


def _table(rows: Sequence[tuple[Clock, str, date]], caption: str) -> Component:
    head = (_("Day that matters"), _("Since"), _("On"), _("Days"), _("Amount"), _("How it stands"))
    body = [
        [
            name,
            format_date(since_on),
            format_date(one.on),
            words.days_words(one.days_left),
            format_money(one.amount_eur),
            _state_words(one),
        ]
        for one, name, since_on in rows
    ]
    return plain_table(head, body, caption)
