"""Lines that follow a field of directions and keep their distance from each other: the raw material of streets."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import shapely

from etl.demo.terrain import Land, cell_of

Point = tuple[float, float]

STEP_M: Final = 14.0
BUILT_UP: Final = 0.2  # density from which there are streets
_CELL_M: Final = 60.0


def spacing_m(density: float) -> float:
    """Distance between two streets along the valley: 72 m in the middle of the city, 170 m at its fringe."""
    return 198.0 - 126.0 * min(1.0, density / 0.85)


class Placed:
    """Points of the lines that exist, in cells, so that a trace can ask what is near without looking at all."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Point]] = defaultdict(list)

    def add(self, points: Iterable[Point]) -> None:
        for x, y in points:
            self._cells[int(x // _CELL_M), int(y // _CELL_M)].append((x, y))

    def is_near(self, x: float, y: float, distance_m: float) -> bool:
        """Whether a point lies nearer than the distance."""
        limit = distance_m * distance_m
        columns = range(int((x - distance_m) // _CELL_M), int((x + distance_m) // _CELL_M) + 1)
        rows = range(int((y - distance_m) // _CELL_M), int((y + distance_m) // _CELL_M) + 1)
        return any(
            (px - x) ** 2 + (py - y) ** 2 < limit
            for column in columns
            for row in rows
            for px, py in self._cells.get((column, row), ())
        )


class Field:
    """Density and direction at single points, as plain floats: ten times faster here than arrays of one."""

    def __init__(self, land: Land, *, is_across: bool = False) -> None:
        turned = land.heading + (np.pi / 2 if is_across else 0.0)
        self._density: list[list[float]] = land.density.tolist()
        self._cosine: list[list[float]] = np.cos(turned).tolist()
        self._sine: list[list[float]] = np.sin(turned).tolist()

    def density(self, x: float, y: float) -> float:
        row, column = cell_of(x, y)
        return self._density[row][column]

    def direction(self, x: float, y: float) -> Point:
        row, column = cell_of(x, y)
        return self._cosine[row][column], self._sine[row][column]


def trace(field: Field, placed: Placed, start: Point, *, way: float, longest_m: float, apart: float) -> list[Point]:
    """Steps along the field (`way` = 1 or -1) until the settlement ends, a barrier comes or a placed line is too near.

    `apart` is the share of the usual spacing that the line keeps from others. The start is not part of the answer.
    """
    points: list[Point] = []
    x, y = start
    ahead_x, ahead_y = (way * part for part in field.direction(x, y))
    for _ in range(int(longest_m / STEP_M)):
        new_x, new_y = field.direction(x, y)
        sign = 1.0 if new_x * ahead_x + new_y * ahead_y >= 0 else -1.0
        # Half of the old direction stays, so that the line does not jerk from cell to cell.
        ahead_x, ahead_y = _unit(ahead_x + sign * new_x, ahead_y + sign * new_y)
        x, y = x + STEP_M * ahead_x, y + STEP_M * ahead_y
        density = field.density(x, y)
        if density < BUILT_UP or placed.is_near(x, y, apart * spacing_m(density)):
            break
        points.append((x, y))
    return points


def _unit(x: float, y: float) -> Point:
    length = float(np.hypot(x, y)) or 1.0
    return x / length, y / length


def soft_line(points: list[Point]) -> Any:
    """The line through the points without small kinks; its ends stay."""
    xy = np.asarray(points)
    for _ in range(3):
        xy[1:-1] = 0.25 * xy[:-2] + 0.5 * xy[1:-1] + 0.25 * xy[2:]
    return shapely.simplify(shapely.linestrings(xy), 0.6)


def points_of(line: Any) -> list[Point]:
    """Points of a line in steps that `Placed` can work with."""
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(shapely.segmentize(line, STEP_M))]
