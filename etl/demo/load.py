"""Loading the demonstration city: its files go through the same door as those of every other city."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from etl.demo.dates import AS_OF
from etl.demo.deliveries import DEFAULT_SEED, DEFAULT_SIZE, MUNICIPALITY, DemoFile, generate
from etl.pipeline import Order, load
from geodata.errors import DeliveryRefused
from geodata.settings import DatabaseUrls

# Told what is being done, how many steps are done, and how many there are.
Tell = Callable[[str, int, int], None]

_LAST_MAPPING: Final = "demo/owners"
_DELIVERED_BY: Final = "demonstration"


def load_demonstration(
    urls: DatabaseUrls, *, seed: int = DEFAULT_SEED, size: int = DEFAULT_SIZE, tell: Tell | None = None
) -> None:
    """Load the demonstration city, unless it is there already.

    Deliveries of a load that was interrupted are not loaded again. DeliveryRefused: the ETL refused a file, which is an
    error of this program and not of anybody's data. Without `tell` a progress bar is shown on standard error.
    """
    done = _delivered(urls.load)
    if (_LAST_MAPPING, AS_OF.isoformat()) in {(mapping, as_of) for mapping, _, as_of in done}:
        return
    with _bar() if tell is None else _given(tell) as say, tempfile.TemporaryDirectory(prefix="qm-demo-") as folder:
        say("drawing the demonstration city", 0, 1)
        files = generate(Path(folder), seed=seed, size=size)
        for number, file in enumerate(files):
            say(f"loading {file.path.name}", number, len(files))
            if (file.mapping, file.path.name, file.as_of.isoformat()) not in done:
                _load(urls.load, file)
        say("demonstration city loaded", len(files), len(files))


def _delivered(url: str) -> set[tuple[str, str, str]]:
    """Mapping, file name and as-of date of what was delivered already; refused deliveries do not count."""
    query = text(
        "SELECT mapping, file_name, as_of::text FROM qm.delivery WHERE municipality = :municipality AND refused IS NULL"
    )
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return {(row[0], row[1], row[2]) for row in connection.execute(query, {"municipality": MUNICIPALITY})}


def _load(url: str, file: DemoFile) -> None:
    order = Order(file.source, file.path, mapping=file.mapping, delivered_by=_DELIVERED_BY)
    report = load(url, order, write=True)
    if report.refused is not None:
        raise DeliveryRefused(f"The file {file.path.name} of the demonstration city was refused: {report.refused}")


@contextmanager
def _given(tell: Tell) -> Iterator[Tell]:
    yield tell


@contextmanager
def _bar() -> Iterator[Tell]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("")
        yield lambda what, done, of: progress.update(task, description=what, completed=done, total=of)
