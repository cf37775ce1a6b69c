"""Brings the tables of a database to the version of this program, and says which version they have."""

import re
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from geodata import derivation
from geodata.bootstrap import SCHEMAS, RoleNames, role_names
from geodata.errors import DatabaseAway, MigrationError
from geodata.records import function_statements
from geodata.tables import metadata

SCHEMA = "qm"
VERSION_TABLE = "alembic_version"
# Two servers that start at once must not both run the same version.
ADVISORY_LOCK = 20_260_002


def upgrade(owner_url: str) -> bool:
    """Run the missing versions in one transaction as owner; True when there were any."""
    with _connection(owner_url) as connection, connection.begin():
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        if current(connection) == head():
            return False
        roles = role_names(str(connection.engine.url.database))
        command.upgrade(_config(connection), "head")
        _install_functions(connection, roles)
        _show_version_to(connection, roles)
        return True


def current(connection: Connection) -> str | None:
    """Version of the tables, None for an empty database."""
    options = {"version_table": VERSION_TABLE, "version_table_schema": SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def head() -> str | None:
    """Version that this program needs."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def version_at(url: str) -> str | None:
    """Version of the tables as one login sees it; None too where that login may not look."""
    with _connection(url) as connection, connection.begin():
        try:
            return current(connection)
        except ProgrammingError:
            return None


def require_head(url: str) -> None:
    """Refuse to work on tables of another version, for a server without the owner's login."""
    found, needed = version_at(url), head()
    if found != needed:
        raise MigrationError(
            f"The database has version {found or 'none'}, but this program needs {needed}.",
            "Run qm db migrate with DATABASE_URL_OWNER set.",
        )


def configure_context(context: Any) -> None:
    """Settings of Alembic for the connection that `upgrade` passes in `attributes`."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        version_table_schema=SCHEMA,
        include_schemas=True,
        compare_type=True,
    )


def _install_functions(connection: Connection, roles: RoleNames) -> None:
    """Create or replace the SQL functions, which speak of the tables as they are after the last version."""
    for statement in function_statements():
        connection.exec_driver_sql(statement.replace("%", "%%"))
        # Of these alone: what runs with the owner's rights (version 0008) is not for everybody.
        [name] = re.findall(rf"CREATE OR REPLACE FUNCTION ({SCHEMA}\.\w+)", statement)
        # The true state and due dates are not for who sees masked facts; the masked state is for nobody else.
        given = {
            f"{SCHEMA}.property_at": (roles.staff, roles.manager, roles.loader),
            f"{SCHEMA}.due_at": (roles.staff, roles.manager, roles.loader),
            f"{SCHEMA}.property_masked_at": (roles.external,),
        }.get(name, (roles.staff, roles.manager, roles.external, roles.loader))
        connection.execute(text(f"grant execute on function {name} to {', '.join(given)}"))
    # PostgreSQL lets everybody execute a new function, unless a bootstrap has said otherwise before it was made.
    for function in connection.execute(_OWN_FUNCTIONS, {"schemas": list(SCHEMAS)}).scalars().all():
        connection.exec_driver_sql(f"revoke execute on function {function} from public")
    _install_derive(connection, roles)


_OWN_FUNCTIONS = text(
    "select oid::regprocedure::text from pg_proc where pronamespace::regnamespace::text = any(:schemas)"
    " and proowner = current_user::regrole"
)


def _install_derive(connection: Connection, roles: RoleNames) -> None:
    """`qm.derive` belongs to the loader, who sees all rows; it may create in the schema for this one moment only."""
    connection.execute(text(f"grant create on schema {SCHEMA} to {roles.loader}"))
    connection.execute(text(f"set local role {roles.loader}"))
    connection.exec_driver_sql(derivation.statement().replace("%", "%%"))
    connection.execute(text(f"revoke execute on function {derivation.NAME} from public"))
    connection.execute(text(f"grant execute on function {derivation.NAME} to {roles.staff}, {roles.manager}"))
    connection.execute(text("reset role"))
    connection.execute(text(f"revoke create on schema {SCHEMA} from {roles.loader}"))


def _show_version_to(connection: Connection, roles: RoleNames) -> None:
    """Let the loader see the version: a server without the owner's login must refuse tables of another version."""
    if current(connection) is not None:
        connection.execute(text(f"grant usage on schema {SCHEMA} to {roles.loader}"))
        connection.execute(text(f"grant select on {SCHEMA}.{VERSION_TABLE} to {roles.loader}"))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _connection(url: str) -> Connection:
    try:
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 3}).connect()
    except OperationalError as error:
        raise DatabaseAway(f"The database does not answer: {str(error.orig).strip().splitlines()[0]}.") from error
