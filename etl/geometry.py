"""From raw geometry to storage: CRS and axes recognised, heights dropped, outlines repaired, each with a sentence.

Storage is EPSG:25832, two-dimensional. The expected extent of a delivery is given in longitude and latitude
(EPSG:4326); it is what makes swapped axes, a missing zone prefix or a wrong CRS visible, because the coordinates
themselves are only numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyproj
import pyproj.exceptions
import shapely

from geodata.crs import DISPLAY_SRID, STORAGE_SRID
from geodata.errors import DeliveryRefused

Extent = tuple[float, float, float, float]
Geometries = npt.NDArray[np.object_]
Coordinates = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# What German offices use; the hint for a CRS that does not fit is looked for among these.
_USUAL_CRS: Final = tuple(f"EPSG:{code}" for code in (25832, 4647, 4326, 3857, 25833, 31466, 31467, 4839))
_UTM_ZONES_BY_EPSG: Final = {25831: 31, 25832: 32, 25833: 33, 32632: 32, 32633: 33}
_PREFIXED_EPSG: Final = {4647: 32, 5650: 33}
_MILLION: Final = 1_000_000
# A reading of the coordinates is taken for the right one when at least this share of them lies in the expected extent.
_CONVINCING_SHARE: Final = 0.5


@dataclass(frozen=True)
class Placed:
    """Geometry in EPSG:25832, 2D, in the order it came; None stays None and is no problem here.

    `problems` (index -> reason) are geometries that cannot be placed; they are None in `geometries`. `outside` marks
    placed geometries that do not lie within the expected extent. `hint` names a CRS in which they would, where nearly
    all are outside. Whether that rejects rows or refuses the delivery is for the caller to decide.
    """

    geometries: Geometries
    outside: Mask
    remarks: tuple[str, ...] = ()
    problems: Mapping[int, str] = field(default_factory=dict)
    hint: str | None = None


@dataclass(frozen=True)
class Repaired:
    """Valid MultiPolygons in the order they came; None where nothing of an outline is left (`failed`: index -> reason).

    `reasons` (index -> what was wrong) and `area_lost_m2` (index -> square metres that the repair took away) have the
    indexes of the repaired ones.
    """

    geometries: Geometries
    reasons: Mapping[int, str] = field(default_factory=dict)
    area_lost_m2: Mapping[int, float] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)


def to_storage(geometries: Geometries, crs: pyproj.CRS | None, *, expected_extent: Extent | None) -> Placed:
    """Place geometry in EPSG:25832, saying what had to be recognised on the way.

    Swapped axes and a missing or superfluous zone prefix (EPSG:4647) are mended where that brings the geometry into the
    expected extent, else into the area in which the CRS is used. DeliveryRefused: no CRS, or one that cannot be
    transformed.
    """
    if crs is None:
        raise DeliveryRefused("Expected a CRS, but neither the file nor the mapping names one; --crs can name it.")
    flat, remarks, problems = _flatten(np.asarray(geometries, dtype=object))
    source, reading_remarks, extent = _Reading.of(crs), _describe(crs), expected_extent or _area_of_use(crs)
    remarks.extend(reading_remarks)
    xy = _representative_points(flat)
    if len(xy) and extent is not None:
        source, said = _recognise(source, xy, extent)
        remarks.extend(said)
    placed, not_transformed = _transform(flat, source)
    problems.update({i: _unplaceable(flat[i], crs) for i in map(int, np.flatnonzero(not_transformed))})
    placed[not_transformed] = None
    outside = _outside(placed, expected_extent)
    return Placed(placed, outside, tuple(remarks), problems, _hint(xy, outside, crs, expected_extent))


def points(x: npt.ArrayLike, y: npt.ArrayLike) -> Geometries:
    """Points from two columns; None where x or y is missing."""
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    made = np.full(len(xs), None, dtype=object)
    known = ~(np.isnan(xs) | np.isnan(ys))
    made[known] = shapely.points(xs[known], ys[known])
    return made


def repair_polygons(geometries: Geometries) -> Repaired:
    """Outlines (EPSG:25832) as valid MultiPolygons; what is no polygon or loses all its area is `failed`.

    Self-crossing rings keep the area that they enclose (`make_valid(method="structure")`), lines and points that the
    repair leaves over are dropped, and the polygons of a collection are kept.
    """
    shapes = np.asarray(geometries, dtype=object)
    is_missing = shapely.is_missing(shapes)
    is_broken = ~is_missing & ~shapely.is_valid(shapes)
    mended = shapes.copy()
    mended[is_broken] = shapely.make_valid(shapes[is_broken], method="structure", keep_collapsed=False)
    multi = np.array([None if shape is None else _polygons_only(shape) for shape in mended] + [None], dtype=object)[:-1]
    failed: dict[int, str] = {
        i: "expected an outline, but there is none" if is_missing[i] else _not_an_outline(shapes[i])
        for i in map(int, np.flatnonzero(shapely.is_missing(multi)))
    }
    repaired = [int(i) for i in np.flatnonzero(is_broken) if i not in failed]
    reasons = {i: str(shapely.is_valid_reason(shapes[i])) for i in repaired}
    lost = {i: max(0.0, float(shapely.area(shapes[i]) - shapely.area(multi[i]))) for i in repaired}
    return Repaired(multi, reasons, lost, failed)


def simplify_outlines(geometries_25832: Geometries, tolerance_m: float = 5) -> Geometries:
    """Outlines for display in EPSG:4326, simplified so that neighbours keep one common border.

    Give the areas of one kind together: a border is recognised as common when both sides are in the array. An outline
    that the simplification breaks or loses (areas of a kind may overlap) keeps its full form. MultiPolygons, valid.
    """
    shapes = np.asarray(geometries_25832, dtype=object)
    known = ~shapely.is_missing(shapes)
    result = np.full(len(shapes), None, dtype=object)
    if not known.any():
        return result
    simple = np.asarray(shapely.coverage_simplify(shapes[known], tolerance_m), dtype=object)
    degrees = _to_degrees(simple)
    is_bad = ~shapely.is_valid(degrees) | shapely.is_empty(degrees)
    degrees[is_bad] = [_valid_polygons(shape) for shape in _to_degrees(shapes[known][is_bad])]
    result[known] = [_as_multi(shape) for shape in degrees]
    return result


@dataclass(frozen=True)
class _Reading:
    """One way to read the numbers: which CRS, axes as they stand or swapped, easting shifted."""

    crs: pyproj.CRS
    is_swapped: bool = False
    shift_m: float = 0.0

    @classmethod
    def of(cls, crs: pyproj.CRS) -> "_Reading":
        # A vertical part and the third axis say nothing about where a house stands, and some cannot be transformed.
        return cls(_horizontal(crs))

    def apply(self, xy: Coordinates) -> Coordinates:
        x, y = (xy[:, 1], xy[:, 0]) if self.is_swapped else (xy[:, 0], xy[:, 1])
        return np.column_stack([x + self.shift_m, y])


def _horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    if crs.is_compound:
        return _horizontal(crs.sub_crs_list[0])
    try:
        return crs.to_2d()
    except pyproj.exceptions.CRSError:
        return crs


def _describe(crs: pyproj.CRS) -> list[str]:
    if _horizontal(crs).to_authority(min_confidence=100) is not None:
        return []
    return [f"The CRS {crs.name!r} has no code; transformed by its own definition."]


def _flatten(geometries: Geometries) -> tuple[Geometries, list[str], dict[int, str]]:
    """Two-dimensional geometry, the sentence about what was dropped, and the problems by index."""
    problems: dict[int, str] = {}
    missing = shapely.is_missing(geometries)
    empty = ~missing & shapely.is_empty(geometries)
    has_more = ~missing & (shapely.has_z(geometries) | shapely.has_m(geometries))
    flat = np.asarray(shapely.force_2d(geometries), dtype=object)
    xy, owner = shapely.get_coordinates(flat, return_index=True)
    not_finite = np.unique(owner[~np.isfinite(xy).all(axis=1)])
    problems.update({int(i): "expected a geometry, but it is empty" for i in np.flatnonzero(empty)})
    problems.update({int(i): "expected coordinates, but one of them is not a number" for i in not_finite})
    flat[list(problems)] = None
    remarks = []
    if has_more.any():
        remarks.append(f"{int(has_more.sum())} of {len(flat)} geometries have heights or measures; dropped.")
    return flat, remarks, problems


def _representative_points(flat: Geometries) -> Coordinates:
    """One corner of each geometry that has one: enough to see where a delivery lies, and cheap."""
    xy, owner = shapely.get_coordinates(flat[~shapely.is_missing(flat)], return_index=True)
    _, first = np.unique(owner, return_index=True)
    return np.asarray(xy[first], dtype=float)


def _recognise(reading: _Reading, xy: Coordinates, extent: Extent) -> tuple[_Reading, list[str]]:
    """The reading of the coordinates that brings most of them into the extent, the plain one where it is convincing."""
    if _share_inside(reading, xy, extent) >= _CONVINCING_SHARE:
        return reading, []
    swapped = "The axes are swapped (northing before easting, or latitude before longitude); read the other way round."
    for shifted, said in ((reading, []), *_prefix_readings(reading, xy), *_prefix_readings(reading, xy[:, ::-1])):
        for is_swapped in (False, True):
            candidate = _Reading(shifted.crs, is_swapped, shifted.shift_m)
            if _share_inside(candidate, xy, extent) >= _CONVINCING_SHARE:
                return candidate, [*said, *([swapped] if is_swapped else [])]
    return reading, []


def _prefix_readings(reading: _Reading, xy: Coordinates) -> list[tuple[_Reading, list[str]]]:
    """The same CRS with the zone number before the easting taken away (25832) or put there (4647)."""
    code = reading.crs.to_epsg()
    prefix = int(np.median(xy[:, 0]) // _MILLION)
    if code in _UTM_ZONES_BY_EPSG and prefix == _UTM_ZONES_BY_EPSG[code]:
        said = f"The eastings start with the zone number {prefix}, which EPSG:{code} does not have; it was taken away."
        return [(_Reading(reading.crs, shift_m=-prefix * _MILLION), [said])]
    if code in _PREFIXED_EPSG and prefix == 0:
        zone = _PREFIXED_EPSG[code]
        said = f"The eastings lack the zone number {zone}, which EPSG:{code} has; it was added."
        return [(_Reading(reading.crs, shift_m=zone * _MILLION), [said])]
    return []


def _share_inside(reading: _Reading, xy: Coordinates, extent: Extent) -> float:
    degrees = _project(reading.apply(xy), reading.crs, DISPLAY_SRID)
    return float(_inside(degrees, extent).mean())


def _inside(degrees: Coordinates, extent: Extent) -> Mask:
    west, south, east, north = extent
    x, y = degrees[:, 0], degrees[:, 1]
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north), dtype=bool)


def _project(xy: Coordinates, crs: pyproj.CRS, srid: int) -> Coordinates:
    x, y = _transformer(crs.to_wkt(), srid).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([x, y])


@lru_cache(maxsize=32)
def _transformer(wkt: str, srid: int) -> pyproj.Transformer:
    try:
        return pyproj.Transformer.from_crs(pyproj.CRS.from_wkt(wkt), f"EPSG:{srid}", always_xy=True)
    except pyproj.exceptions.ProjError as error:
        raise DeliveryRefused(
            f"Expected a CRS that can be transformed to EPSG:{srid}, but it cannot ({error})."
        ) from None


def _transform(flat: Geometries, reading: _Reading) -> tuple[Geometries, Mask]:
    """Geometry in EPSG:25832, and a mask of those without any place there (missing ones are not in the mask)."""
    known = ~shapely.is_missing(flat)
    placed = np.full(len(flat), None, dtype=object)
    placed[known] = shapely.transform(
        flat[known], lambda xy: _project(reading.apply(xy), reading.crs, STORAGE_SRID) if len(xy) else xy
    )
    xy, owner = shapely.get_coordinates(placed, return_index=True)
    failed = np.zeros(len(flat), dtype=bool)
    failed[np.unique(owner[~np.isfinite(xy).all(axis=1)])] = True
    return placed, failed


def _unplaceable(shape: shapely.Geometry, crs: pyproj.CRS) -> str:
    x, y = shapely.get_coordinates(shape)[0]
    return f"expected coordinates in {crs.name}, but {x:.3f} {y:.3f} has no place there"


def _outside(placed: Geometries, extent: Extent | None) -> Mask:
    """Geometries whose bounds leave the extent; the bounds are compared, so an outline may not even reach over."""
    known = np.flatnonzero(~shapely.is_missing(placed))
    outside = np.zeros(len(placed), dtype=bool)
    if extent is None or not len(known):
        return outside
    xy, owner = shapely.get_coordinates(placed[known], return_index=True)
    is_out = ~_inside(_project(xy, pyproj.CRS.from_epsg(STORAGE_SRID), DISPLAY_SRID), extent)
    outside[known[np.unique(owner[is_out])]] = True
    return outside


def _hint(xy: Coordinates, outside: Mask, crs: pyproj.CRS, extent: Extent | None) -> str | None:
    if extent is None or not len(xy) or outside.mean() < _CONVINCING_SHARE:
        return None
    for code in _USUAL_CRS:
        usual = pyproj.CRS.from_user_input(code)
        for is_swapped in (False, True):
            if _share_inside(_Reading(usual, is_swapped), xy, extent) >= _CONVINCING_SHARE:
                order = " with swapped axes" if is_swapped else ""
                return f"Read as {crs.name} they lie outside; as {code}{order} they would lie inside."
    return None


def _area_of_use(crs: pyproj.CRS) -> Extent | None:
    area = crs.area_of_use
    return None if area is None else (area.west, area.south, area.east, area.north)


def _polygons_only(shape: shapely.Geometry) -> shapely.MultiPolygon | None:
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
    return shapely.MultiPolygon(parts) if parts else None


def _not_an_outline(shape: shapely.Geometry) -> str:
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return f"expected an outline with an area, but nothing is left of it ({shapely.is_valid_reason(shape)})"
    return f"expected a polygon, but a {shape.geom_type} came"


def _to_degrees(shapes: Geometries) -> Geometries:
    storage = pyproj.CRS.from_epsg(STORAGE_SRID)
    moved = shapely.transform(shapes, lambda xy: _project(xy, storage, DISPLAY_SRID) if len(xy) else xy)
    return np.asarray(moved, dtype=object)


def _valid_polygons(shape: shapely.Geometry) -> shapely.Geometry:
    return shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _as_multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
