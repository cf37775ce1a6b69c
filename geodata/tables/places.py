"""Cities, areas with their versions, addresses and the quiet background of the map."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from geodata import codes
from geodata.crs import DISPLAY_SRID, STORAGE_SRID
from geodata.tables.columns import code, current_unique, identity, metadata, municipality_key, point, versioned

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
    municipality_key(),
    Column("kind", Text, ForeignKey("qm.area_kind.code"), nullable=False, comment="kind of area"),
    Column("key", Text, nullable=False, comment="key within municipality and kind"),
    UniqueConstraint("municipality", "kind", "key"),
    comment="The identity of an area over all its versions",
)

area_version = Table(
    "area_version",
    metadata,
    identity(),
    municipality_key(),
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
    *versioned(),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    current_unique("area_version", "area_id", "valid_from"),
    Index("area_version_geom_idx", "geom", postgresql_using="gist"),
    comment="Name and outline of an area over a period",
)

area_relation = Table(
    "area_relation",
    metadata,
    identity(),
    municipality_key(),
    Column("child_id", Integer, ForeignKey("qm.area.id"), nullable=False, comment="the smaller area"),
    Column("parent_id", Integer, ForeignKey("qm.area.id"), nullable=False, comment="the larger area"),
    Column("share", Numeric(5, 4), comment="share of the child in the parent, 0 to 1; NULL = not stated"),
    Column("valid_from", Date, nullable=False, comment="first day on which the relation holds"),
    Column("valid_to", Date, comment="first day on which it no longer holds; NULL = open"),
    *versioned(),
    CheckConstraint("share > 0 AND share <= 1", name="share"),
    CheckConstraint("child_id <> parent_id", name="distinct"),
    current_unique("area_relation", "child_id", "parent_id"),
    comment="Which area lies in which; an area may lie in several",
)

address = Table(
    "address",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="the provider's id, else street, number and suffix"),
    Column("street", Text, nullable=False, comment="street as delivered"),
    Column("street_norm", Text, nullable=False, comment="normalised spelling for matching"),
    Column("house_number", Integer, comment="house number without suffix; NULL where the delivery has none"),
    Column("house_number_suffix", Text, comment="suffix in lower case, as `a`"),
    Column("postal_code", Text, comment="postal code"),
    Column("place", Text, comment="place or quarter as delivered"),
    point(comment="house coordinate, EPSG:25832"),
    Column("valid_from", Date, nullable=False, comment="first day on which the address is known to hold"),
    Column("valid_to", Date, comment="first day on which it no longer holds; NULL = open"),
    *versioned(),
    CheckConstraint("house_number > 0", name="house_number"),
    current_unique("address", "municipality", "key"),
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
    identity(),
    municipality_key(),
    code("kind", codes.CONTEXT_KINDS, comment="what is drawn", nullable=False),
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
    *versioned(),
    current_unique("context_feature", "municipality", "kind", "key"),
    Index("context_feature_geom_idx", "geom", postgresql_using="gist"),
    comment="Buildings, streets, blocks, water, railway, green: the quiet background of the map, served as tiles",
)
