"""The open form of a rule: what is entered, the preview of it, and the form that saves just that."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from dash import html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import notice
from dashboard.components.edit_form import edit_form
from dashboard.form import Form, MalformedForm
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import read_in_time
from dashboard.page import PageContext
from dashboard.pages.regeln.fields import ANY_USE, WHOLE_CITY
from dashboard.pages.regeln.forms import ASKING, PERMISSION, PREVIEW_SECONDS, SAVING
from dashboard.pages.regeln.preview import preview_panel
from dashboard.pages.regeln.wish import (
    FORM,
    RULE,
    Kind,
    Wish,
    draft_of,
    holds_values,
    number,
    page_href,
    read_wish,
    values_of,
)
from dashboard.routes import href
from dashboard.rule_refusals import refused_rule
from dashboard.rule_words import rule_name
from geodata.access import Scope
from geodata.areas import Area
from geodata.calendar import today
from geodata.codes import USE_TYPES
from geodata.errors import InvalidEdit
from geodata.rules.preview import Preview, preview
from geodata.rules.reads import RuleShown

Problem = Component


def change_part(context: PageContext, rules: Sequence[RuleShown], areas: Sequence[Area]) -> list[Component]:
    """The form that the link opens, with the preview once there are values; nothing where none is asked for."""
    kind: Kind | None = next((one for one in get_args(Kind) if one == context.query.get(FORM)), None)
    if kind is None:
        return []
    if not context.scope.allows(PERMISSION):
        return [notice(_("Only building control changes rules."), kind="bad")]
    rule = next((one for one in rules if one.id == number(context.query, RULE)), None)
    if kind != "new" and rule is None:
        return [notice(_("This rule is not there any more; somebody may have changed it meanwhile."), kind="bad")]
    if not holds_values(ASKING[kind], context.query):
        return [_section(kind, rule, [_asking(kind, rule, context, areas)])]
    return [_section(kind, rule, _previewed(kind, rule, context, areas))]


def _section(kind: Kind, rule: RuleShown | None, parts: Sequence[Component]) -> Component:
    about = []
    if rule is not None:
        words = _("%(type)s: %(rule)s", type=code_label("control_type", rule.control_type), rule=rule_name(rule))
        about = [html.P(words, className="regeln-about")]
        if rule.is_statutory and kind == "replace":
            about.append(notice(_("A duty by law: it can become stricter, never milder.")))
    return html.Section([*about, *parts], className="regeln-change", **{"aria-label": _("Change of a rule")})


# --- before the preview -----------------------------------------------------------------------------------------------


def _asking(kind: Kind, rule: RuleShown | None, context: PageContext, areas: Sequence[Area]) -> Component:
    # The past stays as it was: what was due then was due by the rule of then.
    day = max(context.as_of, today())
    values: dict[str, Any] = {"ends_on": day} if kind == "end" else first_values(rule, day)
    return _form(ASKING[kind], values, _about(kind, rule, context), context, areas)


def first_values(rule: RuleShown | None, begins_on: date) -> dict[str, Any]:
    """What the form shows at first: the rule that is to be changed from a day on, or a plain new one."""
    if rule is None:
        return {
            "control_type": "joint_control", "area_id": WHOLE_CITY, "use_type": ANY_USE,
            "access_required": "common_areas", "valid_from": begins_on,
        }  # fmt: skip
    return values_of(rule) | {"valid_from": max(begins_on, rule.valid_from)}


def _about(kind: Kind, rule: RuleShown | None, context: PageContext) -> dict[str, str]:
    as_of = context.query.get("as_of")
    return {
        **({} if kind == "new" or rule is None else {RULE: str(rule.id)}),
        **({"as_of": as_of} if as_of else {}),
    }


def _form(
    form: Form,
    values: Mapping[str, Any],
    about: Mapping[str, str],
    context: PageContext,
    areas: Sequence[Area],
    *,
    note: str = "",
) -> Component:
    """A form that is open by itself takes the focus; beside a preview, which has a note, that is to be read first."""
    close = page_href(context.query.get("as_of"))
    drawn = edit_form(
        form,
        values=values,
        about=about,
        cancel=None if note else close,
        options={"area_id": area_options(areas), "use_type": use_options()},
    )
    if not note:
        return html.Section(drawn, className="panel regeln-form")
    leave = html.A(_("Discard"), href=close, className="button qm-link")
    return html.Section([html.P(note, className="quiet"), drawn, leave], className="panel regeln-form")


def area_options(areas: Sequence[Area]) -> list[tuple[str, str]]:
    """The whole city first, then the areas with their kind, because two kinds may share a name."""
    named = [(str(area.id), f"{code_label('area_kind', area.kind)}: {area.name}") for area in areas]
    return [(WHOLE_CITY, _("whole city")), *named]


def use_options() -> list[tuple[str, str]]:
    """All uses first."""
    return [(ANY_USE, _("all uses")), *((code, code_label("use_type", code)) for code in USE_TYPES)]


# --- the preview ------------------------------------------------------------------------------------------------------


def _previewed(kind: Kind, rule: RuleShown | None, context: PageContext, areas: Sequence[Area]) -> list[Component]:
    try:
        wish, problems = read_wish(ASKING[kind], kind, context.query, today())
    except MalformedForm:
        return [
            notice(_("This link cannot be read. Fill the form in anew."), kind="bad"),
            _asking(kind, rule, context, areas),
        ]
    about = _about(kind, rule, context)
    found = notice(problem_list(ASKING[kind], problems), kind="bad") if problems else _compute(kind, wish, context)
    if not isinstance(found, Preview):
        return [found, _form(ASKING[kind], wish.values, about, context, areas)]
    seal = wish.seal(context.deps.session_key, signed_in().scope.account, context.query.get("as_of"))
    # Two kinds of area may share a name.
    names = {area.id: f"{area.name} ({code_label('area_kind', area.kind)})" for area in areas}
    note = _("These values were computed. If you change one of them, you are shown the preview of that first.")
    form = _form(SAVING[kind], wish.values, {**about, "seen": seal}, context, areas, note=note)
    shown = preview_panel(found, names, context.as_of, to_scenario(wish, context.scope, context.query.get("as_of")))
    return [html.Div([shown, form], className="regeln-pair")]


def to_scenario(wish: Wish, scope: Scope, as_of: str | None) -> list[Component]:
    """Where the same wish is played through with the teams that there are; a scenario knows no use and no end."""
    if wish.kind == "end" or wish.values["use_type"] != ANY_USE or not scope.allows("scenario:read"):
        return []
    draft = draft_of(wish.values)
    part = f"{draft.area_id or 0}:{draft.control_type}:{draft.interval_days}"
    address = href("/planspiel", {"as_of": as_of or None, "wish": part})
    return [html.A(_("Can the teams do that? Play it through"), href=address, className="button qm-link")]


def problem_list(form: Form, problems: Mapping[str, str]) -> str:
    """What is wrong with the values of a link."""
    refused = refused_rule(form, InvalidEdit(dict(problems)))
    words = [
        f"{_(field.label)}: {refused.fields[field.name]}" for field in form.plain_fields if field.name in refused.fields
    ]
    return " ".join([*words, refused.message]).strip()


def _compute(kind: Kind, wish: Wish, context: PageContext) -> Preview | Problem:
    """The preview; where it is refused or takes too long, why."""
    try:
        change = wish.change
        found = read_in_time(
            context.deps,
            lambda asker: preview(asker, change, context.as_of),
            statement_seconds=PREVIEW_SECONDS,
        )
    except InvalidEdit as refused:
        return notice(problem_list(ASKING[kind], refused.fields), kind="bad")
    late = _("Computing this took too long. Nothing is saved without it; try again when fewer people are working.")
    return notice(late, kind="bad") if found is None else found
