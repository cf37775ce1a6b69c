"""The map of a round as one drawing (SVG): the city as a quiet ground, the objects as numbers, the way as a line.

It asks nobody for anything and runs no script, so that the page, the run sheet and paper show the same. Coordinates are
longitude and latitude (EPSG:4326), drawn as a plane: over a few kilometres nobody sees the difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, log10, radians
from typing import Any, Final

from geodata.selection import Box
from geodata.shapes import BackdropPart

WIDTH, HEIGHT = 480, 307
_METRES_PER_DEGREE: Final = 111_320
_MARGIN_M, _LEAST_M = 180, 700
_PIN: Final = 12
_FONTS: Final = "Liberation Sans, DejaVu Sans, Libertinus Serif, sans-serif"
_GROUND: Final[Mapping[str, str]] = {"green": 'fill="#d9e8cf"', "water": 'fill="#b5d2e4" stroke="#b5d2e4"'}
_WAYS: Final[Mapping[str, str]] = {
    "water": 'fill="none" stroke="#b5d2e4" stroke-width="4"',
    "railway": 'fill="none" stroke="#a9a49c" stroke-width="2" stroke-dasharray="6 3"',
    "street": 'fill="none" stroke="#d8d0c2" stroke-width="2.2"',
    "main": 'fill="none" stroke="#c4b8a4" stroke-width="4.2"',
}
_DEPTH: Final = ("green", "water", "railway", "street", "main")
Position = tuple[float, float]  # longitude and latitude
Dot = tuple[float, float]  # units of the drawing


@dataclass(frozen=True)
class Stop:
    """One object of a round: its number in the order, and where it lies."""

    number: int
    position: Position


@dataclass(frozen=True)
class Frame:
    """The part of the world that is drawn, and how a place of it becomes one of the drawing."""

    west: float
    north: float
    degrees_east: float
    degrees_north: float

    @property
    def box(self) -> Box:
        """West, south, east, north in degrees."""
        return self.west, self.north - self.degrees_north, self.west + self.degrees_east, self.north

    @property
    def metres_wide(self) -> float:
        """Width of the drawing in metres."""
        return self.degrees_east * _metres_east(self.north - self.degrees_north / 2)

    def dot(self, position: Position) -> Dot:
        """A place in the drawing."""
        return (
            round((position[0] - self.west) / self.degrees_east * WIDTH, 1),
            round((self.north - position[1]) / self.degrees_north * HEIGHT, 1),
        )


def frame_of(positions: Sequence[Position]) -> Frame | None:
    """The window round some places, in the shape of the drawing; None without a place."""
    if not positions:
        return None
    lons, lats = [one[0] for one in positions], [one[1] for one in positions]
    middle = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    east_m = max((max(lons) - min(lons)) * _metres_east(middle[1]) + 2 * _MARGIN_M, _LEAST_M)
    north_m = max((max(lats) - min(lats)) * _METRES_PER_DEGREE + 2 * _MARGIN_M, _LEAST_M * HEIGHT / WIDTH)
    east_m, north_m = max(east_m, north_m * WIDTH / HEIGHT), max(north_m, east_m * HEIGHT / WIDTH)
    wide, high = east_m / _metres_east(middle[1]), north_m / _METRES_PER_DEGREE
    return Frame(middle[0] - wide / 2, middle[1] + high / 2, wide, high)


def draw(frame: Frame, stops: Sequence[Stop], start: Position | None, backdrop: Sequence[BackdropPart]) -> str:
    """The drawing; a stop that lies on another one is moved beside it, so that both numbers can be read."""
    dots = _apart([frame.dot(one.position) for one in stops])
    begin = None if start is None else frame.dot(start)
    way = [*([begin] if begin else []), *dots]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' font-family="{_FONTS}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f4f2ed"/>',
        '<g stroke-linecap="round" stroke-linejoin="round">',
        *_ground(frame, backdrop),
        "</g>",
        # Under the numbers, which may lie in its corner.
        *_scale(frame),
        f'<path d="{_line(way)}" fill="none" stroke="#1f5f8b" stroke-width="2.5" stroke-dasharray="3 6"'
        ' stroke-linecap="round"/>',
        *([_start(begin)] if begin else []),
        *(_pin(one.number, dot) for one, dot in zip(stops, dots, strict=True)),
        "</svg>",
    ]
    return "".join(parts)


def _metres_east(latitude: float) -> float:
    return _METRES_PER_DEGREE * cos(radians(latitude))


def _apart(dots: Sequence[Dot]) -> list[Dot]:
    placed: list[Dot] = []
    for x, y in dots:
        while any(abs(x - other[0]) < _PIN and abs(y - other[1]) < _PIN for other in placed):
            x += 2 * _PIN
        placed.append((x, y))
    return placed


def _ground(frame: Frame, backdrop: Sequence[BackdropPart]) -> Iterator[str]:
    named = [("main" if one.is_main and one.kind == "street" else one.kind, one.geometry) for one in backdrop]
    for kind in _DEPTH:
        for name, geometry in named:
            if name == kind:
                yield from _shapes(frame, kind, geometry)


def _shapes(frame: Frame, kind: str, geometry: Mapping[str, Any]) -> Iterator[str]:
    if geometry["type"] == "GeometryCollection":
        for one in geometry["geometries"]:
            yield from _shapes(frame, kind, one)
        return
    is_area = "Polygon" in geometry["type"]
    style = _GROUND.get(kind) if is_area else _WAYS.get(kind)
    lines = _lines(geometry["coordinates"])
    path = " ".join(_line([frame.dot((one[0], one[1])) for one in line]) + ("Z" if is_area else "") for line in lines)
    if style and path:
        yield f'<path d="{path}" {style} fill-rule="evenodd"/>'


def _lines(coordinates: Any) -> list[Any]:
    """The lines or rings of a geometry, however deep they stand."""
    if not coordinates or not isinstance(coordinates[0], list):
        return []
    if isinstance(coordinates[0][0], int | float):
        return [coordinates]
    return [line for part in coordinates for line in _lines(part)]


def _line(dots: Sequence[Dot]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in dots) if dots else ""


def _pin(number: int, dot: Dot) -> str:
    x, y = dot
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{_PIN}" fill="#1f5f8b" stroke="#ffffff" stroke-width="2.5"/>'
        f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle" font-size="14" font-weight="700" fill="#ffffff">'
        f"{number}</text>"
    )


def _start(dot: Dot) -> str:
    x, y = dot
    corners = f"{x:g},{y - 11:g} {x + 11:g},{y:g} {x:g},{y + 11:g} {x - 11:g},{y:g}"
    return f'<polygon points="{corners}" fill="#ffffff" stroke="#1a2128" stroke-width="2.5"/>'


def _scale(frame: Frame) -> Iterator[str]:
    """A bar of a round length, about a fifth of the drawing, and which way north is."""
    wanted = frame.metres_wide / 5
    size = 10 ** (ceil(log10(wanted)) - 1)
    length_m = max(size * factor for factor in (1, 2, 5) if size * factor <= wanted)
    end = 16 + length_m / frame.metres_wide * WIDTH
    words = f"{length_m} m" if length_m < 1_000 else f"{length_m // 1_000} km"
    y = HEIGHT - 16
    yield f'<rect x="8" y="{y - 24}" width="{end + 8:g}" height="34" fill="#ffffff" fill-opacity="0.85"/>'
    yield f'<path d="M16 {y - 5}V{y}H{end:g}V{y - 5}" fill="none" stroke="#1a2128" stroke-width="2"/>'
    yield f'<text x="{(16 + end) / 2:g}" y="{y - 8}" text-anchor="middle" font-size="12" fill="#1a2128">{words}</text>'
    yield f'<path d="M{WIDTH - 20} 12l7 20-7-5-7 5Z" fill="#1a2128"/>'
    yield f'<text x="{WIDTH - 20}" y="46" text-anchor="middle" font-size="12" fill="#1a2128">N</text>'
