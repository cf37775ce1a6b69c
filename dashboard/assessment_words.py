"""How assessments read: colours with their shape, contributions with their points, age and what exactly they are."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.assessment.rule import AXES, DEFECT_GROUPS, Axis, Computed, Part, Side
from layers.symbols import svg

# Which list of codes says what exactly a contribution is; its words are told only where there are some.
_WHAT: Final = {
    **dict.fromkeys(DEFECT_GROUPS, "defect"),
    "access_failed": "control_type",
    "control_overdue": "control_type",
    "supply_cut": "utility",
    "house_closed": "closure_cause",
    "owner_clarified": "ownership_form",
    "proceeding_open": "measure_kind",
    "order_enforceable": "measure_kind",
    "order_final": "measure_kind",
    "coercion_enforceable": "measure_kind",
    "court_pending": "measure_kind",
}


def colour_badge(colour: str | None) -> Component:
    """The colour as the map shows it, with its shape and its name."""
    drawing = svg(f"assessment_{colour or 'none'}")
    picture = html.Img(src=f"data:image/svg+xml,{quote(drawing)}", alt="")
    words = code_label("colour", colour) if colour else _("not assessed")
    return html.Span([picture, words], className="badge assessment-badge")


def contribution_name(code: str | None) -> str:
    """What contributes; None = the assessment as a whole."""
    return code_label("assessment_contribution", code) if code else _("The assessment as a whole")


def points_words(points: int) -> str:
    """Points with their sign; a true minus, so that it is as wide as the plus."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def part_words(part: Part) -> str:
    """What exactly a contribution is: the defects found, the kind of proceeding."""
    code_list = _WHAT.get(part.code)
    labels = [_label(code_list, one) for one in part.what] if code_list else []
    return ", ".join(labels)


def age_words(part: Part) -> str:
    """Since when it is there, and how many days that is."""
    if part.since_on is None or part.age_days is None:
        return _("not dated")
    days = ngettext("%(count)s day", "%(count)s days", part.age_days, count=format_number(part.age_days))
    return _("since %(date)s, %(days)s", date=format_date(part.since_on), days=days)


def effect_words(part: Part) -> str:
    """Why a contribution counts nothing; empty where it counts."""
    return {"too_old": _("too old to count"), "inactive": _("is left out in this city")}.get(part.effect, "")


def axis_name(axis: Axis) -> str:
    """The input by its name."""
    return _("Pressure of the problem") if axis == "pressure" else _("Room to act")


def level_words(side: Side) -> str:
    """The level of an input, and from how many points it follows."""
    return _("Level %(level)s of 3, from %(points)s", level=side.level, points=_points(side.points))


def levels_words(levels_from: Sequence[int]) -> str:
    """From how many points on the levels are reached."""
    return _("Level 1 from %(one)s, level 2 from %(two)s, level 3 from %(three)s points.",
             one=levels_from[0], two=levels_from[1], three=levels_from[2])  # fmt: skip


def computed_view(computed: Computed, levels: dict[Axis, Sequence[int]] | None = None, *, level: int = 3) -> Component:
    """Both inputs with all that counted, how much and how old it is; `level` is that of the headings."""
    return html.Div([_axis(axis, computed, (levels or {}).get(axis), level) for axis in AXES], className="assessment")


def _axis(axis: Axis, computed: Computed, levels_from: Sequence[int] | None, level: int) -> Component:
    side = computed.pressure if axis == "pressure" else computed.room_to_act
    parts = [one for one in computed.parts if one.axis == axis]
    heading = getattr(html, f"H{level}")(axis_name(axis))
    meter = html.Span(
        [html.Span(className="assessment-step" + (" is-reached" if one <= side.level else "")) for one in (1, 2, 3)],
        className="assessment-meter",
        **{"aria-hidden": "true"},
    )
    head = html.Div([heading, html.Span([meter, level_words(side)], className="assessment-level")])
    note = [html.P(levels_words(levels_from), className="quiet assessment-note")] if levels_from else []
    nothing = html.P(_("Nothing of the list is there."), className="quiet")
    listed = html.Ul([_entry(one) for one in _ordered(parts)], className="assessment-parts") if parts else nothing
    return html.Section([head, *note, listed], className="assessment-axis")


def _ordered(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda one: (one.effect != "counted", -abs(one.points)))


def _entry(part: Part) -> Component:
    name = [html.Strong(code_label("assessment_contribution", part.code))]
    more = [one for one in (part_words(part), age_words(part), effect_words(part)) if one]
    points = html.Span(
        [points_words(part.points), html.Span(f" {_('points')}", className="visually-hidden")],
        className="assessment-points",
    )
    lines = html.Div([*name, html.Span(" · ".join(more), className="quiet")])
    return html.Li([lines, points], className="" if part.effect == "counted" else "is-out")


def _points(points: int) -> str:
    return ngettext("%(count)s point", "%(count)s points", points, count=format_number(points))


def _label(code_list: str, code: str) -> str:
    # Where no proceeding is recorded, the state of the object tells of it.
    label = code_label(code_list, code)
    return code_label("state", code) if label == f"{code_list}:{code}" else label


def what_is_never_counted() -> str:
    """The sentence that stands wherever an assessment is explained."""
    return _(
        "Only facts about the building and the proceedings count. Numbers of persons or households, benefits, the "
        "population and anyone's origin never do."
    )
