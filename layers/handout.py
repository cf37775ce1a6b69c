"""The map as ONE HTML file that opens without internet: made with folium, with everything that it needs inside.

Pure: columns, outlines, legend and words go in, HTML comes out. Rules:

- What the layers of the map draw is drawn here, from the same columns: outlines and hexagons, symbols with their
  shapes, names. So the handout shows what the screen showed, in light colours, because it goes on paper.
- No request of any kind: folium's links to other hosts are switched off, Leaflet is part of the program (`vendor`) and
  goes into the file, and a content policy in the file forbids the rest.
- Texts from outside arrive escaped where they become HTML (`layers.objects.describe`), and are escaped here elsewhere.
- Coordinates are longitude and latitude (EPSG:4326).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from geodata.selection import Box
from geodata.shapes import BackdropPart
from layers import handout_drawing as drawing
from layers.handout_drawing import DrawnLayer, picture


@dataclass(frozen=True)
class LegendLine:
    """One line of the legend: a symbol of the sprite, or a swatch by its CSS."""

    label: str
    symbol: str | None = None
    style: str = ""

    @property
    def picture(self) -> str:
        """The symbol as an address that asks nobody."""
        return picture(self.symbol) if self.symbol else ""


@dataclass(frozen=True)
class LegendPart:
    """The legend of one layer."""

    title: str
    lines: tuple[LegendLine, ...]


@dataclass(frozen=True)
class Table:
    """The table under the map; `numbers` are the indexes of columns that are aligned as such."""

    caption: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Page:
    """All words of the handout; `facts` are names with values, `notes` stand under the legend."""

    language: str
    title: str
    badge: str | None
    facts: Sequence[tuple[str, str]]
    map_label: str
    legend_title: str
    legend: Sequence[LegendPart]
    zoom_in: str
    zoom_out: str
    footer: str
    notes: Sequence[str] = field(default_factory=tuple)
    table: Table | None = None


def render(page: Page, box: Box, backdrop: Sequence[BackdropPart], layers: Sequence[DrawnLayer]) -> str:
    """The whole file; `box` is the part of the map that is shown when it opens."""
    from jinja2 import Environment

    map_html, map_js = _map(page, box, backdrop, layers)
    template = Environment(autoescape=True).from_string(_part("handout/page.html"))
    return template.render(
        page=page,
        language=page.language,
        licence=_part("leaflet/LICENSE.txt").strip(),
        leaflet_css=_leaflet_css(),
        leaflet_js=_part("leaflet/leaflet.js"),
        page_css=_part("handout/page.css"),
        page_js=_part("handout/page.js"),
        map_html=map_html,
        map_js=map_js,
    )


def _map(page: Page, box: Box, backdrop: Sequence[BackdropPart], layers: Sequence[DrawnLayer]) -> tuple[str, str]:
    """The map as the HTML and the script that folium writes for it."""
    # Not at the top: folium takes its time to load, and who hands nothing out need not wait for it.
    import folium
    from branca.element import Figure

    west, south, east, north = box
    drawn = folium.Map(
        location=((south + north) / 2, (west + east) / 2), tiles=None, zoom_start=12, zoom_control=False,
        prefer_canvas=True, attributionControl=False, trackResize=False, zoomSnap=0.25, zoomDelta=0.5,
        wheelPxPerZoomLevel=120,
    )  # fmt: skip
    drawn._id = "karte"  # folium's own names are random, and the same map should give the same file
    # On the instance: the lists of the class belong to everybody in this process.
    drawn.default_js, drawn.default_css = [], []
    for number, features in enumerate(drawing.outlines(layers, backdrop)):
        shapes = folium.GeoJson({"type": "FeatureCollection", "features": features}, interactive=False)
        shapes._id = f"karte_{number}"
        shapes.add_to(drawn)
    words = {"zoomIn": page.zoom_in, "zoomOut": page.zoom_out, "map": page.map_label}
    calls = [*drawing.symbols(layers), *drawing.labels(layers)]
    ready = ("qmReady", {"words": words, "bounds": [[south, west], [north, east]]})
    figure = Figure()
    drawn.add_to(figure)
    figure.render()
    script = "\n".join(f"{name}({drawn.get_name()}, {_as_script(data)});" for name, data in [*calls, ready])
    return figure.html.render(), f"{figure.script.render()}\n{script}"


def _as_script(data: Any) -> str:
    """Data inside a script of the page: no text in it can end the script."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _part(name: str) -> str:
    return files("layers").joinpath("vendor", *name.split("/")).read_text(encoding="utf-8")


@cache
def _leaflet_css() -> str:
    # Pictures of controls that the handout does not have; a browser would look for them beside the file.
    return re.sub(r"url\([^)]*\)", "none", _part("leaflet/leaflet.css"))
