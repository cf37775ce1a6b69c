"""The tables of the schema `published`: what an office released, frozen, and all that politics can read.

- Nothing in here refers to the schema `qm`: a publication stays readable whatever happens to the facts later.
- Rows are only ever added, and only together with their publication, in one transaction (triggers in migration 0006).
- Every row carries its municipality, which the row policies compare with that of the asker.
- Words stand in German and English as they were when they were released (`_de`, `_en`).
- Outlines are longitude and latitude (EPSG:4326), simplified for display. No property has a point in here.
"""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from geodata import codes
from geodata.crs import DISPLAY_SRID
from geodata.tables.columns import code, metadata

SCHEMA = "published"
# Metadata of its own: whoever works with `qm` must not meet these tables by accident, nor politics those.
published_metadata = MetaData(schema=SCHEMA, naming_convention=metadata.naming_convention)


def _text(name: str, *, comment: str) -> Column[str]:
    return Column(name, Text, nullable=False, comment=comment)


def _words(name: str, *, comment: str) -> tuple[Column[str], Column[str]]:
    return _text(f"{name}_de", comment=f"{comment}, German"), _text(f"{name}_en", comment=f"{comment}, English")


def _count(name: str) -> Column[int]:
    comment = f"number of rows in published.{name} that belong to it"
    return Column(f"{name}_count", Integer, nullable=False, comment=comment)


def _later_count(name: str) -> Column[int]:
    """A part that came later: publications before it have none of it."""
    comment = f"number of rows in published.{name} that belong to it; 0 where it has none"
    return Column(f"{name}_count", Integer, nullable=False, server_default=text("0"), comment=comment)


def _part_of_publication() -> list[Any]:
    return [
        Column("publication_id", BigInteger, primary_key=True, comment="the publication to which the row belongs"),
        _text("municipality", comment="key of the municipality, as in the publication"),
        ForeignKeyConstraint(
            ["publication_id", "municipality"], [f"{SCHEMA}.publication.id", f"{SCHEMA}.publication.municipality"]
        ),
    ]


def _number(comment: str) -> Column[int]:
    return Column("number", SmallInteger, primary_key=True, comment=comment)


publication = Table(
    "publication",
    published_metadata,
    Column("id", BigInteger, Identity(always=False), primary_key=True, comment="surrogate key of the row"),
    _text("municipality", comment="key of the municipality (AGS for German cities)"),
    _text("municipality_name", comment="its name as shown then"),
    Column("is_demonstration", Boolean, nullable=False, comment="true = invented data; every slide says so"),
    _text("title", comment="title that the office gave"),
    Column("as_of", Date, nullable=False, comment="date for which the figures speak"),
    Column("known_at", DateTime(timezone=True), nullable=False, comment="moment (UTC) whose knowledge they rest on"),
    code("audience", codes.AUDIENCES, comment="for whom it was released", nullable=False),
    Column(
        "k",
        SmallInteger,
        CheckConstraint("k BETWEEN 3 AND 50", name="k"),
        nullable=False,
        comment="threshold: counts of 1 to k-1 objects were held back",
    ),
    Column("period_first_on", Date, nullable=False, comment="first day of what is counted over days"),
    Column("period_last_on", Date, nullable=False, comment="last day of what is counted over days"),
    Column(
        "published_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="moment (UTC) of the release",
    ),
    _text("published_by", comment="account that released it; politics does not read it"),
    Column("data_version", BigInteger, nullable=False, comment="version of the derived tables that it was read from"),
    _count("area"),
    _count("definition"),
    _count("figure"),
    _count("project"),
    _count("source"),
    _later_count("resolution"),
    _later_count("scenario"),
    _later_count("scenario_wish"),
    _later_count("scenario_area"),
    _text("previous_hash", comment="hash of the municipality's publication before it; empty for the first"),
    _text("hash", comment="SHA-256 over all content in canonical form, previous_hash included"),
    UniqueConstraint("id", "municipality"),
    # Two that were released at the same moment would both follow the same one: the later of them is refused.
    UniqueConstraint("municipality", "previous_hash"),
    comment="A released state: one row for each release, never changed",
)

area = Table(
    "area",
    published_metadata,
    *_part_of_publication(),
    _number("order in tables"),
    _text("kind", comment="kind of area; kinds are never summed together"),
    *_words("kind", comment="name of the kind"),
    _text("key", comment="key within municipality and kind"),
    _text("name", comment="name as shown then"),
    Column(
        "outline",
        Geometry("MULTIPOLYGON", srid=DISPLAY_SRID, spatial_index=False),
        nullable=False,
        comment="outline simplified for display, EPSG:4326",
    ),
    Column("source", Text, comment="who published the outline, licence"),
    comment="The areas of a publication with their outlines as they were",
)

definition = Table(
    "definition",
    published_metadata,
    *_part_of_publication(),
    _number("order in tables"),
    _text("key", comment="key of the figure"),
    _text("unit", comment="unit, code of the register of figures"),
    *_words("unit", comment="unit in words"),
    code("class", codes.FIGURE_CLASSES, comment="what the figure tells about whom", nullable=False),
    Column("part_of", Text, comment="key of the figure of which this is a part; NULL = of none"),
    *_words("title", comment="title"),
    *_words("definition", comment="what is counted"),
    *_words("basis", comment="what it is counted from"),
    comment="The figures of a publication in words, as defined then",
)

figure = Table(
    "figure",
    published_metadata,
    *_part_of_publication(),
    Column("kind", Text, primary_key=True, comment="kind of area; city = the whole municipality"),
    Column("area_key", Text, primary_key=True, comment="key of the area; empty for the whole municipality"),
    Column("key", Text, primary_key=True, comment="key of the figure"),
    Column("value", Numeric, comment="value; NULL = held back, or nothing to answer from"),
    Column("is_held_back", Boolean, nullable=False, comment="true = there is a value, and it is not shown"),
    CheckConstraint("NOT is_held_back OR value IS NULL", name="held_back"),
    comment="One figure of one area; what is held back stands nowhere in this schema",
)

project = Table(
    "project",
    published_metadata,
    *_part_of_publication(),
    _number("order in the list"),
    _text("name", comment="address, as released for this audience"),
    Column("programme", Text, comment="programme to which the project belongs"),
    _text("stage", comment="stage or outcome, code"),
    *_words("stage", comment="stage or outcome in words"),
    Column(
        "progress",
        Numeric,
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress"),
        comment="share of the weights of the required stages that are done, 0 to 1",
    ),
    Column("decided_on", Date, comment="date from which the project counts"),
    Column("planned_demolition_on", Date, comment="planned end of the demolition"),
    Column("demolished_on", Date, comment="day on which the demolition was done; NULL = not yet"),
    Column("ended_on", Date, comment="day on which it was given up or renovated instead; NULL = it was not"),
    comment="Demolition projects of the city that were released by name to this audience",
)

source = Table(
    "source",
    published_metadata,
    *_part_of_publication(),
    _number("order in the list"),
    *_words("name", comment="what was delivered"),
    Column("as_of", Date, nullable=False, comment="date for which the latest delivery spoke"),
    comment="The deliveries that a publication rests on",
)

resolution = Table(
    "resolution",
    published_metadata,
    *_part_of_publication(),
    _number("order in the list: by the day until which they hold"),
    _text("reference", comment="number of the resolution as the council writes it"),
    Column("decided_on", Date, nullable=False, comment="date of the decision"),
    _text("body", comment="body that decided"),
    _text("title", comment="what was decided, in one sentence"),
    _text("key", comment="key of the figure that measures it"),
    *_words("figure", comment="title of that figure"),
    _text("unit", comment="unit of target and values, code of the register of figures"),
    *_words("unit", comment="unit in words"),
    _text("kind", comment="kind of the area for which it holds; city = the whole municipality"),
    _text("area_key", comment="key of that area; empty for the whole municipality"),
    *_words("place", comment="name of that area, or that it is the whole city"),
    Column("control_type", Text, comment="type of control that counts; NULL = all"),
    *_words("control_type", comment="that type in words; empty for all"),
    code(
        "direction", codes.TARGET_DIRECTIONS, comment="whether the target is a lower or an upper bound", nullable=False
    ),
    *_words("direction", comment="that bound in words"),
    Column("is_share", Boolean, nullable=False, comment="true = values are the share of the figure in its whole"),
    Column("target", Numeric, nullable=False, comment="value to be reached"),
    Column("until_on", Date, nullable=False, comment="last day on which it may be reached"),
    Column("link_text", Text, comment="where the paper is found"),
    code("shown", codes.TARGET_SHOWN, comment="whether the value is shown, and if not, why", nullable=False),
    Column("value", Numeric, comment="value on the as-of date; NULL = not shown"),
    code("state", codes.TARGET_STATES, comment="how it stood; unknown where the value is not shown", nullable=False),
    *_words("state", comment="how it stood, in words"),
    Column("previous_as_of", Date, comment="date of the publication that it is compared with; NULL = there was none"),
    code("previous_shown", codes.TARGET_SHOWN, comment="whether that one showed the value; NULL = there was none"),
    Column("previous_value", Numeric, comment="value in that publication; NULL = it was not shown there"),
    CheckConstraint("(shown = 'shown') = (value IS NOT NULL)", name="value"),
    CheckConstraint("value IS NOT NULL OR state = 'unknown'", name="told"),
    CheckConstraint("(previous_as_of IS NULL) = (previous_shown IS NULL)", name="previous"),
    comment="The resolutions of a publication: what was decided, and how it stood then",
)

scenario = Table(
    "scenario",
    published_metadata,
    *_part_of_publication(),
    _number("always 1: a publication has one scenario at most"),
    _text("name", comment="name under which it was saved"),
    Column("as_of", Date, nullable=False, comment="date from which it reckons"),
    Column("saved_on", Date, nullable=False, comment="day on which it was saved"),
    Column("months", SmallInteger, nullable=False, comment="months that it looks ahead"),
    Column("teams", SmallInteger, nullable=False, comment="teams that it reckons with"),
    Column(
        "visits_per_year", Integer, nullable=False, comment="visits with sufficient access that these manage, per year"
    ),
    Column("needed_per_year_before", Integer, nullable=False, comment="visits per year that the rules need, rounded"),
    Column("needed_per_year_after", Integer, nullable=False, comment="the same with the change, rounded"),
    Column("teams_needed", SmallInteger, comment="teams that the change needs; NULL = no number is enough"),
    comment="A saved scenario in a publication: what a change of intervals would mean",
)

scenario_wish = Table(
    "scenario_wish",
    published_metadata,
    *_part_of_publication(),
    _number("order in the list"),
    *_words("place", comment="name of the area, or that it is the whole city"),
    _text("control_type", comment="type of control"),
    *_words("control_type", comment="that type in words"),
    Column("interval_days", Integer, nullable=False, comment="interval that was tried, in days"),
    Column(
        "shortest_days",
        Integer,
        comment="shortest interval that the teams can keep, in days, rounded up to five; NULL = none",
    ),
    comment="The changes of intervals that a scenario tries",
)

scenario_area = Table(
    "scenario_area",
    published_metadata,
    *_part_of_publication(),
    _number("order in the table: the city, then by kind and name"),
    _text("kind", comment="kind of area; city = the whole municipality"),
    _text("area_key", comment="key of the area; empty for the whole municipality"),
    *_words("place", comment="name of the area, or that it is the whole city"),
    Column("is_held_back", Boolean, nullable=False, comment="true = nothing of the area is shown"),
    Column(
        "overdue_before", Integer, comment="overdue controls at the end without the change, rounded; NULL = below k"
    ),
    Column("overdue_after", Integer, comment="overdue controls at the end with the change, rounded; NULL = below k"),
    Column("visits_before", Numeric, comment="visits per house and year without the change"),
    Column("visits_after", Numeric, comment="visits per house and year with the change"),
    Column("loses", Boolean, nullable=False, comment="true = more is overdue there with the change"),
    CheckConstraint(
        "NOT is_held_back OR"
        " (num_nonnulls(overdue_before, overdue_after, visits_before, visits_after) = 0 AND NOT loses)",
        name="held_back",
    ),
    comment="What a scenario reckons for each area: projections, never counts of today",
)

# The parts of a publication. Those of the second line came later: where a publication has none of them, its canonical
# form does not name them.
PARTS = (area, definition, figure, project, source)
LATER_PARTS = (resolution, scenario, scenario_wish, scenario_area)
ALL_PARTS = (*PARTS, *LATER_PARTS)
