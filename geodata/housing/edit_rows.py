"""Rows of the tables of housing: found, corrected, withdrawn; a correction supersedes and keeps the key."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import RowMapping, Select, Table, select

from geodata.access import Asker
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, supersede
from geodata.errors import InvalidEdit

PERMISSION: Final = "housing:write"
_BROUGHT: Final = frozenset({"id", "edit_id", "delivery_id", "content_hash", "recorded_at", "superseded_at"})


def in_force(change: Change, table: Table) -> Select[Any]:
    """Query of the rows in force of a table of the city."""
    return select(table).where(table.c.municipality == change.municipality, table.c.superseded_at.is_(None))


def required(change: Change, table: Table, key: str) -> RowMapping:
    """The row in force; of a key that nobody knows there is nothing to change."""
    row = change.asker.connection.execute(in_force(change, table).where(table.c.key == key)).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"form": "not_in_scope"})
    return row


def correct(
    asker: Asker,
    order: Order,
    table: Table,
    key: str,
    values: Callable[[Change, RowMapping], dict[str, Any]],
) -> Edited:
    """Supersede a row by another one with its key; `order.expected` is the id of the row that the form showed."""
    found: list[tuple[RowMapping, dict[str, Any]]] = []

    def check(change: Change) -> int | None:
        now = required(change, table, key)
        row = values(change, now)
        _refuse_changed(change, table, now, row)
        if all(now[name] == value for name, value in row.items()):
            raise InvalidEdit({"form": "unchanged"})
        found.append((now, row))
        return _property_of(now)

    def write(change: Change) -> None:
        replace_row(change, table, *found[0])

    return carry_out(asker, order, PERMISSION, check, write)


def withdraw(
    asker: Asker, order: Order, table: Table, key: str, also: Callable[[Change], None] = lambda _change: None
) -> Edited:
    """Take a row back without another one in its place; `also` is done in the same edit."""
    found: list[RowMapping] = []

    def check(change: Change) -> int | None:
        now = required(change, table, key)
        refuse_version(change, now)
        found.append(now)
        return _property_of(now)

    def write(change: Change) -> None:
        supersede(change, table, [found[0]["id"]])
        also(change)

    return carry_out(asker, order, PERMISSION, check, write)


def _property_of(row: RowMapping) -> int | None:
    return row.get("property_id")


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


def kept(row: RowMapping) -> dict[str, Any]:
    """What of a row goes over to the one that replaces it."""
    return {name: value for name, value in row.items() if name not in _BROUGHT | {"municipality"}}


def replace_row(change: Change, table: Table, now: RowMapping, values: Mapping[str, Any]) -> None:
    """Supersede a row by another one with these columns changed."""
    supersede(change, table, [now["id"]])
    append(change, table, [{**kept(now), **values}])
