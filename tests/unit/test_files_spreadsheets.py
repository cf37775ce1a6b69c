"""Spreadsheets: values only, typed cells as text that casts understand, bombs refused from the directory of the zip."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from etl.files import Chunk, Opened, TableOptions, limits, open_source_file
from geodata.errors import DeliveryRefused
from tests.factories.files import save_formula_result, write_spreadsheet


def read(path: Path, **options: object) -> tuple[Opened, Chunk]:
    """Open a small spreadsheet and take its only chunk."""
    opened = open_source_file(path, options=TableOptions(**options))  # type: ignore[arg-type]
    return opened, next(iter(opened.chunks))


def test_typed_cells_come_as_text_that_casts_understand(tmp_path: Path) -> None:
    rows = [
        ["day", "moment", "area", "count", "yes", "text", "nothing"],
        [dt.date(2024, 3, 31), dt.datetime(2024, 3, 31, 8, 12), 12.5, 7.0, True, "0702 050", None],  # noqa: DTZ001 - a cell has no zone
    ]
    _, chunk = read(write_spreadsheet(tmp_path / "x.xlsx", rows), decimal=",")
    row = chunk.frame.iloc[0]
    assert row["day"] == "2024-03-31"
    assert row["moment"] == "2024-03-31T08:12:00"
    assert row["area"] == "12,5"
    assert row["count"] == "7"
    assert row["yes"] == "true"
    assert row["text"] == "0702 050"
    assert chunk.frame["nothing"].isna().all()


def test_a_formula_is_read_as_the_value_saved_with_it(tmp_path: Path) -> None:
    path = write_spreadsheet(tmp_path / "x.xlsx", [["key", "sum"], ["A", "=40+2"], ["B", '=HYPERLINK("http://x")']])
    _, chunk = read(save_formula_result(path, "40+2", "42"))
    assert chunk.frame["sum"].tolist()[0] == "42"
    # A formula without a saved value is an empty cell: it is not computed here, and its text is never returned.
    assert chunk.frame["sum"].isna().tolist()[1]


def test_a_title_above_the_header_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    rows = [["Register of objects, as of March"], [], ["key", "owner"], ["A", "X"], [], ["B", "Y"]]
    _, chunk = read(write_spreadsheet(tmp_path / "x.xlsx", rows), columns=("key",))
    assert chunk.lines == [4, 6]
    assert chunk.frame.to_dict("list") == {"key": ["A", "B"]}


def test_the_first_of_several_sheets_is_read_and_it_is_said(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["a"])
    book.active.append(["first"])
    second = book.create_sheet("Second")
    second.append(["a"])
    second.append(["second"])
    book.save(tmp_path / "x.xlsx")
    opened, chunk = read(tmp_path / "x.xlsx")
    assert chunk.frame["a"].tolist() == ["first"]
    assert opened.remarks == ["Read the first sheet 'Sheet' of 2; the mapping can name another."]
    assert read(tmp_path / "x.xlsx", sheet="Second")[1].frame["a"].tolist() == ["second"]
    with pytest.raises(DeliveryRefused, match=r"'Third', but x\.xlsx has 'Sheet', 'Second'"):
        read(tmp_path / "x.xlsx", sheet="Third")


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="is empty"):
        read(write_spreadsheet(tmp_path / "x.xlsx", []))


def test_a_damaged_spreadsheet_is_refused(tmp_path: Path) -> None:
    path = write_spreadsheet(tmp_path / "x.xlsx", [["a"], ["1"]])
    with zipfile.ZipFile(path, "a") as archive:
        pass
    with zipfile.ZipFile(tmp_path / "y.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<not-a-workbook")
    with pytest.raises(DeliveryRefused, match=r"y\.xlsx is damaged"):
        read(tmp_path / "y.xlsx")


def test_a_spreadsheet_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * (20 * limits.MIB // 6))
    assert path.stat().st_size < 100_000
    with pytest.raises(DeliveryRefused, match=r"grows \d+ times to 20 MB"):
        read(path)


def test_a_spreadsheet_that_is_merely_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SPREADSHEET_MAX_BYTES", 1000)
    with pytest.raises(DeliveryRefused, match="after unpacking"):
        read(write_spreadsheet(tmp_path / "x.xlsx", [["a"], ["1"]]))


def test_a_requested_column_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    path = write_spreadsheet(tmp_path / "x.xlsx", [["key", "date", "date"], ["A", "1", "2"]])
    assert read(path, columns=("key",))[1].frame.columns.tolist() == ["key"]
    with pytest.raises(DeliveryRefused, match=r"'date' once, but x\.xlsx has it 2 times"):
        read(path, columns=("key", "date"))
