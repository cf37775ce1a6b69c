"""Tables of the page: the browser's own, sorted by links, so that the address says how, and cards on a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.formatting import format_area, format_date, format_days, format_moment, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.lieferungen import figures
from dashboard.pages.lieferungen.etl_words import in_words
from dashboard.pages.lieferungen.figures import TableView
from dashboard.routes import href
from geodata.calendar import BERLIN
from geodata.deliveries import Counts, Delivery, RejectedRow, Repair
from geodata.freshness import Freshness

PATH = "/lieferungen"
COUNT_NAMES = tuple(field.name for field in fields(Counts))
OUTCOME_KINDS: Mapping[figures.Outcome, tuple[str, str]] = {
    "applied": ("good", "circle"),
    "partly": ("warn", "triangle"),
    "refused": ("bad", "diamond"),
    "withdrawn": ("neutral", "cross"),
}


def delivery_table(
    deliveries: Sequence[Delivery], total: int, query: Mapping[str, str], view: TableView
) -> list[Component]:
    """The list of deliveries with its way to other pages."""
    heads = [
        _sort_head(_("No."), "id", query, view),
        _sort_head(_("Source and file"), "source", query, view),
        _sort_head(_("As of"), "as_of", query, view, also=(_("Received"), "recorded_at")),
        _plain_head(_("Result")),
        *(_sort_head(_(figures.COUNT_LABELS[name]), name, query, view, is_number=True) for name in COUNT_NAMES),
    ]
    table = _table(heads, [_delivery_row(delivery) for delivery in deliveries], "lieferungen-table")
    return [_scrolling(table, _("Deliveries")), *_pager(total, query, view)]


def rejection_table(
    rows: Sequence[RejectedRow], total: int, query: Mapping[str, str], view: TableView
) -> list[Component]:
    """Rejected rows with line, field, reason and the row as delivered."""
    heads = [
        _sort_head(_("Line"), "line", query, view, is_number=True),
        _sort_head(_("Field"), "field", query, view),
        _sort_head(_("Why not"), "reason", query, view),
        _plain_head(_("Row as delivered")),
    ]
    table = _table(heads, [_rejection_row(row) for row in rows], "lieferungen-rejected")
    return [_scrolling(table, _("Rows that were not taken over")), *_pager(total, query, view)]


def plain_rejection_table(rows: Sequence[RejectedRow]) -> Component:
    """Rejected rows of a check: nothing of it is stored, so there is nothing to sort or to turn pages."""
    heads = [_plain_head(_("Line"), is_number=True), _plain_head(_("Field")), _plain_head(_("Why not"))]
    body = [_rejection_row(row, has_content=False) for row in rows]
    return _scrolling(_table(heads, body, "lieferungen-rejected"), _("Rows that would not be taken over"))


def repair_table(repairs: Sequence[Repair]) -> Component:
    """Repaired outlines with the area that the repair took away."""
    heads = [
        _plain_head(_("Line"), is_number=True),
        _plain_head(_("Key")),
        _plain_head(_("What was wrong")),
        _plain_head(_("Area lost"), is_number=True),
    ]
    rows = [
        _row(
            [
                _cell(_("Line"), format_number(repair.line), is_number=True),
                _cell(_("Key"), repair.key),
                _cell(_("What was wrong"), in_words(repair.reason)),
                _cell(_("Area lost"), _small_area(repair.area_lost_m2), is_number=True),
            ]
        )
        for repair in repairs
    ]
    return _scrolling(_table(heads, rows, "lieferungen-repairs"), _("Repaired outlines"))


def freshness_table(sources: Sequence[Freshness]) -> Component:
    """How old each source is, in colour, shape and word."""
    names = (_("Source"), _("Freshness"), _("As of"))
    numbers = (_("Age"), _("Usual every"), _("Deliveries"))
    heads = [*(_plain_head(name) for name in names), *(_plain_head(name, is_number=True) for name in numbers)]
    return _table(heads, [_freshness_row(fresh) for fresh in sources], "lieferungen-fresh")


def outcome_badge(outcome: figures.Outcome) -> Component:
    """What became of a delivery, in colour, shape and word."""
    kind, shape = OUTCOME_KINDS[outcome]
    return badge(_(figures.OUTCOME_LABELS[outcome]), kind=kind, shape=shape)


# --- rows -------------------------------------------------------------------------------------------------------------


def _delivery_row(delivery: Delivery) -> Component:
    link = html.A(
        format_number(delivery.id),
        href=href(PATH, {"delivery": delivery.id}),
        className="qm-link",
        **{"aria-label": _("Delivery %(id)s", id=delivery.id)},
    )
    source = [
        html.Strong(code_label("delivery_source", delivery.source)),
        html.Br(),
        html.Span(delivery.file_name, className="quiet lieferungen-file"),
    ]
    received_on = delivery.recorded_at.astimezone(BERLIN).date()
    received = html.Span(format_date(received_on), className="quiet", title=format_moment(delivery.recorded_at))
    dates = [format_date(delivery.as_of), html.Br(), received]
    result: list[object] = [outcome_badge(figures.outcome_of(delivery))]
    if delivery.refused:
        result += [html.Br(), html.Span(in_words(delivery.refused), className="quiet lieferungen-reason")]
    return _row(
        [
            _cell(_("No."), link),
            _cell(_("Source and file"), source, is_title=True),
            _cell(_("As of"), dates),
            _cell(_("Result"), result),
            *(_count_cell(name, getattr(delivery.counts, name)) for name in COUNT_NAMES),
        ]
    )


def _count_cell(name: str, count: int) -> Component:
    return _cell(_(figures.COUNT_LABELS[name]), format_number(count), is_number=True, is_zero=count == 0)


def _rejection_row(row: RejectedRow, *, has_content: bool = True) -> Component:
    cells = [
        _cell(_("Line"), _("whole file") if row.line is None else format_number(row.line), is_number=True),
        _cell(_("Field"), code_label("field", row.field)),
        _cell(_("Why not"), in_words(row.reason), is_title=True),
    ]
    if has_content:
        filled = [(name, value) for name, value in row.row.items() if value is not None]
        pairs = [html.Div([html.Dt(name), html.Dd(str(value))]) for name, value in filled]
        cells.append(_cell(_("Row as delivered"), html.Dl(pairs, className="lieferungen-row") if pairs else "–"))
    return _row(cells)


def _freshness_row(fresh: Freshness) -> Component:
    kind, shape = {
        "fresh": ("good", "circle"),
        "ageing": ("warn", "triangle"),
        "old": ("bad", "diamond"),
        "never": ("neutral", "cross"),
    }[fresh.level]
    as_of: object = format_date(fresh.as_of)
    if fresh.delivery_id is not None:
        as_of = html.A(as_of, href=href(PATH, {"delivery": fresh.delivery_id}), className="qm-link")
    return _row(
        [
            _cell(_("Source"), html.Strong(code_label("delivery_source", fresh.source)), is_title=True),
            _cell(_("Freshness"), badge(_(figures.LEVEL_LABELS[fresh.level]), kind=kind, shape=shape)),
            _cell(_("As of"), as_of),
            _cell(_("Age"), figures.age_text(fresh), is_number=True),
            _cell(_("Usual every"), html.Span(format_days(fresh.rhythm_days), className="quiet"), is_number=True),
            _cell(_("Deliveries"), format_number(fresh.deliveries), is_number=True),
        ]
    )


# --- parts of a table -------------------------------------------------------------------------------------------------


def _table(heads: Sequence[Component], rows: Sequence[Component], name: str) -> Component:
    # On a phone rows become cards by CSS, and browsers then forget that this is a table: the roles say it again.
    return html.Table(
        [
            html.Thead(html.Tr(list(heads), role="row"), role="rowgroup"),
            html.Tbody(list(rows), role="rowgroup"),
        ],
        className=f"plain-table {name}",
        role="table",
    )


def _scrolling(table: Component, label: str) -> Component:
    return html.Div(table, className="lieferungen-scroll", role="region", tabIndex="0", **{"aria-label": label})


def _row(cells: Sequence[Component]) -> Component:
    return html.Tr(list(cells), role="row")


def _cell(
    label: str, content: object, *, is_number: bool = False, is_title: bool = False, is_zero: bool = False
) -> Component:
    names = {"number": is_number, "title-cell": is_title, "zero": is_zero}
    return html.Td(
        html.Div(content), className=" ".join(name for name, holds in names.items() if holds), role="cell",
        **{"data-label": label},
    )  # fmt: skip


def _plain_head(name: str, *, is_number: bool = False) -> Component:
    return html.Th(name, scope="col", role="columnheader", className="number" if is_number else "")


def _sort_head(
    name: str,
    column: str,
    query: Mapping[str, str],
    view: TableView,
    *,
    is_number: bool = False,
    also: tuple[str, str] | None = None,
) -> Component:
    """A heading that sorts; `also` is a second value of the same cells."""
    links = [_sort_link(name, column, query, view)]
    if also:
        links.append(_sort_link(*also, query, view))
    is_sorted = view.sort in (column, *(also or ()))
    direction = "descending" if view.descending else "ascending"
    return html.Th(
        links,
        scope="col",
        role="columnheader",
        className="number" if is_number else "",
        **({"aria-sort": direction} if is_sorted else {}),
    )


def _sort_link(name: str, column: str, query: Mapping[str, str], view: TableView) -> Component:
    is_sorted = view.sort == column
    mark = html.Span("▼" if view.descending else "▲", className="sort-mark", **{"aria-hidden": "true"})
    return html.A(
        [html.Span(name), *([mark] if is_sorted else [])],
        href=href(PATH, figures.sort_query(query, view, column)),
        className="qm-link sort-link sort-link-on" if is_sorted else "qm-link sort-link",
        title=_("Sort by %(column)s", column=name),
    )


def _pager(total: int, query: Mapping[str, str], view: TableView) -> list[Component]:
    pages = figures.pages_of(total)
    if pages == 1:
        return []
    steps = [(_("Previous page"), view.page - 1), (_("Next page"), view.page + 1)]
    links = [
        html.A(name, href=href(PATH, {**query, "page": number}), className="button qm-link")
        if 1 <= number <= pages
        else html.Span(name, className="button", **{"aria-disabled": "true"})
        for name, number in steps
    ]
    rows = ngettext("%(count)s row", "%(count)s rows", total, count=format_number(total))
    words = _("Page %(page)s of %(pages)s, %(rows)s", page=view.page, pages=pages, rows=rows)
    return [
        html.Nav([links[0], html.Span(words), links[1]], className="pager", **{"aria-label": _("Pages of the table")})
    ]


def _small_area(area_m2: float) -> str:
    return f"{format_number(area_m2, decimals=2)}\u00a0m²" if area_m2 < 100 else format_area(area_m2)
