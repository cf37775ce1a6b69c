"""How the facts of one property came to be what they are: each version, what it changed, and from where it came.

Columns that a role has no right to are not among the changes (`masking.py`). Points are told in degrees (EPSG:4326),
addresses as text in their order.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, func, select

from geodata.access import Asker
from geodata.address_text import join_house_number
from geodata.crs import DISPLAY_SRID
from geodata.facts import Origin, origin_columns, origin_of, with_origin
from geodata.masking import may_read
from geodata.tables import property_address, property_version

FACTS: Final = (
    "registered_on",
    "file_reference",
    "use_type",
    "building_class",
    "dwellings",
    "is_inhabited",
    "is_heritage",
    "ownership_form",
    "lead_office",
    "next_step",
    "reminder_on",
    "parcels",
    "placed_by",
)
DECIMALS: Final = 6


@dataclass(frozen=True)
class FactChange:
    """One field before and after; `addresses` are texts, `position` is longitude and latitude."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class FactsVersion:
    """One version of the facts. Of the first one no changes are told; `superseded_at` None = in force."""

    id: int
    origin: Origin
    superseded_at: datetime | None
    is_first: bool
    changes: tuple[FactChange, ...]


def read_versions(asker: Asker, property_id: int) -> tuple[FactsVersion, ...]:
    """All versions of the facts of a property, the latest first; empty out of scope."""
    asker.require("property:read")
    version = property_version.c
    point = func.ST_Transform(version.geom, DISPLAY_SRID)
    names = [name for name in FACTS if may_read(asker, name)]
    query = (
        select(
            version.id,
            version.superseded_at,
            *(version[name] for name in names),
            *origin_columns(asker, property_version),
            func.ST_X(point).label("longitude"),
            func.ST_Y(point).label("latitude"),
        )
        .select_from(with_origin(asker, property_version))
        .where(version.municipality == asker.scope.municipality, version.property_id == property_id)
        .order_by(version.recorded_at, version.id)
    )
    rows = asker.connection.execute(query).mappings().all()
    addresses = _addresses(asker, [row["id"] for row in rows])
    return _versions(rows, [_told(row, names, addresses[row["id"]]) for row in rows])


def read_visible_versions(asker: Asker, property_id: int) -> tuple[FactsVersion, ...]:
    """Versions that changed something that the asker may see, the latest first; the first one is always among them.

    That a next step or a reminder was entered would tell a contractor's office when somebody works on a case.
    """
    return tuple(one for one in read_versions(asker, property_id) if one.is_first or one.changes)


def _versions(rows: Sequence[RowMapping], told: Sequence[Mapping[str, Any]]) -> tuple[FactsVersion, ...]:
    found = [
        FactsVersion(
            row["id"], origin_of(row), row["superseded_at"], is_first=at == 0,
            changes=() if at == 0 else _changes(told[at - 1], told[at]),
        )
        for at, row in enumerate(rows)
    ]  # fmt: skip
    return tuple(reversed(found))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FactChange, ...]:
    return tuple(FactChange(name, before[name], after[name]) for name in after if before[name] != after[name])


def _told(row: RowMapping, names: Sequence[str], addresses: Sequence[str]) -> dict[str, Any]:
    told = {name: row[name] for name in names} | {"parcels": tuple(row["parcels"]), "addresses": tuple(addresses)}
    is_placed = row["longitude"] is not None
    position = (round(row["longitude"], DECIMALS), round(row["latitude"], DECIMALS)) if is_placed else None
    return told | {"position": position}


def _addresses(asker: Asker, version_ids: Sequence[int]) -> Mapping[int, list[str]]:
    address = property_address.c
    query = (
        select(
            address.property_version_id,
            address.street,
            address.house_number,
            address.house_number_suffix,
            address.postal_code,
        )
        .where(address.property_version_id.in_(version_ids))
        .order_by(address.property_version_id, address.position)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for version_id, street, number, suffix, postal_code in asker.connection.execute(query):
        found[version_id].append(" ".join(filter(None, (street, join_house_number(number, suffix), postal_code))))
    return found
