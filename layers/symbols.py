"""The symbols of the map: shape and colour together, drawn once and used as sprite on the map and as SVG in the legend.

Every symbol differs from its neighbours in shape, so that it survives colour-blindness and a black-and-white print; the
colours come from a palette that the common kinds of colour-blindness keep apart. Names hold an underscore: Plotly asks
a third party for any other name that the sprite lacks. Shapes are in a square from -1 to 1, y pointing down.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from typing import Any, Final

import numpy as np
import shapely

from layers.base import Theme

INK: Final = "#1b2430"
PAPER: Final = "#ffffff"
# The edge that lifts a symbol off the map: paper on a light map, on a dark one a white edge would glare.
_EDGE_COLOUR: Final[Mapping[Theme, str]] = {"light": PAPER, "dark": "#0b0f14"}
_PICKED_COLOUR: Final[Mapping[Theme, str]] = {"light": "#0b0f14", "dark": "#ffffff"}
SIZE_PX: Final = 26
# Of the half side of a symbol: how far the shape reaches, its dark line and the light edge that lifts it off the map.
_REACH: Final = 0.66
_LINE: Final = 0.12
_EDGE: Final = 0.12
_SUBSAMPLES: Final = 4
_ARC: Final = 8  # points to a quarter of a circle: smooth at this size


@dataclass(frozen=True)
class Symbol:
    """A shape with its fill; `is_ring` leaves the middle open, so that another symbol can stand in it."""

    shape: str
    fill: str
    is_ring: bool = False


SYMBOLS: Final[dict[str, Symbol]] = {
    "state_hint": Symbol("circle", PAPER),
    "state_clarified": Symbol("circle", "#2f6db3"),
    "state_procedure": Symbol("triangle", "#8d4a8f"),
    "state_works": Symbol("square", "#f0902f"),
    "state_aftercare": Symbol("diamond", "#4fc9a8"),
    "state_closed": Symbol("cross", "#87919c"),
    "assessment_red": Symbol("diamond", "#b4202d"),
    "assessment_yellow": Symbol("triangle", "#f5bd1f"),
    "assessment_green": Symbol("circle", "#3f9d63"),
    "assessment_none": Symbol("bar", "#c3c8cf"),
    "due_overdue": Symbol("ring", "#d6303f", is_ring=True),
    "due_soon": Symbol("dashes", "#3a8fd0", is_ring=True),
    "demolition_preparing": Symbol("house", PAPER),
    "demolition_approvals": Symbol("hexagon", "#2f6db3"),
    "demolition_site_works": Symbol("wedge", "#f0902f"),
    "demolition_demolished": Symbol("square", "#4fc9a8"),
    "demolition_given_up": Symbol("plus", "#c3c8cf"),
    "picked_ring": Symbol("halo", "#0b0f14", is_ring=True),
}


def svg(name: str) -> str:
    """The symbol as an SVG document of 26 pixels, for a legend."""
    paths = "".join(
        f'<path fill="{colour}" fill-rule="evenodd" d="{_path(geometry)}"/>'
        for geometry, colour in _parts(SYMBOLS[name], "light")
    )
    size = f'width="{SIZE_PX}" height="{SIZE_PX}" viewBox="-1 -1 2 2"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paths}</svg>'


@cache
def sprite_index(scale: int) -> bytes:
    """Where which symbol stands in the sprite (MapLibre's format); `scale` is 1 or 2 pixels to a point."""
    side = SIZE_PX * scale
    entries = {
        name: {"x": i * side, "y": 0, "width": side, "height": side, "pixelRatio": scale}
        for i, name in enumerate(SYMBOLS)
    }
    return json.dumps(entries).encode()


@cache
def sprite_png(theme: Theme, scale: int) -> bytes:
    """All symbols side by side as a PNG with transparency."""
    drawn = [_raster(_parts(symbol, theme), SIZE_PX * scale) for symbol in SYMBOLS.values()]
    return _png(np.concatenate(drawn, axis=1))


# --- shapes -----------------------------------------------------------------------------------------------------------


def _shape(name: str) -> shapely.Geometry:
    """The outline of a shape; sizes differ so that shapes look equally large."""
    match name:
        case "circle":
            return _disc(_REACH * 0.86)
        case "square":
            return shapely.box(-0.5, -0.5, 0.5, 0.5)
        case "diamond":
            return _regular(4, _REACH)
        case "triangle":
            return shapely.Polygon([(0, -0.66), (0.64, 0.46), (-0.64, 0.46)])
        case "cross":
            arms = shapely.union_all([shapely.box(-0.17, -0.66, 0.17, 0.66), shapely.box(-0.66, -0.17, 0.66, 0.17)])
            return shapely.transform(arms, lambda points: points @ np.array([[1, 1], [-1, 1]]) / 2**0.5)
        case "plus":
            return shapely.union_all([shapely.box(-0.19, -0.66, 0.19, 0.66), shapely.box(-0.66, -0.19, 0.66, 0.19)])
        case "house":
            return shapely.Polygon([(0, -0.68), (0.58, -0.16), (0.58, 0.54), (-0.58, 0.54), (-0.58, -0.16)])
        case "hexagon":
            return _regular(6, _REACH)
        case "wedge":
            return shapely.Polygon([(-0.6, -0.56), (0.6, -0.56), (0, 0.62)])
        case "bar":
            return shapely.box(-0.6, -0.22, 0.6, 0.22)
        case "ring":
            return _disc(0.98).difference(_disc(0.8))
        case "halo":
            return _disc(1).difference(_disc(0.76))
        case "dashes":
            gaps = shapely.union_all([shapely.box(-1, -0.16, 1, 0.16), shapely.box(-0.16, -1, 0.16, 1)])
            return _shape("ring").difference(gaps)
    raise ValueError(f"There is no shape {name!r}.")


def _disc(radius: float) -> shapely.Geometry:
    return shapely.Point(0, 0).buffer(radius, quad_segs=_ARC)


def _regular(corners: int, radius: float) -> shapely.Geometry:
    angles = [2 * pi * i / corners - pi / 2 for i in range(corners)]
    return shapely.Polygon([(radius * cos(angle), radius * sin(angle)) for angle in angles])


def _parts(symbol: Symbol, theme: Theme) -> list[tuple[shapely.Geometry, str]]:
    """What is painted over one another, the lowest first."""
    shape = _shape(symbol.shape)
    if symbol.is_ring:
        return [(shape, _PICKED_COLOUR[theme] if symbol.shape == "halo" else symbol.fill)]
    # The join is a miter: a rounded triangle would look like a circle at this size.
    line = shape.buffer(_LINE, join_style="mitre", mitre_limit=1.6)
    edge = line.buffer(_EDGE, join_style="round", quad_segs=_ARC)
    return [(edge, _EDGE_COLOUR[theme]), (line, INK), (shape, symbol.fill)]


def _path(geometry: shapely.Geometry) -> str:
    rings = [ring for polygon in shapely.get_parts(geometry) for ring in (polygon.exterior, *polygon.interiors)]
    return "".join("M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings)


# --- pixels -----------------------------------------------------------------------------------------------------------


def _raster(parts: list[tuple[shapely.Geometry, str]], side: int) -> Any:
    """RGBA pixels of a symbol's parts, each averaged over 4 x 4 points, so that edges are smooth."""
    steps = (np.arange(side * _SUBSAMPLES) + 0.5) / (side * _SUBSAMPLES) * 2 - 1
    x, y = np.meshgrid(steps, steps)
    pixels = np.zeros((side, side, 4))
    for geometry, colour in parts:
        inside = shapely.contains_xy(geometry, x, y).reshape(side, _SUBSAMPLES, side, _SUBSAMPLES)
        share = inside.mean(axis=(1, 3))[..., None]
        painted = np.array([*bytes.fromhex(colour[1:]), 255.0])
        # Premultiplied while painting, so that a light edge does not darken where it fades out.
        pixels = pixels * (1 - share) + painted * share
    alpha = np.clip(pixels[..., 3:], 1, None) / 255
    pixels[..., :3] = np.where(pixels[..., 3:] > 0, pixels[..., :3] / alpha, 0)
    return np.clip(pixels.round(), 0, 255).astype(np.uint8)


def _png(pixels: Any) -> bytes:
    height, width, _ = pixels.shape
    rows = b"".join(b"\x00" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
