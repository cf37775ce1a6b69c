"""One delivery with its report, remarks, rejected rows and repairs, and the way to withdraw it."""

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import button, confirm_dialog, empty_state, facts, icon, notice, notify, panel
from dashboard.deps import Deps
from dashboard.formatting import format_bytes, format_moment, format_number, format_seconds
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.lieferungen import figures, ids, report, tables
from dashboard.pages.lieferungen.etl_words import in_words
from dashboard.routes import href
from geodata.access import Asker, Scope
from geodata.deliveries import (
    Delivery,
    count_rejections,
    list_rejections,
    list_repairs,
    read_delivery,
)
from geodata.errors import QmError


def delivery_page(deps: Deps, scope: Scope, query: Mapping[str, str]) -> Component:
    """The page of the delivery in the address, or words that there is none."""
    with deps.asker() as asker:
        found = read_delivery(asker, _number(query.get("delivery", "")))
        content = _detail(asker, found, query, can_withdraw=_can_withdraw(deps, scope, found)) if found else _missing()
    return html.Div(content, id=ids.DETAIL, className="page lieferungen")


def withdraw(deps: Deps, scope: Scope, delivery_id: int) -> list[Component] | Component:
    """Withdraw a delivery of the asker's city and show it anew; what fails is said in words."""
    with deps.asker() as asker:
        known = read_delivery(asker, delivery_id)
    if known is not None and _can_withdraw(deps, scope, known) and deps.withdraw_delivery is not None:
        try:
            deps.withdraw_delivery(scope.municipality, delivery_id, by=scope.account)
            notify(_("Delivery %(id)s is withdrawn.", id=delivery_id), "good")
        except QmError as error:
            notify(in_words(str(error)), "bad")
    return delivery_page(deps, scope, {"delivery": str(delivery_id)}).children


def rejections_view(asker: Asker, query: Mapping[str, str]) -> list[Component]:
    """Rejected rows of the delivery in the address, as it sorts them."""
    delivery_id, view = _number(query.get("delivery", "")), figures.rejection_view(query)
    total = count_rejections(asker, delivery_id)
    rows = list_rejections(
        asker, delivery_id, sort=view.sort, descending=view.descending, limit=figures.PAGE_ROWS, offset=view.offset
    )
    return tables.rejection_table(rows, total, query, view)


def _number(text: str) -> int:
    """The number of a delivery; 0, which none has, where the text is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def _can_withdraw(deps: Deps, scope: Scope, delivery: Delivery | None) -> bool:
    is_applied = delivery is not None and delivery.withdrawn_at is None and delivery.refused is None
    return is_applied and deps.withdraw_delivery is not None and scope.allows("delivery:write")


def _missing() -> list[Component]:
    text = _("There is no delivery with this number in your city.")
    back = html.A(_("All deliveries"), href=href("/lieferungen"), className="button qm-link")
    return [empty_state(_("Delivery not found"), text, back, level=1)]


def _detail(asker: Asker, delivery: Delivery, query: Mapping[str, str], *, can_withdraw: bool) -> list[Component]:
    parts: list[Component] = [_head(delivery, can_withdraw=can_withdraw)]
    if delivery.refused:
        parts.append(report.refusal(delivery.refused))
    if delivery.withdrawn_at:
        words = _(
            "Withdrawn on %(moment)s. What it had brought no longer counts; what it had replaced counts again.",
            moment=format_moment(delivery.withdrawn_at),
        )
        parts.append(notice(words))
    parts += [
        report.count_tiles(delivery.counts),
        html.Div([_file_panel(delivery), *_remarks_panel(delivery)], className="lieferungen-pair"),
        _rejections_panel(asker, delivery, query),
        *_repairs_panel(asker, delivery),
        dcc.Store(id=ids.DELIVERY_ID, data=delivery.id),
        html.Div(_withdraw_dialog(delivery)),
    ]
    return parts


def _head(delivery: Delivery, *, can_withdraw: bool) -> Component:
    back = html.A(
        [icon("back"), _("All deliveries")], href=href("/lieferungen"), className="lieferungen-back qm-link qm-keep"
    )
    source = code_label("delivery_source", delivery.source)
    title = html.H1(_("Delivery %(id)s: %(source)s", id=delivery.id, source=source), className="page-title")
    as_of = _("As of %(date)s", date=figures.as_of_text(delivery))
    mark = [tables.outcome_badge(figures.outcome_of(delivery)), html.Span(as_of)]
    actions = []
    if can_withdraw:
        actions.append(button(_("Withdraw delivery …"), **{"data-opens": ids.WITHDRAW}))
    words = html.Div([back, title, html.Div(mark, className="lieferungen-mark")])
    return html.Header([words, html.Div(actions, className="page-actions")], className="page-head")


def _file_panel(delivery: Delivery) -> Component:
    pairs = [
        (_("File"), html.Span(delivery.file_name, className="lieferungen-file")),
        (_("Size"), format_bytes(delivery.file_bytes)),
        (_("Mapping"), html.Code(delivery.mapping)),
        (_("As of"), figures.as_of_text(delivery)),
        (_("Received"), format_moment(delivery.recorded_at)),
        (_("Loaded by"), delivery.delivered_by or "–"),
        (_("Duration"), format_seconds(delivery.seconds)),
        (_("Checksum (SHA-256)"), html.Code(delivery.file_sha256[:16] + "…", title=delivery.file_sha256)),
    ]
    return panel(_("The file"), facts(pairs))


def _remarks_panel(delivery: Delivery) -> list[Component]:
    if not delivery.remarks:
        return []
    return [panel(_("What was noticed"), report.remark_list(delivery.remarks))]


def _rejections_panel(asker: Asker, delivery: Delivery, query: Mapping[str, str]) -> Component:
    title = _("Rows that were not taken over")
    if not delivery.counts.rejected and not count_rejections(asker, delivery.id):
        return panel(title, html.P(_("Every row was taken over or left out on purpose."), className="quiet"))
    if not count_rejections(asker, delivery.id):
        gone = _("%(count)s rows; they were deleted after 90 days.", count=format_number(delivery.counts.rejected))
        return panel(title, html.P(gone, className="quiet"))
    download = html.A(
        [icon("download"), _("Download as CSV")],
        href=href(f"/lieferungen/{delivery.id}/rejected.csv"),
        className="button",
        download=figures.csv_file_name(delivery),
    )
    note = html.P(_("Kept for 90 days. Correct these rows at the source and send them again."), className="quiet")
    return panel(title, [note, html.Div(rejections_view(asker, query), id=ids.REJECTIONS)], actions=download)


def _repairs_panel(asker: Asker, delivery: Delivery) -> list[Component]:
    repairs = list_repairs(asker, delivery.id)
    if not repairs:
        return []
    note = html.P(
        _("These outlines were not valid and were repaired; the area that was lost is named."), className="quiet"
    )
    return [panel(_("Repaired outlines"), [note, tables.repair_table(repairs)])]


def _withdraw_dialog(delivery: Delivery) -> Component:
    text = [
        html.P(_("What this delivery brought no longer counts, and what it had replaced counts again.")),
        html.P(_("Nothing is deleted: the delivery and its report stay in the list. To undo it, load the file again.")),
    ]
    title = _("Withdraw delivery %(id)s?", id=delivery.id)
    return confirm_dialog(ids.WITHDRAW, title, text, confirm_label=_("Withdraw"), is_dangerous=True)
