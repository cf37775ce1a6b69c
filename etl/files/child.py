"""Starts the child process, waits for it within the limits, and turns its records into chunks."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from etl.files import limits
from etl.files.opened import Chunk, TableOptions
from etl.files.worker_output import GEOMETRY, LINE
from geodata.errors import DeliveryRefused

Task = Literal["features", "kml", "spreadsheet"]
_ROOT = Path(__file__).resolve().parents[2]
# No variable of this process reaches the child: it needs no password and must not see one. One thread for linear
# algebra, because each further one reserves address space, which is what the memory limit counts.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


# How Python, C++ and the loader of libraries say that there is no more memory.
_SIGNS_OF_NO_MEMORY = ("MemoryError", "alloc", "Cannot allocate", "failed to map")


@dataclass(frozen=True)
class ChildRecords:
    """What the child read: all column names, the CRS as text, sentences, and the records themselves."""

    columns: tuple[str, ...]
    crs: str | None
    remarks: list[str]
    table: pa.Table

    def chunks(self) -> Iterator[Chunk]:
        """The records as chunks; unreadable geometry makes a record `broken`."""
        for batch in self.table.to_batches(max_chunksize=limits.CHUNK_ROWS):
            yield _to_chunk(batch)


def read_in_child(
    task: Task,
    name: str,
    path: Path,
    options: TableOptions,
    *,
    format_name: str,
    worker_limits: limits.WorkerLimits = limits.WORKER_LIMITS,
) -> ChildRecords:
    """Read `path` in a child with limits; DeliveryRefused where the child refuses, crashes or exceeds a limit.

    `name` is what messages call the file. The result file is mapped into memory and its name removed at once, so
    nothing is left behind whatever happens to the chunks.
    """
    with tempfile.TemporaryDirectory(prefix="qm-read-") as folder:
        target = Path(folder) / "records.arrow"
        request = {
            "task": task,
            "name": name,
            "path": str(path),
            "format": format_name,
            "sheet": options.sheet,
            "columns": None if options.columns is None else list(options.columns),
            "decimal": options.decimal,
            "target": str(target),
            "limits": asdict(worker_limits),
        }
        answer = _run(name, request, worker_limits)
        with pa.memory_map(str(target)) as source:
            table = pa.ipc.open_file(source).read_all()
    return ChildRecords(tuple(answer["columns"]), answer["crs"], answer["remarks"], table)


def _run(name: str, request: dict[str, Any], worker_limits: limits.WorkerLimits) -> dict[str, Any]:
    too_long = f"Expected to read {name} within {worker_limits.seconds} seconds, but it took longer and was stopped."
    try:
        result = subprocess.run(
            [sys.executable, "-m", "etl.files.worker"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=_ROOT,
            env=_ENVIRONMENT,
            timeout=worker_limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DeliveryRefused(too_long) from None
    answer = json.loads(result.stdout) if result.returncode == 0 and result.stdout else {}
    if "refused" in answer:
        raise DeliveryRefused(answer["refused"])
    if "columns" not in answer:
        raise DeliveryRefused(_crash_sentence(name, answer, result, worker_limits, too_long))
    return dict(answer)


def _crash_sentence(
    name: str,
    answer: dict[str, Any],
    result: "subprocess.CompletedProcess[str]",
    worker_limits: limits.WorkerLimits,
    too_long: str,
) -> str:
    if -result.returncode in (9, 24):  # SIGKILL and SIGXCPU: the limit of processor time
        return too_long
    if "out_of_memory" in answer or any(word in result.stderr for word in _SIGNS_OF_NO_MEMORY):
        allowed = limits.megabytes(worker_limits.memory_bytes)
        return f"Expected to read {name} with at most {allowed} of memory, but it needs more."
    last = result.stderr.strip().rpartition("\n")[2][:200] or f"signal {-result.returncode}"
    return f"Expected a readable file, but the reader broke off at {name} ({last})."


def _to_chunk(batch: pa.RecordBatch) -> Chunk:
    lines = batch.column(LINE).to_pylist()
    columns = [column for column in batch.schema.names if column not in (LINE, GEOMETRY)]
    frame = batch.select(columns).to_pandas() if columns else pd.DataFrame(index=range(len(lines)))
    if GEOMETRY not in batch.schema.names:
        return Chunk(lines, frame)
    raw = np.array(batch.column(GEOMETRY).to_pylist(), dtype=object)
    geometry = np.asarray(shapely.from_wkb(raw, on_invalid="ignore"), dtype=object)
    is_broken = np.array([g is None and wkb is not None for g, wkb in zip(geometry, raw, strict=True)], dtype=bool)
    if not is_broken.any():
        return Chunk(lines, frame, geometry)
    numbers = np.array(lines)
    broken = [(int(line), "expected a geometry, but it cannot be built") for line in numbers[is_broken]]
    return Chunk(numbers[~is_broken].tolist(), frame[~is_broken].reset_index(drop=True), geometry[~is_broken], broken)
