"""What a form needs before an edit, and what was done: versions to build on, likely duplicates, the edits made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, func, null, or_, select

from geodata.access import Asker
from geodata.address_text import normalise_street
from geodata.edits.drafts import AddressDraft
from geodata.edits.placing import point
from geodata.masking import may_read
from geodata.tables import edit, property_address, property_current, property_version, status_event

NEAR_M: Final = 30
DUPLICATES_MAX: Final = 20
EDITS_MAX: Final = 50
Why = Literal["address", "near"]


@dataclass(frozen=True)
class Versions:
    """Tokens of what a form shows: the ids of the facts and of the status in force; 0 = there is none."""

    facts: int
    status: int


@dataclass(frozen=True)
class EditShown:
    """One edit of a property; the reason is for case workers."""

    edit_id: int
    kind: str
    account_name: str
    made_at: datetime
    undone_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Duplicate:
    """A property that may be the same: it has the same street and number, or lies within 30 m."""

    property_id: int
    key: str
    address: str
    state: str | None
    distance_m: float | None
    why: Why


def version_of(asker: Asker, property_id: int) -> Versions:
    """What a form is built on; `Order.expected` compares one of the two."""
    asker.require("property:read")
    facts = select(property_version.c.id).where(
        property_version.c.property_id == property_id, property_version.c.superseded_at.is_(None)
    )
    event = status_event.c
    status = (
        select(event.id)
        .where(event.property_id == property_id, event.superseded_at.is_(None))
        .order_by(event.valid_on.desc(), event.running_number.desc(), event.recorded_at.desc(), event.id.desc())
        .limit(1)
    )
    found = [asker.connection.execute(query).scalar_one_or_none() for query in (facts, status)]
    return Versions(*(one or 0 for one in found))


def read_edits(asker: Asker, property_id: int, most: int = EDITS_MAX) -> tuple[EditShown, ...]:
    """The edits of a property, the latest first."""
    asker.require("edit:read")
    reason = edit.c.reason if may_read(asker, "reason") else null().label("reason")
    query = (
        select(edit.c.id, edit.c.kind, edit.c.account_name, edit.c.made_at, edit.c.undone_at, reason)
        .where(edit.c.municipality == asker.scope.municipality, edit.c.property_id == property_id)
        .order_by(edit.c.made_at.desc(), edit.c.id.desc())
        .limit(most)
    )
    return tuple(EditShown(*row) for row in asker.connection.execute(query))


def possible_duplicates(
    asker: Asker,
    addresses: Sequence[AddressDraft],
    position: tuple[float, float] | None,
    *,
    except_id: int | None = None,
) -> tuple[Duplicate, ...]:
    """Properties at the same street and number, then those within 30 m, the nearest first; closed ones, too."""
    asker.require("property:write")
    found = {one.property_id: one for one in _near(asker, position)} if position is not None else {}
    for one in _same_address(asker, addresses, position):
        found[one.property_id] = one
    found.pop(except_id or 0, None)
    in_order = sorted(found.values(), key=lambda one: (one.why, one.distance_m or 0.0, one.key))
    return tuple(in_order[:DUPLICATES_MAX])


def _named(distance_m: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    columns = property_current.c
    return [columns.property_id, columns.key, columns.address_text, columns.state, distance_m]


def _duplicate(row: Any, why: Why) -> Duplicate:
    return Duplicate(row[0], row[1], row[2], row[3], row[4], why)


def _distance(position: tuple[float, float] | None) -> ColumnElement[Any]:
    if position is None:
        return null()
    return func.ST_Distance(property_current.c.geom, point(position))


def _same_address(
    asker: Asker, addresses: Sequence[AddressDraft], position: tuple[float, float] | None
) -> list[Duplicate]:
    wanted = {(normalise_street(one.street), one.house_number) for one in addresses if one.house_number is not None}
    if not wanted:
        return []
    at, version = property_address.c, property_version.c
    is_there = or_(*((at.street_norm == street) & (at.house_number == number) for street, number in sorted(wanted)))
    query = (
        select(*_named(_distance(position)))
        .distinct()
        .join_from(property_current, property_version, version.property_id == property_current.c.property_id)
        .join(property_address, at.property_version_id == version.id)
        .where(property_current.c.municipality == asker.scope.municipality, version.superseded_at.is_(None), is_there)
    )
    return [_duplicate(row, "address") for row in asker.connection.execute(query)]


def _near(asker: Asker, position: tuple[float, float]) -> list[Duplicate]:
    distance_m = _distance(position)
    query = (
        select(*_named(distance_m))
        .where(
            property_current.c.municipality == asker.scope.municipality,
            property_current.c.geom.op("&&")(func.ST_Expand(point(position), NEAR_M)),
            distance_m <= NEAR_M,
        )
        .order_by(distance_m)
        .limit(DUPLICATES_MAX)
    )
    return [_duplicate(row, "near") for row in asker.connection.execute(query)]
