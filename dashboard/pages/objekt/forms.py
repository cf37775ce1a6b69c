"""The forms of the page of one property: what can be entered, corrected and taken back there.

`about` of each: "property" (id), "expected" (the version that was shown), and of corrections "fact" (its id).
"""

from collections.abc import Callable
from typing import Final

from dashboard.address_input import read_addresses
from dashboard.form import FieldGroup, Form, FormField, Repeats, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.objekt.figures import address_lines
from dashboard.pages.objekt.release_forms import END_RELEASE, RELEASE
from dashboard.pages.objekt.report_form import REPORT
from dashboard.place_routes import ADDRESSES
from dashboard.routes import href
from geodata import codes, edits, watching
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits import AddressDraft, InspectionDraft, Order, PropertyDraft
from geodata.property_detail import Address, PropertyDetail, read_property

TEXT_LENGTH: Final = 2_000
NOTE_LENGTH: Final = 10_000
# Not a comma: "Flur 20, Nr. 474" is one parcel.
PARCELS_APART: Final = ";"
NO_NAMES: Final = N_("No names of residents or of people who told the city something, and nothing about their origin.")
CASE_TEXT: Final = N_("Only case workers read it. No names of residents.")

_STATUS_FIELDS: Final = (
    FormField("state", N_("State"), "choice", code_list="state", codes=codes.STATES, is_required=True),
    FormField("valid_on", N_("Date"), "date", is_required=True, not_after_today=True),
    FormField(
        "reason",
        N_("Reason"),
        "lines",
        max_length=TEXT_LENGTH,
        hint=N_("Only case workers read it. No names of residents."),
    ),
)
_NOTE_FIELDS: Final = (
    FormField(
        "note_class",
        N_("Who may read it"),
        "choice",
        code_list="note_class",
        codes=codes.NOTE_CLASSES,
        is_required=True,
    ),
    FormField("written_on", N_("Date"), "date", is_required=True, not_after_today=True),
    FormField("body", N_("Note text"), "lines", is_required=True, max_length=NOTE_LENGTH, hint=NO_NAMES),
)  # fmt: skip
INSPECTION_FIELDS: Final = (
    FormField(
        "control_type", N_("Kind of control"), "choice", code_list="control_type", codes=codes.CONTROL_TYPES,
        is_required=True,
    ),
    FormField("inspected_on", N_("Date"), "date", is_required=True, not_after_today=True),
    FormField(
        "access_reached", N_("Access reached"), "choice", code_list="access", codes=codes.ACCESS_LEVELS,
        is_required=True,
    ),
    FormField("result", N_("Result"), "choice", code_list="result", codes=codes.INSPECTION_RESULTS, is_required=True),
    FormField("defects", N_("Defects found"), "choices", code_list="defect", codes=codes.DEFECTS),
)  # fmt: skip
_LEAD = FormField("lead_office", N_("Lead office"), "choice", code_list="office", codes=codes.OFFICES)
_STEP = FormField("next_step", N_("Next step"), "lines", max_length=TEXT_LENGTH, hint=N_("No names of residents."))
_REMINDER = FormField("reminder_on", N_("Reminder"), "date")
_WHY = FormField(
    "reason", N_("Why"), "lines", max_length=TEXT_LENGTH, hint=N_("Only case workers read it. No names of residents.")
)
_FACT_GROUPS: Final = (
    FieldGroup(
        N_("Building"),
        (
            FormField("use_type", N_("Use"), "choice", code_list="use_type", codes=codes.USE_TYPES),
            FormField("building_class", N_("Building class"), "integer", at_least=1, at_most=5),
            FormField("dwellings", N_("Dwellings"), "integer", at_least=0, at_most=5_000),
            FormField("is_inhabited", N_("Inhabited"), "yes_no"),
            FormField("is_heritage", N_("Listed building"), "yes_no"),
        ),
    ),
    FieldGroup(
        N_("Case"),
        (
            FormField("file_reference", N_("File reference"), "text", max_length=100),
            FormField("registered_on", N_("Recorded on"), "date", not_after_today=True),
            FormField(
                "ownership_form", N_("Ownership"), "choice", code_list="ownership_form", codes=codes.OWNERSHIP_FORMS
            ),
            FormField(
                "parcels", N_("Parcels"), "text", max_length=TEXT_LENGTH, hint=N_("Separate several by semicolons.")
            ),
            _WHY,
        ),
    ),
)  # fmt: skip


def _saved(submission: Submission, message: str) -> Saved:
    """Back to the page of the property, without the form."""
    return Saved(message, href(f"/objekt/{submission.number('property')}", _as_of(submission)))


def _as_of(submission: Submission) -> dict[str, str]:
    return {"as_of": submission.about["as_of"]} if submission.about.get("as_of") else {}


def _order(submission: Submission, kind: str) -> Order:
    return Order(submission.id, kind, submission.values.get("reason"), submission.expected)


# --- something new ----------------------------------------------------------------------------------------------------


def set_status(asker: Asker, submission: Submission) -> Saved:
    """The property enters a state."""
    values = submission.values
    edits.add_status_event(
        asker, Order(submission.id, "status", expected=submission.expected), submission.number("property"),
        state=values["state"], valid_on=values["valid_on"], reason=values["reason"],
    )  # fmt: skip
    return _saved(submission, _("The state was recorded."))


def set_next_step(asker: Asker, submission: Submission) -> Saved:
    """Who is in charge, what comes next, and when to look again."""
    values = submission.values
    edits.set_next_step(
        asker, _order(submission, "naechster-schritt"), submission.number("property"),
        lead_office=values["lead_office"], next_step=values["next_step"], reminder_on=values["reminder_on"],
    )  # fmt: skip
    return _saved(submission, _("The next step was saved."))


def add_note(asker: Asker, submission: Submission) -> Saved:
    """A note of a class."""
    values = submission.values
    edits.add_note(
        asker, _order(submission, "notiz"), submission.number("property"),
        note_class=values["note_class"], body=values["body"], written_on=values["written_on"],
    )  # fmt: skip
    return _saved(submission, _("The note was saved."))


def record_inspection(asker: Asker, submission: Submission) -> Saved:
    """A visit to this property without a round."""
    edits.record_inspection(asker, _order(submission, "kontrolle"), _visit(submission))
    return _saved(submission, _("The control was recorded."))


def _visit(submission: Submission) -> InspectionDraft:
    values = submission.values
    names = ("control_type", "inspected_on", "access_reached", "result", "defects")
    return InspectionDraft(submission.number("property"), **{name: values[name] for name in names})


# --- corrections ------------------------------------------------------------------------------------------------------


def correct_facts(asker: Asker, submission: Submission) -> Saved:
    """The facts of the property anew; next step and reminder stay, they have a form of their own."""
    property_id = submission.number("property")
    detail = read_property(asker, property_id, today())
    if detail is not None:
        order = _order(submission, "angaben")
        edits.correct_property(asker, order, property_id, _draft(asker, submission, detail))
    return _saved(submission, _("The facts were corrected."))


def _draft(asker: Asker, submission: Submission, detail: PropertyDetail) -> PropertyDraft:
    values = submission.values
    plain = ("use_type", "building_class", "dwellings", "is_inhabited", "is_heritage", "file_reference")
    kept = {name: getattr(detail, name) for name in ("lead_office", "next_step", "reminder_on")}
    position = detail.position
    return PropertyDraft(
        addresses=_addresses(asker, submission, detail),
        position=(position.longitude, position.latitude) if position else None,
        registered_on=values["registered_on"] or detail.registered_on,
        ownership_form=values["ownership_form"],
        parcels=tuple(filter(None, (part.strip() for part in (values["parcels"] or "").split(PARCELS_APART)))),
        **{name: values[name] for name in plain},
        **kept,
    )


def _addresses(asker: Asker, submission: Submission, detail: PropertyDetail) -> tuple[AddressDraft, ...]:
    """An address that was left as it is stays just that; another one is looked up or taken as written."""
    known = dict(zip(address_lines(detail.addresses), map(_as_draft, detail.addresses), strict=True))
    found: list[AddressDraft] = []
    for item in submission.values["addresses"]:
        kept = known.get(item["address"].text)
        found += [kept] if kept else read_addresses(asker, item["address"], None, today()).drafts
    return tuple(dict.fromkeys(found))


def _as_draft(address: Address) -> AddressDraft:
    return AddressDraft(address.street, address.house_number, address.house_number_suffix, address.postal_code)


def correct_status(asker: Asker, submission: Submission) -> Saved:
    """Another state, date or reason for an event that was recorded."""
    values = submission.values
    edits.correct_status_event(
        asker, Order(submission.id, "status-berichtigen"), submission.number("fact"),
        state=values["state"], valid_on=values["valid_on"], reason=values["reason"],
    )  # fmt: skip
    return _corrected(submission)


def correct_note(asker: Asker, submission: Submission) -> Saved:
    """Another text, date or class for a note."""
    values = submission.values
    edits.correct_note(
        asker, Order(submission.id, "notiz-berichtigen"), submission.number("fact"),
        note_class=values["note_class"], body=values["body"], written_on=values["written_on"],
    )  # fmt: skip
    return _corrected(submission)


def correct_inspection(asker: Asker, submission: Submission) -> Saved:
    """Other facts of a visit that was recorded."""
    order = Order(submission.id, "kontrolle-berichtigen")
    edits.correct_inspection(asker, order, submission.number("fact"), _visit(submission))
    return _corrected(submission)


def _corrected(submission: Submission) -> Saved:
    return _saved(submission, _("Corrected. The earlier version stays visible."))


def _withdraw(table: str, kind: str) -> Callable[[Asker, Submission], Saved]:
    def save(asker: Asker, submission: Submission) -> Saved:
        edits.withdraw_fact(asker, _order(submission, kind), table, submission.number("fact"))
        return _saved(submission, _("Withdrawn. It stays visible as withdrawn."))

    return save


def undo(asker: Asker, submission: Submission) -> Saved:
    """Take an edit back as a whole."""
    edits.undo(asker, submission.number("edit"), submission.id)
    return _saved(submission, _("The change was taken back."))


# --- watching ---------------------------------------------------------------------------------------------------------


def watch(asker: Asker, submission: Submission) -> Saved:
    """Put the property on the own list."""
    watching.watch(asker, submission.number("property"))
    return Saved(_("The object is on your watchlist."))


def unwatch(asker: Asker, submission: Submission) -> Saved:
    """Take it off the list again."""
    watching.unwatch(asker, submission.number("property"))
    return Saved(_("The object is off your watchlist."))


# --- declarations -----------------------------------------------------------------------------------------------------

STATUS = Form("status", N_("Set the state"), "status:write", _STATUS_FIELDS, N_("Record the state"), set_status)
STEP = Form(
    "naechster-schritt", N_("Next step"), "property:write", (_LEAD, _REMINDER, _STEP), N_("Save"),
    set_next_step,
)  # fmt: skip
NOTE = Form("notiz", N_("Write a note"), "note:write", _NOTE_FIELDS, N_("Save the note"), add_note)
INSPECTION = Form(
    "kontrolle", N_("Record a control"), "inspection:write", INSPECTION_FIELDS, N_("Record the control"),
    record_inspection,
)  # fmt: skip
FACTS = Form(
    "angaben", N_("Correct the facts"), "property:write", _FACT_GROUPS, N_("Save the facts"), correct_facts,
    repeats=Repeats(
        "addresses", N_("Addresses"), N_("Address %(number)s"), N_("Add an address"),
        (FormField("address", N_("Street, number and postal code"), "address", is_required=True, suggest=ADDRESSES),),
        at_most=30,
    ),
)  # fmt: skip
CORRECT_STATUS = Form(
    "status-berichtigen", N_("Correct the state"), "status:write", _STATUS_FIELDS, N_("Save the correction"),
    correct_status,
)  # fmt: skip
CORRECT_NOTE = Form(
    "notiz-berichtigen", N_("Correct the note"), "note:write", _NOTE_FIELDS, N_("Save the correction"), correct_note
)
CORRECT_INSPECTION = Form(
    "kontrolle-berichtigen", N_("Correct the control"), "inspection:write", INSPECTION_FIELDS,
    N_("Save the correction"), correct_inspection,
)  # fmt: skip
WITHDRAW_STATUS = Form(
    "status-zuruecknehmen", N_("Withdraw the state"), "status:write", (_WHY,), N_("Take it back"),
    _withdraw("status_event", "status-zuruecknehmen"),
)  # fmt: skip
WITHDRAW_NOTE = Form(
    "notiz-zuruecknehmen", N_("Withdraw the note"), "note:write", (_WHY,), N_("Take it back"),
    _withdraw("note", "notiz-zuruecknehmen"),
)  # fmt: skip
WITHDRAW_INSPECTION = Form(
    "kontrolle-zuruecknehmen", N_("Withdraw the control"), "inspection:write", (_WHY,), N_("Take it back"),
    _withdraw("inspection", "kontrolle-zuruecknehmen"),
)  # fmt: skip
WITHDRAW_ASSESSMENT = Form(
    "bewertung-zuruecknehmen", N_("Withdraw the assessment"), "property:write", (_WHY,), N_("Take it back"),
    _withdraw("assessment_event", "bewertung-zuruecknehmen"),
)  # fmt: skip
UNDO = Form("rueckgaengig", N_("Take a change back"), "edit:read", (), N_("Take back"), undo)
WATCH = Form("beobachten", N_("Watch"), "watch:write", (), N_("Watch"), watch)
UNWATCH = Form("nicht-beobachten", N_("Stop watching"), "watch:write", (), N_("Stop watching"), unwatch)

FORMS: Final = {
    form.key: form
    for form in (
        STATUS, STEP, NOTE, INSPECTION, FACTS, CORRECT_STATUS, CORRECT_NOTE, CORRECT_INSPECTION, WITHDRAW_STATUS,
        WITHDRAW_NOTE, WITHDRAW_INSPECTION, WITHDRAW_ASSESSMENT, UNDO, WATCH, UNWATCH, RELEASE, END_RELEASE, REPORT,
    )
}  # fmt: skip
