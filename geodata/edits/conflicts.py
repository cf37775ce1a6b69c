"""Two people at one record: who changed what meanwhile, field by field, so that the second loses nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, null, select

from geodata.edits.order import Change
from geodata.errors import EditConflict, FieldChange
from geodata.tables import delivery, edit


def refuse_if_changed(
    change: Change,
    table: Table,
    current: int,
    *,
    before: Mapping[str, Any],
    theirs: Mapping[str, Any],
    yours: Mapping[str, Any],
) -> None:
    """Raise EditConflict when a field of `yours` was changed meanwhile to something else than yours says.

    `current` is the row of `table` that is in force, and the version to build on next.
    """
    changes = tuple(
        FieldChange(name, before.get(name), theirs.get(name), mine)
        for name, mine in yours.items()
        if theirs.get(name) != before.get(name) and theirs.get(name) != mine
    )
    if changes:
        by, at = who_brought(change, table, current)
        raise EditConflict(by, at, changes, current)


def who_brought(change: Change, table: Table, row_id: int) -> tuple[str, datetime]:
    """Name of who entered the row, or the file that was delivered (empty where it may not be read), and when."""
    # What only people write has no delivery.
    brought = table.c.delivery_id if "delivery_id" in table.c else null()
    query = (
        select(edit.c.account_name, delivery.c.source, table.c.recorded_at)
        .select_from(table.outerjoin(edit, edit.c.id == table.c.edit_id).outerjoin(delivery, delivery.c.id == brought))
        .where(table.c.id == row_id)
    )
    row = change.asker.connection.execute(query).one()
    return row.account_name or row.source or "", row.recorded_at
