"""A table as XLSX: typed cells with number formats, a header that stays, and a sheet of definitions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from dashboard.exports.about import About
from dashboard.exports.cells import heading, plain_title, text_of, unit_of
from dashboard.i18n import gettext as _
from dashboard.table import Column, RemoteTable
from geodata.csv_safe import safe_cell

# Formats as the file stores them; a German Excel shows them with comma and dots.
FORMATS: Final[Mapping[str, str]] = {
    "date": "DD.MM.YYYY",
    "integer": "#,##0",
    "days": "#,##0",
    "decimal": "#,##0.0",
    "money": '#,##0\\ "€"',
    "percent": "0.0%",
}
_CELL_MAX: Final = 32_767
_PIXELS_PER_CHARACTER: Final = 7
_BOLD: Final = Font(bold=True)
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def write(target: IO[bytes], table: RemoteTable, rows: Iterable[Mapping[str, Any]], about: About) -> None:
    """Write the table and its definitions; rows are taken one by one and never held together."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = about.title, "quartiermonitor"
    _write_rows(book, table, rows, about)
    _write_definitions(book, table, about)
    book.save(target)


def _write_rows(book: Any, table: RemoteTable, rows: Iterable[Mapping[str, Any]], about: About) -> None:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", about.title)[:31])
    heads = [heading(column, has_number_formats=True) for column in table.columns]
    for number, (column, head) in enumerate(zip(table.columns, heads, strict=True), start=1):
        width = max(column.width / _PIXELS_PER_CHARACTER, len(head) + 3)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = " · ".join(text for _name, text in about.lines() if text).replace("&", "&&")[:250]
    sheet.append([_text(sheet, head, font=_BOLD) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, column, row.get(column.key)) for column in table.columns])


def _write_definitions(book: Any, table: RemoteTable, about: About) -> None:
    sheet = book.create_sheet(_("Definitions"))
    for letter, width in zip("ABC", (30, 90, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    for name, text in about.lines():
        sheet.append([_text(sheet, name, font=_BOLD), _text(sheet, text, alignment=_WRAPPED)])
    if about.rows is not None:
        sheet.append([_text(sheet, _("Number of rows"), font=_BOLD), _left(sheet, about.rows)])
    sheet.append([])
    sheet.append([_text(sheet, head, font=_BOLD) for head in (_("Column"), _("Meaning"), _("Unit"))])
    for column in table.columns:
        meaning = _(column.definition) if column.definition else ""
        texts: Sequence[str] = (plain_title(column), meaning, unit_of(column))
        sheet.append([_text(sheet, text, alignment=_WRAPPED) for text in texts])


def _cell(sheet: Any, column: Column, value: Any) -> Any:
    typed = text_of(column, value)
    if typed is None:
        return None
    if isinstance(typed, str):
        return _text(sheet, typed)
    cell = WriteOnlyCell(sheet, typed)
    cell.number_format = FORMATS[column.kind]
    return cell


def _left(sheet: Any, number: int) -> Any:
    """A number among texts: it stays one, and stands where they stand."""
    cell = WriteOnlyCell(sheet, number)
    cell.number_format, cell.alignment = FORMATS["integer"], Alignment(horizontal="left")
    return cell


def _text(sheet: Any, text: str, *, font: Font | None = None, alignment: Alignment | None = None) -> Any:
    """A cell of text: openpyxl takes what begins with an equals sign for a formula unless it is told otherwise."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", safe_cell(text))[:_CELL_MAX])
    cell.data_type = "s"
    if font:
        cell.font = font
    if alignment:
        cell.alignment = alignment
    return cell
