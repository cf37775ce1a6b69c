"""How many properties which kind of owner has: counts by form of ownership, never a name.

Who may read this sees each of the properties counted with its form of ownership, so the rule of small numbers has
nothing to hold back: a manager's counts are those of the areas assigned. What is published follows that rule elsewhere.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Subquery, func, or_, select

from geodata.access import Asker
from geodata.codes import OWNERSHIP_FORMS
from geodata.filters import PropertyFilter
from geodata.sources import property_sources
from geodata.tables import measure, property_version

PERMISSION = "proceeding:read"


@dataclass(frozen=True)
class OwnerType:
    """The open properties of one form of ownership; `form` None = not stated.

    `in_procedure` counts those in a state of a proceeding, `with_proceedings` those with an open one, and
    `proceedings` the open ones themselves: a property can have several.
    """

    form: str | None
    properties: int
    closed: int
    in_procedure: int
    with_proceedings: int
    proceedings: int


def read_owner_types(asker: Asker, chosen: PropertyFilter) -> tuple[OwnerType, ...]:
    """Counts by form of ownership, in the order of the codes, those without a statement last."""
    asker.require(PERMISSION)
    sources = property_sources(asker, chosen)
    now, version = sources.properties.c, property_version.c
    opened = _open_by_property(sources.as_of)
    is_open, proceedings = now.closed_on.is_(None), func.coalesce(opened.c.proceedings, 0)
    query = (
        select(
            version.ownership_form,
            func.count().filter(is_open),
            func.count().filter(~is_open),
            func.count().filter(is_open, now.state.like("procedure%")),
            func.count().filter(is_open, proceedings > 0),
            func.coalesce(func.sum(proceedings).filter(is_open), 0),
        )
        .select_from(
            sources.properties.join(
                property_version, (version.property_id == now.property_id) & version.superseded_at.is_(None)
            ).outerjoin(opened, opened.c.property_id == now.property_id)
        )
        .where(now.municipality == asker.scope.municipality, *sources.where(chosen))
        .group_by(version.ownership_form)
    )
    found = {row[0]: OwnerType(row[0], *(int(value) for value in row[1:])) for row in asker.connection.execute(query)}
    return tuple(found[form] for form in (*OWNERSHIP_FORMS, None) if form in found)


def _open_by_property(as_of: date) -> Subquery:
    return (
        select(measure.c.property_id, func.count().label("proceedings"))
        .where(
            measure.c.superseded_at.is_(None),
            measure.c.opened_on <= as_of,
            or_(measure.c.closed_on.is_(None), measure.c.closed_on > as_of),
        )
        .group_by(measure.c.property_id)
        .subquery("opened")
    )
