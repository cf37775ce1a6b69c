"""The form of a round with its inspections, and what happens when it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import uuid5

from dashboard.form import (
    AddressText,
    FieldGroup,
    Form,
    FormField,
    FormProblem,
    FormWarning,
    Repeats,
    Saved,
    Submission,
)
from dashboard.i18n import N_, ngettext
from dashboard.i18n import gettext as _
from dashboard.place_routes import OBJECTS
from dashboard.place_words import property_detail, property_href, property_title
from dashboard.routes import href
from dashboard.visit_fields import PERSON_FIELDS, ROUND_FIELDS, VISIT_FIELDS, contradiction, listed_defects
from geodata.access import Asker
from geodata.codes import CONTROL_TYPES
from geodata.edits import InspectionDraft, Order, RoundDraft, add_note, record_round, undo
from geodata.edits.submissions import was_carried_out
from geodata.property_search import read_chosen
from geodata.round_detail import PERSON_COUNTS, read_round_of_edit, visited_on

INSPECTIONS: Final = "inspections"
MOST_OBJECTS: Final = 40
_ID_DIGITS: Final = 18


def save(asker: Asker, submission: Submission) -> Saved:
    """Record the round with its visits, and the notes beside them."""
    values = submission.values
    blocks: Sequence[Mapping[str, Any]] = values[INSPECTIONS]
    property_ids = [property_id_of(block) for block in blocks]
    problems = problems_of(blocks, property_ids)
    if problems:
        raise FormProblem(problems)
    chosen = [one or 0 for one in property_ids]
    if not was_carried_out(asker, submission.id):
        _warn_of_known_visits(asker, submission, chosen)
    order = Order(submission.id, "record_round")
    visits = [_visit(values, block, one) for block, one in zip(blocks, chosen, strict=True)]
    edited = record_round(asker, order, _round(values), visits)
    if not edited.is_repeated:
        _add_notes(asker, submission, blocks, chosen)
    detail = read_round_of_edit(asker, edited.edit_id)
    return Saved(_saved_words(len(chosen)), href(f"/runde/{detail.id}" if detail else "/kontrollen"))


def take_back(asker: Asker, submission: Submission) -> Saved:
    """Take a recorded round back with its visits; the notes that were written beside them stay."""
    undo(asker, submission.number("edit"), submission.id)
    return Saved(_("The round was taken back."), href("/runde"))


def property_id_of(block: Mapping[str, Any]) -> int | None:
    """Id of the object that was chosen from the list; None where only text stands there."""
    given: AddressText | None = block["property_id"]
    chosen = given.id if given and given.id else ""
    is_id = chosen.isascii() and chosen.isdecimal() and len(chosen) <= _ID_DIGITS
    return int(chosen) if is_id else None


def problems_of(blocks: Sequence[Mapping[str, Any]], property_ids: Sequence[int | None]) -> dict[str, str]:
    """What contradicts itself in the blocks of the objects, in words per field."""
    found: dict[str, str] = {}
    for at, (block, property_id) in enumerate(zip(blocks, property_ids, strict=True)):
        if property_id is None:
            found[f"{INSPECTIONS}.{at}.property_id"] = _("Please choose an object from the list.")
        elif property_id in property_ids[:at]:
            found[f"{INSPECTIONS}.{at}.property_id"] = _("This object stands in the round already.")
        problem = contradiction(block)
        if problem:
            found[f"{INSPECTIONS}.{at}.{problem[0]}"] = problem[1]
    return found


def _warn_of_known_visits(asker: Asker, submission: Submission, chosen: Sequence[int]) -> None:
    values = submission.values
    known = visited_on(asker, chosen, values["held_on"], values["kind"])
    key = "visited:" + ",".join(str(one) for one in known)
    if not known or key[:200] in submission.confirmed:
        return
    message = ngettext(
        "%(count)s object has a control of this kind recorded for this day already.",
        "%(count)s objects have a control of this kind recorded for this day already.",
        len(known),
        count=len(known),
    )
    links = [
        (property_href(one.id), f"{property_title(one)} ({property_detail(one)})") for one in read_chosen(asker, known)
    ]
    raise FormWarning(key[:200], message, tuple(links))


def _round(values: Mapping[str, Any]) -> RoundDraft:
    names = ("held_on", "kind", "offices", "interpreter_present", "social_worker_present", "place", *PERSON_COUNTS)
    return RoundDraft(**{name: values[name] for name in names})


def _visit(values: Mapping[str, Any], block: Mapping[str, Any], property_id: int) -> InspectionDraft:
    return InspectionDraft(
        property_id=property_id,
        control_type=values["kind"],
        inspected_on=values["held_on"],
        access_reached=block["access_reached"],
        result=block["result"],
        defects=listed_defects(block),
    )


def _add_notes(
    asker: Asker, submission: Submission, blocks: Iterable[Mapping[str, Any]], chosen: Sequence[int]
) -> None:
    """A note is an edit of its own; its number follows from that of the round, so that sent again it stays one."""
    for at, block in enumerate(blocks):
        if block["note"]:
            add_note(
                asker,
                Order(uuid5(submission.id, f"note {at}"), "note"),
                chosen[at],
                note_class=block["note_class"] or "case",
                body=block["note"],
                written_on=submission.values["held_on"],
            )


def _saved_words(count: int) -> str:
    return ngettext(
        "Round with %(count)s object recorded.", "Round with %(count)s objects recorded.", count, count=count
    )


FORM = Form(
    key="runde",
    title=N_("Record a round"),
    permission="round:write",
    submit=N_("Save the round"),
    save=save,
    fields=(
        FieldGroup(
            N_("Round"),
            (
                FormField("held_on", N_("Date"), "date", is_required=True, not_after_today=True),
                FormField(
                    "kind",
                    N_("Type of control"),
                    "choice",
                    code_list="control_type",
                    codes=CONTROL_TYPES,
                    is_required=True,
                ),
                *ROUND_FIELDS,
            ),
        ),
        PERSON_FIELDS,
    ),
    repeats=Repeats(
        name=INSPECTIONS,
        title=N_("Objects"),
        item=N_("Object %(number)s"),
        add=N_("Next object"),
        at_least=1,
        at_most=MOST_OBJECTS,
        fields=(
            FormField(
                "property_id",
                N_("Object"),
                "address",
                is_required=True,
                suggest=OBJECTS,
                hint=N_("Part of the address, key or file reference; choose from the list."),
            ),
            *VISIT_FIELDS,
        ),
    ),
)

TAKE_BACK = Form(
    key="runde-zuruecknehmen",
    title=N_("Take the round back"),
    permission="round:write",
    submit=N_("Take back"),
    save=take_back,
    fields=(
        FormField(
            "confirmed",
            N_("Confirmation"),
            "choices",
            options=(("take_back", N_("Take back the round and its controls.")),),
            is_required=True,
            hint=N_("They stay visible as taken back. Notes of the objects stay."),
        ),
    ),
)
