"""City blocks between the streets, parks among them, woods and fields round the settlements."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from etl.demo import drawing
from etl.demo.buildings import half_width_m
from etl.demo.streets import Street
from etl.demo.terrain import Land

_SMALLEST_BLOCK_M2: Final = 900.0
_LARGEST_BLOCK_M2: Final = 160_000.0
_PARK_SHARE: Final = 0.035
_CLEARING_COUNT: Final = 110


@dataclass(frozen=True)
class Ground:
    """Blocks and parks as polygons in EPSG:25832; woods as polygons too."""

    blocks: list[Any]
    parks: list[Any]
    woods: list[Any]


def lay_ground(streets: list[Street], land: Land, city: Any, rng: np.random.Generator) -> Ground:
    """Blocks are the faces of the street network without the streets, some of them parks; woods cover the hills."""
    blocks = _blocks(streets, land)
    is_park = rng.random(len(blocks)) < _PARK_SHARE
    return Ground(
        blocks=[block for block, park in zip(blocks, is_park, strict=True) if not park],
        parks=[block for block, park in zip(blocks, is_park, strict=True) if park],
        woods=_woods(streets, land, city, rng),
    )


def _blocks(streets: list[Street], land: Land) -> list[Any]:
    # A lane ends on the middle line of another street; a step further, so that rounding leaves no gap.
    lines = [_longer(street.line, 0.5) for street in streets]
    faces = np.asarray(drawing.faces_of(lines), dtype=object)
    faces = faces[shapely.area(faces) < _LARGEST_BLOCK_M2]
    roads = shapely.union_all(
        [shapely.buffer(street.line, half_width_m(street), cap_style="flat") for street in streets]
    )
    land_only = shapely.difference(faces, shapely.union(roads, land.barriers))
    parts = shapely.get_parts(shapely.buffer(shapely.buffer(land_only, -2.0), 2.0, quad_segs=2))
    return list(shapely.simplify(parts[shapely.area(parts) > _SMALLEST_BLOCK_M2], 0.5))


def _longer(line: Any, by_m: float) -> Any:
    points = shapely.get_coordinates(line)
    first, last = points[0] - points[1], points[-1] - points[-2]
    points[0] += by_m * first / np.linalg.norm(first)
    points[-1] += by_m * last / np.linalg.norm(last)
    return shapely.linestrings(points)


def _woods(streets: list[Street], land: Land, city: Any, rng: np.random.Generator) -> list[Any]:
    """The city without what is settled and without clearings; edges are bent like all borders."""
    small = shapely.simplify([street.line for street in streets if not street.is_main], 20.0)
    settled = shapely.simplify(
        shapely.buffer(shapely.union_all(shapely.buffer(small, 300.0, quad_segs=3)), -130.0), 8.0
    )
    valleys = shapely.buffer(shapely.union_all(list(land.rivers.values())), 210.0, quad_segs=3)
    clearings = shapely.union_all([_clearing(city, rng) for _ in range(_CLEARING_COUNT)])
    roads = shapely.buffer(shapely.union_all([street.line for street in streets if street.is_main]), 16.0)
    open_land = drawing.bend(shapely.segmentize(shapely.union_all([valleys, clearings]), 60.0))
    woods = shapely.difference(city, shapely.union_all([settled, open_land, roads]))
    soft = shapely.simplify(shapely.buffer(shapely.buffer(woods, -25.0, quad_segs=4), 25.0, quad_segs=4), 3.0)
    parts = shapely.get_parts(soft)
    return list(parts[shapely.area(parts) > 15_000.0])


def _clearing(city: Any, rng: np.random.Generator) -> Any:
    """Fields on the hills: three discs that run into each other."""
    west, south, east, north = city.bounds
    radius = rng.uniform(90, 330)
    middle = np.array((rng.uniform(west, east), rng.uniform(south, north)))
    discs = shapely.buffer(shapely.points(middle + rng.normal(0, radius, (3, 2))), rng.uniform(0.6, 1.1, 3) * radius)
    return shapely.union_all(discs)
