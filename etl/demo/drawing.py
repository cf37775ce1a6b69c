"""The pencil: how points drawn by hand in kilometres become lines and outlines in EPSG:25832.

Every coordinate of the demonstration city was made up by hand on squared paper, x to the east and y to the north of
ORIGIN_M. Nothing is derived from a real map.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Points = Sequence[tuple[float, float]]

ORIGIN_M: Final = (384_900.0, 5_682_300.0)
WIDTH_KM: Final = 19.0
HEIGHT_KM: Final = 17.5

# Three long waves that bend every border a little: (amplitude in m, length in m, phase).
_WAVES: Final = ((95.0, 2900.0, 0.4), (55.0, 1300.0, 2.1), (22.0, 520.0, 4.0))


def to_metres(points_km: Points) -> Floats:
    """Points on the squared paper as EPSG:25832."""
    return np.asarray(points_km, dtype=float) * 1000.0 + ORIGIN_M


def smooth_line(points_km: Points, *, is_closed: bool = False, rounds: int = 4) -> Any:
    """A line in metres through hand-drawn corners, rounded by cutting corners (Chaikin); open ends stay."""
    corners = to_metres(points_km)
    for _ in range(rounds):
        corners = _cut_corners(corners, is_closed=is_closed)
    if is_closed:
        corners = np.vstack([corners, corners[:1]])
    return shapely.linestrings(corners)


def _cut_corners(corners: Floats, *, is_closed: bool) -> Floats:
    following = np.roll(corners, -1, axis=0)
    cut = np.stack([0.75 * corners + 0.25 * following, 0.25 * corners + 0.75 * following], axis=1)
    if is_closed:
        return cut.reshape(-1, 2)
    return np.vstack([corners[:1], cut[:-1].reshape(-1, 2), corners[-1:]])


def bend(geometry: Any) -> Any:
    """Bend straight borders into natural ones.

    The same smooth displacement applies to every point of the plane, so outlines that touched before touch afterwards:
    neighbours are left without gap and without overlap.
    """
    return shapely.transform(geometry, _displace)


def _displace(xy: Floats) -> Floats:
    moved = xy.copy()
    for amplitude_m, length_m, phase in _WAVES:
        turn = 2 * np.pi / length_m
        moved[:, 0] += amplitude_m * np.sin(turn * (xy[:, 1] + 0.31 * xy[:, 0]) + phase)
        moved[:, 1] += amplitude_m * np.sin(turn * (xy[:, 0] - 0.23 * xy[:, 1]) + phase + 1.3)
    return moved


def faces_of(lines: Any) -> list[Any]:
    """The faces between crossing lines; each border is shared exactly by its two faces."""
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.node(shapely.union_all(lines))))))
