"""Closed houses and what became of their households, dwellings lost and won, and the pool of replacement housing.

Households are counts, never persons, and of the pool an area is kept, no address: who lives where is nobody's to read.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    text,
)

from geodata import codes
from geodata.tables.columns import (
    code,
    count,
    current_unique,
    identity,
    metadata,
    municipality_key,
    property_reference,
    versioned,
)


def _counted(name: str, *, comment: str) -> Column[int]:
    return Column(
        name,
        Integer,
        CheckConstraint(f"{name} >= 0", name=name),
        nullable=False,
        server_default=text("0"),
        comment=comment,
    )


housing_definition = Table(
    "housing_definition",
    metadata,
    Column("code", Text, primary_key=True, comment="what is defined: a large dwelling, or a large household"),
    Column("rooms_from", SmallInteger, comment="number of rooms from which it is large; NULL = rooms do not count"),
    Column(
        "area_m2_from", Numeric(6, 1), comment="floor area in square metres from which it is; NULL = does not count"
    ),
    Column("persons_from", SmallInteger, comment="number of persons from which it is; NULL = does not count"),
    Column(
        "is_confirmed",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="false = to be checked: nobody in charge has confirmed the bounds yet",
    ),
    Column("decided_by", Text, comment="office or body that confirmed them"),
    comment="What counts as large in the figures of housing; data, so that a city can decide it",
)

closure = Table(
    "closure",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property and date"),
    Column("closed_on", Date, nullable=False, comment="day from which nobody may live there"),
    code("cause", codes.CLOSURE_CAUSES, comment="why it was closed", nullable=False),
    Column("measure_key", Text, comment="key of the measure by which it was closed; NULL = not known"),
    count("households_affected", comment="households that lived there; NULL = not known"),
    count("large_households_affected", comment="large ones among them; NULL = not known"),
    *versioned(is_editable=True),
    CheckConstraint("large_households_affected <= households_affected", name="large"),
    current_unique("closure", "municipality", "key"),
    Index("closure_property_idx", "property_id", postgresql_where=text("superseded_at IS NULL")),
    comment="Closed houses: whose households had to leave, and why; households are counts",
)

closure_event = Table(
    "closure_event",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, else closure, kind and date"),
    Column("closure_key", Text, nullable=False, comment="key of the closed house"),
    code("kind", codes.CLOSURE_EVENTS, comment="what happened to the house or to its households", nullable=False),
    Column("happened_on", Date, nullable=False, comment="day on which it did"),
    count("households", comment="how many households; NULL = it happened to the house"),
    code("came_from", codes.HOUSEHOLD_PLACES, comment="where these households were before; NULL = not known"),
    *versioned(is_editable=True),
    CheckConstraint("starts_with(kind, 'households') = (households IS NOT NULL)", name="counted"),
    CheckConstraint("came_from IS NULL OR households IS NOT NULL", name="moved"),
    current_unique("closure_event", "municipality", "key"),
    Index("closure_event_property_idx", "property_id", postgresql_where=text("superseded_at IS NULL")),
    comment="What became of a closed house and of its households, as dated events",
)

dwelling_change = Table(
    "dwelling_change",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Text, nullable=False, comment="source key, else property, kind and date"),
    Column("happened_on", Date, nullable=False, comment="day from which the dwellings are gone, or can be lived in"),
    code("kind", codes.DWELLING_CHANGES, comment="by what the number of dwellings changed", nullable=False),
    _counted("dwellings_lost", comment="dwellings that are gone"),
    _counted("dwellings_won", comment="dwellings that came"),
    _counted("large_flats_lost", comment="large ones among those gone, qm.housing_definition"),
    _counted("large_flats_won", comment="large ones among those that came"),
    Column("programme", Text, comment="programme that paid for it; NULL = none"),
    *versioned(is_editable=True),
    CheckConstraint("large_flats_lost <= dwellings_lost", name="large_lost"),
    CheckConstraint("large_flats_won <= dwellings_won", name="large_won"),
    current_unique("dwelling_change", "municipality", "key"),
    Index("dwelling_change_property_idx", "property_id", postgresql_where=text("superseded_at IS NULL")),
    comment="Dwellings lost and won, by property and day",
)

replacement_dwelling = Table(
    "replacement_dwelling",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="source key; a dwelling that is offered anew has another one"),
    Column(
        "area_id", Integer, ForeignKey("qm.area.id"), comment="area in which it lies; NULL = not stated; no address"
    ),
    Column(
        "rooms",
        SmallInteger,
        CheckConstraint("rooms > 0", name="rooms"),
        nullable=False,
        comment="rooms without kitchen and bathroom",
    ),
    Column(
        "area_m2", Numeric(6, 1), CheckConstraint("area_m2 > 0", name="area_m2"), comment="floor area in square metres"
    ),
    Column(
        "places",
        SmallInteger,
        CheckConstraint("places > 0", name="places"),
        comment="how many persons it is meant for; NULL = not stated",
    ),
    Column("is_barrier_free", Boolean, comment="can be reached and used without steps; NULL = not known"),
    code("provider", codes.DWELLING_PROVIDERS, comment="kind of provider, never a person", nullable=False),
    Column("available_from_on", Date, nullable=False, comment="first day on which it can be had"),
    Column("available_until_on", Date, comment="last day on which it can be had; NULL = no end"),
    Column("taken_on", Date, comment="day on which a household moved in; NULL = none has"),
    Column("released_on", Date, comment="first day on which it is free again; NULL = it is taken, or never was"),
    *versioned(is_editable=True),
    CheckConstraint("available_until_on >= available_from_on", name="available"),
    CheckConstraint("taken_on >= available_from_on", name="taken"),
    CheckConstraint("released_on >= taken_on", name="released"),
    CheckConstraint("released_on IS NULL OR taken_on IS NOT NULL", name="released_once_taken"),
    current_unique("replacement_dwelling", "municipality", "key"),
    comment="Dwellings that the city can offer to households that must leave a house; without address and person",
)
