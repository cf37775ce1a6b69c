"""Anchors of the log: number and hash of its last entry, kept outside of the database, one JSON object a line.

A chain shows every change in its middle. That its end is missing, or that somebody computed all of it anew, only a
note elsewhere can show: the file `audit-anchor.jsonl` in the data folder (readable by the server alone), and the
server's own log lines, which a city should collect on another machine.
"""

import json
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from geodata import audit
from geodata.audit.chain import Anchor, Verdict
from geodata.cluster import prepare_folder
from geodata.credentials import give_to_service
from geodata.errors import QmError
from geodata.one_transaction import one_transaction

FILE_NAME: Final = "audit-anchor.jsonl"
# Which chains were checked last, when and with what outcome; what was checked longest ago is dropped.
CHECKED_NAME: Final = "audit-checked.json"
MOST_CHECKED: Final = 200


class AnchorError(QmError):
    """The file of the anchors cannot be read or written."""


@dataclass(frozen=True)
class Anchors:
    """The anchors of one log in the order in which they were taken; `others` counts those of other databases."""

    own: tuple[Anchor, ...]
    others: int


@dataclass(frozen=True)
class Checked:
    """When a chain was checked last and what came out; `wrong_number` None = unharmed."""

    at: datetime
    count: int
    last_number: int
    anchors: int
    wrong_number: int | None


def take(connection: Connection, folder: Path, *, is_restore: bool = False) -> tuple[Anchor, ...]:
    """Note the end of every chain, and return what was noted: a chain that stands where it stood is noted once.

    As loader, who sees every chain. `is_restore` is for right after a backup came back: entries that the restore has
    cost are known from then on and no tampering.
    """
    log = audit.log_number(connection)
    known = {one.municipality: one for one in read(folder, log).own}
    ends = [audit.end_of(connection, key) for key in audit.chains(connection)]
    new = [Anchor(*end, is_restore=is_restore) for end in ends]
    new = [one for one in new if is_restore or known.get(one.municipality) not in (one, _restored(one))]
    _append(folder, [_line(log, one) for one in new])
    return tuple(new)


def take_at(url: str, folder: Path) -> tuple[Anchor, ...]:
    """As `take`, through a connection of its own; for the server, at its start and once a day."""
    with one_transaction(url) as connection:
        return take(connection, folder)


def read(folder: Path, log: str) -> Anchors:
    """The anchors of a log; none where there is no file yet. AnchorError with the number of a line that is broken."""
    path = folder / FILE_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except OSError as error:
        raise AnchorError(f"The anchors in {path} cannot be read ({error.strerror}).") from None
    notes = [_note(path, number, line) for number, line in enumerate(lines, start=1)]
    own = [_anchor(note) for note in notes if note["log"] == log]
    return Anchors(tuple(own), others=len(notes) - len(own))


def verify_all(connection: Connection, folder: Path) -> tuple[Verdict, ...]:
    """Verdicts of all chains, also of those of which only an anchor is left; as loader."""
    anchors = read(folder, audit.log_number(connection)).own
    keys = {*audit.chains(connection), *(one.municipality for one in anchors)}
    return tuple(audit.verify(connection, key, anchors) for key in sorted(keys))


def verify_at(url: str, folder: Path) -> tuple[Verdict, ...]:
    """As `verify_all`, through a connection of its own, and noted for the page; for the server, once a day."""
    # One moment for entries and proofs: a deletion in between would look like a missing entry.
    with one_transaction(url, isolation="REPEATABLE READ") as connection:
        verdicts = verify_all(connection, folder)
        note_checked(folder, audit.log_number(connection), verdicts)
    return verdicts


def note_checked(folder: Path, log: str, verdicts: Iterable[Verdict]) -> None:
    """Note what a check has found, for whoever asks when the last one was."""
    path = folder / CHECKED_NAME
    now = datetime.now(UTC).isoformat(timespec="seconds")
    notes = _checked_notes(path)
    for one in verdicts:
        told = {"at": now, "count": one.count, "last_number": one.last_number, "anchors": one.anchors}
        notes[f"{log}/{one.municipality}"] = {**told, "wrong_number": one.wrong_number}
    latest = sorted(notes.items(), key=lambda note: str(note[1]["at"]))[-MOST_CHECKED:]
    draft = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        draft.write_text(json.dumps(dict(latest), ensure_ascii=False), encoding="utf-8")
        draft.chmod(0o600)
        give_to_service(draft)
        draft.replace(path)
    except OSError as error:
        raise AnchorError(f"The outcome of the check cannot be written to {path} ({error.strerror}).") from None


def read_checked(folder: Path, log: str, municipality: str) -> Checked | None:
    """The last check of a chain; None = there was none yet, or its note cannot be read."""
    note = _checked_notes(folder / CHECKED_NAME).get(f"{log}/{municipality}")
    return None if note is None else Checked(**{**note, "at": datetime.fromisoformat(note["at"])})


def _checked_notes(path: Path) -> dict[str, Any]:
    try:
        notes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _restored(anchor: Anchor) -> Anchor:
    return Anchor(anchor.municipality, anchor.number, anchor.hash, is_restore=True)


def _line(log: str, anchor: Anchor) -> dict[str, Any]:
    return {"taken_at": datetime.now(UTC).isoformat(timespec="seconds"), "log": log, **vars(anchor)}


def _append(folder: Path, lines: Iterable[dict[str, Any]]) -> None:
    written = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    if not written:
        return
    path = folder / FILE_NAME
    if not folder.exists():
        prepare_folder(folder)
    try:
        is_new = not path.exists()
        # One write in append mode: two servers of one folder cannot mix their lines.
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, written.encode())
        finally:
            os.close(file)
        if is_new:
            give_to_service(path)
    except OSError as error:
        raise AnchorError(f"The anchors in {path} cannot be written ({error.strerror}).") from None


def _note(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        note = json.loads(line)
        if not isinstance(note, dict) or not {"log", "municipality", "number", "hash", "is_restore"} <= note.keys():
            raise ValueError
    except ValueError:
        raise AnchorError(f"Line {number} of {path} is no anchor.") from None
    return note


def _anchor(note: dict[str, Any]) -> Anchor:
    return Anchor(
        str(note["municipality"]), int(note["number"]), str(note["hash"]), is_restore=bool(note["is_restore"])
    )
