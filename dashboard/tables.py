"""The register of tables: ONE declaration gives the rows of a grid and the files CSV and XLSX, by URL.

- `/tables/<key>/rows`: a slice in words, with an ETag of who asks, for what and in which version of the data.
- `/tables/<key>.csv` and `.xlsx`: all rows of the same filter with their types, for whoever has `export:create` too.

What a link holds is input from outside: an unreadable part gives 400 in words.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from dash.dependencies import MATCH, Input, Output, State
from flask import Response, request

from dashboard.answers import START_MAX, in_words, unless_known, whole_number
from dashboard.auth import signed_in
from dashboard.formatting import format_number
from dashboard.i18n import ngettext
from dashboard.table import Column, Kind, RemoteTable, Slice, TablePage, row_in_words
from dashboard.wiring import Wiring
from geodata.access import Asker
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter

__all__ = ["Column", "Kind", "RemoteTable", "Slice", "TablePage", "register"]

ROWS_AT_ONCE: Final = 100
ROWS_MAX: Final = 500


def register(wiring: Wiring, *tables: RemoteTable) -> None:
    """Routes of each table and the wiring of its grids."""
    for table in tables:
        _register_rows(wiring, table)
        _register_grid(wiring, table)


def question(table: RemoteTable, args: Mapping[str, str], default_as_of: str) -> dict[str, str]:
    """The query of a link as reads take it; raises `InvalidFilter` for a part that no filter understands."""
    query = {"as_of": default_as_of} | table.query_of(args)
    PropertyFilter.from_query(query)
    return query


def slice_of(table: RemoteTable, args: Mapping[str, str]) -> Slice:
    """Order and rows of a link; raises `InvalidFilter` for a column that does not sort and numbers out of range."""
    sort, descending = args.get("sort", ""), args.get("desc", "")
    if sort and sort not in table.sortable:
        raise InvalidFilter("sort", f"The table is sorted by one of {', '.join(table.sortable)}.")
    if descending not in ("", "0", "1"):
        raise InvalidFilter("desc", "desc is 0 or 1.")
    start = whole_number("start", args.get("start") or "0", 0, START_MAX)
    size = whole_number("size", args.get("size") or str(ROWS_AT_ONCE), 1, ROWS_MAX)
    if not sort:
        return Slice(table.default_sort, table.default_descending, start, size)
    return Slice(sort, descending == "1", start, size)


def _register_rows(wiring: Wiring, table: RemoteTable) -> None:
    @wiring.route(f"/tables/{table.key}/rows", permission=table.permission)
    @in_words
    def rows() -> Response:
        with wiring.deps.asker() as asker:
            answer = _unless_known(table, asker)
            if answer.status_code != 304:
                answer.set_data(orjson.dumps(_rows(table, asker, request.args)))
        return answer


def _unless_known(table: RemoteTable, asker: Asker) -> Response:
    # Published tables are read by accounts that may not ask for the version of the data.
    if table.is_versioned and asker.scope.allows("property:read"):
        return unless_known(asker)
    return Response(mimetype="application/json")


def _rows(table: RemoteTable, asker: Asker, args: Mapping[str, str]) -> dict[str, Any]:
    asker.require(table.permission)
    wanted = slice_of(table, args)
    found = table.read(asker, question(table, args, signed_in().default_as_of.isoformat()), wanted)
    kept = {"as_of": args.get("as_of") or None}
    return {
        "rows": [row_in_words(table.columns, row, kept=kept) for row in found.rows],
        "total": found.total,
        "said": ngettext("%(count)s row", "%(count)s rows", found.total, count=format_number(found.total)),
    }


def _register_grid(wiring: Wiring, table: RemoteTable) -> None:
    # One callback for all places at which the table stands; its key makes the output the table's own.
    def place(part: str) -> dict[str, Any]:
        return {"part": part, "table": table.key, "place": MATCH}

    wiring.clientside(
        "remote_table",
        "rows",
        Output(place("grid"), "getRowsResponse"),
        [Input(place("grid"), "getRowsRequest")],
        [State(place("source"), "data")],
        prevent_initial_call=True,
    )
