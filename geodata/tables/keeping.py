"""How long each class of records is kept, and the proof of what was erased."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata import codes
from geodata.tables.columns import code, identity, metadata

retention_rule = Table(
    "retention_rule",
    metadata,
    Column("record_class", Text, primary_key=True, comment="class of records, as in geodata/keeping/retention.py"),
    Column("sort", SmallInteger, nullable=False, comment="order in lists"),
    Column(
        "kept",
        Integer,
        CheckConstraint("kept > 0", name="kept"),
        comment="how many days, months or years; NULL = no period of its own, the reason says why",
    ),
    code("unit", codes.PERIOD_UNITS, comment="unit of the period; NULL = without a period"),
    code(
        "counted_from",
        codes.COUNTED_FROM,
        comment="date or moment from which the period is counted",
        nullable=False,
    ),
    Column("reason", Text, nullable=False, comment="why that long, in words for the reader"),
    Column("legal_basis", Text, comment="legal basis; NULL = none was named"),
    Column(
        "is_confirmed",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="false = to be checked: nobody in charge has confirmed period and basis yet",
    ),
    Column("decided_by", Text, comment="office that confirmed it"),
    Column("decided_on", Date, comment="date on which it did"),
    CheckConstraint("(kept IS NULL) = (unit IS NULL)", name="period"),
    CheckConstraint("NOT is_confirmed OR (decided_by IS NOT NULL AND decided_on IS NOT NULL)", name="decided"),
    comment="How long each class of records is kept; data, so that a city can decide it",
)

erasure_reason = Table(
    "erasure_reason",
    metadata,
    Column("code", Text, primary_key=True, comment="class of the reason"),
    Column("sort", SmallInteger, nullable=False, comment="order in lists"),
    Column("legal_basis", Text, comment="legal basis; NULL = none was named"),
    Column(
        "is_confirmed",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="false = to be checked: nobody in charge has confirmed the basis yet",
    ),
    comment="Classes of reasons for an erasure; a reason in words would keep what is to go",
)

erasure = Table(
    "erasure",
    metadata,
    identity(),
    # No reference: a proof goes into a restored database whatever that one knew then.
    Column("municipality", Text, nullable=False, comment="key of the municipality (AGS for German cities)"),
    Column(
        "number",
        Uuid,
        nullable=False,
        comment="number of the erasure, the same in erasures.jsonl and after a restore",
    ),
    code("kind", codes.ERASURE_KINDS, comment="what was erased", nullable=False),
    Column("what", Text, comment="fact: its table; retention: the class of records; else NULL"),
    Column("salt", Text, nullable=False, comment="random bytes of this row, hexadecimal; they go into the hash"),
    Column(
        "key_hash",
        Text,
        nullable=False,
        comment="SHA-256 over salt and business key, by which the key is known when it comes again",
    ),
    Column("counts", JSONB, nullable=False, comment="rows erased by table"),
    Column("reason", Text, ForeignKey("qm.erasure_reason.code"), nullable=False, comment="class of the reason"),
    Column("legal_basis", Text, comment="legal basis as it stood then"),
    Column("erased_by", Text, nullable=False, comment="account or operating-system user who did it"),
    Column("erased_at", DateTime(timezone=True), nullable=False, comment="moment (UTC)"),
    Column(
        "lifted_at",
        DateTime(timezone=True),
        comment="moment (UTC) from which deliveries may bring the key again; NULL = they may not",
    ),
    Column("lifted_by", Text, comment="who allowed it"),
    code("lift_reason", codes.LIFT_REASONS, comment="class of the reason for allowing it"),
    UniqueConstraint("number"),
    CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"),
    Index(None, "municipality", "kind", postgresql_where=text("lifted_at IS NULL")),
    comment="The proof of each erasure: that, when and how much, never what stood there",
)
