"""CSV and other delimited text: a strict reader that keeps physical line numbers, in chunks.

Python's csv reader is used although columnar readers are faster, because a record may hold line breaks, a broken line
must not stop the rest, and an office finds line 4,711 in its editor only if it is really that line.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

import pandas as pd

from etl.files import limits
from etl.files.encodings import recognise_encoding
from etl.files.opened import Chunk, TableOptions
from geodata.errors import DeliveryRefused

OpenStream = Callable[[], BinaryIO]
_DELIMITERS = (";", ",", "\t", "|")
# A record this long, with a wrong number of fields, most probably began with a quotation mark that is never closed.
_LINES_SUSPICIOUS = 2


class DelimitedText:
    """One delimited text file: its columns are known at once, its records come with `chunks()`."""

    def __init__(self, name: str, open_stream: OpenStream, options: TableOptions, remarks: list[str]) -> None:
        csv.field_size_limit(limits.FIELD_MAX_CHARACTERS)
        self._name = name
        self._open_stream = open_stream
        encoding = recognise_encoding(name, open_stream, options.encoding)
        self._codec = encoding.codec
        self._remarks = remarks
        if encoding.remark:
            remarks.append(encoding.remark)
        self._lines_before_header, self._delimiter = self._find_delimiter(options)
        self._header = options.header
        self.columns = options.header or self._read_header()
        self._wanted = wanted_columns(name, self.columns, options.columns)

    def chunks(self) -> Iterator[Chunk]:
        """The records in order; empty lines and lines of delimiters only are left out and counted in the remarks."""
        empty = 0
        with self._open_text() as text:
            records = self._records(text)
            if self._header is None:
                next(records)
            while True:
                chunk, blank, at_end = self._next_chunk(records)
                empty += blank
                if chunk.lines or chunk.broken:
                    yield chunk
                if at_end:
                    break
        if empty:
            self._remarks.append(f"Left out {empty} empty {'row' if empty == 1 else 'rows'}.")

    def _next_chunk(self, records: Iterator[tuple[int, int, list[str]]]) -> tuple[Chunk, int, bool]:
        lines: list[int] = []
        rows: list[list[str]] = []
        broken: list[tuple[int, str]] = []
        blank = 0
        expected = len(self.columns)
        append_line, append_row = lines.append, rows.append
        for start, end, record in records:
            if len(record) == expected and (record[0] or any(record)):
                append_line(start)
                append_row(record)
                if len(lines) >= limits.CHUNK_ROWS:
                    return self._to_chunk(lines, rows, broken), blank, False
            elif any(record):
                broken.append((start, _wrong_length(expected, len(record), start, end)))
            else:
                blank += 1
        return self._to_chunk(lines, rows, broken), blank, True

    def _to_chunk(self, lines: list[int], rows: list[list[str]], broken: list[tuple[int, str]]) -> Chunk:
        by_column = list(zip(*rows, strict=True)) if rows else [()] * len(self.columns)
        frame = pd.DataFrame(
            {
                name: pd.array([value or None for value in by_column[i]], dtype="str")
                for name, i in self._wanted.items()
            },
            index=range(len(lines)),
        )
        return Chunk(lines, frame, None, broken)

    def _records(self, text: io.TextIOWrapper) -> Iterator[tuple[int, int, list[str]]]:
        """(first line, last line, fields) of each record, header included."""
        for _ in range(self._lines_before_header):
            next(text)
        before = self._lines_before_header
        reader = csv.reader(text, delimiter=self._delimiter)
        start = before + 1
        try:
            for record in reader:
                end = before + reader.line_num
                yield start, end, record
                start = end + 1
        except csv.Error as error:
            raise DeliveryRefused(
                f"Expected a record in line {start} of {self._name}, but it cannot be read ({error}): "
                "most often a quotation mark is opened and never closed."
            ) from None

    def _open_text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self._open_stream(), encoding=self._codec, newline="")

    def _read_header(self) -> tuple[str, ...]:
        with self._open_text() as text:
            for _, _, record in self._records(text):
                names = tuple(name.strip() for name in record)
                if any(names):
                    return names
                break
        raise DeliveryRefused(f"Expected a header line in {self._name}, but its first line is empty.")

    def _find_delimiter(self, options: TableOptions) -> tuple[int, str]:
        """(lines before the header, delimiter): as the mapping says, as Excel's `sep=` line says, else the
        commonest."""
        with self._open_text() as text:
            first = text.readline(limits.FIELD_MAX_CHARACTERS).rstrip("\r\n")
        lines_before = 0
        if first.lower().startswith("sep=") and len(first) == len("sep=;"):
            lines_before, found = 1, first[-1]
        else:
            found = max(_DELIMITERS, key=first.count)
        delimiter = options.delimiter or found
        if len(delimiter) != 1:
            raise DeliveryRefused(f"Expected one character as delimiter, but the mapping says {delimiter!r}.")
        return lines_before, delimiter


def wanted_columns(name: str, columns: tuple[str, ...], requested: tuple[str, ...] | None) -> dict[str, int]:
    """Requested columns that the file has, with their positions; DeliveryRefused where a requested name occurs
    twice."""
    wanted = [column for column in (columns if requested is None else requested) if column in columns]
    twice = [column for column in wanted if columns.count(column) > 1] if requested is not None else []
    if twice:
        raise DeliveryRefused(
            f"Expected the column {twice[0]!r} once, but {name} has it {columns.count(twice[0])} times."
        )
    return {column: columns.index(column) for column in wanted if column}


def _wrong_length(expected: int, found: int, start: int, end: int) -> str:
    reason = f"expected {expected} fields, but {found} came"
    if end - start + 1 >= _LINES_SUSPICIOUS:
        reason += f"; the record runs from line {start} to {end}, perhaps a quotation mark is not closed"
    return reason
