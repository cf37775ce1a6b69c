"""The forms: entering, correcting, withdrawing a resolution. `about` holds its key and the version that was shown."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.form import FieldGroup, Form, FormField, FormWarning, Saved, Submission
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata import codes
from geodata.access import Asker
from geodata.areas import Area
from geodata.edits.order import Order
from geodata.edits.resolutions import (
    BODY_LIMIT,
    LINK_LIMIT,
    MOST,
    NUMBER_LIMIT,
    TITLE_LIMIT,
    ResolutionDraft,
    add_resolution,
    correct_resolution,
    withdraw_resolution,
)
from geodata.resolutions import Resolution, figures_for_targets

_CONFIRM: Final = "withdraw"
_DECIDED: Final = FieldGroup(
    N_("What was decided"),
    (
        FormField("number", N_("Number of the resolution"), "text", is_required=True, max_length=NUMBER_LIMIT),
        FormField("decided_on", N_("Date of the decision"), "date", is_required=True, not_after_today=True),
        FormField("body", N_("Body"), "text", is_required=True, max_length=BODY_LIMIT),
        FormField("title", N_("In one sentence"), "text", is_required=True, max_length=TITLE_LIMIT,
                  hint=N_("It stands on the slide. No addresses and no names.")),
        FormField("link_text", N_("Where the paper is found"), "text", max_length=LINK_LIMIT,
                  hint=N_("An address that begins with https://, or words.")),
    ),
)  # fmt: skip
_MEASURED: Final = FieldGroup(
    N_("What measures it"),
    (
        FormField("figure", N_("Figure"), "choice", is_required=True,
                  options=tuple((one.key, one.title) for one in figures_for_targets())),
        FormField("is_share", N_("As a share of its whole, in per cent"), "yes_no"),
        FormField("area_id", N_("Only in this area"), "choice"),
        FormField("control_type", N_("Only this kind of control"), "choice", code_list="control_type",
                  codes=codes.CONTROL_TYPES),
        FormField("direction", N_("Bound"), "choice", code_list="target_direction", codes=codes.TARGET_DIRECTIONS,
                  is_required=True),
        FormField("target", N_("Value to be reached"), "integer", is_required=True, at_least=0, at_most=MOST),
        FormField("until_on", N_("Until"), "date", is_required=True),
    ),
)  # fmt: skip


def add(asker: Asker, submission: Submission) -> Saved:
    """A new resolution."""
    add_resolution(asker, Order(submission.id, "beschluss-neu"), _draft(submission.values))
    return Saved(_("The resolution was entered."), href("/beschluesse"))


def correct(asker: Asker, submission: Submission) -> Saved:
    """The resolution anew; the version before it stays in its past."""
    key = submission.about.get("resolution", "")
    order = Order(submission.id, "beschluss-berichtigen", expected=submission.expected)
    correct_resolution(asker, order, key, _draft(submission.values))
    return Saved(_("The correction was saved."), href("/beschluesse", {"resolution": key}))


def withdraw(asker: Asker, submission: Submission) -> Saved:
    """Out of the list, after a question."""
    if _CONFIRM not in submission.confirmed:
        raise FormWarning(
            _CONFIRM,
            _("It leaves the list and the slides of later releases. What was released stays, and so do its versions."),
        )
    order = Order(submission.id, "beschluss-zurueckziehen", submission.values.get("reason"), submission.expected)
    withdraw_resolution(asker, order, submission.about.get("resolution", ""))
    return Saved(_("The resolution was withdrawn."), href("/beschluesse"))


def values_of(one: Resolution) -> dict[str, Any]:
    """A resolution as the form holds it."""
    names = ("number", "decided_on", "body", "title", "link_text", "figure", "is_share", "control_type", "direction",
             "until_on")  # fmt: skip
    area = None if one.area_id is None else str(one.area_id)
    return {name: getattr(one, name) for name in names} | {"area_id": area, "target": round(one.target_value)}


def area_options(areas: Sequence[Area]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The areas of the city as the form's menu, with their kind: two kinds may have one name."""
    named = [(str(area.id), f"{area.name} ({code_label('area_kind', area.kind)})") for area in areas]
    return {"area_id": named}


def _draft(values: Mapping[str, Any]) -> ResolutionDraft:
    plain = {name: values[name] for name in ("decided_on", "target", "until_on", "control_type", "link_text")}
    texts = {name: values[name] or "" for name in ("number", "body", "title", "figure", "direction")}
    area = values["area_id"] or ""
    # A menu that only the page knows takes any short text; what is no number is no area.
    area_id = int(area) if area.isascii() and area.isdecimal() and len(area) < 10 else -1 if area else None
    return ResolutionDraft(**plain, **texts, is_share=bool(values["is_share"]), area_id=area_id)


ADD: Final = Form("beschluss-neu", N_("Enter a resolution"), "resolution:write", (_DECIDED, _MEASURED),
                  N_("Save the resolution"), add)  # fmt: skip
CORRECT: Final = Form("beschluss-berichtigen", N_("Correct the resolution"), "resolution:write",
                      (_DECIDED, _MEASURED), N_("Save the correction"), correct)  # fmt: skip
WITHDRAW: Final = Form(
    "beschluss-zurueckziehen", N_("Withdraw the resolution"), "resolution:write",
    (FormField("reason", N_("Why"), "lines", max_length=1_000,
               hint=N_("Only case workers read it. No names of residents.")),),
    N_("Withdraw"), withdraw,
)  # fmt: skip
FORMS: Final = (ADD, CORRECT, WITHDRAW)
