"""The small map of a property: its symbol, its neighbours', and a circle of the radius in which neighbours count.

The figure is built in the browser (`assets/objekt.js`), because the theme can change and the address of this server is
known for sure only there; the server sends the traces and the two styles.
"""

from collections.abc import Mapping, Sequence
from html import escape
from math import cos, pi, radians, sin
from typing import Any, Final
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import graph, link_button, notice
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.objekt import figures, ids
from dashboard.routes import href
from geodata.property_detail import NEIGHBOUR_RADIUS_M, Neighbour, Position, PropertyDetail
from layers.properties_by_state import PHASES
from layers.style import base_style, context_style
from layers.symbols import SYMBOLS, svg

ZOOM: Final = 16.0
METRES_PER_DEGREE: Final = 111_320
CIRCLE_CORNERS: Final = 72
OWN_SIZE: Final = 15  # 10 is the natural size of a symbol
_SYMBOL_OF: Final = {state: name for name, (_label, states) in PHASES.items() for state in states}


def state_symbol(state: str | None) -> str:
    """Name of the symbol that a state has on the map."""
    return _SYMBOL_OF[state]


def symbol(name: str) -> Component:
    """A symbol of the map as a picture in the text; the words beside it say the same."""
    return html.Img(src=f"data:image/svg+xml,{quote(svg(name))}", alt="", className="objekt-symbol")


def map_view(
    detail: PropertyDetail,
    neighbours: Sequence[Neighbour],
    query: Mapping[str, str],
    basemap: Mapping[str, Any] | None,
) -> list[Component]:
    """The map with the way to the large one; for a property without a point, words that say so."""
    if detail.position is None:
        text = _(
            "This property has no point yet: neither coordinates nor an address that is known. It counts in tables and "
            "figures, but it is not on the map."
        )
        return [notice(text)]
    place = detail.position
    view = f"{place.longitude:.5f},{place.latitude:.5f},17"
    large = href("/karte", {**figures.map_query(query), "view": view})
    return [
        dcc.Store(id=ids.MAP_PARTS, data=map_parts(detail, place, neighbours, basemap)),
        graph(ids.MAP, label=_map_label(detail, neighbours), className="objekt-map", config={"scrollZoom": False}),
        html.P(
            [
                html.Span(_placed_by(place), className="quiet"),
                link_button(_("Show on the large map"), large, symbol="map", kind="quiet"),
            ],
            className="objekt-map-foot",
        ),
    ]


def map_parts(
    detail: PropertyDetail, place: Position, neighbours: Sequence[Neighbour], basemap: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the browser puts together: traces, centre, zoom, and a style for each theme."""
    return {
        "traces": [
            _circle(place),
            _points([other.position for other in neighbours], [_hover(other) for other in neighbours]),
            _symbols([other.position for other in neighbours], [state_symbol(other.state) for other in neighbours], 9),
            _points([place], [f"<b>{escape(figures.title_of(detail))}</b>"]),
            _symbols([place], [state_symbol(detail.state)], OWN_SIZE),
        ],
        "center": {"lon": place.longitude, "lat": place.latitude},
        "zoom": ZOOM,
        "styles": {theme: base_style(theme, context_style(theme), basemap, ()) for theme in ("light", "dark")},
    }


def circle(place: Position, radius_m: float) -> tuple[list[float], list[float]]:
    """Longitudes and latitudes of a circle; near enough for a drawing of a hundred metres."""
    angles = [2 * pi * corner / CIRCLE_CORNERS for corner in range(CIRCLE_CORNERS + 1)]
    east = radius_m / (METRES_PER_DEGREE * cos(radians(place.latitude)))
    north = radius_m / METRES_PER_DEGREE
    return [place.longitude + east * cos(a) for a in angles], [place.latitude + north * sin(a) for a in angles]


def _circle(place: Position) -> dict[str, Any]:
    lon, lat = circle(place, NEIGHBOUR_RADIUS_M)
    return {"type": "scattermap", "mode": "lines", "lon": lon, "lat": lat, "hoverinfo": "skip", "line": {"width": 1.5}}


def _points(places: Sequence[Position], words: Sequence[str]) -> dict[str, Any]:
    """Circles under the symbols: they answer to the pointer and stay where the sprite does not arrive."""
    return {
        "type": "scattermap",
        "mode": "markers",
        "lon": [place.longitude for place in places],
        "lat": [place.latitude for place in places],
        "text": list(words),
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 9, "color": SYMBOLS["state_closed"].fill},
    }


def _symbols(places: Sequence[Position], names: Sequence[str], size: int) -> dict[str, Any]:
    return {
        "type": "scattermap",
        "mode": "markers",
        "lon": [place.longitude for place in places],
        "lat": [place.latitude for place in places],
        "hoverinfo": "skip",
        "marker": {"size": size, "symbol": list(names), "allowoverlap": True},
    }


def _hover(other: Neighbour) -> str:
    return f"{escape(other.address_text or other.key)}<br>{code_label('state', other.state)}"


def _map_label(detail: PropertyDetail, neighbours: Sequence[Neighbour]) -> str:
    return _(
        "Map of %(title)s with %(count)s neighbours; they are also in the table below",
        title=figures.title_of(detail), count=len(neighbours),
    )  # fmt: skip


def _placed_by(place: Position) -> str:
    return {
        "coordinates": _("Placed by coordinates of the register"),
        "address": _("Placed by its address"),
        "implied": _("Placed by a fact that named it"),
    }.get(place.placed_by or "", _("Origin of the point not known"))
