"""Achieved intervals side by side, by area or by year, as pure functions: a line for each, and the table that says it.

What a line shows, all with the open intervals counted in (Kaplan-Meier): the middle half of the intervals as a bar, the
usual interval (half have ended by then) as a dot with its 95 % band as a bracket, the rule as an upright line. Where
half of the intervals never ended there is no dot but words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dashboard.formatting import MISSING, format_days, format_number
from dashboard.i18n import gettext as _
from dashboard.pages.kontrollen.drawing import LEGEND_ABOVE, Head, Rows, axis_title
from geodata.course.achieved import Intervals, Median, median_with_band, share_lasting
from geodata.course.achieved_reads import AreaIntervals, YearIntervals

_ROW_PX: Final = 34
_FRAME_PX: Final = 140
_ROUNDING: Final = 1e-9
_QUARTERS: Final = (0.75, 0.25)


@dataclass(frozen=True, eq=False)
class Spread:
    """One line: its name, its intervals, and the shortest and longest interval that rules ask for (None: no rule)."""

    name: str
    intervals: Intervals
    rule_days: tuple[int, int] | None

    @property
    def is_empty(self) -> bool:
        return not self.intervals.days.size


@dataclass(frozen=True)
class MiddleHalf:
    """A quarter of the intervals is shorter than `from_days`, a quarter longer than `to_days`; None = not reached."""

    from_days: int | None
    to_days: int | None


def by_area(found: Sequence[AreaIntervals]) -> list[Spread]:
    """A line for each area, in the order of the read (by name)."""
    return [Spread(one.area.name, one.intervals, one.rule_days) for one in found]


def by_year(found: Sequence[YearIntervals], rules: Mapping[int, tuple[int, int]]) -> list[Spread]:
    """A line for each year in which intervals began, beside the rules of that year."""
    return [Spread(str(one.year), one.intervals, rules.get(one.year)) for one in found]


def middle_half(intervals: Intervals) -> MiddleHalf:
    """From which length to which the middle half of the intervals reaches, the open ones counted in."""
    lasting = share_lasting(intervals)
    reached = [np.flatnonzero(lasting <= share + _ROUNDING) for share in _QUARTERS]
    first, last = (int(intervals.days[found[0]]) if found.size else None for found in reached)
    return MiddleHalf(first, last)


# --- words ------------------------------------------------------------------------------------------------------------


def lead_words(name: str, intervals: Intervals, rule_days: tuple[int, int]) -> list[str]:
    """The usual interval of a type of control beside its rule, in a line to remember, and how sure it is in another."""
    usual, rule = median_with_band(intervals), days_between(*rule_days)
    if not intervals.days.size:
        return [_("%(type)s: no interval yet; the rule asks for %(rule)s.", type=name, rule=rule)]
    if usual.days is None:
        lead = _("%(type)s: usual interval not reached; the rule asks for %(rule)s.", type=name, rule=rule)
        return [lead, usual_words(intervals)]
    lead = _(
        "%(type)s: usual interval %(days)s; the rule asks for %(rule)s.",
        type=name,
        days=format_days(usual.days),
        rule=rule,
    )
    return [lead, usual_words(intervals)]


def usual_words(intervals: Intervals) -> str:
    """The usual interval with its band, or that there is none yet and how long it lasts at least."""
    usual = median_with_band(intervals)
    if usual.days is None:
        none = _("No usual interval can be named yet: fewer than half of the intervals have ended.")
        if usual.lower is None:
            return none
        least = _("It is at least %(days)s.", days=format_days(usual.lower))
        return f"{none} {least}"
    named = _("Half of the intervals end within %(days)s.", days=format_days(usual.days))
    band = band_words(usual)
    uncertain = _("By chance it could also be %(band)s (95 %% band).", band=band)
    return named if band == MISSING else f"{named} {uncertain}"


def band_words(usual: Median) -> str:
    """The 95 % band: from, to, or open to one side."""
    if usual.lower is None and usual.upper is None:
        return MISSING
    if usual.upper is None:
        return _("at least %(days)s", days=format_days(usual.lower))
    if usual.lower is None:
        return _("at most %(days)s", days=format_days(usual.upper))
    return days_between(usual.lower, usual.upper)


def days_between(first: int, last: int) -> str:
    """200 to 300 days, or 200 days where both are the same."""
    if first == last:
        return format_days(first)
    return _("%(first)s to %(last)s days", first=format_number(first), last=format_number(last))


def half_words(half: MiddleHalf) -> str:
    """The middle half in words; open to the right where a quarter has not ended yet."""
    if half.from_days is None:
        return MISSING
    if half.to_days is None:
        return _("from %(days)s, end open", days=format_days(half.from_days))
    return days_between(half.from_days, half.to_days)


def usual_cell(intervals: Intervals) -> str:
    """The usual interval, or these words."""
    if not intervals.days.size:
        return MISSING
    days = median_with_band(intervals).days
    return _("not reached") if days is None else format_days(days)


def rule_cell(rule_days: tuple[int, int] | None) -> str:
    """The interval that rules ask for; from the shortest to the longest where they differ."""
    return MISSING if rule_days is None else days_between(*rule_days)


# --- table ------------------------------------------------------------------------------------------------------------


def spread_head(first: str) -> Head:
    """Heads of the table; the first column is named by the caller."""
    return (
        first, _("Usual interval"), _("95 % band"), _("Middle half"), _("Rule"), _("closed"), _("still open"),
    )  # fmt: skip


def spread_rows(shown: Sequence[Spread]) -> Rows:
    """One row for each line of the chart."""
    return [
        [
            one.name,
            usual_cell(one.intervals),
            MISSING if one.is_empty else band_words(median_with_band(one.intervals)),
            MISSING if one.is_empty else half_words(middle_half(one.intervals)),
            rule_cell(one.rule_days),
            format_number(one.intervals.closed_total),
            format_number(one.intervals.open_total),
        ]
        for one in shown
    ]


# --- chart ------------------------------------------------------------------------------------------------------------


def spread_traces(shown: Sequence[Spread]) -> list[dict[str, Any]]:
    """Bars of the middle half, brackets and dots of the usual interval, upright lines of the rule, words for none."""
    filled = [one for one in shown if not one.is_empty]
    return [_halves(filled), _rules(shown), _usual(filled), _unreached(filled)]


def spread_layout(shown: Sequence[Spread]) -> dict[str, Any]:
    """The first line on top, days from zero."""
    return {
        "barmode": "overlay",
        "showlegend": True,
        "legend": dict(LEGEND_ABOVE),
        "margin": {"l": 8, "r": 16, "t": 56, "b": 8},
        "xaxis": {"title": axis_title(_("Days")), "range": [0, _longest(shown) * 1.04], "tickformat": ",d"},
        "yaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [one.name for one in shown][::-1],
            "range": [-0.6, len(shown) - 0.4],
            "ticklabelstandoff": 6,
        },
    }


def spread_height_px(shown: Sequence[Spread]) -> int:
    """As tall as its lines."""
    return _FRAME_PX + _ROW_PX * len(shown)


def _longest(shown: Sequence[Spread]) -> int:
    """The last day that anything in the chart reaches."""
    ends = [1]
    for one in shown:
        half, usual = middle_half(one.intervals), median_with_band(one.intervals)
        ends += [days or 0 for days in (half.to_days, usual.days, usual.upper, *(one.rule_days or ()))]
        if not one.is_empty and (half.to_days is None or usual.days is None):
            ends.append(int(one.intervals.days[-1]))
    return max(ends)


def _halves(shown: Sequence[Spread]) -> dict[str, Any]:
    halves = [(one, middle_half(one.intervals)) for one in shown]
    known = [(one, half, half.from_days) for one, half in halves if half.from_days is not None]
    # A bar whose end is open reaches to the longest interval seen so far.
    ends = [half.to_days or int(one.intervals.days[-1]) for one, half, _from in known]
    return {
        "type": "bar",
        "orientation": "h",
        "name": _("middle half of the intervals"),
        "y": [one.name for one, _half, _from in known],
        "base": [first for _one, _half, first in known],
        "x": [end - first for end, (_one, _half, first) in zip(ends, known, strict=True)],
        "width": 0.5,
        "marker": {"color": "$line", "line": {"color": "$line_strong", "width": 1}},
        "customdata": [half_words(half) for _one, half, _from in known],
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }


def _rules(shown: Sequence[Spread]) -> dict[str, Any]:
    at: list[int | None] = []
    names: list[str] = []
    for one in shown:
        # A gap after each line, so that the thread from the shortest to the longest rule ends there.
        if one.rule_days is not None:
            at += [*one.rule_days, None]
            names += [one.name] * 3
    return {
        "type": "scatter", "mode": "markers+lines", "name": _("Rule"), "x": at, "y": names,
        "connectgaps": False, "line": {"width": 1, "color": "$text", "dash": "dot"},
        "marker": {"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": "$text"}, "color": "$text"},
        "hovertemplate": "%{y}: %{x:,}<extra></extra>",
    }  # fmt: skip


def _usual(shown: Sequence[Spread]) -> dict[str, Any]:
    found = [(one.name, median_with_band(one.intervals)) for one in shown]
    known = [(name, usual, usual.days) for name, usual in found if usual.days is not None]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("usual interval with 95 % band"),
        "y": [name for name, _usual_days, _days in known],
        "x": [days for _name, _usual_days, days in known],
        "error_x": {
            "type": "data", "symmetric": False, "color": "$accent", "thickness": 2, "width": 6,
            "array": [(usual.upper or days) - days for _name, usual, days in known],
            "arrayminus": [days - (usual.lower or days) for _name, usual, days in known],
        },
        "marker": {"symbol": "circle", "size": 11, "color": "$accent"},
        "customdata": [f"{format_days(days)} ({band_words(usual)})" for _name, usual, days in known],
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }  # fmt: skip


def _unreached(shown: Sequence[Spread]) -> dict[str, Any]:
    names = [one.name for one in shown if median_with_band(one.intervals).days is None]
    return {
        "type": "scatter", "mode": "text", "name": _("not reached"), "x": [0] * len(names), "y": names,
        "text": [f"\u00a0\u00a0{_('not reached')}"] * len(names), "textposition": "middle right",
        "textfont": {"color": "$text"}, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
