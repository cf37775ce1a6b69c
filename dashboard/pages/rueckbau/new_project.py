"""The form for a new project: object, key, decision, and the plan of its usual stages."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, icon, page_header
from dashboard.form import AddressText, FieldGroup, Form, FormField, FormProblem, MalformedForm, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.rueckbau import ids, links
from dashboard.pages.rueckbau.form_parts import day, in_words, order, project_address
from dashboard.place_routes import OBJECTS
from geodata import codes
from geodata.access import Asker
from geodata.edits.projects import KEY_LIMIT, PROGRAMME_LIMIT, PlanDraft, ProjectDraft, begin_project
from geodata.property_detail import read_property

NEW: Final = "neu"
# Stages that every project has; the others are asked for.
_ALWAYS: Final = ("decision", "demolition")
_RELEASES: Final = (("council", N_("the council only")), ("public", N_("the public")))
_CHOSEN: Final = tuple(code for code in codes.DEMOLITION_STAGES if code not in _ALWAYS)


def begin(asker: Asker, submission: Submission) -> Saved:
    """A new project with its plan: dates for its begin and its demolition, the stages between them as required."""
    values = submission.values
    owner = _owner(values["property_id"])
    draft = ProjectDraft(
        key=values["key"] or "",
        decided_on=values["decided_on"],
        programme=values["programme"],
        released_to=values["released_to"] or None,
        stages=stages_of(values),
    )
    with in_words({FORM.key: FORM}, FORM.key):
        begin_project(asker, order(submission, FORM.key), owner, draft)
    return Saved(_("The project was entered. Plan its stages next."), project_address(owner, draft.key.strip()))


def stages_of(values: Mapping[str, Any]) -> dict[str, PlanDraft]:
    """The plans of the stages in their usual order: what was not chosen is named as not required."""
    decided_on: date | None = values["decided_on"]
    plans = {code: PlanDraft(is_required=code in values["stages"]) for code in _CHOSEN}
    plans["decision"] = PlanDraft(planned_start_on=decided_on, planned_end_on=decided_on)
    plans["demolition"] = PlanDraft(
        planned_start_on=values["planned_start_on"], planned_end_on=values["planned_end_on"]
    )
    return {code: plans[code] for code in codes.DEMOLITION_STAGES}


def _owner(given: AddressText | None) -> int:
    if given is None or given.id is None:
        raise FormProblem({"property_id": _("Please choose an object from the list.")})
    if not (given.id.isascii() and given.id.isdecimal() and len(given.id) < 19):
        raise MalformedForm("The object is not a number.")
    return int(given.id)


FORM: Final = Form(
    "rueckbau-neu", N_("New demolition project"), "demolition:write",
    (
        FieldGroup(
            N_("What is decided"),
            (
                FormField("property_id", N_("Object"), "address", is_required=True, suggest=OBJECTS,
                          hint=N_("Part of the address, key or file reference; choose from the list.")),
                FormField("key", N_("Key of the project"), "text", is_required=True, max_length=KEY_LIMIT,
                          hint=N_("As the office names it, for example RB-30/2026.")),
                day("decided_on", N_("Decided on")),
                FormField("programme", N_("Programme"), "text", max_length=PROGRAMME_LIMIT),
                FormField("released_to", N_("Released by name to"), "choice",
                          options=_RELEASES, hint=N_("Empty = to nobody.")),
            ),
        ),
        FieldGroup(
            N_("Plan"),
            (
                FormField("stages", N_("Stages that are required"), "choices", code_list="demolition_stage",
                          codes=_CHOSEN,
                          hint=N_("Decision and demolition always are. Each stage is planned on the project's page.")),
                day("planned_start_on", N_("Begin of the demolition planned"), is_required=False, is_plan=True),
                day("planned_end_on", N_("End of the demolition planned"), is_required=False, is_plan=True),
            ),
        ),
    ),
    N_("Enter the project"), begin,
)  # fmt: skip


def page(asker: Asker, context: PageContext) -> Component:
    """The form; a property of the link is filled in."""
    back = html.A(
        [icon("back"), _("All projects")], href=links.same_page(context.query), className="rueckbau-back qm-link"
    )
    values: dict[str, Any] = {"stages": _CHOSEN, **_filled(asker, context)}
    form = edit_form(FORM, values=values, about={}, cancel=links.same_page(context.query), has_title=False)
    framed = html.Section(html.Div(form, className="panel-body"), className="panel")
    return html.Div([back, page_header(_("New demolition project")), framed], className="page rueckbau rueckbau-forms")


def _filled(asker: Asker, context: PageContext) -> dict[str, Any]:
    given = context.query.get(ids.PROPERTY, "")
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        return {}
    found = read_property(asker, int(given), context.as_of)
    return {} if found is None else {"property_id": AddressText(found.address_text or found.key, given)}
