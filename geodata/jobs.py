"""Work that an edit asks for and that takes longer than a page waits: asked for, run, watched.

Rules:

- An edit asks in its own transaction (`ask_for`): a change that is rolled back leaves no job behind.
- Due dates are derived in one transaction, under the lock of the municipality: readers see the old state until it is
  done. Assessments take short ones (`assessment/running.py`). How far a job is stands on a connection of its own, where
  everybody sees it at once.
- One runs at a time in a municipality. Who runs holds a lock of the session, which the database gives up when the
  process dies; a job that still says "running" then is found by the next who looks, and run again.
- All jobs that wait are done by one run, since it derives what is true at its end.
- What failed says why, and is run again with the next change, at the next start, or by `qm refresh`.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal

import structlog
from sqlalchemy import Connection, NullPool, Select, case, create_engine, func, insert, literal, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from geodata import records
from geodata.access import Asker
from geodata.assessment import running
from geodata.calendar import today
from geodata.errors import QmError
from geodata.one_transaction import one_transaction
from geodata.tables import edit, job

Kind = Literal["rules", "assessment"]
State = Literal["queued", "running", "done", "failed", "interrupted"]
Progress = Callable[[int, int], None]

PERMISSION: Final = "rule:write"
# What each kind of job is asked for with.
_ASKED_WITH: Final[Mapping[Kind, str]] = MappingProxyType({"rules": "rule:write", "assessment": "assessment:write"})
# Longer than any single statement of a run takes; who shows a job calls one interrupted then.
SILENT_FOR: Final = timedelta(minutes=3)
JOBS_MAX: Final = 100
_WAIT_SECONDS: Final = 0.5
_LOCK: Final = "hashtext('qm.job'), hashtext(:municipality)"
# A failed one waits for who is asked to try it again, unless a later run has done its work.
_AGAIN: Final = (
    " OR (j.state = 'failed' AND NOT EXISTS (SELECT FROM qm.job AS d"
    " WHERE d.municipality = j.municipality AND d.state = 'done' AND d.id > j.id))"
)
_log = structlog.get_logger("jobs")


@dataclass(frozen=True)
class Job:
    """A job as a page shows it: `done` of `total` properties, `by` whom it was asked for."""

    id: int
    kind: Kind
    state: State
    done: int
    total: int
    asked_at: datetime
    finished_at: datetime | None
    by: str
    problem: str | None

    @property
    def is_open(self) -> bool:
        """Whether it has not come to an end."""
        return self.state not in ("done", "failed")


def ask_for(asker: Asker, kind: Kind, *, edit_id: int, asked_at: datetime) -> int:
    """Ask for a job as part of an edit, in its transaction; returns the id of the job."""
    asker.require(_ASKED_WITH[kind])
    scope = asker.scope
    row = {"municipality": scope.municipality, "kind": kind, "asked_at": asked_at, "asked_by": scope.account}
    found: int = asker.connection.execute(insert(job).returning(job.c.id), {**row, "edit_id": edit_id}).scalar_one()
    return found


def read_job(asker: Asker, job_id: int) -> Job | None:
    """One job of the city; None where there is none of that number. Needs `rule:write`."""
    asker.require(PERMISSION)
    row = asker.connection.execute(_jobs(asker).where(job.c.id == job_id)).one_or_none()
    return None if row is None else Job(*row)


def read_jobs(asker: Asker, *, most: int = 20) -> tuple[Job, ...]:
    """The jobs of the city, the latest first. Needs `rule:write`."""
    asker.require(PERMISSION)
    query = _jobs(asker).order_by(job.c.id.desc()).limit(min(most, JOBS_MAX))
    return tuple(Job(*row) for row in asker.connection.execute(query))


def run_queued(url: str, on_progress: Progress | None = None, *, with_failed: bool = False) -> int:
    """Run what waits, city by city, with the loader's URL; returns how many jobs were done.

    What another process is running is left to that process. A job that fails says so and does not stop the others; with
    `with_failed` those that failed before are tried again. Raises nothing but what the database does when it is away.
    """
    done = 0
    with _desk(url) as desk:
        for city in _cities(desk, with_failed=with_failed):
            is_again = with_failed
            # Asked once more after the lock was given back: what came while the last run ended would wait for nobody.
            while (is_again or _cities(desk, city)) and _take(desk, city):
                try:
                    done += _run(url, desk, city, on_progress or _silent, with_failed=is_again)
                finally:
                    _give_back(desk, city)
                is_again = False
    return done


def in_background(url: str) -> Callable[[], None]:
    """For a server: runs in a thread what waits since the last one, and gives what to call after an edit."""
    runner = Runner(url)
    runner.start(with_failed=True)
    return runner.start


class Runner:
    """Runs what waits in a thread of its own, one at a time in this process; make it after a fork."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._is_wanted = self._with_failed = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self, *, with_failed: bool = False) -> None:
        """Have what waits run, and return at once. While a run is under way it looks once more at its end."""
        with self._lock:
            self._with_failed |= with_failed
            self._is_wanted = True
            if self._thread is None or not self._thread.is_alive():
                # A daemon: a server that stops does not wait, and the next start runs what was broken off.
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait for the run under way; for tests and commands."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._is_wanted:
                    self._thread = None
                    return
                self._is_wanted = False
                with_failed, self._with_failed = self._with_failed, False
            try:
                run_queued(self._url, with_failed=with_failed)
            except SQLAlchemyError as error:
                # The database is away: what waits is found by the next who looks.
                _log.error("jobs_not_run", error=str(error))


# --- reading ----------------------------------------------------------------------------------------------------------


def _jobs(asker: Asker) -> Select[Any]:
    columns = job.c
    is_silent = (columns.state == "running") & (columns.heartbeat_at < func.now() - SILENT_FOR)
    return (
        select(
            columns.id,
            columns.kind,
            case((is_silent, literal("interrupted")), else_=columns.state),
            func.coalesce(columns.done, 0),
            func.coalesce(columns.total, 0),
            columns.asked_at,
            columns.finished_at,
            func.coalesce(edit.c.account_name, columns.asked_by),
            columns.problem,
        )
        .join_from(job, edit, edit.c.id == columns.edit_id, isouter=True)
        .where(columns.municipality == asker.scope.municipality)
    )


# --- running ----------------------------------------------------------------------------------------------------------


@contextmanager
def _desk(url: str) -> Iterator[Connection]:
    """The connection on which states and progress are told, each statement for itself, and locks are held."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


def _cities(desk: Connection, city: str | None = None, *, with_failed: bool = False) -> Sequence[str]:
    """Municipalities (or this one, if it does) with jobs that wait, or that ran when their process died."""
    open_ = "j.state IN ('queued', 'running')" + (_AGAIN if with_failed else "")
    query = text(
        f"SELECT DISTINCT j.municipality FROM qm.job AS j WHERE ({open_})"  # noqa: S608 - text of ours
        " AND (CAST(:city AS text) IS NULL OR j.municipality = :city) ORDER BY 1"
    )
    return desk.execute(query, {"city": city}).scalars().all()


def _take(desk: Connection, city: str) -> bool:
    taken: bool = desk.execute(text(f"SELECT pg_try_advisory_lock({_LOCK})"), {"municipality": city}).scalar_one()
    return taken


def _give_back(desk: Connection, city: str) -> None:
    desk.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"), {"municipality": city})


def _run(url: str, desk: Connection, city: str, on_progress: Progress, *, with_failed: bool) -> int:
    """Do what waits in a city, which nobody else does at the moment; returns how many jobs that were."""
    begun = _begin(desk, city, with_failed=with_failed)
    ids = sorted(begun)
    if not ids:
        return 0

    def tell(done: int, total: int) -> None:
        _set(desk, ids, "done = :done, total = :total", done=done, total=total)
        on_progress(done, total)

    try:
        with one_transaction(url) as connection:
            _wait_for_municipality(connection, city, lambda: _set(desk, ids, "done = done"))
            if "rules" in begun.values():
                records.derive_rules(connection, city, today(), tell)
        if "assessment" in begun.values():
            running.keep_at(url, city, tell)
    except (QmError, SQLAlchemyError) as error:
        _log.error("job_failed", municipality=city, jobs=ids, error=str(error))
        _set(desk, ids, "state = 'failed', finished_at = now(), problem = :problem", problem=_problem_of(error))
        return 0
    _set(desk, ids, "state = 'done', finished_at = now(), problem = NULL")
    return len(ids)


def _begin(desk: Connection, city: str, *, with_failed: bool) -> dict[int, str]:
    """Mark all that waits as running; what already says so has lost its process, since the lock was free.

    Returns the kind of each job by its id.
    """
    open_ = "j.state IN ('queued', 'running')" + (_AGAIN if with_failed else "")
    begin = "state = 'running', heartbeat_at = now(), done = 0, total = 0, finished_at = NULL, problem = NULL"
    where = f"j.municipality = :city AND ({open_})"
    statement = text(f"UPDATE qm.job AS j SET {begin} WHERE {where} RETURNING j.id, j.kind")  # noqa: S608 - as above
    return {row.id: row.kind for row in desk.execute(statement, {"city": city})}


def _set(desk: Connection, ids: Sequence[int], change: str, **values: object) -> None:
    """Change these jobs, which is a sign of life."""
    statement = text(f"UPDATE qm.job SET {change}, heartbeat_at = now() WHERE id = ANY (:ids)")  # noqa: S608 - as above
    desk.execute(statement, {**values, "ids": list(ids)})


def _wait_for_municipality(connection: Connection, city: str, beat: Callable[[], None]) -> None:
    """Hold the lock of the municipality; who waits for a delivery that is being applied is alive all the same."""
    query = text(f"SELECT pg_try_advisory_xact_lock({records.LOCK})")
    while not connection.execute(query, {"municipality": city}).scalar_one():
        beat()
        time.sleep(_WAIT_SECONDS)


def _problem_of(error: QmError | SQLAlchemyError) -> str:
    """One sentence without anything of the data: the whole error is in the log of the server."""
    if isinstance(error, QmError):
        return error.message
    if isinstance(error, OperationalError):
        return "The database went away or ran out of room while this was derived."
    return "This could not be derived; the log of the server says why."


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""
