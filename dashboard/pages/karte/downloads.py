"""The map as files: a GeoPackage for other programs and a handout for everybody, for the link of the page."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from flask import Response, request

from dashboard.answers import in_words
from dashboard.auth import signed_in
from dashboard.exports import geopackage
from dashboard.exports.about import about
from dashboard.exports.files import PAGE_ROWS, ROWS_MAX, all_rows, attachment, too_many
from dashboard.exports.geopackage import Sheet
from dashboard.i18n import gettext as _
from dashboard.logged import log_export
from dashboard.pages.karte import figures, handout
from dashboard.pages.karte.tables import AREA_COLUMNS, OBJECTS
from dashboard.wiring import Wiring
from geodata.access import Asker
from geodata.areas import read_area_counts
from geodata.filters import PropertyFilter
from geodata.shapes import read_area_shapes, read_places
from layers.base import Layer
from layers.focus_areas import FOCUS_KIND

_GEOPACKAGE: Final = "application/geopackage+sqlite3"


def register(wiring: Wiring) -> None:
    """The routes of the files of the map."""

    @wiring.route("/karte.gpkg", permission="property:read")
    @in_words
    def as_geopackage() -> Response:
        with wiring.deps.asker() as asker:
            answer = geopackage_answer(asker, wiring.deps.layers, request.args.to_dict())
        return log_export(wiring.deps, answer, "map")

    @wiring.route("/karte.html", permission="property:read")
    @in_words
    def as_handout() -> Response:
        with wiring.deps.asker() as asker:
            asker.require("export:create")
            written, name = handout.write(asker, wiring.deps.layers, request.args.to_dict())
        return log_export(wiring.deps, attachment(BytesIO(written.encode()), name, "text/html"), "map")


def geopackage_answer(asker: Asker, layers: Any, args: Mapping[str, str]) -> Response:
    """The objects of the filter and the areas that the map shows."""
    asker.require("export:create")
    table = OBJECTS.open_to(asker.scope)
    query = table.question(args, signed_in().default_as_of)
    wanted = table.slice_of({}, start=0, size=PAGE_ROWS)
    first = table.read(asker, query, wanted)
    if first.total > ROWS_MAX:
        return too_many(first.total)
    rows = list(all_rows(table, asker, query, wanted, first))
    chosen = PropertyFilter.from_query(query)
    places = read_places(asker, chosen)
    objects = Sheet(_(table.title), table.columns, rows, [places.get(row["id"]) for row in rows], "Point")
    kinds = shown_kinds(figures.layers_of_link(asker, layers, args, chosen.as_of))
    areas = [_area_sheet(asker, chosen, kind) for kind in kinds]
    words = about(asker, _("Map"), query, source=_(OBJECTS.source))
    file = _written([objects, *areas], words)
    return attachment(file, words.file_name("gpkg"), _GEOPACKAGE)


def shown_kinds(layers_on: list[tuple[Layer, str]]) -> list[str]:
    """The kinds of areas that the map shows, each once."""
    kinds = [
        FOCUS_KIND if layer.key == "focus" else option
        for layer, option in layers_on
        if layer.geometry and layer.table.rows
    ]
    return list(dict.fromkeys(kind for kind in kinds if kind))


def _area_sheet(asker: Asker, chosen: PropertyFilter, kind: str) -> Sheet:
    counts = read_area_counts(asker, chosen, kind)
    shapes = read_area_shapes(asker, kind, chosen.as_of)
    rows = [
        {"name": one.name, "key": one.key, "source": one.source, "objects": counts.get(one.id, 0)} for one in shapes
    ]
    return Sheet(_("areas_%(kind)s", kind=kind), AREA_COLUMNS, rows, [one.outline for one in shapes], "MultiPolygon")


def _written(sheets: list[Sheet], words: Any) -> IO[bytes]:
    """The finished file; its folder is gone when it is sent, the open file is all that is left of it."""
    with TemporaryDirectory(prefix="qm-karte-") as folder:
        path = Path(folder) / "karte.gpkg"
        geopackage.write(path, sheets, words)
        return path.open("rb")
