"""The tables of the schema `audit`: who did what and when.

- Entries are written by `audit.append` alone (migration 0011) and never changed; triggers hold that for the owner too.
- Each city has a chain of its own; the empty key is the installation itself.
- Nothing in here refers to the schema `qm`: the log says what happened, whatever became of the things since.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata import codes
from geodata.tables.columns import code, metadata

SCHEMA = "audit"
audit_metadata = MetaData(schema=SCHEMA, naming_convention=metadata.naming_convention)


def _text(name: str, *, comment: str) -> Column[str]:
    return Column(name, Text, nullable=False, comment=comment)


installation = Table(
    "installation",
    audit_metadata,
    Column(
        "id",
        Uuid,
        primary_key=True,
        server_default=func.gen_random_uuid(),
        comment="number of the log; a restored database keeps it, one made anew has another",
    ),
    Column(
        "made_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="moment (UTC) at which the log was made",
    ),
    comment="Which log this is: one row, by which the anchors outside of the database know it",
)

entry = Table(
    "entry",
    audit_metadata,
    Column(
        "municipality",
        Text,
        primary_key=True,
        comment="key of the municipality (AGS for German cities); empty = the installation itself",
    ),
    Column(
        "number",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="running number within the municipality, from 1, without a gap",
    ),
    Column("at", DateTime(timezone=True), nullable=False, comment="moment (UTC) of the entry"),
    _text("account", comment="account that acted; empty = nobody was signed in"),
    code("action", codes.AUDIT_ACTIONS, comment="what was done", nullable=False),
    Column(
        "subject",
        Text,
        CheckConstraint("length(subject) <= 300", name="subject"),
        nullable=False,
        comment="to what it was done: a key or the name of a file, never a person's data",
    ),
    Column("details", JSONB, nullable=False, comment="names with a text or a whole number each, one level"),
    _text("previous_hash", comment="hash of the entry before it; empty for the first"),
    _text("hash", comment="SHA-256 over all other columns, each with its length in front"),
    Index(None, "municipality", "at"),
    comment="The log: only ever added to, deleted after 12 months with a proof",
)

proof = Table(
    "proof",
    audit_metadata,
    Column("municipality", Text, primary_key=True, comment="key of the municipality, as in the entries"),
    Column(
        "first_number",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="number of the first entry deleted",
    ),
    Column("last_number", BigInteger, nullable=False, comment="number of the last entry deleted"),
    _text("last_hash", comment="hash of the last entry deleted, which the next one follows"),
    Column("entry_number", BigInteger, nullable=False, comment="number of the entry that tells of the deletion"),
    Column("deleted_at", DateTime(timezone=True), nullable=False, comment="moment (UTC) of the deletion"),
    CheckConstraint("first_number <= last_number AND last_number < entry_number", name="numbers"),
    comment="Which entries of the log were deleted at the end of their time, so that the rest can still be checked",
)
