"""Finding a place by its address, and naming the place of a point: for those who create an object.

Only official addresses of the asker's municipality are found, and only for who may create an object. A text without a
house number finds streets; one with a number that the street does not have finds its nearest numbers, which say so.
Points are longitude and latitude (EPSG:4326), distances metres (EPSG:25832).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from math import cos, hypot, radians
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select, text

from geodata.access import Asker
from geodata.address_text import AddressParts, HouseNumber
from geodata.crs import DISPLAY_SRID, STORAGE_SRID
from geodata.street_ranks import (
    NumberFit,
    RankedStreet,
    StreetFit,
    Wanted,
    number_fit,
    number_order,
    rank_streets,
    read_wanted,
)
from geodata.tables import address, area, area_kind, area_version

PERMISSION: Final = "property:write"
FOUND_MAX: Final = 10
NEAR_NUMBERS_MAX: Final = 4
# Farther away, a house is not what somebody pointed at.
NEAR_M: Final = 150
NEAR_MAX: Final = 3
METRES_PER_DEGREE: Final = 111_320
_STREETS: Final = text(files("geodata").joinpath("sql/streets.sql").read_text(encoding="utf-8"))

# found = it is called so; similar = another spelling of the street; near = another number of the street; street = the
# street, of which a number is still wanted.
How = Literal["found", "similar", "near", "street"]
Point = tuple[float, float]


@dataclass(frozen=True)
class FoundAddress:
    """An official address, or a street with the count of its house numbers; `distance_m` from the point asked for."""

    address_id: int | None
    street: str
    house_number: int | None
    house_number_suffix: str | None
    postal_code: str | None
    place: str | None
    position: Point | None
    how: How
    numbers: int = 0
    distance_m: float | None = None


@dataclass(frozen=True)
class AreaAt:
    """An area in which a point lies."""

    kind: str
    name: str


@dataclass(frozen=True)
class PlaceOfPoint:
    """What is known of a point: the nearest addresses and its areas, from the coarse to the fine."""

    addresses: tuple[FoundAddress, ...]
    areas: tuple[AreaAt, ...]


def has_addresses(asker: Asker) -> bool:
    """Whether official addresses of the city have been loaded."""
    asker.require(PERMISSION)
    return bool(asker.connection.scalar(select(select(address.c.id).where(_of_city(asker)).exists())))


def search_addresses(asker: Asker, typed: str, as_of: date) -> tuple[FoundAddress, ...]:
    """At most 10 official addresses or streets that may be meant, the best first; () for less than two letters."""
    asker.require(PERMISSION)
    wanted = read_wanted(typed)
    if not wanted:
        return ()
    streets = list(asker.connection.execute(_STREETS, {"municipality": asker.scope.municipality}).scalars())
    for one in wanted:
        ranked = rank_streets(one.street_norm, streets)
        # The whole text is read as a street (`Platz des 4. Juli`) only where it surely begins one.
        if one is not wanted[0] and ranked and ranked[0].fit is StreetFit.SIMILAR:
            continue
        found = _addresses_of(asker, one, ranked, as_of)
        if found:
            return found
    return ()


def place_of(asker: Asker, at: Point, as_of: date) -> PlaceOfPoint:
    """The nearest official addresses of a point (at most 3 within 150 m) and the areas in which it lies."""
    asker.require(PERMISSION)
    return PlaceOfPoint(_near(asker, at, as_of), _areas(asker, at, as_of))


def read_address(asker: Asker, address_id: int) -> FoundAddress | None:
    """One official address by its id; None when the city has none such."""
    asker.require(PERMISSION)
    row = asker.connection.execute(select(*_COLUMNS).where(_of_city(asker), address.c.id == address_id)).one_or_none()
    return None if row is None else _found(row, "found")


def metres_between(one: Point, other: Point) -> float:
    """Distance of two points in metres, near enough within a city."""
    lon_m = METRES_PER_DEGREE * cos(radians((one[1] + other[1]) / 2))
    return hypot((one[0] - other[0]) * lon_m, (one[1] - other[1]) * METRES_PER_DEGREE)


def find_official(asker: Asker, parts: AddressParts, as_of: date) -> FoundAddress | None:
    """The official address that is called exactly so; None where there is none, or several of the name."""
    asker.require(PERMISSION)
    a = address.c
    query = (
        select(*_COLUMNS)
        .where(
            _of_city(asker), _holds(as_of), a.street_norm == parts.street_norm, a.house_number == parts.house_number,
            a.house_number_suffix.is_not_distinct_from(parts.house_number_suffix),
        )
        .limit(2)
    )  # fmt: skip
    rows = asker.connection.execute(query).all()
    return _found(rows[0], "found") if len(rows) == 1 else None


# --- addresses --------------------------------------------------------------------------------------------------------

_POINT: Final = func.ST_Transform(address.c.geom, DISPLAY_SRID)
_COLUMNS: Final = (
    address.c.id, address.c.street, address.c.house_number, address.c.house_number_suffix, address.c.postal_code,
    address.c.place, func.ST_X(_POINT).label("lon"), func.ST_Y(_POINT).label("lat"),
)  # fmt: skip


def _of_city(asker: Asker) -> ColumnElement[bool]:
    return and_(address.c.municipality == asker.scope.municipality, address.c.superseded_at.is_(None))


def _holds(as_of: date) -> ColumnElement[bool]:
    return or_(address.c.valid_to.is_(None), address.c.valid_to > as_of)


def _addresses_of(
    asker: Asker, wanted: Wanted, ranked: Sequence[RankedStreet], as_of: date
) -> tuple[FoundAddress, ...]:
    if not ranked:
        return ()
    # A street that was typed as it is called is the one that is meant; only its own numbers are proposed.
    called = [one for one in ranked if one.fit is StreetFit.CALLED]
    if wanted.number is not None:
        return _numbers_of(asker, wanted.number, called or ranked, as_of)
    return _streets_of(asker, ranked, as_of)


def _numbers_of(
    asker: Asker, wanted: HouseNumber, ranked: Sequence[RankedStreet], as_of: date
) -> tuple[FoundAddress, ...]:
    """Addresses of the streets: which ones is decided by number alone, and only those chosen are read in full."""
    by_street = {one.street_norm: one for one in ranked}
    a = address.c
    query = select(a.id, a.street_norm, a.house_number, a.house_number_suffix).where(
        _of_city(asker), _holds(as_of), a.street_norm.in_(list(by_street)), a.house_number.is_not(None)
    )

    def order(row: Any) -> tuple[Any, ...]:
        numbers = number_order(wanted, HouseNumber(row.house_number, row.house_number_suffix))
        return numbers[0] == NumberFit.NEAR, by_street[row.street_norm].order, numbers, row.id

    chosen = sorted(asker.connection.execute(query), key=order)[:FOUND_MAX]
    # What is merely near is proposed where nothing else is.
    fits = [number_fit(wanted, HouseNumber(row.house_number, row.house_number_suffix)) for row in chosen]
    is_answered = NumberFit.SAME in fits or NumberFit.OTHER_SUFFIX in fits or NumberFit.BEGUN in fits
    how: dict[int, How] = {}
    for row, fit in zip(chosen, fits, strict=True):
        if fit is NumberFit.NEAR and (is_answered or len(how) == NEAR_NUMBERS_MAX):
            continue
        is_similar = by_street[row.street_norm].fit is StreetFit.SIMILAR
        how[row.id] = "near" if fit is NumberFit.NEAR else "similar" if is_similar else "found"
    rows = {row.id: row for row in asker.connection.execute(select(*_COLUMNS).where(address.c.id.in_(list(how))))}
    return tuple(_found(rows[address_id], how[address_id]) for address_id in how)


def _streets_of(asker: Asker, ranked: Sequence[RankedStreet], as_of: date) -> tuple[FoundAddress, ...]:
    a = address.c
    query = (
        select(a.street_norm, func.min(a.street).label("street"), func.count(a.house_number).label("numbers"))
        .where(_of_city(asker), _holds(as_of), a.street_norm.in_([one.street_norm for one in ranked]))
        .group_by(a.street_norm)
    )
    rows = {row.street_norm: row for row in asker.connection.execute(query)}
    return tuple(
        FoundAddress(
            None, rows[one.street_norm].street, None, None, None, None, None, "street", rows[one.street_norm].numbers
        )
        for one in ranked
        if one.street_norm in rows
    )


def _found(row: Any, how: How) -> FoundAddress:
    position = None if row.lon is None else (row.lon, row.lat)
    return FoundAddress(
        row.id, row.street, row.house_number, row.house_number_suffix, row.postal_code, row.place, position, how
    )


# --- points -----------------------------------------------------------------------------------------------------------


def _stored(at: Point) -> ColumnElement[Any]:
    return func.ST_Transform(func.ST_SetSRID(func.ST_MakePoint(*at), DISPLAY_SRID), STORAGE_SRID)


def _near(asker: Asker, at: Point, as_of: date) -> tuple[FoundAddress, ...]:
    point = select(_stored(at)).scalar_subquery()
    distance_m = func.ST_Distance(address.c.geom, point)
    # `&&` is said apart, because row policies let nothing else reach the index.
    query = (
        select(*_COLUMNS, distance_m.label("distance_m"))
        .where(
            _of_city(asker), _holds(as_of), address.c.geom.op("&&")(func.ST_Expand(point, NEAR_M)), distance_m <= NEAR_M
        )
        .order_by(distance_m, address.c.id)
        .limit(NEAR_MAX)
    )
    return tuple(replace(_found(row, "near"), distance_m=row.distance_m) for row in asker.connection.execute(query))


def _areas(asker: Asker, at: Point, as_of: date) -> tuple[AreaAt, ...]:
    point = select(_stored(at)).scalar_subquery()
    version = area_version.c
    query = (
        select(area.c.kind, version.name)
        .join(area_version, version.area_id == area.c.id)
        .join(area_kind, area_kind.c.code == area.c.kind)
        .where(
            area.c.municipality == asker.scope.municipality,
            version.superseded_at.is_(None),
            version.valid_from <= as_of,
            or_(version.valid_to.is_(None), version.valid_to > as_of),
            version.geom.op("&&")(point),
            func.ST_Covers(version.geom, point),
        )
        .order_by(area_kind.c.sort, version.name)
    )
    return tuple(AreaAt(*row) for row in asker.connection.execute(query))
