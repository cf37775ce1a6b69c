"""Footprints of buildings along both sides of the streets.

In the middle of the city houses stand wall to wall, with wings and back buildings in the yard; further out follow
semi-detached and then detached houses, and some streets have large halls. A house is drawn in a frame of its own (along
the street, away from the street) and set beside the street, all houses at once. What would stand on a street, in the
water, on the railway, in a park or in another house is left out.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from etl.demo.drawing import Floats
from etl.demo.streets import Street
from etl.demo.terrain import Land, sample

Ints = NDArray[np.int64]

_MAIN_HALF_WIDTH_M: Final = 9.0
_HALF_WIDTH_M: Final = 5.5
_STRAIGHT_M: Final = 2.0  # bends of a street smaller than this do not turn its houses
_PARTY_WALL_M: Final = 0.4  # houses wall to wall may overlap by this much because of bends


@dataclass(frozen=True)
class Style:
    """How one kind of building stands: metres, and shares of forms and of gaps."""

    frontage_m: tuple[float, float]
    gap_m: tuple[float, float]
    depth_m: tuple[float, float]
    setback_m: tuple[float, float]
    wings: float
    back_building: float
    missing: float


STYLES: Final = {
    "terraced": Style((13, 20), (0, 0), (11, 14), (0.5, 1.0), wings=0.45, back_building=0.3, missing=0.05),
    "town": Style((18, 27), (4, 9), (10.5, 13), (2.5, 5), wings=0.2, back_building=0.12, missing=0.1),
    "detached": Style((21, 32), (9, 15), (9, 12), (4, 8), wings=0.12, back_building=0.06, missing=0.16),
    "hall": Style((52, 95), (14, 28), (24, 46), (6, 14), wings=0.3, back_building=0.0, missing=0.3),
}
_STYLE_NAMES: Final = tuple(STYLES)


@dataclass(frozen=True)
class Buildings:
    """Footprints and where they belong; all arrays have one entry for each building.

    `street` is the index of its street, `side` -1 = right and 1 = left of the line, `position_m` the distance from the
    start of the street, `style` the index into STYLES; `door` is the house coordinate, 3 m inside the front wall.
    """

    footprints: Any
    street: Ints
    side: Ints
    position_m: Floats
    style: Ints
    door: Floats


@dataclass(frozen=True)
class _Lots:
    """Lots in a row along the straight pieces of the streets; units are metres, vectors have length 1."""

    street: Ints
    side: Ints
    position_m: Floats
    style: Ints
    front: Floats
    along: Floats
    away: Floats
    width_m: Floats

    def only(self, keep: NDArray[np.bool_]) -> "_Lots":
        return _Lots(*(value[keep] for value in self.__dict__.values()))


def build_houses(streets: list[Street], land: Land, parks: list[Any], rng: np.random.Generator) -> Buildings:
    """All buildings beside the streets; same generator, same buildings."""
    lots = _lots(streets, land, rng)
    lots = lots.only(rng.random(len(lots.street)) > _of_style(lots.style, "missing"))
    footprints, tests = _footprints(lots, rng)
    free = _is_free(footprints, streets, land, parks)
    lots, footprints, tests = lots.only(free), footprints[free], tests[free]
    alone = _first_of_overlapping(tests)
    lots, footprints = lots.only(alone), footprints[alone]
    return Buildings(footprints, lots.street, lots.side, lots.position_m, lots.style, lots.front + 3.0 * lots.away)


def half_width_m(street: Street) -> float:
    """From the middle of a street to its edge."""
    return _MAIN_HALF_WIDTH_M if street.is_main else _HALF_WIDTH_M


# --- lots -------------------------------------------------------------------------------------------------------------


def _lots(streets: list[Street], land: Land, rng: np.random.Generator) -> _Lots:
    """Lots on both sides of each straight piece, as many as fit; each takes an equal share of the piece."""
    start, end, street, offset = _straight_pieces(streets)
    length = np.linalg.norm(end - start, axis=1)
    style = _styles(streets, land, (start + end) / 2, street, rng)
    frontage = rng.uniform(*_range(style, "frontage_m"))
    count = np.maximum(np.floor(length / frontage), (length > 9.0) & (style != _STYLE_NAMES.index("hall"))).astype(int)
    piece = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
    share = (nth + 0.5) / count[piece]
    unit = (end - start) / length[:, None]
    lots = [
        _on_side(side, piece, share, (start, unit, length, street, offset, style), streets, rng, count)
        for side in (1, -1)
    ]
    return _Lots(*(np.concatenate(parts) for parts in zip(*(one.__dict__.values() for one in lots), strict=True)))


def _on_side(
    side: int, piece: Ints, share: Floats, pieces: Any, streets: list[Street], rng: np.random.Generator, count: Ints
) -> _Lots:
    start, unit, length, street, offset, style = pieces
    along = unit[piece]
    away = side * np.stack([-along[:, 1], along[:, 0]], axis=1)
    edge = np.array([half_width_m(one) for one in streets])[street[piece]]
    setback = rng.uniform(*_range(style[piece], "setback_m"))
    middle = start[piece] + along * (share * length[piece])[:, None]
    return _Lots(
        street=street[piece],
        side=np.full(len(piece), side),
        position_m=offset[piece] + share * length[piece],
        style=style[piece],
        front=middle + away * (edge + setback)[:, None],
        along=along,
        away=away,
        width_m=(length / np.maximum(count, 1))[piece],
    )


def _straight_pieces(streets: list[Street]) -> tuple[Floats, Floats, Ints, Floats]:
    """Straight pieces of all streets: start, end, index of the street, how far along it the piece starts."""
    lines = shapely.simplify([_inner(street.line) for street in streets], _STRAIGHT_M)
    points, owner = shapely.get_coordinates(lines, return_index=True)
    inner = owner[1:] == owner[:-1]
    start, end, street = points[:-1][inner], points[1:][inner], owner[:-1][inner]
    run = np.cumsum(np.linalg.norm(end - start, axis=1))
    before = np.concatenate([[0.0], run[:-1]])
    first = np.searchsorted(street, np.arange(len(streets)))
    return start, end, street, before - before[first][street]


def _inner(line: Any) -> Any:
    """The line without the half of the crossing street at its ends, so that corner houses reach the corner."""
    return substring(line, _HALF_WIDTH_M + 1.0, line.length - _HALF_WIDTH_M - 1.0)


def _styles(streets: list[Street], land: Land, at: Floats, street: Ints, rng: np.random.Generator) -> Ints:
    """Style by density; one street in ten outside of the middle has halls."""
    density = sample(land.density, at) + rng.normal(0, 0.03, len(at))
    style = np.where(density > 0.56, 0, np.where(density > 0.38, 1, 2))
    has_halls = (rng.random(len(streets)) < 0.1)[street] & (density < 0.62)
    return np.where(has_halls, _STYLE_NAMES.index("hall"), style)


def _range(style: Ints, name: str) -> tuple[Floats, Floats]:
    bounds = np.array([getattr(one, name) for one in STYLES.values()], dtype=float)[style]
    return bounds[:, 0], bounds[:, 1]


def _of_style(style: Ints, name: str) -> Floats:
    return np.asarray(np.array([getattr(one, name) for one in STYLES.values()])[style])


# --- footprints -------------------------------------------------------------------------------------------------------


def _footprints(lots: _Lots, rng: np.random.Generator) -> tuple[Any, Any]:
    """Footprints, and the same ones a little smaller, with which overlaps are found."""
    half = np.maximum(lots.width_m - rng.uniform(*_range(lots.style, "gap_m")), 7.0) / 2
    depth = rng.uniform(*_range(lots.style, "depth_m"))
    count = len(half)
    form = rng.random(count)
    wings, back = _of_style(lots.style, "wings"), _of_style(lots.style, "back_building")
    wing = rng.uniform(0.28, 0.42, count) * 2 * half
    reach = depth + rng.uniform(0.5, 1.1, count) * depth
    mirror = np.where(rng.random(count) < 0.5, 1.0, -1.0)
    plain = shapely.polygons(_placed(lots, _rectangle(half, depth), mirror))
    shapes = np.where(
        form < wings * 0.72, shapely.polygons(_placed(lots, _ell(half, depth, wing, reach), mirror)), plain
    )
    has_yard = (form >= wings * 0.72) & (form < wings) & (half > 7.5)
    shapes = np.where(
        has_yard, shapely.polygons(_placed(lots, _horseshoe(half, depth, wing * 0.8, reach), mirror)), shapes
    )
    behind = shapely.polygons(_placed(lots, _behind(half, depth, rng), mirror))
    has_back = (form >= wings) & (form < wings + back)
    shapes = np.where(has_back, shapely.union(shapes, behind), shapes)
    return shapes, shapely.buffer(shapes, -_PARTY_WALL_M, join_style="mitre")


def _placed(lots: _Lots, frame: Floats, mirror: Floats) -> Floats:
    """Corners from the frame of the lot (metres along the street, metres away from it) into the plane."""
    u, v = frame[..., 0] * mirror[:, None], frame[..., 1]
    return lots.front[:, None, :] + u[..., None] * lots.along[:, None, :] + v[..., None] * lots.away[:, None, :]


def _corners(*points: tuple[Floats, Floats]) -> Floats:
    return np.stack([np.stack(point, axis=-1) for point in points], axis=1)


def _rectangle(half: Floats, depth: Floats) -> Floats:
    zero = np.zeros_like(half)
    return _corners((-half, zero), (half, zero), (half, depth), (-half, depth))


def _ell(half: Floats, depth: Floats, wing: Floats, reach: Floats) -> Floats:
    zero = np.zeros_like(half)
    return _corners(
        (-half, zero), (half, zero), (half, reach), (half - wing, reach), (half - wing, depth), (-half, depth)
    )


def _horseshoe(half: Floats, depth: Floats, wing: Floats, reach: Floats) -> Floats:
    zero = np.zeros_like(half)
    return _corners(
        (-half, zero), (half, zero), (half, reach), (half - wing, reach), (half - wing, depth), (wing - half, depth),
        (wing - half, reach * 0.9), (-half, reach * 0.9),
    )  # fmt: skip


def _behind(half: Floats, depth: Floats, rng: np.random.Generator) -> Floats:
    near, far = depth + rng.uniform(5, 9, len(half)), depth + rng.uniform(12, 18, len(half))
    return _corners((-half * 0.7, near), (half * 0.5, near), (half * 0.5, far), (-half * 0.7, far))


# --- room -------------------------------------------------------------------------------------------------------------


def _is_free(shapes: Any, streets: list[Street], land: Land, parks: list[Any]) -> NDArray[np.bool_]:
    """Whether a building stands on no street, not in water, on the railway or in a park."""
    lines = shapely.STRtree([street.line for street in streets])
    widths = np.array([half_width_m(street) for street in streets])
    shape, street = lines.query(shapes, predicate="dwithin", distance=_MAIN_HALF_WIDTH_M)
    near = shapely.distance(shapes[shape], lines.geometries[street]) < widths[street]
    taken = np.zeros(len(shapes), dtype=bool)
    taken[shape[near]] = True
    obstacles = shapely.STRtree([*shapely.get_parts(land.barriers), *parks])
    taken[obstacles.query(shapes, predicate="intersects")[0]] = True
    return ~taken


def _first_of_overlapping(shapes: Any) -> NDArray[np.bool_]:
    """Of buildings that overlap the first one stays."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    keep = np.ones(len(shapes), dtype=bool)
    pairs = np.stack([first, second], axis=1)[first < second]
    for earlier, later in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].tolist():
        if keep[earlier]:
            keep[later] = False
    return keep
