"""Deliveries with their reports, rejected rows and repairs."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from geodata.tables.columns import code, identity, metadata, municipality_key

_DELIVERY_COUNTS = {
    "read": "rows in the file",
    "loaded": "rows that became current facts",
    "unchanged": "rows equal to the last delivered state",
    "outdated": "rows older than what is stored",
    "rejected": "rows not taken over",
    "skipped": "rows left out by the filter of the mapping",
    "superseded": "earlier rows replaced (a subset of loaded)",
    "repaired": "rows with repaired geometry (a subset of loaded)",
    "ended": "keys that a complete delivery no longer has",
    "implied": "properties that came into being by their facts",
}

delivery = Table(
    "delivery",
    metadata,
    identity(),
    municipality_key(),
    Column("source", Text, nullable=False, comment="kind of source"),
    Column("mapping", Text, nullable=False, comment="name of the mapping"),
    Column("file_name", Text, nullable=False, comment="name of the file, without its folder"),
    Column("file_sha256", Text, nullable=False, comment="checksum of the file"),
    Column("file_bytes", BigInteger, nullable=False, comment="size of the file in bytes"),
    Column("as_of", Date, nullable=False, comment="date for which the delivery speaks"),
    code(
        "as_of_from", ("option", "column", "file_name", "today"), comment="where that date comes from", nullable=False
    ),
    *(
        Column(name, Integer, nullable=False, server_default=text("0"), comment=comment)
        for name, comment in _DELIVERY_COUNTS.items()
    ),
    Column("refused", Text, comment="why the delivery was refused whole; NULL = applied"),
    Column(
        "remarks", JSONB, nullable=False, server_default=text("'[]'"), comment="what was recognised and said, in words"
    ),
    Column("delivered_by", Text, comment="account or operating-system user who loaded it"),
    Column("seconds", Double, nullable=False, comment="duration of the load in seconds"),
    Column(
        "recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="moment of the load"
    ),
    Column("withdrawn_at", DateTime(timezone=True), comment="moment at which it was withdrawn"),
    CheckConstraint("read = loaded + unchanged + outdated + rejected + skipped OR refused IS NOT NULL", name="balance"),
    comment="A file that came from an office, with its report",
)

rejected_row = Table(
    "rejected_row",
    metadata,
    identity(),
    municipality_key(),
    Column("delivery_id", BigInteger, ForeignKey("qm.delivery.id"), nullable=False, comment="the delivery"),
    Column("line", Integer, comment="line or feature in the file, from 1; NULL = the file as a whole"),
    Column("field", Text, comment="field concerned"),
    Column("reason", Text, nullable=False, comment="what was expected and what came, in words"),
    # Not JSONB, which would forget in which order the columns stand in the file.
    Column("row", JSON, nullable=False, server_default=text("'{}'"), comment="mapped columns of the row as delivered"),
    Column(
        "recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="kept for 90 days"
    ),
    Index("rejected_row_delivery_idx", "delivery_id", "line"),
    comment="Rows that were not taken over",
)

repair = Table(
    "repair",
    metadata,
    identity(),
    municipality_key(),
    Column("delivery_id", BigInteger, ForeignKey("qm.delivery.id"), nullable=False, comment="the delivery"),
    Column("line", Integer, nullable=False, comment="feature in the file, from 1"),
    Column("key", Text, nullable=False, comment="business key of the feature"),
    Column("reason", Text, nullable=False, comment="what was wrong"),
    Column("area_lost_m2", Double, nullable=False, comment="area that the repair took away, in square metres"),
    Index("repair_delivery_idx", "delivery_id"),
    comment="Geometry that was repaired on the way in",
)
