"""The style of the background map (MapLibre), light and dark: quiet, so that the symbols carry the message.

It refers to no other host: tiles and sprite come from this server, names are drawn with the fonts of the computer (a
style without `glyphs`). URLs start with ORIGIN, which the browser replaces, because MapLibre's worker knows no page to
which a path could be relative. Anchors draw nothing; each trace is put below one of its own, with or without the
background: of traces that share one, Plotly takes all off the map and puts them back whenever one changes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layers.base import Theme

ORIGIN: Final = "{origin}"
# Where a trace can lie: over the ground, over streets and buildings, over the names of streets, over everything.
PLACES: Final = ("anchor_fill", "anchor_lines", "anchor_names", "anchor_top")
FONT: Final = ["Medium"]

_COLOURS: Final[Mapping[Theme, Mapping[str, str]]] = {
    "light": {
        "land": "#f4f2ed",
        "block": "#ebe7df",
        "green": "#d9e8cf",
        "water": "#b5d2e4",
        "water_name": "#3d6f8f",
        "railway": "#a9a49c",
        "railway_gap": "#f4f2ed",
        "building": "#d9d1c4",
        "building_edge": "#c3b9a9",
        "casing": "#cfc8bc",
        "street": "#ffffff",
        "name": "#565b63",
        "halo": "#ffffff",
    },
    "dark": {
        "land": "#161a20",
        "block": "#1c2129",
        "green": "#1a2a22",
        "water": "#15384c",
        "water_name": "#7fb4d3",
        "railway": "#56606d",
        "railway_gap": "#161a20",
        "building": "#2a313b",
        "building_edge": "#39424e",
        "casing": "#0e1116",
        "street": "#3b4451",
        "name": "#a5b0bd",
        "halo": "#0e1116",
    },
}


def anchor(place: str, trace: str) -> str:
    """Name of the anchor of one trace at one of the places."""
    return f"{place}_{trace}"


def base_style(
    theme: Theme, layers: Sequence[Mapping[str, Any]], basemap: Mapping[str, Any] | None, anchors: Sequence[str]
) -> dict[str, Any]:
    """A whole style: land, an optional raster base map, the layers of the background, and the anchors between them."""
    sources: dict[str, Any] = {
        "context": {
            "type": "vector",
            "tiles": [f"{ORIGIN}layers/context/tiles/{{z}}/{{x}}/{{y}}"],
            "minzoom": 8,
            "maxzoom": 16,
        }
    }
    land = {"id": "land", "type": "background", "paint": {"background-color": _COLOURS[theme]["land"]}}
    under: list[Mapping[str, Any]] = [land]
    if basemap:
        sources["basemap"] = basemap
        under.append({"id": "basemap", "type": "raster", "source": "basemap"})
    return {
        "version": 8,
        "id": f"quartiermonitor-{theme}",
        "sprite": f"{ORIGIN}layers/sprite-{theme}",
        "sources": sources,
        "layers": _with_anchors([*under, *layers], anchors),
    }


def raster_source(url: str, attribution: str | None) -> dict[str, Any]:
    """A raster base map as a source of the style; `url` holds {z}, {x} and {y}."""
    return {"type": "raster", "tiles": [url], "tileSize": 256, "attribution": attribution or ""}


def context_style(theme: Theme) -> list[dict[str, Any]]:
    """Layers of the background in the order of drawing: ground, water, railway, streets, buildings, names."""
    colour = _COLOURS[theme]
    return [
        _fill("block", colour["block"], part="ground"),
        _fill("green", colour["green"], part="ground"),
        _fill("water", colour["water"], part="ground"),
        _line("water", colour["water"], {8: 1.5, 12: 5, 16: 22}, part="ground"),
        _buildings(colour),
        _line("railway", colour["railway"], {9: 0.8, 13: 2, 16: 5}, part="ways"),
        _line("railway", colour["railway_gap"], {12: 0, 13: 1, 16: 3}, part="ways", suffix="_gap", dash=[3, 3]),
        _line("street", colour["casing"], {10: 0, 12: 1.6, 14: 4.2, 16: 13, 18: 34}, part="ways", suffix="_casing"),
        _line("street", colour["street"], {10: 0.6, 12: 1, 14: 3, 16: 11, 18: 31}, part="ways"),
        *_names(colour),
    ]


def _with_anchors(layers: Sequence[Mapping[str, Any]], anchors: Sequence[str]) -> list[Mapping[str, Any]]:
    """Anchors stand after the ground, after the ways and after the names, each group in the order of drawing."""
    ground = [layer for layer in layers if layer.get("metadata", {}).get("part") not in ("ways", "names")]
    ways = [layer for layer in layers if layer.get("metadata", {}).get("part") == "ways"]
    names = [layer for layer in layers if layer.get("metadata", {}).get("part") == "names"]
    fill, lines, over_names, top = (
        [
            {"id": name, "type": "background", "layout": {"visibility": "none"}}
            for name in anchors
            if name.startswith(f"{place}_")
        ]
        for place in PLACES
    )
    return [*ground, *fill, *ways, *lines, *names, *over_names, *top]


def _buildings(colour: Mapping[str, str]) -> dict[str, Any]:
    drawn = _fill("building", colour["building"], part="ways")
    # They fade in: at once, a whole quarter would darken from one zoom to the next.
    drawn["paint"] |= {
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 14, 0.6, 15.5, 1],
        "fill-outline-color": colour["building_edge"],
    }
    return drawn | {"minzoom": 14}


def _names(colour: Mapping[str, str]) -> list[dict[str, Any]]:
    def named(source: str, text_colour: str, sizes: Mapping[int, float], minzoom: float) -> dict[str, Any]:
        return {
            "id": f"{source}_name",
            "type": "symbol",
            "source": "context",
            "source-layer": source,
            "minzoom": minzoom,
            "filter": ["has", "name"],
            "metadata": {"part": "names"},
            "layout": {
                "symbol-placement": "line",
                "text-field": ["get", "name"],
                "text-font": FONT,
                "text-size": _by_zoom(sizes),
                "text-max-angle": 35,
                "symbol-spacing": 320,
                "text-padding": 6,
            },
            "paint": {"text-color": text_colour, "text-halo-color": colour["halo"], "text-halo-width": 1.4},
        }

    return [
        named("water", colour["water_name"], {12: 11, 16: 14}, 12),
        named("street", colour["name"], {14: 10, 16: 12, 18: 14}, 14.2),
    ]


def _fill(source: str, colour: str, *, part: str) -> dict[str, Any]:
    return {
        "id": source,
        "type": "fill",
        "source": "context",
        "source-layer": source,
        "filter": ["==", ["geometry-type"], "Polygon"],
        "metadata": {"part": part},
        "paint": {"fill-color": colour},
    }


def _line(
    source: str,
    colour: str,
    widths: Mapping[int, float],
    *,
    part: str,
    suffix: str = "_line",
    dash: Sequence[float] | None = None,
) -> dict[str, Any]:
    is_street = source == "street"
    return {
        "id": f"{source}{suffix}",
        "type": "line",
        "source": "context",
        "source-layer": source,
        "filter": ["==", ["geometry-type"], "LineString"],
        "metadata": {"part": part},
        "layout": {"line-cap": "round" if dash is None else "butt", "line-join": "round"},
        "paint": {"line-color": colour, "line-width": _by_zoom(widths, wider_by_rank=is_street)}
        | ({"line-dasharray": list(dash)} if dash else {}),
    }


def _by_zoom(stops: Mapping[int, float], *, wider_by_rank: bool = False) -> list[Any]:
    """Values by zoom; long streets are wider, so that main roads stand out of the net."""
    pairs: list[Any] = []
    for zoom, value in stops.items():
        wide = ["case", ["==", ["get", "rank"], 2], value * 1.5, value]
        pairs += [zoom, wide if wider_by_rank else value]
    return ["interpolate", ["exponential", 1.4], ["zoom"], *pairs]
