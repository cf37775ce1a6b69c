"""The picture of the course and what is said of it. Plain values in, Plotly traces, words and rows out.

Planned is a thin grey line, actual a strong one that ends on the as-of date, the forecast a dashed one with its band:
the form of a line tells it apart, not its colour alone, and each carries its name.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from dash import html
from dash.development.base_component import Component

from dashboard.formatting import MISSING, format_date, format_money, format_number, format_percent
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import ids
from geodata.calendar import months_later
from geodata.errors import InvalidFilter
from geodata.projects.course import Measure, ProjectPoint

MEASURES: Final[Mapping[Measure, str]] = {
    "demolished": N_("Demolished buildings"),
    "progress": N_("Mean progress"),
    "cost": N_("Cost"),
}
HEIGHT_PX: Final = 380
_CLOSE: Final = 1e-6


def chosen_measure(query: Mapping[str, str]) -> Measure:
    """What a link asks the course of; raises `InvalidFilter` for an unknown measure."""
    wanted = query.get(ids.MEASURE) or "demolished"
    if wanted not in MEASURES:
        raise InvalidFilter(ids.MEASURE, f"measure={wanted} is not known; possible are {', '.join(MEASURES)}.")
    return cast("Measure", wanted)


def value_text(value: float | None, measure: Measure) -> str:
    """A value of the course as it is read; buildings of a forecast are whole ones."""
    if value is None:
        return MISSING
    if measure == "cost":
        return format_money(value)
    return percent_text(value) if measure == "progress" else format_number(round(value))


def percent_text(share: float) -> str:
    """A share in whole per cent."""
    return format_percent(share)


def answer(points: Sequence[ProjectPoint], measure: Measure, as_of: date) -> list[str]:
    """Where it stands against the plan, and where it is likely to end."""
    now = next(point for point in points if point.on == as_of)
    first = _(
        "On %(day)s: %(actual)s, planned were %(planned)s.",
        day=format_date(as_of),
        actual=value_text(now.actual, measure),
        planned=value_text(now.planned, measure),
    )
    ahead = [point for point in points if point.on > as_of]
    if not ahead:
        return [first]
    in_a_year = next((point for point in ahead if point.on >= months_later(as_of, 12)), ahead[-1])
    return [first, _ahead_text(in_a_year, measure), _end_text(points, measure)]


def _ahead_text(point: ProjectPoint, measure: Measure) -> str:
    return _(
        "Forecast for %(day)s: %(middle)s (band %(lower)s to %(upper)s), planned are %(planned)s.",
        day=format_date(point.on),
        middle=value_text(point.forecast, measure),
        lower=value_text(point.lower, measure),
        upper=value_text(point.upper, measure),
        planned=value_text(point.planned, measure),
    )


def _end_text(points: Sequence[ProjectPoint], measure: Measure) -> str:
    """Of cost how much it is at the end, of the others when their end is reached."""
    last = points[-1]
    if measure == "cost":
        return _ahead_text(last, measure)
    return _(
        "The plan reaches its end (%(planned)s) by %(plan_day)s, the forecast its own (%(forecast)s) by %(day)s.",
        planned=value_text(last.planned, measure),
        plan_day=format_date(_reached_on([(point.on, point.planned) for point in points])),
        forecast=value_text(last.forecast, measure),
        day=format_date(_reached_on([(point.on, point.forecast) for point in points])),
    )


def _reached_on(values: Sequence[tuple[date, float | None]]) -> date:
    """The first day with the last value."""
    final = values[-1][1] or 0.0
    return next(day for day, value in values if value is not None and value >= final - _CLOSE)


def key() -> Component:
    """What the lines mean, in one line."""
    names = {
        "line-plan": _("planned"),
        "line-actual": _("actual, up to the as-of date"),
        "line-ahead": _("forecast"),
        "line-band": _("band of the forecast: 20 of 100 courses below, 20 above"),
    }
    marks = [
        html.Li([html.Span(className=f"rueckbau-key rueckbau-key-{name}", **{"aria-hidden": "true"}), text])
        for name, text in names.items()
    ]
    return html.Ul(marks, className="rueckbau-keys")


def traces(points: Sequence[ProjectPoint], measure: Measure) -> list[dict[str, Any]]:
    """Both edges of the band, plan, forecast and what happened; always five traces in this order."""
    scale = 100.0 if measure == "progress" else 1.0
    ahead = [point for point in points if point.forecast is not None]
    done = [point for point in points if point.actual is not None]
    stepped = "hv" if measure == "demolished" else "linear"
    edge = {"line": {"width": 0, "shape": stepped}, "hoverinfo": "skip", "hovertemplate": None}

    def line(of: Sequence[ProjectPoint], name: str, title: str, look: Mapping[str, Any]) -> dict[str, Any]:
        values = [getattr(point, name) for point in of]
        return {
            "type": "scatter", "mode": "lines", "name": title,
            "x": [point.on.isoformat() for point in of],
            "y": [None if value is None else value * scale for value in values],
            "line": {"shape": stepped, **look},
            "customdata": [f"{title} {format_date(point.on)}: {value_text(value, measure)}"
                           for point, value in zip(of, values, strict=True)],
            "hovertemplate": "%{customdata}<extra></extra>",
        }  # fmt: skip

    lower = {**line(ahead, "lower", _("Band"), {}), **edge}
    upper = {**line(ahead, "upper", _("Band"), {}), **edge, "fill": "tonexty", "fillcolor": "$line"}
    return [
        lower,
        upper,
        line(points, "planned", _("Planned"), {"color": "$text_quiet", "width": 2}),
        line(ahead, "forecast", _("Forecast"), {"color": "$accent", "width": 2.5, "dash": "dash"}),
        line(done, "actual", _("Actual"), {"color": "$accent", "width": 3.5}),
    ]


def layout(points: Sequence[ProjectPoint], measure: Measure, as_of: date) -> dict[str, Any]:
    """Axes from zero, the as-of line with its words."""
    day = as_of.isoformat()
    values = [value for point in points for value in (point.planned, point.actual, point.upper) if value is not None]
    most = max(values, default=0.0)
    vertical: dict[str, Any] = {"rangemode": "tozero", "fixedrange": True, "zeroline": True}
    if measure == "progress":
        vertical |= {"range": [0, 104], "ticksuffix": "\u00a0%", "nticks": 6}
    elif measure == "cost":
        vertical |= {"tickformat": ",.0f", "ticksuffix": "\u00a0€", "nticks": 6}
    else:
        vertical |= {"tickformat": ",d", "nticks": 7, **({"dtick": 1} if most <= 6 else {})}
    share = (as_of - points[0].on).days / max(1, (points[-1].on - points[0].on).days)
    return {
        "showlegend": False,
        "hovermode": "closest",
        "margin": {"l": 8, "r": 12, "t": 30, "b": 30},
        "xaxis": {"type": "date", "fixedrange": True, "nticks": 8, "tickangle": 0},
        "yaxis": {**vertical, "automargin": True},
        "shapes": [
            {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1,
             "line": {"color": "$text", "width": 1.5, "dash": "dot"}}
        ],
        "annotations": [
            {"x": day, "xref": "x", "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "yshift": 4,
             "xanchor": "right" if share > 0.85 else "left" if share < 0.15 else "center",
             "text": _("State of %(day)s", day=format_date(as_of)), "font": {"color": "$text_quiet"}}
        ],
    }  # fmt: skip


def head() -> tuple[str, ...]:
    """The head of the table twin."""
    return (_("Day"), _("Planned"), _("Actual"), _("Forecast"), _("Band from"), _("Band to"))


def rows(points: Sequence[ProjectPoint], measure: Measure) -> list[list[str]]:
    """One row for each day of the picture."""
    return [
        [
            format_date(point.on),
            *(
                value_text(value, measure)
                for value in (point.planned, point.actual, point.forecast, point.lower, point.upper)
            ),
        ]
        for point in points
    ]
