"""Accounts: who may sign in. Every function takes the connection of `Access.accounts()`, which can see nothing else.

Passwords are argon2id with the library's current parameters. An unknown name costs the same time as a wrong password,
and both get the same answer.
"""

import secrets
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from geodata.access import Role, Scope
from geodata.errors import UsageError
from geodata.tables import account as account_table
from geodata.tables import municipality as municipality_table

PASSWORD_MIN_LENGTH = 12


@dataclass(frozen=True)
class Account:
    """One account with the names that the header shows. `stamp` changes with the password and ends older sessions."""

    name: str
    display_name: str
    role: Role
    municipality: str
    municipality_name: str
    area_ids: frozenset[int]
    is_demonstration: bool
    is_demonstration_city: bool
    is_disabled: bool
    password_hash: str = field(repr=False)

    @property
    def scope(self) -> Scope:
        """What this account may ask about."""
        return Scope(municipality=self.municipality, role=self.role, account=self.name, area_ids=self.area_ids)

    @property
    def stamp(self) -> str:
        """A fingerprint of the password hash that can stand in a session."""
        return sha256(self.password_hash.encode()).hexdigest()[:16]


def find(connection: Connection, name: str) -> Account | None:
    """The account of this name, also a disabled one; None = there is none."""
    row = connection.execute(_query().where(account_table.c.name == name)).one_or_none()
    return None if row is None else _account(row)


def list_accounts(connection: Connection) -> list[Account]:
    """All accounts by name."""
    return [_account(row) for row in connection.execute(_query().order_by(account_table.c.name))]


def demonstration_accounts(connection: Connection) -> list[Account]:
    """The accounts that are offered for sign-in by one click, in the order staff, manager, politics."""
    order: tuple[Role, ...] = ("staff", "manager", "politics")
    found = [item for item in list_accounts(connection) if item.is_demonstration and not item.is_disabled]
    return sorted(found, key=lambda item: (order.index(item.role), item.name))


def password_fits(account: Account | None, password: str) -> bool:
    """Whether the password is that of the account; takes the same time (about 0.1 s) when there is no account."""
    password_hash = _decoy_hash() if account is None else account.password_hash
    try:
        PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    return account is not None and not account.is_disabled


def hash_password(password: str) -> str:
    """The argon2id hash of a password; UsageError when it is too short."""
    if len(password) < PASSWORD_MIN_LENGTH:
        raise UsageError(f"The password has {len(password)} characters, but at least {PASSWORD_MIN_LENGTH} are needed.")
    return PasswordHasher().hash(password)


def unknown_password_hash() -> str:
    """The hash of a password that nobody knows, for accounts that are entered by one click only."""
    return PasswordHasher().hash(secrets.token_urlsafe(32))


def put(
    connection: Connection, scope: Scope, *, display_name: str, password_hash: str, is_demonstration: bool = False
) -> None:
    """Create the account of the scope, or give it this role, these areas and this password; it is enabled then."""
    values = {
        "display_name": display_name,
        "password_hash": password_hash,
        "role": scope.role,
        "municipality": scope.municipality,
        "area_ids": sorted(scope.area_ids),
        "is_demonstration": is_demonstration,
        "is_disabled": False,
    }
    statement = insert(account_table).values(name=scope.account, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def disable(connection: Connection, name: str) -> bool:
    """Forbid the account to sign in; running sessions end within seconds. False = there is no such account."""
    statement = update(account_table).where(account_table.c.name == name).values(is_disabled=True)
    return connection.execute(statement).rowcount == 1


def _query() -> Select[Any]:
    city = municipality_table.c
    return select(
        account_table, city.name.label("municipality_name"), city.is_demonstration.label("is_demonstration_city")
    ).join_from(account_table, municipality_table, account_table.c.municipality == city.key)


def _account(row: Row) -> Account:  # type: ignore[type-arg]
    return Account(
        name=row.name,
        display_name=row.display_name,
        role=row.role,
        municipality=row.municipality,
        municipality_name=row.municipality_name,
        area_ids=frozenset(row.area_ids),
        is_demonstration=row.is_demonstration,
        is_demonstration_city=row.is_demonstration_city,
        is_disabled=row.is_disabled,
        password_hash=row.password_hash,
    )


@cache
def _decoy_hash() -> str:
    return unknown_password_hash()
