"""Scenarios that people saved: what was asked, and what came out at that moment.

A scenario that is renamed is a new row under the same `number`; one that is withdrawn has no row in force. The numbers
of the moment of saving stay as they were: what a council was shown must not change because a rule did.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from geodata.tables.columns import edit_reference, identity, known_from_to, metadata, municipality_key

scenario = Table(
    "scenario",
    metadata,
    identity(),
    municipality_key(),
    Column(
        "number",
        BigInteger,
        nullable=False,
        comment="number in links, that of the edit that saved it; a renamed scenario keeps it",
    ),
    Column(
        "name",
        Text,
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name"),
        nullable=False,
        comment="name as given by who saved it",
    ),
    Column("note", Text, CheckConstraint("length(note) <= 2000", name="note"), comment="what to know of it"),
    Column("query", JSONB, nullable=False, comment="parts of the link that ask for it"),
    Column("as_of", Date, nullable=False, comment="as-of date from which the simulation started"),
    Column("summary", JSONB, nullable=False, comment="numbers at the moment of saving: visits, days, overdue pairs"),
    Column(
        "saved_at",
        DateTime(timezone=True),
        nullable=False,
        comment="moment (UTC) at which it was saved first, of which its numbers are",
    ),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which the system learnt this", to_what="it was renamed or withdrawn"),
    Index(
        "scenario_current_key", "municipality", "number", unique=True, postgresql_where=text("superseded_at IS NULL")
    ),
    comment="Saved scenarios of inspections to come (Planspiel), with the numbers of the moment of saving",
)
