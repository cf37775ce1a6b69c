"""Wiring of the page of deliveries: turning and sorting tables, the steps of an upload, withdrawing, two routes."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from dash import ctx
from dash.dependencies import Input, Output, State
from flask import Response, abort, request, stream_with_context

from dashboard import tables
from dashboard.auth import signed_in
from dashboard.deps import Deps
from dashboard.i18n import gettext as _
from dashboard.logged import log_export
from dashboard.pages.lieferungen import desk, detail, figures, ids, layout, upload_view
from dashboard.pages.lieferungen.register import DELIVERIES
from dashboard.pages.lieferungen.uploads import MAX_UPLOAD_BYTES, UploadTooLarge
from dashboard.wiring import Wiring
from geodata.csv_safe import csv_lines
from geodata.deliveries import Delivery, RejectedRow, next_rejections, read_delivery, rejected_columns
from geodata.errors import QmError

FORM_BYTES = 100_000  # the fields beside the file


def register(wiring: Wiring) -> None:
    """Register callbacks and routes."""
    _register_tables(wiring)
    _register_steps(wiring)
    _register_routes(wiring)
    tables.register(wiring, DELIVERIES)


def query_of(search: Any) -> dict[str, str]:
    """The query of an address as the page's functions take it."""
    return dict(parse_qsl(str(search or "").removeprefix("?")))


def _register_tables(wiring: Wiring) -> None:
    search = {"search": Input("shell-location", "search")}

    @wiring.callback(Output(ids.LIST, "children"), search, permission="delivery:read", prevent_initial_call=True)
    def turn_list(search: Any) -> Any:
        with wiring.deps.asker() as asker:
            return layout.list_view(asker, query_of(search))

    @wiring.callback(Output(ids.REJECTIONS, "children"), search, permission="delivery:read", prevent_initial_call=True)
    def turn_rejections(search: Any) -> Any:
        with wiring.deps.asker() as asker:
            return detail.rejections_view(asker, query_of(search))


def _register_steps(wiring: Wiring) -> None:
    @wiring.callback(
        {"job": Output(ids.JOB, "children"), "is_over": Output(ids.POLL, "disabled")},
        {"ticks": Input(ids.POLL, "n_intervals"), "clicks": Input(f"{ids.LOAD}-confirm", "n_clicks")},
        {"token": State(ids.TOKEN, "data")},
        permission="delivery:write",
        prevent_initial_call=True,
    )
    def go_on(ticks: Any, clicks: Any, token: Any) -> Any:
        return upload_view.progress(wiring.deps, str(token), wants_load=ctx.triggered_id == f"{ids.LOAD}-confirm")

    @wiring.callback(
        Output(ids.DETAIL, "children"),
        {"clicks": Input(f"{ids.WITHDRAW}-confirm", "n_clicks")},
        {"delivery_id": State(ids.DELIVERY_ID, "data")},
        permission="delivery:write",
        prevent_initial_call=True,
    )
    def withdraw(clicks: Any, delivery_id: Any) -> Any:
        return detail.withdraw(wiring.deps, signed_in().scope, delivery_id if type(delivery_id) is int else 0)


def _register_routes(wiring: Wiring) -> None:
    @wiring.route("/lieferungen/upload", permission="delivery:write", methods=["POST"])
    def upload() -> Any:
        return receive_upload(wiring.deps)

    @wiring.route("/lieferungen/<int:delivery_id>/rejected.csv", permission="delivery:read")
    def rejected(delivery_id: int) -> Any:
        return rejected_csv(wiring.deps, delivery_id)


def receive_upload(deps: Deps) -> Any:
    """Take one file as multipart and answer with its token; what is wrong with it is said in words, 400 or 413."""
    request.max_content_length = MAX_UPLOAD_BYTES + FORM_BYTES
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _problem(_("Choose a file first."), 400)
    try:
        return {"token": desk.receive(deps, sent.stream, sent.filename, request.form).token}
    except UploadTooLarge as error:
        return _problem(str(error), 413)
    except QmError as error:
        return _problem(str(error), 400)


def rejected_csv(deps: Deps, delivery_id: int) -> Response:
    """The rejected rows of a delivery as CSV, sent while they are read; 404 where there is no such delivery."""
    with deps.asker() as asker:
        found = read_delivery(asker, delivery_id)
        if found is None:
            abort(404)
        columns = rejected_columns(asker, found.id)
    rows = figures.rejected_rows_csv(columns, _all_rejections(deps, found))
    lines = csv_lines(figures.csv_header(columns), rows)
    answer = Response(stream_with_context(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{figures.csv_file_name(found)}"'
    return log_export(deps, answer, "rejected_rows", rows=found.counts.rejected)


def _all_rejections(deps: Deps, delivery: Delivery) -> Iterator[RejectedRow]:
    """All rejected rows, a few thousand at a time: a transaction must not stay open as long as a download takes."""
    after_id = 0
    while True:
        with deps.asker() as asker:
            rows = next_rejections(asker, delivery.id, after_id=after_id)
        if not rows:
            return
        yield from rows
        after_id = rows[-1].id


def _problem(message: str, status: int) -> tuple[Mapping[str, Any], int]:
    return {"error": {"status": status, "message": message, "id": None}}, status
