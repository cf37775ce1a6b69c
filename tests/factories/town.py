"""A small invented town in a database of its own, with an account for each role: what web and browser tests see."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import NullPool, create_engine, text

from geodata import accounts, records
from geodata.access import ROLES, Access, Role, Scope
from geodata.settings import DatabaseUrls
from tests.factories import facts

KEY: Final = "de-demo01"
AS_OF: Final = date(2026, 11, 15)
PASSWORD: Final = "kein geheimes Wort"
NAMES: Final[dict[Role, str]] = {
    "staff": "bea",
    "manager": "quirin",
    "external_manager": "nuri",
    "politics": "petra",
    "admin": "anna",
}
DISPLAY_NAMES: Final[dict[Role, str]] = {
    "staff": "Bea Beispiel",
    "manager": "Quirin Muster",
    "external_manager": "Nuri Neutral",
    "politics": "Petra Probe",
    "admin": "Anna Admin",
}


@dataclass(frozen=True)
class Town:
    """Where it is and what is in it; the managers are assigned `west` and so see the first property only."""

    urls: DatabaseUrls
    west: int
    east: int
    in_west: int
    in_east: int


def build(urls: DatabaseUrls) -> Town:
    """Two quarters, one property in each, their life and visits, a delivery of the as-of date, and the accounts."""
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        facts.municipality(connection, KEY, name="Beispielstadt (erfunden)", is_demonstration=True)
        west = facts.area(
            connection, key="w", kind="quartier", city=KEY, name="Westquartier", geom=facts.square(0, 0, 2_000)
        )
        east = facts.area(
            connection, key="o", kind="quartier", city=KEY, name="Ostquartier", geom=facts.square(2_000, 0, 2_000)
        )
        in_west = facts.property_(
            connection, key="P-1", city=KEY, geom=facts.point(1_000, 1_000), addresses=(("Beispielweg", 1),)
        )
        in_east = facts.property_(
            connection, key="P-2", city=KEY, geom=facts.point(3_000, 1_000), addresses=(("Musterallee", 2),)
        )
        facts.rule(connection, city=KEY)
        for property_id in (in_west, in_east):
            facts.status(connection, property_id, "recorded", date(2024, 3, 1))
            facts.assessment(connection, property_id, date(2025, 5, 5))
            facts.inspection(connection, property_id, date(2025, 6, 1), result="finding", defects=["waste"])
        connection.execute(_DELIVERY, {"municipality": KEY, "as_of": AS_OF})
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    town = Town(urls=urls, west=west, east=east, in_west=in_west, in_east=in_east)
    _add_accounts(town)
    return town


def back_to_the_date(urls: DatabaseUrls) -> None:
    """An edit moves the date of a demonstration on; a test that edited leaves the town at the date of its delivery."""
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE qm.edit SET made_at = :day"), {"day": AS_OF})
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()


_DELIVERY = text(
    "INSERT INTO qm.delivery (municipality, source, mapping, file_name, file_sha256, file_bytes, as_of, as_of_from,"
    " read, loaded, seconds) VALUES (:municipality, 'properties', 'demo/properties', 'objekte.csv', 'abc', 1234,"
    " :as_of, 'file_name', 2, 2, 0.5)"
)


def _add_accounts(town: Town) -> None:
    access = Access(town.urls)
    password_hash = accounts.hash_password(PASSWORD)
    with access.accounts() as connection:
        for role, name in NAMES.items():
            areas = frozenset({town.west}) if ROLES[role].has_areas else frozenset()
            accounts.put(
                connection,
                Scope(municipality=KEY, role=role, account=name, area_ids=areas),
                display_name=DISPLAY_NAMES[role],
                password_hash=password_hash,
                is_demonstration=True,
            )
    access.close()
