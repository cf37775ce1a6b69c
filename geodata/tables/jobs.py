"""Work that takes longer than a page waits: asked for by an edit, done by whoever serves or refreshes."""

from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Index, Table, Text, func, text

from geodata.tables.columns import code, count, identity, metadata, municipality_key

KINDS: Final = ("rules", "assessment")
STATES: Final = ("queued", "running", "done", "failed")


def _moment(name: str, comment: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), comment=comment)


job = Table(
    "job",
    metadata,
    identity(),
    municipality_key(),
    code("kind", KINDS, comment="what is to be done: derive all due dates, or all assessments, anew", nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state"),
        nullable=False,
        server_default=text("'queued'"),
        comment="how far it is; one that runs without a sign of life is run again",
    ),
    Column(
        "asked_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="moment (UTC) at which it was asked for",
    ),
    Column("asked_by", Text, nullable=False, comment="sign-in name of who asked for it"),
    count("done", comment="properties derived so far; NULL = not begun"),
    count("total", comment="properties to derive; NULL = not begun"),
    _moment("heartbeat_at", "moment (UTC) of the last sign of life; NULL = not begun"),
    _moment("finished_at", "moment (UTC) at which it was done or failed"),
    Column("problem", Text, comment="why it failed, in one sentence"),
    Column(
        "edit_id",
        BigInteger,
        ForeignKey("qm.edit.id"),
        nullable=False,
        comment="edit in the application that asked for it",
    ),
    Index("job_open_idx", "municipality", "id", postgresql_where=text("state IN ('queued', 'running')")),
    comment="Work asked for by an edit that runs beside the pages, with its progress",
)
