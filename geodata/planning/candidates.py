"""What is known of objects that could be part of a round: when they are due, how urgent they are, where they lie.

Urgency follows from a closed list of facts: the due date, the pressure of the problem, the result of the last control.
Counts of persons are never among them. Places are metres (EPSG:25832) and, for drawing, degrees (EPSG:4326). All is as
it is known today; days overdue are those of the day of the round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Integer, Select, and_, any_, cast, func, or_, select

from geodata.access import Asker
from geodata.calendar import today
from geodata.control_reads import FAILED_VISITS_TO_CLARIFY, read_rules
from geodata.crs import DISPLAY_SRID
from geodata.inspections import DueRule
from geodata.intervals import Rule, Visit, failed_in_a_row, overdue_days
from geodata.merges import merged_ids
from geodata.planning.numbers import plan_number
from geodata.tables import inspection, inspection_round, property_current, property_due, round_plan, round_plan_stop

PERMISSION: Final = "round:write"
# What falls due soon after the round is worth the way, when the objects overdue do not fill it.
SOON_DAYS: Final = 30
# The most urgent ones among which the library chooses: a round has a handful, and a matrix grows with the square.
CONSIDERED_MOST: Final = 150
LEAST_OBJECTS, MOST_OBJECTS, USUAL_OBJECTS = 3, 9, 6
PRESSURE_MOST: Final = 3
_RECENT_MOST: Final = 2_000


@dataclass(frozen=True)
class Place:
    """A point: metres east and north (EPSG:25832), longitude and latitude (EPSG:4326)."""

    east_m: float
    north_m: float
    longitude: float
    latitude: float


@dataclass(frozen=True)
class PlannedObject:
    """What a planner needs to know of an object for one type of control.

    `due_on` None = no rule asks for this type of control here (or the object was released from it); `failed_visits` are
    the latest in a row without the access that the rule requires; `planned_in` is another plan of the same day.
    """

    property_id: int
    key: str
    address: str
    state: str | None
    closed_on: date | None
    pressure: int | None
    place: Place | None
    due_on: date | None
    interval_days: int | None
    last_effective_on: date | None
    last_on: date | None
    last_result: str | None
    failed_visits: int
    rule: DueRule | None
    planned_in: int | None = None

    @property
    def has_to_clarify_access(self) -> bool:
        """Whether another visit in vain is to be expected."""
        return self.failed_visits >= FAILED_VISITS_TO_CLARIFY

    @property
    def has_finding(self) -> bool:
        """Whether the last control found something."""
        return self.last_result == "finding"

    def overdue_days(self, day: date) -> int:
        """Days overdue on the day of the round."""
        return 0 if self.due_on is None else overdue_days(self.due_on, day)


def read_objects(
    asker: Asker, property_ids: Sequence[int], kind: str, day: date, *, except_plan: str | None = None
) -> tuple[PlannedObject, ...]:
    """These objects in the order asked for, each once.

    One that was merged stands as the one that goes on; one that is not in scope is left out.
    """
    asker.require(PERMISSION)
    followed = merged_ids(asker, property_ids)
    wanted = list(dict.fromkeys(followed.get(one, one) for one in property_ids))
    is_wanted = property_current.c.property_id == any_(cast(wanted, ARRAY(BigInteger)))
    found = {one.property_id: one for one in _read(asker, _query(asker, kind).where(is_wanted), kind, day, except_plan)}
    return tuple(found[one] for one in wanted if one in found)


def read_candidates(
    asker: Asker, area_id: int | None, kind: str, day: date, *, except_plan: str | None = None
) -> tuple[PlannedObject, ...]:
    """The objects of an area that are overdue or fall due within 30 days of the round, the longest overdue first."""
    asker.require(PERMISSION)
    due_on, current = property_due.c.due_on, property_current.c
    # The city of the due dates, too: their index begins with it and holds them in this order.
    is_due = (property_due.c.municipality == asker.scope.municipality, due_on <= day + timedelta(days=SOON_DAYS))
    query = _query(asker, kind).where(*is_due)
    if area_id is not None:
        query = query.where(current.area_ids.op("&&")(cast([area_id], ARRAY(Integer))))
    query = query.order_by(due_on, current.property_id).limit(CONSIDERED_MOST)
    return _read(asker, query, kind, day, except_plan)


def planned_on(
    asker: Asker, day: date, *, kind: str | None = None, except_plan: str | None = None
) -> Mapping[int, int]:
    """Objects that stand in a plan of that day, with the number of the plan; one of that day before others.

    With a `kind` also those in a plan for this type on another day to come: two rounds of one week would else be
    proposed the same objects.
    """
    asker.require(PERMISSION)
    plan, stop = round_plan.c, round_plan_stop.c
    is_meant = plan.held_on == day
    if kind is not None:
        is_meant = or_(is_meant, (plan.kind == kind) & (plan.held_on >= today()))
    query = (
        select(stop.property_id, plan.key)
        .join(round_plan, plan.id == stop.round_plan_id)
        .where(
            plan.municipality == asker.scope.municipality,
            is_meant,
            plan.superseded_at.is_(None),
            plan.called_off.is_(None),
            plan.key != (except_plan or ""),
        )
        .order_by(plan.held_on == day, plan.id)
    )
    found = {row.property_id: plan_number(row.key) for row in asker.connection.execute(query)}
    followed = merged_ids(asker, found)
    return {followed.get(one, one): number for one, number in found.items()}


def usual_size(asker: Asker, kind: str, day: date) -> int:
    """How many objects a round of this type had in the year before (median), from 3 to 9; 6 where there was none.

    Counted over the objects visited last, at most 2,000: visits have no index by round, and a round is held in one go.
    """
    asker.require(PERMISSION)
    current, visit, held = property_current.c, inspection.c, inspection_round.c
    year = (day - timedelta(days=365), day)
    recent = (
        select(current.property_id)
        .where(current.municipality == asker.scope.municipality, current.last_inspected_on.between(*year))
        .order_by(current.last_inspected_on.desc(), current.property_id)
        .limit(_RECENT_MOST)
        .subquery()
    )
    is_its_round = and_(
        held.municipality == visit.municipality, held.key == visit.round_key, held.superseded_at.is_(None)
    )
    query = (
        select(func.count())
        .select_from(recent.join(inspection, visit.property_id == recent.c.property_id))
        .join(inspection_round, is_its_round)
        .where(visit.superseded_at.is_(None), held.kind == kind, held.held_on.between(*year))
        .group_by(held.key)
    )
    sizes = asker.connection.execute(query).scalars().all()
    return min(max(round(median(sizes)), LEAST_OBJECTS), MOST_OBJECTS) if sizes else USUAL_OBJECTS


# --- how it is asked --------------------------------------------------------------------------------------------------


def _query(asker: Asker, kind: str) -> Select[Any]:
    current, due = property_current.c, property_due.c
    degrees: ColumnElement[Any] = func.ST_Transform(current.geom, DISPLAY_SRID)
    is_its_due = and_(due.property_id == current.property_id, due.control_type == kind)
    names = ("property_id", "key", "address_text", "state", "closed_on", "pressure", "is_inhabited")
    return (
        select(
            *(current[name] for name in names),
            due.due_on,
            due.interval_days,
            due.last_effective_on,
            due.rule_id,
            func.ST_X(current.geom).label("east_m"),
            func.ST_Y(current.geom).label("north_m"),
            func.ST_X(degrees).label("longitude"),
            func.ST_Y(degrees).label("latitude"),
        )
        .select_from(property_current.outerjoin(property_due, is_its_due))
        .where(current.municipality == asker.scope.municipality)
    )


def _read(asker: Asker, query: Select[Any], kind: str, day: date, except_plan: str | None) -> tuple[PlannedObject, ...]:
    rows = asker.connection.execute(query).mappings().all()
    rules = read_rules(asker, {row["rule_id"] for row in rows if row["rule_id"] is not None}, day)
    known = _Known(kind, rules, *_visits(asker, [row["property_id"] for row in rows]))
    elsewhere = planned_on(asker, day, kind=kind, except_plan=except_plan)
    return tuple(_object(row, known, elsewhere.get(row["property_id"])) for row in rows)


@dataclass(frozen=True)
class _Known:
    """What was read beside the rows: rules by id, visits and the last result by property."""

    kind: str
    rules: Mapping[int, DueRule]
    visits: Mapping[int, Sequence[Visit]]
    results: Mapping[int, str]


def _visits(asker: Asker, ids: Sequence[int]) -> tuple[dict[int, list[Visit]], dict[int, str]]:
    """Visits of these objects, the latest first, and the result of the last control of each."""
    c = inspection.c
    query = (
        select(c.property_id, c.control_type, c.inspected_on, c.access_reached, c.result)
        .where(c.property_id == any_(cast(list(ids), ARRAY(BigInteger))), c.superseded_at.is_(None))
        .order_by(c.inspected_on.desc(), c.running_number.desc(), c.id.desc())
    )
    visits: dict[int, list[Visit]] = {}
    results: dict[int, str] = {}
    for property_id, control_type, inspected_on, access, result in asker.connection.execute(query):
        visits.setdefault(property_id, []).append(Visit(control_type, inspected_on, access))
        results.setdefault(property_id, result)
    return visits, results


def _object(row: Mapping[Any, Any], known: _Known, planned_in: int | None) -> PlannedObject:
    property_id = row["property_id"]
    rule, visits = known.rules.get(row["rule_id"]), known.visits.get(property_id, ())
    place = None
    if row["east_m"] is not None:
        place = Place(row["east_m"], row["north_m"], row["longitude"], row["latitude"])
    return PlannedObject(
        property_id=property_id,
        key=row["key"],
        address=row["address_text"],
        state=row["state"],
        closed_on=row["closed_on"],
        pressure=row["pressure"],
        place=place,
        due_on=row["due_on"],
        interval_days=row["interval_days"],
        last_effective_on=row["last_effective_on"],
        last_on=visits[0].inspected_on if visits else None,
        last_result=known.results.get(property_id),
        failed_visits=0 if rule is None else _failed(row, known.kind, rule, visits),
        rule=rule,
        planned_in=planned_in,
    )


def _failed(row: Mapping[Any, Any], kind: str, rule: DueRule, visits: Sequence[Visit]) -> int:
    asked = Rule(
        id=row["rule_id"],
        control_type=kind,
        interval_days=rule.interval_days,
        access_required=rule.access_required,
        access_required_if_empty=rule.access_required_if_empty,
        valid_from=rule.valid_from,
    )
    return failed_in_a_row(visits, asked, is_inhabited=row["is_inhabited"])
