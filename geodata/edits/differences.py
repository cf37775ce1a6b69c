"""What an edit changed, field by field: the rows that it wrote beside those that it replaced.

An edit writes and supersedes at one moment (`edits/order.py`), so the two sides of a difference meet by business key
and moment. What the role of the asker may not read is None on both sides and so tells nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Table, func, select

from geodata.access import Asker
from geodata.edits import EditShown
from geodata.masking import readable
from geodata.tables import inspection, note, property_address, property_version, status_event

# The columns that a reader is told of. The words of a note stand in its own history.
_TOLD: Final[Mapping[Table, tuple[str, ...]]] = MappingProxyType(
    {
        property_version: (
            "registered_on", "file_reference", "use_type", "building_class", "dwellings", "is_inhabited", "is_heritage",
            "ownership_form", "lead_office", "next_step", "reminder_on", "parcels",
        ),
        status_event: ("state", "valid_on", "reason"),
        inspection: ("control_type", "inspected_on", "access_reached", "result", "defects"),
        note: ("note_class", "written_on"),
    }
)  # fmt: skip
ADDRESSES: Final = "addresses"


@dataclass(frozen=True)
class Difference:
    """One field before and after an edit; None before = it is new, None after = it was taken away."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class _Row:
    key: Any
    edit_id: int | None
    superseded_at: datetime | None
    values: Mapping[str, Any]


def read_differences(
    asker: Asker, property_id: int, edits: Sequence[EditShown]
) -> Mapping[int, tuple[Difference, ...]]:
    """The differences that each of these edits of a property made, by edit id."""
    asker.require("edit:read")
    tables = [_read(asker, table, property_id) for table in _TOLD] if edits else []
    return {one.edit_id: tuple(_differences(one, tables)) for one in edits}


def _differences(one: EditShown, tables: Iterable[Sequence[_Row]]) -> Iterable[Difference]:
    for rows in tables:
        before = {row.key: row.values for row in rows if row.superseded_at == one.made_at}
        after = {row.key: row.values for row in rows if row.edit_id == one.edit_id}
        for key in dict.fromkeys([*before, *after]):
            old, new = before.get(key, {}), after.get(key, {})
            for name in dict.fromkeys([*old, *new]):
                if old.get(name) != new.get(name):
                    yield Difference(name, old.get(name), new.get(name))


def _read(asker: Asker, table: Table, property_id: int) -> list[_Row]:
    is_facts = table is property_version
    names = _TOLD[table]
    columns = [readable(asker, table.c[name]) for name in names]
    # A property has one line of versions, so its own id is their key.
    key = (table.c.property_id if is_facts else table.c.key).label("row_key")
    query = select(key, table.c.id, table.c.edit_id, table.c.superseded_at, *columns).where(
        table.c.property_id == property_id
    )
    rows = list(asker.connection.execute(query).mappings())
    addresses = _addresses(asker, [row["id"] for row in rows]) if is_facts else {}
    return [
        _Row(
            row["row_key"],
            row["edit_id"],
            row["superseded_at"],
            {name: _plain(row[name]) for name in names} | ({ADDRESSES: addresses.get(row["id"])} if is_facts else {}),
        )
        for row in rows
    ]


def _plain(value: Any) -> Any:
    return (tuple(value) or None) if isinstance(value, list) else value


def _addresses(asker: Asker, version_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    at = property_address.c
    line = func.concat_ws(" ", at.street, func.concat(at.house_number, at.house_number_suffix), at.postal_code)
    query = select(at.property_version_id, func.array_agg(line)).where(at.property_version_id.in_(version_ids))
    found = asker.connection.execute(query.group_by(at.property_version_id))
    return {version_id: tuple(sorted(lines)) for version_id, lines in found}
