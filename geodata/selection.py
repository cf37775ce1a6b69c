"""A selection drawn on a map: a box or a polygon in EPSG:4326, as it stands in a link and as a geometry in storage.

Coordinates are rounded to six decimals (a tenth of a metre), so that a selection survives the way through a link.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import shapely
from pyproj import Transformer
from sqlalchemy import ColumnElement, func, literal

from geodata.crs import DISPLAY_SRID, STORAGE_SRID
from geodata.errors import InvalidFilter

VERTICES_MAX: Final = 200
DECIMALS: Final = 6
# Farther, the projection of storage folds the earth, and what came out would be another place.
EXTENT_MAX_DEGREES: Final = 20.0
# A straight line on the map is a curve in storage; edges are split so that both stay together within a few metres.
PARTS_PER_EXTENT: Final = 64

Box = tuple[float, float, float, float]  # west, south, east, north in degrees

_TO_STORAGE: Final = Transformer.from_crs(DISPLAY_SRID, STORAGE_SRID, always_xy=True)


@dataclass(frozen=True)
class Selection:
    """Corners (longitude, latitude) of a polygon without the closing one; a box has its south-west corner first."""

    vertices: tuple[tuple[float, float], ...]
    is_box: bool = False

    @classmethod
    def from_box(cls, given: str) -> "Selection":
        """Read `west,south,east,north`; raises `InvalidFilter`."""
        return cls(_corners(parse_box(given)), is_box=True)

    @classmethod
    def from_polygon(cls, given: str) -> "Selection":
        """Read `lon,lat,lon,lat,...` with 3 to 200 corners; raises `InvalidFilter`."""
        numbers = _numbers("polygon", given)
        if len(numbers) % 2 or not 6 <= len(numbers) <= 2 * VERTICES_MAX:
            raise InvalidFilter("polygon", f"A polygon has 3 to {VERTICES_MAX} corners, each as longitude,latitude.")
        vertices = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        _require_degrees("polygon", vertices)
        if _repaired(vertices).is_empty:
            raise InvalidFilter("polygon", "The polygon has no area.")
        return cls(vertices)

    def to_query(self) -> dict[str, str]:
        """The part of a link from which the selection can be read again."""
        if self.is_box:
            (west, south), _, (east, north), _ = self.vertices
            return {"box": ",".join(_written(value) for value in (west, south, east, north))}
        return {"polygon": ",".join(_written(value) for corner in self.vertices for value in corner)}

    def in_storage(self) -> ColumnElement[Any]:
        """The selection in EPSG:25832 as a bound value; raises `InvalidFilter` where that cannot hold it."""
        return as_storage(_repaired(self.vertices), "box" if self.is_box else "polygon")


def parse_box(given: str, field: str = "box") -> Box:
    """Read `west,south,east,north` in degrees; raises `InvalidFilter`."""
    numbers = _numbers(field, given)
    if len(numbers) != 4:
        raise InvalidFilter(field, f"{field} takes four numbers: west, south, east, north.")
    west, south, east, north = numbers
    _require_degrees(field, ((west, south), (east, north)))
    if west >= east or south >= north:
        raise InvalidFilter(field, f"{field} is empty: west must be less than east, south less than north.")
    return west, south, east, north


def as_storage(geometry: shapely.Geometry, field: str) -> ColumnElement[Any]:
    """A geometry in EPSG:4326 as a bound value in EPSG:25832; raises `InvalidFilter` where that cannot hold it."""
    west, south, east, north = geometry.bounds
    longest = max(east - west, north - south, 10**-DECIMALS)
    if longest > EXTENT_MAX_DEGREES:
        raise InvalidFilter(field, f"{field} reaches over more than {EXTENT_MAX_DEGREES:g} degrees.")
    dense = shapely.segmentize(geometry, longest / PARTS_PER_EXTENT)
    moved = shapely.transform(dense, _TO_STORAGE.transform, interleaved=False)
    if not all(isfinite(value) for value in moved.bounds):
        raise InvalidFilter(field, f"{field} reaches beyond the part of the world that EPSG:{STORAGE_SRID} covers.")
    return func.ST_GeomFromWKB(literal(shapely.to_wkb(moved)), STORAGE_SRID)


def _repaired(vertices: tuple[tuple[float, float], ...]) -> shapely.Geometry:
    # A lasso drawn by hand crosses itself now and then; what it encloses is what was meant.
    return shapely.make_valid(shapely.Polygon(vertices), method="structure", keep_collapsed=False)


def _corners(box: Box) -> tuple[tuple[float, float], ...]:
    west, south, east, north = box
    return ((west, south), (east, south), (east, north), (west, north))


def _numbers(field: str, given: str) -> list[float]:
    # The longest polygon has 400 numbers of at most 12 characters; more text is not worth parsing.
    if len(given) > 2 * VERTICES_MAX * 30:
        raise InvalidFilter(field, f"{field} is too long.")
    try:
        return [round(float(part), DECIMALS) + 0.0 for part in given.split(",")]
    except (ValueError, OverflowError):
        raise InvalidFilter(field, f"{field} holds something that is not a number.") from None


def _require_degrees(field: str, corners: tuple[tuple[float, float], ...]) -> None:
    if any(not (-180 <= lon <= 180 and -90 <= lat <= 90) for lon, lat in corners):
        raise InvalidFilter(field, f"{field} lies outside of -180 to 180 degrees east or -90 to 90 degrees north.")


def _written(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
