"""Deliveries as `qm deliveries` shows them."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import RenderableType
from rich.table import Table
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from etl.report import COUNTS, DeliveryReport, rejected_csv, render
from etl.rows import Rejection
from geodata.errors import UsageError

_STATES = {(False, False): "applied", (True, False): "refused", (False, True): "withdrawn"}


def delivery_list(url: str) -> RenderableType:
    """All deliveries, the latest first."""
    query = (
        "SELECT id, municipality, source, mapping, as_of, read, loaded, rejected, "
        "refused IS NOT NULL, withdrawn_at IS NOT NULL, recorded_at FROM qm.delivery ORDER BY id DESC"
    )
    table = Table(box=None, pad_edge=False)
    for name in (
        "id",
        "municipality",
        "source",
        "mapping",
        "as of",
        "read",
        "loaded",
        "rejected",
        "state",
        "loaded at",
    ):
        table.add_column(
            name, justify="right" if name in ("id", "read", "loaded", "rejected") else "left", no_wrap=True
        )
    with _connection(url) as connection:
        for row in connection.execute(text(query)):
            state = _STATES[bool(row[8]), bool(row[9])]
            counts = (f"{count:,}" for count in row[5:8])
            table.add_row(str(row[0]), *row[1:4], f"{row[4]:%d.%m.%Y}", *counts, state, f"{row[10]:%d.%m.%Y %H:%M}")
    return table


def delivery_details(url: str, delivery_id: int) -> RenderableType:
    """The report of a delivery, as it was shown after the load."""
    with _connection(url) as connection:
        query = text("SELECT * FROM qm.delivery WHERE id = :id")
        row = connection.execute(query, {"id": delivery_id}).mappings().one_or_none()
        if row is None:
            raise UsageError(f"There is no delivery {delivery_id}.")
        rejections = tuple(Rejection(*found[:3]) for found in _rejected(connection, delivery_id))
    remarks = list(row["remarks"])
    if row["withdrawn_at"] is not None:
        remarks.append(f"Withdrawn on {row['withdrawn_at']:%d.%m.%Y %H:%M} UTC.")
    report = DeliveryReport(
        delivery=delivery_id,
        source=row["source"],
        mapping=row["mapping"],
        as_of=row["as_of"],
        as_of_from=row["as_of_from"],
        counts={name: row[name] for name in COUNTS},
        refused=row["refused"],
        seconds=row["seconds"],
        rejections=rejections,
        remarks=tuple(remarks),
    )
    return render(report)


def delivery_rejections(url: str, delivery_id: int) -> str:
    """The rejected rows of a delivery as CSV; UsageError where there is no such delivery."""
    with _connection(url) as connection:
        known = connection.execute(text("SELECT 1 FROM qm.delivery WHERE id = :id"), {"id": delivery_id}).one_or_none()
        if known is None:
            raise UsageError(f"There is no delivery {delivery_id}.")
        return rejected_csv(_rejected(connection, delivery_id))


def _rejected(
    connection: Connection, delivery_id: int
) -> list[tuple[int | None, str | None, str, dict[str, str | None]]]:
    query = text("SELECT line, field, reason, row FROM qm.rejected_row WHERE delivery_id = :id ORDER BY line, id")
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query, {"id": delivery_id})]


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
