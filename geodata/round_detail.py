"""One round with its visits, and what is recorded already for a day: for who records rounds.

"Visits" and "visits without access" are two figures, and defects never stand without the number of visits. Counts of
persons are read with `person:read` only, each on its own, because one person can be in several of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import and_, select

from geodata import fairness
from geodata.access import Asker
from geodata.planning.numbers import plan_number
from geodata.tables import inspection, inspection_round, property_current, round_plan

PERMISSION: Final = "round:write"
PERSON_COUNTS: Final = fairness.PERSON_COUNTS


@dataclass(frozen=True)
class RoundVisit:
    """One visit of a round; the address is that of today."""

    property_id: int
    key: str
    address_text: str
    access_reached: str
    result: str
    defects: tuple[str, ...]


@dataclass(frozen=True)
class RoundDetail:
    """A round; `persons` holds the counts that were stated, empty for who may not see them.

    `edit_id` is the edit that brought it; None where a delivery did. `plan_number` is that of the plan for which it was
    held: its visits were recorded one by one.
    """

    id: int
    edit_id: int | None
    held_on: date
    kind: str
    offices: tuple[str, ...]
    interpreter_present: bool | None
    social_worker_present: bool | None
    place: str | None
    persons: Mapping[str, int]
    visits: tuple[RoundVisit, ...]
    plan_number: int | None = None

    @property
    def without_access(self) -> int:
        """Visits that reached nothing of the object."""
        return sum(visit.access_reached == "none" for visit in self.visits)

    @property
    def with_finding(self) -> int:
        """Visits with a finding."""
        return sum(visit.result == "finding" for visit in self.visits)

    @property
    def defects(self) -> Mapping[str, int]:
        """At how many visits each defect was found, the most frequent first."""
        counts: dict[str, int] = {}
        for visit in self.visits:
            for code in visit.defects:
                counts[code] = counts.get(code, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def read_round(asker: Asker, round_id: int) -> RoundDetail | None:
    """The round with this id that is in force; None where the city has none such."""
    asker.require(PERMISSION)
    return _read(asker, inspection_round.c.id == round_id)


def read_round_of_edit(asker: Asker, edit_id: int) -> RoundDetail | None:
    """The round that an edit in the application brought."""
    asker.require(PERMISSION)
    return _read(asker, inspection_round.c.edit_id == edit_id)


def visited_on(asker: Asker, property_ids: Sequence[int], day: date, control_type: str) -> tuple[int, ...]:
    """Which of these objects have a visit of this type recorded for this day already."""
    asker.require(PERMISSION)
    c = inspection.c
    query = select(c.property_id).where(
        c.municipality == asker.scope.municipality,
        c.property_id.in_(list(property_ids)),
        c.inspected_on == day,
        c.control_type == control_type,
        c.superseded_at.is_(None),
    )
    return tuple(sorted(set(asker.connection.execute(query).scalars())))


def _read(asker: Asker, which: Any) -> RoundDetail | None:
    c = inspection_round.c
    counts = [c[name] for name in PERSON_COUNTS] if asker.scope.allows("person:read") else []
    names = ("id", "edit_id", "held_on", "kind", "interpreter_present", "social_worker_present", "place")
    query = select(c.key, c.offices, *(c[name] for name in names), *counts).where(
        which, c.municipality == asker.scope.municipality, c.superseded_at.is_(None)
    )
    row = asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    persons = {column.name: row[column.name] for column in counts if row[column.name] is not None}
    return RoundDetail(
        **{name: row[name] for name in names},
        offices=tuple(row["offices"]),
        persons=MappingProxyType(persons),
        visits=_visits(asker, row["key"]),
        plan_number=_plan_number(asker, row["key"]),
    )


def _plan_number(asker: Asker, key: str) -> int | None:
    c = round_plan.c
    query = select(c.id).where(c.municipality == asker.scope.municipality, c.key == key, c.superseded_at.is_(None))
    found = asker.connection.execute(query).scalar_one_or_none()
    return None if found is None else plan_number(key)


def _visits(asker: Asker, round_key: str) -> tuple[RoundVisit, ...]:
    c, at = inspection.c, property_current.c
    query = (
        select(c.property_id, at.key, at.address_text, c.access_reached, c.result, c.defects)
        .join(property_current, and_(at.property_id == c.property_id, at.municipality == c.municipality))
        .where(c.municipality == asker.scope.municipality, c.round_key == round_key, c.superseded_at.is_(None))
        .order_by(c.id)
    )
    return tuple(
        RoundVisit(row.property_id, row.key, row.address_text, row.access_reached, row.result, tuple(row.defects))
        for row in asker.connection.execute(query)
    )
