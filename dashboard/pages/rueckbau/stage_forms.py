"""The forms of one project on its page: which of them a stage offers, filled with what is known of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, link_button, notice, panel
from dashboard.form import Form
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.money_input import write_amount
from dashboard.page import PageContext
from dashboard.pages.rueckbau import forms, ids
from dashboard.pages.rueckbau.form_parts import about
from dashboard.routes import href
from geodata.demolitions import Project, Stage

END: Final = "ende"
Versions = Mapping[tuple[str, str], int]


def is_open(project: Project, context: PageContext) -> bool:
    """Whether something can be entered: not for an ended project, and only by who may write."""
    return context.scope.allows("demolition:write") and project.status != "ended"


def form_address(context: PageContext, form: str | None) -> str:
    """The page of the project with a form opened, or with none."""
    return href("/rueckbau", {**context.query, ids.FORM: form})


def stage_link(stage: Stage, context: PageContext) -> Component:
    """The link that opens the forms of a stage; its words name the stage for who does not see the row."""
    label = _("Enter: %(stage)s", stage=code_label("demolition_stage", stage.code))
    return html.A(
        _("enter"),
        href=form_address(context, stage.code),
        id=ids.choice("stage", stage.code),
        className="rueckbau-enter qm-link",
        **{"aria-label": label},
    )


def end_link(context: PageContext) -> Component:
    """The link that opens the form of the end."""
    return link_button(_("End without demolition"), form_address(context, END))


def opened(project: Project, context: PageContext, versions: Versions) -> list[Component]:
    """The forms that the link opens; none without one, words where the date shown is a past one."""
    wanted = context.query.get(ids.FORM)
    if not wanted or not is_open(project, context):
        return []
    close = link_button(_("Close"), form_address(context, None), kind="quiet")
    if context.query.get("as_of"):
        text = _("You are looking at another date. What is entered counts from today; go to the usual date first.")
        there = link_button(_("To the usual date"), href("/rueckbau", {**context.query, "as_of": None}))
        return [panel(_("Enter something"), [notice(text), there], actions=close, id="rueckbau-eintragen")]
    if wanted == END:
        first = project.stages[0].code
        said = about(project.property_id, project.key, first, versions.get((first, "actual"), 0))
        form = edit_form(forms.END, about=said, cancel=form_address(context, None), has_title=False)
        return [panel(_(forms.END.title), form, actions=close, id="rueckbau-eintragen")]
    stage = next((one for one in project.stages if one.code == wanted), None)
    if stage is None:
        return []
    title = _("Enter: %(stage)s", stage=code_label("demolition_stage", stage.code))
    shown = stage_parts(project, stage, context, versions)
    return [panel(title, html.Div(shown, className="rueckbau-forms"), actions=close, id="rueckbau-eintragen")]


def stage_parts(project: Project, stage: Stage, context: PageContext, versions: Versions) -> list[Component]:
    """The forms of a stage, the likeliest one open."""
    shown = []
    for at, form in enumerate(offered(stage, context.as_of)):
        aspect = "plan" if form is forms.PLAN else "actual"
        said = about(project.property_id, project.key, stage.code, versions.get((stage.code, aspect), 0))
        values = values_of(form, stage)
        cancel = form_address(context, None) if at == 0 else None
        shown.append(edit_form(form, values=values, about=said, folded=at > 0, cancel=cancel))
    return shown


def offered(stage: Stage, as_of: date) -> Sequence[Form]:
    """Which forms a stage offers, the likeliest first."""
    if not stage.is_required:
        return (forms.PLAN,)
    if stage.is_done(as_of):
        return (forms.REPORT, forms.PLAN)
    if stage.blocker_at(as_of) is not None:
        return (forms.UNBLOCK, forms.COMPLETE, forms.REPORT, forms.PLAN)
    if stage.is_started(as_of):
        return (forms.COMPLETE, forms.BLOCK, forms.REPORT, forms.PLAN)
    return (forms.START, forms.COMPLETE, forms.BLOCK, forms.PLAN)


def values_of(form: Form, stage: Stage) -> dict[str, Any]:
    """What is known of the stage, as the form holds it; what happens next is left empty."""
    if form is forms.PLAN:
        return {
            "is_required": stage.is_required,
            "planned_start_on": stage.planned_start_on,
            "planned_end_on": stage.planned_end_on,
            "cost_planned_eur": write_amount(stage.cost_planned_eur),
        }
    if form is forms.REPORT:
        return {
            "actual_start_on": stage.actual_start_on,
            "actual_end_on": stage.actual_end_on,
            "cost_actual_eur": write_amount(stage.cost_actual_eur),
            "blocker": stage.blocker or stage.past_blocker,
            "blocked_since_on": stage.blocked_since_on,
            "blocked_until_on": stage.blocked_until_on,
        }
    return {}
