"""A table as CSV for a German spreadsheet: header first, dates and decimals as it expects them, no formulas."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from dashboard.exports.cells import heading, text_of
from dashboard.table import NUMBERS, RemoteTable
from geodata.csv_safe import csv_lines


def table_lines(table: RemoteTable, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The file line by line; percent are numbers from 0 to 100, units stand in the header."""
    header = [heading(column, has_number_formats=False) for column in table.columns]
    cells = ([_cell(column.kind, text_of(column, row.get(column.key))) for column in table.columns] for row in rows)
    return csv_lines(header, cells)


def _cell(kind: str, value: Any) -> str | None:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if value is None or kind not in NUMBERS:
        return None if value is None else str(value)
    number = round(value * 100, 2) if kind == "percent" else value
    # Twelve digits hold every number of ours; repr would write 0.1 + 0.2 with seventeen.
    return f"{number:.12g}".replace(".", ",")
