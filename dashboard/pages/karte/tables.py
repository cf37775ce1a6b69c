"""The table of the page: the objects of the map, one row each, for the same filter."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.layer_routes import wish
from dashboard.pages.karte.figures import layers_of_link
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.filters import NOT_ASSESSED, PropertyFilter
from geodata.properties import PropertyRow, SortColumn, read_count, read_page
from layers.base import Layer

_SORTS: Final[Mapping[str, SortColumn]] = {"address": "address_text", "last_inspected_on": "last_inspected_on"}


def read_objects(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """A slice of the objects of the filter."""
    chosen = PropertyFilter.from_query(query)
    sort = _SORTS[wanted.sort or "address"]
    rows = read_page(asker, chosen, sort=sort, descending=wanted.descending, start=wanted.start, size=wanted.size)
    total = read_count(asker, chosen).total if wanted.known_total is None else wanted.known_total
    return TablePage([object_row(row) for row in rows], total)


def object_row(row: PropertyRow) -> dict[str, Any]:
    """A property as a row of the table; what nobody has said is a code of its own, so that it reads as such."""
    said = {True: "yes", False: "no", None: "unknown"}
    return asdict(row) | {
        "colour": row.colour or NOT_ASSESSED,
        "is_inhabited": said[row.is_inhabited],
    }


OBJECTS: Final = RemoteTable(
    key="objekte",
    title=N_("Objects"),
    permission="property:read",
    columns=(
        Column("address", N_("Address"), "text", width=170, is_sortable=True,
               definition=N_("Street and house numbers; an object can have several.")),
        Column("key", N_("Key"), "text", width=110,
               definition=N_("Key of the object in the register that delivered it.")),
        Column("state", N_("State"), "code", code_list="state", width=150,
               definition=N_("Last event in the life of the object up to the as-of date.")),
        Column("state_since_on", N_("since"), "date", width=112, definition=N_("Date of that event.")),
        Column("colour", N_("Assessment"), "code", code_list="colour", width=124,
               permission="proceeding:read",
               definition=N_("Colour that follows from the pressure of the problem and the room to act.")),
        Column("use_type", N_("Use"), "code", code_list="use_type", width=170,
               definition=N_("Kind of use of the object.")),
        Column("is_inhabited", N_("Inhabited"), "code", code_list="inhabited", width=124,
               definition=N_("Whether somebody lives there, as last recorded.")),
        Column("last_inspected_on", N_("Last inspection"), "date", width=146, is_sortable=True,
               definition=N_("Date of the last inspection, whatever access was reached.")),
        Column("due_on", N_("Due"), "date", width=112, permission="plan:read",
               definition=N_("Earliest due date over all kinds of control; empty where none applies.")),
    ),
    read=read_objects,
    default_sort="address",
)  # fmt: skip

AREA_COLUMNS: Final = (
    Column("name", N_("Area"), "text", width=180, definition=N_("Name of the area on the as-of date.")),
    Column("key", N_("Key of the area"), "text", width=140, definition=N_("Key of the area within its kind.")),
    Column("source", N_("Source of the outline"), "text", width=220, definition=N_("Who published the outline.")),
    Column("objects", N_("Objects"), "integer", definition=N_("Objects of the filter that lie in the area.")),
)


def areas_table(layers: Sequence[Layer]) -> RemoteTable:
    """The figures by area that stand beside the map, for the layers that its link turns on."""

    def read(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
        chosen = PropertyFilter.from_query(query)
        rows = [
            {"id": f"{layer.key}:{name}", "kind": _kind_label(layer, option), "name": name, "objects": count}
            for layer, option in layers_of_link(asker, layers, query, _as_of(chosen))
            if layer.geometry and layer.table.rows
            for name, count in layer.table.rows(asker, wish(asker, chosen, {"option": option}))
        ]
        return TablePage.of(rows, wanted)

    definition = N_("Kinds of areas overlap: counts of different kinds must not be added.")
    return RemoteTable(
        key="gebiete",
        title=N_("Figures by area"),
        permission="property:read",
        columns=(
            Column("kind", N_("Kind of area"), "text", width=160, definition=definition),
            AREA_COLUMNS[0],
            AREA_COLUMNS[-1],
        ),
        read=read,
        parameters=("layers",),
    )


def _kind_label(layer: Layer, option: str) -> str:
    return code_label(layer.options[0], option) if layer.options and option else _(layer.title)


def _as_of(chosen: PropertyFilter) -> date:
    if chosen.as_of is None:
        raise ValueError("The register of tables gives every read an as-of date.")
    return chosen.as_of
