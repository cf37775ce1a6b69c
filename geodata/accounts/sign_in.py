"""What every worker process must know about signing in: who failed just now, and which sessions have ended.

Every function takes the connection of `Access.accounts()`. Attempts and ended sessions stand in the database, so that
all workers count together and a session that ended in one has ended in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from geodata.tables import ended_session, sign_in_attempt

KEPT_SECONDS: Final = 3600
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 60, 900


@dataclass(frozen=True)
class Attempt:
    """An attempt that was noted (`ids`), or one that came too early and has to wait `wait_seconds`."""

    ids: tuple[int, ...] = ()
    wait_seconds: int = 0

    @property
    def is_allowed(self) -> bool:
        """Whether the password may be checked."""
        return self.wait_seconds == 0


def begin_attempt(connection: Connection, limits: Mapping[str, int]) -> Attempt:
    """Note an attempt of each subject before its password is checked, or say how long it has to wait.

    `limits` maps a subject to the failures that it has free; after these it waits one minute, and twice as long after
    each further one, up to a quarter of an hour. Failures count for an hour. Noted beforehand and in one turn per
    subject: several at once, or by several worker processes, count together. Who it was is kept as a hash, because
    people type their password into the wrong field.
    """
    hashed = {_hash(subject): limit for subject, limit in limits.items()}
    tried = sign_in_attempt.c
    for subject in sorted(hashed):
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"), {"subject": subject})
    connection.execute(delete(sign_in_attempt).where(tried.tried_at < func.now() - timedelta(seconds=KEPT_SECONDS)))
    query = select(tried.subject, func.count().label("failures"), func.max(tried.tried_at).label("last")).group_by(
        tried.subject
    )
    found = connection.execute(query.where(tried.subject.in_(list(hashed)))).all()
    # The clock of the moment and not of the transaction: that began before the turn was ours.
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    waits = [_left(row.failures, hashed[row.subject], (now - row.last).total_seconds()) for row in found]
    if any(waits):
        return Attempt(wait_seconds=max(waits))
    noted = [{"subject": subject, "tried_at": now} for subject in hashed]
    ids = connection.execute(insert(sign_in_attempt).values(noted).returning(tried.id)).scalars()
    return Attempt(ids=tuple(ids))


def forget_attempt(connection: Connection, attempt: Attempt, *, subject: str | None = None) -> None:
    """The attempt counts for nobody any more; after a success the named subject starts anew altogether."""
    tried = sign_in_attempt.c
    anew = [] if subject is None else [tried.subject == _hash(subject)]
    connection.execute(delete(sign_in_attempt).where(or_(tried.id.in_(attempt.ids), *anew)))


def end_session(connection: Connection, session_id: str, *, kept_seconds: int) -> None:
    """End one session for good, wherever its cookie may have been copied; older notes than `kept_seconds` go."""
    outdated = ended_session.c.ended_at < func.now() - timedelta(seconds=kept_seconds)
    connection.execute(delete(ended_session).where(outdated))
    connection.execute(insert(ended_session).values(id=session_id).on_conflict_do_nothing())


def wait_seconds(failures: int, limit: int) -> int:
    """How long after its last failure a subject with so many of them waits."""
    if failures < limit:
        return 0
    return int(min(FIRST_WAIT_SECONDS * 2 ** min(failures - limit, 10), LONGEST_WAIT_SECONDS))


def _left(failures: int, limit: int, since_seconds: float) -> int:
    left = wait_seconds(failures, limit) - since_seconds
    return max(int(left) + 1, 1) if left > 0 else 0


def _hash(subject: str) -> str:
    return sha256(subject.encode("utf-8", "replace")).hexdigest()
