"""Saving, changing and calling off a planned round.

A plan is a fact: each change supersedes the version before and appends another one with all its stops. Once something
was recorded for it, its date, its type and the objects with an outcome stay. Codes of refusals beside those of
`edits/checks.py`: "too_many", "past" (a day that has passed is recorded, not planned), "has_outcome", "called_off".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, insert, null, select

from geodata import codes
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits.checks import Problems
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.placing import point
from geodata.edits.rows import append, require_property, supersede
from geodata.errors import InvalidEdit
from geodata.merges import merged_ids
from geodata.planning.candidates import PERMISSION
from geodata.planning.numbers import plan_key
from geodata.tables import area, inspection, inspection_round, round_plan, round_plan_skip, round_plan_stop

MOST_STOPS: Final = 20
_NAME_LIMIT: Final = 200
# What a conflict tells.
_TOLD: Final = ("held_on", "kind", "offices", "area_id", "start_name", "called_off")


@dataclass(frozen=True)
class PlanDraft:
    """A round as somebody plans it; `start` is longitude and latitude (EPSG:4326), None = the middle of the objects."""

    held_on: date | None
    kind: str
    offices: tuple[str, ...]
    stops: tuple[int, ...]
    area_id: int | None = None
    start: tuple[float, float] | None = None
    start_name: str | None = None


def save_plan(asker: Asker, order: Order, draft: PlanDraft) -> Edited:
    """Save a new plan; its number is that of the edit."""

    def check(change: Change) -> None:
        _check(change, draft, has_outcome=False)

    def write(change: Change) -> None:
        _append(change, change.fact_key(0), draft)

    return carry_out(asker, order, PERMISSION, check, write)


def change_plan(asker: Asker, order: Order, number: int, draft: PlanDraft) -> Edited:
    """Save a plan anew; `order.expected` is the version that the page showed."""
    found: list[RowMapping] = []

    def check(change: Change) -> None:
        now = require_plan(change, number)
        found.append(now)
        done = objects_with_outcome(change.asker, now["key"])
        _refuse_other_version(change, now, draft)
        is_held = bool(done) or _is_held(change, now["key"])
        _check(change, draft, has_outcome=is_held)
        if is_held and (draft.held_on, draft.kind) != (now["held_on"], now["kind"]):
            raise InvalidEdit({"held_on": "has_outcome"})
        followed = merged_ids(asker, draft.stops)
        if not done <= {followed.get(one, one) for one in draft.stops}:
            raise InvalidEdit({"stops": "has_outcome"})

    def write(change: Change) -> None:
        supersede(change, round_plan, [found[0]["id"]])
        _append(change, found[0]["key"], draft)

    return carry_out(asker, order, PERMISSION, check, write)


def call_off(asker: Asker, order: Order, number: int, reason: str) -> Edited:
    """Say that a planned round does not take place; the plan stays visible as called off."""
    found: list[RowMapping] = []

    def check(change: Change) -> None:
        problems = Problems(asker)
        problems.code("called_off", reason or None, codes.CALL_OFF_REASONS, is_required=True)
        problems.raise_if_any()
        now = require_plan(change, number)
        found.append(now)
        if objects_with_outcome(change.asker, now["key"]) or _is_held(change, now["key"]):
            raise InvalidEdit({"form": "has_outcome"})

    def write(change: Change) -> None:
        now = found[0]
        supersede(change, round_plan, [now["id"]])
        columns = {name: now[name] for name in ("key", "held_on", "kind", "offices", "area_id", "start_name")}
        place = select(round_plan.c.geom).where(round_plan.c.id == now["id"]).scalar_subquery()
        made = _insert(change, {**columns, "called_off": reason}, place)
        stops = stops_of(change.asker, now["id"])
        append(change, round_plan_stop, [_stop(made, at, one) for at, one in enumerate(stops, start=1)])

    return carry_out(asker, order, PERMISSION, check, write)


def require_plan(change: Change, number: int) -> RowMapping:
    """The version in force of a plan that was not called off; refused otherwise."""
    row = current_plan(change.asker, number)
    if row is None:
        raise InvalidEdit({"form": "not_in_scope"})
    if row["called_off"] is not None:
        raise InvalidEdit({"form": "called_off"})
    return row


def current_plan(asker: Asker, number: int) -> RowMapping | None:
    """The version in force of a plan, without its point."""
    asker.require(PERMISSION)
    columns = [column for column in round_plan.c if column.name != "geom"]
    query = select(*columns).where(
        round_plan.c.municipality == asker.scope.municipality,
        round_plan.c.key == plan_key(number),
        round_plan.c.superseded_at.is_(None),
    )
    return asker.connection.execute(query).mappings().one_or_none()


def objects_with_outcome(asker: Asker, key: str) -> set[int]:
    """Objects for which something was recorded for a plan: a visit, or that nobody went there."""
    asker.require(PERMISSION)
    visit, skip = inspection.c, round_plan_skip.c
    city = asker.scope.municipality
    visited = select(visit.property_id).where(
        visit.municipality == city, visit.round_key == key, visit.edit_id.is_not(None), visit.superseded_at.is_(None)
    )
    skipped = select(skip.property_id).where(
        skip.municipality == city, skip.plan_key == key, skip.superseded_at.is_(None)
    )
    found = set(asker.connection.execute(visited.union(skipped)).scalars())
    followed = merged_ids(asker, found)
    return {followed.get(one, one) for one in found}


# --- how it is checked and written ------------------------------------------------------------------------------------


def _is_held(change: Change, key: str) -> bool:
    """Whether its round stands as held, be it without a visit: somebody may have stated who took part."""
    one = inspection_round.c
    query = select(one.id).where(one.municipality == change.municipality, one.key == key, one.superseded_at.is_(None))
    return change.asker.connection.execute(query).first() is not None


def _check(change: Change, draft: PlanDraft, *, has_outcome: bool) -> None:
    problems = Problems(change.asker)
    problems.date("held_on", draft.held_on, is_plan=True)
    problems.code("kind", draft.kind or None, codes.CONTROL_TYPES, is_required=True)
    problems.codes("offices", draft.offices, codes.OFFICES)
    problems.text("start_name", draft.start_name, _NAME_LIMIT)
    if draft.held_on is not None and draft.held_on < today() and not has_outcome:
        problems.add("held_on", "past")
    if not draft.stops:
        problems.add("stops", "required")
    if len(draft.stops) > MOST_STOPS:
        problems.add("stops", "too_many")
    if len(set(draft.stops)) < len(draft.stops):
        problems.add("stops", "same")
    if draft.area_id is not None and not _has_area(change, draft.area_id):
        problems.add("area_id", "unknown")
    problems.raise_if_any()
    for one in draft.stops:
        require_property(change, one, field="stops")


def _has_area(change: Change, area_id: int) -> bool:
    query = select(area.c.id).where(area.c.id == area_id, area.c.municipality == change.municipality)
    return change.asker.connection.execute(query).one_or_none() is not None


def _refuse_other_version(change: Change, now: RowMapping, draft: PlanDraft) -> None:
    """The version that the page showed must still be in force, unless what was changed meanwhile is the same."""
    expected = change.order.expected
    if expected is None or expected == now["id"]:
        return
    columns = [round_plan.c[name] for name in _TOLD]
    before = change.asker.connection.execute(select(*columns).where(round_plan.c.id == expected)).mappings().first()
    theirs = {name: now[name] for name in _TOLD} | {"stops": stops_of(change.asker, now["id"])}
    earlier = dict(before or {}) | {"stops": stops_of(change.asker, expected)}
    yours = {name: getattr(draft, name) for name in _TOLD if name != "called_off"} | {"stops": draft.stops}
    plain = [{name: _plain(value) for name, value in one.items()} for one in (earlier, theirs, yours)]
    refuse_if_changed(change, round_plan, now["id"], before=plain[0], theirs=plain[1], yours=plain[2])


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _append(change: Change, key: str, draft: PlanDraft) -> None:
    values = {
        "key": key,
        "held_on": draft.held_on,
        "kind": draft.kind,
        "offices": [code for code in codes.OFFICES if code in draft.offices],
        "area_id": draft.area_id,
        "start_name": draft.start_name if draft.start else None,
        "called_off": None,
    }
    made = _insert(change, values, point(draft.start) if draft.start else null())
    append(change, round_plan_stop, [_stop(made, at, one) for at, one in enumerate(draft.stops, start=1)])


def _insert(change: Change, values: Mapping[str, Any], place: ColumnElement[Any]) -> int:
    common = {"municipality": change.municipality, "edit_id": change.edit_id, "recorded_at": change.moment}
    statement = insert(round_plan).values(**common, **values, geom=place).returning(round_plan.c.id)
    made: int = change.asker.connection.execute(statement).scalar_one()
    return made


def _stop(plan_id: int, position: int, property_id: int) -> dict[str, Any]:
    return {"round_plan_id": plan_id, "position": position, "property_id": property_id}


def stops_of(asker: Asker, plan_id: int) -> tuple[int, ...]:
    """The objects of a version of a plan in their order, as they were planned: merges are not followed here."""
    asker.require(PERMISSION)
    c = round_plan_stop.c
    query = select(c.property_id).where(c.round_plan_id == plan_id).order_by(c.position, c.id)
    return tuple(asker.connection.execute(query).scalars())
