"""What the charts and tables of the page say, as pure functions of the answer: traces, layouts, rows. No request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel.question import Asked
from dashboard.pages.planspiel.words import area_name
from geodata.scenario.answer import Answer

Rows = list[list[str]]
HEIGHT_PX: Final = 260
_MARGIN: Final = {"l": 8, "r": 8, "t": 24, "b": 8}
_PLOT_PX: Final = 190
_LABEL_PX: Final = 17
# Room for the labels at the ends of the lines, as a share of the months.
_LABEL_SHARE: Final = 0.3
# So much before the first day, that its mark and its label do not touch the axis.
_EDGE_SHARE: Final = 0.08


@dataclass(frozen=True)
class Curve:
    """Overdue controls of one part of the city at the as-of date and each month end, without and with the change."""

    title: str
    ends_on: tuple[date, ...]
    pairs: int
    before: tuple[int, ...]
    after: tuple[int, ...]


def curves(asked: Asked, found: Answer) -> tuple[Curve, ...]:
    """Where the wish is and everywhere else, where the tables know both; else the whole city."""
    city = _curve(found, _("Whole city"), None, None)
    wish = asked.wishes[0] if len(asked.wishes) == 1 else None
    shown = {area.id for area in found.baseline.areas} | {None}
    if wish is None or wish.area_id not in shown or wish.control_type not in found.baseline.control_types:
        return (city,)
    where = _("%(area)s: %(type)s", area=area_name(asked, wish.area_id), type=_type(wish.control_type))
    there = _curve(found, where, wish.area_id, wish.control_type)
    if there.pairs == city.pairs:
        return (there,)
    rest = Curve(
        _("All other controls of the city"),
        city.ends_on,
        city.pairs - there.pairs,
        tuple(all_ - part for all_, part in zip(city.before, there.before, strict=True)),
        tuple(all_ - part for all_, part in zip(city.after, there.after, strict=True)),
    )
    return (there, rest)


def _curve(found: Answer, title: str, area_id: int | None, control_type: str | None) -> Curve:
    before, after = found.baseline.of(area_id, control_type), found.changed.of(area_id, control_type)
    return Curve(title, before.ends_on, before.pairs, before.overdue, after.overdue)


def _type(code: str) -> str:
    return code_label("control_type", code)


# --- chart ------------------------------------------------------------------------------------------------------------


def traces(curve: Curve, *, is_changed: bool) -> list[dict[str, Any]]:
    """Without the change dashed and grey, with it solid; today as a dot on both."""
    days = [day.isoformat() for day in curve.ends_on]
    before = {
        "type": "scatter", "mode": "lines", "name": _("without the change"), "x": days, "y": list(curve.before),
        "line": {"color": "$text_quiet", "width": 2, "dash": "dash"}, "hovertemplate": "%{x|%d.%m.%Y}: %{y:,}",
    }  # fmt: skip
    after = {
        "type": "scatter", "mode": "lines", "name": _("with the change"), "x": days, "y": list(curve.after),
        "line": {"color": "$accent", "width": 3}, "hovertemplate": "%{x|%d.%m.%Y}: %{y:,}",
    }  # fmt: skip
    today = {
        "type": "scatter", "mode": "markers", "name": _("today"), "x": days[:1], "y": [curve.before[0]],
        "marker": {"symbol": "circle", "size": 9, "color": "$text"}, "cliponaxis": False,
        "hovertemplate": "%{x|%d.%m.%Y}: %{y:,}",
    }  # fmt: skip
    return [before, *([after] if is_changed else []), today]


def chart_layout(curve: Curve, *, is_changed: bool) -> dict[str, Any]:
    """Dates, controls from zero, and the lines labelled at their ends."""
    first, last = curve.ends_on[0], curve.ends_on[-1]
    most = max(*curve.before, *curve.after, 1) * 1.15
    begin, until = first - (last - first) * _EDGE_SHARE, last + (last - first) * _LABEL_SHARE
    if is_changed:
        ends = [
            (curve.before[-1], _end(_("without"), curve.before[-1]), "$text_quiet"),
            (curve.after[-1], _end(_("with"), curve.after[-1]), "$accent"),
        ]
    else:
        ends = [(curve.before[-1], _end(_("at the end"), curve.before[-1]), "$text")]
    return {
        "showlegend": False,
        "margin": _MARGIN,
        "xaxis": {
            "range": [begin.isoformat(), until.isoformat()], "showgrid": False, "nticks": 4,
            "tickformat": "%m/%Y", "tickmode": "array", "tickvals": _ticks(curve.ends_on),
        },
        "yaxis": {"range": [0, most], "tickformat": ",d", "nticks": 5, "zeroline": True, **_whole_steps(most)},
        "annotations": [_today(curve), *_end_labels(last, ends, most)],
    }  # fmt: skip


def _ticks(ends_on: Sequence[date]) -> list[str]:
    step = max(6, (len(ends_on) - 1) // 2)
    return [day.isoformat() for day in ends_on[::step]]


def _whole_steps(most: float) -> dict[str, Any]:
    """Left alone, a short axis counts in halves, which read as 0, 1, 1, 2, 2."""
    return {"dtick": 1} if most <= 6 else {}


def _end(words: str, value: int) -> str:
    return f"{words} <b>{format_number(value)}</b>"


def _end_labels(last: date, ends: Sequence[tuple[int, str, str]], most: float) -> list[dict[str, Any]]:
    """Labels to the right of the lines, moved apart where the lines end close together."""
    placed: list[float] = []
    labels = []
    for value, words, colour in sorted(ends):
        at = value / most * _PLOT_PX
        shown = max(at, placed[-1] + _LABEL_PX) if placed else at
        placed.append(shown)
        labels.append({
            "x": last.isoformat(), "y": value, "text": words, "font": {"color": colour}, "showarrow": False,
            "xanchor": "left", "yanchor": "middle", "xshift": 6, "yshift": shown - at,
        })  # fmt: skip
    return labels


def _today(curve: Curve) -> dict[str, Any]:
    """The label of the first point, on the side to which the line does not go."""
    is_above = curve.before[1] <= curve.before[0]
    side = {"yanchor": "bottom", "yshift": 6} if is_above else {"yanchor": "top", "yshift": -6}
    return {
        "x": curve.ends_on[0].isoformat(), "y": curve.before[0],
        "text": _("today %(count)s", count=format_number(curve.before[0])),
        "showarrow": False, "xanchor": "left", "xshift": 4, "font": {"color": "$text"}, "bgcolor": "$surface", **side,
    }  # fmt: skip


def chart_label(curve: Curve, *, is_changed: bool) -> str:
    """The chart in one sentence."""
    if not is_changed:
        return _(
            "%(title)s: overdue controls of %(pairs)s; today %(now)s, at the end %(after)s.",
            title=curve.title,
            pairs=format_number(curve.pairs),
            now=format_number(curve.before[0]),
            after=format_number(curve.after[-1]),
        )
    return _(
        "%(title)s: overdue controls of %(pairs)s; today %(now)s, at the end %(after)s with the change and %(before)s "
        "without it.",
        title=curve.title,
        pairs=format_number(curve.pairs),
        now=format_number(curve.before[0]),
        after=format_number(curve.after[-1]),
        before=format_number(curve.before[-1]),
    )


def month_table(curve: Curve, *, is_changed: bool) -> tuple[list[str], Rows]:
    """The table under the chart."""
    columns = [curve.before, *([curve.after] if is_changed else [])]
    head = [_("Overdue without the change"), _("Overdue with the change")] if is_changed else [_("Overdue")]
    rows = [
        [format_date(day), *[format_number(column[month]) for column in columns]]
        for month, day in enumerate(curve.ends_on)
    ]
    return [_("Date"), *head], rows
