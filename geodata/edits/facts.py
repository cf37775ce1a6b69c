"""Status events, notes and visits: recorded, corrected, withdrawn.

Who may not change the record of an object (`property:write`), a manager, corrects and withdraws only what was entered
under the own account; what others entered or delivered is theirs to correct.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import RowMapping, Table, select

from geodata import codes
from geodata.access import Asker
from geodata.edits.checks import Problems
from geodata.edits.conflicts import refuse_if_changed, who_brought
from geodata.edits.drafts import InspectionDraft
from geodata.edits.empty_rounds import take_back_empty
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, next_number, require_property, supersede
from geodata.errors import EditConflict, FieldChange, InvalidEdit, NotAllowed
from geodata.masking import TEXT_PERMISSION
from geodata.tables import assessment_event, edit, inspection, note, status_event

TEXT_LIMIT: Final = 2_000
NOTE_LIMIT: Final = 10_000
# Which facts can be withdrawn, and the permission for it.
WITHDRAWABLE: Final[Mapping[str, tuple[Table, str]]] = MappingProxyType(
    {
        "status_event": (status_event, "status:write"),
        "inspection": (inspection, "inspection:write"),
        "assessment_event": (assessment_event, "property:write"),
        "note": (note, "note:write"),
    }
)
# What of a fact a conflict tells: no free text, which not everybody may read.
_TOLD: Final[Mapping[Table, tuple[str, ...]]] = MappingProxyType(
    {
        status_event: ("state", "valid_on"),
        inspection: ("control_type", "inspected_on", "access_reached", "result", "defects"),
        assessment_event: ("pressure", "room_to_act", "valid_on"),
        note: ("note_class", "written_on"),
    }
)


# --- status -----------------------------------------------------------------------------------------------------------


def add_status_event(
    asker: Asker, order: Order, property_id: int, *, state: str, valid_on: date | None, reason: str | None
) -> Edited:
    """The property enters a state; `order.expected` is the status of `version_of`."""
    values = {"state": state, "valid_on": valid_on}

    def check(change: Change) -> int:
        require_property(change, property_id)
        _check_status(change, values, reason)
        now = current_status(change, property_id)
        _refuse_other_status(change, now, values)
        if now is not None and (now["state"], now["valid_on"]) == (state, valid_on):
            raise InvalidEdit({"state": "unchanged"})
        return property_id

    def write(change: Change) -> None:
        number = next_number(change, status_event, property_id=property_id, valid_on=valid_on)
        row = {**values, "property_id": property_id, "key": change.fact_key(), "running_number": number}
        append(change, status_event, [{**row, "reason": _clean(reason)}])
        change.touched.add(property_id)

    return carry_out(asker, order, "status:write", check, write)


def correct_status_event(
    asker: Asker, order: Order, fact_id: int, *, state: str, valid_on: date | None, reason: str | None
) -> Edited:
    """State this status event anew; the row before it stays visible."""
    values = {"state": state, "valid_on": valid_on}

    def check(change: Change, fact: RowMapping) -> None:
        _check_status(change, values, reason)
        is_same = (fact["state"], fact["valid_on"]) == (state, valid_on)
        if is_same and _clean(reason) == _reason(change, fact_id):
            raise InvalidEdit({"state": "unchanged"})

    def row(change: Change, fact: RowMapping) -> dict[str, Any]:
        number = fact["running_number"]
        if fact["valid_on"] != valid_on:
            number = next_number(change, status_event, property_id=fact["property_id"], valid_on=valid_on)
        kept = {"running_number": number, "hint_source": fact["hint_source"]}
        return {**values, **kept, "reason": _clean(reason)}

    return _correct(asker, order, status_event, "status:write", fact_id, values, check, row)


def current_status(change: Change, property_id: int) -> RowMapping | None:
    """The latest status event in force, whatever its date; free text is not read."""
    query = (
        select(*_status_columns())
        .where(status_event.c.property_id == property_id, status_event.c.superseded_at.is_(None))
        .order_by(
            status_event.c.valid_on.desc(),
            status_event.c.running_number.desc(),
            status_event.c.recorded_at.desc(),
            status_event.c.id.desc(),
        )
        .limit(1)
    )
    return change.asker.connection.execute(query).mappings().one_or_none()


def _clean(text: str | None) -> str | None:
    return (text or "").strip() or None


def _reason(change: Change, fact_id: int) -> str | None:
    """The reason as it stands; who may not read it cannot be told that it stays the same, and None is taken."""
    if not change.asker.scope.allows(TEXT_PERMISSION):
        return None
    query = select(status_event.c.reason).where(status_event.c.id == fact_id)
    found: str | None = change.asker.connection.execute(query).scalar_one_or_none()
    return found


def _status_columns() -> list[Any]:
    return [status_event.c[name] for name in ("id", "state", "valid_on", "running_number")]


def _check_status(change: Change, values: Mapping[str, Any], reason: str | None) -> None:
    problems = Problems(change.asker)
    problems.code("state", values["state"] or None, codes.STATES, is_required=True)
    problems.date("valid_on", values["valid_on"])
    problems.text("reason", reason, TEXT_LIMIT)
    problems.raise_if_any()


def _refuse_other_status(change: Change, now: RowMapping | None, yours: Mapping[str, Any]) -> None:
    """The state that the form showed must still be the latest one."""
    expected = change.order.expected
    if expected is None or expected == (0 if now is None else now["id"]) or now is None:
        return
    query = select(*_status_columns()).where(status_event.c.id == expected)
    before = change.asker.connection.execute(query).mappings().one_or_none()
    refuse_if_changed(change, status_event, now["id"], before=dict(before or {}), theirs=dict(now), yours=yours)


# --- notes ------------------------------------------------------------------------------------------------------------


def add_note(
    asker: Asker, order: Order, property_id: int, *, note_class: str, body: str, written_on: date | None
) -> Edited:
    """Write a note; its class says who may read it."""
    values = {"note_class": note_class, "body": body.strip(), "written_on": written_on}

    def check(change: Change) -> int:
        require_property(change, property_id)
        _check_note(change, values)
        return property_id

    def write(change: Change) -> None:
        append(change, note, [{**values, "property_id": property_id, "key": uuid4()}])

    return carry_out(asker, order, "note:write", check, write)


def correct_note(
    asker: Asker, order: Order, fact_id: int, *, note_class: str, body: str, written_on: date | None
) -> Edited:
    """Write a note anew; the one before it stays visible to those who could read it."""
    values = {"note_class": note_class, "body": body.strip(), "written_on": written_on}

    def check(change: Change, fact: RowMapping) -> None:
        _check_note(change, values)
        if all(fact[name] == value for name, value in values.items()):
            raise InvalidEdit({"body": "unchanged"})

    return _correct(asker, order, note, "note:write", fact_id, values, check, lambda _change, _fact: values)


def _check_note(change: Change, values: Mapping[str, Any]) -> None:
    problems = Problems(change.asker)
    problems.code("note_class", values["note_class"] or None, codes.NOTE_CLASSES, is_required=True)
    problems.text("body", values["body"], NOTE_LIMIT, is_required=True)
    problems.date("written_on", values["written_on"])
    if values["note_class"] == "case" and not change.asker.scope.allows(TEXT_PERMISSION):
        problems.add("note_class", "not_allowed")
    problems.raise_if_any()


# --- visits -----------------------------------------------------------------------------------------------------------


def record_inspection(asker: Asker, order: Order, draft: InspectionDraft) -> Edited:
    """Record a visit to one property."""

    def check(change: Change) -> int:
        require_property(change, draft.property_id)
        check_inspection(change, draft).raise_if_any()
        return draft.property_id

    def write(change: Change) -> None:
        append_inspection(change, draft, 1)

    return carry_out(asker, order, "inspection:write", check, write)


def correct_inspection(asker: Asker, order: Order, fact_id: int, draft: InspectionDraft) -> Edited:
    """State a visit anew; it stays with its property."""
    values = inspection_values(draft)

    def check(change: Change, fact: RowMapping) -> None:
        check_inspection(change, draft).raise_if_any()
        if draft.property_id != fact["property_id"]:
            raise InvalidEdit({"property_id": "fixed"})
        if all(fact[name] == value for name, value in values.items()):
            raise InvalidEdit({"result": "unchanged"})

    def row(change: Change, fact: RowMapping) -> dict[str, Any]:
        number = fact["running_number"]
        if (fact["inspected_on"], fact["control_type"]) != (draft.inspected_on, draft.control_type):
            number = _visit_number(change, draft)
        return {**values, "running_number": number, "round_key": fact["round_key"]}

    return _correct(asker, order, inspection, "inspection:write", fact_id, values, check, row)


def check_inspection(change: Change, draft: InspectionDraft) -> Problems:
    """What is wrong with a visit; a defect is found only where the visit has a finding."""
    problems = Problems(change.asker)
    problems.code("control_type", draft.control_type or None, codes.CONTROL_TYPES, is_required=True)
    problems.date("inspected_on", draft.inspected_on)
    problems.code("access_reached", draft.access_reached or None, codes.ACCESS_LEVELS, is_required=True)
    problems.code("result", draft.result or None, codes.INSPECTION_RESULTS, is_required=True)
    problems.codes("defects", draft.defects, codes.DEFECTS)
    if draft.defects and draft.result == "no_finding":
        problems.add("defects", "without_finding")
    return problems


def append_inspection(change: Change, draft: InspectionDraft, number: int, *, round_key: str | None = None) -> None:
    """Append a checked visit; `number` counts those of one edit."""
    row = inspection_values(draft) | {"property_id": draft.property_id, "key": change.fact_key(number)}
    row |= {"running_number": _visit_number(change, draft), "round_key": round_key}
    append(change, inspection, [row])
    change.touched.add(draft.property_id)


def inspection_values(draft: InspectionDraft) -> dict[str, Any]:
    """Columns of a visit."""
    values = {name: getattr(draft, name) for name in ("control_type", "inspected_on", "access_reached", "result")}
    return {**values, "defects": [code for code in codes.DEFECTS if code in draft.defects]}


def _visit_number(change: Change, draft: InspectionDraft) -> int:
    same = {name: getattr(draft, name) for name in ("property_id", "inspected_on", "control_type")}
    return next_number(change, inspection, **same)


# --- corrections ------------------------------------------------------------------------------------------------------


def withdraw_fact(asker: Asker, order: Order, table: str, fact_id: int) -> Edited:
    """Take a fact back without another one in its place; it stays visible as withdrawn."""
    if table not in WITHDRAWABLE:
        raise InvalidEdit({"table": "unknown"})
    fact_table, permission = WITHDRAWABLE[table]
    found: list[RowMapping] = []

    def check(change: Change) -> int:
        fact = _fact(change, fact_table, fact_id, {})
        found.append(fact)
        return int(fact["property_id"])

    def write(change: Change) -> None:
        supersede(change, fact_table, [fact_id])
        take_back_empty(change)
        change.touched |= set() if fact_table is note else {found[0]["property_id"]}

    return carry_out(asker, order, permission, check, write)


def _correct(
    asker: Asker,
    order: Order,
    table: Table,
    permission: str,
    fact_id: int,
    yours: Mapping[str, Any],
    check: Any,
    row: Any,
) -> Edited:
    """Supersede a fact by another one with its key; `row` gives the columns of the new one."""
    found: list[RowMapping] = []

    def check_fact(change: Change) -> int:
        fact = _fact(change, table, fact_id, yours)
        check(change, fact)
        found.append(fact)
        return int(fact["property_id"])

    def write(change: Change) -> None:
        fact = found[0]
        values = row(change, fact)
        supersede(change, table, [fact_id])
        append(change, table, [{**values, "property_id": fact["property_id"], "key": fact["key"]}])
        change.touched |= set() if table is note else {fact["property_id"]}

    return carry_out(asker, order, permission, check_fact, write)


def _fact(change: Change, table: Table, fact_id: int, yours: Mapping[str, Any]) -> RowMapping:
    """The fact as it is in force; refused where it is not the asker's to change, a conflict where it was replaced."""
    readable = [column for column in table.c if column.name != "reason"]
    query = select(*readable).where(table.c.id == fact_id, table.c.municipality == change.municipality)
    fact = change.asker.connection.execute(query).mappings().one_or_none()
    if fact is None:
        raise InvalidEdit({"fact": "not_in_scope"})
    require_property(change, fact["property_id"])
    _require_own(change, fact["edit_id"])
    if fact["superseded_at"] is not None:
        _refuse_replaced(change, table, fact, yours)
    return fact


def _require_own(change: Change, edit_id: int | None) -> None:
    if change.asker.scope.allows("property:write"):
        return
    query = select(edit.c.account).where(edit.c.id == edit_id)
    if change.asker.connection.execute(query).scalar_one_or_none() != change.asker.scope.account:
        raise NotAllowed("Only what was entered under the own account can be corrected by this role.")


def _refuse_replaced(change: Change, table: Table, fact: RowMapping, yours: Mapping[str, Any]) -> None:
    names = _TOLD[table]
    is_current = (table.c.key == fact["key"]) & table.c.superseded_at.is_(None)
    query = select(table.c.id, *(table.c[name] for name in names)).where(
        table.c.municipality == change.municipality, is_current
    )
    now = change.asker.connection.execute(query).mappings().one_or_none()
    if now is None:
        raise InvalidEdit({"fact": "withdrawn"})
    by, at = who_brought(change, table, now["id"])
    changes = tuple(
        FieldChange(name, fact[name], now[name], yours.get(name)) for name in names if fact[name] != now[name]
    )
    raise EditConflict(by, at, changes, now["id"])
