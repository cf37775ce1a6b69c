"""Rows that keep their key through corrections; what stood there before stays in their past."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import RowMapping, Select, Table, select

from geodata.access import Asker
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, supersede
from geodata.errors import InvalidEdit

_BROUGHT: Final = frozenset(
    {"id", "municipality", "edit_id", "delivery_id", "content_hash", "recorded_at", "superseded_at"}
)
Values = Callable[[Change, RowMapping], dict[str, Any]]
PropertyOf = Callable[[Change, Mapping[str, Any]], int | None]


def property_of_row(_change: Change, row: Mapping[str, Any]) -> int | None:
    """The property of a row that names it itself; None where its table knows none."""
    return row.get("property_id")


def in_force(change: Change, table: Table) -> Select[Any]:
    """Query of the rows in force of a table of the city."""
    return select(table).where(table.c.municipality == change.municipality, table.c.superseded_at.is_(None))


def find(change: Change, table: Table, key: str) -> RowMapping | None:
    """The row of a key that is in force; None where there is none for who asks."""
    query = in_force(change, table).where(table.c.key == key)
    return change.asker.connection.execute(query).mappings().one_or_none()


def required(change: Change, table: Table, key: str, *, field: str = "form") -> RowMapping:
    """The row in force; of a key that nobody knows there is nothing to change."""
    row = find(change, table, key)
    if row is None:
        raise InvalidEdit({field: "not_in_scope"})
    return row


def correct(
    asker: Asker,
    order: Order,
    permission: str,
    table: Table,
    key: str,
    values: Values,
    property_of: PropertyOf = property_of_row,
) -> Edited:
    """Supersede a row by another one with its key; `order.expected` is the id of the row that the form showed.

    `values` checks and gives the columns that are stated anew; `property_of` names the property for the edit.
    """
    found: list[tuple[RowMapping, dict[str, Any]]] = []

    def check(change: Change) -> int | None:
        now = required(change, table, key)
        row = values(change, now)
        _refuse_changed(change, table, now, row)
        if all(now[name] == value for name, value in row.items()):
            raise InvalidEdit({"form": "unchanged"})
        found.append((now, row))
        return property_of(change, {**now, **row})

    def write(change: Change) -> None:
        replace(change, table, *found[0])

    return carry_out(asker, order, permission, check, write)


def withdraw(
    asker: Asker,
    order: Order,
    permission: str,
    table: Table,
    key: str,
    also: Callable[[Change], None] = lambda _change: None,
) -> Edited:
    """Take a row back without another one in its place; `also` is done in the same edit."""
    found: list[RowMapping] = []

    def check(change: Change) -> int | None:
        now = required(change, table, key)
        refuse_version(change, now)
        found.append(now)
        return property_of_row(change, {**now})

    def write(change: Change) -> None:
        supersede(change, table, [found[0]["id"]])
        also(change)

    return carry_out(asker, order, permission, check, write)


def replace(change: Change, table: Table, now: RowMapping | None, values: Mapping[str, Any]) -> None:
    """Supersede a row by another one with these columns changed; without one before it, append it."""
    before = {} if now is None else kept(now)
    if now is not None:
        supersede(change, table, [now["id"]])
    append(change, table, [{**before, **values}])


def kept(row: RowMapping) -> dict[str, Any]:
    """What of a row goes over to the one that replaces it."""
    return {name: value for name, value in row.items() if name not in _BROUGHT}


def refuse_version(change: Change, now: RowMapping) -> None:
    """Refuse where the form showed another version."""
    if change.order.expected not in (None, now["id"]):
        raise InvalidEdit({"form": "changed_since"})


def _refuse_changed(change: Change, table: Table, now: RowMapping, yours: Mapping[str, Any]) -> None:
    expected = change.order.expected
    if expected in (None, now["id"]):
        return
    query = select(table).where(table.c.municipality == change.municipality, table.c.id == expected)
    shown = change.asker.connection.execute(query).mappings().one_or_none()
    if shown is None or shown["key"] != now["key"]:
        raise InvalidEdit({"form": "not_in_scope"})
    refuse_if_changed(change, table, now["id"], before=dict(shown), theirs=dict(now), yours=yours)
