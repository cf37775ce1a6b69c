"""From the columns of the map's layers to what the handout draws: styled GeoJSON, symbols, names.

The columns are those that the browser turns into Plotly traces (`layers.base`); the templates say what each is. A
choropleth becomes polygons with a style of their own, markers with symbols become pictures with words, text becomes
names. Coordinates are longitude and latitude (EPSG:4326).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from urllib.parse import quote

from geodata.shapes import BackdropPart
from layers.base import GEOMETRY, Columns, Trace
from layers.symbols import svg

Feature = dict[str, Any]
Call = tuple[str, dict[str, Any]]

_SYMBOL_PX: Final = 22
# Leaflet counts zoom in tiles of 256 pixels, the map of the page in tiles of 512.
_LEAFLET_ZOOM_MORE: Final = 1
_BACKDROP: Final[Mapping[str, Mapping[str, Any]]] = {
    "green": {"stroke": False, "fillColor": "#d9e8cf", "fillOpacity": 1},
    "water": {"color": "#b5d2e4", "weight": 4, "fillColor": "#b5d2e4", "fillOpacity": 1},
    "railway": {"color": "#a9a49c", "weight": 2, "dashArray": "6 4", "fill": False},
    "street": {"color": "#ddd6ca", "weight": 1, "fill": False},
    "main": {"color": "#cfc6b6", "weight": 2.4, "fill": False},
}


_GROUND: Final = frozenset({"green", "water"})
# The swatches of the legend as the page draws them in its light theme; a file has no stylesheet of the page.
SWATCHES: Final[Mapping[str, str]] = {
    "area-line": "height:0;border-top:2px solid #3c485a",
    "area-ramp": "background:linear-gradient(90deg,#fff,rgb(88 104 128 / 45%));border:1px solid #d3dae1",
    "focus-line": "border:3px solid #0f768c;background:rgb(15 118 140 / 12%)",
    "street": "height:0;border-top:3px solid #cfc6b6",
    "green": "background:#d9e8cf;border:1px solid #b9d0aa",
    "water": "background:#b5d2e4",
    "railway": "height:0;border-top:2px dashed #a9a49c",
}

# What the map shows close in only; a file would carry every house of the city.
NOT_DRAWN: Final = frozenset({"building"})


@dataclass(frozen=True)
class DrawnLayer:
    """What one layer draws: its templates in their order, their columns, and the outlines that columns refer to."""

    templates: Mapping[str, Trace]
    columns: Mapping[str, Columns]
    geometry: Mapping[str, Any] | None = None


def picture(symbol: str) -> str:
    """A symbol of the map as an address that asks nobody."""
    return "data:image/svg+xml," + quote(svg(symbol))


def outlines(layers: Sequence[DrawnLayer], backdrop: Sequence[BackdropPart]) -> Iterator[list[Feature]]:
    """Groups of styled features, the lowest first: ground, shades of areas, ways, then lines and hexagons."""
    drawn = [
        (trace.get("below"), features)
        for layer in layers
        for name, trace in layer.templates.items()
        if trace["type"] == "choroplethmap" and (features := _polygons(trace, layer.columns.get(name), layer.geometry))
    ]
    ground = [_backdrop_feature(part) for part in backdrop if part.kind in _GROUND]
    ways = [_backdrop_feature(part) for part in sorted(backdrop, key=_depth) if part.kind not in _GROUND]
    shades = [features for below, features in drawn if below == "anchor_fill"]
    rest = [features for below, features in drawn if below != "anchor_fill"]
    yield from (features for features in (ground, *shades, ways, *rest) if features)


def symbols(layers: Sequence[DrawnLayer]) -> Iterator[Call]:
    """Calls that put the symbols of a trace on the map, with the words of the points that lie in the same place."""
    for layer in layers:
        for name, trace in layer.templates.items():
            columns = layer.columns.get(name)
            if columns and "marker.symbol" in columns:
                yield "qmSymbols", _symbol_data(trace, columns, _words_at(layer, columns))


def labels(layers: Sequence[DrawnLayer]) -> Iterator[Call]:
    """Calls that write the names and counts of a trace, the most important first."""
    for layer in reversed(layers):
        for name, trace in layer.templates.items():
            columns = layer.columns.get(name)
            if columns and trace.get("mode") == "text":
                yield (
                    "qmLabels",
                    {
                        "lat": list(columns["lat"]),
                        "lon": list(columns["lon"]),
                        "text": list(columns["text"]),
                        "size": trace["textfont"]["size"],
                        "from": trace.get("meta", {}).get("minzoom", 0) + _LEAFLET_ZOOM_MORE,
                    },
                )


def rgba(colour: str) -> tuple[float, float, float, float]:
    """Red, green, blue (0 to 255) and opacity of `rgba(...)`, `rgb(...)` or `#rrggbb`."""
    if colour.startswith("#"):
        red, green, blue = bytes.fromhex(colour[1:7])
        return float(red), float(green), float(blue), 1.0
    numbers = [float(number) for number in re.findall(r"[\d.]+", colour)]
    return numbers[0], numbers[1], numbers[2], numbers[3] if len(numbers) > 3 else 1.0


def shade(scale: Sequence[Sequence[Any]], share: float) -> tuple[str, float]:
    """Colour (`rgb(...)`) and opacity at a share from 0 to 1 of a scale that runs from its first to its last colour."""
    first, last = rgba(scale[0][1]), rgba(scale[-1][1])
    red, green, blue, opacity = (low + (high - low) * share for low, high in zip(first, last, strict=True))
    return f"rgb({red:.0f},{green:.0f},{blue:.0f})", round(opacity, 3)


# --- outlines ---------------------------------------------------------------------------------------------------------


def _polygons(trace: Trace, columns: Columns | None, geometry: Mapping[str, Any] | None) -> list[Feature]:
    if not columns:
        return []
    collection = geometry if columns["geojson"] == GEOMETRY else columns["geojson"]
    shapes = {feature["id"]: feature["geometry"] for feature in (collection or {}).get("features", [])}
    most = columns.get("zmax") or 1
    return [
        _styled(shapes[key], _style(trace, value / most))
        for key, value in zip(columns["locations"], columns["z"], strict=True)
        if key in shapes
    ]


def _style(trace: Trace, share: float) -> dict[str, Any]:
    fill, opacity = shade(trace["colorscale"], share)
    line = trace.get("marker", {}).get("line", {})
    width = line.get("width", 0)
    style: dict[str, Any] = {"fillColor": fill, "fillOpacity": opacity, "fill": opacity > 0, "stroke": width > 0}
    if width > 0:
        red, green, blue, line_opacity = rgba(line["color"])
        style |= {"color": f"rgb({red:.0f},{green:.0f},{blue:.0f})", "opacity": line_opacity, "weight": width}
    return style


def _styled(geometry: Mapping[str, Any], style: Mapping[str, Any]) -> Feature:
    # folium reads the style of a feature from this property, so that no function has to be written into the file.
    return {"type": "Feature", "properties": {"style": dict(style)}, "geometry": geometry}


def _backdrop_feature(part: BackdropPart) -> Feature:
    return _styled(part.geometry, _BACKDROP["main" if part.is_main else part.kind])


def _depth(part: BackdropPart) -> int:
    return list(_BACKDROP).index("main" if part.is_main else part.kind)


# --- symbols ----------------------------------------------------------------------------------------------------------


def _words_at(layer: DrawnLayer, columns: Columns) -> Sequence[str] | None:
    """The words of the points of a layer that lie where the symbols lie."""
    for found in layer.columns.values():
        if "customdata" in found and "text" in found and list(found["lon"]) == list(columns["lon"]):
            words: Sequence[str] = found["text"]
            return words
    return None


def _symbol_data(trace: Trace, columns: Columns, words: Sequence[str] | None) -> dict[str, Any]:
    names = list(dict.fromkeys(columns["marker.symbol"]))
    natural = trace.get("marker", {}).get("size", 10) / 10
    return {
        "lat": list(columns["lat"]),
        "lon": list(columns["lon"]),
        "picture": [names.index(name) for name in columns["marker.symbol"]],
        "pictures": [picture(name) for name in names],
        "size": round(_SYMBOL_PX * natural),
        "text": list(words) if words else None,
        "alt": [unescape(re.sub(r"<[^>]+>", " ", text.partition("<br>")[0])).strip() for text in words or ()],
    }
