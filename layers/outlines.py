"""What the layers of areas share: outlines from a URL of their own, names with counts, in neutral colours.

A count of properties is shown to those who work with properties; a layer of areas is part of no publication.
"""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from geodata.access import Asker
from geodata.areas import Outline, read_area_counts, read_outlines
from layers.base import GEOMETRY, Columns, Theme, Trace, Wish

SHADED_UP_TO_ZOOM: Final = 13.5
NAME_COLOUR: Final[Mapping[Theme, str]] = {"light": "#2b3441", "dark": "#dde3ea"}


def fill_trace(scale: list[list[Any]]) -> Trace:
    """A template of filled areas; streets and buildings are drawn over them.

    Close in, where one area fills the window, a shade says nothing and only greys the map.
    """
    return {
        "meta": {"maxzoom": SHADED_UP_TO_ZOOM},
        "type": "choroplethmap",
        "colorscale": scale,
        "zmin": 0,
        "showscale": False,
        "hoverinfo": "skip",
        "below": "anchor_fill",
        "marker": {"line": {"width": 0}},
    }


def line_trace(colour: str, width: float) -> Trace:
    """A template of outlines alone, over streets and buildings and under names."""
    clear = "rgba(0,0,0,0)"
    return {
        "type": "choroplethmap",
        "colorscale": [[0, clear], [1, clear]],
        "showscale": False,
        "hoverinfo": "skip",
        "below": "anchor_lines",
        "marker": {"line": {"width": width, "color": colour}},
    }


def name_trace(theme: Theme, *, size: int = 13, from_zoom: float = 0) -> Trace:
    """A template of names, shown from a zoom on."""
    return {
        "meta": {"minzoom": from_zoom},
        "type": "scattermap",
        "mode": "text",
        "hoverinfo": "skip",
        "textfont": {"family": "Semibold", "size": size, "color": NAME_COLOUR[theme]},
    }


def read_counted(asker: Asker, wish: Wish, kind: str) -> list[tuple[Outline, int]]:
    """Areas of a kind, each with the number of properties of the filter in it."""
    counts = read_area_counts(asker, wish.chosen, kind)
    return [(outline, counts.get(outline.area.id, 0)) for outline in read_outlines(asker, kind, wish.as_of)]


def count_rows(asker: Asker, wish: Wish, kind: str) -> list[tuple[str, int]]:
    """The table twin of a layer of areas: name and count."""
    return [(outline.area.name, count) for outline, count in read_counted(asker, wish, kind)]


def area_columns(key: str, counted: list[tuple[Outline, int]], wish: Wish) -> dict[str, Columns]:
    """Columns of the templates `<key>_fill`, `<key>_line` and `<key>_names`."""
    if not counted:
        return {}
    ids = [outline.area.id for outline, _ in counted]
    counts = [count for _, count in counted]
    return {
        f"{key}_fill": {"geojson": GEOMETRY, "locations": ids, "z": counts, "zmax": max(*counts, 1)},
        f"{key}_line": {"geojson": GEOMETRY, "locations": ids, "z": [0] * len(ids)},
        f"{key}_names": {
            "lon": [outline.label_at[0] for outline, _ in counted],
            "lat": [outline.label_at[1] for outline, _ in counted],
            "text": [f"{escape(outline.area.name)}<br>{wish.words.number(count)}" for outline, count in counted],
        },
    }


def feature_collection(asker: Asker, wish: Wish, kind: str) -> Mapping[str, Any]:
    """The outlines of a kind as GeoJSON; a feature's id is that of the area."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": outline.area.id, "geometry": outline.geometry}
            for outline in read_outlines(asker, kind, wish.as_of)
        ],
    }
