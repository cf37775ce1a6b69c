"""The forms of closed houses and of dwellings lost and won. `about` holds the key of the house and its version."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.form import FieldGroup, Form, FormField, FormProblem, FormWarning, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.wohnraum.question import BALANCE
from dashboard.place_routes import OBJECTS
from dashboard.routes import href
from geodata import codes
from geodata.access import Asker
from geodata.edits.order import Order
from geodata.housing.edits import (
    DWELLINGS_MOST,
    HOUSEHOLDS_MOST,
    PROGRAMME_LIMIT,
    ClosureDraft,
    DwellingChangeDraft,
    EventDraft,
    add_event,
    correct_closure,
    enter_change,
    enter_closure,
    withdraw_change,
    withdraw_closure,
    withdraw_event,
)
from geodata.housing.reads import Closure

PERMISSION: Final = "housing:write"
_WITHDRAW: Final = "withdraw"
_OBJECT: Final = FormField(
    "property_id", N_("Object"), "address", is_required=True, suggest=OBJECTS,
    hint=N_("Part of the address, key or file reference; choose from the list."),
)  # fmt: skip
_CLOSED: Final = FieldGroup(
    N_("The closing"),
    (
        FormField("closed_on", N_("Day of the closing"), "date", is_required=True, not_after_today=True),
        FormField("cause", N_("Cause"), "choice", codes=codes.CLOSURE_CAUSES, code_list="closure_cause",
                  is_required=True),
        FormField("measure_key", N_("Key of the proceeding"), "text", max_length=120,
                  hint=N_("Where a proceeding ordered the closing; empty if none did.")),
    ),
)  # fmt: skip
_HOUSEHOLDS: Final = FieldGroup(
    N_("Households"),
    (
        FormField("households_affected", N_("Households that had to leave"), "integer", at_least=0,
                  at_most=HOUSEHOLDS_MOST, hint=N_("A number only, never names. Empty = not known.")),
        FormField("large_households_affected", N_("of these large"), "integer", at_least=0, at_most=HOUSEHOLDS_MOST),
    ),
)  # fmt: skip
_WHY: Final = FormField(
    "reason", N_("Why"), "lines", max_length=1_000, hint=N_("Only case workers read it. No names of residents.")
)


def _enter_house(asker: Asker, submission: Submission) -> Saved:
    edited = enter_closure(
        asker, _order(submission, "schliessung"), _chosen(submission.values), _house(submission.values)
    )
    return Saved(_("The closed house was entered."), _address(house=f"app:{edited.edit_id}:1"))


def _correct_house(asker: Asker, submission: Submission) -> Saved:
    key = submission.about.get("house", "")
    correct_closure(asker, _order(submission, "schliessung-berichtigen"), key, _house(submission.values))
    return Saved(_("The correction was saved."), _address(house=key))


def _withdraw_house(asker: Asker, submission: Submission) -> Saved:
    if _WITHDRAW not in submission.confirmed:
        raise FormWarning(_WITHDRAW, _("The closing and all its events leave the lists. Their versions stay."))
    withdraw_closure(asker, _order(submission, "schliessung-zurueckziehen"), submission.about.get("house", ""))
    return Saved(_("The closing was withdrawn."), _address())


def _enter_event(asker: Asker, submission: Submission) -> Saved:
    key, values = submission.about.get("house", ""), submission.values
    draft = EventDraft(values["kind"] or "", values["happened_on"], values["households"], values["came_from"])
    add_event(asker, _order(submission, "verbleib"), key, draft)
    return Saved(_("The event was entered."), _address(house=key))


def _withdraw_event(asker: Asker, submission: Submission) -> Saved:
    withdraw_event(asker, _order(submission, "verbleib-zurueckziehen"), submission.values["event"] or "")
    return Saved(_("The event was withdrawn."), _address(house=submission.about.get("house", "")))


def _enter_change(asker: Asker, submission: Submission) -> Saved:
    values = submission.values
    numbers = ("dwellings_lost", "dwellings_won", "large_flats_lost", "large_flats_won")
    draft = DwellingChangeDraft(
        values["happened_on"], values["kind"] or "", programme=values["programme"],
        **{name: values[name] or 0 for name in numbers},
    )  # fmt: skip
    enter_change(asker, _order(submission, "wohnungsbilanz"), _chosen(values), draft)
    return Saved(_("The dwellings were entered."), _address(view=BALANCE))


def _withdraw_change(asker: Asker, submission: Submission) -> Saved:
    withdraw_change(asker, _order(submission, "wohnungsbilanz-zurueckziehen"), submission.values["change"] or "")
    return Saved(_("The entry was withdrawn."), _address(view=BALANCE))


def values_of_house(one: Closure) -> dict[str, Any]:
    """A closed house as the form holds it."""
    names = ("closed_on", "cause", "measure_key", "households_affected", "large_households_affected")
    return {name: getattr(one, name) for name in names}


def _order(submission: Submission, kind: str) -> Order:
    return Order(submission.id, kind, submission.values.get("reason"), submission.expected)


def _house(values: Mapping[str, Any]) -> ClosureDraft:
    names = ("closed_on", "measure_key", "households_affected", "large_households_affected")
    return ClosureDraft(cause=values["cause"] or "", **{name: values[name] for name in names})


def _chosen(values: Mapping[str, Any]) -> int:
    """The object that was chosen from the suggestions; words alone name none."""
    chosen = values["property_id"].id or ""
    if not chosen.isascii() or not chosen.isdecimal() or len(chosen) > 18:
        raise FormProblem({"property_id": _("Please choose an object from the list.")})
    return int(chosen)


def _address(**query: str) -> str:
    return href("/wohnraum", query)


def _count(name: str, label: str, hint: str = "") -> FormField:
    return FormField(name, label, "integer", at_least=0, at_most=DWELLINGS_MOST, hint=hint)


ENTER_HOUSE: Final = Form(
    "schliessung", N_("Enter a closed house"), PERMISSION, (_OBJECT, _CLOSED, _HOUSEHOLDS), N_("Save the closed house"),
    _enter_house,
)  # fmt: skip
CORRECT_HOUSE: Final = Form(
    "schliessung-berichtigen", N_("Correct the closing"), PERMISSION, (_CLOSED, _HOUSEHOLDS), N_("Save the correction"),
    _correct_house,
)  # fmt: skip
WITHDRAW_HOUSE: Final = Form(
    "schliessung-zurueckziehen", N_("Withdraw the closing"), PERMISSION, (_WHY,), N_("Withdraw"), _withdraw_house
)
EVENT: Final = Form(
    "verbleib", N_("Enter an event of the house"), PERMISSION,
    (
        FormField("kind", N_("What happened"), "choice", codes=codes.CLOSURE_EVENTS, code_list="closure_event",
                  is_required=True),
        FormField("happened_on", N_("Day"), "date", is_required=True, not_after_today=True),
        FormField("households", N_("Number of households"), "integer", at_least=1, at_most=HOUSEHOLDS_MOST,
                  hint=N_("Only where it happened to households. A number, never names.")),
        FormField("came_from", N_("Where they were before"), "choice", codes=codes.HOUSEHOLD_PLACES,
                  code_list="household_place",
                  hint=N_("Households that return from replacement housing leave it; then they count once.")),
    ),
    N_("Save the event"), _enter_event,
)  # fmt: skip
WITHDRAW_EVENT: Final = Form(
    "verbleib-zurueckziehen", N_("Withdraw an event"), PERMISSION,
    (FormField("event", N_("Event"), "choice", is_required=True), _WHY), N_("Withdraw"), _withdraw_event,
)  # fmt: skip
ENTER_CHANGE: Final = Form(
    "wohnungsbilanz", N_("Enter dwellings lost or won"), PERMISSION,
    (
        _OBJECT,
        FormField("kind", N_("By what"), "choice", codes=codes.DWELLING_CHANGES, code_list="dwelling_change",
                  is_required=True),
        FormField("happened_on", N_("From when on"), "date", is_required=True, not_after_today=True,
                  hint=N_("The day from which they are gone, or can be lived in.")),
        FieldGroup(
            N_("Number of dwellings"),
            (
                _count("dwellings_lost", N_("Dwellings lost")),
                _count("large_flats_lost", N_("of the lost ones large")),
                _count("dwellings_won", N_("Dwellings won")),
                _count("large_flats_won", N_("of the won ones large")),
            ),
        ),
        FormField("programme", N_("Programme"), "text", max_length=PROGRAMME_LIMIT,
                  hint=N_("The programme that paid for it; empty if none did.")),
    ),
    N_("Save the dwellings"), _enter_change,
)  # fmt: skip
WITHDRAW_CHANGE: Final = Form(
    "wohnungsbilanz-zurueckziehen", N_("Withdraw an entry"), PERMISSION,
    (FormField("change", N_("Entry"), "choice", is_required=True), _WHY), N_("Withdraw"), _withdraw_change,
)  # fmt: skip
FORMS: Final = (
    ENTER_HOUSE, CORRECT_HOUSE, WITHDRAW_HOUSE, EVENT, WITHDRAW_EVENT, ENTER_CHANGE, WITHDRAW_CHANGE,
)  # fmt: skip
