"""What the page of deliveries says, as plain values: freshness, report, pages of a table. No Dash in here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Literal

from dashboard.formatting import MISSING, format_date, format_days, format_number, format_percent
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.pages.lieferungen.etl_words import in_words
from geodata.deliveries import DELIVERY_SORTS, REJECTION_SORTS, Counts, Delivery, RejectedRow
from geodata.freshness import Freshness, Level

Outcome = Literal["applied", "partly", "refused", "withdrawn"]

PAGE_ROWS: Final = 50
LEVEL_LABELS: Final[Mapping[Level, str]] = {
    "fresh": N_("up to date"),
    "ageing": N_("ageing"),
    "old": N_("out of date"),
    "never": N_("no delivery yet"),
}
OUTCOME_LABELS: Final[Mapping[Outcome, str]] = {
    "applied": N_("taken over"),
    "partly": N_("taken over in part"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
}
COUNT_LABELS: Final[Mapping[str, str]] = {
    "read": N_("rows read"),
    "loaded": N_("loaded"),
    "unchanged": N_("unchanged"),
    "outdated": N_("outdated"),
    "rejected": N_("not taken over"),
    "skipped": N_("left out"),
    "superseded": N_("replaced"),
    "repaired": N_("repaired"),
    "ended": N_("ended"),
    "implied": N_("implied"),
}
COUNT_HINTS: Final[Mapping[str, str]] = {
    "read": N_("Rows in the file."),
    "loaded": N_("Rows that became current facts."),
    "unchanged": N_("Rows equal to the last delivered state; they change nothing."),
    "outdated": N_("Rows that are older than what is stored; they change nothing."),
    "rejected": N_("Rows with an error; each stands below with its reason."),
    "skipped": N_("Rows that the mapping leaves out on purpose."),
    "superseded": N_("Earlier facts that rows of this delivery replaced; they are among the loaded."),
    "repaired": N_("Outlines that were repaired on the way in; they are among the loaded."),
    "ended": N_("Keys that a complete delivery no longer has; they end on its date."),
    "implied": N_("Properties that came into being because a fact named them."),
}


@dataclass(frozen=True)
class TableView:
    """Which part of a table is shown: sorted by what, in which direction, which page (from 1)."""

    sort: str
    descending: bool
    page: int

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * PAGE_ROWS


@dataclass(frozen=True)
class Report:
    """What a check or a load came to; a check has no delivery."""

    counts: Counts
    refused: str | None
    rejections: tuple[RejectedRow, ...]
    remarks: tuple[str, ...]
    as_of: date
    seconds: float
    delivery_id: int | None


def outcome_of(delivery: Delivery) -> Outcome:
    """What became of a delivery as a whole."""
    if delivery.withdrawn_at is not None:
        return "withdrawn"
    if delivery.refused is not None:
        return "refused"
    return "partly" if delivery.counts.rejected else "applied"


def table_view(query: Mapping[str, str], allowed: Sequence[str], *, descending_first: bool) -> TableView:
    """The view that the URL asks for; what it does not say or says wrongly becomes the default."""
    sort = query.get("sort", allowed[0])
    is_known = sort in allowed
    direction = query.get("dir") if is_known else None
    descending = direction == "desc" if direction in ("asc", "desc") else descending_first
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
    return TableView(sort if is_known else allowed[0], descending, max(number, 1))


def sort_query(query: Mapping[str, str], view: TableView, column: str) -> dict[str, str]:
    """The query that sorts by a column: the other direction where the table is sorted by it already."""
    descending = not view.descending if view.sort == column else column not in ("source", "file_name", "line", "field")
    kept = {name: value for name, value in query.items() if name != "page"}
    return {**kept, "sort": column, "dir": "desc" if descending else "asc"}


def pages_of(rows: int) -> int:
    """Number of pages of a table, at least one."""
    return max(1, -(-rows // PAGE_ROWS))


def delivery_view(query: Mapping[str, str]) -> TableView:
    """View of the list of deliveries: the newest first."""
    return table_view(query, DELIVERY_SORTS, descending_first=True)


def rejection_view(query: Mapping[str, str]) -> TableView:
    """View of the rejected rows: in the order of the file."""
    return table_view(query, REJECTION_SORTS, descending_first=False)


def placed_text(placed: int, total: int, *, what: str) -> str:
    """How many of the properties or addresses have a point, with the share."""
    if total == 0:
        return _("%(what)s: none yet", what=what)
    return _(
        "%(what)s: %(placed)s of %(total)s have a point (%(share)s)",
        what=what, placed=format_number(placed), total=format_number(total), share=format_percent(placed / total),
    )  # fmt: skip


def age_text(fresh: Freshness) -> str:
    """Age of the data of a source on the as-of date."""
    if fresh.age_days is None:
        return MISSING
    return _("today") if fresh.age_days == 0 else format_days(fresh.age_days)


def report_of(report: Mapping[str, Any]) -> Report:
    """The ETL's own report (the fields of `--json`) as the page shows it."""
    rejections = [
        RejectedRow(number, row.get("line"), row.get("field"), str(row.get("reason", "")), {})
        for number, row in enumerate(report.get("rejections", ()))
    ]
    delivery_id = report.get("delivery")
    return Report(
        counts=Counts(**{field.name: int(report[field.name]) for field in fields(Counts)}),
        refused=_refusal(report.get("refused")),
        rejections=tuple(rejections),
        remarks=tuple(str(remark) for remark in report.get("remarks", ())),
        as_of=date.fromisoformat(str(report["as_of"])),
        seconds=float(report["seconds"]),
        delivery_id=None if delivery_id is None else int(delivery_id),
    )


def rejected_rows_csv(columns: Sequence[str], rows: Iterable[RejectedRow]) -> Iterator[list[object]]:
    """Lines of the download: line, field, reason, then the mapped columns as they were delivered."""
    for row in rows:
        field_name = row.field and code_label("field", row.field)
        yield [row.line, field_name, in_words(row.reason), *(row.row.get(column) for column in columns)]


def csv_header(columns: Sequence[str]) -> list[str]:
    """Header of the download of rejected rows."""
    return [_("Line"), _("Field"), _("Why not"), *columns]


def csv_file_name(delivery: Delivery) -> str:
    """Name of the download: source, date of the delivery and its number."""
    return f"nicht-uebernommen-{delivery.source}-{delivery.as_of.isoformat()}-{delivery.id}.csv"


def as_of_text(delivery: Delivery) -> str:
    """The date for which a delivery speaks, and where that date comes from."""
    return _(
        "%(date)s (%(origin)s)", date=format_date(delivery.as_of), origin=code_label("as_of_from", delivery.as_of_from)
    )


def _refusal(refused: Any) -> str | None:
    return str(refused) if refused else None
