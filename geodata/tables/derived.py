"""Derived tables: what the pages read; `geodata/records.py` keeps them true.

They have no foreign keys: what these would check is derived, in one transaction, from facts that have them, and
checking it once more took a third of the time of a refresh.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
)

from geodata.tables.columns import metadata, municipality_key, point


def _city() -> Column[str]:
    comment = "key of the municipality (AGS for German cities); starts every business key"
    return Column("municipality", Text, nullable=False, comment=comment)


property_area = Table(
    "property_area",
    metadata,
    _city(),
    Column("property_id", BigInteger, primary_key=True, comment="the property"),
    Column(
        "area_version_id",
        BigInteger,
        primary_key=True,
        comment="version of an area whose outline covers the point",
    ),
    Index("property_area_version_idx", "area_version_id"),
    comment="Derived: which outlines cover which property, so that areas at a past date cost a join, not geometry",
)

property_current = Table(
    "property_current",
    metadata,
    Column("property_id", BigInteger, primary_key=True, comment="the property"),
    _city(),
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
    point(comment="point, EPSG:25832; NULL = not placed"),
    Column("demolished_on", Date, comment="day on which the last demolition was done; NULL = none"),
    Index("property_current_geom_idx", "geom", postgresql_using="gist"),
    Index("property_current_area_ids_idx", "area_ids", postgresql_using="gin"),
    Index("property_current_address_idx", "municipality", "address_text", "property_id"),
    Index("property_current_last_inspected_idx", "municipality", "last_inspected_on", "property_id"),
    comment="Derived: the state of each property at the refreshed as-of date",
)

property_due = Table(
    "property_due",
    metadata,
    _city(),
    Column("property_id", BigInteger, primary_key=True, comment="the property"),
    Column("control_type", Text, primary_key=True, comment="type of control"),
    Column("rule_id", BigInteger, nullable=False, comment="the rule that wins"),
    Column("interval_days", Integer, nullable=False, comment="its interval in days"),
    Column("last_effective_on", Date, comment="last effective visit for that rule; NULL = none yet"),
    Column("due_on", Date, nullable=False, comment="last effective visit, else recording, plus the interval"),
    Index("property_due_due_on_idx", "municipality", "due_on"),
    comment="Derived: when each monitored property is due, per type of control",
)

_LYING_IN = "area in which the properties lie, each counted in all of its areas; NULL = the whole city"


def _facets() -> list[Column[Any]]:
    """The filters of few values by which the cube counts; each may be unknown."""
    return [
        Column("area_id", Integer, comment=_LYING_IN),
        Column("state", Text, comment="state; NULL = without an event"),
        Column("use_type", Text, comment="use type; NULL = not known"),
        Column("is_inhabited", Boolean, comment="inhabited, empty; NULL = not known"),
        Column("assessment_colour", Text, comment="colour of the last assessment; NULL = not assessed"),
    ]


def _counted(name: str, comment: str) -> Column[int]:
    return Column(name, Integer, nullable=False, comment=comment)


def _cube_key(table: str, *columns: str) -> Index:
    # Unknown is a value like any other: two rows for the same unknowns would each be kept half true.
    names = ("municipality", "area_id", *columns)
    return Index(f"{table}_key", *names, unique=True, postgresql_nulls_not_distinct=True)


figure_cube = Table(
    "figure_cube",
    metadata,
    _city(),
    *_facets(),
    _counted("objects", "properties"),
    _counted("open", "of these not closed"),
    _counted("unplaced", "of these without a point"),
    _counted("overdue", "of these overdue for at least one type of control"),
    _cube_key("figure_cube", "state", "use_type", "is_inhabited", "assessment_colour"),
    comment="Derived: numbers of properties at the refreshed as-of date, for each area and the whole city",
)

pair_cube = Table(
    "pair_cube",
    metadata,
    _city(),
    *_facets(),
    Column("control_type", Text, nullable=False, comment="type of control"),
    _counted("pairs", "monitored properties"),
    _counted("overdue", "of these with a due date before the as-of date"),
    _counted("never", "of these without an effective visit so far"),
    _cube_key("pair_cube", "control_type", "state", "use_type", "is_inhabited", "assessment_colour"),
    comment="Derived: numbers of pairs of a property and a type of control, for each area and the whole city",
)

overdue_day = Table(
    "overdue_day",
    metadata,
    _city(),
    Column("area_id", Integer, comment=_LYING_IN),
    Column("control_type", Text, nullable=False, comment="type of control"),
    Column("due_on", Date, nullable=False, comment="due date"),
    _counted("pairs", "properties that were due on that day and are overdue since"),
    _cube_key("overdue_day", "control_type", "due_on"),
    comment="Derived: how many overdue pairs were due on which day, so that the median of the delay needs no pair",
)

cell_count = Table(
    "cell_count",
    metadata,
    _city(),
    Column("area_id", Integer, comment=_LYING_IN),
    Column("edge_m", Integer, nullable=False, comment="edge of the hexagon in metres: 500 or 2,000"),
    Column("cell", BigInteger, nullable=False, comment="number of the hexagon, see qm.hex_cell"),
    _counted("objects", "properties"),
    _cube_key("cell_count", "edge_m", "cell"),
    comment="Derived: how many properties lie in which hexagon, for the map far out",
)

refresh = Table(
    "refresh",
    metadata,
    municipality_key(primary_key=True),
    Column("as_of", Date, nullable=False, comment="date for which the derived tables speak"),
    Column(
        "derivation",
        SmallInteger,
        nullable=False,
        server_default="0",
        comment="version of the program's derivation; an older one is derived anew at the next start",
    ),
    Column("data_version", BigInteger, nullable=False, comment="rises with every change; part of every cache key"),
    Column("refreshed_at", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="moment"),
    comment="Derived: for which date and version of the data the derived tables speak",
)
