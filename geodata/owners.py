"""Who owns a property: read one property at a time, by who may, and logged before it is answered.

Owners stand in no list, export, filter, search, map or publication; for statistics their kind is enough, and that is a
fact of the property (`ownership_form`). What is logged is the property that was asked about, never a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, or_, select

from geodata import audit
from geodata.access import Access, Asker, Scope
from geodata.tables import property_, property_link
from geodata.tables.owners import owner, ownership

PERMISSION = "owner:read"


@dataclass(frozen=True)
class Owner:
    """One owner of a property and how that is known; what the register does not state is None."""

    kind: str
    name: str | None
    address: str | None
    share: Fraction | None
    owned_since: date | None
    stated_since: date
    source: str | None
    link_confidence: str | None
    link_reason: str | None


def read_owners(access: Access, scope: Scope, property_id: int, as_of: date) -> tuple[Owner, ...] | None:
    """The owners that were known to own the property on a date; None = there is no such property in scope.

    Three transactions: the property is found with the ordinary rights of who asks, the reading is logged, and only then
    the role of owners is taken. NotAllowed without `owner:read`; what cannot be logged is not answered.
    """
    scope.require(PERMISSION)
    with access.open(scope) as asker:
        subject, property_ids = _subject(asker, property_id), _with_merged(asker, property_id)
    if subject is None:
        return None
    entry = audit.Entry("read_restricted", scope.municipality, scope.account, f"owners of {subject}")
    audit.record(access, entry)
    with access.open_owners(scope) as asker:
        return owners_of(asker, property_ids, as_of)


def owners_of(asker: Asker, property_ids: Sequence[int], as_of: date) -> tuple[Owner, ...]:
    """The owners themselves, for an asker of `Access.open_owners`; who calls this has logged it before.

    Several ids are records of one object that were merged: what two of them say alike is told once.
    """
    asker.require(PERMISSION)
    rows = asker.connection.execute(_in_force(asker, property_ids, as_of)).all()
    told = {(row.owner_key, row.share): row for row in reversed(rows)}
    return tuple(
        Owner(
            kind=row.kind,
            name=row.name,
            address=row.address,
            share=Fraction(row.share) if row.share else None,
            owned_since=row.owned_since,
            stated_since=row.valid_from,
            source=row.source,
            link_confidence=row.link_confidence,
            link_reason=row.link_reason,
        )
        for row in reversed(told.values())
    )


def _in_force(asker: Asker, property_ids: Sequence[int], as_of: date) -> Select[Any]:
    link, who = ownership.c, owner.c
    return (
        select(
            link.owner_key,
            *(func.coalesce(who.kind, "unknown").label("kind"), who.name, who.address, link.share, link.owned_since),
            *(link.valid_from, link.source, link.link_confidence, link.link_reason),
        )
        .select_from(
            ownership.outerjoin(
                owner,
                (who.municipality == link.municipality) & (who.key == link.owner_key) & who.superseded_at.is_(None),
            )
        )
        .where(
            link.municipality == asker.scope.municipality,
            link.property_id.in_(property_ids),
            link.superseded_at.is_(None),
            func.coalesce(link.owned_since, link.valid_from) <= as_of,
            or_(link.valid_to.is_(None), link.valid_to > as_of),
        )
        .order_by(who.name, link.id)
    )


def _with_merged(asker: Asker, property_id: int) -> list[int]:
    """The property and those that were merged into it: their owners stay with the record that a register names."""
    link = property_link.c
    query = select(link.from_property_id).where(
        link.municipality == asker.scope.municipality,
        link.to_property_id == property_id,
        link.kind == "merge",
        link.superseded_at.is_(None),
    )
    return [property_id, *asker.connection.execute(query).scalars()]


def _subject(asker: Asker, property_id: int) -> str | None:
    asker.require("property:read")
    query = select(property_.c.register, property_.c.key).where(
        property_.c.id == property_id, property_.c.municipality == asker.scope.municipality
    )
    row = asker.connection.execute(query).one_or_none()
    return None if row is None else f"{row.register}/{row.key}"
