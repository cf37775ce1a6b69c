"""Real deliveries: files that cities published, loaded by the mappings that the product brings, into a database of
their own.

The files are not part of the project; `QM_REAL_DATA` names their folder, and without it these tests do not exist. What
is found in a file is an expectation here; the files are never cleaned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from etl.order import Order
from etl.pipeline import load
from etl.report import DeliveryReport
from geodata.settings import DatabaseUrls


@dataclass(frozen=True)
class City:
    """A database with the deliveries of one city, loaded by the login that loads."""

    urls: DatabaseUrls
    folder: Path

    def load(self, source: str, file: str, mapping: str, *, as_of: str | None = None) -> DeliveryReport:
        """Load a file; nothing of it may be refused."""
        return self._run(source, file, mapping, as_of, write=True)

    def check(self, source: str, file: str, mapping: str, *, as_of: str | None = None) -> DeliveryReport:
        """The same without writing."""
        return self._run(source, file, mapping, as_of, write=False)

    def ask(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Rows of a query; the loader sees all of them."""
        engine = create_engine(self.urls.load, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query), values)]
        finally:
            engine.dispose()

    def _run(self, source: str, file: str, mapping: str, as_of: str | None, *, write: bool) -> DeliveryReport:
        on = None if as_of is None else date.fromisoformat(as_of)
        report = load(self.urls.load, Order(source, self.folder / file, mapping, as_of=on), write=write)
        assert report.refused is None
        assert report.is_balanced
        return report


class MakeCity(Protocol):
    """Makes the database of a city; a second one of the same city needs a name of its own."""

    def __call__(self, name: str, database: str | None = None) -> City: ...


@pytest.fixture(scope="module")
def make_city(make_database: Callable[[str], DatabaseUrls], real_data: Path) -> MakeCity:
    """`make_city("hagen")`: an empty database for the files in that folder."""
    return lambda name, database=None: City(make_database(database or name), real_data / name)


def counts(report: DeliveryReport) -> dict[str, int]:
    """The counts of a report that are not zero."""
    return {name: count for name, count in report.counts.items() if count}
