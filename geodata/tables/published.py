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

# The parts of a publication in the order in which they are hashed.
PARTS = (area, definition, figure, project, source)
