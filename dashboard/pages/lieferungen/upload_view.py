"""The page of one upload: being checked, report of the check, confirmation, being loaded, done."""

import time

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import button, confirm_dialog, empty_state, error_panel, icon, loading, notice, panel
from dashboard.deps import Deps
from dashboard.formatting import format_bytes, format_date, format_number, format_seconds
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.lieferungen import desk, figures, ids, report, tables
from dashboard.pages.lieferungen.etl_words import in_words
from dashboard.pages.lieferungen.uploads import KEPT_SECONDS, Upload
from dashboard.routes import href

POLL_MS = 1_000
SHOWN_REJECTIONS = 200


def upload_page(deps: Deps, token: str) -> Component:
    """The page of the asker's upload with this token."""
    upload = desk.find(deps, token)
    is_over = upload is None or not upload.is_busy
    back = html.A([icon("back"), _("All deliveries")], href=href("/lieferungen"), className="lieferungen-back qm-link")
    return html.Div(
        [
            html.Header([back, html.H1(_("Send a file"), className="page-title")]),
            dcc.Store(id=ids.TOKEN, data=token),
            dcc.Interval(id=ids.POLL, interval=POLL_MS, disabled=is_over),
            html.Div(job_view(upload), id=ids.JOB, className="lieferungen-job"),
            html.Div(_load_dialog()),
        ],
        className="page lieferungen",
    )


def progress(deps: Deps, token: str, *, wants_load: bool) -> dict[str, object]:
    """What the page shows now, and whether it goes on asking; with `wants_load` the load begins first."""
    upload = desk.load(deps, token) if wants_load else desk.find(deps, token)
    return {"job": job_view(upload), "is_over": upload is None or not upload.is_busy}


def job_view(upload: Upload | None) -> list[Component]:
    """Where the upload stands, in words."""
    if upload is None:
        return [_gone()]
    return [_steps(upload), _file_line(upload), *_state_view(upload)]


def _gone() -> Component:
    text = _("It was loaded or discarded, or its hour is over: uploaded files are deleted after an hour.")
    again = html.A(_("Send a file again"), href=href("/lieferungen"), className="button qm-link")
    return empty_state(_("This upload is gone"), text, again)


def _steps(upload: Upload) -> Component:
    is_loaded = upload.step == "load" and upload.state == "done"
    current = 3 if is_loaded else 2 if upload.step == "load" or desk.can_load(upload) else 1
    names = [_("Sent"), _("Checked"), _("Taken over")]
    items = [
        html.Li(
            [html.Span(str(number + 1), className="step-number"), name],
            className="step-done" if number < current else "step-open",
            **({"aria-current": "step"} if number == current else {}),
        )
        for number, name in enumerate(names)
    ]
    return html.Ol(items, className="lieferungen-steps")


def _file_line(upload: Upload) -> Component:
    parts = [
        html.Strong(upload.file_name, className="lieferungen-file"),
        html.Span(format_bytes(upload.file_bytes)),
        html.Span(code_label("delivery_source", upload.source)),
        html.Code(upload.mapping),
    ]
    if upload.as_of:
        parts.append(html.Span(_("as of %(date)s", date=format_date(upload.as_of))))
    return html.P(parts, className="lieferungen-sent")


def _state_view(upload: Upload) -> list[Component]:
    if upload.is_busy:
        return [_busy(upload)]
    if upload.state == "interrupted":
        text = _("The server was restarted meanwhile. Nothing was taken over in part; send the file again.")
        return [error_panel(_("Interrupted"), text)]
    if upload.problem is not None:
        return [_failed(upload.problem)]
    if upload.report is None:
        return [loading()]
    shown = figures.report_of(upload.report)
    return _loaded(shown) if upload.step == "load" else _checked(shown)


def _busy(upload: Upload) -> Component:
    seconds = format_seconds(upload.seconds(time.time()))
    if upload.state == "waiting":
        return loading(_("Waiting for another file to be finished … %(seconds)s", seconds=seconds))
    words = _("Checking the file; nothing is stored yet … %(seconds)s", seconds=seconds)
    if upload.step == "load":
        words = _("Taking the file over … %(seconds)s. You can leave this page; it goes on.", seconds=seconds)
    return loading(words)


def _failed(problem: str) -> Component:
    if problem.startswith("#"):
        text = _("Nothing was taken over. The fault has been recorded; name this number to your administration.")
        return error_panel(_("Something went wrong"), text, error_id=problem.removeprefix("#"))
    return error_panel(_("This file cannot be taken over"), in_words(problem))


def _checked(shown: figures.Report) -> list[Component]:
    minutes = format_number(KEPT_SECONDS // 60)
    if shown.refused:
        advice = _("Correct the file at its source and send it again.")
        return [report.refusal(shown.refused), html.P(advice, className="quiet"), *_report_parts(shown)]
    ready = notice(
        [
            html.Strong(_("The check is done; nothing is stored yet.")),
            html.P(_("Read the report, then confirm. The file is deleted after %(minutes)s minutes.", minutes=minutes)),
        ],
        kind="good",
    )
    opener = button(_("Take over …"), kind="primary", **{"data-opens": ids.LOAD})
    return [ready, html.Div(opener, className="page-actions"), *_report_parts(shown)]


def _loaded(shown: figures.Report) -> list[Component]:
    link = html.A(
        _("To the delivery"), href=href("/lieferungen", {"delivery": shown.delivery_id}), className="button qm-link"
    )
    if shown.refused:
        return [report.refusal(shown.refused), html.Div(link, className="page-actions"), *_report_parts(shown)]
    words = html.Strong(_("Taken over in %(seconds)s.", seconds=format_seconds(shown.seconds)))
    done = notice([words, html.P(_("The uploaded file has been deleted."))], kind="good")
    return [done, html.Div(link, className="page-actions"), *_report_parts(shown)]


def _report_parts(shown: figures.Report) -> list[Component]:
    as_of = html.P(_("As of %(date)s", date=format_date(shown.as_of)), className="quiet")
    counts = panel(_("Report"), [as_of, report.count_tiles(shown.counts)])
    remarks = [panel(_("What was noticed"), report.remark_list(shown.remarks))] if shown.remarks else []
    return [counts, *remarks, *_rejections(shown)]


def _rejections(shown: figures.Report) -> list[Component]:
    if not shown.rejections:
        return []
    rows = shown.rejections[:SHOWN_REJECTIONS]
    parts: list[Component] = [tables.plain_rejection_table(rows)]
    if len(shown.rejections) > len(rows):
        count, total = format_number(len(rows)), format_number(len(shown.rejections))
        parts.insert(
            0, html.P(_("The first %(count)s of %(total)s rows.", count=count, total=total), className="quiet")
        )
    title = _("Rows that were not taken over") if shown.delivery_id else _("Rows that would not be taken over")
    return [panel(title, parts)]


def _load_dialog() -> Component:
    text = html.P(
        _("The rows become current facts, and earlier ones are replaced. A delivery can be withdrawn as a whole later.")
    )
    return confirm_dialog(ids.LOAD, _("Take this file over?"), text, confirm_label=_("Take over"))
