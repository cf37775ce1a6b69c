"""The form that divides an object: which addresses and facts leave it, and what the new object is."""

from collections.abc import Sequence
from typing import Any, Final

from dashboard.address_input import read_addresses
from dashboard.form import AddressText, FieldGroup, Form, FormField, FormProblem, FormWarning, Saved, Submission
from dashboard.formatting import format_date
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.place_routes import ADDRESSES
from dashboard.place_words import property_href
from geodata.access import Asker
from geodata.calendar import today
from geodata.codes import USE_TYPES
from geodata.edits import AddressDraft, Order, PropertyDraft, split
from geodata.edits.movable import Movable, chosen_ids
from geodata.property_detail import Address, PropertyDetail, read_property
from geodata.street_ranks import written

_DWELLINGS_MAX: Final = 2_000
_FACT_WORDS: Final = {
    "status_event": N_("State: %(what)s"),
    "assessment_event": N_("Assessment"),
    "inspection": N_("Control: %(what)s"),
    "note": N_("Note (%(what)s)"),
    "photograph": N_("Photograph"),
    "demolition_stage": N_("Demolition project %(what)s"),
    "measure": N_("Proceeding: %(what)s"),
    "supply_cut": N_("Supply cut: %(what)s"),
    "closure": N_("Closed house: %(what)s"),
    "dwelling_change": N_("Dwellings lost and won: %(what)s"),
    "funding_grant": N_("Grant: %(what)s"),
}


def save(asker: Asker, submission: Submission) -> Saved:
    """Make the new object of the addresses and facts that were chosen."""
    property_id, values = submission.number("property"), submission.values
    detail = read_property(asker, property_id, today())
    if detail is None:
        raise FormProblem(message=_("This object is not there any more."))
    drafts, position = _addresses(asker, detail, values)
    if position is None and "no-point" not in submission.confirmed:
        text = _("The new object has no official address, so it would be in lists and counts, but not on the map.")
        raise FormWarning("no-point", text)
    draft = PropertyDraft(
        addresses=drafts,
        position=position,
        registered_on=values["happened_on"],
        file_reference=values["file_reference"],
        use_type=values["use_type"],
        is_inhabited=values["is_inhabited"],
        dwellings=values["dwellings"],
    )
    order = Order(submission.id, "split", reason=values["reason"])
    facts = chosen_ids(asker, property_id, values["facts"])
    edited = split(asker, order, property_id, draft, fact_ids=facts, happened_on=values["happened_on"])
    return Saved(_("Divided. It can be taken back under “Changes”."), property_href(edited.property_id or property_id))


def _addresses(
    asker: Asker, detail: PropertyDetail, values: Any
) -> tuple[tuple[AddressDraft, ...], tuple[float, float] | None]:
    """The addresses that leave, those written anew after them, and the point of the first official one."""
    known = dict(address_options(detail.addresses))
    if not set(values["addresses"]) <= set(known):
        raise FormProblem({"addresses": _("This address does not belong to the object any more.")})
    leaving = [detail.addresses[int(code)] for code in values["addresses"]]
    if known and len(leaving) == len(known):
        raise FormProblem({"addresses": _("One address has to stay with this object.")})
    read = read_addresses(asker, values["address"], None, today())
    drafts = (*(_draft(one) for one in leaving), *read.drafts)
    if not drafts:
        raise FormProblem({"addresses": _("Please choose the addresses of the new object, or write another one.")})
    return drafts, read.position if read.position else _point(asker, leaving)


def _point(asker: Asker, leaving: Sequence[Address]) -> tuple[float, float] | None:
    for one in leaving:
        text = written(one.street, one.house_number, one.house_number_suffix)
        found = read_addresses(asker, AddressText(text), None, today()).position
        if found:
            return found
    return None


def _draft(address: Address) -> AddressDraft:
    return AddressDraft(address.street, address.house_number, address.house_number_suffix, address.postal_code)


def address_options(addresses: Sequence[Address]) -> list[tuple[str, str]]:
    """Each address of the object as an entry of the form; its code is its place in the list."""
    return [
        (str(place), written(one.street, one.house_number, one.house_number_suffix))
        for place, one in enumerate(addresses)
    ]


def fact_options(facts: Sequence[Movable]) -> list[tuple[str, str]]:
    """Each fact as an entry of the form, with its date."""
    return [(one.name, f"{format_date(one.happened_on)} · {_fact(one)}") for one in facts]


def _fact(fact: Movable) -> str:
    labels = {
        "state": lambda code: code_label("state", code),
        "control_type": lambda code: code_label("control_type", code),
        "result": lambda code: code_label("result", code),
        "note_class": lambda code: code_label("note_class", code),
        "cause": lambda code: code_label("closure_cause", code),
        "kind": lambda code: code_label("measure_kind" if fact.table == "measure" else "dwelling_change", code),
        "utility": lambda code: code_label("utility", code),
    }
    what = ", ".join(labels.get(name, str)(code) for name, code in fact.codes.items())
    return _(_FACT_WORDS[fact.table], what=what)


DIVIDE = Form(
    key="teilen",
    title=N_("Divide"),
    permission="property:write",
    submit=N_("Create the new object"),
    save=save,
    fields=(
        FieldGroup(
            N_("What goes to the new object"),
            (
                FormField("addresses", N_("Addresses that leave this object"), "choices"),
                FormField("address", N_("Another address of the new object"), "address", suggest=ADDRESSES),
                FormField("facts", N_("Facts that go with it"), "choices"),
            ),
            hint=N_("What is not chosen stays. Nothing is lost: both objects name the other one."),
        ),
        FieldGroup(
            N_("The new object"),
            (
                FormField("happened_on", N_("From which date"), "date", is_required=True, not_after_today=True),
                FormField("use_type", N_("Use"), "choice", code_list="use_type", codes=USE_TYPES),
                FormField("is_inhabited", N_("Inhabited"), "yes_no"),
                FormField("dwellings", N_("Dwellings"), "integer", at_least=0, at_most=_DWELLINGS_MAX),
                FormField("file_reference", N_("File reference"), "text", max_length=60),
                FormField("reason", N_("Reason"), "lines", is_required=True, hint=N_("For case workers only.")),
            ),
        ),
    ),
)
