"""The distribution of achieved intervals and the table by area as pure functions of what was read. No request."""

from collections.abc import Sequence
from typing import Any

from dashboard.formatting import MISSING, format_days, format_number
from dashboard.i18n import gettext as _
from dashboard.pages.kontrollen.drawing import LEGEND_BELOW, Head, Rows, axis_title, part_of, share_cell, whole_steps
from dashboard.pages.kontrollen.spread_figures import usual_words
from geodata.control_reads import AreaRow
from geodata.course.achieved import Intervals, LengthClass, length_classes, median_days, median_with_band
from geodata.course.achieved_reads import Achieved, RuleIntervals

# A label over a chart takes so much room; labels stand one above the other, because lines may lie close together.
_LABEL_PX = 18
# A label stands to the right of its line, so no line stands further right than this share of the width.
_LABEL_UNTIL = 0.65


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
        "legend": {**LEGEND_BELOW, "y": -0.3, "traceorder": "normal"},
        "margin": {"l": 8, "r": 8, "t": 12 + _LABEL_PX * len(lines), "b": 8},
        "xaxis": {
            "title": axis_title(_("Days until the next inspection")),
            "range": [0, until],
            "showgrid": False,
            "tickformat": ",d",
        },
        "yaxis": {"title": axis_title(_("Intervals")), **whole_steps(most)},
        "shapes": [*_band(achieved.intervals, until), *(_line(at, dash) for at, _text, dash in lines)],
        "annotations": [_label(at, text, level) for level, (at, text, _dash) in enumerate(lines)],
    }


def class_words(one: LengthClass) -> str:
    """1 to 30 days."""
    return _("%(first)s to %(last)s days", first=format_number(one.first_day), last=format_number(one.last_day))


def class_head() -> Head:
    """Heads of the table under the bars."""
    return (_("Interval"), _("closed"), _("still open"))


def class_rows(intervals: Intervals) -> Rows:
    """The table under the chart."""
    return [
        [class_words(one), format_number(one.closed), format_number(one.still_open)]
        for one in length_classes(intervals)
    ]


def _rule_label(days: int) -> str:
    return _("Rule %(days)s", days=format_days(days))


def _band(intervals: Intervals, until: float) -> list[dict[str, Any]]:
    """The 95 % band of the usual interval as a strip; to the edge where it has no end."""
    usual = median_with_band(intervals)
    if usual.days is None or usual.lower is None:
        return []
    return [
        {
            "type": "rect", "x0": usual.lower, "x1": until if usual.upper is None else usual.upper,
            "yref": "paper", "y0": 0, "y1": 1, "fillcolor": "$line_strong", "opacity": 0.35, "line": {"width": 0},
            "layer": "above",
        }
    ]  # fmt: skip


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


def area_head(first: str) -> Head:
    """Heads of the table by area; the first column is named by the caller."""
    return (first, _("On time"), _("Share"), _("Overdue"), _("Usual delay"), _("Inspections in the period"))


def area_rows(rows: Sequence[AreaRow], names: Sequence[Any]) -> Rows:
    """The table by area under `names` (words or links): on time, share, overdue, usual delay, visits."""
    return [
        [
            name,
            part_of(row.on_time, row.pairs),
            share_cell(row.on_time, row.pairs),
            format_number(row.overdue),
            MISSING if row.overdue_days_median is None else format_days(round(row.overdue_days_median)),
            format_number(row.inspections),
        ]
        for name, row in zip(names, rows, strict=True)
    ]


def area_notes(rows: Sequence[AreaRow], told: Sequence[AreaRow]) -> list[str]:
    """What to know of the table: that areas overlap, and in which there is nothing to count."""
    names = ", ".join(row.area.name for row in rows if row not in told)
    return [overlap_words(), *([_("Nothing monitored and no inspection: %(areas)s.", areas=names)] if names else [])]


def overlap_words() -> str:
    """Said under every table by area."""
    return _("Areas of one kind may overlap; their numbers do not add up to those of the city.")
