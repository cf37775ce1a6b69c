"""Properties, their addresses, and their life as dated events."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata import codes
from geodata.tables.columns import (
    code,
    count,
    current_unique,
    identity,
    metadata,
    municipality_key,
    point,
    property_reference,
    versioned,
)

property_ = Table(
    "property",
    metadata,
    identity(),
    municipality_key(),
    Column("register", Text, nullable=False, comment="register of which the key comes"),
    Column("key", Text, nullable=False, comment="key of the property in that register"),
    UniqueConstraint("municipality", "register", "key"),
    comment="The identity of a property; addresses and parcels are attributes, never identity",
)

property_version = Table(
    "property_version",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("registered_on", Date, comment="business date on which the object was recorded"),
    Column("file_reference", Text, comment="file reference (Aktenzeichen)"),
    code("use_type", codes.USE_TYPES, comment="use type"),
    Column(
        "building_class",
        SmallInteger,
        CheckConstraint("building_class BETWEEN 1 AND 5", name="building_class"),
        comment="building class 1 to 5 (BauO NRW 2)",
    ),
    count("dwellings", comment="number of dwellings"),
    Column("is_inhabited", Boolean, comment="true = inhabited, false = empty, NULL = not known"),
    Column("is_heritage", Boolean, comment="listed building"),
    code("ownership_form", codes.OWNERSHIP_FORMS, comment="type of owner; who it is stands elsewhere"),
    code("lead_office", codes.OFFICES, comment="office in charge"),
    Column("next_step", Text, comment="next step in words; for case workers only"),
    Column("reminder_on", Date, comment="date of the reminder (Wiedervorlage)"),
    Column("parcels", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="parcel identifiers"),
    point(comment="where the property lies, EPSG:25832; NULL = not placed, not on the map"),
    code("placed_by", codes.PLACED_BY, comment="how the point was found"),
    *versioned(is_editable=True),
    current_unique("property_version", "property_id"),
    comment="Facts of a property as one delivery or one edit stated them",
)

property_address = Table(
    "property_address",
    metadata,
    identity(),
    municipality_key(),
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
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property, date, state and running number"),
    code("state", codes.STATES, comment="state that the property entered", nullable=False),
    Column("valid_on", Date, nullable=False, comment="business date on which it did"),
    Column("running_number", SmallInteger, nullable=False, server_default=text("1"), comment="order on one day"),
    Column("reason", Text, comment="reason in words; for case workers only"),
    code("hint_source", codes.HINT_SOURCES, comment="kind of source of a hint, never a person; NULL = not stated"),
    *versioned(is_editable=True),
    current_unique("status_event", "municipality", "key"),
    Index("status_event_property_idx", "property_id", "valid_on"),
    comment="The life of a property as dated events",
)

assessment_event = Table(
    "assessment_event",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
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
    Column("contributions", JSONB, comment="what counted how much then; NULL = the office's own judgement"),
    *versioned(is_editable=True),
    current_unique("assessment_event", "municipality", "key"),
    Index("assessment_event_property_idx", "property_id", "valid_on"),
    comment="Assessment (Ampel) of a property on a date: pressure x room to act, facts about the building only",
)

assessment_colour = Table(
    "assessment_colour",
    metadata,
    Column("pressure", SmallInteger, primary_key=True, autoincrement=False, comment="0 to 3"),
    Column("room_to_act", SmallInteger, primary_key=True, autoincrement=False, comment="0 to 3"),
    code("colour", codes.ASSESSMENT_COLOURS, comment="colour of the Ampel", nullable=False),
    comment="Which pressure and room to act give which colour; data, so that a city can decide it",
)
