"""One delivery from file to database: open, map, cast, place, link, stage, judge, apply, refresh, report.

Everything happens in one transaction, so that a killed load leaves nothing behind. Staging and judging write temporary
tables only; a delivery that is refused then writes its own row and its rejections, and a check writes nothing at all.
The first large load of a table goes a shorter way (`first_load.py`) to the same rows, counts and reasons.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, NestedTransaction, create_engine, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from etl import apply, deliveries, first_load, implied, staging
from etl.as_of import AsOf, find_as_of
from etl.checks import refusal
from etl.files import Opened
from etl.hashing import HASH, can_hash, with_hashes
from etl.indexes import known_properties, linker_for
from etl.linking import PropertyPlacer
from etl.mapping import Mapping
from etl.order import Order, choose_mapping, distinct_values, file_of, open_by_mapping
from etl.person_columns import refusing_columns
from etl.report import DeliveryReport
from etl.rows import Task
from etl.work import Progress, Work, read_rows
from geodata import audit, records
from geodata.calendar import today
from geodata.errors import DatabaseAway, DeliveryRefused
from geodata.keeping.erasure_ledger import read_erased
from geodata.records import lock_municipality

__all__ = ["Order", "Progress", "load", "lock_municipality", "moment_of"]

# More properties than this are refreshed by deriving the whole municipality, which then is the faster way.
MOST_PROPERTIES_REFRESHED_SINGLY = 20_000
BULK_ROWS = 500
# A load is one session that works alone: temporary tables and joins of a million rows stay in memory, which is three
# times faster. Hashes are made of text, so the form of dates in it must not depend on a server's settings.
TRANSACTION_SETTINGS = {"statement_timeout": "30min", "datestyle": "ISO", "temp_buffers": "128MB", "work_mem": "128MB"}


def load(url: str, order: Order, *, write: bool, progress: Progress | None = None) -> DeliveryReport:
    """Load a delivery, or with `write=False` do all of it and roll back.

    A refused delivery is a report with `refused`. UsageError, MappingError: the order itself cannot be carried out.
    DatabaseAway: nothing was done.
    """
    started = time.monotonic()
    mapping = choose_mapping(order)
    work = Work(mapping, file_of(order), started, progress or _silent)
    engine = create_engine(url, poolclass=NullPool)
    try:
        try:
            opened = _open(order, mapping, work)
            with _transaction(engine.connect, write=write) as connection:
                _load_opened(connection, order, opened, work, write=write)
                if write and work.refused is None:
                    _log(connection, order, work)
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


def _log(connection: Connection, order: Order, work: Work) -> None:
    """The last statement of the transaction: what was taken over is in the log, and what is not stands in neither."""
    details: dict[str, str | int] = {
        "delivery": work.delivery_id or 0,
        "source": work.mapping.source.name,
        "change": "loaded",
        "loaded": work.counts["loaded"],
        "rejected": work.counts["rejected"],
    }
    account = order.account or audit.COMMAND_LINE
    audit.append(connection, audit.Entry("delivery", work.mapping.municipality, account, work.file.name, details))


def _open(order: Order, mapping: Mapping, work: Work) -> Opened:
    """Open the file, find its as-of date and make sure that it has the columns of the mapping."""
    opened = open_by_mapping(order, mapping)
    persons = refusing_columns(opened.columns, mapping.person_columns)
    if persons:
        raise DeliveryRefused(
            f"The file has columns that tell of single persons: {', '.join(persons)}.",
            "Persons are never taken over; send the file again without these columns.",
        )
    missing = mapping.missing_in(opened.columns)
    if missing:
        raise DeliveryRefused(
            f"The mapping {mapping.name} names columns that the file does not have: {', '.join(missing)}.",
            # Where a head is missing, its place is taken by the first row, and that one may tell of persons.
            None if mapping.source.is_of_persons else f"The file has: {', '.join(opened.columns)}.",
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


def _load_opened(connection: Connection, order: Order, opened: Opened, work: Work, *, write: bool) -> None:
    mapping = work.mapping
    step = apply.Step(
        mapping.source,
        mapping.municipality,
        mapping.register,
        work.file.as_of,
        implies_property=mapping.implies_property,
        is_complete=mapping.is_complete,
    )
    erased = read_erased(connection, mapping.municipality)
    task = Task(mapping, work.file.as_of, opened.crs, linker_for(connection, mapping), erased=erased)
    if write and first_load.suits(connection, step, work.file.size_bytes):
        _lock(connection, work)
        bare = first_load.begin(connection, step)
        if bare is not None:
            task = replace(task, known=known_properties(connection, mapping))
            _load_first(connection, bare, order, opened, task, work)
            return
    step = _stage(connection, step, opened, task, work)
    _lock(connection, work)
    _forbid_nested_loops(connection, work)
    work.tell("comparing with what is stored", work.counts["read"])
    step = replace(step, known_from=apply.known_from(connection, mapping, step.as_of))
    found = apply.judge(connection, step)
    if isinstance(task.linker, PropertyPlacer):
        work.say(*task.linker.remarks(**apply.places(connection, step)))
    work.reject(found, order)
    _count(connection, step, work)
    work.refused = refusal(work.counts, work.placement, erased=work.erased)
    if work.refused is not None:
        if write:
            _write_refused(connection, work)
        return
    work.tell("writing", work.counts["read"])
    _write(connection, step, work)
    if write:
        _refresh(connection, step, work, apply.touched_properties(connection, step, MOST_PROPERTIES_REFRESHED_SINGLY))
        deliveries.finish_delivery(connection, work.delivery_id or 0, seconds=work.seconds)
    else:
        work.delivery_id = None


def _stage(connection: Connection, step: apply.Step, opened: Opened, task: Task, work: Work) -> apply.Step:
    """Bring all rows into the staging table, hashed already where that can be done here."""
    columns = staging.stage_columns(step.source, implies_property=step.implies_property)
    is_hashed = can_hash(step.source, columns)
    staged = (*columns, HASH) if is_hashed else columns
    staging.create_stage(connection, step.staged, staged)

    def writing(frame: pd.DataFrame) -> Callable[[], None]:
        hashed = with_hashes(frame, step.source, columns, step.register) if is_hashed else frame
        return staging.copying(connection, step.staged, staged, hashed)

    read_rows(opened, task, work, writing)
    return replace(step, is_hashed=is_hashed)


def _load_first(
    connection: Connection, bare: NestedTransaction, order: Order, opened: Opened, task: Task, work: Work
) -> None:
    """Write while reading, into a table without indexes; a refusal takes all of it back with the savepoint."""
    moment = moment_of(connection)
    work.say(*deliveries.ensure_municipality(connection, work.mapping))
    work.delivery_id = _insert_delivery(connection, work, moment)
    step = apply.Step(work.mapping.source, work.mapping.municipality, work.mapping.register, work.file.as_of)
    writer = first_load.Writer(connection, step, work.delivery_id, moment)
    read_rows(opened, task, work, writer.writing)
    _forbid_nested_loops(connection, work)
    work.tell("looking for repeated rows", work.counts["read"])
    repeated = writer.repeated()
    work.reject(repeated, order)
    work.counts["loaded"] = writer.rows - len(repeated)
    work.refused = refusal(work.counts, work.placement, erased=work.erased)
    if work.refused is not None:
        bare.rollback()
        _write_refused(connection, work)
        return
    work.tell("building indexes", work.counts["read"])
    writer.finish()
    deliveries.insert_rejections(connection, step.municipality, work.delivery_id, work.rejections, moment)
    few = len(writer.touched) <= MOST_PROPERTIES_REFRESHED_SINGLY
    _refresh(connection, step, work, sorted(writer.touched) if few else None)
    deliveries.update_delivery(connection, work.delivery_id, work.counts, remarks=work.remarks, seconds=work.seconds)


def _lock(connection: Connection, work: Work) -> None:
    def wait() -> None:
        work.tell("waiting for another delivery of the municipality", work.counts["read"])
        work.say("Waited for another delivery of the municipality.")

    lock_municipality(connection, work.mapping.municipality, wait)


def _forbid_nested_loops(connection: Connection, work: Work) -> None:
    if work.counts["read"] >= BULK_ROWS:
        # Rows of this very transaction have no statistics yet: nested loops over them took 243 s instead of 2 s.
        records.allow_nested_loops(connection, is_allowed=False)


def _count(connection: Connection, step: apply.Step, work: Work) -> None:
    judged = apply.counts(connection, step)
    work.counts |= {name: judged[name] for name in ("loaded", "unchanged", "outdated", "superseded", "ended")}
    kept = apply.repaired_lines(connection, step, work.repairs)
    work.counts["repaired"] = sum(verdict == "loaded" for _, verdict in kept.values())


def _write(connection: Connection, step: apply.Step, work: Work) -> None:
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


def _write_refused(connection: Connection, work: Work) -> None:
    """The delivery and its rejections, nothing else; the municipality only where it is new."""
    for name in ("loaded", "unchanged", "outdated", "superseded", "ended", "repaired", "implied"):
        work.counts[name] = 0
    query = text("SELECT count(*) FROM qm.municipality WHERE key = :key")
    if not connection.execute(query, {"key": work.mapping.municipality}).scalar_one():
        deliveries.ensure_municipality(connection, work.mapping)
    moment = moment_of(connection)
    work.delivery_id = _insert_delivery(connection, work, moment)
    deliveries.insert_rejections(connection, work.mapping.municipality, work.delivery_id, work.rejections, moment)


def _insert_delivery(connection: Connection, work: Work, moment: datetime) -> int:
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


def _refresh(connection: Connection, step: apply.Step, work: Work, touched: list[int] | None) -> None:
    work.tell("deriving the current state", work.counts["read"])
    source, municipality = step.source, step.municipality
    touched = touched if source.changes_state else []
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
