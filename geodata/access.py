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

Role = Literal["staff", "manager", "politics"]
Isolation = Literal["READ COMMITTED", "REPEATABLE READ"]

PERMISSIONS: Final[Mapping[Role, frozenset[str]]] = MappingProxyType(
    {
        "staff": frozenset(
            {
                "account:self",
                "area:read",
                "property:read",
                "property:read_text",
                "inspection:read",
                "delivery:read",
                "delivery:write",
                "demolition:read",
                "figure:read",
                "export:create",
                "publication:read",
                "publication:write",
            }
        ),
        "manager": frozenset(
            {
                "account:self",
                "area:read",
                "property:read",
                "inspection:read",
                "demolition:read",
                "figure:read",
                "export:create",
                "publication:read",
            }
        ),
        "politics": frozenset({"account:self", "publication:read"}),
    }
)


@dataclass(frozen=True)
class Scope:
    """What one signed-in account may ask about: one municipality, one role and, for a manager, areas.

    An empty municipality, or a manager without areas, is an empty scope: every read refuses it.
    """

    municipality: str
    role: Role
    account: str
    area_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_empty(self) -> bool:
        return not self.municipality or (self.role == "manager" and not self.area_ids)

    def allows(self, permission: str) -> bool:
        """Whether the role has the permission; what no role was given is refused."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: str) -> None:
        """Raise `NotAllowed` with the reason unless the role has the permission."""
        if not self.allows(permission):
            raise NotAllowed(f"The role {self.role} has no permission {permission}.")


@dataclass(frozen=True)
class Asker:
    """A connection in a transaction of its own and the scope for which it was opened."""

    connection: Connection
    scope: Scope

    def require(self, permission: str) -> None:
        """Raise `NotAllowed` with the reason when the scope is empty or its role lacks the permission."""
        if self.scope.is_empty:
            raise NotAllowed("The scope is empty: no municipality, or a manager without areas.")
        self.scope.require(permission)


class Access:
    """The pools of the three web logins and the door `open(scope)`.

    Create it after a fork: connections do not survive one. Pool waits 2 s, a statement may take
    `statement_seconds`, a connection attempt 3 s; a pooled connection is pinged before use, so that a restart of the
    database costs a reconnect and no error.
    """

    def __init__(self, urls: DatabaseUrls, *, statement_seconds: int = 2, pool_size: int = 5) -> None:
        logins: dict[Role, str] = {"staff": urls.staff, "manager": urls.manager, "politics": urls.politics}
        self._engines = {
            role: _engine(url, statement_seconds=statement_seconds, pool_size=pool_size) for role, url in logins.items()
        }

    @contextmanager
    def open(
        self, scope: Scope, *, isolation: Isolation = "READ COMMITTED", statement_seconds: int | None = None
    ) -> Iterator[Asker]:
        """Open a transaction on behalf of the scope; committed at the end, rolled back on an error.

        REPEATABLE READ is for who reads many times and needs all of it from one moment (a publication).
        `statement_seconds` is for this transaction only; None = that of the pool.
        """
        if scope.is_empty:
            raise NotAllowed("The scope is empty: no municipality, or a manager without areas.")
        engine = self._engines[scope.role]
        settings = _transaction_settings(scope, database=engine.url.database or "")
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
        engine = self._engines["staff"]
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
        "app.area_ids": ",".join(str(area_id) for area_id in sorted(scope.area_ids)),
    }
    # Politics is a member of no role: its login itself has rights on `published` and on nothing else, so that an
    # injected `set_config('role', ...)` gains nothing.
    return settings if scope.role == "politics" else settings | {"role": f"{database}_{scope.role}"}


def _engine(url: str, *, statement_seconds: int, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=2,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "options": f"-c statement_timeout={statement_seconds * 1000}"},
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
