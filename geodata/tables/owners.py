"""The tables of the schema `owners`: who owns a property. A schema of its own, because its readers are.

- Only the database role `owners` reads here, and only the loader writes; no other role has even USAGE on the schema.
- Both tables hold facts with a history (`recorded_at`, `superseded_at`), as delivered. Nothing here is derived.
- An ownership names its owner by `owner_key` and not by an id: a corrected owner is a new row under the same key.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)

from geodata import codes
from geodata.tables.columns import code, current_unique, known_from_to, metadata
from geodata.tables.deliveries import delivery
from geodata.tables.places import municipality
from geodata.tables.properties import property_

SCHEMA = "owners"
# Metadata of its own: whoever works with `qm` must not meet these tables by accident.
owners_metadata = MetaData(schema=SCHEMA, naming_convention=metadata.naming_convention)


def _first_columns() -> list[Column[Any]]:
    return [
        Column("id", BigInteger, Identity(always=False), primary_key=True, comment="surrogate key of the row"),
        Column(
            "municipality",
            Text,
            ForeignKey(municipality.c.key),
            nullable=False,
            comment="key of the municipality (AGS for German cities); starts every business key",
        ),
    ]


def _versioned() -> list[Column[Any]]:
    return [
        Column(
            "delivery_id",
            BigInteger,
            ForeignKey(delivery.c.id),
            nullable=False,
            comment="delivery that brought the row",
        ),
        Column("content_hash", Uuid, comment="hash of the content columns; equal content of one key has an equal hash"),
        *known_from_to(from_what="at which the system learnt this", to_what="a later row replaced this one"),
    ]


owner = Table(
    "owner",
    owners_metadata,
    *_first_columns(),
    Column("key", Text, nullable=False, comment="key of the owner within the municipality, as the register has it"),
    code("kind", codes.OWNERSHIP_FORMS, comment="what kind of owner it is", nullable=False),
    Column("name", Text, comment="name of the person or company; NULL = nobody, or not known"),
    Column("address", Text, comment="address at which papers are served, as delivered"),
    *_versioned(),
    current_unique("owner", "municipality", "key"),
    comment="Owners of properties: persons, companies, the public hand; for case workers only, each read is logged",
)

ownership = Table(
    "ownership",
    owners_metadata,
    *_first_columns(),
    Column("property_id", BigInteger, ForeignKey(property_.c.id), nullable=False, comment="the property owned"),
    Column("key", Text, nullable=False, comment="key of the row: the source's own, else register, property and owner"),
    Column("owner_key", Text, nullable=False, comment="key of the owner (owners.owner.key)"),
    Column(
        "share",
        Text,
        CheckConstraint("share ~ '^[1-9][0-9]{0,9}/[1-9][0-9]{0,9}$'", name="share"),
        comment="share as a fraction, as 1/2; NULL = not stated",
    ),
    Column("owned_since", Date, comment="date since which the owner owns it, as the register says; NULL = not stated"),
    Column("valid_from", Date, nullable=False, comment="first as-of date at which a delivery said so"),
    Column(
        "valid_to", Date, comment="first as-of date at which a complete delivery no longer said so; NULL = in force"
    ),
    Column("source", Text, comment="register or extract that says so"),
    code("link_confidence", codes.LINK_CONFIDENCES, comment="how sure it is that this property is meant"),
    Column("link_reason", Text, comment="how the entry of the register was matched with the property"),
    *_versioned(),
    current_unique("ownership", "municipality", "key"),
    Index(None, "property_id"),
    Index(None, "municipality", "owner_key", postgresql_where=text("superseded_at IS NULL")),
    comment="Who owns which property, with share, since when, and how sure the link is",
)

OWNERS_TABLES = (owner, ownership)
