"""Spreadsheets in the child process: values only (of a formula the value that was saved with it), never code or
links."""

from typing import Any

import python_calamine

from etl.files.worker_output import as_text, write_records
from geodata.errors import DeliveryRefused

# Registers often carry a title and a date above the header.
_HEADER_WITHIN_ROWS = 20


def read_spreadsheet(request: dict[str, Any]) -> dict[str, Any]:
    """Read one sheet: the header is the first row that holds all requested columns, else the first that is not
    empty."""
    name = request["name"]
    try:
        book = python_calamine.CalamineWorkbook.from_path(request["path"])
        sheet = book.get_sheet_by_name(_choose_sheet(name, book.sheet_names, request["sheet"]))
        rows = sheet.to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise DeliveryRefused(
            f"Expected a readable spreadsheet, but {name} is damaged or protected ({error})."
        ) from None
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell != "" for cell in row)]
    if not filled:
        raise DeliveryRefused(f"Expected a header and rows in {name}, but the sheet {sheet.name!r} is empty.")
    position = _header_position(filled, request["columns"])
    columns = [str(as_text(cell, ".") or "").strip() for cell in filled[position][1]]
    twice = [column for column in request["columns"] or () if columns.count(column) > 1]
    if twice:
        raise DeliveryRefused(
            f"Expected the column {twice[0]!r} once, but {name} has it {columns.count(twice[0])} times."
        )
    body = filled[position + 1 :]
    wanted = {column: i for i, column in enumerate(columns) if _is_wanted(column, request["columns"])}
    write_records(
        request["target"],
        [number for number, _ in body],
        {column: [as_text(row[i], request["decimal"]) for _, row in body] for column, i in wanted.items()},
        None,
    )
    return {"columns": columns, "crs": None, "remarks": _remarks(book.sheet_names, sheet.name, request["sheet"])}


def _choose_sheet(name: str, sheets: list[str], wanted: str | None) -> str:
    if wanted is None:
        return sheets[0]
    if wanted not in sheets:
        raise DeliveryRefused(f"Expected the sheet {wanted!r}, but {name} has {', '.join(map(repr, sheets))}.")
    return wanted


def _header_position(filled: list[tuple[int, list[Any]]], requested: list[str] | None) -> int:
    if requested:
        for position, (_, row) in enumerate(filled[:_HEADER_WITHIN_ROWS]):
            if set(requested) <= {str(cell).strip() for cell in row}:
                return position
    return 0


def _is_wanted(column: str, requested: list[str] | None) -> bool:
    return bool(column) and (requested is None or column in requested)


def _remarks(sheets: list[str], read: str, wanted: str | None) -> list[str]:
    if wanted is not None or len(sheets) == 1:
        return []
    return [f"Read the first sheet {read!r} of {len(sheets)}; the mapping can name another."]
