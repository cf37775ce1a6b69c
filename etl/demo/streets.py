"""The street network: lines that follow the valley, lanes that cross between them, bridges over river and railway.

Streets are streamlines of the field `Land.heading`, so they bend with the valley instead of lying in a lattice. First
come long streets along the field, spaced by density; then bridges where a settlement lies on both sides of a barrier;
then lanes across the field, each of which ends at a street that it meets (that gives T-junctions) or as a cul-de-sac.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from shapely.ops import substring

from etl.demo.drawing import Floats
from etl.demo.streamlines import BUILT_UP, Field, Placed, Point, points_of, soft_line, spacing_m, trace
from etl.demo.terrain import Land, built_up_points

_LONGEST_TRACE_M: Final = 900.0
_LONGEST_STREET_M: Final = 800.0
_SHORTEST_STREET_M: Final = 55.0
_REACH_M: Final = 110.0
_LONGEST_STUB_M: Final = 75.0
_BRIDGE_SPACING_M: Final = 460.0
_BRIDGE_REACH_M: Final = 190.0
# At which street that it meets a lane ends: the first, the second ...
_LANE_ENDS: Final = (0.5, 0.27, 0.15, 0.08)
_CUL_DE_SAC: Final = 0.2


@dataclass(frozen=True)
class Street:
    """One street: its line in EPSG:25832 and whether it is a main road."""

    line: Any
    is_main: bool


def lay_streets(land: Land, city: Any, rng: np.random.Generator) -> list[Street]:
    """All streets inside the city, main roads first."""
    main = [part for road in land.main_roads for part in _cut_to_length(shapely.intersection(road, city))]
    along = [part for line in _along(land, rng) for part in _cut_to_length(shapely.intersection(line, city))]
    along = _joined(along, [*main, *along], land)
    bridges = _bridges(land, [*main, *along], rng)
    lanes = [line for line in _lanes(land, [*main, *along, *bridges], rng) if shapely.covers(city, line)]
    small = _without_tails(along, [*main, *along, *bridges, *lanes]) + bridges + lanes
    streets = [Street(line, is_main=True) for line in main] + [Street(line, is_main=False) for line in small]
    return [street for street in streets if street.line.length >= _SHORTEST_STREET_M]


def _cut_to_length(lines: Any) -> Iterator[Any]:
    """Pieces of at most the length that one street name has."""
    for line in shapely.get_parts(lines):
        pieces = int(np.ceil(line.length / _LONGEST_STREET_M))
        for piece in range(pieces):
            yield substring(line, piece / pieces, (piece + 1) / pieces, normalized=True)


# --- along the valley -------------------------------------------------------------------------------------------------


def _along(land: Land, rng: np.random.Generator) -> list[Any]:
    """Streets along the valley, each seeded beside one that is already there."""
    field, placed, lines = Field(land), Placed(), []
    queue: deque[Point] = deque()
    for road in land.main_roads:
        points = points_of(road)
        placed.add(points)
        queue.extend(_beside(field, points, rng))
    # Settlements on the hills lie away from every main road.
    queue.extend(built_up_points(land, 1.4 * BUILT_UP, rng, 800))
    while queue:
        start = queue.popleft()
        density = field.density(*start)
        if density < BUILT_UP or placed.is_near(*start, 0.93 * spacing_m(density)):
            continue
        points = _both_ways(field, placed, start)
        if len(points) < 9:
            continue
        placed.add(points)
        lines.append(soft_line(points))
        queue.extend(_beside(field, points, rng))
    return lines


def _both_ways(field: Field, placed: Placed, start: Point) -> list[Point]:
    ahead, behind = (
        trace(field, placed, start, way=way, longest_m=_LONGEST_TRACE_M, apart=0.62) for way in (1.0, -1.0)
    )
    return [*reversed(behind), start, *ahead]


def _beside(field: Field, points: list[Point], rng: np.random.Generator) -> Iterator[Point]:
    """Starts of the next streets, one spacing to the left and to the right of every sixth point."""
    for (x, y), (next_x, next_y) in list(pairwise(points))[::6]:
        length = float(np.hypot(next_x - x, next_y - y)) or 1.0
        for side in (1, -1):
            offset = side * spacing_m(field.density(x, y)) * rng.uniform(0.96, 1.3) / length
            yield x - offset * (next_y - y), y + offset * (next_x - x)


def _joined(lines: list[Any], network: list[Any], land: Land) -> list[Any]:
    """The lines, each loose end led straight on to the next street where one is near and no barrier lies between."""
    tree = shapely.STRtree(network)
    shapely.prepare(land.barriers)
    return [_led_on(_led_on(line, tree, network, land).reverse(), tree, network, land) for line in lines]


def _led_on(line: Any, tree: shapely.STRtree, network: list[Any], land: Land) -> Any:
    """The line with a new last point on the street ahead of its end, if there is one within reach."""
    before, tip = shapely.get_coordinates(line)[-2:]
    ahead = shapely.linestrings([tip + 0.5 * _unit(tip - before), tip + _REACH_M * _unit(tip - before)])
    near = [network[index] for index in tree.query(ahead, predicate="intersects")]
    if not near:
        return line
    met = shapely.get_coordinates(
        shapely.shortest_line(shapely.points(tip), shapely.intersection(ahead, shapely.union_all(near)))
    )[1]
    if shapely.intersects(land.barriers, shapely.linestrings([tip, met])):
        return line
    return shapely.linestrings([*shapely.get_coordinates(line), met])


def _without_tails(lines: list[Any], network: list[Any]) -> list[Any]:
    """The lines without short stubs behind their last junction; a long one stays as a cul-de-sac."""
    tree = shapely.STRtree(network)
    trimmed = []
    for line in lines:
        others = [network[index] for index in tree.query(line, predicate="intersects") if network[index] is not line]
        at = shapely.line_locate_point(
            line, shapely.points(shapely.get_coordinates(shapely.intersection(line, others)))
        )
        if at.size:
            first = 0.0 if at.min() > _LONGEST_STUB_M else at.min()
            last = line.length if line.length - at.max() > _LONGEST_STUB_M else at.max()
            trimmed.append(substring(line, first, last))
    return trimmed


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector))


# --- over barriers ----------------------------------------------------------------------------------------------------


def _bridges(land: Land, network: list[Any], rng: np.random.Generator) -> list[Any]:
    """Short straight streets over river and railway, where streets lie on both sides."""
    tree, field = shapely.STRtree(network), Field(land)
    barriers = [*land.rivers.values(), *(line for name, line in land.railways if name != "Hauptbahnhof")]
    found, placed = [], Placed()
    placed.add(xy for road in land.main_roads for xy in _crossings(road, barriers))
    for barrier in barriers:
        for position in np.arange(rng.uniform(0, 200), barrier.length - 20, 45.0):
            line = _square_to(barrier, float(position))
            x, y = shapely.get_coordinates(line).mean(axis=0)
            ends = [field.density(*end) for end in shapely.get_coordinates(line)]
            if min(ends) > BUILT_UP and not placed.is_near(x, y, _BRIDGE_SPACING_M):
                bridge = _between_streets(line, tree, network)
                if bridge is not None:
                    found.append(bridge)
                    placed.add([(x, y)])
    return found


def _crossings(road: Any, barriers: list[Any]) -> list[Point]:
    return [
        (float(x), float(y))
        for x, y in shapely.get_coordinates(shapely.intersection(road, shapely.union_all(barriers)))
    ]


def _square_to(line: Any, position: float) -> Any:
    """A straight line across `line` at a position, `_BRIDGE_REACH_M` to each side."""
    start, end = shapely.get_coordinates(shapely.line_interpolate_point(line, [position, position + 20.0]))
    normal = np.array((start[1] - end[1], end[0] - start[0])) / np.linalg.norm(end - start)
    return shapely.linestrings([start - _BRIDGE_REACH_M * normal, start + _BRIDGE_REACH_M * normal])


def _between_streets(line: Any, tree: shapely.STRtree, network: list[Any]) -> Any:
    """The middle part of the line between the nearest street on each side; None where one side has none."""
    near = [network[index] for index in tree.query(line, predicate="intersects")]
    at = (
        shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(shapely.intersection(line, near))))
        if near
        else np.empty(0)
    )
    left, right = at[at < _BRIDGE_REACH_M - 5], at[at > _BRIDGE_REACH_M + 5]
    return substring(line, left.max(), right.min()) if left.size and right.size else None


# --- across the valley ------------------------------------------------------------------------------------------------


def _lanes(land: Land, network: list[Any], rng: np.random.Generator) -> list[Any]:
    """Lanes from street to street; they keep more distance than streets along the valley, so blocks are long."""
    field, placed, tree = Field(land, is_across=True), Placed(), shapely.STRtree(network)
    lanes = []
    for line in network:
        for start in _lane_starts(field, line, rng):
            lane = _lane(field, placed, start, tree, network, rng)
            if lane is not None:
                lanes.append(lane)
                placed.add(points_of(lane)[1:-1])
    return lanes


def _lane_starts(field: Field, line: Any, rng: np.random.Generator) -> Iterator[Point]:
    position = rng.uniform(8, 60)
    while position < line.length - 8:
        point = shapely.line_interpolate_point(line, position)
        yield point.x, point.y
        position += 1.0 * spacing_m(field.density(point.x, point.y)) * rng.uniform(0.7, 1.6)


def _lane(
    field: Field, placed: Placed, start: Point, tree: shapely.STRtree, network: list[Any], rng: np.random.Generator
) -> Any:
    """A lane to one side or the other, whichever succeeds first; None where other lanes are too near."""
    for way in rng.permutation((1.0, -1.0)).tolist():
        points = trace(field, placed, start, way=way, longest_m=450.0, apart=0.9)
        lane = _ended_at_street(soft_line([start, *points]), tree, network, rng) if len(points) >= 3 else None
        if lane is not None:
            return lane
    return None


def _ended_at_street(line: Any, tree: shapely.STRtree, network: list[Any], rng: np.random.Generator) -> Any:
    """The lane up to a street that it meets; without one a cul-de-sac or nothing."""
    near = [network[index] for index in tree.query(line, predicate="intersects")]
    met = shapely.points(shapely.get_coordinates(shapely.intersection(line, near))) if near else []
    at = np.sort(shapely.line_locate_point(line, met)) if len(met) else np.empty(0)
    at = at[at > 25.0]
    if at.size:
        return substring(line, 0.0, float(at[min(rng.choice(len(_LANE_ENDS), p=_LANE_ENDS), at.size - 1)]))
    length = min(line.length, rng.uniform(60, 160))
    return substring(line, 0.0, length) if rng.random() < _CUL_DE_SAC else None
