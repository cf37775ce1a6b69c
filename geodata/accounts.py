"""Accounts: who may sign in. Every function takes the connection of `Access.accounts()`, which can see nothing else.

Passwords are argon2id with the library's current parameters. An unknown name costs the same time as a wrong password,
and both get the same answer.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from geodata import codes
from geodata.access import Role, Scope
from geodata.errors import UsageError
from geodata.tables import account as account_table
from geodata.tables import ended_session, sign_in_attempt
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
        return Scope(
            municipality=self.municipality,
            role=self.role,
            account=self.name,
            area_ids=self.area_ids,
            account_name=self.display_name,
        )

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
    """The accounts that are offered for sign-in by one click, in the order of the roles."""
    order = codes.ROLES
    found = [item for item in list_accounts(connection) if item.is_demonstration and item.is_demonstration_city]
    found = [item for item in found if not item.is_disabled]
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


def begin_attempt(
    connection: Connection, subjects: Iterable[str], *, limit: int, window_seconds: int
) -> tuple[int, ...] | None:
    """Note an attempt of each subject before its password is checked; None = one has tried too often, nothing noted.

    Noted beforehand, in the database: several at once, or by several worker processes, count together. Who it was is
    kept as a hash, because people type their password into the wrong field.
    """
    hashed = [sha256(subject.encode("utf-8", "replace")).hexdigest() for subject in subjects]
    tried = sign_in_attempt.c
    connection.execute(delete(sign_in_attempt).where(tried.tried_at < func.now() - timedelta(seconds=window_seconds)))
    count = select(func.count()).where(tried.subject.in_(hashed)).group_by(tried.subject)
    if any(found >= limit for found in connection.execute(count).scalars()):
        return None
    noted = insert(sign_in_attempt).values([{"subject": subject} for subject in hashed]).returning(tried.id)
    return tuple(connection.execute(noted).scalars())


def forget_attempts(connection: Connection, subject: str, attempt: tuple[int, ...]) -> None:
    """After a success: the subject starts anew, and the attempt itself counts for nobody."""
    hashed = sha256(subject.encode("utf-8", "replace")).hexdigest()
    tried = sign_in_attempt.c
    connection.execute(delete(sign_in_attempt).where((tried.subject == hashed) | tried.id.in_(attempt)))


def end_session(connection: Connection, session_id: str, *, kept_seconds: int) -> None:
    """End one session for good, wherever its cookie may have been copied; older notes than `kept_seconds` go."""
    outdated = ended_session.c.ended_at < func.now() - timedelta(seconds=kept_seconds)
    connection.execute(delete(ended_session).where(outdated))
    connection.execute(insert(ended_session).values(id=session_id).on_conflict_do_nothing())


def is_ended(connection: Connection, session_id: str) -> bool:
    """Whether the session was signed out."""
    query = select(ended_session.c.id).where(ended_session.c.id == session_id)
    return connection.execute(query).one_or_none() is not None


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
