"""Seconds of computing assessments of a city: all, after a delivery of 1,000 rows, an edit, a day, without a change.

Part of `make bench`, at the end, because it changes the city. The reference of the same run is deriving the current
state of all properties (`records.refresh`). `lock` is the longest that a run held the lock of the municipality, for
which people who edit wait.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

from sqlalchemy import text

from benchmarks.load import deliver
from benchmarks.reads import CITY, STAFF
from benchmarks.scale import Scale
from etl.demo import files, german_columns, words
from etl.demo.dates import AS_OF
from etl.demo.deliveries import DemoFile
from geodata import records
from geodata.access import Access
from geodata.assessment import computing, running
from geodata.edits import InspectionDraft, Order, record_inspection
from geodata.one_transaction import one_transaction
from geodata.settings import DatabaseUrls

ROWS = 1_000


def measure(scale: Scale, folder: Path) -> dict[str, Any]:
    """`seconds` of the reference and of each run, `changed` levels of each, and `lock_seconds` of each."""
    urls = scale.urls
    found: dict[str, Any] = {"seconds": {"reference": _reference(urls)}, "changed": {}, "lock_seconds": {}}
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("all", lambda: None),
        ("nothing", lambda: None),
        ("delivery", lambda: _deliver(urls, folder)),
        ("edit", lambda: _edit(urls, "housing_control")),
        ("day", lambda: _wait_a_day(urls)),
    )
    # The first edit moves the date of a demonstration to today, for which much is computed anew: that is not its price.
    _edit(urls)
    for name, change in steps:
        change()
        held: list[float] = []
        started = time.perf_counter()
        with _watched(held):
            found["changed"][name] = running.keep_at(urls.load, CITY)
        found["seconds"][name] = round(time.perf_counter() - started, 3)
        found["lock_seconds"][name] = round(max(held, default=0.0), 3)
    return found


def _reference(urls: DatabaseUrls) -> float:
    with one_transaction(urls.load) as connection:
        as_of = records.derived_as_of(connection, CITY)
        assert as_of is not None
        started = time.perf_counter()
        records.refresh(connection, CITY, as_of)
        return round(time.perf_counter() - started, 3)


@contextmanager
def _watched(held: list[float]) -> Iterator[None]:
    """Note for how long each portion is kept under the lock, but for the commit."""
    write = computing.write

    def clocked(*arguments: Any) -> int:
        started = time.perf_counter()
        changed = write(*arguments)
        held.append(time.perf_counter() - started)
        return changed

    with mock.patch.object(computing, "write", clocked):
        yield


def _deliver(urls: DatabaseUrls, folder: Path) -> None:
    """A visit with a defect of a thousand houses, all over the register."""
    on = AS_OF - timedelta(days=3)
    with one_transaction(urls.load) as connection:
        keys = connection.execute(text(_SPREAD), {"municipality": CITY, "rows": ROWS}).scalars().all()
    rows = [
        (key, on, words.CONTROL_TYPES["follow_up"], None, words.ACCESS["flat"], words.RESULTS["finding"],
         words.DEFECTS["heating"], None)
        for key in keys
    ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"kontrollen_{AS_OF}.csv"
    files.write_csv(path, german_columns.INSPECTIONS, rows)
    deliver(urls, DemoFile("inspections", "demo/inspections", path, AS_OF))


def _edit(urls: DatabaseUrls, kind: str = "joint_control") -> None:
    access = Access(urls)
    with access.open(STAFF, statement_seconds=60) as asker:
        query = text("SELECT min(property_id) FROM qm.property_current WHERE closed_on IS NULL")
        house = asker.connection.execute(query).scalar_one()
        draft = InspectionDraft(house, kind, AS_OF, "flat", "finding", ("fall_hazard",))
        record_inspection(asker, Order(uuid4(), "kontrolle"), draft)
    access.close()


def _wait_a_day(urls: DatabaseUrls) -> None:
    """As if the last run had been yesterday."""
    with one_transaction(urls.load) as connection:
        connection.execute(text("UPDATE qm.assessment_run SET as_of = as_of - 1"))


_SPREAD = (
    "SELECT key FROM qm.property_current WHERE municipality = :municipality AND closed_on IS NULL"
    " ORDER BY md5(key) LIMIT :rows"
)
