"""Two records of one object become one, and one record of two objects becomes two; both keep their history.

A merge gives one property up for another: from its date on it counts nowhere, its facts and addresses belong to the one
that goes on, and later deliveries for its key find that one through the link. A split moves chosen facts and addresses
to a new property. Facts are moved as all facts are changed: the row before is superseded and stays visible, the one
after it names the edit and still the delivery from which it came.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import RowMapping, Table, select

from geodata.access import Asker
from geodata.edits import placing
from geodata.edits.checks import Problems
from geodata.edits.drafts import PropertyDraft
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.properties import append_version, check_draft, content_of, insert_identity, rewrite
from geodata.edits.rows import append, copy, current_version, require_property, supersede
from geodata.errors import InvalidEdit
from geodata.tables import (
    assessment_event,
    assessment_report,
    closure,
    closure_event,
    demolition_stage,
    dwelling_change,
    funding_grant,
    inspection,
    measure,
    measure_step,
    note,
    photograph,
    property_link,
    status_event,
    supply_cut,
)

# What belongs to a property and goes with it.
MOVED: Final[Mapping[str, Table]] = MappingProxyType(
    {
        one.name: one
        for one in (
            status_event,
            assessment_event,
            assessment_report,
            inspection,
            demolition_stage,
            measure,
            measure_step,
            supply_cut,
            closure,
            closure_event,
            dwelling_change,
            funding_grant,
            note,
            photograph,
        )
    }
)


def merge(asker: Asker, order: Order, from_id: int, into_id: int, *, happened_on: date | None) -> Edited:
    """Give `from_id` up for `into_id` from a date on; `undo` restores both."""

    def check(change: Change) -> int:
        if from_id == into_id:
            raise InvalidEdit({"into": "same"})
        require_property(change, from_id, field="from")
        # One that was given up itself is refused here, so no chain of links can end where it began.
        require_property(change, into_id, field="into")
        _check_day(change, happened_on)
        return into_id

    def write(change: Change) -> None:
        _link(change, "merge", from_id, into_id, happened_on)
        _move_links(change, from_id, into_id)
        for table in MOVED.values():
            _move(change, table, _current_ids(change, table, from_id), into_id)
        _join_facts(change, from_id, into_id)
        change.touched |= {from_id, into_id}

    return carry_out(asker, order, "property:write", check, write)


def split(
    asker: Asker,
    order: Order,
    property_id: int,
    draft: PropertyDraft,
    *,
    fact_ids: Mapping[str, Sequence[int]],
    happened_on: date | None,
) -> Edited:
    """Make a property of its own of the draft; its addresses, its parcels and the facts named leave `property_id`.

    `fact_ids` by table, as in `MOVED`. The new property is recorded on the day of the split, unless facts of its state
    go with it. The answer names the new property.
    """
    made: list[placing.PlacedAddress] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        problems = check_draft(change, draft)
        problems.date("happened_on", happened_on)
        made.extend(_left(change, property_id, draft))
        if not made:
            problems.add("addresses", "none_left")
        problems.found |= _foreign(change, property_id, fact_ids)
        problems.raise_if_any()
        return insert_identity(change)

    def write(change: Change) -> None:
        new_id = int(change.property_id or 0)
        append_version(change, new_id, content_of(change, draft))
        _link(change, "split", property_id, new_id, happened_on)
        for name, ids in fact_ids.items():
            _move(change, MOVED[name], ids, new_id)
        if not fact_ids.get(status_event.name):
            first = {"state": "recorded", "valid_on": happened_on, "key": change.fact_key()}
            append(change, status_event, [{**first, "property_id": new_id}])
        parcels = [one for one in current_version(change, property_id)["parcels"] if one not in draft.parcels]
        _rewrite_addresses(change, property_id, {"parcels": parcels}, made)
        change.touched |= {property_id, new_id}

    return carry_out(asker, order, "property:write", check, write)


# --- links ------------------------------------------------------------------------------------------------------------


def _check_day(change: Change, happened_on: date | None) -> None:
    problems = Problems(change.asker)
    problems.date("happened_on", happened_on)
    problems.raise_if_any()


def _link(change: Change, kind: str, from_id: int, to_id: int, happened_on: date | None) -> None:
    reason = (change.order.reason or "").strip() or None
    row = {"kind": kind, "from_property_id": from_id, "to_property_id": to_id, "happened_on": happened_on}
    append(change, property_link, [{**row, "reason": reason}])


def _move_links(change: Change, from_id: int, into_id: int) -> None:
    """What had been merged into the one given up now leads to the one that goes on: no link leads to another."""
    link = property_link.c
    query = select(link.id).where(link.to_property_id == from_id, link.kind == "merge", link.superseded_at.is_(None))
    ids = change.asker.connection.execute(query).scalars().all()
    supersede(change, property_link, ids)
    # Their moment stays: by it qm.property_at knows which facts a merge moved.
    copy(change, property_link, ids, keeps_moment=True, to_property_id=into_id, edit_id=change.edit_id)


# --- facts ------------------------------------------------------------------------------------------------------------


def _current_ids(change: Change, table: Table, property_id: int) -> Sequence[int]:
    query = select(table.c.id).where(table.c.property_id == property_id, table.c.superseded_at.is_(None))
    return change.asker.connection.execute(query).scalars().all()


def _move(change: Change, table: Table, ids: Iterable[int], property_id: int) -> None:
    """The facts belong to another property; their keys stay, so that a delivery still knows them."""
    wanted = list(ids)
    supersede(change, table, wanted)
    copy(change, table, wanted, property_id=property_id, edit_id=change.edit_id)


def _foreign(change: Change, property_id: int, fact_ids: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Facts that are not in force for the property that is divided."""
    if not set(fact_ids) <= set(MOVED):
        return {"facts": "unknown"}
    known = all(set(ids) <= set(_current_ids(change, MOVED[name], property_id)) for name, ids in fact_ids.items())
    return {} if known else {"facts": "not_in_scope"}


def _join_facts(change: Change, from_id: int, into_id: int) -> None:
    """The one that goes on has the addresses and parcels of both; where it lacks a value, it takes over the other's."""
    into, given_up = current_version(change, into_id), current_version(change, from_id)
    addresses = placing.addresses_of(change, into["id"]) + placing.addresses_of(change, given_up["id"])
    values = _completed(into, given_up)
    values["parcels"] = list(dict.fromkeys([*into["parcels"], *given_up["parcels"]]))
    _rewrite_addresses(change, into_id, values, list({one.identity: one for one in reversed(addresses)}.values())[::-1])


def _completed(into: RowMapping, given_up: RowMapping) -> dict[str, Any]:
    """Values that only the one given up had; a place goes together with how it was found."""
    # Not the date of recording: from an earlier one on it would count beside the one that counted then.
    names = ("file_reference", "use_type", "building_class", "is_inhabited", "is_heritage", "ownership_form")
    values = {name: given_up[name] for name in names if into[name] is None and given_up[name] is not None}
    if into["geom"] is None and given_up["geom"] is not None:
        values |= {"geom": given_up["geom"], "placed_by": given_up["placed_by"]}
    return values


def _rewrite_addresses(
    change: Change, property_id: int, values: Mapping[str, Any], addresses: Sequence[placing.PlacedAddress]
) -> None:
    version_id = rewrite(change, property_id, values, keeps_addresses=False)
    placing.append_addresses(change, version_id, addresses)


def _left(change: Change, property_id: int, draft: PropertyDraft) -> list[placing.PlacedAddress]:
    """The addresses that stay with the property that is divided."""
    leaving = {one.identity for one in placing.place_addresses(change, draft.addresses)}
    version = current_version(change, property_id)
    return [one for one in placing.addresses_of(change, version["id"]) if one.identity not in leaving]
