"""Accounts: who may sign in, which sessions have ended, and who failed just now."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)

from geodata import codes
from geodata.tables.columns import code, identity, metadata, municipality_key

account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True, comment="sign-in name"),
    Column("display_name", Text, nullable=False, comment="shown in the header"),
    Column("password_hash", Text, nullable=False, comment="argon2id"),
    code("role", codes.ROLES, comment="role", nullable=False),
    municipality_key(),
    Column("area_ids", ARRAY(Integer), nullable=False, server_default=text("'{}'"), comment="areas of a manager"),
    Column(
        "is_demonstration",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="offered for sign-in by one click",
    ),
    Column("is_disabled", Boolean, nullable=False, server_default=text("false"), comment="may not sign in"),
    Column(
        "number",
        Integer,
        Identity(always=False),
        nullable=False,
        unique=True,
        comment="stands in links, so that no name does",
    ),
    Column(
        "created_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="moment of creation"
    ),
    Column("created_by", Text, comment="account that created it; NULL = the command line or the demonstration"),
    Column("valid_until", Date, comment="last day on which it may be used; NULL = until it is disabled"),
    Column(
        "password_changed_at",
        DateTime(timezone=True),
        comment="moment of the latest password; NULL = nobody knows one yet",
    ),
    Column(
        "must_change_password",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="somebody else chose the password, so it is changed at the first sign-in",
    ),
    Column(
        "sessions_ended",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="how often all sessions were ended; one that began under another number is none any more",
    ),
    Column(
        "last_signed_in_month",
        Date,
        CheckConstraint("EXTRACT(day FROM last_signed_in_month) = 1", name="last_signed_in_month"),
        comment="first day of the month of the latest sign-in, no finer on purpose: it shows unused accounts and "
        "nothing about anybody's hours",
    ),
    comment="Who may sign in",
)

ended_session = Table(
    "ended_session",
    metadata,
    Column("id", Text, primary_key=True, comment="random number of the session"),
    Column(
        "ended_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="moment of signing out; deleted once the session would have run out",
    ),
    comment="Sessions that were signed out before they ran out; a copied cookie must end too",
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    identity(),
    Column("subject", Text, nullable=False, comment="SHA-256 of the account or network address that tried"),
    Column(
        "tried_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="moment of the attempt"
    ),
    Index(None, "subject", "tried_at"),
    comment="Attempts to sign in that have not succeeded; deleted after an hour",
)
