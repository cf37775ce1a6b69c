"""What the address asks for: the list of deliveries, one delivery (`delivery=`) or one upload (`upload=`)."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import empty_state, export_links, page_header, panel
from dashboard.deps import Deps
from dashboard.formatting import format_bytes
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.lieferungen import detail, figures, ids, tables, upload_view
from dashboard.pages.lieferungen.register import DELIVERIES
from dashboard.pages.lieferungen.upload_form import UploadForm
from dashboard.pages.lieferungen.uploads import MAX_UPLOAD_BYTES
from dashboard.routes import href
from geodata.access import Asker, Scope
from geodata.deliveries import PlacedShare, count_deliveries, latest_deliveries, list_deliveries, read_placed_share
from geodata.freshness import USUAL_RHYTHM_DAYS, freshness


def layout(context: PageContext) -> Component:
    """The part of the page that the address asks for."""
    if "upload" in context.query:
        return upload_view.upload_page(context.deps, context.query["upload"])
    if "delivery" in context.query:
        return detail.delivery_page(context.deps, context.scope, context.query)
    with context.deps.asker() as asker:
        return overview(asker, context)


def overview(asker: Asker, context: PageContext) -> Component:
    """Freshness, upload and the list."""
    fresh = freshness(latest_deliveries(asker, context.as_of), context.as_of)
    lead = _("Files that offices have sent: how fresh each source is, what was taken over, and what was not and why.")
    return html.Div(
        [
            page_header(_("Deliveries"), lead=lead),
            html.Div(
                [
                    html.Div(
                        [
                            panel(_("How fresh is each source?"), tables.freshness_table(fresh)),
                            panel(_("Share with a point"), _placed(read_placed_share(asker))),
                        ],
                        className="lieferungen-side",
                    ),
                    panel(_("Send a file"), _upload_form(context.deps, context.scope)),
                ],
                className="lieferungen-top",
            ),
            panel(
                _("All deliveries"),
                html.Div(list_view(asker, context.query), id=ids.LIST),
                actions=export_links(DELIVERIES, {}),
            ),
        ],
        className="page lieferungen",
    )


def list_view(asker: Asker, query: Mapping[str, str]) -> list[Component]:
    """The list as the address sorts it, or words where nothing was delivered yet."""
    total = count_deliveries(asker)
    if total == 0:
        text = _("As soon as an office has sent a file, it stands here with its report. Send the first one above.")
        return [empty_state(_("No delivery yet"), text, level=3)]
    view = figures.delivery_view(query)
    rows = list_deliveries(
        asker, sort=view.sort, descending=view.descending, limit=figures.PAGE_ROWS, offset=view.offset
    )
    return tables.delivery_table(rows, total, query, view)


def _placed(share: PlacedShare) -> Component:
    pairs = [
        (_("Properties"), share.properties_placed, share.properties),
        (_("Addresses"), share.addresses_placed, share.addresses),
    ]
    bars = [_placed_bar(what, placed, total) for what, placed, total in pairs]
    return html.Div(bars, className="lieferungen-shares")


def _placed_bar(what: str, placed: int, total: int) -> Component:
    words = html.Span(figures.placed_text(placed, total, what=what))
    bar = [html.Progress(value=str(placed), max=str(total))] if total else []
    return html.Label([words, *bar], className="progress lieferungen-placed")


def _upload_form(deps: Deps, scope: Scope) -> Component:
    """The form, or why there is none."""
    if not scope.allows("delivery:write") or deps.check_delivery is None or deps.list_mappings is None:
        return html.P(_("This installation takes files on the command line only: qm load."), className="quiet")
    mappings = deps.list_mappings(signed_in().scope.municipality)
    if not mappings:
        text = _("No mapping fits this city yet. A mapping says which column of a file means what; see docs/mappings.")
        return html.P(text, className="quiet")
    sources = sorted({source for source, _name in mappings}, key=_source_order)
    return UploadForm(
        id=ids.UPLOAD_FORM,
        action=href("/lieferungen/upload"),
        next=href("/lieferungen"),
        sources=[{"value": source, "label": code_label("delivery_source", source)} for source in sources],
        mappings=[{"value": name, "label": name, "source": source} for source, name in mappings],
        max_bytes=MAX_UPLOAD_BYTES,
        texts=_form_texts(),
    )


def _source_order(source: str) -> int:
    known = list(USUAL_RHYTHM_DAYS)
    return known.index(source) if source in known else len(known)


def _form_texts() -> dict[str, str]:
    limit = format_bytes(MAX_UPLOAD_BYTES)
    return {
        "source": _("What does the file hold?"),
        "mapping": _("Mapping (which column means what)"),
        "file": _("File"),
        "limit": _(
            "CSV, spreadsheet, GeoJSON, GeoPackage, Shapefile (zipped), GML or KML; at most %(size)s.", size=limit
        ),
        "as_of": _("As of (optional)"),
        "as_of_hint": _("Without a date the mapping finds it in the file or its name."),
        "send": _("Send and check"),
        "sending": _("Sending:"),
        "received": _("Received, being stored …"),
        "no_file": _("Choose a file first."),
        "too_large": _("The file is too large: at most %(size)s.", size=limit),
        "failed": _("The file could not be sent. Check the connection and try again."),
    }
