"""What the forms about rounds share: the fields of one visit and of the round as a whole, and how an outcome reads.

A round that was held is recorded on page *runde*, a planned one object by object on page *planer*: both ask the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.form import FieldGroup, FormField
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from geodata.codes import ACCESS_LEVELS, DEFECTS, INSPECTION_RESULTS, NOTE_CLASSES, OFFICES

# A finding that is none of the defects that the city publishes; it is no code of the data.
NONE_LISTED: Final = "none_listed"
_PERSONS_MAX: Final = 100_000


def contradiction(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """What contradicts itself in the outcome of one object: the field and the words beside it."""
    access, result, defects = values["access_reached"], values["result"], values["defects"]
    if access == "none" and result != "not_completed":
        return "result", _("Without access there is no result: please choose “not completed”, or the access reached.")
    if result == "finding" and not defects:
        return "defects", _("A finding needs a defect, or “none of the list”.")
    if result != "finding" and defects:
        return "result", _("Defects are there, but the result is no finding.")
    if NONE_LISTED in defects and len(defects) > 1:
        return "defects", _("“None of the list” cannot stand beside a defect of the list.")
    return None


def listed_defects(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The defects of an outcome that are codes of the data."""
    return tuple(code for code in values["defects"] if code != NONE_LISTED)


def _person_field(name: str, label: str) -> FormField:
    return FormField(name, label, "integer", at_least=0, at_most=_PERSONS_MAX)


VISIT_FIELDS: Final = (
    FormField(
        "access_reached", N_("Access reached"), "choice", code_list="access", codes=ACCESS_LEVELS, is_required=True
    ),
    FormField("result", N_("Result"), "choice", code_list="result", codes=INSPECTION_RESULTS, is_required=True),
    FormField("defects", N_("Defects"), "choices", code_list="defect", codes=(*DEFECTS, NONE_LISTED)),
    FormField("note", N_("Short note"), "lines", hint=N_("No names and nothing about single residents.")),
    FormField(
        "note_class",
        N_("Who may read the note"),
        "choice",
        code_list="note_class",
        codes=NOTE_CLASSES,
        hint=N_("Empty: building control only."),
    ),
)
ROUND_FIELDS: Final = (
    FormField("offices", N_("Offices that took part"), "choices", code_list="office", codes=OFFICES),
    FormField("place", N_("Part of the city"), "text", max_length=120),
    FormField("interpreter_present", N_("Interpreter present"), "yes_no"),
    FormField("social_worker_present", N_("Social worker present"), "yes_no"),
)
PERSON_FIELDS: Final = FieldGroup(
    N_("Counts of persons"),
    (
        _person_field("persons_registered", N_("Registered")),
        _person_field("persons_met", N_("Met")),
        _person_field("persons_met_not_registered", N_("Met but not registered")),
        _person_field("persons_reported", N_("Reported to the registry")),
        _person_field("persons_deregistered", N_("De-registered (known later)")),
    ),
    hint=N_(
        "Counts of the whole round, as far as they are known; empty means not counted. They are never summed, "
        "because one person can be in several of them. Only building control sees them. No names, no origin."
    ),
)
