"""Reads of achieved intervals: how far apart effective visits of one type of control were, over the filter's pairs.

A visit is effective when it reached the access that the rule in force on the as-of date requires, also where another
type was carried out that serves this one. Earlier visits are measured by the rule of today, too: the question is how
often the city got as far as it now wants to. Pairs without any effective visit have no interval yet; they are counted
beside. The rules of counting are `geodata/course/achieved.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Integer, Select, Subquery, and_, any_, cast, extract, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.control_reads import Pairs, in_areas, needed_rank, pairs_of
from geodata.course.achieved import Intervals, tally
from geodata.filters import PropertyFilter
from geodata.tables import control_type_satisfies, inspection, interval_rule


@dataclass(frozen=True, eq=False)
class RuleIntervals:
    """Pairs of a type of control under rules of one interval (days), and the intervals that were achieved there."""

    interval_days: int
    pairs: int
    intervals: Intervals


@dataclass(frozen=True, eq=False)
class Achieved:
    """Achieved intervals of one type of control: all of them, and by the interval that the rules ask for."""

    intervals: Intervals
    by_rule: tuple[RuleIntervals, ...]


@dataclass(frozen=True, eq=False)
class AreaIntervals:
    """Achieved intervals in one area, and the shortest and longest interval that rules ask for there."""

    area: Area
    intervals: Intervals
    rule_days: tuple[int, int]


@dataclass(frozen=True, eq=False)
class YearIntervals:
    """Intervals that began in a year; those without a next effective visit by the as-of date are open."""

    year: int
    intervals: Intervals


@dataclass(frozen=True)
class TypeCount:
    """A type of control: its pairs, and how many of them have no effective visit yet."""

    control_type: str
    pairs: int
    never: int


def read_types(asker: Asker, chosen: PropertyFilter) -> tuple[TypeCount, ...]:
    """The types of control that rules ask for within the filter, the one with the most pairs first."""
    pairs = pairs_of(asker, chosen)
    due = pairs.sources.due.c
    total = func.count().label("pairs")
    query = (
        select(due.control_type, total, func.count().filter(due.last_effective_on.is_(None)))
        .select_from(pairs.relation)
        .where(*pairs.where)
        .group_by(due.control_type)
        .order_by(total.desc(), due.control_type)
    )
    return tuple(TypeCount(*row) for row in asker.connection.execute(query))


def read_achieved(asker: Asker, chosen: PropertyFilter, control_type: str) -> Achieved:
    """Achieved intervals of one type of control over the filter's pairs; the rule with the shortest interval first."""
    pairs = pairs_of(asker, chosen, with_properties=True)
    steps = _steps(asker, pairs, control_type)
    query = _tallied(steps).add_columns(steps.c.interval_days).group_by(steps.c.interval_days)
    rows = [tuple(row) for row in asker.connection.execute(query)]
    return Achieved(
        tally(row[:3] for row in rows),
        tuple(
            RuleIntervals(interval_days, count, tally(row[:3] for row in rows if row[3] == interval_days))
            for interval_days, count in asker.connection.execute(_pairs_by_rule(pairs, control_type))
        ),
    )


def read_achieved_by_area(
    asker: Asker, chosen: PropertyFilter, control_type: str, kind: str
) -> tuple[AreaIntervals, ...]:
    """Achieved intervals in each area of one kind that has a pair of the type, by name of the area."""
    pairs = pairs_of(asker, chosen, with_properties=True)
    areas = [area for area in read_areas(asker, pairs.sources.as_of) if area.kind == kind]
    ids = [area.id for area in areas]
    steps = _steps(asker, pairs, control_type)
    lying = in_areas(steps.c.area_ids, ids)
    query = _tallied(steps).select_from(steps.join(lying, true())).add_columns(lying.c.area_id)
    rows = [tuple(row) for row in asker.connection.execute(query.group_by(lying.c.area_id))]
    rules = {row[0]: (row[1], row[2]) for row in asker.connection.execute(_rules_by_area(pairs, control_type, ids))}
    return tuple(
        AreaIntervals(area, tally(row[:3] for row in rows if row[3] == area.id), rules[area.id])
        for area in areas
        if area.id in rules
    )


def read_achieved_by_year(asker: Asker, chosen: PropertyFilter, control_type: str) -> tuple[YearIntervals, ...]:
    """Achieved intervals of one type of control by the year in which they began; years without one are missing."""
    pairs = pairs_of(asker, chosen, with_properties=True)
    steps = _steps(asker, pairs, control_type)
    year = cast(extract("year", steps.c.began_on), Integer)
    rows = [tuple(row) for row in asker.connection.execute(_tallied(steps).add_columns(year).group_by(year))]
    return tuple(
        YearIntervals(begun, tally(row[:3] for row in rows if row[3] == begun))
        for begun in sorted({row[3] for row in rows})
    )


def _pairs_by_rule(pairs: Pairs, control_type: str) -> Select[Any]:
    due = pairs.sources.due.c
    return (
        select(due.interval_days, func.count())
        .select_from(pairs.relation)
        .where(*pairs.where, due.control_type == control_type)
        .group_by(due.interval_days)
        .order_by(due.interval_days)
    )


def _rules_by_area(pairs: Pairs, control_type: str, area_ids: Sequence[int]) -> Select[Any]:
    due = pairs.sources.due.c
    lying = in_areas(pairs.sources.properties.c.area_ids, area_ids)
    return (
        select(lying.c.area_id, func.min(due.interval_days), func.max(due.interval_days))
        .select_from(pairs.relation.join(lying, true()))
        .where(*pairs.where, due.control_type == control_type)
        .group_by(lying.c.area_id)
    )


def _tallied(steps: Subquery) -> Select[Any]:
    """Length in days, whether still open, how many; a second visit on the same day closes nothing."""
    counted = select(steps.c.days, steps.c.is_open, func.count()).where(or_(steps.c.days > 0, steps.c.is_open))
    return counted.group_by(steps.c.days, steps.c.is_open)


def _steps(asker: Asker, pairs: Pairs, control_type: str) -> Subquery:
    """From each effective visit to the next one, or to the as-of date; one row each."""
    due, properties = pairs.sources.due.c, pairs.sources.properties.c
    next_on = func.lead(inspection.c.inspected_on).over(
        partition_by=inspection.c.property_id, order_by=inspection.c.inspected_on
    )
    until = func.coalesce(next_on, pairs.sources.as_of)
    return (
        select(
            (until - inspection.c.inspected_on).label("days"),
            next_on.is_(None).label("is_open"),
            inspection.c.inspected_on.label("began_on"),
            due.interval_days,
            properties.area_ids,
        )
        .select_from(_visited(asker, pairs, control_type))
        .where(
            *pairs.where,
            due.control_type == control_type,
            func.qm.access_rank(inspection.c.access_reached) >= needed_rank(properties.is_inhabited),
        )
        .subquery("steps")
    )


def _visited(asker: Asker, pairs: Pairs, control_type: str) -> FromClause:
    """Pairs with the rule that won and every visit of a type that serves them."""
    serving = select(control_type_satisfies.c.control_type).where(control_type_satisfies.c.satisfies == control_type)
    types = [control_type, *asker.connection.execute(serving).scalars()]
    due, visit = pairs.sources.due.c, inspection.c
    counts = and_(
        visit.property_id == due.property_id,
        visit.municipality == asker.scope.municipality,
        visit.superseded_at.is_(None),
        visit.inspected_on <= pairs.sources.as_of,
        visit.control_type == any_(cast(types, ARRAY(Text))),
    )
    return pairs.relation.join(interval_rule, interval_rule.c.id == due.rule_id).join(inspection, counts)
