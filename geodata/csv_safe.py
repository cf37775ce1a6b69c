"""CSV files that a German spreadsheet opens as they are meant, and in which no cell becomes a formula.

UTF-8 with a byte order mark and semicolons, because Excel with German settings expects both. A text that begins with
`= + - @` (also of full width, which some spreadsheets take for the narrow ones), tab, line feed or carriage return
would be computed when the file is opened: it gets an apostrophe in front. Numbers stay numbers, negative ones too.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

BYTE_ORDER_MARK = "\ufeff"
_DANGEROUS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\n", "\r")
# Digits with at most one sign and one decimal separator, thousands separated by dots or not at all.
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)([.,]\d+)?", re.ASCII)


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula; None is an empty cell."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text) else text


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The file line by line, so that a long one can be sent while it is read."""
    yield BYTE_ORDER_MARK + csv_line(header)
    for row in rows:
        yield csv_line(row)


def csv_line(cells: Iterable[object]) -> str:
    """One line of the file."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
