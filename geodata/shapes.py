"""Shapes for files: where properties and areas are in storage (EPSG:25832), and a backdrop of the city for a picture.

Unlike the reads of the map these are whole: not rounded, not simplified and not limited to a viewport. The rights are
those of the map: which properties exist for an asker is decided by the row policies.
"""

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import func, or_, select, text

from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.properties import property_sources
from geodata.selection import Box
from geodata.tables import area, area_version

_BACKDROP: Final = text(files("geodata").joinpath("sql/backdrop.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class AreaShape:
    """An area with its outline as WKB (EPSG:25832, MULTIPOLYGON) and who published it."""

    id: int
    key: str
    name: str
    source: str | None
    outline: bytes


@dataclass(frozen=True)
class BackdropPart:
    """A line or polygon of the city as GeoJSON (EPSG:4326); `is_main` marks the streets that carry the net."""

    kind: str
    is_main: bool
    geometry: dict[str, Any]


def read_places(asker: Asker, chosen: PropertyFilter) -> dict[int, bytes]:
    """Points of the properties of a filter as WKB (EPSG:25832); those without a place are missing."""
    sources = property_sources(asker, chosen)
    columns = sources.properties.c
    query = select(columns.property_id, func.ST_AsBinary(columns.geom))
    rows = asker.connection.execute(query.where(*sources.where(chosen), columns.geom.is_not(None)))
    return {property_id: bytes(point) for property_id, point in rows}


def read_area_shapes(asker: Asker, kind: str, as_of: date) -> tuple[AreaShape, ...]:
    """Outlines of the areas of one kind that are valid on a date, by name."""
    asker.require("area:read")
    version = area_version.c
    query = (
        select(area.c.id, area.c.key, version.name, version.source, func.ST_AsBinary(version.geom))
        .join(area_version, version.area_id == area.c.id)
        .where(
            area.c.municipality == asker.scope.municipality,
            area.c.kind == kind,
            version.superseded_at.is_(None),
            version.valid_from <= as_of,
            or_(version.valid_to.is_(None), version.valid_to > as_of),
        )
        .order_by(version.name, area.c.id)
    )
    rows = asker.connection.execute(query)
    return tuple(AreaShape(id_, key, name, source, bytes(outline)) for id_, key, name, source, outline in rows)


def read_backdrop(asker: Asker, box: Box, as_of: date, *, tolerance_m: float, most: int) -> tuple[BackdropPart, ...]:
    """Water, green, railway and streets in a box (degrees), simplified; at most `most`, the large first."""
    asker.require("area:read")
    west, south, east, north = box
    values = {
        "municipality": asker.scope.municipality, "as_of": as_of, "west": west, "south": south, "east": east,
        "north": north, "tolerance_m": tolerance_m, "most": most,
    }  # fmt: skip
    rows = asker.connection.execute(_BACKDROP, values)
    return tuple(BackdropPart(kind, is_main, json.loads(geometry)) for kind, is_main, geometry in rows)
