"""Planned rounds as pages show them: one with what came of it, the list of all, and what is planned for an object."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, or_, select

from geodata.access import Asker
from geodata.crs import DISPLAY_SRID
from geodata.merges import merged_ids
from geodata.planning.candidates import PERMISSION, Place
from geodata.planning.numbers import plan_key, plan_number
from geodata.planning.plans import stops_of
from geodata.tables import (
    inspection,
    inspection_round,
    property_link,
    round_plan,
    round_plan_skip,
    round_plan_stop,
)

PLANS_MOST: Final = 200


@dataclass(frozen=True)
class Outcome:
    """What was recorded for one object: a visit (`fact_id` is that of the inspection), or why nobody went there."""

    property_id: int
    fact_id: int
    access_reached: str | None = None
    result: str | None = None
    defects: tuple[str, ...] = ()
    skip_reason: str | None = None


@dataclass(frozen=True)
class Plan:
    """One plan; `version` is the row in force, `changes` how often it was changed, `round_id` what was held of it.

    `stops` are the objects in their order, merged ones as the one that goes on; `outcomes` are by object.
    """

    number: int
    key: str
    version: int
    changes: int
    held_on: date
    kind: str
    offices: tuple[str, ...]
    area_id: int | None
    start: Place | None
    start_name: str | None
    called_off: str | None
    stops: tuple[int, ...]
    round_id: int | None
    outcomes: Mapping[int, Outcome]

    @property
    def visited(self) -> int:
        """Objects with a recorded visit."""
        return sum(one.skip_reason is None for one in self.outcomes.values())

    @property
    def open_stops(self) -> tuple[int, ...]:
        """Objects for which nothing was recorded yet."""
        return tuple(one for one in self.stops if one not in self.outcomes)


@dataclass(frozen=True)
class PlanLine:
    """A plan in a list, with the number of its objects, of visits and of objects to which nobody went."""

    number: int
    held_on: date
    kind: str
    offices: tuple[str, ...]
    called_off: str | None
    objects: int
    visited: int
    skipped: int

    @property
    def has_outcome(self) -> bool:
        """Whether anything was recorded."""
        return self.visited + self.skipped > 0


@dataclass(frozen=True)
class PlannedControl:
    """A control of an object that is planned; for who may not plan rounds the number stays None."""

    held_on: date
    kind: str
    number: int | None


def read_plan(asker: Asker, number: int) -> Plan | None:
    """The plan of this number as it is in force, called off or not."""
    asker.require(PERMISSION)
    c = round_plan.c
    degrees = func.ST_Transform(c.geom, DISPLAY_SRID)
    place = (func.ST_X(c.geom), func.ST_Y(c.geom), func.ST_X(degrees), func.ST_Y(degrees))
    named = [one.label(name) for one, name in zip(place, ("x", "y", "lon", "lat"), strict=True)]
    names = ("id", "key", "held_on", "kind", "offices", "area_id", "start_name", "called_off")
    is_it = (c.municipality == asker.scope.municipality, c.key == plan_key(number))
    query = select(*(c[name] for name in names), *named).where(*is_it, c.superseded_at.is_(None))
    row = asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    versions: int = asker.connection.execute(select(func.count()).select_from(round_plan).where(*is_it)).scalar_one()
    planned = stops_of(asker, row["id"])
    followed = merged_ids(asker, planned)
    return Plan(
        number=number,
        version=row["id"],
        changes=versions - 1,
        offices=tuple(row["offices"]),
        start=None if row["x"] is None else Place(row["x"], row["y"], row["lon"], row["lat"]),
        stops=tuple(dict.fromkeys(followed.get(one, one) for one in planned)),
        round_id=_round_id(asker, row["key"]),
        outcomes=read_outcomes(asker, row["key"]),
        **{name: row[name] for name in ("key", "held_on", "kind", "area_id", "start_name", "called_off")},
    )


def read_outcomes(asker: Asker, key: str) -> Mapping[int, Outcome]:
    """What was recorded for a plan, by object; a visit counts more than that nobody went there."""
    asker.require(PERMISSION)
    city, visit, skip = asker.scope.municipality, inspection.c, round_plan_skip.c
    skips = select(skip.property_id, skip.id, skip.reason).where(
        skip.municipality == city, skip.plan_key == key, skip.superseded_at.is_(None)
    )
    found = {row[0]: Outcome(row[0], row[1], skip_reason=row[2]) for row in asker.connection.execute(skips)}
    columns = (visit.property_id, visit.id, visit.access_reached, visit.result, visit.defects)
    visits = (
        select(*columns)
        .where(
            visit.municipality == city,
            visit.round_key == key,
            visit.edit_id.is_not(None),
            visit.superseded_at.is_(None),
        )
        .order_by(visit.id)
    )
    found |= {row[0]: Outcome(*row[:4], defects=tuple(row[4])) for row in asker.connection.execute(visits)}
    followed = merged_ids(asker, found)
    return {followed.get(one, one): outcome for one, outcome in found.items()}


def read_plans(asker: Asker) -> tuple[PlanLine, ...]:
    """All plans, the latest day first; at most 200."""
    asker.require(PERMISSION)
    c, stop = round_plan.c, round_plan_stop.c
    objects = select(func.count()).where(stop.round_plan_id == c.id).scalar_subquery()
    query = (
        select(c.key, c.held_on, c.kind, c.offices, c.called_off, objects.label("objects"), *_recorded())
        .where(c.municipality == asker.scope.municipality, c.superseded_at.is_(None))
        .order_by(c.held_on.desc(), c.id.desc())
        .limit(PLANS_MOST)
    )
    return tuple(_line(row) for row in asker.connection.execute(query).mappings())


def read_next_plans(asker: Asker, first_on: date, most: int) -> tuple[PlanLine, ...]:
    """Plans from a day on that take place, the next one first."""
    planned = [one for one in read_plans(asker) if one.held_on >= first_on and one.called_off is None]
    return tuple(sorted(planned, key=lambda one: (one.held_on, one.number))[:most])


def read_planned_controls(asker: Asker, property_id: int, first_on: date) -> tuple[PlannedControl, ...]:
    """Controls that are planned for an object, or for one merged into it, from a day on; the next one first."""
    asker.require("plan:read")
    c, stop, link = round_plan.c, round_plan_stop.c, property_link.c
    merged_here = select(link.from_property_id).where(
        link.to_property_id == property_id, link.kind == "merge", link.superseded_at.is_(None)
    )
    query = (
        select(c.held_on, c.kind, c.key)
        .distinct()
        .join_from(round_plan, round_plan_stop, stop.round_plan_id == c.id)
        .where(
            c.municipality == asker.scope.municipality,
            or_(stop.property_id == property_id, stop.property_id.in_(merged_here)),
            c.superseded_at.is_(None),
            c.called_off.is_(None),
            c.held_on >= first_on,
        )
        .order_by(c.held_on, c.key)
    )
    may_plan = asker.scope.allows(PERMISSION)
    rows = asker.connection.execute(query).all()
    return tuple(PlannedControl(row.held_on, row.kind, plan_number(row.key) if may_plan else None) for row in rows)


def _recorded() -> tuple[Any, Any]:
    """Visits of the round of a plan, and objects to which nobody went, as columns beside `round_plan`."""
    plan, visit, skip = round_plan.c, inspection.c, round_plan_skip.c
    visited = select(func.count(visit.property_id.distinct())).where(
        visit.municipality == plan.municipality,
        visit.round_key == plan.key,
        visit.edit_id.is_not(None),
        visit.superseded_at.is_(None),
    )
    skipped = select(func.count()).where(
        skip.municipality == plan.municipality, skip.plan_key == plan.key, skip.superseded_at.is_(None)
    )
    return visited.scalar_subquery().label("visited"), skipped.scalar_subquery().label("skipped")


def _line(row: Any) -> PlanLine:
    names = ("held_on", "kind", "called_off", "objects", "visited", "skipped")
    return PlanLine(plan_number(row["key"]), offices=tuple(row["offices"]), **{name: row[name] for name in names})


def _round_id(asker: Asker, key: str) -> int | None:
    c = inspection_round.c
    query = select(c.id).where(c.municipality == asker.scope.municipality, c.key == key, c.superseded_at.is_(None))
    found: int | None = asker.connection.execute(query).scalar_one_or_none()
    return found
