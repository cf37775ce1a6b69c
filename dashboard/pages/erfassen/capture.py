"""The form that creates a hint or an object, and what happens when it is sent."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid5

from dashboard.address_input import AddressInput, read_addresses
from dashboard.form import FieldGroup, Form, FormField, FormProblem, FormWarning, Saved, Submission
from dashboard.formatting import format_distance
from dashboard.i18n import N_, ngettext
from dashboard.i18n import gettext as _
from dashboard.place_routes import ADDRESSES
from dashboard.place_words import PLACE_FIELD, duplicate_entry, property_href
from geodata.access import Asker
from geodata.address_search import metres_between
from geodata.calendar import today
from geodata.codes import HINT_SOURCES, USE_TYPES
from geodata.edits import (
    Duplicate,
    Order,
    PropertyDraft,
    add_note,
    create_property,
    possible_duplicates,
)
from geodata.edits.submissions import was_carried_out

# What an object can begin as; every later state is an event of its own on the object's page.
FIRST_STATES = ("hint", "suspicion", "recorded")
_DWELLINGS_MAX = 2_000
# A plot is seldom longer; farther away, address and point mean two places.
_FAR_M = 200


def save(asker: Asker, submission: Submission) -> Saved:
    """Create the object with its first note, unless it is likely there already and nobody has said otherwise."""
    values = submission.values
    addresses = read_addresses(asker, values["addresses"], values["further"], today())
    position = values[PLACE_FIELD] or addresses.position
    if not addresses.drafts and position is None:
        raise FormProblem({"addresses": _("An address or a point on the map is needed.")})
    if values["state"] == "hint" and values["hint_source"] is None:
        raise FormProblem({"hint_source": _("A hint needs the kind of its source.")})
    if not was_carried_out(asker, submission.id):
        # Sent again over a bad line, the object would be its own duplicate.
        _warn_of_duplicates(submission, possible_duplicates(asker, addresses.drafts, position))
        _warn_of_missing_point(submission, position)
        _warn_of_far_point(submission, values[PLACE_FIELD], addresses.position)
    edited = create_property(
        asker,
        Order(submission.id, "create_property"),
        _draft(values, addresses, position),
        state=values["state"],
        valid_on=values["valid_on"],
        hint_source=values["hint_source"] if values["state"] == "hint" else None,
    )
    if values["note"] and not edited.is_repeated:
        # A submission stands for one edit, so the note has a number of its own, the same one when it is sent again.
        order = Order(uuid5(submission.id, "note"), "note")
        add_note(
            asker, order, edited.property_id, note_class="case", body=values["note"], written_on=values["valid_on"]
        )
    return Saved(_("Created."), property_href(edited.property_id or 0))


def _draft(values: Any, addresses: AddressInput, position: tuple[float, float] | None) -> PropertyDraft:
    return PropertyDraft(
        addresses=addresses.drafts,
        position=position,
        registered_on=values["valid_on"] if values["state"] == "recorded" else None,
        use_type=values["use_type"],
        is_inhabited=values["is_inhabited"],
        dwellings=values["dwellings"],
        file_reference=values["file_reference"],
    )


def _warn_of_duplicates(submission: Submission, found: Sequence[Duplicate]) -> None:
    """Ask once for just these duplicates: another one that turns up meanwhile is asked about anew."""
    key = "duplicates:" + ",".join(str(one.property_id) for one in found[:_NAMED])
    if not found or key in submission.confirmed:
        return
    message = ngettext(
        "%(count)s object could be the same. Look at it, add to it there, or create another one all the same.",
        "%(count)s objects could be the same. Look at them, add to one of them, or create another one all the same.",
        len(found),
        count=len(found),
    )
    raise FormWarning(key, message, tuple(_duplicate_link(one) for one in found[:_NAMED]))


_NAMED = 8


def _duplicate_link(other: Duplicate) -> tuple[str, str]:
    entry = duplicate_entry(other)
    return entry["href"], f"{entry['title']} ({entry['detail']})"


def _warn_of_missing_point(submission: Submission, position: tuple[float, float] | None) -> None:
    if position is not None or "no-point" in submission.confirmed:
        return
    message = _(
        "This address is not an official one, and no point is set: the object would be in lists and counts, but not on "
        "the map."
    )
    raise FormWarning("no-point", message)


def _warn_of_far_point(
    submission: Submission, chosen: tuple[float, float] | None, official: tuple[float, float] | None
) -> None:
    """A point that was set for another house, before the address was written, is easily overlooked."""
    if chosen is None or official is None or "far-point" in submission.confirmed:
        return
    away_m = metres_between(chosen, official)
    if away_m > _FAR_M:
        message = _(
            "The point lies %(distance)s away from the official address. The point holds.",
            distance=format_distance(away_m),
        )
        raise FormWarning("far-point", message)


FORM = Form(
    key="erfassen",
    title=N_("New hint or object"),
    permission="property:write",
    submit=N_("Create"),
    save=save,
    fields=(
        FieldGroup(
            N_("Place"),
            (
                FormField(
                    "addresses",
                    N_("Address"),
                    "address",
                    suggest=ADDRESSES,
                    hint=N_("Street and house number, or set the point on the map."),
                ),
                FormField("further", N_("Further house numbers"), "text", max_length=60),
                FormField(PLACE_FIELD, N_("Point"), "place"),
            ),
        ),
        FieldGroup(
            N_("What is known"),
            (
                FormField("state", N_("Begins as"), "choice", code_list="state", codes=FIRST_STATES, is_required=True),
                FormField(
                    "hint_source",
                    N_("Source of the hint (kind)"),
                    "choice",
                    code_list="hint_source",
                    codes=HINT_SOURCES,
                ),
                FormField("valid_on", N_("Date"), "date", is_required=True, not_after_today=True),
                FormField("use_type", N_("Use"), "choice", code_list="use_type", codes=USE_TYPES),
                FormField("is_inhabited", N_("Inhabited"), "yes_no"),
                FormField("dwellings", N_("Dwellings"), "integer", at_least=0, at_most=_DWELLINGS_MAX),
                FormField("file_reference", N_("File reference"), "text", max_length=60),
                FormField(
                    "note",
                    N_("First note"),
                    "lines",
                    hint=N_("For case workers only. No names and nothing about single residents."),
                ),
            ),
            hint=N_(
                "Of a hint only the kind of source is kept. Names of people who tell the city something are never "
                "recorded, so that they can do so without fear."
            ),
        ),
    ),
)
