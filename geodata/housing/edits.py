"""Closed houses, their events, dwellings lost and won: entered, corrected, withdrawn. Needs `housing:write`.

Nothing is overwritten: a correction supersedes, a withdrawn row stays in the past, and `undo` takes an edit back.
Problem codes beside those of `edits.checks`: before_closing, after_demolition, more_than_there, returned_while_closed
(what `whereabouts.track` reports), exists, nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import RowMapping, select

from geodata import codes
from geodata.access import Asker
from geodata.edits.checks import Problems
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, require_property, supersede
from geodata.edits.versions import correct, in_force, required, withdraw
from geodata.errors import InvalidEdit
from geodata.housing.whereabouts import PLACE_OF, ClosureEvent, Contradiction, track
from geodata.tables import closure, closure_event, dwelling_change

PERMISSION: Final = "housing:write"
HOUSEHOLDS_MOST: Final = 2_000
DWELLINGS_MOST: Final = 2_000
PROGRAMME_LIMIT: Final = 120
KEY_LIMIT: Final = 120


@dataclass(frozen=True)
class ClosureDraft:
    """A closed house as a form states it; counts None = not known."""

    closed_on: date | None
    cause: str
    measure_key: str | None = None
    households_affected: int | None = None
    large_households_affected: int | None = None


@dataclass(frozen=True)
class EventDraft:
    """An event of a closed house; `households` only where it happened to households."""

    kind: str
    happened_on: date | None
    households: int | None = None
    came_from: str | None = None


@dataclass(frozen=True)
class DwellingChangeDraft:
    """Dwellings lost and won at a property."""

    happened_on: date | None
    kind: str
    dwellings_lost: int = 0
    dwellings_won: int = 0
    large_flats_lost: int = 0
    large_flats_won: int = 0
    programme: str | None = None


# --- closed houses ----------------------------------------------------------------------------------------------------


def enter_closure(asker: Asker, order: Order, property_id: int, draft: ClosureDraft) -> Edited:
    """Enter that a house was closed; a second closing on the same day is refused."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        row = _checked_closure(change, draft)
        query = in_force(change, closure).where(
            closure.c.property_id == property_id, closure.c.closed_on == draft.closed_on
        )
        if change.asker.connection.execute(query).first() is not None:
            raise InvalidEdit({"closed_on": "exists"})
        rows.append(row)
        return property_id

    def write(change: Change) -> None:
        append(change, closure, [{**rows[0], "property_id": property_id, "key": change.fact_key()}])

    return carry_out(asker, order, PERMISSION, check, write)


def correct_closure(asker: Asker, order: Order, key: str, draft: ClosureDraft) -> Edited:
    """State a closing anew; refused where its events would contradict it."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        row = _checked_closure(change, draft)
        events = _events_of(change, key)
        before = _contradictions(now["closed_on"], now["households_affected"], events)
        after = _contradictions(row["closed_on"], row["households_affected"], events)
        _refuse_new(before, after, "closed_on" if row["closed_on"] != now["closed_on"] else "households_affected")
        return row

    return correct(asker, order, PERMISSION, closure, key, values)


def add_event(asker: Asker, order: Order, closure_key: str, draft: EventDraft) -> Edited:
    """Enter what became of a closed house or of its households; refused where it contradicts what is known."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int:
        house = required(change, closure, closure_key)
        require_property(change, house["property_id"])
        row = _checked_event(change, draft)
        event = ClosureEvent(2**62, None, row["kind"], row["happened_on"], row["households"], row["came_from"])
        known = _events_of(change, closure_key)
        if any((one.kind, one.happened_on) == (event.kind, event.happened_on) for one in known):
            raise InvalidEdit({"happened_on": "exists"})
        closed_on, affected = house["closed_on"], house["households_affected"]
        before, after = (_contradictions(closed_on, affected, events) for events in (known, [*known, event]))
        _refuse_new(before, after, "households" if event.households else "happened_on")
        rows.append({**row, "property_id": house["property_id"], "closure_key": closure_key})
        return int(house["property_id"])

    def write(change: Change) -> None:
        append(change, closure_event, [{**rows[0], "key": change.fact_key()}])

    return carry_out(asker, order, PERMISSION, check, write)


def withdraw_event(asker: Asker, order: Order, key: str) -> Edited:
    """Take an event back without another one in its place."""
    return withdraw(asker, order, PERMISSION, closure_event, key)


def withdraw_closure(asker: Asker, order: Order, key: str) -> Edited:
    """Take a closing back with all its events: it was entered by mistake."""

    def write(change: Change) -> None:
        query = select(closure_event.c.id).where(
            closure_event.c.municipality == change.municipality,
            closure_event.c.closure_key == key,
            closure_event.c.superseded_at.is_(None),
        )
        ids = change.asker.connection.execute(query).scalars().all()
        if ids:
            supersede(change, closure_event, ids)

    return withdraw(asker, order, PERMISSION, closure, key, write)


def _checked_closure(change: Change, draft: ClosureDraft) -> dict[str, Any]:
    problems = Problems(change.asker)
    problems.date("closed_on", draft.closed_on)
    problems.code("cause", draft.cause or None, codes.CLOSURE_CAUSES, is_required=True)
    measure_key = problems.text("measure_key", draft.measure_key, KEY_LIMIT)
    problems.number("households_affected", draft.households_affected, 0, HOUSEHOLDS_MOST)
    problems.number("large_households_affected", draft.large_households_affected, 0, HOUSEHOLDS_MOST)
    large, affected = draft.large_households_affected, draft.households_affected
    if large is not None and affected is not None and large > affected:
        problems.add("large_households_affected", "more_than_there")
    problems.raise_if_any()
    return asdict(draft) | {"measure_key": measure_key}


def _checked_event(change: Change, draft: EventDraft) -> dict[str, Any]:
    problems = Problems(change.asker)
    problems.code("kind", draft.kind or None, codes.CLOSURE_EVENTS, is_required=True)
    problems.date("happened_on", draft.happened_on)
    problems.code("came_from", draft.came_from, codes.HOUSEHOLD_PLACES)
    problems.number("households", draft.households, 1, HOUSEHOLDS_MOST)
    is_of_households = draft.kind in PLACE_OF
    if is_of_households and draft.households is None:
        problems.add("households", "required")
    if not is_of_households and draft.households is not None:
        problems.add("households", "no_households")
    if is_of_households and draft.came_from == PLACE_OF[draft.kind]:
        problems.add("came_from", "same")
    problems.raise_if_any()
    row = asdict(draft)
    return row if is_of_households else {**row, "came_from": None}


def _events_of(change: Change, closure_key: str) -> list[ClosureEvent]:
    query = in_force(change, closure_event).where(closure_event.c.closure_key == closure_key)
    names = ClosureEvent.__dataclass_fields__
    return [
        ClosureEvent(**{name: row[name] for name in names}) for row in change.asker.connection.execute(query).mappings()
    ]


def _contradictions(closed_on: date, affected: int | None, events: Sequence[ClosureEvent]) -> tuple[Contradiction, ...]:
    return track(closed_on, affected, events, date.max).contradictions


def _refuse_new(before: Sequence[Contradiction], after: Sequence[Contradiction], field: str) -> None:
    """Refuse what would contradict itself; what a delivery contradicted before can be mended step by step."""
    new = [one for one in after if one not in before]
    if new and len(after) > len(before):
        raise InvalidEdit({field: new[0].code})


# --- dwellings lost and won -------------------------------------------------------------------------------------------


def enter_change(asker: Asker, order: Order, property_id: int, draft: DwellingChangeDraft) -> Edited:
    """Enter dwellings lost and won; the same kind on the same day at the same property is refused."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        row = _checked_change(change, draft)
        c = dwelling_change.c
        query = in_force(change, dwelling_change).where(
            c.property_id == property_id, c.kind == draft.kind, c.happened_on == draft.happened_on
        )
        if change.asker.connection.execute(query).first() is not None:
            raise InvalidEdit({"happened_on": "exists"})
        rows.append(row)
        return property_id

    def write(change: Change) -> None:
        append(change, dwelling_change, [{**rows[0], "property_id": property_id, "key": change.fact_key()}])

    return carry_out(asker, order, PERMISSION, check, write)


def correct_change(asker: Asker, order: Order, key: str, draft: DwellingChangeDraft) -> Edited:
    """State dwellings lost and won anew."""
    return correct(asker, order, PERMISSION, dwelling_change, key, lambda change, _now: _checked_change(change, draft))


def withdraw_change(asker: Asker, order: Order, key: str) -> Edited:
    """Take a change of the number of dwellings back."""
    return withdraw(asker, order, PERMISSION, dwelling_change, key)


def _checked_change(change: Change, draft: DwellingChangeDraft) -> dict[str, Any]:
    problems = Problems(change.asker)
    problems.date("happened_on", draft.happened_on)
    problems.code("kind", draft.kind or None, codes.DWELLING_CHANGES, is_required=True)
    programme = problems.text("programme", draft.programme, PROGRAMME_LIMIT)
    for which in ("lost", "won"):
        number, large = getattr(draft, f"dwellings_{which}"), getattr(draft, f"large_flats_{which}")
        problems.number(f"dwellings_{which}", number, 0, DWELLINGS_MOST)
        problems.number(f"large_flats_{which}", large, 0, DWELLINGS_MOST)
        if large > number:
            problems.add(f"large_flats_{which}", "more_than_there")
    if draft.dwellings_lost + draft.dwellings_won == 0:
        problems.add("dwellings_lost", "nothing")
    problems.raise_if_any()
    return asdict(draft) | {"programme": programme}
