"""The register of tables: ONE declaration gives the rows of a grid and the files CSV and XLSX, by URL.

- `/tables/<key>/rows`: a slice in words, with an ETag of who asks, for what and in which version of the data.
- `/tables/<key>.csv` and `.xlsx`: all rows of the same filter with their types, for whoever may take files away too.

What a link holds is input from outside: an unreadable part gives 400 in words.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from dash.dependencies import MATCH, Input, Output, State
from flask import Response, request

from dashboard.answers import START_MAX, in_words, unless_known, whole_number
from dashboard.auth import signed_in
from dashboard.exports import files
from dashboard.formatting import format_number
from dashboard.i18n import ngettext
from dashboard.table import Column, Kind, RemoteTable, Slice, TablePage, row_in_words
from dashboard.wiring import Wiring
from geodata import fairness
from geodata.access import Asker

__all__ = ["Column", "Kind", "RemoteTable", "Slice", "TablePage", "register"]

ROWS_AT_ONCE: Final = 100
ROWS_MAX: Final = 500


def register(wiring: Wiring, *tables: RemoteTable) -> None:
    """Routes of each table and the wiring of its grids."""
    for table in tables:
        fairness.require(_problems(table))
        _register_rows(wiring, table)
        _register_grid(wiring, table)
        files.register(wiring, table)


def _problems(table: RemoteTable) -> list[str]:
    """Where a table breaks a rule of fairness: what everybody may take away was published."""
    published = table.sortable if table.permission == "publication:read" else ()
    known = fairness.problems_of_table(table.key, table.sortable, table.parameters)
    return known + fairness.problems_of_published_table(table.key, published)


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
    table = table.open_to(asker.scope)
    start = whole_number("start", args.get("start") or "0", 0, START_MAX)
    size = whole_number("size", args.get("size") or str(ROWS_AT_ONCE), 1, ROWS_MAX)
    wanted = table.slice_of(args, start=start, size=size)
    found = table.read(asker, table.question(args, signed_in().default_as_of), wanted)
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
