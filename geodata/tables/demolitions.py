"""Demolition projects: their stages as planned and as they really went."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Table,
    Text,
    text,
)

from geodata import codes
from geodata.tables.columns import (
    code,
    current_unique,
    identity,
    metadata,
    municipality_key,
    property_reference,
    versioned,
)

demolition_stage_kind = Table(
    "demolition_stage_kind",
    metadata,
    Column("code", Text, primary_key=True, comment="stage of a demolition project"),
    Column("sort", SmallInteger, nullable=False, comment="usual order"),
    Column(
        "weight",
        Numeric(6, 2),
        CheckConstraint("weight > 0", name="weight"),
        nullable=False,
        comment="share of the stage in the progress of a project, relative to the other stages",
    ),
    comment="Stages of a demolition project with their weights; data, so that a city can decide them",
)

demolition_stage = Table(
    "demolition_stage",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property, project, stage and aspect"),
    Column("project_key", Text, nullable=False, comment="key of the project; one property can have several"),
    Column("programme", Text, comment="programme to which the project belongs; stands in its plan"),
    Column("stage", Text, ForeignKey("qm.demolition_stage_kind.code"), nullable=False, comment="stage of the project"),
    code("aspect", codes.DEMOLITION_ASPECTS, comment="plan, or what really happened", nullable=False),
    Column("decided_on", Date, comment="plan: date from which the project counts; NULL = its first dated fact"),
    code("released_to", codes.AUDIENCES, comment="plan: who may be told of the project by name; NULL = nobody"),
    Column(
        "is_required",
        Boolean,
        comment="plan: false = not required, so it does not count for the progress",
    ),
    Column("planned_start_on", Date, comment="plan: first day"),
    Column("planned_end_on", Date, comment="plan: last day"),
    Column("cost_planned_eur", Numeric(14, 2), comment="plan: cost in euros"),
    Column("actual_start_on", Date, comment="actual: first day"),
    Column("actual_end_on", Date, comment="actual: day on which the stage was done"),
    Column("cost_actual_eur", Numeric(14, 2), comment="actual: cost in euros"),
    code("blocker", codes.DEMOLITION_BLOCKERS, comment="actual: what holds the stage up; NULL = nothing"),
    Column("blocked_since_on", Date, comment="actual: date since which it is held up"),
    Column("blocked_until_on", Date, comment="actual: day on which it went on; NULL = it is still held up"),
    code("outcome", codes.DEMOLITION_OUTCOMES, comment="actual: given up, or renovated instead; ends the project"),
    Column("ended_on", Date, comment="actual: date of the outcome"),
    *versioned(is_editable=True),
    CheckConstraint("planned_end_on >= planned_start_on", name="planned"),
    CheckConstraint("actual_end_on >= actual_start_on", name="actual"),
    CheckConstraint("blocked_until_on >= blocked_since_on", name="blocked"),
    CheckConstraint("(outcome IS NULL) = (ended_on IS NULL)", name="outcome_dated"),
    current_unique("demolition_stage", "municipality", "key"),
    Index("demolition_stage_property_idx", "property_id", postgresql_where=text("superseded_at IS NULL")),
    comment="A stage of a demolition project: its plan, or what really happened; each with a history of its own",
)
