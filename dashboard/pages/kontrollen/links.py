"""Links of the page: its views, other choices of the same page, the map, the rules and the scenario."""

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import link_button
from dashboard.components.choices import Choice, value_choices, view_choices
from dashboard.formatting import format_days
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.kontrollen import ids
from dashboard.pages.kontrollen.question import COURSE, DUE, PARAMETERS, VIEWS, Preset, Question, presets
from dashboard.routes import href
from geodata.areas import Area
from geodata.filters import FIELDS

_KEPT: Final = (*FIELDS, *PARAMETERS, "lang")
_WHOLE_CITY: Final = 0
# A scenario of more wishes cannot be read any more.
_MOST_WISHES: Final = 5
_ASKED_TYPE: Final = "joint_control"
_ASKED_DAYS: Final = 60


def same_page(context: PageContext, **changes: str | None) -> str:
    """The link to this page with other values of some parts; None takes a part away."""
    kept: dict[str, str | None] = {key: value for key, value in context.query.items() if key in _KEPT}
    return href(context.page_path, {**kept, **changes})


def view_links(context: PageContext, question: Question) -> Component:
    """The views as links side by side; the filter and the period go along."""
    views = [
        Choice(ids.choice("view", key), _(title), _view_address(context, key), key == question.view)
        for key, title in VIEWS.items()
    ]
    return view_choices(views, label=_("Views of the inspections"))


def _view_address(context: PageContext, key: str) -> str:
    return same_page(context, view=None) if key == DUE else same_page(context, view=key, due=None)


def period_links(context: PageContext, question: Question) -> Component:
    """The usual periods as links; whatever else is wanted can be typed into the filter."""
    usual = presets(context.as_of)
    shown: list[Choice] = []
    for preset in usual:
        # Two presets may begin on the same day (31 December): only the first is marked then.
        is_chosen = preset.first_on == question.period.first_on and not any(one.is_chosen for one in shown)
        start = None if preset == usual[0] else preset.first_on.isoformat()
        name = ids.choice("from", str(preset.months or "year"))
        shown.append(Choice(name, preset_words(preset), same_page(context, **{"from": start}), is_chosen))
    return value_choices(shown, label=_("Period"), says=_("Period:"))


def preset_words(preset: Preset) -> str:
    """12 months, or this year."""
    return _("this year") if preset.months is None else _("%(count)s months", count=preset.months)


def choice_links(
    context: PageContext, name: str, options: Sequence[tuple[str, str]], chosen: str, *, label: str
) -> Component:
    """Links to the same page with another value of one part of the link."""
    values = [
        Choice(ids.choice(name, code), text, same_page(context, **{name: code}), code == chosen)
        for code, text in options
    ]
    return value_choices(values, label=label)


def map_address(context: PageContext) -> str:
    """The map with the same filter, what is overdue on it, and the layer of due dates."""
    drawn = [layer.key for layer in context.deps.layers if layer.is_on and layer.options is None]
    kept = {name: context.query[name] for name in FIELDS if context.query.get(name)}
    return href("/karte", {"due": "overdue", **kept, "layers": ",".join([*drawn, "due"])})


def object_address(context: PageContext, property_id: int) -> str:
    """The page of an object, at the date of this page."""
    return _dated(context, f"/objekt/{property_id}")


def rules_link(context: PageContext) -> Component:
    """The page of the rules; it leads back to the area that is chosen here."""
    return link_button(_("Rules"), _dated(context, "/regeln", area=context.query.get("area")))


def scenario_link(context: PageContext, question: Question, control_type: str, interval_days: int) -> list[Component]:
    """The scenario, filled in with this area and type of control more often; nothing for who may not play it."""
    if not context.scope.allows("scenario:read"):
        return []
    wish = wish_of(question, control_type, interval_days)
    words = _(
        "What if %(type)s came every %(days)s?",
        type=code_label("control_type", control_type),
        days=format_days(int(wish.rpartition(":")[2])),
    )
    return [html.A(words, href=_dated(context, "/planspiel", wish=wish), className="qm-link kontrollen-what-if")]


def course_link(context: PageContext) -> Component:
    """The course over time, asked as a newcomer would ask for it."""
    words = _("Better or worse than a year ago?")
    return html.A(words, href=same_page(context, view=COURSE, due=None), className="qm-link")


def wish_of(question: Question, control_type: str, interval_days: int) -> str:
    """The areas (0 = whole city), the type and a shorter interval, as the link of the scenario takes wishes.

    Joint controls are what councils ask for, and every 60 days is what they ask; others are halved.
    """
    area_ids = question.chosen.area_ids[:_MOST_WISHES] or (_WHOLE_CITY,)
    is_asked = control_type == _ASKED_TYPE and interval_days > _ASKED_DAYS
    days = _ASKED_DAYS if is_asked else max(1, interval_days // 2)
    return ",".join(f"{area_id}:{control_type}:{days}" for area_id in area_ids)


def filtered_names(question: Question, areas: Sequence[Area]) -> str:
    """The areas of the filter by name, for a sentence; empty without any."""
    names: Mapping[int, str] = {area.id: area.name for area in areas}
    return ", ".join(names[area_id] for area_id in question.chosen.area_ids if area_id in names)


def _dated(context: PageContext, path: str, **query: str | None) -> str:
    return href(path, {"as_of": context.query.get("as_of"), **query})
