"""Appending and superseding rows for an edit: the only statements by which the application writes facts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Table, func, insert, literal, select, update

from geodata.edits.order import Change
from geodata.errors import InvalidEdit
from geodata.tables import property_, property_address, property_link, property_version

_NOT_COPIED = frozenset({"id", "recorded_at", "superseded_at"})


def append(change: Change, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Append rows with the number and the moment of the edit; returns their ids in order."""
    if not rows:
        return []
    common = {"municipality": change.municipality, "edit_id": change.edit_id, "recorded_at": change.moment}
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(change.asker.connection.execute(statement, [{**common, **row} for row in rows]).scalars())


def supersede(change: Change, table: Table, ids: Iterable[int]) -> None:
    """Supersede rows that are in force. All or an error: a row policy that lets nothing through is no success."""
    wanted = sorted(set(ids))
    statement = update(table).where(table.c.id.in_(wanted), table.c.superseded_at.is_(None))
    done = change.asker.connection.execute(statement.values(superseded_at=change.moment)).rowcount
    if done != len(wanted):
        raise InvalidEdit({"fact": "not_in_scope"})


def copy(change: Change, table: Table, ids: Iterable[int], *, keeps_moment: bool = False, **others: Any) -> None:
    """Append copies of rows, with these columns changed; what brought them stays named unless it is changed."""
    values = others if keeps_moment else {"recorded_at": change.moment, **others}
    names = [column.name for column in table.c if column.name not in _NOT_COPIED]
    columns = [
        literal(values[name], table.c[name].type).label(name) if name in values else table.c[name]
        for name in [*names, "recorded_at"]
    ]
    source = select(*columns).where(table.c.id.in_(sorted(set(ids))))
    change.asker.connection.execute(insert(table).from_select([*names, "recorded_at"], source))


def copy_addresses(change: Change, from_version: int, to_version: int) -> None:
    """Give a version of a property the addresses of another one."""
    names = [column.name for column in property_address.c if column.name != "id"]
    columns = [
        literal(to_version, property_address.c[name].type)
        if name == "property_version_id"
        else property_address.c[name]
        for name in names
    ]
    source = select(*columns).where(property_address.c.property_version_id == from_version)
    change.asker.connection.execute(insert(property_address).from_select(names, source))


def require_property(change: Change, property_id: int, *, field: str = "property_id") -> None:
    """Refuse a property that the asker does not see, or that was merged into another one."""
    connection = change.asker.connection
    known = select(property_.c.id).where(property_.c.id == property_id, property_.c.municipality == change.municipality)
    if connection.execute(known).one_or_none() is None:
        raise InvalidEdit({field: "not_in_scope"})
    if connection.execute(merged(property_id)).one_or_none() is not None:
        raise InvalidEdit({field: "merged"})


def merged(property_id: int) -> Any:
    """Query of the link by which the property was given up for another one."""
    link = property_link.c
    return select(link.id, link.to_property_id, link.happened_on).where(
        link.from_property_id == property_id, link.kind == "merge", link.superseded_at.is_(None)
    )


def current_version(change: Change, property_id: int) -> RowMapping:
    """The facts of the property in force, all columns; refused where there are none."""
    query = select(property_version).where(
        property_version.c.property_id == property_id, property_version.c.superseded_at.is_(None)
    )
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"property_id": "not_in_scope"})
    return row


def next_number(change: Change, table: Table, **same: Any) -> int:
    """The running number behind the current rows with these values: what is entered later comes later on its day."""
    conditions = [table.c[name] == value for name, value in same.items()]
    query = select(func.coalesce(func.max(table.c.running_number), 0) + 1)
    found: int = change.asker.connection.execute(
        query.where(*conditions, table.c.municipality == change.municipality, table.c.superseded_at.is_(None))
    ).scalar_one()
    return found
