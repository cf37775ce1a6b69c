"""A figure of the register as a tile: its number with unit, "n of m", and its definition one click away."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.formatting import (
    MISSING,
    format_date,
    format_days,
    format_money,
    format_number,
    format_percent,
    format_share,
)
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from geodata.figure import FigureValue, Unit, Value

_UNITS: Final[Mapping[Unit, str]] = {
    "objects": N_("objects"),
    "pairs": N_("pairs of object and kind of control"),
    "inspections": N_("inspections"),
    "rounds": N_("rounds"),
    "projects": N_("projects"),
    "stages": N_("stages"),
    "proceedings": N_("proceedings"),
    "dwellings": N_("dwellings"),
    "defects_per_inspection": N_("kinds of defects for each inspection"),
}


def figure_tile(found: Mapping[str, FigureValue], key: str, *, hint: str | None = None, title: str = "") -> Component:
    """The tile of one figure; where it is part of another one that was read too, it says "n of m" and the share.

    `title` replaces the figure's own, for a place where a shorter word is understood.
    """
    shown = found[key]
    whole = found.get(shown.figure.part_of or "")
    lines = [
        html.Dt(title or _(shown.figure.title), className="tile-label"),
        html.Dd(_number(shown, whole), className="tile-figure"),
    ]
    if hint:
        lines.append(html.Dd(hint, className="tile-hint"))
    return html.Div([html.Dl(lines), definition(shown)], className="tile", **{"data-figure": key})


def definition(shown: FigureValue) -> Component:
    """What is counted, on which basis and for which date; folded."""
    return html.Details(
        [
            html.Summary(_("Definition"), **{"aria-label": _("Definition: %(title)s", title=_(shown.figure.title))}),
            html.P(_(shown.figure.definition)),
            html.P([_("Counting basis"), ": ", _(shown.figure.basis), "."]),
            html.P(_("State of %(day)s", day=format_date(shown.as_of))),
        ],
        className="definition",
    )


def format_value(value: Value, unit: Unit) -> str:
    """A value with its unit where the unit is part of reading it (days, per cent, euros); a count stands alone."""
    if value is None:
        return MISSING
    if isinstance(value, date):
        return format_date(value)
    if unit == "days":
        return format_days(round(value))
    if unit == "percent":
        return format_percent(value / 100)
    if unit == "defects_per_inspection":
        return format_number(value, decimals=1)
    return format_money(value) if unit == "eur" else format_number(value)


def unit_word(unit: Unit) -> str:
    """The word for what is counted; empty where the value carries its unit."""
    return _(_UNITS[unit]) if unit in _UNITS else ""


def unit_message(unit: Unit) -> str:
    """The same as a msgid, for words that are kept in both languages."""
    return _UNITS.get(unit, "")


def _number(shown: FigureValue, whole: FigureValue | None) -> list[Component]:
    value = html.Span(format_value(shown.value, shown.figure.unit), className="tile-value")
    if whole is None or not isinstance(whole.value, int) or not isinstance(shown.value, int):
        return [value, html.Span(unit_word(shown.figure.unit), className="tile-unit")]
    of = html.Span(_("of %(count)s", count=format_number(whole.value)), className="tile-unit")
    share = format_share(shown.value, whole.value)
    return [value, of, html.Span(share, className="tile-share")]
