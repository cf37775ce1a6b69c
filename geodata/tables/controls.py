"""Types of control, interval rules and releases from them, rounds and inspections."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from geodata import codes
from geodata.tables.columns import (
    code,
    code_list,
    count,
    current_unique,
    edit_reference,
    identity,
    known_from_to,
    metadata,
    municipality_key,
    property_reference,
    versioned,
)

control_type = Table(
    "control_type",
    metadata,
    Column("code", Text, primary_key=True, comment="type of control"),
    Column("sort", SmallInteger, nullable=False, comment="order in menus"),
    comment="Types of control",
)

control_type_satisfies = Table(
    "control_type_satisfies",
    metadata,
    Column("control_type", Text, ForeignKey("qm.control_type.code"), primary_key=True, comment="type carried out"),
    Column("satisfies", Text, ForeignKey("qm.control_type.code"), primary_key=True, comment="type that it also serves"),
    CheckConstraint("control_type <> satisfies", name="distinct"),
    comment="Which type also satisfies which other; without an entry it does not",
)

interval_rule = Table(
    "interval_rule",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="key of the rule within the municipality"),
    Column("control_type", Text, ForeignKey("qm.control_type.code"), nullable=False, comment="type of control"),
    Column("area_id", Integer, ForeignKey("qm.area.id"), comment="area in which it holds; NULL = the whole city"),
    code("use_type", codes.USE_TYPES, comment="use type for which it holds; NULL = all"),
    Column(
        "interval_days",
        Integer,
        CheckConstraint("interval_days > 0", name="interval_days"),
        nullable=False,
        comment="interval in days",
    ),
    code("access_required", codes.ACCESS_LEVELS[1:], comment="access that an effective visit reaches", nullable=False),
    code(
        "access_required_if_empty",
        codes.ACCESS_LEVELS[1:],
        comment="access that is enough at an empty building; NULL = the same",
    ),
    Column(
        "is_statutory",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="a duty by law; its interval cannot be lengthened",
    ),
    Column("legal_basis", Text, comment="legal basis"),
    Column("reason", Text, nullable=False, comment="why the rule exists"),
    Column("resolution", Text, comment="resolution of the council"),
    Column("decided_by", Text, comment="body or office that decided"),
    Column("valid_from", Date, nullable=False, comment="first day on which the rule is in force"),
    Column("valid_to", Date, comment="first day on which it is no longer in force; NULL = open"),
    Column(
        "release_after_clean_visits",
        SmallInteger,
        CheckConstraint("release_after_clean_visits >= 1", name="release_after_clean_visits"),
        comment="effective visits in a row without finding after which a release is proposed; NULL = never",
    ),
    *versioned(is_editable=True),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    CheckConstraint("NOT is_statutory OR release_after_clean_visits IS NULL", name="no_release_by_law"),
    current_unique("interval_rule", "municipality", "key"),
    comment="How often which properties have to be inspected",
)

interval_release = Table(
    "interval_release",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="key of the release; one that was ended keeps it"),
    property_reference(),
    Column("rule_key", Text, nullable=False, comment="key of the rule that does not count for the property"),
    Column("since_on", Date, nullable=False, comment="first day of the release"),
    Column("until_on", Date, comment="first day on which the rule counts again; NULL = open"),
    Column("reason", Text, comment="reason in words; for case workers only"),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which the system learnt this", to_what="it was ended or taken back"),
    CheckConstraint("until_on IS NULL OR until_on > since_on", name="period"),
    current_unique("interval_release", "municipality", "key"),
    # Due dates ask for the releases of some properties.
    Index("interval_release_property_idx", "property_id", "rule_key", postgresql_where=text("superseded_at IS NULL")),
    comment="Which properties are released from which interval rule; a statutory rule counts all the same",
)

inspection_round = Table(
    "inspection_round",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="source key, else date, kind and running number"),
    Column("held_on", Date, nullable=False, comment="date of the round"),
    Column("kind", Text, ForeignKey("qm.control_type.code"), nullable=False, comment="type of control"),
    Column("running_number", SmallInteger, nullable=False, server_default=text("1"), comment="order on one day"),
    code_list("offices", codes.OFFICES, comment="offices that took part"),
    Column("interpreter_present", Boolean, comment="an interpreter was present"),
    Column("social_worker_present", Boolean, comment="a social worker was present"),
    Column("place", Text, comment="part of the city as published"),
    Column("source", Text, comment="where the round was published"),
    count("objects", comment="objects visited as published; may differ from the inspections recorded"),
    count("objects_waste", comment="objects with waste as published"),
    count("objects_pests", comment="objects with pests as published"),
    count("objects_housing_defects", comment="objects with housing defects as published"),
    count("objects_building_or_fire", comment="objects with building or fire safety defects as published"),
    count("persons_registered", comment="persons registered; never summed with the other counts; staff only"),
    count("persons_met", comment="persons met; staff only"),
    count("persons_met_not_registered", comment="persons met but not registered; staff only"),
    count("persons_reported", comment="persons reported to the registry; staff only"),
    count("persons_deregistered", comment="persons de-registered, known later; staff only"),
    *versioned(is_editable=True),
    current_unique("inspection_round", "municipality", "key"),
    comment="A joint control (Kontrollaktion) with its counts as published",
)

inspection = Table(
    "inspection",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property, date, type and running number"),
    Column("round_key", Text, comment="key of the round of which it was part; NULL = none"),
    Column("control_type", Text, ForeignKey("qm.control_type.code"), nullable=False, comment="type of control"),
    Column("inspected_on", Date, nullable=False, comment="date of the visit"),
    Column("running_number", SmallInteger, nullable=False, server_default=text("1"), comment="order on one day"),
    code("access_reached", codes.ACCESS_LEVELS, comment="access reached", nullable=False),
    code("result", codes.INSPECTION_RESULTS, comment="result", nullable=False),
    code_list("defects", codes.DEFECTS, comment="defects found"),
    *versioned(is_editable=True),
    current_unique("inspection", "municipality", "key"),
    # Superseded visits, too: the page of a property shows what was corrected.
    Index("inspection_property_idx", "property_id", "inspected_on"),
    # What was entered for a round here; deliveries, which are many, keep out of it.
    Index(
        "inspection_of_round_idx",
        "municipality",
        "round_key",
        postgresql_where=text("edit_id IS NOT NULL AND round_key IS NOT NULL"),
    ),
    comment="A visit to one property; whether it was effective is computed, never delivered",
)
