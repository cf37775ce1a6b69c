"""A grid whose rows come from the register of tables, block by block, sorted by the server."""

# ruff: noqa: A002 - `id` is the word of Dash

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components.basics import icon
from dashboard.components.table import data_table
from dashboard.i18n import gettext as _
from dashboard.routes import href
from dashboard.table import NUMBERS, Column, RemoteTable


def remote_table(
    table: RemoteTable, id: str, query: Mapping[str, str], *, label: str, empty: str | None = None
) -> Component:
    """The table for the filter of a link; Enter or a click on a row opens what its first link leads to.

    `id` is unique on the page; `empty` says what would stand there and how to get it.
    """
    table = table.open_to(signed_in().scope)
    place = {"table": table.key, "place": id}
    source = {
        "url": href(f"/tables/{table.key}/rows"),
        "query": urlencode(table.query_of(query)),
        "failed": _("The table could not be loaded. Try again."),
        "place": id,
    }
    order = {"sort": "desc" if table.default_descending else "asc"}
    columns = [
        {**definition, **(order if definition["field"] == table.default_sort else {})}
        for definition in column_definitions(table)
    ]
    grid = data_table(
        {"part": "grid", **place},
        columns,
        label=label,
        is_infinite=True,
        # The wrapper of the grid keeps one question at a time in mind.
        grid_options={"maxConcurrentDatasourceRequests": 1, "suppressNoRowsOverlay": True},
        style={"height": "100%"},
    )
    nothing = empty or _("No row fits this filter. Reset a part of it to see more.")
    return html.Div(
        [
            dcc.Store(id={"part": "source", **place}, data=source),
            html.P("\u00a0", className="remote-table-count", role="status"),
            html.Div(grid, className="remote-table-grid"),
            html.P([icon("empty"), nothing], className="remote-table-empty quiet", hidden=True),
        ],
        id=id,
        className="remote-table",
        **{"data-table": table.key},
    )


def column_definitions(table: RemoteTable) -> list[dict[str, Any]]:
    """AG Grid's definitions of the columns."""
    return [_definition(column) for column in table.columns]


def _definition(column: Column) -> dict[str, Any]:
    text = column.kind in ("text", "link", "code")
    return {
        "field": column.key,
        "headerName": _(column.title),
        "width": column.width,
        "minWidth": min(column.width, 90),
        # Text takes the room that is left; numbers and dates need no more than they have.
        **({"flex": column.width, "minWidth": round(column.width * 0.8), "tooltipField": column.key} if text else {}),
        **({"type": "rightAligned"} if column.kind in NUMBERS else {}),
        **({"sortable": True, "sortingOrder": ["asc", "desc"]} if column.is_sortable else {}),
        **({"cellRenderer": "RemoteTableLink"} if column.link else {}),
        **({"cellRenderer": "RemoteTableShare"} if column.kind == "percent" else {}),
        **({"headerTooltip": _(column.definition)} if column.definition else {}),
    }
