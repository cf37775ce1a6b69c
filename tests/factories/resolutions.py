"""A resolution of the council as a valid default row; a test overrides what it is about."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from geodata.tables import resolution


def resolution_(connection: Connection, key: str = "B-1", *, city: str, **more: Any) -> int:
    """Seventy per cent on time in the whole city until the middle of 2027."""
    row: dict[str, Any] = {
        "municipality": city,
        "key": key,
        "number": f"{key}/2026",
        "decided_on": date(2026, 3, 1),
        "body": "Rat",
        "title": "Siebzig von hundert Kontrollen sind fristgerecht",
        "figure": "controls_on_time",
        "direction": "at_least",
        "target": 70,
        "is_share": True,
        "until_on": date(2027, 6, 30),
    }
    statement = insert(resolution).values(row | more).returning(resolution.c.id)
    number: int = connection.execute(statement).scalar_one()
    return number
