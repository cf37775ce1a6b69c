"""A run over a city in short transactions, so that nobody who edits waits for it.

Rules:

- One runs at a time in a city; who comes second waits and finds the work done.
- Up to what a run counts is noted under the lock of the municipality, for an instant. Facts are read and computed from
  a snapshot taken after it, without the lock.
- What was computed is kept in portions, each a transaction of its own under the lock. What an edit or a delivery has
  touched since the snapshot is left out and counted by the next run; where values or the date have changed, the run
  begins anew.
- A run that is broken off has noted nothing, so the next one does all of its work.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sqlalchemy import text

from geodata import records
from geodata.assessment import computing, stale
from geodata.assessment.computing import Row
from geodata.assessment.stale import Mark
from geodata.one_transaction import one_transaction

Progress = Callable[[int, int], None]
# Properties that are kept in one transaction: seconds. Of fewer at once each takes longer, because of the cube.
PORTION: Final = 2_500
# How often a run begins anew before it is left to the next one.
ATTEMPTS: Final = 3
_GUARD: Final = "SELECT pg_advisory_xact_lock(hashtext('qm.assessment'), hashtext(:municipality))"


def keep_all_at(url: str) -> int:
    """Compute what is out of date in every city; returns how many levels changed."""
    with one_transaction(url) as connection:
        cities = connection.execute(text("SELECT municipality FROM qm.refresh ORDER BY 1")).scalars().all()
        loud = [city for city in cities if not stale.is_quiet(connection, city)]
    return sum(keep_at(url, city) for city in loud)


def keep_at(url: str, municipality: str, tell: Progress | None = None) -> int:
    """Compute what is out of date in a city; returns how many levels changed.

    `tell` hears how many properties of how many are done.
    """
    changed = 0
    with one_transaction(url) as guard:
        guard.execute(text(_GUARD), {"municipality": municipality})
        for _ in range(ATTEMPTS):
            mark = _mark(url, municipality)
            if mark is None:
                break
            appended, is_done = _run(url, municipality, mark, tell or _silent)
            changed += appended
            if is_done:
                break
    return changed


def _mark(url: str, municipality: str) -> Mark | None:
    """Up to what a run counts that begins now; None where there is nothing to do."""
    with one_transaction(url) as connection:
        if stale.is_quiet(connection, municipality):
            return None
        records.lock_municipality(connection, municipality)
        return stale.mark_of(connection, municipality)


def _run(url: str, municipality: str, mark: Mark, tell: Progress) -> tuple[int, bool]:
    """One attempt: how many levels changed, and whether it came to its end."""
    with one_transaction(url, isolation="REPEATABLE READ") as connection:
        if not stale.is_in_force(connection, municipality, mark):
            return 0, False
        property_ids = stale.wanted(connection, municipality)
        rows = [] if property_ids == [] else computing.read_rows(connection, municipality, mark.as_of, property_ids)
    return _keep(url, municipality, mark, rows, property_ids, tell)


def _keep(
    url: str, municipality: str, mark: Mark, rows: Sequence[Row], property_ids: Sequence[int] | None, tell: Progress
) -> tuple[int, bool]:
    changed = done = 0
    for portion, is_last in _portions(rows):
        with one_transaction(url) as connection:
            records.lock_municipality(connection, municipality)
            if not stale.is_in_force(connection, municipality, mark):
                return changed, False
            later = set(stale.touched(connection, municipality, mark))
            still = [row for row in portion if row.property_id not in later]
            changed += computing.write(connection, municipality, mark.as_of, still)
            if is_last:
                computing.finish(connection, municipality, mark, rows, property_ids, changed=changed)
        done += len(portion)
        tell(done, len(rows))
    return changed, True


def _portions(rows: Sequence[Row]) -> Iterator[tuple[tuple[Row, ...], bool]]:
    """The rows some thousands at a time, and which portion is the last; one that is empty where there are none."""
    for start in range(0, max(len(rows), 1), PORTION):
        yield tuple(rows[start : start + PORTION]), start + PORTION >= len(rows)


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""
