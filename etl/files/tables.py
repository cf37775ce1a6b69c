"""CSV and other delimited text: a strict reader that keeps physical line numbers, in chunks.

Python's csv reader is used although columnar readers are faster, because a record may hold line breaks, a broken line
must not stop the rest, and an office finds line 4,711 in its editor only if it is really that line.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

import pandas as pd

from etl.files import limits
from etl.files.encodings import recognise_encoding
from etl.files.one_line_records import BLOCK_BYTES, RecordsOnLines, Rejoined
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
        self._empty_rows = 0

    def chunks(self) -> Iterator[Chunk]:
        """The records in order; empty lines and lines of delimiters only are left out and counted in the remarks."""
        with self._open_stream() as stream:
            yield from self._fast_chunks(stream)
        if self._empty_rows:
            rows = "row" if self._empty_rows == 1 else "rows"
            self._remarks.append(f"Left out {self._empty_rows} empty {rows}.")

    def _fast_chunks(self, stream: BinaryIO) -> Iterator[Chunk]:
        """Block by block while each record stands on one line; at the first that does not, the slow reader goes on."""
        on_lines = RecordsOnLines(self._delimiter, self._codec, len(self.columns), self._wanted)
        pending, lines_before, is_start, at_end = b"", 0, True, False
        while not at_end:
            data = stream.read(BLOCK_BYTES)
            pending, at_end = pending + data, not data
            block = pending if at_end else pending[: pending.rfind(b"\n") + 1]
            if not on_lines.can_parse(block) or len(pending) - len(block) > limits.FIELD_MAX_CHARACTERS:
                yield from self._slow_chunks(Rejoined(pending, stream), lines_before, is_start=is_start)
                return
            body = self._without_header(block) if is_start else block
            first_line = lines_before + block[: len(block) - len(body)].count(b"\n") + 1
            if body:
                found, blank = on_lines.parse(body, first_line)
                self._empty_rows += blank
                yield from (chunk for chunk in found if chunk.lines or chunk.broken)
            lines_before += block.count(b"\n")
            is_start, pending = is_start and not block, pending[len(block) :]

    def _without_header(self, block: bytes) -> bytes:
        """The lines with records of the first block."""
        for _ in range(self._lines_before_header + (self._header is None)):
            block = block.partition(b"\n")[2]
        return block.removeprefix(codecs.BOM_UTF8)

    def _slow_chunks(self, raw: io.RawIOBase, lines_before: int, *, is_start: bool) -> Iterator[Chunk]:
        with io.TextIOWrapper(io.BufferedReader(raw), encoding=self._codec, newline="") as text:
            records = self._records(text, lines_before, is_start=is_start)
            if is_start and self._header is None:
                next(records)
            at_end = False
            while not at_end:
                chunk, blank, at_end = self._next_chunk(records)
                self._empty_rows += blank
                if chunk.lines or chunk.broken:
                    yield chunk

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

    def _records(
        self, text: io.TextIOWrapper, before: int = 0, *, is_start: bool = True
    ) -> Iterator[tuple[int, int, list[str]]]:
        """(first line, last line, fields) of each record, header included; `before` lines were read already."""
        if is_start:
            before = self._lines_before_header
            for _ in range(before):
                next(text)
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
    """Requested columns that the file has, in its order, with their positions; DeliveryRefused where a requested name
    occurs twice."""
    wanted = [column for column in columns if requested is None or column in requested]
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
