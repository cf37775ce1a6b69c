"""Programmes, grants, calls and costs as valid default rows; a test overrides what it is about."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert

from geodata.tables import funding_call, funding_cost, funding_grant, funding_programme
from tests.factories.facts import CITY

PROGRAMME = "Landesprogramm (Beispiel)"


def programme(connection: Connection, key: str = PROGRAMME, *, city: str = CITY, **more: Any) -> int:
    """Sixty per cent as a rule, forty to eighty possible, and no rule about interest of its own."""
    row = {"funder": "Land (Beispiel)", "usual_share": 0.6, "least_share": 0.4, "most_share": 0.8}
    return _insert(connection, funding_programme, {"municipality": city, "key": key} | row | more)


def grant(connection: Connection, key: str = "F-1", *, city: str = CITY, **more: Any) -> int:
    """60,000 of 100,000 euros for the whole city, granted at the beginning of 2024, to be called within two years."""
    row: dict[str, Any] = {
        "programme": PROGRAMME,
        "title": f"Vorhaben {key}",
        "granted_on": date(2024, 1, 10),
        "eligible_eur": 100_000,
        "share": 0.6,
        "granted_eur": 60_000,
        "call_until_on": date(2026, 1, 31),
        "proof_due_on": date(2026, 6, 30),
        "binding_until_on": date(2035, 12, 31),
        "goal_rating": "not_yet",
    }
    return _insert(connection, funding_grant, {"municipality": city, "key": key} | row | more)


def call(connection: Connection, grant_key: str = "F-1", number: int = 1, *, city: str = CITY, **more: Any) -> int:
    """30,000 euros, called in March 2024 and paid two weeks later."""
    row: dict[str, Any] = {
        "called_on": date(2024, 3, 1),
        "amount_eur": 30_000,
        "paid_on": date(2024, 3, 15),
        "paid_eur": 30_000,
    }
    key = {"municipality": city, "key": f"{grant_key}/A{number}", "grant_key": grant_key}
    return _insert(connection, funding_call, key | row | more)


def cost(connection: Connection, grant_key: str = "F-1", number: int = 1, *, city: str = CITY, **more: Any) -> int:
    """20,000 euros for the demolition, invoiced in April 2024 and paid a month later."""
    row: dict[str, Any] = {
        "category": "demolition",
        "invoiced_on": date(2024, 4, 2),
        "paid_on": date(2024, 5, 2),
        "amount_eur": 20_000,
    }
    key = {"municipality": city, "key": f"{grant_key}/K{number}", "grant_key": grant_key}
    return _insert(connection, funding_cost, key | row | more)


def _insert(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    number: int = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
    return number
