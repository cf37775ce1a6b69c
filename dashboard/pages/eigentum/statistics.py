"""How many objects which kind of owner has, as a table and as files; no name, no address."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, export_links, panel
from dashboard.components.chart import plain_table
from dashboard.formatting import format_number
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.owner_statistics import OwnerType, read_owner_types


def read(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """One row for each form of ownership."""
    chosen = PropertyFilter.from_query(query)
    found = read_owner_types(asker, replace(chosen, as_of=date.fromisoformat(query["as_of"])))
    total = sum(one.properties for one in found)
    return TablePage.of([_row(one, total) for one in found], wanted)


def _row(one: OwnerType, total: int) -> dict[str, Any]:
    return {
        "id": one.form or "",
        "form": one.form,
        "properties": one.properties,
        "of": total,
        "in_procedure": one.in_procedure,
        "with_proceedings": one.with_proceedings,
        "proceedings": one.proceedings,
        "closed": one.closed,
    }


TABLE: Final = RemoteTable(
    key="eigentumsformen",
    title=N_("Objects by kind of owner"),
    permission="proceeding:read",
    columns=(
        Column("form", N_("Kind of owner"), "code", code_list="ownership_form", width=200,
               definition=N_("Empty = the register does not state it.")),
        Column("properties", N_("Open objects"), "integer", definition=N_("Recorded and not closed.")),
        Column("of", N_("of all open objects"), "integer"),
        Column("in_procedure", N_("State: in proceedings"), "integer",
               definition=N_("Open objects whose state is a proceeding: cooperative, regulatory or acquisition.")),
        Column("with_proceedings", N_("With an open proceeding"), "integer",
               definition=N_("Open objects with at least one open proceeding.")),
        Column("proceedings", N_("Open proceedings"), "integer",
               definition=N_("One object can have several.")),
        Column("closed", N_("Closed objects"), "integer"),
    ),
    read=read,
)  # fmt: skip


def statistics_panel(context: PageContext, found: Sequence[OwnerType]) -> Component:
    """The counts of the filter."""
    title = _("Objects by kind of owner")
    total = sum(one.properties for one in found)
    if not found:
        words = _("Once objects are recorded, this says how many belong to persons, companies and the public hand.")
        return panel(title, empty_state(_("No object fits this filter"), words, level=3))
    head = [
        _("Kind of owner"),
        _("Open objects"),
        _("State: in proceedings"),
        _("With an open proceeding"),
        _("Open proceedings"),
        _("Closed objects"),
    ]
    rows = [
        [
            code_label("ownership_form", one.form) if one.form else _("not stated"),
            _("%(part)s of %(all)s", part=format_number(one.properties), all=format_number(total)),
            *(format_number(n) for n in (one.in_procedure, one.with_proceedings, one.proceedings, one.closed)),
        ]
        for one in found
    ]
    notes = [_("Counts of objects, not of owners; without names.")]
    if context.scope.has_areas:
        notes.append(_("Only properties in the areas assigned to you."))
    parts = [plain_table(head, rows, title), html.P(" ".join(notes), className="quiet")]
    return panel(title, parts, actions=export_links(TABLE, context.query))
