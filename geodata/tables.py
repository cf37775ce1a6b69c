"""The tables of the database, schema `qm`, as SQLAlchemy sees them.

Rules that hold for every table here:

- A table with a city's data starts with `municipality` and is under row policies (`migrations/versions`).
- A *fact* is a versioned row: `recorded_at` says when the system learnt it, `superseded_at` when a later fact replaced it
  (the only column that is ever updated, once). A partial unique index keeps one current row for each business key.
- `delivery_id` names the delivery that brought the row; NULL means that it was entered in the application.
- Geometry is EPSG:25832, metres; a name that ends in `_4326` is longitude and latitude, simplified for display.
- Business dates are `date` (Europe/Berlin), moments `timestamptz` (UTC). Codes are text with a CHECK (`codes.py`).
"""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata import codes
from geodata.crs import DISPLAY_SRID, STORAGE_SRID

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


# --- building blocks --------------------------------------------------------------------------------------------------


def _identity() -> Column[int]:
    return Column("id", BigInteger, Identity(always=False), primary_key=True, comment="surrogate key of the row")


def _municipality(**options: Any) -> Column[str]:
    return Column(
        "municipality",
        Text,
        ForeignKey("qm.municipality.key"),
        nullable=False,
        comment="key of the municipality (AGS for German cities); starts every business key",
        **options,
    )


def _code(name: str, values: tuple[str, ...], *, comment: str, nullable: bool = True) -> Column[str]:
    listed = ", ".join(f"'{value}'" for value in values)
    return Column(name, Text, CheckConstraint(f"{name} IN ({listed})", name=name), nullable=nullable, comment=comment)


def _code_list(name: str, values: tuple[str, ...], *, comment: str) -> Column[Any]:
    listed = ", ".join(f"'{value}'" for value in values)
    check = CheckConstraint(f"{name} <@ ARRAY[{listed}]::text[]", name=name)
    return Column(name, ARRAY(Text), check, nullable=False, server_default=text("'{}'"), comment=comment)


def _count(name: str, *, comment: str) -> Column[int]:
    return Column(name, Integer, CheckConstraint(f"{name} >= 0", name=name), comment=comment)


def _versioned() -> list[Column[Any]]:
    """The columns that make a row a fact with a history."""
    return [
        Column(
            "delivery_id",
            BigInteger,
            ForeignKey("qm.delivery.id"),
            comment="delivery that brought the row; NULL = entered in the application",
        ),
        Column("content_hash", Uuid, comment="hash of the content columns; equal content of one key has an equal hash"),
        Column(
            "recorded_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
            comment="moment (UTC) at which the system learnt this",
        ),
        Column("superseded_at", DateTime(timezone=True), comment="moment (UTC) at which a later row replaced this one"),
    ]


def _point(*, nullable: bool = True, comment: str) -> Column[Any]:
    return Column("geom", Geometry("POINT", srid=STORAGE_SRID, spatial_index=False), nullable=nullable, comment=comment)


def _current_unique(table: str, *columns: str) -> Index:
    """One current row for each business key; superseded rows do not count."""
    return Index(f"{table}_current_key", *columns, unique=True, postgresql_where=text("superseded_at IS NULL"))


def _property_reference() -> Column[int]:
    return Column(
        "property_id", BigInteger, ForeignKey("qm.property.id"), nullable=False, comment="the property concerned"
    )


# --- municipalities, areas, addresses ---------------------------------------------------------------------------------

municipality = Table(
    "municipality",
    metadata,
    Column("key", Text, primary_key=True, comment="AGS (`05914000`), else country prefix and official number"),
    Column("name", Text, nullable=False, comment="official name"),
    Column("country", Text, nullable=False, server_default="DE", comment="ISO 3166-1 alpha-2"),
    Column(
        "is_demonstration",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="true = invented data; every page says so and no base map is shown",
    ),
    comment="A city whose data the installation holds",
)

area_kind = Table(
    "area_kind",
    metadata,
    Column("code", Text, primary_key=True, comment="kind of area; kinds are never summed together"),
    Column("sort", SmallInteger, nullable=False, comment="order in menus, from the coarse to the fine"),
    comment="Kinds of areas",
)

area = Table(
    "area",
    metadata,
    Column("id", Integer, Identity(always=False), primary_key=True, comment="surrogate key; rights are given on it"),
    _municipality(),
    Column("kind", Text, ForeignKey("qm.area_kind.code"), nullable=False, comment="kind of area"),
    Column("key", Text, nullable=False, comment="key within municipality and kind"),
    UniqueConstraint("municipality", "kind", "key"),
    comment="The identity of an area over all its versions",
)

area_version = Table(
    "area_version",
    metadata,
    _identity(),
    _municipality(),
    Column("area_id", Integer, ForeignKey("qm.area.id"), nullable=False, comment="the area of which this is a version"),
    Column("name", Text, nullable=False, comment="name as delivered"),
    Column(
        "geom",
        Geometry("MULTIPOLYGON", srid=STORAGE_SRID, spatial_index=False),
        nullable=False,
        comment="outline, valid, EPSG:25832",
    ),
    Column(
        "outline_4326",
        Geometry("MULTIPOLYGON", srid=DISPLAY_SRID, spatial_index=False),
        nullable=False,
        comment="outline simplified for display, EPSG:4326",
    ),
    Column("area_m2", Double, nullable=False, comment="area of the outline in square metres"),
    Column("valid_from", Date, nullable=False, comment="first day on which the version holds"),
    Column("valid_to", Date, comment="first day on which the version no longer holds; NULL = open"),
    Column("source", Text, comment="who published the outline, licence"),
    *_versioned(),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    _current_unique("area_version", "area_id", "valid_from"),
    Index("area_version_geom_idx", "geom", postgresql_using="gist"),
    comment="Name and outline of an area over a period",
)

area_relation = Table(
    "area_relation",
    metadata,
    _identity(),
    _municipality(),
    Column("child_id", Integer, ForeignKey("qm.area.id"), nullable=False, comment="the smaller area"),
    Column("parent_id", Integer, ForeignKey("qm.area.id"), nullable=False, comment="the larger area"),
    Column("share", Numeric(5, 4), comment="share of the child in the parent, 0 to 1; NULL = not stated"),
    Column("valid_from", Date, nullable=False, comment="first day on which the relation holds"),
    Column("valid_to", Date, comment="first day on which it no longer holds; NULL = open"),
    *_versioned(),
    CheckConstraint("share > 0 AND share <= 1", name="share"),
    CheckConstraint("child_id <> parent_id", name="distinct"),
    _current_unique("area_relation", "child_id", "parent_id"),
    comment="Which area lies in which; an area may lie in several",
)

address = Table(
    "address",
    metadata,
    _identity(),
    _municipality(),
    Column("key", Text, nullable=False, comment="the provider's id, else street, number and suffix"),
    Column("street", Text, nullable=False, comment="street as delivered"),
    Column("street_norm", Text, nullable=False, comment="normalised spelling for matching"),
    Column("house_number", Integer, comment="house number without suffix; NULL where the delivery has none"),
    Column("house_number_suffix", Text, comment="suffix in lower case, as `a`"),
    Column("postal_code", Text, comment="postal code"),
    Column("place", Text, comment="place or quarter as delivered"),
    _point(comment="house coordinate, EPSG:25832"),
    Column("valid_from", Date, nullable=False, comment="first day on which the address is known to hold"),
    Column("valid_to", Date, comment="first day on which it no longer holds; NULL = open"),
    *_versioned(),
    CheckConstraint("house_number > 0", name="house_number"),
    _current_unique("address", "municipality", "key"),
    Index(
        "address_lookup_idx",
        "municipality",
        "street_norm",
        "house_number",
        postgresql_where=text("superseded_at IS NULL"),
    ),
    Index("address_geom_idx", "geom", postgresql_using="gist"),
    comment="Official addresses with house coordinates",
)

context_feature = Table(
    "context_feature",
    metadata,
    _identity(),
    _municipality(),
    _code("kind", codes.CONTEXT_KINDS, comment="what is drawn", nullable=False),
    Column("key", Text, nullable=False, comment="key within municipality and kind"),
    Column("name", Text, comment="name of a street or a water"),
    Column(
        "geom",
        Geometry("GEOMETRY", srid=STORAGE_SRID, spatial_index=False),
        nullable=False,
        comment="line or polygon, EPSG:25832",
    ),
    Column("valid_from", Date, nullable=False, comment="as-of date of the delivery that brought it"),
    Column("valid_to", Date, comment="first day on which it no longer holds; NULL = open"),
    *_versioned(),
    _current_unique("context_feature", "municipality", "kind", "key"),
    Index("context_feature_geom_idx", "geom", postgresql_using="gist"),
    comment="Buildings, streets, blocks, water, railway, green: the quiet background of the map, served as tiles",
)

# --- properties -------------------------------------------------------------------------------------------------------

property_ = Table(
    "property",
    metadata,
    _identity(),
    _municipality(),
    Column("register", Text, nullable=False, comment="register of which the key comes"),
    Column("key", Text, nullable=False, comment="key of the property in that register"),
    UniqueConstraint("municipality", "register", "key"),
    comment="The identity of a property; addresses and parcels are attributes, never identity",
)

property_version = Table(
    "property_version",
    metadata,
    _identity(),
    _municipality(),
    _property_reference(),
    Column("registered_on", Date, comment="business date on which the object was recorded"),
    Column("file_reference", Text, comment="file reference (Aktenzeichen)"),
    _code("use_type", codes.USE_TYPES, comment="use type"),
    Column(
        "building_class",
        SmallInteger,
        CheckConstraint("building_class BETWEEN 1 AND 5", name="building_class"),
        comment="building class 1 to 5 (BauO NRW 2)",
    ),
    _count("dwellings", comment="number of dwellings"),
    Column("is_inhabited", Boolean, comment="true = inhabited, false = empty, NULL = not known"),
    Column("is_heritage", Boolean, comment="listed building"),
    _code("ownership_form", codes.OWNERSHIP_FORMS, comment="type of owner; who it is stands elsewhere"),
    _code("lead_office", codes.OFFICES, comment="office in charge"),
    Column("next_step", Text, comment="next step in words; for case workers only"),
    Column("reminder_on", Date, comment="date of the reminder (Wiedervorlage)"),
    Column("parcels", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="parcel identifiers"),
    _point(comment="where the property lies, EPSG:25832; NULL = not placed, not on the map"),
    _code("placed_by", codes.PLACED_BY, comment="how the point was found"),
    *_versioned(),
    _current_unique("property_version", "property_id"),
    comment="Facts of a property as one delivery or one edit stated them",
)

property_address = Table(
    "property_address",
    metadata,
    _identity(),
    _municipality(),
    Column(
        "property_version_id",
        BigInteger,
        ForeignKey("qm.property_version.id"),
        nullable=False,
        comment="the version of the property that states the address",
    ),
    Column("position", SmallInteger, nullable=False, comment="1 = the address shown first"),
    Column("street", Text, nullable=False, comment="street as delivered"),
    Column("street_norm", Text, nullable=False, comment="normalised spelling for matching"),
    Column("house_number", Integer, comment="house number without suffix"),
    Column("house_number_suffix", Text, comment="suffix in lower case"),
    Column("postal_code", Text, comment="postal code"),
    Column("address_id", BigInteger, ForeignKey("qm.address.id"), comment="official address, where one was matched"),
    UniqueConstraint("property_version_id", "position"),
    comment="The addresses of a property; one object can have several house numbers",
)

status_event = Table(
    "status_event",
    metadata,
    _identity(),
    _municipality(),
    _property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property, date, state and running number"),
    _code("state", codes.STATES, comment="state that the property entered", nullable=False),
    Column("valid_on", Date, nullable=False, comment="business date on which it did"),
    Column("running_number", SmallInteger, nullable=False, server_default=text("1"), comment="order on one day"),
    Column("reason", Text, comment="reason in words; for case workers only"),
    *_versioned(),
    _current_unique("status_event", "municipality", "key"),
    Index("status_event_property_idx", "property_id", "valid_on"),
    comment="The life of a property as dated events",
)

assessment_event = Table(
    "assessment_event",
    metadata,
    _identity(),
    _municipality(),
    _property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property, date and running number"),
    Column(
        "pressure",
        SmallInteger,
        CheckConstraint("pressure BETWEEN 0 AND 3", name="pressure"),
        nullable=False,
        comment="pressure of the problem, 0 to 3",
    ),
    Column(
        "room_to_act",
        SmallInteger,
        CheckConstraint("room_to_act BETWEEN 0 AND 3", name="room_to_act"),
        nullable=False,
        comment="room to act, 0 to 3",
    ),
    Column("valid_on", Date, nullable=False, comment="date of the assessment"),
    Column("running_number", SmallInteger, nullable=False, server_default=text("1"), comment="order on one day"),
    Column("source", Text, comment="on what the assessment rests"),
    *_versioned(),
    _current_unique("assessment_event", "municipality", "key"),
    Index("assessment_event_property_idx", "property_id", "valid_on"),
    comment="Assessment (Ampel) of a property on a date: pressure x room to act, facts about the building only",
)

assessment_colour = Table(
    "assessment_colour",
    metadata,
    Column("pressure", SmallInteger, primary_key=True, autoincrement=False, comment="0 to 3"),
    Column("room_to_act", SmallInteger, primary_key=True, autoincrement=False, comment="0 to 3"),
    _code("colour", codes.ASSESSMENT_COLOURS, comment="colour of the Ampel", nullable=False),
    comment="Which pressure and room to act give which colour; data, so that a city can decide it",
)

# --- controls ---------------------------------------------------------------------------------------------------------

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
    _identity(),
    _municipality(),
    Column("key", Text, nullable=False, comment="key of the rule within the municipality"),
    Column("control_type", Text, ForeignKey("qm.control_type.code"), nullable=False, comment="type of control"),
    Column("area_id", Integer, ForeignKey("qm.area.id"), comment="area in which it holds; NULL = the whole city"),
    _code("use_type", codes.USE_TYPES, comment="use type for which it holds; NULL = all"),
    Column(
        "interval_days",
        Integer,
        CheckConstraint("interval_days > 0", name="interval_days"),
        nullable=False,
        comment="interval in days",
    ),
    _code("access_required", codes.ACCESS_LEVELS[1:], comment="access that an effective visit reaches", nullable=False),
    _code(
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
    *_versioned(),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    _current_unique("interval_rule", "municipality", "key"),
    comment="How often which properties have to be inspected",
)

inspection_round = Table(
    "inspection_round",
    metadata,
    _identity(),
    _municipality(),
    Column("key", Text, nullable=False, comment="source key, else date, kind and running number"),
    Column("held_on", Date, nullable=False, comment="date of the round"),
    Column("kind", Text, ForeignKey("qm.control_type.code"), nullable=False, comment="type of control"),
    Column("running_number", SmallInteger, nullable=False, server_default=text("1"), comment="order on one day"),
    _code_list("offices", codes.OFFICES, comment="offices that took part"),
    Column("interpreter_present", Boolean, comment="an interpreter was present"),
    Column("social_worker_present", Boolean, comment="a social worker was present"),
    Column("place", Text, comment="part of the city as published"),
    Column("source", Text, comment="where the round was published"),
    _count("objects", comment="objects visited as published; may differ from the inspections recorded"),
    _count("objects_waste", comment="objects with waste as published"),
    _count("objects_pests", comment="objects with pests as published"),
    _count("objects_housing_defects", comment="objects with housing defects as published"),
    _count("objects_building_or_fire", comment="objects with building or fire safety defects as published"),
    _count("persons_registered", comment="persons registered; never summed with the other counts; staff only"),
    _count("persons_met", comment="persons met; staff only"),
    _count("persons_met_not_registered", comment="persons met but not registered; staff only"),
    _count("persons_reported", comment="persons reported to the registry; staff only"),
    _count("persons_deregistered", comment="persons de-registered, known later; staff only"),
    *_versioned(),
    _current_unique("inspection_round", "municipality", "key"),
    comment="A joint control (Kontrollaktion) with its counts as published",
)

inspection = Table(
    "inspection",
    metadata,
    _identity(),
    _municipality(),
    _property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property, date, type and running number"),
    Column("round_key", Text, comment="key of the round of which it was part; NULL = none"),
    Column("control_type", Text, ForeignKey("qm.control_type.code"), nullable=False, comment="type of control"),
    Column("inspected_on", Date, nullable=False, comment="date of the visit"),
    Column("running_number", SmallInteger, nullable=False, server_default=text("1"), comment="order on one day"),
    _code("access_reached", codes.ACCESS_LEVELS, comment="access reached", nullable=False),
    _code("result", codes.INSPECTION_RESULTS, comment="result", nullable=False),
    _code_list("defects", codes.DEFECTS, comment="defects found"),
    *_versioned(),
    _current_unique("inspection", "municipality", "key"),
    Index("inspection_property_idx", "property_id", "inspected_on", postgresql_where=text("superseded_at IS NULL")),
    comment="A visit to one property; whether it was effective is computed, never delivered",
)

# --- deliveries -------------------------------------------------------------------------------------------------------

_DELIVERY_COUNTS = {
    "read": "rows in the file",
    "loaded": "rows that became current facts",
    "unchanged": "rows equal to the last delivered state",
    "outdated": "rows older than what is stored",
    "rejected": "rows not taken over",
    "skipped": "rows left out by the filter of the mapping",
    "superseded": "earlier rows replaced (a subset of loaded)",
    "repaired": "rows with repaired geometry (a subset of loaded)",
    "ended": "keys that a complete delivery no longer has",
    "implied": "properties that came into being by their facts",
}

delivery = Table(
    "delivery",
    metadata,
    _identity(),
    _municipality(),
    Column("source", Text, nullable=False, comment="kind of source"),
    Column("mapping", Text, nullable=False, comment="name of the mapping"),
    Column("file_name", Text, nullable=False, comment="name of the file, without its folder"),
    Column("file_sha256", Text, nullable=False, comment="checksum of the file"),
    Column("file_bytes", BigInteger, nullable=False, comment="size of the file in bytes"),
    Column("as_of", Date, nullable=False, comment="date for which the delivery speaks"),
    _code(
        "as_of_from", ("option", "column", "file_name", "today"), comment="where that date comes from", nullable=False
    ),
    *(
        Column(name, Integer, nullable=False, server_default=text("0"), comment=comment)
        for name, comment in _DELIVERY_COUNTS.items()
    ),
    Column("refused", Text, comment="why the delivery was refused whole; NULL = applied"),
    Column(
        "remarks", JSONB, nullable=False, server_default=text("'[]'"), comment="what was recognised and said, in words"
    ),
    Column("delivered_by", Text, comment="account or operating-system user who loaded it"),
    Column("seconds", Double, nullable=False, comment="duration of the load in seconds"),
    Column(
        "recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="moment of the load"
    ),
    Column("withdrawn_at", DateTime(timezone=True), comment="moment at which it was withdrawn"),
    CheckConstraint("read = loaded + unchanged + outdated + rejected + skipped OR refused IS NOT NULL", name="balance"),
    comment="A file that came from an office, with its report",
)

rejected_row = Table(
    "rejected_row",
    metadata,
    _identity(),
    _municipality(),
    Column("delivery_id", BigInteger, ForeignKey("qm.delivery.id"), nullable=False, comment="the delivery"),
    Column("line", Integer, comment="line or feature in the file, from 1; NULL = the file as a whole"),
    Column("field", Text, comment="field concerned"),
    Column("reason", Text, nullable=False, comment="what was expected and what came, in words"),
    Column("row", JSONB, nullable=False, server_default=text("'{}'"), comment="mapped columns of the row as delivered"),
    Column(
        "recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="kept for 90 days"
    ),
    Index("rejected_row_delivery_idx", "delivery_id", "line"),
    comment="Rows that were not taken over",
)

repair = Table(
    "repair",
    metadata,
    _identity(),
    _municipality(),
    Column("delivery_id", BigInteger, ForeignKey("qm.delivery.id"), nullable=False, comment="the delivery"),
    Column("line", Integer, nullable=False, comment="feature in the file, from 1"),
    Column("key", Text, nullable=False, comment="business key of the feature"),
    Column("reason", Text, nullable=False, comment="what was wrong"),
    Column("area_lost_m2", Double, nullable=False, comment="area that the repair took away, in square metres"),
    Index("repair_delivery_idx", "delivery_id"),
    comment="Geometry that was repaired on the way in",
)

# --- derived ----------------------------------------------------------------------------------------------------------

property_area = Table(
    "property_area",
    metadata,
    _municipality(),
    Column("property_id", BigInteger, ForeignKey("qm.property.id"), primary_key=True, comment="the property"),
    Column(
        "area_version_id",
        BigInteger,
        ForeignKey("qm.area_version.id"),
        primary_key=True,
        comment="version of an area whose outline covers the point",
    ),
    Index("property_area_version_idx", "area_version_id"),
    comment="Derived: which outlines cover which property, so that areas at a past date cost a join, not geometry",
)

property_current = Table(
    "property_current",
    metadata,
    Column("property_id", BigInteger, ForeignKey("qm.property.id"), primary_key=True, comment="the property"),
    _municipality(),
    Column("register", Text, nullable=False, comment="register"),
    Column("key", Text, nullable=False, comment="key in the register"),
    Column("file_reference", Text, comment="file reference"),
    Column("address_text", Text, nullable=False, comment="addresses in one line; empty where none is known"),
    Column("search_text", Text, nullable=False, comment="normalised address, key and file reference for text search"),
    Column("registered_on", Date, nullable=False, comment="date of recording; else the first dated fact"),
    Column("use_type", Text, comment="use type"),
    Column("is_inhabited", Boolean, comment="inhabited, empty, not known"),
    Column("dwellings", Integer, comment="number of dwellings"),
    Column("state", Text, comment="state at the as-of date"),
    Column("state_since_on", Date, comment="since when"),
    Column("closed_on", Date, comment="closed and not reopened since"),
    Column("pressure", SmallInteger, comment="last assessment"),
    Column("room_to_act", SmallInteger, comment="last assessment"),
    Column("assessment_colour", Text, comment="colour by the table assessment_colour"),
    Column("assessed_on", Date, comment="how old the assessment is"),
    Column("inspections", Integer, nullable=False, comment="number of visits up to the as-of date"),
    Column("last_inspected_on", Date, comment="last visit, effective or not"),
    Column("area_ids", ARRAY(Integer), nullable=False, comment="areas in whose valid outline the point lies"),
    Column("cell_500", BigInteger, comment="hexagon of 500 m edge for figures far out"),
    Column("cell_2000", BigInteger, comment="hexagon of 2,000 m edge"),
    _point(comment="point, EPSG:25832; NULL = not placed"),
    Index("property_current_geom_idx", "geom", postgresql_using="gist"),
    Index("property_current_area_ids_idx", "area_ids", postgresql_using="gin"),
    Index("property_current_address_idx", "municipality", "address_text", "property_id"),
    Index("property_current_last_inspected_idx", "municipality", "last_inspected_on", "property_id"),
    comment="Derived: the state of each property at the refreshed as-of date",
)

property_due = Table(
    "property_due",
    metadata,
    _municipality(),
    Column("property_id", BigInteger, ForeignKey("qm.property.id"), primary_key=True, comment="the property"),
    Column("control_type", Text, ForeignKey("qm.control_type.code"), primary_key=True, comment="type of control"),
    Column("rule_id", BigInteger, ForeignKey("qm.interval_rule.id"), nullable=False, comment="the rule that wins"),
    Column("interval_days", Integer, nullable=False, comment="its interval in days"),
    Column("last_effective_on", Date, comment="last effective visit for that rule; NULL = none yet"),
    Column("due_on", Date, nullable=False, comment="last effective visit, else recording, plus the interval"),
    Index("property_due_due_on_idx", "municipality", "due_on"),
    comment="Derived: when each monitored property is due, per type of control",
)

refresh = Table(
    "refresh",
    metadata,
    _municipality(primary_key=True),
    Column("as_of", Date, nullable=False, comment="date for which the derived tables speak"),
    Column("data_version", BigInteger, nullable=False, comment="rises with every change; part of every cache key"),
    Column("refreshed_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="moment"),
    comment="Derived: for which date and version of the data the derived tables speak",
)

# --- accounts ---------------------------------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True, comment="sign-in name"),
    Column("display_name", Text, nullable=False, comment="shown in the header"),
    Column("password_hash", Text, nullable=False, comment="argon2id"),
    _code("role", codes.ROLES, comment="role", nullable=False),
    _municipality(),
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

# Facts about a property: their row policies ask whether the asker may see the property.
PROPERTY_FACTS = (property_version, status_event, assessment_event, inspection, property_area, property_due)
VERSIONED = (
    area_version,
    area_relation,
    address,
    context_feature,
    property_version,
    status_event,
    assessment_event,
    interval_rule,
    inspection_round,
    inspection,
)
