"""What `qm db status` says: where the database is, whether it answers, its versions, and what could be faster."""

import psycopg

from geodata import bootstrap, cluster, migrate
from geodata.errors import QmError
from geodata.settings import DatabaseUrls, Settings
from geodata.startup import database_urls


def describe(settings: Settings) -> tuple[list[str], bool]:
    """The lines to print and whether everything is as this program needs it."""
    lines: list[str] = []
    if settings.is_embedded:
        embedded = cluster.of(settings)
        lines += [f"Embedded PostgreSQL in {embedded.folder}", f"Socket folder: {embedded.socket_folder}"]
        if not cluster.is_running(embedded):
            return [*lines, "It is not running; start it with qm db up."], False
    try:
        urls = database_urls(settings)
        return _answering(lines, urls)
    except QmError as error:
        return [*lines, str(error)], False


def _answering(lines: list[str], urls: DatabaseUrls) -> tuple[list[str], bool]:
    try:
        with psycopg.connect(urls.load.replace("+psycopg", "", 1)) as connection:
            server = connection.info.parameter_status("server_version")
            slow = bootstrap.missing_leakproof(connection)
    except psycopg.OperationalError as error:
        return [*lines, f"Database {urls.database} does not answer: {str(error).splitlines()[-1]}"], False
    found, needed = migrate.version_at(urls.load), migrate.head()
    lines = [
        *lines,
        f"Database {urls.database} answers, PostgreSQL {server}.",
        f"Version of the tables: {found or 'none'}.",
    ]
    if found != needed:
        lines.append(f"This program needs version {needed}: run qm db migrate.")
    lines += [
        f"{function} is not marked LEAKPROOF: the map works, but slower. Run qm db bootstrap as superuser."
        for function in slow
    ]
    return lines, found == needed
