"""Everything about one property on an as-of date, for the person who asks.

Valid time with today's knowledge: dated facts count up to the end of the as-of date, and nothing later is returned.
What a role may not read (`masking.py`: free text for all but case workers, and more) is None. A property outside of the
asker's scope is None like one that does not exist, so that an answer never says which of the two it is.
Positions are longitude and latitude (EPSG:4326), distances metres (measured in EPSG:25832).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, RowMapping, Select, Table, TableValuedAlias, and_, cast, func, select

from geodata.access import Asker
from geodata.crs import DISPLAY_SRID
from geodata.facts import (
    History,
    Origin,
    history_columns,
    history_of,
    origin_columns,
    origin_of,
    successors,
    with_origin,
)
from geodata.masking import readable, sees_masked
from geodata.property_history import read_visible_versions
from geodata.tables import (
    assessment_colour,
    assessment_event,
    property_,
    property_address,
    property_current,
    property_version,
    status_event,
)

NEIGHBOUR_RADIUS_M = 100
# More than a page can tell apart; a street has a dozen.
NEIGHBOURS_MAX = 60
BIGINT_MAX = 2**63 - 1


@dataclass(frozen=True)
class Position:
    """Longitude and latitude in degrees, and how the point was found."""

    longitude: float
    latitude: float
    placed_by: str | None = None


@dataclass(frozen=True)
class Address:
    """One address of a property as delivered."""

    street: str
    house_number: int | None
    house_number_suffix: str | None
    postal_code: str | None


@dataclass(frozen=True)
class PropertyDetail:
    """State and facts of a property; `origin` says which delivery stated the facts."""

    id: int
    register: str
    key: str
    file_reference: str | None
    address_text: str
    addresses: tuple[Address, ...]
    registered_on: date
    state: str | None
    state_since_on: date | None
    closed_on: date | None
    pressure: int | None
    room_to_act: int | None
    assessment_colour: str | None
    assessed_on: date | None
    use_type: str | None
    building_class: int | None
    dwellings: int | None
    is_inhabited: bool | None
    is_heritage: bool | None
    ownership_form: str | None
    lead_office: str | None
    next_step: str | None
    reminder_on: date | None
    parcels: tuple[str, ...]
    position: Position | None
    origin: Origin


@dataclass(frozen=True)
class StatusEvent:
    """The property entered a state; the reason is for case workers. A hint has a kind of source, never a person."""

    valid_on: date
    running_number: int
    state: str
    reason: str | None
    history: History
    hint_source: str | None = None


@dataclass(frozen=True)
class AssessmentEvent:
    """An assessment with its two inputs (0 to 3) and the colour that follows from them.

    `contributions` is the frozen explanation of one that was computed (`geodata/assessment/reads.frozen`).
    """

    valid_on: date
    running_number: int
    pressure: int
    room_to_act: int
    colour: str | None
    source: str | None
    history: History
    contributions: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Neighbour:
    """Another property within the radius."""

    id: int
    register: str
    key: str
    address_text: str
    state: str | None
    distance_m: float
    position: Position


def find_property(asker: Asker, reference: str) -> int | None:
    """Id of the property that `reference` names: an id, or register and key as `main/A-17`; None = not in scope."""
    asker.require("property:read")
    is_it = property_.c.municipality == asker.scope.municipality
    register, separator, key = reference.partition("/")
    if separator:
        is_it = and_(is_it, property_.c.register == register, property_.c.key == key)
    elif reference.isascii() and reference.isdecimal() and len(reference) < 20 and int(reference) <= BIGINT_MAX:
        is_it = and_(is_it, property_.c.id == int(reference))
    else:
        return None
    return asker.connection.execute(select(property_.c.id).where(is_it)).scalar_one_or_none()


def read_property(asker: Asker, property_id: int, as_of: date) -> PropertyDetail | None:
    """Facts of the property and its state on the as-of date; None when it is out of scope or not recorded by then."""
    asker.require("property:read")
    row = asker.connection.execute(_detail_query(asker, property_id, as_of)).mappings().one_or_none()
    if row is None:
        return None
    addresses = asker.connection.execute(_address_query(row["version_id"])).mappings().all()
    detail = _detail(row, addresses)
    if not sees_masked(asker):
        return detail
    return replace(detail, origin=read_visible_versions(asker, property_id)[0].origin)


def read_status_events(asker: Asker, property_id: int, as_of: date) -> tuple[StatusEvent, ...]:
    """Status events up to the as-of date, the latest first; superseded versions are among them."""
    asker.require("property:read")
    event = status_event.c
    reason, source = readable(asker, event.reason), readable(asker, event.hint_source)
    query = select(
        *history_columns(asker, status_event), event.valid_on, event.running_number, event.state, reason, source
    )
    rows = asker.connection.execute(_up_to(asker, query, status_event, property_id, as_of)).mappings().all()
    replaced_by = successors(rows)
    return tuple(_status_event(row, history_of(row, replaced_by)) for row in rows)


def read_assessments(asker: Asker, property_id: int, as_of: date) -> tuple[AssessmentEvent, ...]:
    """Assessments up to the as-of date, the latest first; superseded versions are among them."""
    asker.require("proceeding:read")
    colour = (
        select(assessment_colour.c.colour)
        .where(
            assessment_colour.c.pressure == assessment_event.c.pressure,
            assessment_colour.c.room_to_act == assessment_event.c.room_to_act,
        )
        .scalar_subquery()
    )
    stored = ("valid_on", "running_number", "pressure", "room_to_act", "source", "contributions")
    values = [assessment_event.c[name] for name in stored]
    query = select(*history_columns(asker, assessment_event), *values, colour.label("colour"))
    rows = asker.connection.execute(_up_to(asker, query, assessment_event, property_id, as_of)).mappings().all()
    replaced_by = successors(rows)
    names = (*stored, "colour")
    return tuple(
        AssessmentEvent(**{name: row[name] for name in names}, history=history_of(row, replaced_by)) for row in rows
    )


def read_neighbours(
    asker: Asker, property_id: int, as_of: date, *, radius_m: int = NEIGHBOUR_RADIUS_M
) -> tuple[Neighbour, ...]:
    """Up to 60 properties within the radius that the asker may see, the nearest first; none without a point."""
    asker.require("property:read")
    near = asker.connection.execute(_distance_query(asker, property_id, radius_m)).mappings().all()
    if not near:
        return ()
    at = _property_at(asker, as_of, [row["property_id"] for row in near])
    query = select(at.c.property_id, at.c.register, at.c.key, at.c.address_text, at.c.state)
    states = {row.property_id: row for row in asker.connection.execute(query)}
    found = [
        Neighbour(*states[row["property_id"]], row["distance_m"], Position(row["longitude"], row["latitude"]))
        for row in near
        if row["property_id"] in states  # a neighbour recorded after the as-of date is none yet
    ]
    return tuple(sorted(found, key=lambda neighbour: (neighbour.distance_m, neighbour.key)))


# --- queries ----------------------------------------------------------------------------------------------------------


def _property_at(asker: Asker, as_of: date, property_ids: Sequence[int]) -> TableValuedAlias:
    function = func.qm.property_masked_at if sees_masked(asker) else func.qm.property_at
    call = function(asker.scope.municipality, as_of, cast(list(property_ids), ARRAY(BigInteger)))
    return call.table_valued(*(column.name for column in property_current.columns), name="at")


def _detail_query(asker: Asker, property_id: int, as_of: date) -> Select[Any]:
    at = _property_at(asker, as_of, [property_id])
    version = property_version.c
    point = func.ST_Transform(version.geom, DISPLAY_SRID)
    is_current = and_(version.property_id == at.c.property_id, version.superseded_at.is_(None))
    return select(
        *(at.c[name] for name in _STATE_COLUMNS),
        *(readable(asker, version[name]) for name in _FACT_COLUMNS),
        version.id.label("version_id"),
        version.placed_by,
        *origin_columns(asker, property_version),
        func.ST_X(point).label("longitude"),
        func.ST_Y(point).label("latitude"),
    ).select_from(with_origin(asker, property_version, at.join(property_version, is_current)))


def _address_query(version_id: int) -> Select[Any]:
    address = property_address.c
    return (
        select(address.street, address.house_number, address.house_number_suffix, address.postal_code)
        .where(address.property_version_id == version_id)
        .order_by(address.position)
    )


def _up_to(asker: Asker, query: Select[Any], fact: Table, property_id: int, as_of: date) -> Select[Any]:
    """The facts of a property up to the end of the as-of date with their origin, the latest first."""
    return (
        query.select_from(with_origin(asker, fact))
        .where(fact.c.property_id == property_id, fact.c.valid_on <= as_of)
        .order_by(fact.c.valid_on.desc(), fact.c.running_number.desc(), fact.c.id.desc())
    )


def _distance_query(asker: Asker, property_id: int, radius_m: int) -> Select[Any]:
    other = property_current.c
    # One point, asked once, and `&&` said apart, because row policies let nothing else reach the index: as a join by
    # ST_DWithin, 100,000 distances were measured for ten neighbours.
    itself = property_current.alias("own").c
    own = select(itself.geom).where(itself.property_id == property_id).scalar_subquery()
    distance_m = func.ST_Distance(own, other.geom)
    point = func.ST_Transform(other.geom, DISPLAY_SRID)
    return (
        select(
            other.property_id,
            distance_m.label("distance_m"),
            func.ST_X(point).label("longitude"),
            func.ST_Y(point).label("latitude"),
        )
        .where(
            other.geom.op("&&")(func.ST_Expand(own, radius_m)),
            distance_m <= radius_m,
            other.property_id != property_id,
            other.municipality == asker.scope.municipality,
        )
        .order_by(distance_m, other.property_id)
        .limit(NEIGHBOURS_MAX)
    )


_STATE_COLUMNS = (
    "property_id",
    "register",
    "key",
    "file_reference",
    "address_text",
    "registered_on",
    "state",
    "state_since_on",
    "closed_on",
    "pressure",
    "room_to_act",
    "assessment_colour",
    "assessed_on",
    "use_type",
    "dwellings",
    "is_inhabited",
)
_FACT_COLUMNS = (
    "building_class",
    "is_heritage",
    "ownership_form",
    "lead_office",
    "next_step",
    "reminder_on",
    "parcels",
)


# --- rows -------------------------------------------------------------------------------------------------------------


def _detail(row: RowMapping, addresses: Sequence[RowMapping]) -> PropertyDetail:
    is_placed = row["longitude"] is not None
    position = Position(row["longitude"], row["latitude"], row["placed_by"]) if is_placed else None
    values = {name: row[name] for name in (*_STATE_COLUMNS, *_FACT_COLUMNS)}
    values["id"] = values.pop("property_id")
    values["parcels"] = tuple(row["parcels"])
    return PropertyDetail(
        **values,
        addresses=tuple(Address(**address) for address in addresses),
        position=position,
        origin=origin_of(row),
    )


def _status_event(row: RowMapping, history: History) -> StatusEvent:
    return StatusEvent(row["valid_on"], row["running_number"], row["state"], row["reason"], history, row["hint_source"])
