"""Columns that many tables share, and the metadata in which all tables stand."""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Text,
    Uuid,
    func,
    text,
)

from geodata.crs import STORAGE_SRID

SCHEMA = "qm"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    },
)


def identity() -> Column[int]:
    """Surrogate key `id`."""
    return Column("id", BigInteger, Identity(always=False), primary_key=True, comment="surrogate key of the row")


def municipality_key(**options: Any) -> Column[str]:
    """The city to which the row belongs; `options` go to the column."""
    return Column(
        "municipality",
        Text,
        ForeignKey("qm.municipality.key"),
        nullable=False,
        comment="key of the municipality (AGS for German cities); starts every business key",
        **options,
    )


def code(name: str, values: tuple[str, ...], *, comment: str, nullable: bool = True) -> Column[str]:
    """A code of a closed list as text with a CHECK."""
    listed = ", ".join(f"'{value}'" for value in values)
    return Column(name, Text, CheckConstraint(f"{name} IN ({listed})", name=name), nullable=nullable, comment=comment)


def code_list(name: str, values: tuple[str, ...], *, comment: str) -> Column[Any]:
    """Several codes of a closed list as an array with a CHECK; empty by default."""
    listed = ", ".join(f"'{value}'" for value in values)
    check = CheckConstraint(f"{name} <@ ARRAY[{listed}]::text[]", name=name)
    return Column(name, ARRAY(Text), check, nullable=False, server_default=text("'{}'"), comment=comment)


def count(name: str, *, comment: str) -> Column[int]:
    """A count, never negative; NULL = not stated."""
    return Column(name, Integer, CheckConstraint(f"{name} >= 0", name=name), comment=comment)


def edit_reference(*, is_required: bool = False) -> Column[int]:
    """The edit that brought the row."""
    return Column(
        "edit_id",
        BigInteger,
        ForeignKey("qm.edit.id"),
        nullable=not is_required,
        comment="edit in the application that brought the row" + ("" if is_required else "; NULL = a delivery did"),
    )


def known_from_to(*, from_what: str, to_what: str) -> list[Column[Any]]:
    """The two moments of a row: when the system learnt it, and when it was no longer in force."""
    return [
        Column(
            "recorded_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
            comment=f"moment (UTC) {from_what}",
        ),
        Column("superseded_at", DateTime(timezone=True), comment=f"moment (UTC) at which {to_what}"),
    ]


def versioned(*, is_editable: bool = False) -> list[Column[Any]]:
    """The columns that make a row a fact with a history; an editable one can come from the application, too."""
    return [
        *([edit_reference()] if is_editable else []),
        Column(
            "delivery_id",
            BigInteger,
            ForeignKey("qm.delivery.id"),
            comment="delivery that brought the row; NULL = entered in the application",
        ),
        Column("content_hash", Uuid, comment="hash of the content columns; equal content of one key has an equal hash"),
        *known_from_to(from_what="at which the system learnt this", to_what="a later row replaced this one"),
    ]


def point(*, nullable: bool = True, comment: str) -> Column[Any]:
    """A point in EPSG:25832."""
    return Column("geom", Geometry("POINT", srid=STORAGE_SRID, spatial_index=False), nullable=nullable, comment=comment)


def current_unique(table: str, *columns: str) -> Index:
    """One current row for each business key; superseded rows do not count."""
    return Index(f"{table}_current_key", *columns, unique=True, postgresql_where=text("superseded_at IS NULL"))


def property_reference() -> Column[int]:
    """The property that a fact is about."""
    return Column(
        "property_id", BigInteger, ForeignKey("qm.property.id"), nullable=False, comment="the property concerned"
    )
