"""A round with its visits, in one edit."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from geodata import codes
from geodata.access import Asker
from geodata.edits.checks import Problems, prefixed
from geodata.edits.drafts import InspectionDraft, RoundDraft
from geodata.edits.facts import append_inspection, check_inspection
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, next_number, require_property
from geodata.errors import InvalidEdit
from geodata.tables import inspection_round

PLACE_LIMIT: Final = 300
MOST_PERSONS: Final = 100_000
MOST_INSPECTIONS: Final = 200
_COUNTS: Final = (
    "persons_registered",
    "persons_met",
    "persons_met_not_registered",
    "persons_reported",
    "persons_deregistered",
)


def record_round(asker: Asker, order: Order, draft: RoundDraft, inspections: Sequence[InspectionDraft]) -> Edited:
    """Record a round and the visits that were part of it; one without visits may be planned ahead.

    Problems of a visit are named `inspections.<number from 0>.<field>`.
    """

    def check(change: Change) -> None:
        problems = _check_round(change, draft, has_visits=bool(inspections))
        if len(inspections) > MOST_INSPECTIONS:
            problems.add("inspections", "out_of_range")
        for at, visit in enumerate(inspections):
            problems.found |= prefixed(f"inspections.{at}", _problems_of(change, visit))
        for at in _repeated(inspections):
            problems.add(f"inspections.{at}.property_id", "same")
        problems.raise_if_any()

    def write(change: Change) -> None:
        key = change.fact_key(0)
        row = asdict(draft) | {"key": key, "offices": [code for code in codes.OFFICES if code in draft.offices]}
        row["running_number"] = next_number(change, inspection_round, held_on=draft.held_on, kind=draft.kind)
        row["place"] = (draft.place or "").strip() or None
        append(change, inspection_round, [row])
        for number, visit in enumerate(inspections, start=1):
            append_inspection(change, visit, number, round_key=key)

    return carry_out(asker, order, "round:write", check, write)


def _check_round(change: Change, draft: RoundDraft, *, has_visits: bool) -> Problems:
    problems = Problems(change.asker)
    problems.date("held_on", draft.held_on, is_plan=not has_visits)
    problems.code("kind", draft.kind or None, codes.CONTROL_TYPES, is_required=True)
    problems.codes("offices", draft.offices, codes.OFFICES)
    problems.text("place", draft.place, PLACE_LIMIT)
    for name in _COUNTS:
        problems.number(name, getattr(draft, name), 0, MOST_PERSONS)
    return problems


def _problems_of(change: Change, visit: InspectionDraft) -> dict[str, str]:
    problems = check_inspection(change, visit).found
    try:
        require_property(change, visit.property_id)
    except InvalidEdit as refused:
        problems |= refused.fields
    return problems


def _repeated(inspections: Sequence[InspectionDraft]) -> list[int]:
    """Places of visits whose property stands in an earlier one, too: a round comes to a house once."""
    seen: set[int] = set()
    found = []
    for at, visit in enumerate(inspections):
        if visit.property_id in seen:
            found.append(at)
        seen.add(visit.property_id)
    return found
