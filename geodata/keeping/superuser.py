"""The server's superuser and PostgreSQL's own programs, for what no other login can do: backup and restore.

A dump by a login under row policies would lose rows in silence. Programs get their password by the environment, which
only the same account of the machine can read, and no shell is involved.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from geodata import bootstrap, cluster
from geodata.bootstrap import Superuser
from geodata.credentials import read
from geodata.errors import DatabaseAway, UsageError
from geodata.postgres_programs import Programs, find_programs
from geodata.settings import DatabaseUrls, Settings, with_driver

_TLS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey")


@dataclass(frozen=True)
class Server:
    """A server with its superuser: connections to any of its databases, and how its programs find it."""

    connect: Callable[[str], Superuser]
    environment: dict[str, str]
    programs: Programs
    prepare: Callable[[str], object]
    urls: Callable[[str], DatabaseUrls]

    @contextlib.contextmanager
    def alone(self, key: int) -> Iterator[Superuser]:
        """A connection that holds an advisory lock of the server as long as the block lasts."""
        with self.connect("postgres") as connection:
            connection.execute("select pg_advisory_lock(%s)", [key])
            yield connection

    def run(self, name: str, *arguments: str) -> list[str]:
        """The command line of a program."""
        return [self.programs.path(name), *arguments]

    @contextlib.contextmanager
    def options(self) -> Iterator[dict[str, Any]]:
        """What every program is started with; what it complains of goes to a file, because a pipe could fill up."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            yield {"env": self.environment, "stderr": complaints, "cwd": "/"}


@contextlib.contextmanager
def open_server(settings: Settings) -> Iterator[Server]:
    """The embedded cluster, running as long as the block lasts, or the server of DATABASE_URL_ADMIN."""
    if settings.is_embedded:
        with cluster.lease(settings) as running:
            yield _embedded(running)
    else:
        yield _external(settings)


def database_of(settings: Settings) -> str:
    """Name of the database that these settings mean."""
    return settings.embedded_database if settings.is_embedded else settings.external_urls().database


def said(complaints: IO[str]) -> str:
    """The first complaint of a program in one line, without the program's name."""
    complaints.seek(0)
    lines = [line.strip() for line in complaints if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()] or lines
    return telling[0].rpartition("ERROR:")[2].strip() if telling else "without a message"


def exists(connection: Superuser, database: str) -> bool:
    """Whether the server has a database of this name."""
    return connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone() is not None


def drop(connection: Superuser, database: str) -> None:
    """Drop a database, whoever is connected to it, and leave its roles."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def rename(connection: Superuser, database: str, name: str) -> None:
    """Give a database another name."""
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(name)))


def create(connection: Superuser, database: str) -> None:
    """An empty database that nobody but the superuser enters yet, in the encoding and order of ours."""
    name = sql.Identifier(database)
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'").format(name))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))


def _embedded(running: cluster.Cluster) -> Server:
    environment = {
        "PGHOST": str(running.socket_folder),
        "PGPORT": str(cluster.PORT),
        "PGUSER": cluster.SUPERUSER,
        "PGPASSWORD": read(running.folder).superuser,
    }
    return Server(
        connect=lambda name: cluster.connect(running, name),
        environment=_environment(environment),
        programs=find_programs(running.major),
        prepare=lambda name: bootstrap.apply(running, name),
        urls=lambda name: bootstrap.urls(running, name),
    )


def _external(settings: Settings) -> Server:
    if settings.database_url_admin is None:
        raise UsageError(
            "Only a superuser sees every row and can restore.", "Set DATABASE_URL_ADMIN for qm backup and qm restore."
        )
    admin = make_url(with_driver(settings.database_url_admin.get_secret_value()))

    def connect(name: str) -> Superuser:
        url = admin.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        try:
            return psycopg.connect(url, autocommit=True, connect_timeout=3)
        except psycopg.OperationalError as error:
            raise DatabaseAway(f"The database does not answer: {str(error).strip().splitlines()[-1]}") from None

    with connect("postgres") as connection:
        major = connection.info.server_version // 10_000
    given = {
        "PGHOST": admin.host or str(admin.query.get("host", "")),
        "PGPORT": str(admin.port or admin.query.get("port", 5432)),
        "PGUSER": admin.username or "",
        "PGPASSWORD": str(admin.password or ""),
        # The programs must not speak in the clear where the connections do not.
        **{f"PG{name.upper()}": str(admin.query.get(name, "")) for name in _TLS},
    }
    return Server(
        connect=connect,
        environment=_environment({name: value for name, value in given.items() if value}),
        programs=find_programs(major),
        prepare=lambda name: bootstrap.apply_external(settings),
        urls=lambda name: settings.external_urls(),
    )


def _environment(of_server: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PGCONNECT_TIMEOUT": "3", **of_server}
