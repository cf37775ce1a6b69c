"""Resolutions of the council: a target figure with the value that it shall reach, and until when."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, Numeric, Table, Text, text

from geodata import codes
from geodata.tables.columns import code, current_unique, identity, metadata, municipality_key, versioned

resolution = Table(
    "resolution",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="source key, else number and figure; one resolution may have several"),
    Column("number", Text, nullable=False, comment="number of the resolution as the council writes it"),
    Column("decided_on", Date, nullable=False, comment="date of the decision"),
    Column("body", Text, nullable=False, comment="body that decided"),
    Column("title", Text, nullable=False, comment="what was decided, in one sentence"),
    Column("figure", Text, nullable=False, comment="key of the figure in the register, geodata/figures.py"),
    Column("area_id", Integer, ForeignKey("qm.area.id"), comment="area for which it holds; NULL = the whole city"),
    Column("control_type", Text, ForeignKey("qm.control_type.code"), comment="type of control that counts; NULL = all"),
    code(
        "direction", codes.TARGET_DIRECTIONS, comment="whether the target is a lower or an upper bound", nullable=False
    ),
    Column(
        "target",
        Numeric,
        CheckConstraint("target >= 0", name="target"),
        nullable=False,
        comment="value to be reached, in the unit of the figure, or in per cent of the figure that it is part of",
    ),
    Column(
        "is_share",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="true = the target is the share of the figure in its whole, in per cent",
    ),
    Column("until_on", Date, nullable=False, comment="last day on which it may be reached"),
    Column("link_text", Text, comment="where the paper is found: an address that begins with https://, or words"),
    Column(
        "is_withdrawn",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="true = it no longer stands: replaced, repealed or entered by mistake",
    ),
    *versioned(is_editable=True),
    CheckConstraint("until_on >= decided_on", name="until"),
    CheckConstraint("NOT is_share OR target <= 100", name="share"),
    current_unique("resolution", "municipality", "key"),
    comment="Resolutions of the council with the figure that measures them",
)
