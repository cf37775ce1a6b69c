"""Deliveries with their reports: what came, what was taken over, what was not and why, and how fresh each source is.

For staff only (`delivery:read`). Rejected rows hold mapped columns of a file as delivered and are kept for 90 days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, Table, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from geodata.access import Asker
from geodata.tables import address, delivery, property_current, rejected_row, repair

BIGINT_MAX: Final = 2**63 - 1
EXPORT_CHUNK_ROWS: Final = 5_000


@dataclass(frozen=True)
class Counts:
    """Rows of a delivery by what became of them.

    read = loaded + unchanged + outdated + rejected + skipped; superseded and repaired are among the loaded; ended
    counts keys that a complete delivery no longer has, implied the properties that came into being by their facts.
    """

    read: int
    loaded: int
    unchanged: int
    outdated: int
    rejected: int
    skipped: int
    superseded: int
    repaired: int
    ended: int
    implied: int


@dataclass(frozen=True)
class Delivery:
    """A file that came from an office, with its report. `refused` says why nothing of it was applied."""

    id: int
    source: str
    mapping: str
    file_name: str
    file_bytes: int
    file_sha256: str
    as_of: date
    as_of_from: str
    counts: Counts
    refused: str | None
    remarks: tuple[str, ...]
    delivered_by: str | None
    seconds: float
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class RejectedRow:
    """A row that was not taken over: line in the file (None = the file as a whole), field, reason, row as delivered."""

    id: int
    line: int | None
    field: str | None
    reason: str
    row: dict[str, Any]


@dataclass(frozen=True)
class Repair:
    """Geometry that was repaired on the way in; the area lost is in square metres."""

    line: int
    key: str
    reason: str
    area_lost_m2: float


@dataclass(frozen=True)
class LatestDelivery:
    """The latest applied delivery of a source up to a date, and how many there have been."""

    source: str
    delivery_id: int
    as_of: date
    deliveries: int


@dataclass(frozen=True)
class PlacedShare:
    """How many of the current properties and addresses have a point."""

    properties: int
    properties_placed: int
    addresses: int
    addresses_placed: int


_COUNT_NAMES = tuple(field.name for field in fields(Counts))
_PLAIN_NAMES = tuple(field.name for field in fields(Delivery) if field.name not in ("counts", "remarks"))
DELIVERY_SORTS: Final = ("id", "source", "file_name", "as_of", "recorded_at", *_COUNT_NAMES)
REJECTION_SORTS: Final = ("line", "field", "reason")


def list_deliveries(
    asker: Asker, *, sort: str = "id", descending: bool = True, limit: int = 50, offset: int = 0
) -> tuple[Delivery, ...]:
    """Deliveries of the city, sorted by one of `DELIVERY_SORTS`; ties end with the latest first."""
    asker.require("delivery:read")
    query = _own(delivery, asker).order_by(*_ordering(delivery, sort, DELIVERY_SORTS, descending=descending))
    rows = asker.connection.execute(query.limit(limit).offset(offset)).mappings()
    return tuple(_delivery(row) for row in rows)


def count_deliveries(asker: Asker) -> int:
    """Number of deliveries of the city, refused and withdrawn ones included."""
    asker.require("delivery:read")
    query = select(func.count()).where(delivery.c.municipality == asker.scope.municipality)
    return asker.connection.execute(query).scalar_one()


def read_delivery(asker: Asker, delivery_id: int) -> Delivery | None:
    """One delivery; None = there is none in the asker's city."""
    asker.require("delivery:read")
    if not 0 < delivery_id <= BIGINT_MAX:
        return None
    row = asker.connection.execute(_own(delivery, asker).where(delivery.c.id == delivery_id)).mappings().one_or_none()
    return None if row is None else _delivery(row)


def list_rejections(
    asker: Asker, delivery_id: int, *, sort: str = "line", descending: bool = False, limit: int = 50, offset: int = 0
) -> tuple[RejectedRow, ...]:
    """Rejected rows of a delivery, sorted by one of `REJECTION_SORTS`; the file as a whole comes first."""
    asker.require("delivery:read")
    query = (
        _own(rejected_row, asker)
        .where(rejected_row.c.delivery_id == delivery_id)
        .order_by(*_ordering(rejected_row, sort, REJECTION_SORTS, descending=descending))
    )
    rows = asker.connection.execute(query.limit(limit).offset(offset)).mappings()
    return tuple(_rejection(row) for row in rows)


def count_rejections(asker: Asker, delivery_id: int) -> int:
    """Number of rejected rows that are still kept; the count of the report stays when they are deleted."""
    asker.require("delivery:read")
    query = select(func.count()).where(
        rejected_row.c.municipality == asker.scope.municipality, rejected_row.c.delivery_id == delivery_id
    )
    return asker.connection.execute(query).scalar_one()


def next_rejections(asker: Asker, delivery_id: int, *, after_id: int) -> tuple[RejectedRow, ...]:
    """The next rows of an export in the order in which they were rejected, at most `EXPORT_CHUNK_ROWS`."""
    asker.require("delivery:read")
    query = (
        _own(rejected_row, asker)
        .where(rejected_row.c.delivery_id == delivery_id, rejected_row.c.id > after_id)
        .order_by(rejected_row.c.id)
        .limit(EXPORT_CHUNK_ROWS)
    )
    return tuple(_rejection(row) for row in asker.connection.execute(query).mappings())


def rejected_columns(asker: Asker, delivery_id: int) -> tuple[str, ...]:
    """Names of the columns that the rejected rows of a delivery have, in the order of the file."""
    asker.require("delivery:read")
    keys = func.json_object_keys(rejected_row.c.row).table_valued("name", with_ordinality="position").render_derived()
    query = (
        select(keys.c.name)
        .select_from(rejected_row.join(keys, true()))
        .where(rejected_row.c.municipality == asker.scope.municipality, rejected_row.c.delivery_id == delivery_id)
        .group_by(keys.c.name)
        .order_by(func.min(keys.c.position), keys.c.name)
    )
    return tuple(asker.connection.execute(query).scalars())


def list_repairs(asker: Asker, delivery_id: int, *, limit: int = 500) -> tuple[Repair, ...]:
    """Repaired geometries of a delivery, the largest loss of area first."""
    asker.require("delivery:read")
    query = (
        _own(repair, asker)
        .where(repair.c.delivery_id == delivery_id)
        .order_by(repair.c.area_lost_m2.desc(), repair.c.line)
        .limit(limit)
    )
    rows = asker.connection.execute(query).mappings()
    return tuple(Repair(row["line"], row["key"], row["reason"], row["area_lost_m2"]) for row in rows)


def latest_deliveries(asker: Asker, as_of: date) -> tuple[LatestDelivery, ...]:
    """The latest applied delivery of each source up to the as-of date, refused and withdrawn ones left out."""
    asker.require("delivery:read")
    rows = delivery.c
    is_applied = (
        rows.municipality == asker.scope.municipality,
        rows.refused.is_(None),
        rows.withdrawn_at.is_(None),
        rows.as_of <= as_of,
    )
    query = (
        select(rows.source, rows.id, rows.as_of, func.count().over(partition_by=rows.source).label("deliveries"))
        .where(*is_applied)
        .ext(distinct_on(rows.source))
        .order_by(rows.source, rows.as_of.desc(), rows.id.desc())
    )
    return tuple(LatestDelivery(*row) for row in asker.connection.execute(query))


def latest_with_trouble(asker: Asker, as_of: date) -> tuple[Delivery, ...]:
    """The latest delivery of each mapping up to the as-of date where it was refused or rows were not taken over.

    A later delivery without trouble ends it; withdrawn ones count for nothing. The latest first.
    """
    asker.require("delivery:read")
    rows = delivery.c
    latest = (
        _own(delivery, asker)
        .where(rows.withdrawn_at.is_(None), rows.as_of <= as_of)
        .ext(distinct_on(rows.source, rows.mapping))
        .order_by(rows.source, rows.mapping, rows.as_of.desc(), rows.id.desc())
        .subquery("latest")
    )
    has_trouble = or_(latest.c.refused.is_not(None), latest.c.rejected > 0)
    query = select(latest).where(has_trouble).order_by(latest.c.as_of.desc(), latest.c.id.desc())
    return tuple(_delivery(row) for row in asker.connection.execute(query).mappings())


def read_placed_share(asker: Asker) -> PlacedShare:
    """How many of the current properties and of the addresses that hold have a point."""
    asker.require("delivery:read")
    city = asker.scope.municipality
    properties = select(func.count(), func.count(property_current.c.geom)).where(
        property_current.c.municipality == city
    )
    addresses = select(func.count(), func.count(address.c.geom)).where(
        address.c.municipality == city, address.c.superseded_at.is_(None), address.c.valid_to.is_(None)
    )
    counts = [asker.connection.execute(query).one() for query in (properties, addresses)]
    return PlacedShare(counts[0][0], counts[0][1], counts[1][0], counts[1][1])


def _own(table: Table, asker: Asker) -> Select[Any]:
    return select(table).where(table.c.municipality == asker.scope.municipality)


def _ordering(table: Table, sort: str, allowed: Sequence[str], *, descending: bool) -> Iterator[ColumnElement[Any]]:
    """Order by an allowed column (any other name means the first of them) and then by id, so that pages are stable."""
    column = table.c[sort if sort in allowed else allowed[0]]
    yield column.desc().nulls_last() if descending else column.asc().nulls_first()
    yield table.c.id.desc() if descending else table.c.id.asc()


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        **{name: row[name] for name in _PLAIN_NAMES},
        counts=Counts(**{name: row[name] for name in _COUNT_NAMES}),
        remarks=tuple(str(remark) for remark in row["remarks"]),
    )


def _rejection(row: RowMapping) -> RejectedRow:
    return RejectedRow(row["id"], row["line"], row["field"], row["reason"], dict(row["row"]))
