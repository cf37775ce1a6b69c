"""Delimited text: encodings recognised and said, physical lines kept, broken records reported, no other column."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.files import Chunk, Opened, TableOptions, limits, one_line_records, open_source_file, tables
from geodata.errors import DeliveryRefused
from tests.factories.files import write_text


def read(path: Path, **options: object) -> tuple[Opened, Chunk]:
    """Open a small file and take its only chunk."""
    opened = open_source_file(path, options=TableOptions(**options))  # type: ignore[arg-type]
    chunks = list(opened.chunks)
    assert len(chunks) == 1
    return opened, chunks[0]


# --- encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "Read as utf-8: every byte fits."),
        ("utf-8-sig", "Read as utf-8: it starts with a byte order mark."),
        ("utf-16", "Read as utf-16: it starts with a byte order mark."),
        ("windows-1252", "Read as windows-1252: it is not valid UTF-8."),
    ],
)
def test_the_encoding_is_recognised_and_said(encoding: str, said: str, tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "Straße;Ort\r\nGrüner Weg;Köln – Süd\r\n", encoding)
    opened, chunk = read(path)
    assert opened.columns == ("Straße", "Ort")
    assert chunk.frame.to_dict("list") == {"Straße": ["Grüner Weg"], "Ort": ["Köln – Süd"]}
    assert opened.remarks == [said]


def test_a_late_umlaut_decides_the_encoding(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "a;b\n" + "1;2\n" * 400_000 + "1;ü\n", "windows-1252")
    assert list(open_source_file(path, options=TableOptions()).chunks)[-1].frame["b"].iloc[-1] == "ü"


def test_a_declared_encoding_needs_no_remark(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "a\nü\n", "windows-1252")
    opened, chunk = read(path, encoding="windows-1252", delimiter=";")
    assert chunk.frame["a"].tolist() == ["ü"]
    assert opened.remarks == []


def test_a_mapping_that_is_wrong_about_utf_8_is_overruled_and_it_is_said(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "Straße;b\nü;1\n", "utf-8")
    opened, _ = read(path, encoding="windows-1252")
    assert opened.columns == ("Straße", "b")
    assert opened.remarks == ["The mapping says windows-1252, but the file is utf-8 (every byte fits); read as utf-8."]


@pytest.mark.parametrize(
    ("declared", "content"),
    [("utf-8", b"a;b\n1;2\n3;\xfc\n"), (None, b"a;b\n1;2\n3;\x81\n"), ("ascii", b"a\n1\n\xfc\n")],
)
def test_bytes_that_fit_no_encoding_are_refused_with_their_line(
    declared: str | None, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(DeliveryRefused, match=r"line 3 holds the byte 0x(FC|81)"):
        open_source_file(path, options=TableOptions(encoding=declared))


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "a\n1\n")
    with pytest.raises(DeliveryRefused, match="utf-9"):
        open_source_file(path, options=TableOptions(encoding="utf-9"))


# --- lines and records ------------------------------------------------------------------------------------------------


def test_line_numbers_are_those_of_an_editor(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", 'a;b\n1;"two\nlines"\n\n2;x\n3;y;too many\n4\n5;z')
    opened, chunk = read(path)
    assert chunk.lines == [2, 5, 8]
    assert chunk.frame["b"].tolist() == ["two\nlines", "x", "z"]
    assert chunk.broken == [(6, "expected 2 fields, but 3 came"), (7, "expected 2 fields, but 1 came")]
    assert opened.remarks[-1] == "Left out 1 empty row."


def test_rows_of_delimiters_only_are_empty_rows(tmp_path: Path) -> None:
    opened, chunk = read(write_text(tmp_path / "x.csv", "a;b\n1;2\n;\n;\n"))
    assert (chunk.lines, chunk.broken) == ([2], [])
    assert opened.remarks[-1] == "Left out 2 empty rows."


def test_an_unclosed_quotation_mark_is_explained(tmp_path: Path) -> None:
    _, chunk = read(write_text(tmp_path / "x.csv", 'a;b\n1;x\n2;"y\n3;z\n4;w;\n'))
    assert chunk.lines == [2, 3]
    _, chunk = read(write_text(tmp_path / "y.csv", 'a;b\n1;x\n"2;y\n3;z\n'))
    assert chunk.broken[0][0] == 3
    assert "runs from line 3 to 4, perhaps a quotation mark is not closed" in chunk.broken[0][1]


def test_a_field_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIELD_MAX_CHARACTERS", 1000)
    path = write_text(tmp_path / "x.csv", 'a;b\n1;"x' + "y\n" * 1000)
    with pytest.raises(DeliveryRefused, match=r"line 2 of x\.csv.*quotation mark"):
        list(open_source_file(path, options=TableOptions()).chunks)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_long_file_comes_in_chunks_without_losing_a_line(
    quote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHUNK_ROWS", 3)
    path = write_text(
        tmp_path / "x.csv", "a;b\n" + "".join(f"{n};{quote}x{quote}\n" for n in range(10)) + '"10";"x\n"\n'
    )
    chunks = list(open_source_file(path, options=TableOptions()).chunks)
    assert len(chunks) >= 3
    assert [line for chunk in chunks for line in chunk.lines] == list(range(2, 13))
    assert [value for chunk in chunks for value in chunk.frame["a"]] == [str(n) for n in range(11)]


def test_blocks_and_the_change_to_the_other_reader_lose_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Blocks of a few bytes: records lie over their edges, and the record over two lines comes in the middle.
    monkeypatch.setattr(tables, "BLOCK_BYTES", 20)
    simple = "".join(f"{n};ü\r\n" for n in range(20))
    path = write_text(tmp_path / "x.csv", f'a;b\r\n{simple}\r\n20;x;y\r\n21;"two\r\nlines"\r\n22;"z"\r\n;\r\n23;z')
    opened = open_source_file(path, options=TableOptions())
    chunks = list(opened.chunks)
    assert [line for chunk in chunks for line in chunk.lines] == [*range(2, 22), 24, 26, 28]
    assert [int(value) for chunk in chunks for value in chunk.frame["a"]] == [*range(20), 21, 22, 23]
    assert [one for chunk in chunks for one in chunk.broken] == [(23, "expected 2 fields, but 3 came")]
    assert opened.remarks[-1] == "Left out 2 empty rows."


cells = st.text(alphabet=st.sampled_from("aü1 ;\"'\n\r|,"), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    rows=st.lists(st.lists(cells, min_size=1, max_size=4), max_size=8),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "windows-1252"]),
    quoted=st.booleans(),
)
def test_both_readers_read_the_same(
    rows: list[list[str]], line_end: str, encoding: str, quoted: bool, tmp_path: Path
) -> None:
    with (tmp_path / "x.csv").open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=";", lineterminator=line_end, quoting=csv.QUOTE_ALL if quoted else 0)
        writer.writerows([["a", "b", "c"], *rows])
    found = []
    for block_bytes in (20, 1 << 20):
        for codecs_of_the_fast_reader in (one_line_records.SIMPLE_CODECS, frozenset[str]()):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(tables, "BLOCK_BYTES", block_bytes)
                patch.setattr(one_line_records, "SIMPLE_CODECS", codecs_of_the_fast_reader)
                opened = open_source_file(tmp_path / "x.csv", options=TableOptions(delimiter=";", encoding=encoding))
                chunks = list(opened.chunks)
                lines = [line for chunk in chunks for line in chunk.lines]
                values = [row for chunk in chunks for row in chunk.frame.fillna("").to_numpy().tolist()]
                found.append((lines, values, [one for chunk in chunks for one in chunk.broken], opened.remarks))
    assert found[0] == found[1] == found[2] == found[3]


def test_a_header_alone_yields_no_row(tmp_path: Path) -> None:
    opened = open_source_file(write_text(tmp_path / "x.csv", "a;b\n"), options=TableOptions())
    assert (opened.columns, list(opened.chunks)) == (("a", "b"), [])


def test_a_file_of_blank_lines_has_no_header(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="header"):
        open_source_file(write_text(tmp_path / "x.csv", "\n\n"), options=TableOptions())


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_commonest_delimiter_of_the_header_is_taken(sign: str, tmp_path: Path) -> None:
    opened, _ = read(write_text(tmp_path / "x.csv", f"a b{sign}c\n1{sign}2\n"))
    assert opened.columns == ("a b", "c")


def test_the_line_with_which_excel_names_its_delimiter_is_understood(tmp_path: Path) -> None:
    opened, chunk = read(write_text(tmp_path / "x.csv", "sep=|\na;|b\n1|2\n"))
    assert (opened.columns, chunk.lines) == (("a;", "b"), [3])


def test_a_delimiter_is_one_character(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="one character"):
        open_source_file(write_text(tmp_path / "x.csv", "a;;b\n"), options=TableOptions(delimiter=";;"))


def test_a_file_without_header_gets_its_names_from_the_mapping(tmp_path: Path) -> None:
    path = write_text(tmp_path / "gebref.txt", "N;DENW1;Beispielweg;1\nN;DENW2;Beispielweg;2\n")
    opened, chunk = read(path, header=("nba", "oid", "str", "hnr"), columns=("hnr", "oid"))
    assert opened.columns == ("nba", "oid", "str", "hnr")
    assert chunk.lines == [1, 2]
    assert chunk.frame.to_dict("list") == {"hnr": ["1", "2"], "oid": ["DENW1", "DENW2"]}


# --- columns ----------------------------------------------------------------------------------------------------------


def test_only_requested_columns_are_returned(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "key;owner;street\n1;A. Person;Weg\n")
    opened, chunk = read(path, columns=("street", "key", "missing"))
    assert opened.columns == ("key", "owner", "street")
    assert list(chunk.frame) == ["key", "street"], "in the order of the file"
    assert "A. Person" not in repr(chunk)


def test_a_requested_column_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "key;date;date\n1;2;3\n")
    with pytest.raises(DeliveryRefused, match=r"'date' once, but x\.csv has it 2 times"):
        open_source_file(path, options=TableOptions(columns=("date",)))
    assert list(read(path, columns=("key",))[1].frame) == ["key"]


def test_empty_fields_are_missing_and_text_stays_as_written(tmp_path: Path) -> None:
    _, chunk = read(write_text(tmp_path / "x.csv", "a;b;c\n0702 050;; 1 \n"))
    assert chunk.frame["a"].tolist() == ["0702 050"]
    assert chunk.frame["b"].isna().tolist() == [True]
    assert chunk.frame["c"].tolist() == [" 1 "]
    assert {str(dtype) for dtype in chunk.frame.dtypes} == {"str"}
