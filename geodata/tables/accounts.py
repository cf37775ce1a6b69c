"""Accounts: who may sign in."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Integer,
    Table,
    Text,
    text,
)

from geodata import codes
from geodata.tables.columns import code, metadata, municipality_key

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
    comment="Who may sign in",
)
