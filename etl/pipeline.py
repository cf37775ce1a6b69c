"""One delivery from file to database: open, map, cast, place, link, stage, judge, apply, refresh, report.

Everything happens in one transaction, so that a killed load leaves nothing behind. Staging and judging write temporary
tables only; a delivery that is refused then writes its own row and its rejections, and a check writes nothing at all.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import numpy as np
import pandas as pd
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from etl import apply, deliveries, implied, staging
from etl.as_of import AsOf, find_as_of
from etl.checks import Placement, refusal
from etl.files import Chunk, Opened
from etl.indexes import linker_for
from etl.linking import PropertyPlacer
from etl.mapping import Mapping
from etl.order import Order, choose_mapping, distinct_values, file_of, open_by_mapping
from etl.report import COUNTS, DeliveryReport
from etl.rows import Prepared, Rejection, Repair, Task, prepare, row_content
from etl.source import Past
from geodata import records
from geodata.calendar import today
from geodata.errors import DatabaseAway, DeliveryRefused

__all__ = ["Order", "Progress", "load", "lock_municipality", "moment_of"]

# More properties than this are refreshed by deriving the whole municipality, which then is the faster way.
MOST_PROPERTIES_REFRESHED_SINGLY = 20_000
BULK_ROWS = 500
MOST_REJECTIONS_KEPT = 50_000
# A load is one session that works alone: temporary tables and joins of a million rows stay in memory, which is three
# times faster. Hashes are made of text, so the form of dates in it must not depend on a server's settings.
TRANSACTION_SETTINGS = {"statement_timeout": "30min", "datestyle": "ISO", "temp_buffers": "128MB", "work_mem": "128MB"}


class Progress(Protocol):
    """Told what is being done and how many rows are done so far."""

    def __call__(self, what: str, rows: int) -> None: ...


@dataclass
class _Work:
    """What one delivery has found out so far."""

    mapping: Mapping
    file: deliveries.DeliveryFile
    started: float
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    rejections: list[Rejection] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)
    placement: Placement = field(default_factory=Placement)
    refused: str | None = None
    delivery_id: int | None = None

    def say(self, *remarks: str) -> None:
        self.remarks.update(dict.fromkeys(remarks))

    def keep(self, rejections: list[Rejection]) -> None:
        """Keep rejections while there is room; all are counted, and a file of millions must not fill the memory."""
        room = MOST_REJECTIONS_KEPT - len(self.rejections)
        self.rejections += rejections[:room]
        if len(rejections) > room:
            self.say(f"Of all rejections the first {MOST_REJECTIONS_KEPT:,} are kept.")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def report(self) -> DeliveryReport:
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


def load(url: str, order: Order, *, write: bool, progress: Progress | None = None) -> DeliveryReport:
    """Load a delivery, or with `write=False` do all of it and roll back.

    A refused delivery is a report with `refused`. UsageError, MappingError: the order itself cannot be carried out.
    DatabaseAway: nothing was done.
    """
    started, tell = time.monotonic(), progress or _silent
    mapping = choose_mapping(order)
    work = _Work(mapping, file_of(order), started)
    engine = create_engine(url, poolclass=NullPool)
    try:
        try:
            opened = _open(order, mapping, work)
            with _transaction(engine.connect, write=write) as connection:
                _load_opened(connection, order, opened, work, tell, write=write)
        except DeliveryRefused as refused:
            # Whatever number the delivery had so far was rolled back with it.
            work.refused, work.delivery_id = str(refused), None
            if write:
                with _transaction(engine.connect, write=True) as connection:
                    _write_refused(connection, work)
    except OperationalError as error:
        raise DatabaseAway("The database does not answer.", str(error.orig).splitlines()[0]) from None
    finally:
        engine.dispose()
    return work.report()


def _open(order: Order, mapping: Mapping, work: _Work) -> Opened:
    """Open the file, find its as-of date and make sure that it has the columns of the mapping."""
    opened = open_by_mapping(order, mapping)
    missing = mapping.missing_in(opened.columns)
    if missing:
        raise DeliveryRefused(
            f"The mapping {mapping.name} names columns that the file does not have: {', '.join(missing)}.",
            f"The file has: {', '.join(opened.columns)}.",
        )
    as_of = find_as_of(mapping, work.file.name, order.as_of, lambda column: distinct_values(order, mapping, column))
    work.file = replace(work.file, as_of=as_of.on, as_of_from=as_of.comes_from)
    work.say(*_as_of_remarks(as_of))
    return opened


def _as_of_remarks(as_of: AsOf) -> list[str]:
    late = f"The as-of date {as_of.on:%d.%m.%Y} lies in the future." if as_of.on > today() else None
    return [remark for remark in (as_of.remark, late) if remark]


@contextlib.contextmanager
def _transaction(connect: Callable[[], Connection], *, write: bool) -> Iterator[Connection]:
    """One transaction, kept only if `write`; what the database refuses is said without the values of the row."""
    with connect() as connection:
        for name, value in TRANSACTION_SETTINGS.items():
            connection.execute(text(f"SET LOCAL {name} = '{value}'"))
        try:
            yield connection
        except (IntegrityError, DataError) as error:
            said = getattr(getattr(error.orig, "diag", None), "message_primary", None)
            raise DeliveryRefused(f"The database refuses a row: {said or type(error).__name__}.") from None
        if write:
            connection.commit()


def _load_opened(
    connection: Connection, order: Order, opened: Opened, work: _Work, tell: Progress, *, write: bool
) -> None:
    mapping = work.mapping
    step = apply.Step(
        mapping.source,
        mapping.municipality,
        mapping.register,
        work.file.as_of,
        implies_property=mapping.implies_property,
        is_complete=mapping.is_complete,
    )
    task = Task(mapping, work.file.as_of, opened.crs, linker_for(connection, mapping))
    _stage(connection, step, task, opened, work, tell)
    lock_municipality(connection, mapping.municipality, lambda: _say_waiting(work, tell))
    if work.counts["read"] >= BULK_ROWS:
        # Rows of this very transaction have no statistics yet: nested loops over them took 243 s instead of 2 s.
        records.allow_nested_loops(connection, is_allowed=False)
    tell("comparing with what is stored", work.counts["read"])
    step = replace(step, known_from=apply.known_from(connection, mapping, step.as_of))
    found = apply.judge(connection, step)
    if isinstance(task.linker, PropertyPlacer):
        work.say(*task.linker.remarks(**apply.places(connection, step)))
    work.counts["rejected"] += len({one.line for one in found})
    work.keep(_with_content(found, order, mapping))
    work.rejections.sort(key=lambda one: one.line or 0)
    _count(connection, step, work)
    work.refused = refusal(work.counts, work.placement)
    if work.refused is not None:
        if write:
            _write_refused(connection, work)
        return
    tell("writing", work.counts["read"])
    _write(connection, step, work)
    if write:
        tell("deriving the current state", work.counts["read"])
        _refresh(connection, step)
        deliveries.finish_delivery(connection, work.delivery_id or 0, seconds=work.seconds)
    else:
        work.delivery_id = None


def _say_waiting(work: _Work, tell: Progress) -> None:
    tell("waiting for another delivery of the municipality", work.counts["read"])
    work.say("Waited for another delivery of the municipality.")


def _stage(connection: Connection, step: apply.Step, task: Task, opened: Opened, work: _Work, tell: Progress) -> None:
    columns = staging.stage_columns(step.source, implies_property=step.implies_property)
    staging.create_stage(connection, step.staged, columns)
    outside = placed = 0
    hint = None
    for chunk in _chunks(opened, step):
        done = prepare(chunk, task)
        staging.copy_frame(connection, step.staged, columns, done.frame)
        _collect(done, work)
        placed, outside, hint = placed + done.placed, outside + done.outside, done.hint or hint
        tell("reading", work.counts["read"])
    work.placement = Placement(placed, outside, hint)
    work.say(*opened.remarks)


def _chunks(opened: Opened, step: apply.Step) -> Iterator[Chunk]:
    """Areas are simplified together, so that neighbours keep their common border; they are few. All else in chunks."""
    if step.source.past is not Past.VERSIONS:
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


def _collect(done: Prepared, work: _Work) -> None:
    work.counts["read"] += done.read
    work.counts["skipped"] += done.skipped
    work.counts["rejected"] += len({one.line for one in done.rejections})
    work.keep(done.rejections)
    work.repairs += done.repairs
    work.say(*done.remarks)


def lock_municipality(connection: Connection, municipality: str, wait: Callable[[], None] | None = None) -> None:
    """One delivery of a municipality at a time compares and writes; `wait` is told when another one is at work."""
    values = {"municipality": municipality}
    arguments = "hashtext('qm.delivery'), hashtext(:municipality)"
    if not connection.execute(text(f"SELECT pg_try_advisory_xact_lock({arguments})"), values).scalar_one():
        if wait is not None:
            wait()
        connection.execute(text(f"SELECT pg_advisory_xact_lock({arguments})"), values)


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


def _count(connection: Connection, step: apply.Step, work: _Work) -> None:
    judged = apply.counts(connection, step)
    work.counts |= {name: judged[name] for name in ("loaded", "unchanged", "outdated", "superseded", "ended")}
    kept = apply.repaired_lines(connection, step, work.repairs)
    work.counts["repaired"] = sum(verdict == "loaded" for _, verdict in kept.values())


def _write(connection: Connection, step: apply.Step, work: _Work) -> None:
    """Write the facts and the delivery with its report."""
    municipality, moment = work.mapping.municipality, moment_of(connection)
    work.say(*deliveries.ensure_municipality(connection, work.mapping))
    implying = implied.judge_implied(connection, step, work.mapping, work.say) if step.implies_property else None
    work.counts["implied"] = 0 if implying is None else implied.count_new(connection, implying)
    work.delivery_id = _insert_delivery(connection, work, moment)
    if implying is not None:
        apply.apply_judged(connection, implying, delivery_id=work.delivery_id, moment=moment)
        implied.take_over_ids(connection, step)
    apply.apply_judged(connection, step, delivery_id=work.delivery_id, moment=moment)
    keys = {line: key for line, (key, _) in apply.repaired_lines(connection, step, work.repairs).items()}
    deliveries.insert_repairs(connection, municipality, work.delivery_id, work.repairs, keys)
    deliveries.insert_rejections(connection, municipality, work.delivery_id, work.rejections, moment)


def _write_refused(connection: Connection, work: _Work) -> None:
    """The delivery and its rejections, nothing else; the municipality only where it is new."""
    for name in ("loaded", "unchanged", "outdated", "superseded", "ended", "repaired", "implied"):
        work.counts[name] = 0
    query = text("SELECT count(*) FROM qm.municipality WHERE key = :key")
    if not connection.execute(query, {"key": work.mapping.municipality}).scalar_one():
        deliveries.ensure_municipality(connection, work.mapping)
    moment = moment_of(connection)
    work.delivery_id = _insert_delivery(connection, work, moment)
    deliveries.insert_rejections(connection, work.mapping.municipality, work.delivery_id, work.rejections, moment)


def _insert_delivery(connection: Connection, work: _Work, moment: datetime) -> int:
    return deliveries.insert_delivery(
        connection,
        work.mapping,
        work.file,
        work.counts,
        refused=work.refused,
        remarks=work.remarks,
        moment=moment,
        seconds=work.seconds,
    )


def moment_of(connection: Connection) -> datetime:
    """The moment at which new facts are recorded and old ones superseded; the same for all rows of a delivery."""
    moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


def _refresh(connection: Connection, step: apply.Step) -> None:
    source, municipality = step.source, step.municipality
    touched: list[int] | None = []
    if source.is_of_property or source.stored_key == ("property_id",):
        touched = apply.touched_properties(connection, step, MOST_PROPERTIES_REFRESHED_SINGLY)
    if step.implies_property and touched is not None:
        touched = implied.with_touched(connection, touched, MOST_PROPERTIES_REFRESHED_SINGLY)
    records.refresh(
        connection,
        municipality,
        records.default_as_of(connection, municipality, today()),
        property_ids=touched,
        areas_changed=source.changes_areas,
        rules_changed=source.changes_rules,
        points_changed=step.implies_property or not source.is_of_property,
    )


def _silent(what: str, rows: int) -> None:
    """Progress that nobody watches."""
