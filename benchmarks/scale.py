"""Databases of different sizes: generated, loaded by the real ETL, measured and dropped again."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from benchmarks.load import deliver
from dashboard.demonstration import ensure_accounts
from etl.demo.deliveries import generate
from geodata import bootstrap, cluster, startup
from geodata.access import Access
from geodata.settings import DatabaseUrls, Settings

INSPECTIONS_EACH = 10
NAME = "qm_bench_{size}"


@dataclass(frozen=True)
class Scale:
    """One city in a database; `seconds` are those of its deliveries by kind of source, None where it was there."""

    size: int
    settings: Settings
    urls: DatabaseUrls
    seconds: dict[str, float] | None


@contextlib.contextmanager
def city_of(settings: Settings, running: cluster.Cluster, size: int, folder: Path) -> Iterator[Scale]:
    """A city of `size` properties with ten inspections each, in a database that is dropped afterwards."""
    own = settings.model_copy(update={"database_name": NAME.format(size=size)})
    bootstrap.drop(running, own.embedded_database)
    try:
        urls = startup.ensure_database(own)
        seconds = _load(urls, folder, size)
        yield Scale(size, own, _ready(urls, running), seconds)
    finally:
        bootstrap.drop(running, own.embedded_database)


@contextlib.contextmanager
def city_in(settings: Settings, running: cluster.Cluster, size: int, database: str) -> Iterator[Scale]:
    """A city of that size that somebody has loaded already; it is left as it is."""
    own = settings.model_copy(update={"database_name": database})
    urls = startup.ensure_database(own)
    yield Scale(size, own, _ready(urls, running), None)


def _load(urls: DatabaseUrls, folder: Path, size: int) -> dict[str, float]:
    folder.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    for file in generate(folder, size=size):
        started = time.perf_counter()
        deliver(urls, file)
        seconds[file.source] = seconds.get(file.source, 0) + time.perf_counter() - started
        file.path.unlink()
    return seconds


def _ready(urls: DatabaseUrls, running: cluster.Cluster) -> DatabaseUrls:
    """What autovacuum does in the minutes after a load, at once, and the example accounts."""
    with cluster.connect(running, urls.database) as superuser:
        superuser.autocommit = True
        superuser.execute("VACUUM (ANALYZE)")
    access = Access(urls)
    ensure_accounts(access)
    access.close()
    return urls


def sizes_of(urls: DatabaseUrls) -> dict[str, int]:
    """Rows of the tables that the figures rest on."""
    names = ("inspection", "property_current", "property_due", "figure_cube", "pair_cube", "overdue_day", "cell_count")
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"SELECT count(*) FROM qm.{name}")).scalar_one() for name in names}
    engine.dispose()
    return found
