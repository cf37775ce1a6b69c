"""What counts how much in the assessment (Ampel), what it follows from, and reports that something in it is wrong."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
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
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata import codes
from geodata.tables.columns import (
    code,
    current_unique,
    edit_reference,
    identity,
    known_from_to,
    metadata,
    municipality_key,
    property_reference,
)

MOST_POINTS: Final = 9
MOST_DAYS: Final = 3_650
_TRUE: Final = text("true")
_FALSE: Final = text("false")


def _points(name: str, *, comment: str) -> Column[Any]:
    # With abs(): PostgreSQL keeps a negative number as a text, which no description of a CHECK would say.
    check = CheckConstraint(f"abs({name}) <= {MOST_POINTS}", name=name)
    return Column(name, SmallInteger, check, nullable=False, comment=comment)


def _days(name: str, *, comment: str) -> Column[Any]:
    return Column(name, Integer, CheckConstraint(f"{name} BETWEEN 1 AND {MOST_DAYS}", name=name), comment=comment)


def _flag(name: str, *, default: bool, comment: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False, server_default=_TRUE if default else _FALSE, comment=comment)


assessment_contribution = Table(
    "assessment_contribution",
    metadata,
    Column(
        "code",
        Text,
        CheckConstraint(f"code IN ({', '.join(map(repr, codes.ASSESSMENT_CONTRIBUTIONS))})", name="code"),
        primary_key=True,
        comment="what contributes; a closed list of facts about the building and the proceedings",
    ),
    code("axis", codes.ASSESSMENT_AXES, comment="which of the two inputs it belongs to", nullable=False),
    Column("sort", SmallInteger, nullable=False, comment="order in lists"),
    _points("points", comment="what it counts; below 0 it takes away"),
    _days("max_age_days", comment="days after which it no longer counts; NULL = as long as it lasts"),
    _flag("is_active", default=True, comment="false = shown, but not counted"),
    Column("basis", Text, comment="on what the proposal rests; NULL = a proposal of the program"),
    _flag("is_confirmed", default=False, comment="false = nobody in charge has confirmed it yet"),
    comment="What contributes to the assessment, with proposals that a city can change (qm.assessment_setting)",
)

assessment_threshold = Table(
    "assessment_threshold",
    metadata,
    Column(
        "code",
        Text,
        CheckConstraint(f"code IN ({', '.join(map(repr, codes.ASSESSMENT_THRESHOLDS))})", name="code"),
        primary_key=True,
        comment="a level of one of the inputs, or a number of days",
    ),
    Column("sort", SmallInteger, nullable=False, comment="order in lists"),
    Column(
        "value",
        Integer,
        CheckConstraint(f"value BETWEEN 1 AND {MOST_DAYS}", name="value"),
        nullable=False,
        comment="points from which the level is reached, or the number of days",
    ),
    _flag("is_confirmed", default=False, comment="false = nobody in charge has confirmed it yet"),
    comment="From how many points on which level is reached, and how long judgements and controls count",
)

assessment_setting = Table(
    "assessment_setting",
    metadata,
    identity(),
    municipality_key(),
    code(
        "key",
        codes.ASSESSMENT_CONTRIBUTIONS + codes.ASSESSMENT_THRESHOLDS,
        comment="the contribution or the threshold that is set",
        nullable=False,
    ),
    Column(
        "value",
        Integer,
        CheckConstraint(f"abs(value) <= {MOST_DAYS}", name="value"),
        nullable=False,
        comment="its points, or the value of the threshold",
    ),
    _days("max_age_days", comment="days after which the contribution no longer counts; NULL = as long as it lasts"),
    _flag("is_active", default=True, comment="false = shown, but not counted"),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which it was set", to_what="another value was set"),
    current_unique("assessment_setting", "municipality", "key"),
    comment="What a city has set otherwise than proposed",
)

# Derived like the current state: written by geodata/assessment/computing.py alone.
assessment_current = Table(
    "assessment_current",
    metadata,
    Column("property_id", BigInteger, ForeignKey("qm.property.id"), primary_key=True, comment="the property concerned"),
    municipality_key(),
    Column("as_of", Date, nullable=False, comment="date for which it was computed"),
    Column(
        "pressure",
        SmallInteger,
        CheckConstraint("pressure BETWEEN 0 AND 3", name="pressure"),
        comment="level that follows from the contributions; NULL = too little is known",
    ),
    Column(
        "room_to_act",
        SmallInteger,
        CheckConstraint("room_to_act BETWEEN 0 AND 3", name="room_to_act"),
        comment="level that follows from the contributions; NULL = too little is known",
    ),
    Column("facts", JSONB, nullable=False, comment="facts by contribution: since when, until when, what exactly"),
    Column("judged_on", Date, comment="date of the office's last own judgement; NULL = there is none"),
    Column("judged_pressure", SmallInteger, comment="pressure in that judgement"),
    Column("judged_room_to_act", SmallInteger, comment="room to act in that judgement"),
    Index("assessment_current_municipality_idx", "municipality"),
    comment="What the contributions give for each open property, and the office's own judgement beside it; derived",
)

assessment_run = Table(
    "assessment_run",
    metadata,
    municipality_key(primary_key=True),
    Column("as_of", Date, nullable=False, comment="date for which the assessments were computed last"),
    Column("delivery_mark", Uuid, nullable=False, comment="hash over the ids of the deliveries in force then"),
    Column("last_edit_id", BigInteger, nullable=False, comment="latest edit that was counted then; 0 = there was none"),
    Column("version", SmallInteger, nullable=False, comment="version of the program's rule"),
    Column("properties", Integer, nullable=False, comment="properties that were looked at"),
    Column("appended", Integer, nullable=False, comment="properties whose levels changed"),
    Column("run_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="moment (UTC)"),
    comment="Up to what the assessments of a city are computed; one row for each municipality",
)

assessment_report = Table(
    "assessment_report",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="key of the report; a decided one keeps it"),
    code("contribution", codes.ASSESSMENT_CONTRIBUTIONS, comment="what is wrong; NULL = the assessment as a whole"),
    code("problem", codes.REPORT_PROBLEMS, comment="what is wrong with it", nullable=False),
    Column("note", Text, comment="what is wrong in words; for case workers only"),
    Column("reported_on", Date, nullable=False, comment="day of the report"),
    code("state", codes.REPORT_STATES, comment="whether it was decided, and how", nullable=False),
    code("reason", codes.REPORT_REASONS, comment="why it was accepted or declined; NULL = open"),
    Column("decision_note", Text, comment="the same in words; for case workers only"),
    Column("decided_on", Date, comment="day of the decision; NULL = open"),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which the system learnt this", to_what="a later row replaced this one"),
    CheckConstraint("(state = 'open') = (reason IS NULL) AND (state = 'open') = (decided_on IS NULL)", name="decided"),
    current_unique("assessment_report", "municipality", "key"),
    Index("assessment_report_property_id_idx", "property_id"),
    comment="Reports that something in the assessment of a property is wrong, and what became of them",
)
