"""What only a superuser can do for one database: roles, the database, extensions, schemas, LEAKPROOF.

Each statement can be repeated, on a filled database and after a restore too (a dump loses the LEAKPROOF marks). The
same statements are run here and printed for a database administrator, who puts the passwords in with psql variables.
Migrations grant rights on tables to these roles and never make or drop one.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from geodata.cluster import PORT, Cluster, connect
from geodata.credentials import read
from geodata.errors import BootstrapError, UsageError
from geodata.settings import DatabaseUrls, Settings, with_driver

Superuser: TypeAlias = psycopg.Connection[tuple[object, ...]]
ConnectTo: TypeAlias = Callable[[str], Superuser]

DATABASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,46}")
SCHEMAS = ("qm", "published", "owners", "audit")
# Two bootstraps at once would fail with "tuple concurrently updated"; this number means nothing else.
ADVISORY_LOCK = 20_260_001
# Row policies put a condition before each query, and PostgreSQL runs a function that could leak its arguments (through
# an error message or a log) only on rows that passed. Index operators count, so a map tile read every row of the city:
# 41-58 ms instead of 1.6 ms. Both functions compare boxes or integers and raise nothing that depends on a value.
LEAKPROOF_FUNCTIONS = (
    "public.geometry_overlaps(public.geometry, public.geometry)",
    "pg_catalog.arrayoverlap(anyarray, anyarray)",
)


@dataclass(frozen=True)
class RoleNames:
    """Names of all roles of one database; they start with its name, because roles belong to the whole server."""

    database: str

    @property
    def owner(self) -> str:
        """Login that owns schemas and tables and migrates."""
        return f"{self.database}_owner"

    @property
    def loader(self) -> str:
        """Login of ETL and refresh."""
        return f"{self.database}_loader"

    @property
    def staff(self) -> str:
        """Group role of building control."""
        return f"{self.database}_staff"

    @property
    def manager(self) -> str:
        """Group role of neighbourhood managers."""
        return f"{self.database}_manager"

    @property
    def external(self) -> str:
        """Group role of neighbourhood offices that a contractor runs."""
        return f"{self.database}_external"

    @property
    def owners(self) -> str:
        """Group role that reads who owns an object, taken for nothing else."""
        return f"{self.database}_owners"

    @property
    def accounts(self) -> str:
        """Group role of the sign-in, for the table of accounts only."""
        return f"{self.database}_accounts"

    @property
    def admin(self) -> str:
        """Group role of the administration: accounts and the log."""
        return f"{self.database}_admin"

    @property
    def login_staff(self) -> str:
        """Web login that may become `staff` or `owners`."""
        return f"{self.database}_login_staff"

    @property
    def login_manager(self) -> str:
        """Web login that may become `manager`."""
        return f"{self.database}_login_manager"

    @property
    def login_external(self) -> str:
        """Web login that may become `external`."""
        return f"{self.database}_login_external"

    @property
    def login_accounts(self) -> str:
        """Web login that may become `accounts` or `admin`."""
        return f"{self.database}_login_accounts"

    @property
    def login_politics(self) -> str:
        """Web login that is a member of nothing and reads `published`."""
        return f"{self.database}_login_politics"

    @property
    def logins(self) -> dict[str, str]:
        """Kind of login (as in `Credentials`) -> role."""
        kinds = (
            "owner",
            "loader",
            "login_staff",
            "login_manager",
            "login_external",
            "login_politics",
            "login_accounts",
        )
        return {kind: str(getattr(self, kind)) for kind in kinds}

    @property
    def groups(self) -> tuple[str, ...]:
        """Roles that nobody signs in with."""
        return (self.staff, self.manager, self.external, self.owners, self.accounts, self.admin)

    @property
    def places(self) -> dict[str, str]:
        """Name of the place in a migration's script (as `{staff}`) -> role."""
        kinds = (
            "loader",
            "staff",
            "manager",
            "external",
            "owners",
            "accounts",
            "admin",
            "login_politics",
            "login_accounts",
        )
        return {kind: str(getattr(self, kind)) for kind in kinds}

    @property
    def all(self) -> tuple[str, ...]:
        """Every role of the database."""
        return (*self.logins.values(), *self.groups)


def role_names(database: str) -> RoleNames:
    """The role names of a database; they go into statements as they are, so the name is checked here."""
    if not DATABASE_NAME.fullmatch(database):
        raise BootstrapError(f"{database!r} is not a database name that we use: a-z, 0-9 and _, at most 47 characters.")
    return RoleNames(database)


def urls(cluster: Cluster, database: str) -> DatabaseUrls:
    """SQLAlchemy URLs of an embedded database."""
    credentials, roles = read(cluster.folder), role_names(database)
    query = f"host={quote(str(cluster.socket_folder))}&port={PORT}&connect_timeout=3"
    by_kind = {
        kind: f"postgresql+psycopg://{role}:{getattr(credentials, kind)}@/{database}?{query}"
        for kind, role in roles.logins.items()
    }
    return DatabaseUrls(
        staff=by_kind["login_staff"],
        manager=by_kind["login_manager"],
        external=by_kind["login_external"],
        politics=by_kind["login_politics"],
        accounts=by_kind["login_accounts"],
        load=by_kind["loader"],
        owner=by_kind["owner"],
        database=database,
    )


def apply(cluster: Cluster, database: str) -> None:
    """Run the whole bootstrap on the embedded cluster."""
    roles, credentials = role_names(database), read(cluster.folder)
    passwords = {kind: str(getattr(credentials, kind)) for kind in roles.logins}
    _run(lambda name: connect(cluster, name), "postgres", roles, passwords)


def apply_external(settings: Settings) -> str:
    """Run it on a server that is there already, by DATABASE_URL_ADMIN; returns the name of the database.

    Logins get the passwords that the other URLs carry, and those must name the roles as we do.
    """
    if settings.database_url_admin is None:
        raise UsageError(
            "Only a superuser can prepare the database of another server.",
            "Set DATABASE_URL_ADMIN, or give its administrator the output of qm db bootstrap --print-sql.",
        )
    urls = settings.external_urls()
    roles, admin = role_names(urls.database), make_url(with_driver(settings.database_url_admin.get_secret_value()))
    passwords = _passwords(urls, roles)

    def connect_to(name: str) -> Superuser:
        url = admin.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, connect_timeout=3)

    _run(connect_to, admin.database or "postgres", roles, passwords)
    return roles.database


def drop(cluster: Cluster, database: str) -> None:
    """Drop a database of the embedded cluster with its roles, connections included; for tests and trials."""
    roles = role_names(database)
    with _alone(lambda name: connect(cluster, name), "postgres") as connection:
        connection.execute(sql.SQL(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
        for role in roles.all:
            connection.execute(sql.SQL(f"DROP ROLE IF EXISTS {role}"))


def server_statements(roles: RoleNames) -> list[str]:
    """Roles and memberships; passwords stand as psql variables named after the kind of login."""
    statements = [_create_role(role) for role in roles.all]
    plain = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
    statements += [f"ALTER ROLE {role} {plain} NOLOGIN" for role in roles.groups]
    statements += [
        f"ALTER ROLE {role} {plain} LOGIN PASSWORD :'{kind}_password'" for kind, role in roles.logins.items()
    ]
    # NOINHERIT before the grant: PostgreSQL 16 notes at the grant whether the member inherits. A web login must have no
    # right until a transaction takes a role, so a forgotten scope sees nothing instead of everything.
    statements += [
        f"GRANT {roles.staff}, {roles.owners} TO {roles.login_staff}",
        f"GRANT {roles.manager} TO {roles.login_manager}",
        f"GRANT {roles.external} TO {roles.login_external}",
        f"GRANT {roles.accounts}, {roles.admin} TO {roles.login_accounts}",
        # Signing in has had a login of its own since accounts are kept in the application.
        _revoke_member(roles.accounts, roles.login_staff),
        # So that a migration can give a function to the loader, whom row policies let see all that is to be derived.
        f"GRANT {roles.loader} TO {roles.owner}",
    ]
    return statements


def create_database(roles: RoleNames) -> str:
    """The one statement that cannot be repeated; template0 because its encoding and locale are our choice."""
    return f"CREATE DATABASE {roles.database} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"


def database_statements(roles: RoleNames) -> list[str]:
    """What happens inside the database."""
    logins = ", ".join(roles.logins.values())
    return [
        "CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public",
        "CREATE SCHEMA IF NOT EXISTS qm",
        *[
            statement
            for schema in SCHEMAS
            for statement in (
                f"CREATE SCHEMA IF NOT EXISTS {schema}",
                f"ALTER SCHEMA {schema} OWNER TO {roles.owner}",
                # A restored database of an older server still lets everybody create objects there, and a function of
                # that name would be found before ours.
                f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
            )
        ],
        f"REVOKE ALL ON DATABASE {roles.database} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {roles.database} TO {logins}",
        # Deliveries are staged in temporary tables; nobody else needs one.
        f"GRANT TEMPORARY ON DATABASE {roles.database} TO {roles.owner}, {roles.loader}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        # Large objects belong to no schema: every login could fill the disk with them.
        "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC",
        # PostgreSQL lets everybody execute every new function; of ours each needs a grant.
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {roles.owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        # Our tables are always written with their schema; only PostGIS is found without one.
        f"ALTER DATABASE {roles.database} SET search_path = public",
        f"ALTER DATABASE {roles.database} SET timezone = 'UTC'",
        f"ALTER DATABASE {roles.database} SET jit = off",
        *[f"ALTER FUNCTION {function} LEAKPROOF" for function in LEAKPROOF_FUNCTIONS],
    ]


def script(roles: RoleNames) -> str:
    """The bootstrap as a psql script for a database administrator; passwords come from the environment."""
    variables = {kind: f"QM_{kind.upper()}_PASSWORD" for kind in roles.logins}
    lines = [
        f"-- Bootstrap of the database {roles.database} for quartiermonitor: psql -d postgres -f bootstrap.sql",
        "-- Run it as superuser, any number of times, with these variables in the environment:",
        *[f"--   {name}: password of {roles.logins[kind]}" for kind, name in variables.items()],
        "-- The logins go into DATABASE_URL (login_staff), _MANAGER, _EXTERNAL, _POLITICS, _ACCOUNTS, _LOAD (loader)",
        "-- and _OWNER (owner).",
        "\\set ON_ERROR_STOP on",
        *[f"\\getenv {kind}_password {name}" for kind, name in variables.items()],
        *[f"{statement};" for statement in server_statements(roles)],
        f"SELECT '{create_database(roles).replace(chr(39), chr(39) * 2)}'",
        f"  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{roles.database}') \\gexec",
        f"\\connect {roles.database}",
        *[f"{statement};" for statement in database_statements(roles)],
    ]
    return "\n".join(lines) + "\n"


def missing_leakproof(connection: Superuser) -> list[str]:
    """Functions that are not marked LEAKPROOF here: everything works without the mark, only the map is slower."""
    missing = []
    for function in LEAKPROOF_FUNCTIONS:
        query = "select proleakproof from pg_proc where oid = to_regprocedure(%s)"
        row = connection.execute(query, [function]).fetchone()
        if row is None or not row[0]:
            missing.append(function)
    return missing


def _create_role(role: str) -> str:
    exists = f"SELECT FROM pg_roles WHERE rolname = '{role}'"
    return f"DO $$ BEGIN IF NOT EXISTS ({exists}) THEN CREATE ROLE {role}; END IF; END $$"


def _revoke_member(group: str, member: str) -> str:
    is_member = f"SELECT FROM pg_auth_members WHERE roleid = '{group}'::regrole AND member = '{member}'::regrole"
    return f"DO $$ BEGIN IF EXISTS ({is_member}) THEN REVOKE {group} FROM {member}; END IF; END $$"


def _run(connect_to: ConnectTo, maintenance: str, roles: RoleNames, passwords: Mapping[str, str]) -> None:
    with _alone(connect_to, maintenance) as connection:
        for statement in server_statements(roles):
            connection.execute(_with_passwords(statement, passwords))
        found = connection.execute("select 1 from pg_database where datname = %s", [roles.database]).fetchone()
        if found is None:
            connection.execute(sql.SQL(create_database(roles)))
        with connect_to(roles.database) as inside:
            for statement in database_statements(roles):
                inside.execute(sql.SQL(statement))


def _passwords(urls: DatabaseUrls, roles: RoleNames) -> dict[str, str]:
    """Kind of login -> password, for the URLs that are there; each must sign in as the role of its kind."""
    by_kind = {
        "owner": urls.owner,
        "loader": urls.load,
        "login_staff": urls.staff,
        "login_manager": urls.manager,
        "login_external": urls.external,
        "login_politics": urls.politics,
        "login_accounts": urls.accounts,
    }
    passwords: dict[str, str] = {}
    for kind, given in by_kind.items():
        if given is None:
            raise BootstrapError("DATABASE_URL_OWNER is missing, so the owner's password is not known.")
        url = make_url(given)
        if url.username != roles.logins[kind]:
            raise BootstrapError(f"The login {url.username} has to be named {roles.logins[kind]}, as all roles here.")
        if not url.password:
            raise BootstrapError(f"The URL of {url.username} has no password, so none can be set.")
        passwords[kind] = str(url.password)
    return passwords


def _with_passwords(statement: str, passwords: Mapping[str, str]) -> sql.Composed | sql.SQL:
    for kind, password in passwords.items():
        before, found, after = statement.partition(f":'{kind}_password'")
        if found:
            return sql.SQL(before) + sql.Literal(password) + sql.SQL(after)
    return sql.SQL(statement)


@contextlib.contextmanager
def _alone(connect_to: ConnectTo, maintenance: str) -> Iterator[Superuser]:
    try:
        with connect_to(maintenance) as connection:
            connection.execute("select pg_advisory_lock(%s)", [ADVISORY_LOCK])
            yield connection
    except psycopg.Error as error:
        said = error.diag.message_primary or str(error).strip().splitlines()[-1]
        raise BootstrapError(f"The database could not be prepared: {said}.") from error
