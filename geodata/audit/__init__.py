"""The log: who did what and when, appended where it happens and never changed.

- `append` writes in the caller's transaction, as its last statement: an edit and its entry are one. `record` writes in
  a short transaction of its own through the login of the sign-in, before anything goes out: what cannot be logged is
  not answered.
- No page views, and nothing of a person's data: a key, the name of a file, a format. Times are UTC.
- Entries are kept for 12 months and then deleted with a proof (`forget_before`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import SQLAlchemyError

from geodata.access import Access
from geodata.audit.chain import Anchor, LogEntry, Proof, Verdict, check
from geodata.errors import DatabaseAway
from geodata.tables import audit as tables

# A link with a drawn selection is long; what it selects can be told from its beginning.
TEXT_LIMIT: Final = 500
SUBJECT_LIMIT: Final = 300
PORTION: Final = 2_000
# Whoever is at the server's command line has no account.
COMMAND_LINE: Final = "command line"


class LogAway(DatabaseAway):
    """The log cannot be written at the moment, so what would have to be logged is not answered."""


@dataclass(frozen=True)
class Entry:
    """What is to be logged; `municipality` None = the installation itself, `account` empty = nobody was signed in."""

    action: str
    municipality: str | None
    account: str
    subject: str
    details: Mapping[str, str | int] = field(default_factory=dict)


def append(connection: Connection, entry: Entry) -> int:
    """Add the entry to its city's chain and return its number; call it last, since the chain is locked to the end."""
    query = text("SELECT audit.append(:municipality, :account, :action, :subject, CAST(:details AS jsonb))")
    values = {
        "municipality": entry.municipality or "",
        "account": _clean(entry.account, SUBJECT_LIMIT),
        "action": entry.action,
        "subject": _clean(entry.subject, SUBJECT_LIMIT),
        "details": json.dumps({name: _fit(value) for name, value in entry.details.items()}, ensure_ascii=False),
    }
    number: int = connection.execute(query, values).scalar_one()
    return number


def record(access: Access, entry: Entry) -> int:
    """Add the entry in a transaction of its own, committed when this returns; LogAway = do not answer."""
    try:
        with access.accounts() as connection:
            return append(connection, entry)
    except SQLAlchemyError as error:
        raise LogAway("The log cannot be written at the moment.", "Try again in a moment.") from error


def chains(connection: Connection) -> tuple[str, ...]:
    """The municipalities that have a chain, as far as the connection may see; empty = the installation."""
    entries, proofs = select(tables.entry.c.municipality), select(tables.proof.c.municipality)
    return tuple(sorted(connection.execute(entries.union(proofs)).scalars()))


def end_of(connection: Connection, municipality: str) -> tuple[str, int, str]:
    """Municipality, number and hash of the end of one chain, deleted entries included; number 0 = nothing yet."""
    entry, proof = tables.entry.c, tables.proof.c
    of_entries = select(entry.number, entry.hash).where(entry.municipality == municipality)
    of_proofs = select(proof.last_number, proof.last_hash).where(proof.municipality == municipality)
    for query in (of_entries.order_by(entry.number.desc()), of_proofs.order_by(proof.first_number.desc())):
        found = connection.execute(query.limit(1)).one_or_none()
        if found is not None:
            return municipality, int(found[0]), str(found[1])
    return municipality, 0, ""


def latest(connection: Connection, municipality: str | None, *, most: int) -> tuple[LogEntry, ...]:
    """The latest entries of one chain or of all, the oldest of them first; as far as the connection may see."""
    query = select(tables.entry).order_by(tables.entry.c.at.desc(), tables.entry.c.number.desc()).limit(most)
    if municipality is not None:
        query = query.where(tables.entry.c.municipality == municipality)
    found = [LogEntry(**row) for row in connection.execute(query).mappings()]
    return tuple(found[::-1])


def log_number(connection: Connection) -> str:
    """Which log this is; a restored database has the same."""
    return str(connection.execute(select(tables.installation.c.id)).scalar_one())


def verify(connection: Connection, municipality: str, anchors: Sequence[Anchor] = ()) -> Verdict:
    """Recompute one chain, entry by entry, and compare it with its proofs and with the anchors of this city."""
    own = [anchor for anchor in anchors if anchor.municipality == municipality]
    return check(municipality, _entries(connection, municipality), _proofs(connection, municipality), own)


def forget_before(
    connection: Connection, before: datetime, municipality: str | None = None, *, dry_run: bool = False
) -> dict[str, int]:
    """Delete the entries of before a moment with a proof, of one city or of all; how many there were, by city.

    As loader; 12 months are kept whatever is asked. With `dry_run` nothing is written. Called again it finds none.
    """
    wanted = chains(connection) if municipality is None else (municipality,)
    return {key: _forget(connection, before, key, dry_run=dry_run) for key in wanted}


_TO_FORGET: Final = text(
    "SELECT count(*) FROM audit.entry WHERE municipality = :municipality AND number < coalesce((SELECT min(number)"
    " FROM audit.entry WHERE municipality = :municipality AND at >= :before), 9223372036854775807)"
)


def _forget(connection: Connection, before: datetime, municipality: str, *, dry_run: bool) -> int:
    values = {"municipality": municipality, "before": before}
    if dry_run:
        found: int = connection.execute(_TO_FORGET, values).scalar_one()
        return found
    query = text("SELECT audit.forget(:municipality, :before, :account)")
    deleted: int = connection.execute(query, {**values, "account": COMMAND_LINE}).scalar_one()
    return deleted


def _entries(connection: Connection, municipality: str) -> Iterator[LogEntry]:
    """All entries by number, read in portions: whoever stops at the first wrong one leaves no cursor open."""
    table = tables.entry
    query = select(table).where(table.c.municipality == municipality).order_by(table.c.number).limit(PORTION)
    rows = connection.execute(query).mappings().all()
    while rows:
        yield from (LogEntry(**row) for row in rows)
        rows = connection.execute(query.where(table.c.number > rows[-1]["number"])).mappings().all()


def _proofs(connection: Connection, municipality: str) -> list[Proof]:
    table = tables.proof.c
    columns = (table.first_number, table.last_number, table.last_hash, table.entry_number)
    query = select(*columns).where(table.municipality == municipality).order_by(table.first_number)
    return [Proof(**row) for row in connection.execute(query).mappings()]


def _fit(value: str | int) -> str | int:
    return value if isinstance(value, int) else _clean(value, TEXT_LIMIT)


def _clean(value: str, limit: int) -> str:
    """PostgreSQL stores no zero byte and no half of a surrogate pair; longer texts end in an ellipsis."""
    clean = value.replace("\0", "").encode("utf-8", "replace").decode()
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
