"""Recording what came of a planned round, object by object.

The first visit that is recorded makes the round (`inspection_round`) with the key of the plan, in an edit of its own:
taking that visit back leaves the round to those who joined it, and takes it back where nobody did. An object to which
nobody went gets no visit, only the reason, and so stays due. What two people record at once of one object is a
conflict, never a second visit.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import RowMapping, select

from geodata import codes
from geodata.access import Asker
from geodata.edits.checks import Problems
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.drafts import InspectionDraft, RoundDraft
from geodata.edits.empty_rounds import PLANNED
from geodata.edits.facts import append_inspection, check_inspection, inspection_values
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rounds import MOST_PERSONS, PLACE_LIMIT
from geodata.edits.rows import append, next_number, require_property, supersede
from geodata.errors import InvalidEdit
from geodata.merges import merged_ids
from geodata.planning.candidates import PERMISSION
from geodata.planning.plans import require_plan, stops_of
from geodata.round_detail import PERSON_COUNTS
from geodata.tables import inspection, inspection_round, round_plan_skip

_TOLD_OF_VISIT: Final = ("access_reached", "result", "defects")
_TOLD_OF_ROUND: Final = ("offices", "place", "interpreter_present", "social_worker_present", *PERSON_COUNTS)


@dataclass(frozen=True)
class VisitDraft:
    """What was found at one object of a plan."""

    property_id: int
    access_reached: str
    result: str
    defects: tuple[str, ...] = ()


def record_visit(asker: Asker, order: Order, number: int, draft: VisitDraft) -> Edited:
    """Record the visit to an object of a plan, or state it anew.

    `order.expected` is the visit that the form showed, 0 = none: one that somebody else recorded meanwhile is a
    conflict, unless it says the same.
    """
    found: dict[str, Any] = {}

    def check(change: Change) -> int:
        plan = require_plan(change, number)
        _require_stop(change, plan, draft.property_id)
        visit = InspectionDraft(
            draft.property_id, plan["kind"], plan["held_on"], draft.access_reached, draft.result, draft.defects
        )
        check_inspection(change, visit).raise_if_any()
        now = _visit(change, plan["key"], draft.property_id)
        _refuse_other_visit(change, now, inspection_values(visit))
        found.update(plan=plan, visit=visit, now=now)
        return draft.property_id

    def write(change: Change) -> None:
        plan, visit, now = found["plan"], found["visit"], found["now"]
        values = inspection_values(visit)
        supersede(change, round_plan_skip, _skip_ids(change, plan["key"], draft.property_id))
        if now is None:
            _require_round(change, plan)
            append_inspection(change, visit, 1, round_key=plan["key"])
        elif any(now[name] != values[name] for name in _TOLD_OF_VISIT):
            kept = {name: now[name] for name in ("key", "running_number", "round_key", "property_id")}
            supersede(change, inspection, [now["id"]])
            append(change, inspection, [{**values, **kept}])
            change.touched.add(draft.property_id)

    return carry_out(asker, order, PERMISSION, check, write)


def record_skip(asker: Asker, order: Order, number: int, property_id: int, reason: str) -> Edited:
    """Record that nobody went to an object of a plan; refused where a visit is recorded ("has_outcome")."""
    found: list[RowMapping] = []

    def check(change: Change) -> int:
        plan = require_plan(change, number)
        found.append(plan)
        _require_stop(change, plan, property_id)
        problems = Problems(asker)
        problems.code("reason", reason or None, codes.SKIP_REASONS, is_required=True)
        problems.date("form", plan["held_on"])
        problems.raise_if_any()
        if _visit(change, plan["key"], property_id) is not None:
            raise InvalidEdit({"form": "has_outcome"})
        return property_id

    def write(change: Change) -> None:
        plan = found[0]
        supersede(change, round_plan_skip, _skip_ids(change, plan["key"], property_id))
        row = {"property_id": property_id, "plan_key": plan["key"], "held_on": plan["held_on"], "reason": reason}
        append(change, round_plan_skip, [{**row, "key": change.fact_key()}])

    return carry_out(asker, order, PERMISSION, check, write)


def record_counts(asker: Asker, order: Order, number: int, draft: RoundDraft) -> Edited:
    """State what belongs to the round of a plan as a whole: who took part, counts of persons.

    `order.expected` is the row of the round that the form showed. Date and type stay those of the plan. Refused
    ("no_round") while no visit was recorded.
    """
    asker.require(PERMISSION)
    found: list[RowMapping] = []
    values = {name: _plain(value) for name, value in asdict(draft).items() if name in _TOLD_OF_ROUND}
    values["place"] = (draft.place or "").strip() or None
    values["offices"] = tuple(code for code in codes.OFFICES if code in draft.offices)

    def check(change: Change) -> None:
        plan = require_plan(change, number)
        now = _round(change, plan["key"])
        if now is None:
            raise InvalidEdit({"form": "no_round"})
        _check_counts(change, draft)
        found.append(now)
        expected = change.order.expected
        if expected not in (None, now["id"]):
            before = _round_told(change, expected)
            refuse_if_changed(
                change, inspection_round, now["id"], before=before, theirs=_round_told(change, now["id"]), yours=values
            )

    def write(change: Change) -> None:
        kept = {name: found[0][name] for name in ("key", "held_on", "kind", "running_number")}
        supersede(change, inspection_round, [found[0]["id"]])
        append(change, inspection_round, [{**values, **kept, "offices": list(values["offices"])}])

    return carry_out(asker, order, PERMISSION, check, write)


# --- how it is checked and written ------------------------------------------------------------------------------------


def _require_stop(change: Change, plan: RowMapping, property_id: int) -> None:
    planned = stops_of(change.asker, plan["id"])
    followed = merged_ids(change.asker, planned)
    if property_id not in {followed.get(one, one) for one in planned}:
        raise InvalidEdit({"form": "not_in_scope"})
    require_property(change, property_id)


def _visit(change: Change, key: str, property_id: int) -> RowMapping | None:
    c = inspection.c
    names = ("id", "key", "running_number", "round_key", "property_id", *_TOLD_OF_VISIT)
    query = (
        select(*(c[name] for name in names))
        .where(
            c.municipality == change.municipality,
            c.round_key == key,
            c.edit_id.is_not(None),
            c.property_id == property_id,
            c.superseded_at.is_(None),
        )
        .order_by(c.id.desc())
        .limit(1)
    )
    return change.asker.connection.execute(query).mappings().one_or_none()


def _refuse_other_visit(change: Change, now: RowMapping | None, yours: dict[str, Any]) -> None:
    expected = change.order.expected
    if now is None or expected == now["id"]:
        return
    c = inspection.c
    query = select(*(c[name] for name in _TOLD_OF_VISIT)).where(c.id == expected)
    before = dict(change.asker.connection.execute(query).mappings().one_or_none() or {}) if expected else {}
    theirs = {name: now[name] for name in _TOLD_OF_VISIT}
    mine = {name: yours[name] for name in _TOLD_OF_VISIT}
    refuse_if_changed(change, inspection, now["id"], before=before, theirs=theirs, yours=mine)


def _skip_ids(change: Change, key: str, property_id: int) -> list[int]:
    """What was recorded before that nobody went there; of a merged object under either of its records."""
    c = round_plan_skip.c
    query = select(c.id, c.property_id).where(
        c.municipality == change.municipality, c.plan_key == key, c.superseded_at.is_(None)
    )
    rows = change.asker.connection.execute(query).all()
    followed = merged_ids(change.asker, [row.property_id for row in rows])
    return [row.id for row in rows if followed.get(row.property_id, row.property_id) == property_id]


def _round(change: Change, key: str) -> RowMapping | None:
    c = inspection_round.c
    query = select(c.id, c.key, c.held_on, c.kind, c.running_number).where(
        c.municipality == change.municipality, c.key == key, c.superseded_at.is_(None)
    )
    return change.asker.connection.execute(query).mappings().one_or_none()


def _round_told(change: Change, round_id: int | None) -> dict[str, Any]:
    query = select(*(inspection_round.c[name] for name in _TOLD_OF_ROUND)).where(inspection_round.c.id == round_id)
    row = change.asker.connection.execute(query).mappings().one_or_none()
    return {name: _plain(value) for name, value in (row or {}).items()}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _require_round(change: Change, plan: RowMapping) -> None:
    """The round of the plan; the first visit makes it, under the lock that this edit holds."""
    if _round(change, plan["key"]) is not None:
        return

    def write(inner: Change) -> None:
        number = next_number(inner, inspection_round, held_on=plan["held_on"], kind=plan["kind"])
        names = ("key", "held_on", "kind", "offices")
        append(inner, inspection_round, [{**{name: plan[name] for name in names}, "running_number": number}])

    order = Order(uuid5(change.order.submission, "round"), PLANNED)
    carry_out(change.asker, order, PERMISSION, lambda _change: None, write)


def _check_counts(change: Change, draft: RoundDraft) -> None:
    problems = Problems(change.asker)
    problems.codes("offices", draft.offices, codes.OFFICES)
    problems.text("place", draft.place, PLACE_LIMIT)
    for name in PERSON_COUNTS:
        problems.number(name, getattr(draft, name), 0, MOST_PERSONS)
    problems.raise_if_any()
