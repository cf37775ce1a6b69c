"""Taking a delivery back: what it brought is superseded, what it had superseded is revived, in one transaction.

Nothing is deleted: the withdrawn rows stay in the past. Where a later delivery or an edit already replaced a row, that
one stays. Refused where something would hang in the air: versions of areas that a later delivery cut, facts of
properties, steps of proceedings, events of closed houses or money of grants that only this delivery described, calls
that would be more than was granted, links and rules of areas that only it brought.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, create_engine, text
from sqlalchemy.pool import NullPool

from etl import apply
from etl.pipeline import lock_municipality, moment_of
from etl.source import Named, Past, Source, find_source
from geodata import audit, records
from geodata.calendar import today
from geodata.errors import QmError, UsageError
from geodata.tables import closure, funding_call, funding_grant, measure, property_version

_UNCOPIED = ("id", "recorded_at", "superseded_at")
_UNDONE = "EXISTS (SELECT FROM qm.edit AS e WHERE e.id = t.edit_id AND e.undone_at IS NOT NULL)"
_CHANGED = "changed {kind} that it brought ({count})"
_OF_AREAS = "brought {kind} ({count}) of areas that only it describes"
_OF_CLOSURES = "brought {kind} ({count}) of closed houses that only it describes"
_OF_GRANTS = "brought {kind} ({count}) of grants that only it describes"
_OVERDRAWN = "brought {kind} ({count}) that would be more than was granted"
_OF_MEASURES = "brought {kind} ({count}) of proceedings that only it describes"
_OF_PROPERTIES = "brought {kind} ({count}) of properties that only it describes"


@dataclass(frozen=True)
class Withdrawn:
    """How many rows were taken back and how many revived."""

    superseded: int
    revived: int


class CannotWithdraw(QmError):
    """Something that came later rests on the delivery."""


def withdraw(
    url: str, delivery_id: int, *, municipality: str | None = None, account: str = audit.COMMAND_LINE
) -> Withdrawn:
    """Take a delivery back and derive the current state anew; the log says which account did.

    UsageError: there is no such delivery (in this municipality, if one is given), or nothing of it is in force.
    CannotWithdraw: something rests on it; the sentence says what to withdraw first.
    """
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            return _withdraw(connection, delivery_id, municipality, account)
    finally:
        engine.dispose()


def _withdraw(connection: Connection, delivery_id: int, municipality: str | None, account: str) -> Withdrawn:
    delivery = _delivery(connection, delivery_id, municipality)
    lock_municipality(connection, delivery.municipality)
    records.allow_nested_loops(connection, is_allowed=False)
    source = find_source(delivery.source)
    values = {
        "municipality": delivery.municipality,
        "delivery_id": delivery_id,
        "recorded_at": delivery.recorded_at,
        "moment": moment_of(connection),
    }
    connection.execute(text("UPDATE qm.delivery SET withdrawn_at = :moment WHERE id = :delivery_id"), values)
    done = _take_back(connection, source, source.table, values)
    if source.names is not None:
        _take_back_named(connection, source, source.names, values)
    if source.is_of_property:
        implied = _take_back(connection, find_source("properties"), property_version, values)
        done = Withdrawn(done.superseded + implied.superseded, done.revived + implied.revived)
    records.refresh(
        connection,
        delivery.municipality,
        records.default_as_of(connection, delivery.municipality, today()),
        areas_changed=source.changes_areas,
        rules_changed=source.changes_rules,
    )
    details: dict[str, str | int] = {"delivery": delivery_id, "source": delivery.source, "change": "withdrawn"}
    audit.append(connection, audit.Entry("delivery", delivery.municipality, account, delivery.file_name, details))
    return done


def _delivery(connection: Connection, delivery_id: int, municipality: str | None) -> Row[Any]:
    query = text(
        "SELECT municipality, source, file_name, recorded_at, refused, withdrawn_at FROM qm.delivery WHERE id = :id"
        " FOR UPDATE"
    )
    found = connection.execute(query, {"id": delivery_id}).one_or_none()
    if found is None or municipality not in (None, found.municipality):
        raise UsageError(f"There is no delivery {delivery_id}.")
    if found.refused is not None:
        raise UsageError(f"Delivery {delivery_id} was refused, so nothing of it is in force.")
    if found.withdrawn_at is not None:
        raise UsageError(f"Delivery {delivery_id} is withdrawn already.")
    return found


def _take_back(connection: Connection, source: Source, table: Table, values: dict[str, Any]) -> Withdrawn:
    is_area = source.past is Past.VERSIONS
    names = {
        "table": str(table),
        "taken": f"taken_{table.name}",
        "revived": f"revived_{table.name}",
        "columns": ", ".join(one.name for one in table.columns if one.name not in _UNCOPIED),
        "values": ", ".join(_value(table, one.name) for one in table.columns if one.name not in _UNCOPIED),
        "key_of_t": ", ".join(f"t.{name}" for name in source.stored_key),
        "n_is_t": apply.same(source.stored_key, "n", "t"),
        "is_undone": _UNDONE if "edit_id" in table.c else "false",
    }
    if is_area:
        _refuse_if(apply.execute(connection, "later_versions", values, names), values, _CHANGED)
    apply.execute(connection, "withdraw_areas" if is_area else "withdraw_rows", values, names)
    if is_area:
        _refuse_if(apply.execute(connection, "uses_of_areas", values, names), values, _OF_AREAS)
    if table is measure:
        _refuse_if(apply.execute(connection, "steps_without_measure", values, names), values, _OF_MEASURES)
    if table is closure:
        _refuse_if(apply.execute(connection, "events_without_closure", values, names), values, _OF_CLOSURES)
    if table is funding_grant:
        _refuse_if(apply.execute(connection, "money_without_grant", values, names), values, _OF_GRANTS)
    if table in (funding_grant, funding_call):
        _refuse_if(apply.execute(connection, "overdrawn_grants", values, names), values, _OVERDRAWN)
    if table is property_version:
        apply.execute(connection, "withdraw_revive_addresses", values, names)
        apply.execute(connection, "withdraw_computed", values, names)
        left = apply.execute(connection, "facts_without_property", values, names)
        _refuse_if(left, values, _OF_PROPERTIES)
    return Withdrawn(_count(connection, names["taken"]), _count(connection, names["revived"]))


def _take_back_named(connection: Connection, source: Source, named: Named, values: dict[str, Any]) -> None:
    """What the rows of the delivery named; not counted, because a report counts the rows of files."""
    names = {
        "table": str(named.table),
        "rows": str(source.table),
        "key": named.field,
        "taken": f"taken_{named.table.name}",
        "revived": f"revived_{named.table.name}",
        "columns": ", ".join(one.name for one in named.table.columns if one.name not in _UNCOPIED),
    }
    apply.execute(connection, "withdraw_named", values, names)


def _value(table: Table, column: str) -> str:
    """Expression over the revived row `r`."""
    if column != "property_id" or table is property_version:
        return f"r.{column}"
    merged = "l.from_property_id = r.property_id AND l.kind = 'merge' AND l.superseded_at IS NULL"
    return f"coalesce((SELECT l.to_property_id FROM qm.property_link AS l WHERE {merged}), r.property_id)"  # noqa: S608


def _refuse_if(rows: list[Row[Any]], values: dict[str, Any], what: str) -> None:
    """Name the latest delivery (or the edit) that rests on this one."""
    if not rows:
        return
    first = rows[0]
    who = "an edit" if first.delivery_id is None else f"delivery {first.delivery_id}"
    way_out = None if first.delivery_id is None else f"Withdraw delivery {first.delivery_id} first."
    found = what.format(kind=first.kind, count=f"{first.facts:,}")
    raise CannotWithdraw(f"Delivery {values['delivery_id']} cannot be withdrawn: {who} {found}.", way_out)


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())  # noqa: S608
