"""Accounts: who may sign in, as what, for which areas and until when.

The sign-in and the command line come with the connection of `Access.accounts()`, the page of the administration with
that of an admin, whose rights end at the own city and who can read no password, not even as a hash. Who changes an
account appends it to the log in the same transaction. A change holds from the next request on: each request reads its
account anew (`in_session`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from geodata import audit, codes
from geodata.access import ROLES, Role, Scope
from geodata.accounts.passwords import hash_password, unknown_password_hash
from geodata.errors import QmError
from geodata.tables import account as account_table
from geodata.tables import ended_session
from geodata.tables import municipality as municipality_table

__all__ = ["Account", "AccountRefused", "Draft", "State", "hash_password", "unknown_password_hash"]

NAME_PATTERN: Final = r"[a-z0-9][a-z0-9._@-]{1,63}"
# What the column holds; the database answers a larger one with an error.
NUMBER_MAX: Final = 2**31 - 1

State = Literal["active", "no_password", "first_password", "disabled", "ended"]
_NO_CHANGE: Final[Mapping[str, str | int]] = {}


class AccountRefused(QmError):
    """What an administration wanted of an account cannot be; `field` and `code` say it to a form."""

    def __init__(self, field: str, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.field = field
        self.code = code


@dataclass(frozen=True)
class Account:
    """One account with the names that the header shows.

    `sessions_ended` stands in each session: one that began under another number has ended.
    """

    number: int
    name: str
    display_name: str
    role: Role
    municipality: str
    municipality_name: str
    area_ids: frozenset[int]
    is_demonstration: bool
    is_demonstration_city: bool
    is_disabled: bool
    created_at: datetime
    created_by: str | None
    valid_until: date | None
    password_changed_at: datetime | None
    must_change_password: bool
    sessions_ended: int
    last_signed_in_month: date | None

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

    def may_enter(self, day: date, *, with_demonstration: bool) -> bool:
        """Whether it may be used on a day; accounts of the demonstration only where there is one."""
        is_over = self.valid_until is not None and self.valid_until < day
        return not (self.is_disabled or is_over or (self.is_demonstration and not with_demonstration))

    def state(self, day: date) -> State:
        """In one word: what an administration has to know about it."""
        if self.is_disabled:
            return "disabled"
        if self.valid_until is not None and self.valid_until < day:
            return "ended"
        if self.password_changed_at is None and not self.is_demonstration:
            return "no_password"
        return "first_password" if self.must_change_password else "active"


@dataclass(frozen=True)
class Draft:
    """What an administration decides about an account; areas are kept only for roles that have some."""

    display_name: str
    role: Role
    area_ids: frozenset[int] = field(default_factory=frozenset)
    valid_until: date | None = None


def find(connection: Connection, name: str) -> Account | None:
    """The account of this name, also a disabled one; None = there is none. Names are written in small letters."""
    wanted = account_table.c.name
    query = _query().where(wanted.in_([name, name.lower()])).order_by((wanted == name).desc()).limit(1)
    return _first(connection, query)


def by_number(connection: Connection, number: int) -> Account | None:
    """The account of a number in a link."""
    if number > NUMBER_MAX:
        return None
    return _first(connection, _query().where(account_table.c.number == number))


def in_session(connection: Connection, name: str, session_id: str) -> Account | None:
    """The account of a session; None = there is none, or this session was signed out."""
    row = connection.execute(_in_session(), {"name": name, "session_id": session_id}).one_or_none()
    return None if row is None else _account(row)


def password_hash_of(connection: Connection, name: str) -> str | None:
    """The hash of the password, for the sign-in alone; an administration has no right to it."""
    query = select(account_table.c.password_hash).where(account_table.c.name == name)
    return connection.execute(query).scalar_one_or_none()


def list_accounts(connection: Connection) -> list[Account]:
    """All accounts that the connection may see, by name."""
    return [_account(row) for row in connection.execute(_query().order_by(account_table.c.name))]


def demonstration_accounts(connection: Connection) -> list[Account]:
    """The accounts that are offered for sign-in by one click, in the order of the roles."""
    order = codes.ROLES
    found = [item for item in list_accounts(connection) if item.is_demonstration and item.is_demonstration_city]
    found = [item for item in found if not item.is_disabled]
    return sorted(found, key=lambda item: (order.index(item.role), item.name))


# --- what an administration does --------------------------------------------------------------------------------------


def create(connection: Connection, municipality: str, name: str, draft: Draft, *, by: str) -> Account:
    """Create an account that nobody can enter yet: its first password is set afterwards. `AccountRefused` in words."""
    values = {**_values(draft), "name": _new_name(name)}
    _take_turn(connection, municipality)
    creator = None if by in ("", audit.COMMAND_LINE) else by
    added = {"municipality": municipality, "created_by": creator, "must_change_password": True}
    statement = insert(account_table).values(**values, **added, password_hash=unknown_password_hash())
    # A name of another city is not visible to an administration, so the database says whether it is free.
    statement = statement.on_conflict_do_nothing(index_elements=["name"])
    if connection.execute(statement.returning(account_table.c.number)).one_or_none() is None:
        raise AccountRefused("name", "taken", f"There is an account {name} already.")
    created = _again(connection, name)
    _log(connection, created, by, "created", _told(draft))
    return created


def change(connection: Connection, account: Account, draft: Draft, *, by: str) -> Account:
    """Give the account another name in the header, role, areas or end; it holds from the next request on."""
    values = _values(draft)
    _take_turn(connection, account.municipality)
    connection.execute(_of(account).values(**values))
    _require_admin(connection, account)
    _log(connection, account, by, "changed", _told(draft))
    return _again(connection, account.name)


def disable(connection: Connection, account: Account, *, by: str) -> None:
    """Forbid the account to sign in; its sessions end with their next request, and do not come back with it."""
    _take_turn(connection, account.municipality)
    connection.execute(_of(account).values(is_disabled=True, sessions_ended=account_table.c.sessions_ended + 1))
    _require_admin(connection, account)
    _log(connection, account, by, "disabled")


def enable(connection: Connection, account: Account, *, by: str) -> None:
    """Let the account sign in again."""
    connection.execute(_of(account).values(is_disabled=False))
    _log(connection, account, by, "enabled")


def set_password(connection: Connection, account: Account, password_hash: str, *, by: str, is_own: bool) -> Account:
    """Give the account a password and end its sessions; one that somebody else chose is changed at first sign-in."""
    values = {
        "password_hash": password_hash,
        "password_changed_at": func.now(),
        "must_change_password": not is_own,
        "sessions_ended": account_table.c.sessions_ended + 1,
    }
    connection.execute(_of(account).values(values))
    _log(connection, account, by, "own password" if is_own else "first password")
    return _again(connection, account.name)


def sign_out_everywhere(connection: Connection, account: Account, *, by: str) -> None:
    """End all sessions of the account."""
    connection.execute(_of(account).values(sessions_ended=account_table.c.sessions_ended + 1))
    _log(connection, account, by, "signed out everywhere")


# --- what the sign-in and the demonstration do ------------------------------------------------------------------------


def note_month(connection: Connection, account: Account, day: date) -> None:
    """Note the month of a sign-in, and no more of it: it shows unused accounts and nothing about a person's hours."""
    month = day.replace(day=1)
    if account.last_signed_in_month != month:
        connection.execute(_of(account).values(last_signed_in_month=month))


def put(
    connection: Connection, scope: Scope, *, display_name: str, password_hash: str, is_demonstration: bool = False
) -> None:
    """Create the account of the scope, or give it this role, these areas and this password; it is enabled then.

    For the demonstration and for tests: nobody is named as the one who did it, and the password is as if one's own.
    """
    values = {
        "display_name": display_name,
        "password_hash": password_hash,
        "password_changed_at": None if is_demonstration else func.now(),
        "role": scope.role,
        "municipality": scope.municipality,
        "area_ids": sorted(scope.area_ids),
        "is_demonstration": is_demonstration,
        "is_disabled": False,
        "valid_until": None,
        "must_change_password": False,
    }
    is_new_password = account_table.c.password_hash != password_hash
    ended = account_table.c.sessions_ended + is_new_password.cast(account_table.c.sessions_ended.type)
    statement = insert(account_table).values(name=scope.account, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={**values, "sessions_ended": ended})
    )


# --- parts ------------------------------------------------------------------------------------------------------------


def _values(draft: Draft) -> dict[str, Any]:
    name = " ".join(draft.display_name.split())
    if not name:
        raise AccountRefused("display_name", "required", "The account needs a name for the header.")
    has_areas = ROLES[draft.role].has_areas
    if has_areas and not draft.area_ids:
        raise AccountRefused("areas", "required", "A manager needs at least one area.")
    return {
        "display_name": name,
        "role": draft.role,
        "area_ids": sorted(draft.area_ids) if has_areas else [],
        "valid_until": draft.valid_until,
    }


def _new_name(name: str) -> str:
    if not re.fullmatch(NAME_PATTERN, name):
        reason = "A sign-in name has 2 to 64 small letters without umlauts, digits, or one of . _ - @."
        raise AccountRefused("name", "name_form", reason)
    return name


def _told(draft: Draft) -> Mapping[str, str | int]:
    """What the log keeps of a draft: role, areas by number and end, and no name of a person."""
    areas = ",".join(str(area_id) for area_id in sorted(draft.area_ids)) if ROLES[draft.role].has_areas else ""
    end = draft.valid_until.isoformat() if draft.valid_until else ""
    return {"role": draft.role} | ({"areas": areas} if areas else {}) | ({"until": end} if end else {})


def _take_turn(connection: Connection, municipality: str) -> None:
    """One change of a city's accounts at a time, or two admins could disable each other at the same moment."""
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended('accounts of ' || :municipality, 0))")
    connection.execute(lock, {"municipality": municipality})


def _require_admin(connection: Connection, changed: Account) -> None:
    """Refuse what would leave a city without anybody who can keep its accounts, now or when an account ends."""
    was_one = changed.role == "admin" and not changed.is_disabled and changed.valid_until is None
    if not was_one:
        return
    of = account_table.c
    can_sign_in = or_(of.password_changed_at.is_not(None), of.is_demonstration)
    is_one = (of.municipality == changed.municipality, of.role == "admin", ~of.is_disabled, of.valid_until.is_(None))
    if not connection.execute(select(func.count()).where(*is_one, can_sign_in)).scalar_one():
        reason = "This is the last account of the administration without an end; nobody could keep accounts afterwards."
        raise AccountRefused("role", "last_admin", reason)


def _log(
    connection: Connection, account: Account, by: str, what: str, details: Mapping[str, str | int] = _NO_CHANGE
) -> None:
    entry = audit.Entry("account", account.municipality, by, account.name, {"change": what, **details})
    audit.append(connection, entry)


def _of(account: Account) -> Any:
    return update(account_table).where(account_table.c.number == account.number)


def _again(connection: Connection, name: str) -> Account:
    found = _first(connection, _query().where(account_table.c.name == name))
    if found is None:
        raise LookupError("The account was there a moment ago.")
    return found


def _first(connection: Connection, query: Select[Any]) -> Account | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else _account(row)


def _query() -> Select[Any]:
    city, of = municipality_table.c, account_table.c
    # Column by column: an administration may not read the hash, and who needs it asks for it by name.
    columns = [column for column in of if column.name != "password_hash"]
    names = (city.name.label("municipality_name"), city.is_demonstration.label("is_demonstration_city"))
    return select(*columns, *names).join_from(account_table, municipality_table, of.municipality == city.key)


@cache
def _in_session() -> Select[Any]:
    """Put together once: it is asked with every request, and putting it together took as long as the answer."""
    is_ended = exists().where(ended_session.c.id == bindparam("session_id"))
    return _query().where(account_table.c.name == bindparam("name"), ~is_ended)


def _account(row: Row[Any]) -> Account:
    return Account(**{**row._mapping, "area_ids": frozenset(row.area_ids)})
