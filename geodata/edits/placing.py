"""Where an object lies that somebody enters: official addresses found, a point in the city, all in EPSG:25832."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, cast, func, insert, select

from geodata.address_text import normalise_street
from geodata.crs import DISPLAY_SRID, STORAGE_SRID
from geodata.edits.checks import Problems
from geodata.edits.drafts import AddressDraft
from geodata.edits.order import Change
from geodata.tables import address, area_version, property_address

STREET_LIMIT: Final = 200
SUFFIX_LIMIT: Final = 10
POSTAL_CODE_LIMIT: Final = 10
MOST_ADDRESSES: Final = 50
HOUSE_NUMBERS: Final = (1, 99_999)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class PlacedAddress:
    """An address as it is stored, with the official one of that spelling, if there is exactly one."""

    street: str
    street_norm: str
    house_number: int | None
    house_number_suffix: str | None
    postal_code: str | None
    address_id: int | None

    @property
    def identity(self) -> tuple[str, int | None, str | None]:
        """By what two addresses are the same."""
        return self.street_norm, self.house_number, self.house_number_suffix


def check_addresses(problems: Problems, drafts: Sequence[AddressDraft]) -> None:
    """Each has a street and a sensible house number."""
    if len(drafts) > MOST_ADDRESSES:
        problems.add("addresses", "too_long")
    for one in drafts:
        problems.text("addresses", one.street, STREET_LIMIT, is_required=True)
        problems.number("addresses", one.house_number, *HOUSE_NUMBERS)
        problems.text("addresses", one.suffix, SUFFIX_LIMIT)
        problems.text("addresses", one.postal_code, POSTAL_CODE_LIMIT)
        if one.suffix and one.house_number is None:
            problems.add("addresses", "out_of_range")


def check_position(change: Change, problems: Problems, position: tuple[float, float] | None) -> None:
    """A point lies within the extent of the city's areas; a city without areas has no such limit."""
    if position is None:
        return
    lon, lat = position
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        problems.add("position", "outside")
        return
    extent = func.ST_SetSRID(cast(func.ST_Extent(area_version.c.geom), Geometry), STORAGE_SRID)
    query = select(func.ST_Covers(extent, point(position))).where(
        area_version.c.municipality == change.municipality, area_version.c.superseded_at.is_(None)
    )
    if change.asker.connection.execute(query).scalar_one() is False:
        problems.add("position", "outside")


def point(position: tuple[float, float]) -> ColumnElement[Any]:
    """Longitude and latitude as a point in the CRS of the storage."""
    degrees = func.ST_SetSRID(func.ST_MakePoint(*position), DISPLAY_SRID)
    return func.ST_Transform(degrees, STORAGE_SRID)


def place_addresses(change: Change, drafts: Sequence[AddressDraft]) -> list[PlacedAddress]:
    """The addresses as they are stored; one that stands twice is kept once."""
    found = [_placed(change, one) for one in drafts]
    return list({one.identity: one for one in reversed(found)}.values())[::-1]


def point_of(change: Change, placed: Sequence[PlacedAddress]) -> Any:
    """Point of the first address that the official list places, as the database gives it; None without one."""
    ids = [one.address_id for one in placed if one.address_id is not None]
    query = select(address.c.id, address.c.geom).where(address.c.id.in_(ids), address.c.geom.is_not(None))
    points = {row.id: row.geom for row in change.asker.connection.execute(query)}
    return next((points[one] for one in ids if one in points), None)


def append_addresses(change: Change, version_id: int, placed: Sequence[PlacedAddress]) -> None:
    """Write the addresses of a version of a property."""
    rows = [
        {
            "municipality": change.municipality,
            "property_version_id": version_id,
            "position": position,
            "street": one.street,
            "street_norm": one.street_norm,
            "house_number": one.house_number,
            "house_number_suffix": one.house_number_suffix,
            "postal_code": one.postal_code,
            "address_id": one.address_id,
        }
        for position, one in enumerate(placed, start=1)
    ]
    if rows:
        change.asker.connection.execute(insert(property_address), rows)


def addresses_of(change: Change, version_id: int) -> list[PlacedAddress]:
    """The addresses of a version, in their order."""
    names = ("street", "street_norm", "house_number", "house_number_suffix", "postal_code", "address_id")
    columns = [property_address.c[name] for name in names]
    query = select(*columns).where(property_address.c.property_version_id == version_id)
    rows = change.asker.connection.execute(query.order_by(property_address.c.position)).mappings()
    return [PlacedAddress(**row) for row in rows]


def _placed(change: Change, draft: AddressDraft) -> PlacedAddress:
    street = _BLANKS.sub(" ", draft.street.strip())
    suffix = _BLANKS.sub("", (draft.suffix or "").casefold()) or None
    postal_code = (draft.postal_code or "").strip() or None
    norm = normalise_street(street)
    found = _official(change, norm, draft.house_number, suffix)
    chosen = [one for one in found if one.id == draft.address_id] or [
        one for one in found if postal_code is None or one.postal_code in (None, postal_code)
    ]
    address_id = chosen[0].id if len(chosen) == 1 else None
    return PlacedAddress(street, norm, draft.house_number, suffix, postal_code, address_id)


def _official(change: Change, street_norm: str, number: int | None, suffix: str | None) -> Sequence[Any]:
    """Official addresses in force of exactly this spelling: nothing is guessed."""
    columns = address.c
    query = select(columns.id, columns.postal_code).where(
        columns.municipality == change.municipality,
        columns.superseded_at.is_(None),
        columns.valid_to.is_(None),
        columns.street_norm == street_norm,
        columns.house_number == number if number is not None else columns.house_number.is_(None),
        columns.house_number_suffix == suffix if suffix is not None else columns.house_number_suffix.is_(None),
    )
    return change.asker.connection.execute(query).all()
