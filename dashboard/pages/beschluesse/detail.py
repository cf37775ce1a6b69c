"""One resolution: its card, its course over the last month ends, its versions, and for staff its correction."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard import target_words as words
from dashboard.components import chart, edit_form, notice, panel, plain_table, table_twin
from dashboard.formatting import MISSING, format_date, format_moment
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import in_time
from dashboard.page import PageContext
from dashboard.pages.beschluesse import ids
from dashboard.pages.beschluesse.cards import card, details_address
from dashboard.pages.beschluesse.forms import CORRECT, WITHDRAW, area_options, values_of
from dashboard.pages.beschluesse.goals import figure_title, place_name, read_goals, unit_of
from dashboard.target_words import Goal
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.calendar import month_end, months_later
from geodata.resolutions import Resolution, Version, is_in_scope, read_course, read_versions

# Each past day is computed from the facts, so a course has few of them.
MONTHS: Final = 6


def detail(context: PageContext, one: Resolution) -> list[Component]:
    """All parts of the page of one resolution."""
    with context.deps.asker() as asker:
        ((standing, goal),) = read_goals(asker, [one], context.as_of)
        areas = read_areas(asker, context.as_of)
        versions = read_versions(asker, one.key)
    parts: list[Component] = []
    if one.is_withdrawn:
        parts.append(notice(_("This resolution was withdrawn. It stands in no list and on no slide."), kind="info"))
    parts.append(card(standing, goal, context.query, has_details=False))
    if is_in_scope(context.scope, one) and goal.value is not None:
        parts += in_time(context.deps, [(_("Course"), lambda asker: course(asker, one, goal))])
    is_told = context.scope.allows("resolution:write")
    parts.append(panel(_("Versions"), _versions(versions, areas, is_told=is_told)))
    return [*parts, *_forms(context, one, areas)]


def month_ends(as_of: date, months: int) -> tuple[date, ...]:
    """The last days of the months before the date, and the date itself, the earliest first."""
    return (*(month_end(months_later(as_of, -count)) for count in range(months, 0, -1)), as_of)


def course(asker: Asker, one: Resolution, goal: Goal) -> Component:
    """The value at the last month ends against the target."""
    points = read_course(asker, one, [day for day in month_ends(goal.as_of, MONTHS) if day >= one.decided_on])
    label = _("Course of the value against its target: %(title)s", title=one.title)
    # Words for the twin; the target stands in each row, so that the table says what the line says.
    rows = [
        [format_date(day), MISSING if value is None else words.amount(value, goal.unit), words.bound_words(goal)]
        for day, value in points
    ]
    drawn = chart(ids.COURSE, _traces(points, goal), _layout(points, goal), label=label, height_px=240)
    return panel(_("Course"), [drawn, table_twin((_("Date"), _("Value"), _("Target")), rows, label)])


def _traces(points: Sequence[tuple[date, float | None]], goal: Goal) -> list[dict[str, Any]]:
    days = [day.isoformat() for day, _value in points]
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": days,
            "y": [value for _day, value in points],
            "line": {"color": "$accent", "width": 2},
            "marker": {"size": 8},
            "name": goal.figure,
            "text": [f"{format_date(day)}: {MISSING if value is None else words.amount(value, goal.unit)}"
                     for day, value in points],
            "hovertemplate": "%{text}<extra></extra>",
            "cliponaxis": False,
        },
    ]  # fmt: skip


def _layout(points: Sequence[tuple[date, float | None]], goal: Goal) -> dict[str, Any]:
    """The target is a line with its words; the axis begins at zero, so that a small change looks small."""
    most = max([goal.target.value, *(value for _day, value in points if value is not None)])
    # A telephone has room for three dates; the table has them all.
    ticks = [day for day, _value in points][:: max(len(points) // 2, 1)]
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": goal.target.value, "y1": goal.target.value,
            "line": {"color": "$text", "width": 2, "dash": "dash"}}  # fmt: skip
    said = {"xref": "paper", "x": 0, "xanchor": "left", "y": goal.target.value, "yanchor": "bottom",
            "text": words.target_words(goal), "showarrow": False}  # fmt: skip
    return {
        "margin": {"l": 48, "r": 24, "t": 16, "b": 32},
        "showlegend": False,
        "shapes": [line],
        "annotations": [said],
        "yaxis": {"range": [0, most * 1.2 or 1], "ticksuffix": " %" if goal.unit == "percent" else ""},
        "xaxis": {
            "type": "date",
            "tickvals": [day.isoformat() for day in ticks],
            "ticktext": [format_date(day) for day in ticks],
        },
    }


def _versions(versions: Sequence[Version], areas: Sequence[Area], *, is_told: bool) -> Component:
    by_id = {area.id: area for area in areas}
    head = (_("Since"), _("Resolution"), _("Target"), _("Figure"), *((_("Brought by"),) if is_told else ()))
    rows = [
        [
            format_moment(one.recorded_at),
            f"{one.resolution.number}: {one.resolution.title}",
            _("withdrawn") if one.resolution.is_withdrawn else _target(one.resolution),
            _figure(one.resolution, by_id.get(one.resolution.area_id or 0)),
            *((one.by or _("a delivery"),) if is_told else ()),
        ]
        for one in versions
    ]
    return plain_table(head, rows, _("Versions"), numbers_from=len(head))


def _target(one: Resolution) -> str:
    bound = code_label("target_direction", one.direction)
    value, day = words.amount(one.target_value, unit_of(one)), format_date(one.until_on)
    return _("%(bound)s %(value)s until %(day)s", bound=bound, value=value, day=day)


def _figure(one: Resolution, area: Area | None) -> str:
    kind = code_label("control_type", one.control_type) if one.control_type else ""
    return " · ".join(part for part in (figure_title(one), kind, place_name(one, area)) if part)


def _forms(context: PageContext, one: Resolution, areas: Sequence[Area]) -> list[Component]:
    if not context.scope.allows("resolution:write"):
        return []
    about = {"resolution": one.key, "expected": str(one.id)}
    back = details_address(one, context.query)
    forms = [
        edit_form(CORRECT, values=values_of(one), about=about, folded=True, options=area_options(areas), cancel=back)
    ]
    if not one.is_withdrawn:
        forms.append(edit_form(WITHDRAW, about=about, folded=True, cancel=back))
    return [html.Div(forms, className="beschluss-form")]
