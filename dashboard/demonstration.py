"""The accounts of the demonstration city: entered by one click, with passwords that nobody knows."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, tuple_

from geodata import accounts
from geodata.access import Access, Role, Scope
from geodata.tables import area, municipality

MUNICIPALITY: Final = "de-demo01"


@dataclass(frozen=True)
class Example:
    """One invented person; `areas` are those of a manager, as (kind, key)."""

    name: str
    display_name: str
    role: Role
    areas: tuple[tuple[str, str], ...] = ()


EXAMPLES: Final = (
    Example("beispiel-bauaufsicht", "Bea Beispiel", "staff"),
    Example(
        "beispiel-quartier",
        "Quirin Muster",
        "manager",
        (("quartier", "wehringhausen"), ("custom", "bahnhofsviertel")),
    ),
    Example("beispiel-buero", "Nuri Neutral", "external_manager", (("custom", "bahnhofsviertel"),)),
    Example("beispiel-politik", "Petra Probe", "politics"),
    Example("beispiel-verwaltung", "Anna Admin", "admin"),
)


def ensure_accounts(access: Access) -> list[str]:
    """Create the example accounts of the demonstration city, or bring their areas up to date; their roles in order.

    Without the demonstration city there are none.
    """
    with access.accounts() as connection:
        city = select(municipality.c.key).where(municipality.c.key == MUNICIPALITY, municipality.c.is_demonstration)
        if connection.execute(city).scalar() is None:
            return []
        for example in EXAMPLES:
            _ensure(connection, example)
    return [example.role for example in EXAMPLES]


def _ensure(connection: Connection, example: Example) -> None:
    assigned = tuple_(area.c.kind, area.c.key).in_(example.areas)
    query = select(area.c.id).where(area.c.municipality == MUNICIPALITY, assigned)
    area_ids = frozenset(connection.execute(query).scalars())
    known = accounts.find(connection, example.name)
    # A new hash would end the sessions of everybody who is looking around.
    password_hash = (known and accounts.password_hash_of(connection, known.name)) or accounts.unknown_password_hash()
    scope = Scope(municipality=MUNICIPALITY, role=example.role, account=example.name, area_ids=area_ids)
    accounts.put(
        connection, scope, display_name=example.display_name, password_hash=password_hash, is_demonstration=True
    )
