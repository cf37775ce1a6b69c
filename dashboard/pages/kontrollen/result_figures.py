"""The view of results as pure functions: what inspections found, each share over the number of inspections it rests on.

No figure about findings or defects stands alone: the inspections are in the same picture, as bars under the line, and
in the same row of the table. A step without an inspection has no share and leaves a gap.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

from dashboard.formatting import MISSING, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.kontrollen.drawing import (
    LEGEND_ABOVE,
    Head,
    Rows,
    axis_title,
    change_words,
    month_name,
    part_of,
    percent,
    share_cell,
    span_name,
    whole_steps,
)
from geodata.calendar import month_end
from geodata.codes import DEFECTS
from geodata.course.result_reads import ResultPoint
from geodata.figure import Period

Step = Literal["month", "quarter"]
CHART_HEIGHT_PX: Final = 300
# Up to so many days months are told apart, beyond that quarters.
_MONTHS_UNTIL_DAYS: Final = 550
# The line over the bars: where each of the two axes begins and ends, as shares of the height.
_LINE_FROM: Final = 0.46
_BARS_UNTIL: Final = 0.36
_ROUND_TICKS: Final = 3


def step_of(period: Period) -> Step:
    """Months for a short period, quarters for a long one."""
    return "month" if (period.last_on - period.first_on).days <= _MONTHS_UNTIL_DAYS else "quarter"


def step_name(point: ResultPoint, step: Step) -> str:
    """A month or quarter; one that the period cuts off by its days."""
    whole = point.first_on.day == 1 and point.last_on == month_end(point.last_on)
    if step == "month" and whole:
        return month_name(point.first_on)
    if step == "quarter" and whole and point.first_on.month % 3 == 1 and point.last_on.month % 3 == 0:
        return _("quarter %(number)s/%(year)s", number=(point.first_on.month + 2) // 3, year=point.first_on.year)
    return span_name(point.first_on, point.last_on)


def total(points: Sequence[ResultPoint]) -> ResultPoint | None:
    """All steps as one; None without any."""
    if not points:
        return None
    return ResultPoint(
        first_on=points[0].first_on,
        last_on=points[-1].last_on,
        rounds=sum(point.rounds for point in points),
        inspections=sum(point.inspections for point in points),
        without_finding=sum(point.without_finding for point in points),
        with_finding=sum(point.with_finding for point in points),
        not_completed=sum(point.not_completed for point in points),
        failed_access=sum(point.failed_access for point in points),
        defects={code: sum(point.defects.get(code, 0) for point in points) for code in DEFECTS},
    )


def defects_total(point: ResultPoint) -> int:
    """Defects found, each kind once for each inspection."""
    return sum(point.defects.values())


# --- the answer -------------------------------------------------------------------------------------------------------


def answer_words(now: ResultPoint, before: ResultPoint | None) -> list[str]:
    """How many inspections found nothing, then and now, and how often nobody got in; each with its n of m."""
    clean = _(
        "Without finding: %(part)s inspections (%(share)s)%(before)s.",
        part=part_of(now.without_finding, now.inspections),
        share=share_cell(now.without_finding, now.inspections),
        before=_earlier(before.without_finding, before.inspections) if before else "",
    )
    failed = _(
        "Without sufficient access: %(part)s inspections (%(share)s)%(before)s.",
        part=part_of(now.failed_access, now.inspections),
        share=share_cell(now.failed_access, now.inspections),
        before=_earlier(before.failed_access, before.inspections) if before else "",
    )
    return [clean, failed]


def clean_words(point: ResultPoint) -> str:
    """How many inspections found nothing: said beside every table of defects."""
    return _(
        "Without finding: %(part)s inspections (%(share)s)%(before)s.",
        part=part_of(point.without_finding, point.inspections),
        share=share_cell(point.without_finding, point.inspections),
        before="",
    )


def _earlier(part: int, whole: int) -> str:
    if not whole:
        return ""
    return _(", in the period before %(part)s (%(share)s)", part=part_of(part, whole), share=share_cell(part, whole))


# --- results ----------------------------------------------------------------------------------------------------------


def result_traces(points: Sequence[ResultPoint], step: Step) -> list[dict[str, Any]]:
    """Bars of inspections by what they found; together they are the number of inspections."""
    looks: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("with_finding", _("with finding"), {"color": "$accent"}),
        ("without_finding", _("without finding"), {"color": "$surface_2", "line": _edge()}),
        ("not_completed", _("not completed"), {"color": "$surface_2", "line": _edge(), "pattern": _hatch()}),
    )
    return [
        {
            "type": "bar",
            "name": name,
            "x": _days(points),
            "y": [getattr(point, part) for point in points],
            "customdata": [_result_hover(point, getattr(point, part), step) for point in points],
            "hovertemplate": f"%{{customdata}} {name}<extra></extra>",
            "marker": look,
        }
        for part, name, look in looks
    ]


def result_layout(points: Sequence[ResultPoint]) -> dict[str, Any]:
    """Months or quarters along the bottom, inspections from zero."""
    most = max([point.inspections for point in points], default=0)
    return {
        "barmode": "stack",
        "showlegend": True,
        "legend": dict(LEGEND_ABOVE),
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "xaxis": _time_axis(),
        "yaxis": {"title": axis_title(_("Inspections")), **whole_steps(most)},
        "bargap": 0.25,
    }


def result_head() -> Head:
    """Heads of the table under the bars."""
    return (
        _("Period of time"), _("Inspections"), _("with finding"), _("without finding"), _("Share without finding"),
        _("not completed"),
    )  # fmt: skip


def result_rows(points: Sequence[ResultPoint], step: Step) -> Rows:
    """One row for each step, the latest first."""
    return [
        [
            step_name(point, step),
            format_number(point.inspections),
            format_number(point.with_finding),
            format_number(point.without_finding),
            share_cell(point.without_finding, point.inspections),
            format_number(point.not_completed),
        ]
        for point in reversed(points)
    ]


# --- a line over the bars of what it rests on -------------------------------------------------------------------------


def defect_traces(points: Sequence[ResultPoint], step: Step) -> list[dict[str, Any]]:
    """Defects per inspection as a line; the inspections as bars under it."""
    values = [defects_total(point) / point.inspections if point.inspections else None for point in points]
    hover = [
        f"{step_name(point, step)}: {defects_words(point)} ({_inspections(point.inspections)})" for point in points
    ]
    return _line_over_bars(points, step, values, hover, _("defects per inspection"))


def failed_traces(points: Sequence[ResultPoint], step: Step) -> list[dict[str, Any]]:
    """Share of inspections without sufficient access as a line; the inspections as bars under it."""
    values = [percent(point.failed_access, point.inspections) for point in points]
    hover = [
        f"{step_name(point, step)}: {share_cell(point.failed_access, point.inspections)} "
        f"({part_of(point.failed_access, point.inspections)})"
        for point in points
    ]
    return _line_over_bars(points, step, values, hover, _("without sufficient access"))


def round_traces(points: Sequence[ResultPoint], step: Step) -> list[dict[str, Any]]:
    """Rounds as dots on a line; the inspections as bars under it: two figures on two axes."""
    hover = [f"{step_name(point, step)}: {format_number(point.rounds)}" for point in points]
    return _line_over_bars(points, step, [float(point.rounds) for point in points], hover, _("rounds"))


def round_axis(points: Sequence[ResultPoint]) -> dict[str, Any]:
    """Few whole steps: the upper axis has little room."""
    most = max([point.rounds for point in points], default=0)
    return {"tickformat": ",d", "dtick": -(-max(most, 1) // _ROUND_TICKS)}


def over_bars_layout(points: Sequence[ResultPoint], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Two axes one above the other with the same days; `upper` is the axis of the line."""
    most = max([point.inspections for point in points], default=0)
    return {
        "showlegend": True,
        "legend": dict(LEGEND_ABOVE),
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "xaxis": {**_time_axis(), "anchor": "y2"},
        "yaxis": {"domain": [_LINE_FROM, 1], "rangemode": "tozero", **upper},
        "yaxis2": {"domain": [0, _BARS_UNTIL], "nticks": 3, **whole_steps(most)},
        "bargap": 0.25,
    }


def defects_words(point: ResultPoint) -> str:
    """Defects per inspection with one decimal."""
    if not point.inspections:
        return MISSING
    return format_number(defects_total(point) / point.inspections, decimals=1)


def defect_head() -> Head:
    """Heads of the table of defects over time."""
    return (_("Period of time"), _("Inspections"), _("without finding"), _("Defects"), _("Defects per inspection"))


def defect_rows(points: Sequence[ResultPoint], step: Step) -> Rows:
    """One row for each step, the latest first."""
    return [
        [
            step_name(point, step),
            format_number(point.inspections),
            format_number(point.without_finding),
            format_number(defects_total(point)),
            defects_words(point),
        ]
        for point in reversed(points)
    ]


def failed_head() -> Head:
    """Heads of the table of visits in vain over time."""
    return (_("Period of time"), _("Inspections"), _("Without sufficient access"), _("Share"))


def failed_rows(points: Sequence[ResultPoint], step: Step) -> Rows:
    """One row for each step, the latest first."""
    return [
        [
            step_name(point, step),
            format_number(point.inspections),
            format_number(point.failed_access),
            share_cell(point.failed_access, point.inspections),
        ]
        for point in reversed(points)
    ]


def round_head() -> Head:
    """Heads of the table of rounds over time."""
    return (_("Period of time"), _("Rounds"), _("Inspections"))


def round_rows(points: Sequence[ResultPoint], step: Step) -> Rows:
    """One row for each step, the latest first; rounds and inspections are two figures."""
    return [
        [step_name(point, step), format_number(point.rounds), format_number(point.inspections)]
        for point in reversed(points)
    ]


def _line_over_bars(
    points: Sequence[ResultPoint], step: Step, values: Sequence[float | None], hover: Sequence[str], name: str
) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": _days(points),
            "y": list(values),
            "connectgaps": False,
            "cliponaxis": False,
            "line": {"color": "$accent", "width": 2.5},
            "marker": {"symbol": "circle", "size": 7, "color": "$accent"},
            "customdata": list(hover),
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        {
            "type": "bar",
            "name": _("inspections"),
            "x": _days(points),
            "y": [point.inspections for point in points],
            "yaxis": "y2",
            "marker": {"color": "$line", "line": _edge()},
            "customdata": [f"{step_name(point, step)}: {_inspections(point.inspections)}" for point in points],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    ]


# --- defects by kind --------------------------------------------------------------------------------------------------


def kind_head() -> Head:
    """Heads of the table of kinds of defect."""
    return (_("Defect"), _("at inspections"), _("Share"), _("period before"), _("Share"), _("Change since then"))


def kind_rows(now: ResultPoint, before: ResultPoint | None) -> Rows:
    """One row for each kind of defect found then or now, in the order of the list: n of m inspections, both periods."""
    rows: Rows = []
    for code in DEFECTS:
        found = now.defects.get(code, 0)
        earlier = before.defects.get(code, 0) if before else 0
        if not found and not earlier:
            continue
        held = before.inspections if before else 0
        rows.append(
            [
                code_label("defect", code),
                part_of(found, now.inspections),
                share_cell(found, now.inspections),
                part_of(earlier, held) if held else MISSING,
                share_cell(earlier, held),
                change_words(_share(found, now.inspections), _share(earlier, held), rising="neutral"),
            ]
        )
    return rows


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _days(points: Sequence[ResultPoint]) -> list[str]:
    """Bars stand in the middle of their step, and a cut step is as wide as it is long."""
    return [
        date.fromordinal((point.first_on.toordinal() + point.last_on.toordinal()) // 2).isoformat() for point in points
    ]


def _time_axis() -> dict[str, Any]:
    return {"type": "date", "showgrid": False, "tickformat": "%b %Y", "nticks": 7}


def _edge() -> dict[str, Any]:
    return {"color": "$line_strong", "width": 1}


def _hatch() -> dict[str, Any]:
    return {"shape": "/", "fgcolor": "$line_strong", "size": 6, "solidity": 0.25}


def _inspections(count: int) -> str:
    return _("%(count)s inspections", count=format_number(count))


def _result_hover(point: ResultPoint, count: int, step: Step) -> str:
    return f"{step_name(point, step)}: {part_of(count, point.inspections)}"
