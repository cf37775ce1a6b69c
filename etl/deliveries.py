"""Rows about deliveries themselves: the municipality, the delivery, its rejected rows and repairs."""

from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, text

from etl.mapping import Mapping
from etl.report import COUNTS
from etl.rows import Rejection, Repair
from geodata.errors import DeliveryRefused

REJECTED_KEPT_DAYS = 90
_BATCH = 5_000


@dataclass(frozen=True)
class DeliveryFile:
    """The file of a delivery and for which date it speaks."""

    name: str
    sha256: str
    size_bytes: int
    as_of: date
    as_of_from: str
    delivered_by: str | None = None


def ensure_municipality(connection: Connection, mapping: Mapping) -> list[str]:
    """Create the municipality or bring its name up to date; returns remarks.

    DeliveryRefused: invented data for a real municipality, or the other way round.
    """
    query = "SELECT name, is_demonstration FROM qm.municipality WHERE key = :key"
    known = connection.execute(text(query), {"key": mapping.municipality}).one_or_none()
    if known is not None and known.is_demonstration != mapping.is_demonstration:
        raise DeliveryRefused(
            "Real and invented data never share a municipality: the mapping says demonstration = "
            f"{str(mapping.is_demonstration).lower()}, but {mapping.municipality} is stored otherwise."
        )
    values = {
        "key": mapping.municipality,
        "name": mapping.municipality_name or (known.name if known else mapping.municipality),
        "country": mapping.country,
        "is_demonstration": mapping.is_demonstration,
    }
    if known is None or known.name != values["name"]:
        statement = (
            "INSERT INTO qm.municipality (key, name, country, is_demonstration) "
            "VALUES (:key, :name, :country, :is_demonstration) ON CONFLICT (key) DO UPDATE SET name = excluded.name"
        )
        connection.execute(text(statement), values)
    if known is None and mapping.municipality_name is None:
        return [
            f"The municipality {mapping.municipality} is new; municipality_name in the mapping would give it a name."
        ]
    return []


def insert_delivery(
    connection: Connection,
    mapping: Mapping,
    file: DeliveryFile,
    counts: Dictionary[str, int],
    *,
    refused: str | None,
    remarks: Iterable[str],
    moment: datetime,
    seconds: float,
) -> int:
    """Append the delivery with its report; returns its id."""
    values: dict[str, Any] = {
        "municipality": mapping.municipality,
        "source": mapping.source.name,
        "mapping": mapping.name,
        "file_name": file.name,
        "file_sha256": file.sha256,
        "file_bytes": file.size_bytes,
        "as_of": file.as_of,
        "as_of_from": file.as_of_from,
        **{name: counts[name] for name in COUNTS},
        "refused": refused,
        "delivered_by": file.delivered_by,
        "seconds": seconds,
        "recorded_at": moment,
        "remarks": orjson.dumps(list(remarks)).decode(),
    }
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values).replace(":remarks", "CAST(:remarks AS jsonb)")
    statement = f"INSERT INTO qm.delivery ({names}) VALUES ({places}) RETURNING id"  # noqa: S608
    return int(connection.execute(text(statement), values).scalar_one())


def finish_delivery(connection: Connection, delivery_id: int, *, seconds: float) -> None:
    """Say how long the delivery took, once that is known."""
    statement = text("UPDATE qm.delivery SET seconds = :seconds WHERE id = :id")
    connection.execute(statement, {"id": delivery_id, "seconds": seconds})


def update_delivery(
    connection: Connection, delivery_id: int, counts: Dictionary[str, int], *, remarks: Iterable[str], seconds: float
) -> None:
    """Give a delivery its report that was written before its rows were counted."""
    values = {**{name: counts[name] for name in COUNTS}, "seconds": seconds}
    changes = ", ".join(f"{name} = :{name}" for name in values)
    statement = f"UPDATE qm.delivery SET {changes}, remarks = CAST(:remarks AS jsonb) WHERE id = :id"  # noqa: S608
    connection.execute(text(statement), {**values, "id": delivery_id, "remarks": orjson.dumps(list(remarks)).decode()})


def insert_rejections(
    connection: Connection, municipality: str, delivery_id: int, rejections: list[Rejection], moment: datetime
) -> None:
    """Keep the rejected rows with their mapped columns, and let go of those that are older than 90 days."""
    forget = "DELETE FROM qm.rejected_row WHERE municipality = :municipality AND recorded_at < :kept_from"
    kept_from = moment - timedelta(days=REJECTED_KEPT_DAYS)
    connection.execute(text(forget), {"municipality": municipality, "kept_from": kept_from})
    statement = text(
        "INSERT INTO qm.rejected_row (municipality, delivery_id, line, field, reason, row, recorded_at) "
        "VALUES (:municipality, :delivery_id, :line, :field, :reason, CAST(:row AS json), :moment)"
    )
    common = {"municipality": municipality, "delivery_id": delivery_id, "moment": moment}
    for at in range(0, len(rejections), _BATCH):
        connection.execute(
            statement,
            [
                {
                    **common,
                    "line": one.line,
                    "field": one.field,
                    "reason": one.reason,
                    "row": orjson.dumps(one.row).decode(),
                }
                for one in rejections[at : at + _BATCH]
            ],
        )


def insert_repairs(
    connection: Connection, municipality: str, delivery_id: int, repairs: list[Repair], keys: Dictionary[int, str]
) -> None:
    """List the mended geometries of rows that were taken over."""
    rows = [
        {
            "municipality": municipality,
            "delivery_id": delivery_id,
            "line": one.line,
            "key": keys[one.line],
            "reason": one.reason,
            "area_lost_m2": one.area_lost_m2,
        }
        for one in repairs
        if one.line in keys
    ]
    if rows:
        statement = (
            "INSERT INTO qm.repair (municipality, delivery_id, line, key, reason, area_lost_m2) "
            "VALUES (:municipality, :delivery_id, :line, :key, :reason, :area_lost_m2)"
        )
        connection.execute(text(statement), rows)
