"""Who is asking, and the one door to a connection.

Every read of the project takes an `Asker`: a connection and the scope on whose behalf it was opened, made together so
that they cannot disagree. Only `Access.open(scope)` makes one; there is no default. The connection's role and areas are
set by the engine's `begin` event for each transaction (`set_config(..., is_local => true)`), because a session-wide
`SET ROLE` survives in the pool and shows the next user what is not theirs. A connection that was opened without a scope
keeps the login's own rights, and the web logins have none.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from sqlalchemy import Connection, Engine, create_engine, event, text

from geodata.errors import NotAllowed
from geodata.settings import DatabaseUrls

Role = Literal["staff", "manager", "external_manager", "politics", "admin"]
Isolation = Literal["READ COMMITTED", "REPEATABLE READ"]

# The grammar is <what>:<what may be done with it>. Each permission that exists, and what it opens.
PERMISSION_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account:self": "Sign in and out, and see pages that show no data of a city.",
        "account:read": "See who may sign in.",
        "account:write": "Create, change and disable accounts and the areas assigned to them.",
        "area:read": "See districts, quarters and other areas.",
        "assessment:report": "Report that something in the assessment of an object is wrong.",
        "assessment:write": "Decide such reports, and what counts how much in the assessment.",
        "audit:read": "Read the log of sign-ins, restricted reads, edits, exports and releases.",
        "delivery:read": "See deliveries with their reports and rejected rows.",
        "delivery:write": "Check, load and withdraw deliveries.",
        "demolition:read": "See demolition projects with their planned dates.",
        "demolition:write": "Enter plan, progress and end of demolition projects.",
        "edit:read": "See who entered what in the application, and when.",
        "export:create": "Take tables and maps out as files.",
        "figure:read": "See figures.",
        "funding:read": "See programmes, grants, calls and costs.",
        "funding:write": "Enter grants, calls and costs.",
        "housing:read": "See dwellings lost and won, closed houses and where their households went, as counts.",
        "housing:write": "Enter closed houses, what became of them, and replacement housing.",
        "inspection:read": "See which controls took place, with access, result and defects.",
        "inspection:write": "Record controls of single objects.",
        "note:read": "Read notes of the classes that the role is meant for.",
        "note:write": "Write notes.",
        "owner:read": "See who owns an object.",
        "person:read": "See the counts of persons of a round.",
        "photograph:read": "See photographs.",
        "photograph:write": "Upload photographs.",
        "plan:read": "See dates that lie ahead: due dates, reminders, planned steps.",
        "proceeding:read": "See proceedings: their states and the assessment, which tells of the room to act.",
        "proceeding:write": "Open proceedings, and enter their steps, deadlines and amounts.",
        "property:read": "See objects with their addresses.",
        "property:read_text": "Read free text about a case: reasons and next steps.",
        "property:write": "Create, correct, merge and split objects.",
        "publication:read": "See what was released.",
        "publication:write": "Release a state.",
        "resolution:read": "See resolutions of the council, and how far their targets are reached.",
        "resolution:write": "Enter and change resolutions of the council.",
        "round:write": "Plan rounds, and record them with their counts.",
        "rule:write": "Add, replace and end interval rules, and release an object from one.",
        "scenario:read": "See what a change of intervals or teams would mean for the whole city.",
        "scenario:write": "Save such scenarios.",
        "status:write": "Record a status event.",
        "watch:write": "Keep a watchlist of one's own.",
    }
)


@dataclass(frozen=True)
class RoleRights:
    """One role: what it is for in words, what it may, whether it sees assigned areas only, and its database role.

    `login` names the URL of its own login (a field of `DatabaseUrls`), `group` the database role that each of its
    transactions takes; None where the login itself has the rights, so that no role can be taken at all.
    """

    words: str
    permissions: frozenset[str]
    login: str
    group: str | None
    has_areas: bool = False


_EXTERNAL: Final = frozenset(
    {
        "account:self",
        "area:read",
        "export:create",
        "figure:read",
        "inspection:read",
        "property:read",
        "publication:read",
        "watch:write",
    }
)
_MANAGER: Final = _EXTERNAL | {
    "assessment:report",
    "demolition:read",
    "edit:read",
    "funding:read",
    "housing:read",
    "inspection:write",
    "note:read",
    "note:write",
    "photograph:read",
    "photograph:write",
    "plan:read",
    "proceeding:read",
    "resolution:read",
    "status:write",
}
_STAFF: Final = _MANAGER | {
    "assessment:write",
    "delivery:read",
    "delivery:write",
    "demolition:write",
    "funding:write",
    "housing:write",
    "owner:read",
    "person:read",
    "proceeding:write",
    "property:read_text",
    "property:write",
    "publication:write",
    "resolution:write",
    "round:write",
    "rule:write",
    "scenario:read",
    "scenario:write",
}
ROLES: Final[Mapping[Role, RoleRights]] = MappingProxyType(
    {
        "staff": RoleRights("Building control: sees and edits the whole city.", _STAFF, "staff", "staff"),
        "manager": RoleRights(
            "A manager of districts at the city: sees and tracks the objects of the areas assigned.",
            _MANAGER,
            "manager",
            "manager",
            has_areas=True,
        ),
        "external_manager": RoleRights(
            "A neighbourhood office run by a contractor: sees the objects of the areas assigned without owners, counts "
            "of persons, proceedings and planned dates.",
            _EXTERNAL,
            "external",
            "external",
            has_areas=True,
        ),
        "politics": RoleRights(
            "The council and its committees: reads what was released, and nothing else.",
            frozenset({"account:self", "publication:read"}),
            "politics",
            None,
        ),
        "admin": RoleRights(
            "Administration: keeps accounts and reads the log; sees no data of an object.",
            frozenset({"account:self", "account:read", "account:write", "audit:read"}),
            "accounts",
            "admin",
        ),
    }
)
PERMISSIONS: Final[Mapping[Role, frozenset[str]]] = MappingProxyType(
    {role: rights.permissions for role, rights in ROLES.items()}
)


@dataclass(frozen=True)
class Scope:
    """What one signed-in account may ask about: one municipality, one role and, for managers, areas.

    `account_name` is the name that stands beside what the account enters.

    An empty municipality, or a role of assigned areas without any, is an empty scope: every read refuses it.
    """

    municipality: str
    role: Role
    account: str
    area_ids: frozenset[int] = field(default_factory=frozenset)
    account_name: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.municipality or (self.has_areas and not self.area_ids)

    @property
    def has_areas(self) -> bool:
        """Whether the role sees the objects of assigned areas only."""
        return ROLES[self.role].has_areas

    def allows(self, permission: str) -> bool:
        """Whether the role has the permission; what no role was given is refused."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: str) -> None:
        """Raise `NotAllowed` with the reason unless the role has the permission."""
        if not self.allows(permission):
            raise NotAllowed(f"The role {self.role} has no permission {permission}.")


_EMPTY: Final = "The scope is empty: no municipality, or a role of assigned areas without any."


@dataclass(frozen=True)
class Asker:
    """A connection in a transaction of its own and the scope for which it was opened."""

    connection: Connection
    scope: Scope

    def require(self, permission: str) -> None:
        """Raise `NotAllowed` with the reason when the scope is empty or its role lacks the permission."""
        if self.scope.is_empty:
            raise NotAllowed(_EMPTY)
        self.scope.require(permission)


class Access:
    """The pools of the web logins, one for each role and one for signing in, and the door `open(scope)`.

    Create it after a fork: connections do not survive one. Pool waits 2 s, a statement may take
    `statement_seconds`, a connection attempt 3 s; a pooled connection is pinged before use, so that a restart of the
    database costs a reconnect and no error.
    """

    def __init__(self, urls: DatabaseUrls, *, statement_seconds: int = 2, pool_size: int = 5) -> None:
        self._engines = {
            login: _engine(getattr(urls, login), statement_seconds=statement_seconds, pool_size=pool_size)
            for login in dict.fromkeys(rights.login for rights in ROLES.values())
        }

    @contextmanager
    def open(
        self, scope: Scope, *, isolation: Isolation = "READ COMMITTED", statement_seconds: int | None = None
    ) -> Iterator[Asker]:
        """Open a transaction on behalf of the scope; committed at the end, rolled back on an error.

        REPEATABLE READ is for who reads many times and needs all of it from one moment (a publication).
        `statement_seconds` is for this transaction only; None = that of the pool.
        """
        with self._opened(scope, isolation=isolation, statement_seconds=statement_seconds) as asker:
            yield asker

    @contextmanager
    def open_owners(self, scope: Scope) -> Iterator[Asker]:
        """As `open`, with the rights to read owners and nothing else; NotAllowed without `owner:read`."""
        scope.require("owner:read")
        with self._opened(scope, group="owners") as asker:
            yield asker

    @contextmanager
    def _opened(
        self,
        scope: Scope,
        *,
        group: str | None = None,
        isolation: Isolation = "READ COMMITTED",
        statement_seconds: int | None = None,
    ) -> Iterator[Asker]:
        """The transaction itself; `group` is taken instead of the role's own."""
        if scope.is_empty:
            raise NotAllowed(_EMPTY)
        engine = self._engines[ROLES[scope.role].login]
        settings = _transaction_settings(scope, database=engine.url.database or "")
        if group is not None:
            settings["role"] = f"{engine.url.database}_{group}"
        if statement_seconds is not None:
            settings["statement_timeout"] = str(statement_seconds * 1000)
        with engine.connect().execution_options(transaction_settings=settings) as connection:
            if isolation != "READ COMMITTED":
                connection.execution_options(isolation_level=isolation)
            with connection.begin():
                yield Asker(connection, scope)

    @contextmanager
    def accounts(self) -> Iterator[Connection]:
        """Open a transaction that may read and write accounts and nothing else; for signing in."""
        engine = self._engines["accounts"]
        settings = {"role": f"{engine.url.database}_accounts"}
        with engine.connect().execution_options(transaction_settings=settings) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all pools."""
        for engine in self._engines.values():
            engine.dispose()


def _transaction_settings(scope: Scope, *, database: str) -> dict[str, str]:
    settings = {
        "app.municipality": scope.municipality,
        # As the database writes an array: policies cast it for each row that they look at.
        "app.area_ids": f"{{{','.join(str(one) for one in sorted(scope.area_ids))}}}" if scope.area_ids else "",
        "app.account": scope.account,
    }
    # Politics is a member of no role: its login itself has rights on `published` and on nothing else, so that an
    # injected `set_config('role', ...)` gains nothing. The limit: settings can be forged by injected SQL. On politics'
    # login that opens what another city of the installation has released; on a manager's, the rows (not the columns) of
    # other areas. A test holds that no SQL is built from input (tests/unit/test_no_built_sql.py).
    group = ROLES[scope.role].group
    return settings if group is None else settings | {"role": f"{database}_{group}"}


def _engine(url: str, *, statement_seconds: int, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=2,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 3,
            "options": f"-c statement_timeout={statement_seconds * 1000}",
            # A statement that was asked five times would be planned once for all values, and a text search then read
            # the whole city in the order of addresses: 31 ms for 9. Planning each one costs a few tenths of one.
            "prepare_threshold": None,
        },
    )
    event.listen(engine, "begin", _apply_transaction_settings)
    return engine


def _apply_transaction_settings(connection: Connection) -> None:
    settings: Mapping[str, str] = connection.get_execution_options().get("transaction_settings", {})
    if not settings:
        return
    calls = ", ".join(f"set_config(:name_{i}, :value_{i}, true)" for i in range(len(settings)))
    bound: dict[str, str] = {}
    for i, (name, value) in enumerate(settings.items()):
        bound |= {f"name_{i}": name, f"value_{i}": value}
    connection.execute(text(f"SELECT {calls}"), bound)
