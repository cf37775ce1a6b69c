"""Notes of a property: free text with a class that says who may read it.

A note of class `case` is for case workers, one of class `area` for the manager of the area, too; the row policies hold
that. A corrected or withdrawn note stays visible to those who could read it, with who wrote it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping, select

from geodata.access import Asker
from geodata.tables import edit, note


@dataclass(frozen=True)
class NoteVersion:
    """A note as it stood before; replaced at `superseded_at`."""

    note_class: str
    written_on: date
    body: str
    account_name: str
    recorded_at: datetime
    superseded_at: datetime


@dataclass(frozen=True)
class Note:
    """A note as it stands, or as it stood when it was withdrawn (`withdrawn_at`); `id` is what a correction names."""

    id: int
    key: UUID
    note_class: str
    written_on: date
    body: str
    account: str
    account_name: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    earlier: tuple[NoteVersion, ...]


def read_notes(asker: Asker, property_id: int) -> tuple[Note, ...]:
    """All notes of the property that the asker may read, the latest first; withdrawn ones are among them."""
    asker.require("note:read")
    columns = [
        note.c[name]
        for name in ("id", "key", "note_class", "written_on", "body", "recorded_at", "superseded_at", "property_id")
    ]
    # All versions of the notes that are here or were: a merge moves a note, and its past goes along.
    keys = select(note.c.key).where(note.c.property_id == property_id)
    query = (
        select(*columns, edit.c.account, edit.c.account_name)
        .outerjoin_from(note, edit, edit.c.id == note.c.edit_id)
        .where(note.c.municipality == asker.scope.municipality, note.c.key.in_(keys))
        .order_by(note.c.recorded_at.desc(), note.c.id.desc())
    )
    versions: dict[UUID, list[RowMapping]] = {}
    for row in asker.connection.execute(query).mappings():
        versions.setdefault(row["key"], []).append(row)
    here = [rows for rows in versions.values() if rows[0]["property_id"] == property_id]
    return tuple(sorted((_note(rows) for rows in here), key=lambda one: (one.written_on, one.id), reverse=True))


def _note(versions: list[RowMapping]) -> Note:
    last, *before = versions
    # Who moved a note by a merge did not write it.
    author = next((row for row in reversed(versions) if row["body"] == last["body"]), last)
    earlier = tuple(
        NoteVersion(
            row["note_class"], row["written_on"], row["body"], row["account_name"] or "", row["recorded_at"],
            row["superseded_at"],
        )
        for row in before
        if (row["note_class"], row["written_on"], row["body"]) != (last["note_class"], last["written_on"], last["body"])
    )  # fmt: skip
    return Note(
        last["id"], last["key"], last["note_class"], last["written_on"], last["body"], author["account"] or "",
        author["account_name"] or "", author["recorded_at"], last["superseded_at"], earlier,
    )  # fmt: skip
