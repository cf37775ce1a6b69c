"""Proceedings, steps and cuts of supply as people enter them; nothing is overwritten, each edit can be taken back.

`order.expected` is the `id` of what the form showed; None = nothing is compared. What others changed meanwhile is told
field by field (EditConflict). A proceeding that closes a house is refused without its safeguards (`safeguards.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from sqlalchemy import RowMapping, Table, func, select

from geodata.access import Asker
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, require_property, supersede
from geodata.errors import InvalidEdit
from geodata.measures import checks
from geodata.measures.drafts import CutDraft, MeasureDraft, StepDraft
from geodata.measures.kinds import MeasureKind, by_code, read_kinds
from geodata.measures.safeguards import SAFEGUARDS
from geodata.tables import measure, measure_step, supply_cut

__all__ = [
    "CutDraft",
    "MeasureDraft",
    "Opened",
    "StepDraft",
    "add_step",
    "change_cut",
    "change_measure",
    "change_step",
    "close_measure",
    "meet_deadline",
    "open_measure",
    "report_cut",
]

PERMISSION: Final = "proceeding:write"
_NOT_KEPT: Final = ("id", "edit_id", "delivery_id", "content_hash", "recorded_at", "superseded_at")
_ASKED_BEFORE_CLOSING: Final = (*SAFEGUARDS, "milder_means_note", "decided_on")


@dataclass(frozen=True)
class Opened(Edited):
    """What became of an order that brought something new: its business key beside."""

    key: str = ""


# --- proceedings ------------------------------------------------------------------------------------------------------


def open_measure(asker: Asker, order: Order, property_id: int, draft: MeasureDraft) -> Opened:
    """Begin a proceeding of a property."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        kind = _kinds(change).get(draft.kind)
        rows.append(checks.measure_row(change, draft, kind, _keys_of(change, property_id)))
        return property_id

    def write(change: Change) -> None:
        append(change, measure, [{**rows[0], "property_id": property_id, "key": change.fact_key()}])

    return _opened(carry_out(asker, order, PERMISSION, check, write))


def change_measure(asker: Asker, order: Order, key: str, draft: MeasureDraft) -> Edited:
    """State the facts of a proceeding anew; its kind and its end stay.

    Where the draft says nothing at all of what is asked before a house is closed, that stays, too.
    """
    found: list[tuple[RowMapping, dict[str, Any]]] = []

    def check(change: Change) -> int:
        now = _in_force(change, measure, key)
        stated = _with_safeguards_of(now, draft)
        # One that it follows now may belong to another property: a delivery said so.
        others = {*_keys_of(change, now["property_id"]), now["follows_key"]} - {key}
        row = checks.measure_row(change, stated, _kinds(change).get(now["kind"]), others)
        if draft.kind != now["kind"]:
            raise InvalidEdit({"kind": "fixed"})
        if now["closed_on"] is not None and row["opened_on"] > now["closed_on"]:
            raise InvalidEdit({"opened_on": "closed"})
        if row["opened_on"] > now["opened_on"] and _has_step_before(change, key, row["opened_on"]):
            raise InvalidEdit({"opened_on": "after_step"})
        _refuse_other(change, measure, now, row)
        found.append((now, row))
        return int(now["property_id"])

    def write(change: Change) -> None:
        _replace(change, measure, *found[0])

    return carry_out(asker, order, PERMISSION, check, write)


def close_measure(asker: Asker, order: Order, key: str, *, closed_on: date | None, outcome: str) -> Edited:
    """End a proceeding; its deadlines end with it."""
    found: list[tuple[RowMapping, dict[str, Any]]] = []

    def check(change: Change) -> int:
        now = _in_force(change, measure, key)
        checks.check_closing(change, now, _last_on(change, key), closed_on, outcome)
        row = {"closed_on": closed_on, "outcome": outcome}
        _refuse_other(change, measure, now, row)
        found.append((now, row))
        return int(now["property_id"])

    def write(change: Change) -> None:
        _replace(change, measure, *found[0])

    return carry_out(asker, order, PERMISSION, check, write)


# --- steps ------------------------------------------------------------------------------------------------------------


def add_step(asker: Asker, order: Order, measure_key: str, draft: StepDraft) -> Opened:
    """Record a step of a proceeding."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int:
        of = _in_force(change, measure, measure_key)
        row = checks.step_row(change, draft, _kinds(change).get(of["kind"]), of)
        rows.append({**row, "property_id": of["property_id"], "measure_key": measure_key})
        return int(of["property_id"])

    def write(change: Change) -> None:
        append(change, measure_step, [{**rows[0], "key": change.fact_key()}])

    return _opened(carry_out(asker, order, PERMISSION, check, write))


def change_step(asker: Asker, order: Order, step_key: str, draft: StepDraft) -> Edited:
    """State a step anew."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        of = _in_force(change, measure, now["measure_key"])
        return checks.step_row(change, draft, _kinds(change).get(of["kind"]), of)

    return _restate(asker, order, measure_step, step_key, values)


def meet_deadline(asker: Asker, order: Order, step_key: str, met_on: date | None) -> Edited:
    """What a step asked was done on this day."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        checks.check_met(change, now, met_on)
        return {"met_on": met_on}

    return _restate(asker, order, measure_step, step_key, values)


# --- cuts of supply ---------------------------------------------------------------------------------------------------


def report_cut(asker: Asker, order: Order, property_id: int, draft: CutDraft) -> Opened:
    """A cut of supply was announced or done."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        rows.append(checks.cut_row(change, draft))
        return property_id

    def write(change: Change) -> None:
        append(change, supply_cut, [{**rows[0], "property_id": property_id, "key": change.fact_key()}])

    return _opened(carry_out(asker, order, PERMISSION, check, write))


def change_cut(asker: Asker, order: Order, key: str, draft: CutDraft) -> Edited:
    """What became of a cut, or other facts of it."""
    return _restate(asker, order, supply_cut, key, lambda change, _: checks.cut_row(change, draft))


# --- shared -----------------------------------------------------------------------------------------------------------


def _restate(asker: Asker, order: Order, table: Table, key: str, values: Any) -> Edited:
    """Replace the row in force by one with other values, which `values(change, row)` checks and gives."""
    found: list[tuple[RowMapping, dict[str, Any]]] = []

    def check(change: Change) -> int:
        now = _in_force(change, table, key)
        row = values(change, now)
        _refuse_other(change, table, now, row)
        found.append((now, row))
        return int(now["property_id"])

    def write(change: Change) -> None:
        _replace(change, table, *found[0])

    return carry_out(asker, order, PERMISSION, check, write)


def _opened(edited: Edited) -> Opened:
    # The key follows from the number of the edit, so a form that is sent again is told the same one.
    key = f"app:{edited.edit_id}:1"
    return Opened(edited.edit_id, edited.property_id, edited.is_repeated, key)


def _kinds(change: Change) -> Mapping[str, MeasureKind]:
    return by_code(read_kinds(change.asker))


def _in_force(change: Change, table: Table, key: str) -> RowMapping:
    """The row in force of that key; of a key that nobody knows there is nothing to change."""
    query = select(table).where(
        table.c.municipality == change.municipality, table.c.key == key, table.c.superseded_at.is_(None)
    )
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"form": "not_in_scope"})
    return row


def _keys_of(change: Change, property_id: int) -> list[str]:
    """The proceedings of a property, which another one of it can follow."""
    query = select(measure.c.key).where(measure.c.property_id == property_id, measure.c.superseded_at.is_(None))
    return list(change.asker.connection.execute(query).scalars())


def _has_step_before(change: Change, key: str, day: date) -> bool:
    columns = measure_step.c
    query = select(columns.id).where(
        columns.municipality == change.municipality,
        columns.measure_key == key,
        columns.superseded_at.is_(None),
        columns.happened_on < day,
    )
    return change.asker.connection.execute(query.limit(1)).scalar_one_or_none() is not None


def _last_on(change: Change, key: str) -> date | None:
    query = select(func.max(measure_step.c.happened_on)).where(
        measure_step.c.municipality == change.municipality,
        measure_step.c.measure_key == key,
        measure_step.c.superseded_at.is_(None),
    )
    found: date | None = change.asker.connection.execute(query).scalar_one()
    return found


def _with_safeguards_of(now: RowMapping, draft: MeasureDraft) -> MeasureDraft:
    stated = {one.name: getattr(draft, one.name) for one in fields(MeasureDraft)}
    if any(stated[name] not in (None, (), "") for name in _ASKED_BEFORE_CLOSING):
        return draft
    kept = {name: now[name] for name in _ASKED_BEFORE_CLOSING} | {"milder_means": tuple(now["milder_means"])}
    return MeasureDraft(**{**stated, **kept})


def _refuse_other(change: Change, table: Table, now: RowMapping, yours: Mapping[str, Any]) -> None:
    """Refuse what changes nothing, and what somebody else changed since the form was shown."""
    expected = change.order.expected
    if expected not in (None, now["id"]):
        query = select(table).where(table.c.municipality == change.municipality, table.c.id == expected)
        shown = change.asker.connection.execute(query).mappings().one_or_none()
        if shown is None or shown["key"] != now["key"]:
            raise InvalidEdit({"form": "not_in_scope"})
        before, theirs, mine = ({name: _plain(of[name]) for name in yours} for of in (shown, now, yours))
        refuse_if_changed(change, table, now["id"], before=before, theirs=theirs, yours=mine)
    if all(_plain(now[name]) == _plain(value) for name, value in yours.items()):
        raise InvalidEdit({"form": "unchanged"})


def _plain(value: Any) -> Any:
    """Amounts come from the database as decimals."""
    return value if isinstance(value, bool | str | date | list | None) else float(value)


def _replace(change: Change, table: Table, now: RowMapping, values: Mapping[str, Any]) -> None:
    kept = {name: value for name, value in now.items() if name not in _NOT_KEPT}
    supersede(change, table, [now["id"]])
    append(change, table, [{**kept, **values}])
