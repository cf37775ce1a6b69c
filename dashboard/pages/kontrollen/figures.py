"""What the charts and tables of the page say, as pure functions of what was read: traces, words, rows. No request."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.formatting import MISSING, format_days, format_number, format_share
from dashboard.i18n import gettext as _
from dashboard.theme import SIZE_PIXELS
from geodata.achieved import Intervals, LengthClass, length_classes, median_days
from geodata.achieved_reads import Achieved, AreaIntervals, RuleIntervals
from geodata.control_reads import AreaRow

# A label over a chart takes so much room; labels stand one above the other, because lines may lie close together.
_LABEL_PX = 18
_ROW_PX = 30
# A label stands to the right of its line, so no line stands further right than this share of the width.
_LABEL_UNTIL = 0.65
_FEW = 6
Rows = list[list[str]]


# --- achieved intervals -----------------------------------------------------------------------------------------------


def achieved_words(achieved: Achieved, never: int) -> list[str]:
    """The chart in sentences: the usual interval, that under each rule, how many intervals it stands on."""
    counted = _(
        "%(closed)s intervals are closed, %(open)s still open; the open ones are counted in.",
        closed=format_number(achieved.intervals.closed_total),
        open=format_number(achieved.intervals.open_total),
    )
    missing = _(
        "Not in it: %(count)s objects without any inspection with sufficient access.", count=format_number(never)
    )
    by_rule = [rule_words(one) for one in achieved.by_rule]
    return [usual_words(achieved.intervals), *by_rule, counted, *([missing] if never else [])]


def usual_words(intervals: Intervals) -> str:
    """The usual interval, or that there is none yet."""
    usual = median_days(intervals)
    if usual is None:
        return _("No usual interval can be named yet: fewer than half of the intervals have ended.")
    return _("Half of the intervals end within %(days)s.", days=format_days(usual))


def rule_words(one: RuleIntervals) -> str:
    """What a rule asks for, of how many objects, and what is usual there."""
    usual = median_days(one.intervals)
    return _(
        "Rule %(rule)s (%(count)s objects): usual interval %(usual)s.",
        rule=format_days(one.interval_days),
        count=format_number(one.pairs),
        usual=_("not reached") if usual is None else format_days(usual),
    )


def achieved_traces(intervals: Intervals) -> list[dict[str, Any]]:
    """Bars of closed intervals with the open ones on top, which are hatched: nobody knows yet how long they become."""
    classes = length_classes(intervals)
    common = {
        "type": "bar",
        "x": [(one.first_day + one.last_day) / 2 for one in classes],
        "width": [(one.last_day - one.first_day + 1) * 0.94 for one in classes],
        "customdata": [class_words(one) for one in classes],
    }
    hover = "%{customdata}: %{y:,}"
    return [
        {
            **common,
            "name": _("closed"),
            "y": [one.closed for one in classes],
            "marker": {"color": "$accent"},
            "hovertemplate": f"{hover} {_('closed')}<extra></extra>",
        },
        {
            **common,
            "name": _("still open"),
            "y": [one.still_open for one in classes],
            "marker": {
                "color": "$surface_2",
                "line": {"color": "$line_strong", "width": 1},
                "pattern": {"shape": "/", "fgcolor": "$line_strong", "size": 6, "solidity": 0.25},
            },
            "hovertemplate": f"{hover} {_('still open')}<extra></extra>",
        },
    ]


def achieved_layout(achieved: Achieved) -> dict[str, Any]:
    """Axes from zero, and the rules and the usual interval as labelled lines."""
    usual = median_days(achieved.intervals)
    lines = [(one.interval_days, _rule_label(one.interval_days), "dash") for one in achieved.by_rule]
    if usual is not None:
        lines.append((usual, _("usual %(days)s", days=format_days(usual)), "solid"))
    lines.sort(reverse=True)
    longest = max([one.last_day for one in length_classes(achieved.intervals)], default=0)
    until = max([longest * 1.02, *(at / _LABEL_UNTIL for at, _text, _dash in lines)])
    most = max([one.closed + one.still_open for one in length_classes(achieved.intervals)], default=0)
    return {
        "barmode": "stack",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.3, "yanchor": "top"},
        "margin": {"l": 8, "r": 8, "t": 12 + _LABEL_PX * len(lines), "b": 8},
        "xaxis": {
            "title": _title(_("Days until the next inspection")),
            "range": [0, until],
            "showgrid": False,
            "tickformat": ",d",
        },
        "yaxis": {"title": _title(_("Intervals")), "rangemode": "tozero", **_whole_steps(most)},
        "shapes": [_line(at, dash) for at, _text, dash in lines],
        "annotations": [_label(at, text, level) for level, (at, text, _dash) in enumerate(lines)],
    }


def class_words(one: LengthClass) -> str:
    """1 to 30 days."""
    return _("%(first)s to %(last)s days", first=format_number(one.first_day), last=format_number(one.last_day))


def class_rows(intervals: Intervals) -> Rows:
    """The table under the chart."""
    return [
        [class_words(one), format_number(one.closed), format_number(one.still_open)]
        for one in length_classes(intervals)
    ]


def _rule_label(days: int) -> str:
    return _("Rule %(days)s", days=format_days(days))


def _whole_steps(most: int) -> dict[str, Any]:
    """Left alone, a short axis counts in halves, which read as 0, 1, 1, 2, 2."""
    return {"tickformat": ",d", **({"dtick": 1} if most <= _FEW else {})}


def _title(text: str) -> dict[str, Any]:
    return {"text": text, "font": {"size": SIZE_PIXELS}}


def _line(at: int, dash: str) -> dict[str, Any]:
    return {
        "type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": "$text", "width": 2, "dash": dash}, "layer": "above",
    }  # fmt: skip


def _label(at: int, label: str, level: int) -> dict[str, Any]:
    # The further left a line stands, the higher its label: so no leader runs through another label.
    return {
        "x": at, "y": 1, "yref": "paper", "text": label, "font": {"color": "$text"},
        "yanchor": "bottom", "xanchor": "left", "align": "left",
        "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": "$text", "ax": 0,
        "ay": -2 - _LABEL_PX * level,
    }  # fmt: skip


# --- by area ----------------------------------------------------------------------------------------------------------


def area_rows(rows: Sequence[AreaRow], achieved: Mapping[int, AreaIntervals]) -> Rows:
    """The table by area: name, on time, share, overdue, usual delay, visits, usual interval, rule."""
    return [
        [
            row.area.name,
            _("%(part)s of %(all)s", part=format_number(row.on_time), all=format_number(row.pairs)),
            format_share(row.on_time, row.pairs) or MISSING,
            format_number(row.overdue),
            MISSING if row.overdue_days_median is None else format_days(round(row.overdue_days_median)),
            format_number(row.inspections),
            usual_cell(achieved.get(row.area.id)),
            rule_cell(achieved.get(row.area.id)),
        ]
        for row in rows
    ]


def area_notes(rows: Sequence[AreaRow], told: Sequence[AreaRow]) -> list[str]:
    """What to know of the table: that areas overlap, and in which there is nothing to count."""
    overlap = _("Areas of one kind may overlap; their numbers do not add up to those of the city.")
    names = ", ".join(row.area.name for row in rows if row not in told)
    return [overlap, *([_("Nothing monitored and no inspection: %(areas)s.", areas=names)] if names else [])]


def usual_cell(found: AreaIntervals | None) -> str:
    """The usual interval of an area; where half of the intervals have not ended, these words."""
    if found is None:
        return MISSING
    usual = median_days(found.intervals)
    return _("not reached") if usual is None else format_days(usual)


def rule_cell(found: AreaIntervals | None) -> str:
    """The interval that rules ask for in an area; from the shortest to the longest where they differ."""
    if found is None:
        return MISSING
    shortest, longest = found.rule_days
    if shortest == longest:
        return format_days(shortest)
    return _("%(first)s to %(last)s days", first=format_number(shortest), last=format_number(longest))


def area_traces(achieved: Sequence[AreaIntervals]) -> list[dict[str, Any]]:
    """For each area the rule as an upright line (two where rules differ) and the usual interval as a dot."""
    rule_x: list[int | None] = []
    rule_y: list[str | None] = []
    for one in achieved:
        # A gap after each area, so that the line from the shortest to the longest rule ends there.
        rule_x += [*one.rule_days, None]
        rule_y += [one.area.name, one.area.name, None]
    usual = [(median_days(one.intervals), one.area.name) for one in achieved]
    known = [(days, name) for days, name in usual if days is not None]
    unknown = [name for days, name in usual if days is None]
    return [
        {
            "type": "scatter", "mode": "markers+lines", "name": _("Rule"), "x": rule_x, "y": rule_y,
            "connectgaps": False, "line": {"width": 1, "color": "$line_strong"},
            "marker": {"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": "$text"}, "color": "$text"},
            "hovertemplate": "%{y}: %{x:,}<extra></extra>",
        },
        {
            "type": "scatter", "mode": "markers", "name": _("usual interval"),
            "x": [days for days, _name in known], "y": [name for _days, name in known],
            "marker": {"symbol": "circle", "size": 11, "color": "$accent"},
            "hovertemplate": "%{y}: %{x:,}<extra></extra>",
        },
        {
            "type": "scatter", "mode": "text", "name": _("not reached"), "x": [0] * len(unknown), "y": unknown,
            "text": [f"\u00a0\u00a0{_('not reached')}"] * len(unknown), "textposition": "middle right",
            "textfont": {"color": "$text_quiet"}, "hoverinfo": "skip", "showlegend": False,
        },
    ]  # fmt: skip


def area_layout(achieved: Sequence[AreaIntervals]) -> dict[str, Any]:
    """Areas by name from above, days from zero."""
    names = [one.area.name for one in achieved]
    return {
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        "margin": {"l": 8, "r": 16, "t": 52, "b": 8},
        "xaxis": {"title": _title(_("Days")), "rangemode": "tozero", "tickformat": ",d"},
        "yaxis": {"categoryorder": "array", "categoryarray": names[::-1], "type": "category"},
    }


def area_height_px(achieved: Sequence[AreaIntervals]) -> int:
    """As tall as its lines."""
    return 134 + _ROW_PX * len(achieved)
