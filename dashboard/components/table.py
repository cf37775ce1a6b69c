"""The one wrapper for AG Grid (community): the application's look, its language, and use without a mouse."""

# ruff: noqa: A002 - `id` and `className` are the words of Dash

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component
from dash_ag_grid import AgGrid

from dashboard.i18n import N_
from dashboard.i18n import gettext as _

ROW_PIXELS = 34
_WORDS = {
    "noRowsToShow": N_("No rows"),
    "noMatchingRows": N_("No rows"),
    "loadingOoo": N_("Loading …"),
    "ariaSortableColumn": N_("Press Enter to sort"),
    "ariaLabelLoading": N_("Loading"),
    "ariaRowSelect": N_("Press Space to select the row"),
    "ariaRowDeselect": N_("Press Space to deselect the row"),
    "page": N_("Page"),
    "to": N_("to"),
    "of": N_("of"),
    "nextPage": N_("Next page"),
    "previousPage": N_("Previous page"),
    "firstPage": N_("First page"),
    "lastPage": N_("Last page"),
    "pageSizeSelectorLabel": N_("Rows per page"),
    "ariaPageSizeSelectorLabel": N_("Rows per page"),
}


def data_table(
    id: str | Mapping[str, str],
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]] | None = None,
    *,
    label: str,
    row_id: str = "id",
    selection: str | None = None,
    is_infinite: bool = False,
    grid_options: Mapping[str, Any] | None = None,
    **more: Any,
) -> Component:
    """A table of `rows`, or fed block by block (`is_infinite`: answer `getRowsRequest` of `id` by `getRowsResponse`).

    `columns` are AG Grid column definitions. `selection` is None, "single" or "multiple". Filters belong to the page
    and not to the grid, so that map, table and export count the same.
    """
    options: dict[str, Any] = {
        "rowHeight": ROW_PIXELS,
        "headerHeight": ROW_PIXELS,
        "localeText": {key: _(word) for key, word in _WORDS.items()},
        "suppressMovableColumns": True,
        "suppressDragLeaveHidesColumns": True,
        "suppressColumnVirtualisation": True,
        "enableCellTextSelection": True,
        "ensureDomOrder": True,
        "animateRows": False,
        # Else rows stay undrawn and hidden below the edge of the frame, where a screen reader and the browser's own
        # search do not find them.
        "suppressContentVisibilityAuto": True,
        "tooltipShowDelay": 500,
    }
    if selection:
        mode = {"single": "singleRow", "multiple": "multiRow"}[selection]
        options["rowSelection"] = {
            "mode": mode,
            "checkboxes": False,
            "headerCheckbox": False,
            "enableClickSelection": True,
        }
    if is_infinite:
        options |= {"cacheBlockSize": 100, "maxBlocksInCache": 20, "infiniteInitialRowCount": 1}
    feed = {"rowModelType": "infinite"} if is_infinite else {"rowData": list(rows or ())}
    # The ids of rows are text. The grid's own expressions know no `String()`, which gave all rows the id "undefined".
    grid = AgGrid(
        id=id if isinstance(id, str) else dict(id),
        columnDefs=[dict(column) for column in columns],
        defaultColDef={"resizable": True, "sortable": False, "suppressHeaderMenuButton": True},
        dashGridOptions={**options, **(grid_options or {})},
        getRowId=f"params.data.{row_id} + ''",
        className="data-table-grid",
        dangerously_allow_code=False,
        **feed,
        **more,
    )
    return html.Div(grid, className="data-table", role="region", **{"aria-label": label})
