"""The handout of the map: what the link shows, read for whoever asks and put into the words of the page."""

from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import Any, Final

from dashboard.auth import signed_in
from dashboard.exports.about import About, about
from dashboard.exports.files import PAGE_ROWS, all_rows
from dashboard.formatting import format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import language, ngettext
from dashboard.layer_routes import ANYWHERE, wish
from dashboard.pages.karte import figures
from dashboard.pages.karte.tables import OBJECTS, areas_table
from dashboard.table import NUMBERS, RemoteTable, cell_in_words
from geodata.access import Asker, Scope
from geodata.areas import read_extent
from geodata.filters import PropertyFilter
from geodata.properties import Count, read_count
from geodata.selection import Box
from geodata.shapes import read_backdrop
from layers.base import Layer, LegendEntry
from layers.handout import LegendLine, LegendPart, Page, Table, render
from layers.handout_drawing import NOT_DRAWN, SWATCHES, DrawnLayer

# The window that a view of the page means, in pixels, and the tile by which its zoom counts.
_WINDOW_PX: Final = (1100, 720)
_TILE_PX: Final = 512
_BACKDROP_TOLERANCE_M: Final = 6.0
_BACKDROP_MOST: Final = 6_000
# Nothing is gained by paper with more rows than this; the map then shows areas or hexagons, and so does the table.
_ROWS_MOST: Final = 3_000


def write(asker: Asker, layers: Sequence[Layer], args: Mapping[str, str]) -> tuple[str, str]:
    """The file and its name; raises `InvalidFilter` for what cannot be read."""
    query = OBJECTS.question(args, signed_in().default_as_of)
    chosen = PropertyFilter.from_query(query)
    shown = figures.layers_of_link(asker, layers, args, chosen.as_of)
    shown.sort(key=lambda pair: (pair[0].order, pair[0].key))
    extent = read_extent(asker, chosen.as_of) or ANYWHERE
    box = view_box(args.get("view", "")) or extent
    drawn, is_summed = _drawn(asker, chosen, shown, (extent, box))
    backdrop = (
        read_backdrop(asker, extent, chosen.as_of, tolerance_m=_BACKDROP_TOLERANCE_M, most=_BACKDROP_MOST)
        if any(layer.key == "context" for layer, _option in shown)
        else ()
    )
    count = read_count(asker, chosen)
    words = about(asker, _("Map"), query, source=_(OBJECTS.source), rows=count.total)
    source = areas_table(layers) if is_summed or count.total > _ROWS_MOST else OBJECTS
    table = _table(source, asker, {**query, **_layers(args)})
    legend = [_legend(layer, asker.scope) for layer, _option in reversed(shown)]
    page = _page(words, legend, count, table, is_summed=is_summed)
    return render(page, box, backdrop, drawn), words.file_name("html")


def view_box(given: str) -> Box | None:
    """West, south, east, north of what a view of the page (`lon,lat,zoom`) shows; None = it is none."""
    try:
        lon, lat, zoom = (float(part) for part in given.split(","))
    except ValueError:
        return None
    if not (abs(lon) <= 180 and abs(lat) <= 80 and 0 <= zoom <= 20):
        return None
    degrees_px = 360 / (_TILE_PX * 2**zoom)
    half_width, half_height = (side * degrees_px / 2 for side in _WINDOW_PX)
    half_height *= cos(radians(lat))
    return lon - half_width, lat - half_height, lon + half_width, lat + half_height


def _drawn(
    asker: Asker, chosen: PropertyFilter, shown: Sequence[tuple[Layer, str]], boxes: tuple[Box, Box]
) -> tuple[list[DrawnLayer], bool]:
    """The layers with their columns: all objects of the filter where they are few enough, else those of the view."""
    drawn, is_summed = [], False
    for layer, option in shown:
        for box in boxes:
            asked = wish(asker, chosen, {"option": option, "frame": ",".join(str(edge) for edge in box), "zoom": "12"})
            loaded = layer.load(asker, asked)
            if not loaded.is_summed:
                break
        is_summed = is_summed or loaded.is_summed
        geometry = layer.geometry(asker, asked) if layer.geometry else None
        drawn.append(DrawnLayer(layer.trace("light"), loaded.columns, geometry))
    return drawn, is_summed


def _layers(args: Mapping[str, str]) -> dict[str, str]:
    return {"layers": args["layers"]} if "layers" in args else {}


def _page(words: About, legend: Sequence[LegendPart], count: Count, table: Table, *, is_summed: bool) -> Page:
    facts = [pair for pair in words.lines() if pair[0] not in (_("Title"), _("Note"))]
    notes = [_("Hexagons show how many objects there are; there are too many to show each one.")] if is_summed else []
    if count.unplaced:
        notes.append(
            ngettext(
                "%(count)s object has no place and is not on the map.",
                "%(count)s objects have no place and are not on the map.",
                count.unplaced,
                count=format_number(count.unplaced),
            )
        )
    return Page(
        language=language(),
        title=_("Map of the objects"),
        badge=_("Invented example data") if words.is_invented else None,
        facts=[*facts, (_("Objects"), format_number(count.total))],
        map_label=_("Map of the objects. Arrow keys move it, plus and minus change the scale."),
        legend_title=_("Legend"),
        legend=legend,
        zoom_in=_("Zoom in"),
        zoom_out=_("Zoom out"),
        footer=_("Made with quartiermonitor. The map is drawn by Leaflet (BSD licence, in the source of this file)."),
        notes=notes,
        table=table if table.rows else None,
    )


def _legend(layer: Layer, scope: Scope) -> LegendPart:
    drawn = (entry for entry in layer.legend_for(scope) if entry.swatch not in NOT_DRAWN)
    return LegendPart(_(layer.title), tuple(_legend_line(entry) for entry in drawn))


def _legend_line(entry: LegendEntry) -> LegendLine:
    style = SWATCHES.get(entry.swatch or "", "border:1px solid #7b8794")
    return LegendLine(_(entry.label), entry.symbol, "" if entry.symbol else style)


def _table(table: RemoteTable, asker: Asker, query: Mapping[str, Any]) -> Table:
    table = table.open_to(asker.scope)
    wanted = table.slice_of({}, start=0, size=PAGE_ROWS)
    rows = all_rows(table, asker, query, wanted, table.read(asker, query, wanted))
    return Table(
        caption=_(table.title),
        heads=tuple(_(column.title) for column in table.columns),
        rows=[[cell_in_words(column, row.get(column.key)) for column in table.columns] for row in rows],
        numbers=frozenset(i for i, column in enumerate(table.columns) if column.kind in NUMBERS),
    )
