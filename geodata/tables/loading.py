"""What a first load keeps of a table while it fills it without indexes; see migration 0008."""

from sqlalchemy import Column, SmallInteger, Table, Text

from geodata.tables.columns import metadata

set_aside = Table(
    "set_aside",
    metadata,
    Column("relation", Text, primary_key=True, comment="table whose indexes and foreign keys are away"),
    Column(
        "position",
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="order in which the statements are run",
    ),
    Column(
        "statement",
        Text,
        nullable=False,
        comment="statement that puts one of them back, written by PostgreSQL from its catalogue",
    ),
    comment="Definitions that a first load has taken away and puts back before it ends; empty outside of one",
)
