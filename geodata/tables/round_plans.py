"""Rounds that are planned: date, offices and objects in their order, and which objects nobody got to.

A plan is a versioned fact: each change appends a plan with its stops anew, one that is called off is the last of its
versions. The round that is held for it has the plan's key, so a plan and what came of it are found by one another.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from geodata import codes
from geodata.tables.columns import (
    code,
    code_list,
    current_unique,
    edit_reference,
    identity,
    known_from_to,
    metadata,
    municipality_key,
    point,
    property_reference,
)

round_plan = Table(
    "round_plan",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="key of the plan, and of the round that is held for it"),
    Column("held_on", Date, nullable=False, comment="date on which the round is planned"),
    Column("kind", Text, ForeignKey("qm.control_type.code"), nullable=False, comment="type of control"),
    code_list("offices", codes.OFFICES, comment="offices that are to take part"),
    Column(
        "area_id", Integer, ForeignKey("qm.area.id"), comment="area for which it was planned; NULL = the whole city"
    ),
    point(comment="where it starts, EPSG:25832; NULL = at the centre of its objects"),
    Column("start_name", Text, comment="name of that place; NULL = at the centre of its objects"),
    code("called_off", codes.CALL_OFF_REASONS, comment="why it does not take place; NULL = it does"),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which the system learnt this", to_what="it was changed"),
    current_unique("round_plan", "municipality", "key"),
    Index(None, "municipality", "held_on"),
    comment="A round that is planned; its counts and visits belong to the round that is held",
)

round_plan_stop = Table(
    "round_plan_stop",
    metadata,
    identity(),
    municipality_key(),
    Column(
        "round_plan_id",
        BigInteger,
        ForeignKey("qm.round_plan.id"),
        nullable=False,
        comment="the version of the plan to which it belongs",
    ),
    Column("position", SmallInteger, nullable=False, comment="place in the order of the round, from 1"),
    property_reference(),
    UniqueConstraint("round_plan_id", "property_id"),
    Index(None, "property_id"),
    comment="One object of a planned round",
)

round_plan_skip = Table(
    "round_plan_skip",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="key of the entry"),
    Column("plan_key", Text, nullable=False, comment="key of the plan"),
    Column("held_on", Date, nullable=False, comment="date of the round"),
    code("reason", codes.SKIP_REASONS, comment="why nobody went there", nullable=False),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which the system learnt this", to_what="it was corrected or taken back"),
    Index(
        "round_plan_skip_current_key",
        "municipality",
        "plan_key",
        "property_id",
        unique=True,
        postgresql_where=text("superseded_at IS NULL"),
    ),
    Index(None, "property_id"),
    comment="Objects of a planned round to which nobody went; they stay due",
)
