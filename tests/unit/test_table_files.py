"""Tables as files: values keep their types, nothing becomes a formula, and each file says what it is."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from dashboard.exports import xlsx_file
from dashboard.exports.about import About
from dashboard.exports.cells import heading
from dashboard.exports.csv_file import table_lines
from dashboard.table import Column, RemoteTable, TablePage, cell_in_words, link_of

COLUMNS = (
    Column("name", "Address", "link", link="/objekt/{id}"),
    Column("note", "Remark", "text", definition="Date of that event."),
    Column("seen_on", "Last inspection", "date"),
    Column("visits", "Objects", "integer"),
    Column("weight", "Mass (probe)", "decimal"),
    Column("late", "Due", "days"),
    Column("cost", "Price (probe)", "money"),
    Column("share", "Part (probe)", "percent"),
    Column("state", "State", "code", code_list="state"),
    Column("is_blocked", "Blocked", "yes_no"),
)
TABLE = RemoteTable(
    key="probe", title="Objects", permission="property:read", columns=COLUMNS, read=lambda *_: TablePage([], 0)
)
ABOUT = About("Objekte", "Musterstadt", date(2026, 11, 15), "Ampel: Rot", "Lieferungen", is_invented=True, rows=2)
FULL: Mapping[str, Any] = {
    "id": 7, "name": "Beispielweg 1", "note": "ruhig", "seen_on": date(2026, 3, 1), "visits": 12_345,
    "weight": 0.1 + 0.2, "late": -3,
    "cost": 1_234_567.5, "share": 0.125, "state": ("recorded", "closed"), "is_blocked": True,
}  # fmt: skip
EMPTY: Mapping[str, Any] = dict.fromkeys((column.key for column in COLUMNS), None) | {"id": 8, "name": "ohne"}
DANGEROUS = ["=1+1", "+49 2331", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]


def csv_rows(*rows: Mapping[str, Any]) -> list[list[str]]:
    text = "".join(table_lines(TABLE, rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def book_of(*rows: Mapping[str, Any]) -> Workbook:
    target = io.BytesIO()
    xlsx_file.write(target, TABLE, iter(rows), ABOUT)
    return load_workbook(io.BytesIO(target.getvalue()))


def test_csv_writes_as_a_german_spreadsheet_reads() -> None:
    head, full, empty = csv_rows(FULL, EMPTY)
    assert head[3:8] == ["Objekte", "Mass (probe)", "Fällig (Tage)", "Price (probe) (€)", "Part (probe) (%)"]
    assert full == [
        "Beispielweg 1", "ruhig", "01.03.2026", "12345", "0,3", "-3", "1234567,5", "12,5",
        "Erfasst, Abgeschlossen", "ja",
    ]  # fmt: skip
    assert empty == ["ohne", *[""] * (len(COLUMNS) - 1)]


def test_a_name_in_a_file_has_no_soft_hyphen() -> None:
    assert heading(Column("late", "over\N{SOFT HYPHEN}due", "days"), has_number_formats=True).startswith("overdue (")


def test_xlsx_keeps_types_and_says_units_by_number_formats() -> None:
    sheet = book_of(FULL, EMPTY).worksheets[0]
    head, full, empty = sheet.iter_rows()
    assert [cell.font.bold for cell in head] == [True] * len(COLUMNS)
    assert [cell.value for cell in head][5:8] == ["Fällig (Tage)", "Price (probe)", "Part (probe)"]
    assert sheet.freeze_panes == "A2"
    shown = {column.key: cell for column, cell in zip(COLUMNS, full, strict=True)}
    assert shown["seen_on"].is_date
    assert shown["seen_on"].value.date() == FULL["seen_on"]
    assert shown["seen_on"].number_format == "DD.MM.YYYY"
    assert (shown["visits"].value, shown["late"].value, shown["share"].value) == (12_345, -3, 0.125)
    assert shown["share"].number_format == "0.0%"
    assert "€" in shown["cost"].number_format
    assert [cell.value for cell in empty] == ["ohne", *[None] * (len(COLUMNS) - 1)]
    assert sheet.column_dimensions["A"].width >= 20


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_in_either_file(text: str) -> None:
    rows = FULL | {"name": text, "note": text}
    assert csv_rows(rows)[1][:2] == ["'" + text] * 2
    for cell in list(book_of(rows).worksheets[0].iter_rows())[1][:2]:
        assert cell.data_type == "s"
        assert not str(cell.value).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_text_that_no_spreadsheet_can_hold_is_cut_and_not_a_fault() -> None:
    sheet = book_of(FULL | {"name": "a\x00b\x0bc", "note": "x" * 40_000}).worksheets[0]
    assert sheet["A2"].value == "abc"
    assert len(sheet["B2"].value) == 32_767


def test_the_second_sheet_defines_every_column_and_says_what_the_file_is() -> None:
    sheet = book_of(FULL).worksheets[1]
    assert sheet.title == "Definitionen"
    lines = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    expected = {"Titel": "Objekte", "Stand vom": "15.11.2026", "Filter": "Ampel: Rot", "Anzahl der Zeilen": 2}
    assert {name: lines[name] for name in expected} == expected
    assert lines["Hinweis"] == "Erfundene Beispieldaten"
    assert lines["Hinweis"] in book_of(FULL).worksheets[0].oddFooter.left.text
    assert set(lines) >= {"Adresse", "Zustand", "Price (probe)"}


def test_a_real_city_has_no_note_of_invention() -> None:
    real = About("Objekte", "Hagen", date(2026, 11, 15), "keiner: alles", "Lieferungen", is_invented=False)
    assert "Hinweis" not in dict(real.lines())
    assert real.file_name("csv") == "Objekte_2026-11-15.csv"


def test_file_names_hold_no_spaces_and_no_umlauts() -> None:
    odd = About("Fällige Prüfungen / Größe", "X", date(2026, 1, 2), "", "", is_invented=True)
    assert odd.file_name("xlsx") == "Faellige-Pruefungen-Groesse_2026-01-02_Erfundene-Beispieldaten.xlsx"


def test_rows_are_taken_one_by_one() -> None:
    taken = []

    def rows() -> Iterator[Mapping[str, Any]]:
        for number in range(3):
            taken.append(number)
            yield FULL

    lines = table_lines(TABLE, rows())
    next(lines), next(lines)
    assert taken == [0]


@pytest.mark.parametrize(
    ("key", "said"),
    [("seen_on", "01.03.2026"), ("visits", "12.345"), ("weight", "0,3"), ("late", "-3 Tage"), ("share", "13 %"),
     ("state", "Erfasst, Abgeschlossen"), ("is_blocked", "ja"), ("note", "ruhig")],
)  # fmt: skip
def test_the_grid_says_values_in_words(key: str, said: str) -> None:
    column = next(column for column in COLUMNS if column.key == key)
    assert cell_in_words(column, FULL[key]).replace("\u00a0", " ") == said
    assert cell_in_words(column, None) == "–"


def test_a_link_holds_what_it_needs_or_is_none() -> None:
    name, note = COLUMNS[:2]
    assert link_of(name, {"id": "a/b?c"}, {"as_of": "2026-01-01"}) == "/objekt/a%2Fb%3Fc?as_of=2026-01-01"
    assert link_of(name, {"id": None}, {}) is None
    assert link_of(note, FULL, {}) is None
