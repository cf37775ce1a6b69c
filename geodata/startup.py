"""One door to a usable database: embedded (made, started, prepared, migrated) or external (migrated where allowed)."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import OperationalError

from geodata import bootstrap, cluster, migrate
from geodata.errors import DatabaseAway
from geodata.settings import DatabaseUrls, Settings


def ensure_database(settings: Settings) -> DatabaseUrls:
    """Make sure that the database answers and has this program's tables; repeatable, and safe when two do it at once.

    Embedded, the cluster goes on running afterwards: whoever wants it stopped again uses `open_database`.
    """
    if not settings.is_embedded:
        return _external(settings)
    running = cluster.ensure_running(settings)
    bootstrap.apply(running, settings.embedded_database)
    urls = bootstrap.urls(running, settings.embedded_database)
    migrate.upgrade(str(urls.owner))
    return urls


@contextlib.contextmanager
def open_database(settings: Settings) -> Iterator[DatabaseUrls]:
    """The database for as long as the block lasts; the last user stops an embedded cluster (see `cluster.lease`)."""
    with contextlib.ExitStack() as stack:
        if settings.is_embedded:
            stack.enter_context(cluster.lease(settings))
        urls = ensure_database(settings)
        try:
            yield urls
        except OperationalError as error:
            if not _is_away(error):
                raise
            raise DatabaseAway(
                f"The database {urls.database} went away in the middle of the work; what was not finished is undone.",
                "Start it and try again.",
            ) from error


def database_urls(settings: Settings) -> DatabaseUrls:
    """The URLs without touching the database, for a process whose parent has opened it (a web worker)."""
    if not settings.is_embedded:
        return settings.external_urls()
    return bootstrap.urls(cluster.of(settings), settings.embedded_database)


def _is_away(error: OperationalError) -> bool:
    """Whether the server itself is gone or going (classes 08 and 57P); a timeout or a full disk are other news."""
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def _external(settings: Settings) -> DatabaseUrls:
    urls = settings.external_urls()
    if urls.owner is None:
        migrate.require_head(urls.load)
    else:
        migrate.upgrade(urls.owner)
    return urls
