"""Valid default rows of deliveries, their rejected rows and repairs, and of rounds; as in `facts.py`."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from geodata import tables
from tests.factories.facts import CITY


def delivery(connection: Connection, *, city: str = CITY, **values: Any) -> int:
    """A delivery of one row, loaded; `remarks` is a list of sentences."""
    source = values.get("source", "properties")
    row = {
        "municipality": city,
        "source": source,
        "mapping": f"test/{source}",
        "file_name": f"{source}.csv",
        "file_sha256": "0" * 64,
        "file_bytes": 2_048,
        "as_of": date(2026, 11, 1),
        "as_of_from": "option",
        "read": 1,
        "loaded": 1,
        "seconds": 0.4,
    } | values
    return _insert(connection, tables.delivery, row)


def rejected_row(connection: Connection, delivery_id: int, line: int | None, *, city: str = CITY, **values: Any) -> int:
    """A row that was not taken over."""
    row = {
        "municipality": city,
        "delivery_id": delivery_id,
        "line": line,
        "reason": "31.02.2026 is not a date.",
    } | values
    return _insert(connection, tables.rejected_row, row)


def repair(connection: Connection, delivery_id: int, line: int, **values: Any) -> int:
    """A repaired outline."""
    row = {"municipality": CITY, "delivery_id": delivery_id, "line": line, "key": f"0{line}"}
    return _insert(connection, tables.repair, row | {"reason": "Self-intersection", "area_lost_m2": 12.5} | values)


def round_(connection: Connection, key: str, held_on: date, *, city: str = CITY, **values: Any) -> int:
    """A joint control of two offices."""
    row = {"municipality": city, "key": key, "held_on": held_on, "kind": "joint_control"}
    return _insert(connection, tables.inspection_round, row | {"offices": ["police", "fire_brigade"]} | values)


def _insert(connection: Connection, table: Any, row: dict[str, Any]) -> int:
    return int(connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one())
