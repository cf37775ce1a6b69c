"""The common case of CSV, where every record stands on one line: parsed by Arrow, many times faster than by Python.

Results of well-formed lines are those of the reader in `tables.py`, line numbers included, and no line is lost. What
cannot be done this way (records over several lines, lone carriage returns, encodings in which a line end is no single
byte) is recognised before.
"""

import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from etl.files import limits
from etl.files.opened import Chunk

BLOCK_BYTES = 4 * limits.MIB
# Their line ends, delimiters and quotation marks are single bytes that occur in no other character.
SIMPLE_CODECS = frozenset(
    {"utf-8", "utf-8-sig", "windows-1252", "cp1252", "iso-8859-1", "latin-1", "iso-8859-15", "ascii"}
)
_QUOTE = b'"'


@dataclass(frozen=True)
class RecordsOnLines:
    """How the lines of one file are parsed: `wanted` gives the position of each requested column."""

    delimiter: str
    codec: str
    fields: int
    wanted: dict[str, int]

    def can_parse(self, block: bytes) -> bool:
        """Whether each record of the block stands on a line of its own."""
        if self.codec not in SIMPLE_CODECS or self.fields < 2 or block.count(b"\r") != block.count(b"\r\n"):
            return False
        return _QUOTE not in block or all(line.count(_QUOTE) % 2 == 0 for line in block.split(b"\n"))

    def parse(self, block: bytes, first_line: int) -> tuple[list[Chunk], int]:
        """The records of whole lines as chunks of about `CHUNK_ROWS`, and the number of lines without any value."""
        invalid: list[tuple[int, int, str]] = []

        def skip(row: "pyarrow.csv.InvalidRow") -> str:
            invalid.append((row.number - 1, row.actual_columns, row.text))
            return "skip"

        table = self._read(block, skip)
        broken = [
            (first_line + at, f"expected {self.fields} fields, but {found} came")
            for at, found, text in invalid
            if not self._no_value.fullmatch(text.encode())
        ]
        lines = np.delete(np.arange(table.num_rows + len(invalid)), [at for at, *_ in invalid])
        has_values = ~np.isin(lines, self._empty_lines(block))
        if not has_values.all():
            lines, table = lines[has_values], table.filter(pa.array(has_values))
        blank = len(has_values) - len(lines) + len(invalid) - len(broken)
        return list(self._to_chunks(table, lines + first_line, broken)), blank

    @property
    def _no_value(self) -> re.Pattern[bytes]:
        delimiter = re.escape(self.delimiter.encode())
        return re.compile(rb'^(?:"")?(?:' + delimiter + rb'(?:"")?)*\r?$', re.MULTILINE)

    def _empty_lines(self, block: bytes) -> npt.NDArray[np.intp]:
        """Lines without any value, which Arrow takes for rows; looked for only where the block has one at all."""
        content = np.frombuffer(block, dtype=np.uint8)
        line_ends = np.flatnonzero(content == ord("\n"))
        begins = np.append(0, line_ends + 1)[: len(line_ends) + (not block.endswith(b"\n"))]
        first = content[begins]
        may_be_empty = (first == ord("\r")) | (first == ord("\n")) | (first == ord(self.delimiter))
        may_be_empty |= (first == ord(_QUOTE)) & (content[np.minimum(begins + 1, len(content) - 1)] == ord(_QUOTE))
        if not may_be_empty.any():
            return np.array([], dtype=np.intp)
        starts = np.array([found.start() for found in self._no_value.finditer(block)], dtype=np.intp)
        return np.searchsorted(line_ends, starts)

    def _read(self, block: bytes, skip: Callable[["pyarrow.csv.InvalidRow"], str]) -> pa.Table:
        text = block if self.codec.startswith("utf-8") else block.decode(self.codec).encode()
        names = [f"f{position}" for position in range(self.fields)]
        return pyarrow.csv.read_csv(
            io.BytesIO(text),
            # One thread and one block: only then are the row numbers of invalid rows known.
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self.delimiter, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                include_columns=[names[position] for position in self.wanted.values()] or names[:1],
                null_values=[""],
                strings_can_be_null=True,
            ),
        )

    def _to_chunks(
        self, table: pa.Table, lines: npt.NDArray[np.int64], broken: list[tuple[int, str]]
    ) -> Iterator[Chunk]:
        """Parts of one size, so that no tiny chunk is left over; broken lines go with the first part."""
        parts = max(1, round(table.num_rows / limits.CHUNK_ROWS))
        edges = np.linspace(0, table.num_rows, parts + 1).astype(int)
        for start, end in itertools.pairwise(edges):
            frame = table.slice(start, end - start).to_pandas()
            frame = frame if self.wanted else frame.iloc[:, :0]
            frame.columns = list(self.wanted)
            yield Chunk(lines[start:end].tolist(), frame, None, broken if start == 0 else [])


class Rejoined(io.RawIOBase):
    """What was read already and the rest of a stream, as one stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        """Always: it is for reading only."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # any writable buffer
        """Fill the buffer from the head first."""
        data = bytes(self._head[: len(buffer)]) if self._head else self._rest.read(len(buffer)) or b""
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)
