"""Reads of areas: which kinds and areas a city has, their outlines for display, and counts of properties in them.

Areas of one kind are counted on their own; kinds are never summed together. Outlines are those valid at the as-of date,
simplified for display (EPSG:4326). A name is that of the version valid then.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select

from geodata import cube
from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.properties import COORDINATE_DECIMALS, property_sources
from geodata.selection import Box
from geodata.tables import area, area_kind, area_version, property_current

# Land that a map shows around the outlines, as a share of their extent.
MARGIN_SHARE: Final = 0.04


@dataclass(frozen=True)
class Area:
    """An area as menus need it."""

    id: int
    kind: str
    key: str
    name: str


@dataclass(frozen=True)
class Outline:
    """An area with its outline (a GeoJSON geometry) and the point (lon, lat) at which its name stands."""

    area: Area
    geometry: dict[str, Any]
    label_at: tuple[float, float]


def read_areas(asker: Asker, as_of: date) -> tuple[Area, ...]:
    """All areas valid on a date, ordered by kind from the coarse to the fine, then by name."""
    asker.require("area:read")
    return tuple(Area(*row) for row in asker.connection.execute(_areas_query(asker, as_of)))


def read_outlines(asker: Asker, kind: str, as_of: date) -> tuple[Outline, ...]:
    """Outlines of the areas of one kind that are valid on a date."""
    asker.require("area:read")
    label = func.ST_PointOnSurface(area_version.c.outline_4326)
    query = (
        _areas_query(asker, as_of)
        .where(area.c.kind == kind)
        .add_columns(
            func.ST_AsGeoJSON(area_version.c.outline_4326, COORDINATE_DECIMALS), func.ST_X(label), func.ST_Y(label)
        )
    )
    rows = asker.connection.execute(query)
    return tuple(
        Outline(Area(*found), json.loads(geometry), (round(lon, COORDINATE_DECIMALS), round(lat, COORDINATE_DECIMALS)))
        for *found, geometry, lon, lat in rows
    )


def read_area_counts(asker: Asker, chosen: PropertyFilter, kind: str) -> dict[int, int]:
    """How many properties of the filter lie in each area of a kind; areas without one are missing."""
    asker.require("property:read")
    asker.require("area:read")
    sources = property_sources(asker, chosen)
    part = cube.part_of(asker, chosen, is_current=sources.is_current)
    if part and part.area_id is None and chosen.due is None:
        of_kind = select(area.c.id).where(area.c.municipality == asker.scope.municipality, area.c.kind == kind)
        return cube.read_area_objects(asker, part, asker.connection.execute(of_kind).scalars().all())
    area_id = func.unnest(sources.properties.c.area_ids).label("area_id")
    placed = select(area_id).where(*sources.where(chosen)).subquery("placed")
    query = (
        select(placed.c.area_id, func.count().label("objects"))
        .join(area, area.c.id == placed.c.area_id)
        .where(area.c.municipality == asker.scope.municipality, area.c.kind == kind)
        .group_by(placed.c.area_id)
    )
    return {row.area_id: row.objects for row in asker.connection.execute(query)}


def read_extent(asker: Asker, as_of: date) -> Box | None:
    """West, south, east, north (degrees) of what a map should show first; None while there is nothing.

    That is the city, for a manager the areas assigned, and the properties where there are no outlines.
    """
    asker.require("property:read")
    outlines = select(func.ST_Extent(area_version.c.outline_4326).label("extent")).where(
        area_version.c.municipality == asker.scope.municipality, *_valid_on(as_of)
    )
    if asker.scope.area_ids:
        outlines = outlines.where(area_version.c.area_id.in_(sorted(asker.scope.area_ids)))
    points = select(func.ST_Extent(func.ST_Transform(property_current.c.geom, 4326)).label("extent")).where(
        property_current.c.municipality == asker.scope.municipality
    )
    return _read_box(asker, outlines) or _read_box(asker, points)


def _read_box(asker: Asker, extents: Select[Any]) -> Box | None:
    extent = extents.subquery().c.extent
    edges = (func.ST_XMin(extent), func.ST_YMin(extent), func.ST_XMax(extent), func.ST_YMax(extent))
    west, south, east, north = asker.connection.execute(select(*edges)).one()
    if west is None:
        return None
    margin_lon, margin_lat = (east - west) * MARGIN_SHARE, (north - south) * MARGIN_SHARE
    return west - margin_lon, south - margin_lat, east + margin_lon, north + margin_lat


def _areas_query(asker: Asker, as_of: date) -> Select[Any]:
    return (
        select(area.c.id, area.c.kind, area.c.key, area_version.c.name)
        .join(area_version, area_version.c.area_id == area.c.id)
        .join(area_kind, area_kind.c.code == area.c.kind)
        .where(area.c.municipality == asker.scope.municipality, *_valid_on(as_of))
        .order_by(area_kind.c.sort, area_version.c.name, area.c.id)
    )


def _valid_on(as_of: date) -> tuple[ColumnElement[bool], ...]:
    return (
        area_version.c.superseded_at.is_(None),
        area_version.c.valid_from <= as_of,
        or_(area_version.c.valid_to.is_(None), area_version.c.valid_to > as_of),
    )
