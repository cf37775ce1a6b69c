"""The land under the city: rivers that join in the valley, railway, main roads, where people settled, how streets run.

All lines are drawn by hand on the squared paper of `drawing`; the names of the rivers are invented. `Land` holds two
fields on a grid of 50 m: `density` (0 = nobody lives there, 1 = the middle of the city) and `heading` (the direction in
which streets along the valley run, in radians).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from etl.demo import drawing
from etl.demo.drawing import Floats

CELL_M: Final = 50.0
_ROWS: Final = int(drawing.HEIGHT_KM * 1000 / CELL_M)
_COLUMNS: Final = int(drawing.WIDTH_KM * 1000 / CELL_M)

# name: (half width at source and mouth in m, corners)
_RIVERS: Final = {
    "Rauhe": (26, 40, (
        (19.2, 14.6), (16.4, 14.2), (14.4, 14.3), (12.4, 14.5), (11.0, 14.2), (9.6, 14.5), (8.0, 14.3), (6.4, 13.9),
        (5.0, 14.3), (3.4, 14.3), (1.6, 15.2), (-0.2, 15.0),
    )),
    "Lanne": (14, 22, (
        (18.6, 4.6), (17.4, 6.0), (16.7, 7.5), (15.9, 8.3), (15.5, 9.4), (14.3, 9.9), (13.6, 10.9), (13.1, 11.9),
        (13.3, 13.0), (12.7, 13.7), (12.5, 14.48),
    )),
    "Wolme": (9, 18, (
        (10.9, -0.4), (10.3, 1.4), (10.4, 2.6), (9.7, 3.8), (9.9, 5.0), (10.3, 6.0), (9.7, 7.2), (9.5, 8.3), (8.9, 9.2),
        (8.75, 10.1), (8.25, 10.95), (8.3, 11.9), (8.0, 12.9), (8.25, 13.6), (8.1, 14.3),
    )),
    "Empel": (7, 13, (
        (-0.2, 8.0), (1.4, 8.6), (2.6, 9.25), (3.8, 9.15), (4.9, 9.45), (5.8, 9.5), (6.7, 10.05), (7.5, 10.7),
        (8.25, 10.95),
    )),
}  # fmt: skip

_RAILWAYS: Final = (
    ("Talbahn", (
        (-0.2, 8.9), (1.5, 9.2), (3.0, 9.6), (4.6, 9.75), (6.0, 10.15), (6.9, 10.75), (7.5, 11.2), (8.0, 11.55),
        (8.9, 12.2), (10.1, 12.75), (11.6, 13.0), (13.2, 13.3), (15.6, 13.5), (19.2, 14.0),
    )),
    ("Wolmebahn", (
        (8.0, 11.55), (8.75, 11.6), (9.3, 10.9), (9.75, 9.7), (10.0, 8.5), (10.15, 7.3), (10.6, 6.1), (10.25, 5.0),
        (10.1, 3.8), (10.8, 2.6), (10.7, 1.2), (11.3, -0.4),
    )),
    ("Lannebahn", (
        (11.6, 13.0), (12.6, 12.6), (13.5, 11.6), (14.2, 10.5), (15.1, 10.0), (16.0, 9.3), (16.4, 8.2), (17.3, 7.3),
        (18.4, 5.8), (19.2, 4.8),
    )),
    ("Nordbahn", ((8.0, 11.55), (7.4, 12.2), (6.9, 13.0), (5.8, 13.45), (4.0, 13.7), (2.0, 14.5), (-0.2, 14.3))),
)  # fmt: skip
_JOIN_M: Final = 300.0
_STATION_TRACKS_M: Final = (-24.0, -16.0, -8.0, 8.0, 16.0, 24.0)
_STATION_KM: Final = (7.72, 11.34)
_STATION_LENGTH_M: Final = 520.0

_MAIN_ROADS: Final = (
    ((-0.1, 8.5), (1.5, 8.95), (2.8, 9.45), (4.0, 9.45), (5.0, 9.75), (6.0, 9.8), (7.0, 10.25), (7.8, 10.45),
    (8.35, 10.4)),
    ((8.35, 10.4), (8.3, 9.7), (9.0, 8.6), (9.3, 7.4), (9.9, 6.2), (9.55, 5.0), (9.4, 3.8), (10.0, 2.6), (9.9, 1.2),
    (10.5, -0.2)),
    ((9.35, 10.4), (10.4, 10.6), (11.6, 10.6), (13.0, 10.4), (14.2, 10.3), (15.2, 9.5), (15.9, 8.9), (16.3, 7.8),
    (17.1, 6.3), (18.2, 5.0)),
    ((8.9, 10.95), (8.75, 11.9), (8.8, 12.9), (8.9, 13.8), (8.8, 14.9), (9.4, 15.7), (9.6, 17.0)),
    ((8.8, 12.9), (7.6, 13.2), (6.4, 13.2), (5.0, 13.0), (3.6, 13.5), (2.4, 13.3)),
    ((8.8, 12.9), (9.9, 13.3), (11.2, 13.5), (12.2, 13.2), (13.6, 12.5), (15.4, 12.2), (16.6, 11.2), (17.9, 10.8)),
    ((9.35, 10.0), (10.2, 9.3), (10.9, 8.3), (11.9, 7.2), (13.0, 6.9), (14.2, 7.1), (15.2, 7.6), (16.3, 7.8)),
    ((4.0, 9.45), (4.2, 8.5), (4.1, 7.6), (3.7, 6.9), (3.8, 5.8)),
    ((4.0, 9.45), (3.7, 10.4), (3.3, 11.4), (3.9, 12.4), (5.0, 13.0)),
    ((9.55, 5.0), (8.5, 5.3), (7.3, 5.6), (6.6, 4.8), (7.3, 3.4), (8.4, 3.3), (9.4, 3.8)),
    ((9.55, 5.0), (10.6, 4.4), (11.8, 3.7), (12.8, 3.9)),
    ((6.0, 9.8), (6.4, 9.0), (7.2, 8.7), (8.1, 8.9), (9.0, 8.6)),
)  # fmt: skip
# The ring round the old town, closed.
_RING: Final = (
    (8.35, 10.4), (8.45, 10.75), (8.9, 10.95), (9.3, 10.75), (9.4, 10.3), (9.3, 9.9), (8.9, 9.7), (8.5, 9.85),
)  # fmt: skip

# (x km, y km, radius km, density in the middle)
_SETTLEMENTS: Final = (
    (1.0, 8.7, 0.4, 0.36), (12.7, 10.5, 0.5, 0.42), (16.9, 6.5, 0.35, 0.4), (14.7, 10.0, 0.5, 0.5),
    (7.7, 13.2, 0.5, 0.42),
    (10.3, 13.5, 0.6, 0.5), (12.4, 13.2, 0.45, 0.42), (9.3, 8.4, 0.5, 0.5), (9.9, 5.0, 0.45, 0.42),
    (6.0, 9.3, 0.5, 0.6),
    (9.0, 12.4, 0.5, 0.5), (10.9, 11.0, 0.5, 0.4), (7.4, 11.9, 0.4, 0.4), (10.7, 8.3, 0.4, 0.4), (4.2, 8.6, 0.4, 0.4),
    (8.85, 10.3, 0.85, 1.0), (6.85, 9.75, 0.75, 0.95), (7.85, 10.75, 0.6, 0.95), (9.2, 11.6, 0.75, 0.75),
    (10.2, 9.9, 0.6, 0.5), (8.2, 8.9, 0.5, 0.55), (4.0, 9.5, 0.75, 0.85), (2.6, 9.3, 0.55, 0.55), (5.3, 9.8, 0.5, 0.55),
    (6.2, 13.3, 0.6, 0.6), (9.4, 13.4, 0.75, 0.65), (11.2, 13.4, 0.5, 0.5), (15.3, 9.2, 0.75, 0.8),
    (13.9, 10.6, 0.6, 0.6),
    (11.7, 10.7, 0.45, 0.5), (9.6, 7.5, 0.6, 0.7), (10.0, 6.1, 0.45, 0.55), (9.6, 3.7, 0.5, 0.5),
    (12.0, 7.1, 0.32, 0.4),
    (7.2, 5.6, 0.3, 0.38), (7.4, 3.4, 0.28, 0.36), (11.9, 3.7, 0.28, 0.36), (14.0, 7.0, 0.35, 0.42),
    (16.4, 11.3, 0.35, 0.42), (4.1, 7.6, 0.4, 0.45), (3.3, 11.4, 0.4, 0.45), (9.4, 15.7, 0.4, 0.45),
    (16.3, 7.5, 0.4, 0.5),
    (5.0, 13.1, 0.35, 0.42), (10.1, 1.9, 0.25, 0.34), (1.7, 8.9, 0.35, 0.4), (15.3, 12.3, 0.3, 0.38),
)  # fmt: skip


@dataclass(frozen=True)
class Land:
    """What was there before the houses; lines in EPSG:25832, fields indexed [row from south, column from west]."""

    rivers: dict[str, Any]
    water: Any
    railways: list[tuple[str, Any]]
    main_roads: list[Any]
    barriers: Any
    density: Floats
    heading: Floats


def shape_land(rng: np.random.Generator) -> Land:
    """Draw rivers, railway and main roads and derive where and how streets run; same generator, same land."""
    rivers = _joined_ends({name: drawing.smooth_line(corners) for name, (_, _, corners) in _RIVERS.items()})
    water = shapely.union_all([_river_bed(rivers[name], first, last) for name, (first, last, _) in _RIVERS.items()])
    railways = [(name, drawing.smooth_line(corners)) for name, corners in _RAILWAYS]
    ring = drawing.smooth_line(_RING, is_closed=True)
    roads = list(_joined_ends(dict(enumerate([ring, *map(drawing.smooth_line, _MAIN_ROADS)]))).values())
    barriers = shapely.union_all([shapely.buffer(water, 14), *(shapely.buffer(line, 17) for _, line in railways)])
    centres = _cell_centres()
    density = _density(centres, rng)
    density[shapely.contains_xy(barriers, centres[..., 0], centres[..., 1])] = 0.0
    # The ring is left out: round a closed line the field would wind like a fingerprint.
    heading = _heading(centres, [*rivers.values(), *roads[1:]], rng)
    return Land(rivers, water, railways + _station_tracks(railways), roads, barriers, density, heading)


def sample(grid: Floats, xy: Floats) -> Floats:
    """Value of the grid cell in which each point lies; points outside take the nearest cell."""
    index = ((xy - drawing.ORIGIN_M) / CELL_M).astype(int)
    rows = np.clip(index[..., 1], 0, grid.shape[0] - 1)
    columns = np.clip(index[..., 0], 0, grid.shape[1] - 1)
    return np.asarray(grid[rows, columns])


def cell_of(x: float, y: float) -> tuple[int, int]:
    """Row and column of the cell in which a point lies; points outside take the nearest cell."""
    row, column = int((y - drawing.ORIGIN_M[1]) // CELL_M), int((x - drawing.ORIGIN_M[0]) // CELL_M)
    return min(max(row, 0), _ROWS - 1), min(max(column, 0), _COLUMNS - 1)


def built_up_points(land: Land, density: float, rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    """Middles of randomly chosen cells with more than that density."""
    cells = np.argwhere(land.density > density)
    chosen = cells[rng.permutation(len(cells))[:count]]
    return [
        (drawing.ORIGIN_M[0] + (c + 0.5) * CELL_M, drawing.ORIGIN_M[1] + (r + 0.5) * CELL_M) for r, c in chosen.tolist()
    ]


def _joined_ends(lines: dict[Any, Any]) -> dict[Any, Any]:
    """The lines, each end moved onto an earlier line that lies within 300 m: tributaries and side roads join."""
    joined: dict[Any, Any] = {}
    for name, line in lines.items():
        others = shapely.union_all(list(joined.values()))
        corners = shapely.get_coordinates(line)
        for end in (0, -1):
            tip = shapely.points(corners[end])
            if joined and shapely.distance(tip, others) < _JOIN_M:
                corners[end] = shapely.get_coordinates(shapely.shortest_line(tip, others))[1]
        joined[name] = shapely.linestrings(corners)
    return joined


def _river_bed(line: Any, half_width_source_m: float, half_width_mouth_m: float) -> Any:
    """The water surface: a river widens from its source to its mouth."""
    pieces = shapely.linestrings(_pairs(shapely.get_coordinates(shapely.segmentize(line, 120.0))))
    widths = np.linspace(half_width_source_m, half_width_mouth_m, len(pieces))
    return shapely.simplify(shapely.union_all(shapely.buffer(pieces, widths, quad_segs=4)), 1.5)


def _pairs(coordinates: Floats) -> Floats:
    return np.stack([coordinates[:-1], coordinates[1:]], axis=1)


def _station_tracks(railways: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Parallel tracks of the main station, which make it readable on the map."""
    valley_line = railways[0][1]
    middle = shapely.line_locate_point(valley_line, shapely.points(drawing.to_metres([_STATION_KM])[0]))
    at = middle + np.linspace(-_STATION_LENGTH_M, _STATION_LENGTH_M, 24)
    platform = shapely.linestrings(shapely.get_coordinates(shapely.line_interpolate_point(valley_line, at)))
    return [("Hauptbahnhof", shapely.offset_curve(platform, offset)) for offset in _STATION_TRACKS_M]


def _cell_centres() -> Floats:
    east = np.arange(CELL_M / 2, drawing.WIDTH_KM * 1000, CELL_M) + drawing.ORIGIN_M[0]
    north = np.arange(CELL_M / 2, drawing.HEIGHT_KM * 1000, CELL_M) + drawing.ORIGIN_M[1]
    return np.stack(np.meshgrid(east, north), axis=-1)


def _density(centres: Floats, rng: np.random.Generator) -> Floats:
    """Overlapping settlements; noise frays their edges."""
    empty = np.ones(centres.shape[:2])
    for x_km, y_km, radius_km, peak in _SETTLEMENTS:
        distance = np.linalg.norm(centres - drawing.to_metres([(x_km, y_km)])[0], axis=-1)
        empty *= 1 - peak * np.exp(-((distance / (1000 * radius_km)) ** 2))
    return np.asarray(np.clip((1 - empty) * (1 + 0.35 * smooth_noise(centres, rng, 650.0)), 0, 1))


def _heading(centres: Floats, lines: list[Any], rng: np.random.Generator) -> Floats:
    """Direction of the valley: the near lines' tangents, averaged as double angles so that both ways count as one."""
    starts, doubles = _tangents(lines)
    flat = centres.reshape(-1, 2)
    cosines, sines = np.zeros(len(flat)), np.zeros(len(flat))
    for (x, y), (cosine, sine) in zip(starts, doubles, strict=True):
        weight = 1.0 / (((flat[:, 0] - x) ** 2 + (flat[:, 1] - y) ** 2) / 250.0**2 + 0.05) ** 1.5
        cosines += weight * cosine
        sines += weight * sine
    turned = 0.30 * smooth_noise(centres, rng, 900.0)
    return np.asarray(0.5 * np.arctan2(sines, cosines).reshape(centres.shape[:2]) + turned)


def _tangents(lines: list[Any]) -> tuple[Floats, Floats]:
    pairs = np.concatenate(
        [_pairs(shapely.get_coordinates(shapely.segmentize(shapely.simplify(line, 5), 250.0))) for line in lines]
    )
    delta = pairs[:, 1] - pairs[:, 0]
    doubled = 2 * np.arctan2(delta[:, 1], delta[:, 0])
    return pairs.mean(axis=1), np.stack([np.cos(doubled), np.sin(doubled)], axis=1)


def smooth_noise(centres: Floats, rng: np.random.Generator, length_m: float) -> Floats:
    """Noise between about -1 and 1 without a lattice: twelve waves in random directions."""
    total = np.zeros(centres.shape[:-1])
    for _ in range(12):
        angle, phase = rng.uniform(0, 2 * np.pi, 2)
        turn = 2 * np.pi / (length_m * rng.uniform(0.6, 2.2))
        total += np.sin(turn * (np.cos(angle) * centres[..., 0] + np.sin(angle) * centres[..., 1]) + phase)
    return np.asarray(total / np.sqrt(12 / 2) / 1.6)
