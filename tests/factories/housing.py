"""Default rows of housing: a closed house with six households, its events, dwellings lost, a free dwelling."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from tests.factories.facts import CITY, _fact, _insert


def closure(connection: Connection, property_id: int, closed_on: date = date(2024, 5, 6), **values: Any) -> str:
    """A house that was declared uninhabitable; its key is given back."""
    row = {"closed_on": closed_on, "cause": "uninhabitable", "households_affected": 6} | values
    named = _fact(connection, property_id, f"closed-{closed_on}", row)
    _insert(connection, "closure", named)
    return str(named["key"])


def closure_event(connection: Connection, property_id: int, key: str, kind: str, on: date, **values: Any) -> None:
    """An event of a closed house."""
    row = {"closure_key": key, "kind": kind, "happened_on": on} | values
    _insert(connection, "closure_event", _fact(connection, property_id, f"{kind}-{on}", row))


def dwelling_change(connection: Connection, property_id: int, on: date = date(2024, 6, 1), **values: Any) -> None:
    """Four dwellings that a demolition took, one of them large."""
    row = {"happened_on": on, "kind": "demolition", "dwellings_lost": 4, "large_flats_lost": 1} | values
    _insert(connection, "dwelling_change", _fact(connection, property_id, f"changed-{on}", row))


def dwelling(connection: Connection, key: str, *, city: str = CITY, **values: Any) -> None:
    """A free dwelling of two rooms of a cooperative."""
    row = {"municipality": city, "key": key, "rooms": 2, "area_m2": 50, "places": 2, "provider": "cooperative",
           "available_from_on": date(2024, 1, 1)}  # fmt: skip
    _insert(connection, "replacement_dwelling", row | values)
