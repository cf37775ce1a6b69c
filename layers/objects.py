"""What the layers of properties share: far out hexagons with counts, close in a symbol for each property.

A symbol is drawn twice: as an icon of the sprite, which carries shape and colour, and under it as a smaller circle in
the same colour, which stays visible where the sprite does not arrive. The circles are what answers to the pointer.
"""

from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from typing import Any, Final

from geodata.access import Asker
from geodata.properties import Cells, Points, read_view
from layers.base import Columns, Loaded, Theme, Trace, Wish, Words
from layers.symbols import SYMBOLS

FAR_OUT: Final = "Far out, hexagons show how many there are; zoom in to see each one."
_CIRCLE_PX: Final = 9
# Counts are neutral: a hexagon says how many, not how bad.
_SCALE: Final[Mapping[Theme, list[list[Any]]]] = {
    "light": [[0, "rgba(120,132,150,0.18)"], [1, "rgba(70,86,112,0.55)"]],
    "dark": [[0, "rgba(120,132,150,0.20)"], [1, "rgba(170,184,206,0.45)"]],
}
_NUMBER_COLOUR: Final[Mapping[Theme, str]] = {"light": "#10161d", "dark": "#f4f6f8"}
_EDGE_COLOUR: Final[Mapping[Theme, str]] = {"light": "rgba(255,255,255,0.9)", "dark": "rgba(10,14,18,0.9)"}


def object_traces(key: str, theme: Theme) -> dict[str, Trace]:
    """The four templates of a layer of properties, the lowest first."""
    return {
        f"{key}_cells": {
            "type": "choroplethmap",
            "colorscale": _SCALE[theme],
            "zmin": 0,
            "showscale": False,
            "hoverinfo": "skip",
            "below": "anchor_names",
            "marker": {"line": {"width": 1, "color": _EDGE_COLOUR[theme]}},
        },
        f"{key}_counts": {
            "type": "scattermap",
            "mode": "text",
            "hoverinfo": "skip",
            "textfont": {"family": "Semibold", "size": 13, "color": _NUMBER_COLOUR[theme]},
        },
        f"{key}_points": {
            "type": "scattermap",
            "mode": "markers",
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": _CIRCLE_PX, "opacity": 1},
            "selected": {"marker": {"opacity": 1}},
            "unselected": {"marker": {"opacity": 1}},
        },
        f"{key}_symbols": symbol_trace(),
    }


def symbol_trace(*, size: int = 10) -> Trace:
    """A template of icons from the sprite; 10 is their natural size. None is left out where they are dense."""
    return {
        "type": "scattermap",
        "mode": "markers",
        "hoverinfo": "skip",
        "marker": {"size": size, "allowoverlap": True},
    }


def load_objects(asker: Asker, wish: Wish, key: str, symbol_of: Callable[[Points, int], str]) -> Loaded:
    """Columns of the four templates; `symbol_of` names the symbol of the property at an index."""
    view = read_view(asker, wish.chosen, wish.frame)
    if isinstance(view, Cells):
        return Loaded(_cell_columns(key, view, wish.words), shown=sum(view.count), is_summed=True)
    words = [
        describe(view, index, wish.words, wish.as_of, tells_assessment=asker.scope.allows("proceeding:read"))
        for index in range(len(view.id))
    ]
    return Loaded(_point_columns(key, view, words, symbol_of), shown=len(view.id))


def describe(points: Points, index: int, words: Words, as_of: date, *, tells_assessment: bool = True) -> str:
    """What the pointer over a property says, as lines of Plotly's little HTML; text from outside is escaped."""
    due_on = points.due_on[index]
    lines = [
        f"<b>{escape(points.label[index])}</b>",
        f"{words.message('State')}: {words.code('state', points.state[index])}",
    ]
    if tells_assessment:
        lines.append(f"{words.message('Assessment')}: {words.code('colour', points.colour[index] or 'none')}")
    if due_on is not None:
        said = words.message("overdue since") if due_on < as_of else words.message("next inspection due on")
        lines.append(f"{said} {words.day(due_on)}")
    return "<br>".join(lines)


def _point_columns(
    key: str, points: Points, words: list[str], symbol_of: Callable[[Points, int], str]
) -> dict[str, Columns]:
    if not points.id:
        return {}
    symbols = [symbol_of(points, index) for index in range(len(points.id))]
    place: Columns = {"lon": points.lon, "lat": points.lat}
    return {
        f"{key}_points": {
            **place,
            "customdata": points.id,
            "text": words,
            "marker.color": [SYMBOLS[name].fill for name in symbols],
        },
        f"{key}_symbols": {**place, "marker.symbol": symbols},
    }


def _cell_columns(key: str, cells: Cells, words: Words) -> dict[str, Columns]:
    features = [
        {"type": "Feature", "id": cell, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for cell, ring in zip(cells.id, cells.outline, strict=True)
    ]
    return {
        f"{key}_cells": {
            "geojson": {"type": "FeatureCollection", "features": features},
            "locations": cells.id,
            "z": cells.count,
            "zmax": max(cells.count),
        },
        f"{key}_counts": {"lon": cells.lon, "lat": cells.lat, "text": [words.number(count) for count in cells.count]},
    }
