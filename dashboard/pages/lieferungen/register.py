"""The list of deliveries as files: what came, from which file, and what became of its rows."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.lieferungen import figures
from dashboard.pages.lieferungen.etl_words import in_words
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.calendar import BERLIN
from geodata.deliveries import DELIVERY_SORTS, Delivery, count_deliveries, list_deliveries

_SORTABLE: Final = frozenset(DELIVERY_SORTS)


def read_deliveries(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """A slice of all deliveries of the city; neither filter nor as-of date leave one out."""
    total = count_deliveries(asker) if wanted.known_total is None else wanted.known_total
    rows = list_deliveries(
        asker, sort=wanted.sort or "id", descending=wanted.descending, limit=wanted.size, offset=wanted.start
    )
    return TablePage([delivery_row(delivery) for delivery in rows], total)


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    """A delivery as a row; the moment at which it came is the day in the city."""
    return {
        "id": delivery.id,
        "source": delivery.source,
        "file_name": delivery.file_name,
        "as_of": delivery.as_of,
        "recorded_at": delivery.recorded_at.astimezone(BERLIN).date(),
        "outcome": _(figures.OUTCOME_LABELS[figures.outcome_of(delivery)]),
        "refused": in_words(delivery.refused) if delivery.refused else None,
        **asdict(delivery.counts),
    }


def _count_column(name: str) -> Column:
    return Column(
        name, figures.COUNT_LABELS[name], "integer", width=110, is_sortable=name in _SORTABLE,
        definition=figures.COUNT_HINTS[name],
    )  # fmt: skip


DELIVERIES: Final = RemoteTable(
    key="lieferungen",
    title=N_("Deliveries"),
    permission="delivery:read",
    columns=(
        Column("id", N_("No."), "integer", width=80, is_sortable=True,
               definition=N_("Running number of the delivery.")),
        Column("source", N_("Source"), "code", code_list="delivery_source", width=150, is_sortable=True,
               definition=N_("Kind of data that the file brought.")),
        Column("file_name", N_("File"), "text", width=260, is_sortable=True,
               definition=N_("Name of the file as it was sent.")),
        Column("as_of", N_("As of"), "date", width=112, is_sortable=True,
               definition=N_("Date for which the file speaks.")),
        Column("recorded_at", N_("Received"), "date", width=112, is_sortable=True,
               definition=N_("Day on which the file came in.")),
        Column("outcome", N_("Result"), "text", width=160, definition=N_("What became of the delivery as a whole.")),
        *(_count_column(name) for name in figures.COUNT_LABELS),
        Column("refused", N_("Why refused"), "text", width=320,
               definition=N_("Reason for which nothing of the file was taken over.")),
    ),
    read=read_deliveries,
    default_sort="id",
    default_descending=True,
    is_versioned=False,
    source=N_("Reports of the deliveries in quartiermonitor"),
)  # fmt: skip
