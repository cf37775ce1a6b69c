"""Who owns a property: read one property at a time, by who may, and logged before it is answered.

Owners stand in no list, export, filter, search, map or publication; for statistics their kind is enough, and that is a
fact of the property (`ownership_form`). What is logged is the property that was asked about, never a name.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, or_, select

from geodata import audit
from geodata.access import Access, Asker, Scope
from geodata.tables import property_
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
        subject = _subject(asker, property_id)
    if subject is None:
        return None
    entry = audit.Entry("read_restricted", scope.municipality, scope.account, f"owners of {subject}")
    audit.record(access, entry)
    with access.open_owners(scope) as asker:
        return owners_of(asker, property_id, as_of)


def owners_of(asker: Asker, property_id: int, as_of: date) -> tuple[Owner, ...]:
    """The owners themselves, for an asker of `Access.open_owners`; who calls this has logged it before."""
    asker.require(PERMISSION)
    link, who = ownership.c, owner.c
    query = (
        select(
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
            link.property_id == property_id,
            link.superseded_at.is_(None),
            func.coalesce(link.owned_since, link.valid_from) <= as_of,
            or_(link.valid_to.is_(None), link.valid_to > as_of),
        )
        .order_by(who.name, link.id)
    )
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
        for row in asker.connection.execute(query)
    )


def _subject(asker: Asker, property_id: int) -> str | None:
    asker.require("property:read")
    query = select(property_.c.register, property_.c.key).where(
        property_.c.id == property_id, property_.c.municipality == asker.scope.municipality
    )
    row = asker.connection.execute(query).one_or_none()
    return None if row is None else f"{row.register}/{row.key}"
