"""What one delivery has found out so far, and how its chunks are read while the database takes in those before."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import pandas as pd

from etl import deliveries
from etl.checks import Placement
from etl.files import Chunk, Opened
from etl.mapping import Mapping
from etl.order import Order, open_by_mapping
from etl.report import COUNTS, DeliveryReport
from etl.rows import Prepared, Rejection, Repair, Task, prepare, row_content
from etl.source import Past
from etl.withheld import withheld

MOST_REJECTIONS_KEPT = 50_000


class Progress(Protocol):
    """Told what is being done and how many rows are done so far."""

    def __call__(self, what: str, rows: int) -> None: ...


@dataclass
class Work:
    """One delivery on its way: what is known of it, counted and said."""

    mapping: Mapping
    file: deliveries.DeliveryFile
    started: float
    tell: Progress
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    rejections: list[Rejection] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)
    placement: Placement = field(default_factory=Placement)
    erased: int = 0
    refused: str | None = None
    delivery_id: int | None = None

    def say(self, *remarks: str) -> None:
        """Add sentences to the report, each once."""
        self.remarks.update(dict.fromkeys(remarks))

    def keep(self, rejections: list[Rejection]) -> None:
        """Keep rejections while there is room; all are counted, and a file of millions must not fill the memory."""
        room = MOST_REJECTIONS_KEPT - len(self.rejections)
        self.rejections += withheld(rejections[:room], self.mapping.source)
        if len(rejections) > room:
            self.say(f"Of all rejections the first {MOST_REJECTIONS_KEPT:,} are kept.")

    def reject(self, found: list[Rejection], order: Order) -> None:
        """Count and keep rows that comparison rejects; their columns come from a second look into the file."""
        self.counts["rejected"] += len({one.line for one in found})
        self.keep(_with_content(found, order, self.mapping))
        self.rejections.sort(key=lambda one: one.line or 0)

    @property
    def seconds(self) -> float:
        """How long the delivery has taken so far."""
        return time.monotonic() - self.started

    def report(self) -> DeliveryReport:
        """The delivery as its sender reads of it."""
        return DeliveryReport(
            delivery=self.delivery_id,
            source=self.mapping.source.name,
            mapping=self.mapping.name,
            as_of=self.file.as_of,
            as_of_from=self.file.as_of_from,
            counts=self.counts,
            refused=self.refused,
            seconds=self.seconds,
            rejections=tuple(self.rejections),
            remarks=tuple(self.remarks),
        )


def read_rows(opened: Opened, task: Task, work: Work, writing: Callable[[pd.DataFrame], Callable[[], object]]) -> None:
    """Prepare chunk by chunk; `writing` makes of the rows what a thread runs while the next chunk is prepared.

    The database needs as long to take in a chunk as Python to prepare one. That thread has the connection for itself
    until this returns: nothing else here asks the database.
    """
    outside = placed = 0
    hint = None
    pending: Future[object] | None = None
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="staging") as writer:
        for chunk in _chunks(opened, work.mapping.source.past):
            done = prepare(chunk, task)
            send = writing(done.frame)
            if pending is not None:
                pending.result()
            pending = writer.submit(send)
            _collect(done, work)
            placed, outside, hint = placed + done.placed, outside + done.outside, done.hint or hint
            work.tell("reading", work.counts["read"])
        if pending is not None:
            pending.result()
    work.placement = Placement(placed, outside, hint)
    work.say(*opened.remarks)


def _chunks(opened: Opened, past: Past) -> Iterator[Chunk]:
    """Areas are simplified together, so that neighbours keep their common border; they are few. All else in chunks."""
    if past is not Past.VERSIONS:
        yield from opened.chunks
        return
    chunks = list(opened.chunks)
    if not chunks:
        return
    shapes = [one.geometry for one in chunks if one.geometry is not None]
    yield Chunk(
        lines=[line for one in chunks for line in one.lines],
        frame=pd.concat([one.frame for one in chunks], ignore_index=True),
        geometry=np.concatenate(shapes) if shapes else None,
        broken=[broken for one in chunks for broken in one.broken],
    )


def _collect(done: Prepared, work: Work) -> None:
    work.counts["read"] += done.read
    work.counts["skipped"] += done.skipped
    work.counts["rejected"] += len({one.line for one in done.rejections})
    work.erased += done.erased
    work.keep(done.rejections)
    work.repairs += done.repairs
    work.say(*done.remarks)


def _with_content(found: list[Rejection], order: Order, mapping: Mapping) -> list[Rejection]:
    """Rows that are rejected by comparison get their columns by a second look into the file; keeping all costs more."""
    wanted = [one.line for one in found[:MOST_REJECTIONS_KEPT] if one.line is not None]
    if not wanted:
        return []
    content = {}
    for chunk in open_by_mapping(order, mapping).chunks:
        for at in np.flatnonzero(np.isin(chunk.lines, wanted)):
            content[chunk.lines[at]] = row_content(chunk.frame.iloc[at])
    return [replace(one, row=content.get(one.line or 0, {})) for one in found]
