"""How the child process hands over records: text columns, line numbers and WKB, as one Arrow IPC file."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

LINE = "\x00line"
GEOMETRY = "\x00geometry"
_ROWS_PER_BATCH = 50_000
# Up to here every whole number has a float of its own.
_WHOLE_UP_TO = 2**53


def as_text(value: Any, decimal: str) -> str | None:
    """A typed value as the text that `Chunk` promises; missing, empty and NaN become None."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number_as_text(value, decimal)
    if isinstance(value, dt.datetime):
        has_time = value.time() != dt.time() or value.tzinfo is not None
        return value.isoformat(timespec="seconds") if has_time else value.date().isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def _number_as_text(value: float, decimal: str) -> str | None:
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) <= _WHOLE_UP_TO:
        return str(int(value))
    return repr(value).replace(".", decimal)


def write_records(
    target: str,
    lines: Sequence[int],
    columns: Mapping[str, Iterable[str | None]],
    geometry: Sequence[bytes | None] | None,
) -> None:
    """Write all records of a file; `geometry` is WKB, None for a table."""
    arrays: dict[str, pa.Array] = {LINE: pa.array(lines, type=pa.int64())}
    for name, values in columns.items():
        arrays[name] = pa.array(list(values), type=pa.large_string())
    if geometry is not None:
        arrays[GEOMETRY] = pa.array(geometry, type=pa.large_binary())
    table = pa.table(arrays)
    with pa.OSFile(target, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=_ROWS_PER_BATCH)
