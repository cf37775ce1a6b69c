"""Reads of what is due: pairs of a property and a type of control, as a list, by area and by rule.

Rules that hold for every read here:

- A pair exists where a rule in force asks for that type of control of a property that is recorded and not closed.
- The filter means the same as everywhere: its parts choose properties, `control_types` and `due` also choose pairs.
- At the date of the derived tables these are read; for any other date the same columns come from `qm.due_at`.
- On time = not overdue on the as-of date: due on it or later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    RowMapping,
    Select,
    any_,
    case,
    cast,
    func,
    literal,
    select,
    true,
)

from geodata import cube
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.figure import Period
from geodata.filters import PropertyFilter, pair_conditions
from geodata.inspections import DueRule, rule_area_name
from geodata.intervals import Rule, Visit, failed_in_a_row, overdue_days
from geodata.properties import PAGE_MAX, Sources, property_sources
from geodata.tables import inspection, interval_rule

SortKey = Literal["overdue_days", "due_on", "address", "control_type"]
SORTABLE: Final[tuple[SortKey, ...]] = ("overdue_days", "due_on", "address", "control_type")
# Two failed visits in a row open the task "clarify access".
FAILED_VISITS_TO_CLARIFY: Final = 2


@dataclass(frozen=True)
class DueRow:
    """One pair on the as-of date. `days_left` is 0 where it is overdue, `overdue_days` 0 where it is not.

    `area_ids` are all areas in which the property lies; `rule_age_days` says since when the rule that won is in force.
    """

    property_id: int
    key: str
    address: str
    area_ids: tuple[int, ...]
    control_type: str
    last_effective_on: date | None
    due_on: date
    overdue_days: int
    days_left: int
    failed_visits: int
    rule: DueRule
    rule_age_days: int

    @property
    def has_to_clarify_access(self) -> bool:
        return self.failed_visits >= FAILED_VISITS_TO_CLARIFY


@dataclass(frozen=True)
class AreaRow:
    """The pairs of one area; `overdue_days_median` is that of the overdue pairs, None where none is overdue."""

    area: Area
    pairs: int
    on_time: int
    overdue: int
    overdue_days_median: float | None
    inspections: int


@dataclass(frozen=True)
class Pairs:
    """The pairs of a filter as a relation: properties beside their due dates, and which of these are meant."""

    sources: Sources
    where: tuple[ColumnElement[bool], ...]
    has_properties: bool

    @property
    def relation(self) -> FromClause:
        """Due dates with their properties; without these where no condition asks for them, which is much cheaper."""
        due, properties = self.sources.due, self.sources.properties
        if not self.has_properties:
            return due
        return due.join(properties, properties.c.property_id == due.c.property_id)


def pairs_of(asker: Asker, chosen: PropertyFilter, *, with_properties: bool = False) -> Pairs:
    """The pairs that a filter means; `with_properties` where columns of the property are asked for."""
    asker.require("plan:read")
    sources = property_sources(asker, chosen)
    # The pair itself shows whether the property has one that fits, so nobody has to look for it a second time.
    of_properties = sources.where(replace(chosen, due=None))
    of_pairs = pair_conditions(chosen, sources.due, sources.as_of)
    return Pairs(sources, (*of_properties, *of_pairs), with_properties or bool(of_properties))


def needed_rank(is_inhabited: ColumnElement[Any]) -> ColumnElement[int]:
    """Rank of the access that `interval_rule` requires: at an empty building it may ask for less."""
    rule = interval_rule.c
    at_empty = func.coalesce(rule.access_required_if_empty, rule.access_required)
    result: ColumnElement[int] = func.qm.access_rank(
        case((is_inhabited.is_(False), at_empty), else_=rule.access_required)
    )
    return result


# --- the list ---------------------------------------------------------------------------------------------------------


def count_due(asker: Asker, chosen: PropertyFilter) -> int:
    """How many rows the list has."""
    pairs = pairs_of(asker, chosen)
    part = cube.part_of(asker, chosen, is_current=pairs.sources.is_current)
    if part and chosen.due != "soon":
        counts = cube.read_pairs(asker, part)
        return counts.overdue if chosen.due == "overdue" else counts.pairs
    found: int = asker.connection.execute(
        select(func.count()).select_from(pairs.relation).where(*pairs.where)
    ).scalar_one()
    return found


def read_due_list(
    asker: Asker,
    chosen: PropertyFilter,
    sort: SortKey = "overdue_days",
    *,
    descending: bool = True,
    start: int = 0,
    size: int = 100,
) -> tuple[DueRow, ...]:
    """Rows `start` to `start + size` of the list, at most 500; the longest overdue first unless sorted otherwise."""
    pairs = pairs_of(asker, chosen, with_properties=True)
    query = _list_query(pairs).order_by(*_order(pairs.sources, sort, descending=descending))
    rows = asker.connection.execute(query.offset(max(0, start)).limit(min(size, PAGE_MAX))).mappings().all()
    as_of = pairs.sources.as_of
    rules = read_rules(asker, {row["rule_id"] for row in rows}, as_of)
    visits = _visits(asker, {row["property_id"] for row in rows}, as_of)
    return tuple(_due_row(row, rules[row["rule_id"]], visits, as_of) for row in rows)


def read_rules(asker: Asker, rule_ids: set[int], as_of: date) -> dict[int, DueRule]:
    """Rules by their id, with the name of their area on the as-of date."""
    asker.require("plan:read")
    rule = interval_rule.c
    names = [field.name for field in fields(DueRule) if field.name != "area_name"]
    query = select(rule.id, rule_area_name(as_of).label("area_name"), *(rule[name] for name in names)).where(
        rule.id == any_(cast(sorted(rule_ids), ARRAY(BigInteger)))
    )
    rows = asker.connection.execute(query).mappings()
    return {row["id"]: DueRule(**{name: row[name] for name in (*names, "area_name")}) for row in rows}


def _list_query(pairs: Pairs) -> Select[Any]:
    properties, due = pairs.sources.properties.c, pairs.sources.due.c
    return (
        select(
            properties.property_id,
            properties.key,
            properties.address_text,
            properties.area_ids,
            properties.is_inhabited,
            due.control_type,
            due.rule_id,
            due.last_effective_on,
            due.due_on,
        )
        .select_from(pairs.relation)
        .where(*pairs.where)
    )


def _order(sources: Sources, sort: SortKey, *, descending: bool) -> list[ColumnElement[Any]]:
    properties, due = sources.properties.c, sources.due.c
    # The longest overdue is due first: the same order, read from the other end.
    is_turned = descending if sort != "overdue_days" else not descending
    column = {"address": properties.address_text, "control_type": due.control_type}.get(sort, due.due_on)
    # Municipality first, because the indexes for addresses and due dates begin with it.
    first: tuple[ColumnElement[Any], ...] = {
        "address": (properties.municipality, column),
        "control_type": (column, due.due_on),
    }.get(sort, (due.municipality, column))
    keys = (*first, due.property_id, due.control_type)
    return [key.desc() for key in keys] if is_turned else [key.asc() for key in keys]


def _visits(asker: Asker, property_ids: set[int], as_of: date) -> Mapping[int, Sequence[Visit]]:
    """Visits of some properties up to the as-of date, the latest first, as the pure rules take them."""
    columns = inspection.c
    query = (
        select(columns.property_id, columns.control_type, columns.inspected_on, columns.access_reached)
        .where(
            columns.property_id == any_(cast(sorted(property_ids), ARRAY(BigInteger))),
            columns.superseded_at.is_(None),
            columns.inspected_on <= as_of,
        )
        .order_by(columns.inspected_on.desc(), columns.running_number.desc(), columns.id.desc())
    )
    visits: dict[int, list[Visit]] = {}
    for property_id, *visit in asker.connection.execute(query):
        visits.setdefault(property_id, []).append(Visit(*visit))
    return visits


def _due_row(row: RowMapping, won: DueRule, visits: Mapping[int, Sequence[Visit]], as_of: date) -> DueRow:
    rule = Rule(
        id=row["rule_id"],
        control_type=row["control_type"],
        interval_days=won.interval_days,
        access_required=won.access_required,
        access_required_if_empty=won.access_required_if_empty,
        valid_from=won.valid_from,
    )
    return DueRow(
        property_id=row["property_id"],
        key=row["key"],
        address=row["address_text"],
        area_ids=tuple(row["area_ids"]),
        control_type=row["control_type"],
        last_effective_on=row["last_effective_on"],
        due_on=row["due_on"],
        overdue_days=overdue_days(row["due_on"], as_of),
        days_left=max(0, (row["due_on"] - as_of).days),
        failed_visits=failed_in_a_row(visits.get(row["property_id"], ()), rule, is_inhabited=row["is_inhabited"]),
        rule=won,
        rule_age_days=(as_of - won.valid_from).days,
    )


# --- by area ----------------------------------------------------------------------------------------------------------


def read_by_area(asker: Asker, chosen: PropertyFilter, period: Period, kind: str) -> tuple[AreaRow, ...]:
    """Pairs and visits of the period in each area of one kind, by name; areas without either are left out for managers.

    Areas of a kind may overlap and need not cover the city: their rows are never summed.
    """
    pairs = pairs_of(asker, chosen, with_properties=True)
    areas = {area.id: area for area in read_areas(asker, pairs.sources.as_of) if area.kind == kind}
    counted, visited = _pairs_by_area(pairs, list(areas)), _visits_by_area(asker, pairs.sources, chosen, period, areas)
    area_id = func.coalesce(counted.c.area_id, visited.c.area_id)
    query = select(
        area_id.label("area_id"),
        func.coalesce(counted.c.pairs, 0),
        func.coalesce(counted.c.on_time, 0),
        func.coalesce(counted.c.pairs - counted.c.on_time, 0),
        counted.c.overdue_days_median,
        func.coalesce(visited.c.inspections, 0),
    ).select_from(counted.join(visited, visited.c.area_id == counted.c.area_id, full=True))
    found = {row.area_id: AreaRow(areas[row.area_id], *row[1:]) for row in asker.connection.execute(query)}
    is_shown = [area for area in areas.values() if area.id in found or _is_own(asker, area)]
    return tuple(found.get(area.id, AreaRow(area, 0, 0, 0, None, 0)) for area in is_shown)


def _is_own(asker: Asker, area: Area) -> bool:
    """An area without a pair is worth a line where its emptiness is the whole truth: not for who sees a part of it."""
    return not asker.scope.has_areas or area.id in asker.scope.area_ids


def in_areas(area_ids: ColumnElement[Any], wanted: Sequence[int]) -> FromClause:
    """The areas of a property among those wanted, as a relation that is joined to it."""
    listed = func.unnest(area_ids).table_valued("area_id").render_derived(name="lying_in").lateral()
    return select(listed.c.area_id).where(listed.c.area_id == any_(cast(list(wanted), ARRAY(Integer)))).lateral("area")


def _pairs_by_area(pairs: Pairs, area_ids: Sequence[int]) -> FromClause:
    due_on, as_of = pairs.sources.due.c.due_on, pairs.sources.as_of
    lying = in_areas(pairs.sources.properties.c.area_ids, area_ids)
    late = literal(as_of) - due_on
    return (
        select(
            lying.c.area_id,
            func.count().label("pairs"),
            func.count().filter(due_on >= as_of).label("on_time"),
            func.percentile_cont(0.5).within_group(late).filter(due_on < as_of).label("overdue_days_median"),
        )
        .select_from(pairs.relation.join(lying, true()))
        .where(*pairs.where)
        .group_by(lying.c.area_id)
        .subquery("counted")
    )


def _visits_by_area(
    asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period, areas: Mapping[int, Area]
) -> FromClause:
    lying = in_areas(sources.properties.c.area_ids, list(areas))
    return (
        select(lying.c.area_id, func.count().label("inspections"))
        .select_from(visits_with_properties(sources).join(lying, true()))
        .where(*visit_conditions(asker, sources, chosen, period))
        .group_by(lying.c.area_id)
        .subquery("visited")
    )


# --- visits of a period -----------------------------------------------------------------------------------------------


def visits_with_properties(sources: Sources) -> FromClause:
    """Inspections beside their properties as of the date."""
    properties = sources.properties
    return inspection.join(properties, properties.c.property_id == inspection.c.property_id)


def visit_conditions(
    asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period
) -> list[ColumnElement[bool]]:
    """Which visits count: of the filter's properties and types of control, in the period and up to the as-of date."""
    asker.require("inspection:read")
    columns = inspection.c
    return [
        columns.municipality == asker.scope.municipality,
        columns.superseded_at.is_(None),
        columns.inspected_on.between(period.first_on, min(period.last_on, sources.as_of)),
        *([columns.control_type.in_(chosen.control_types)] if chosen.control_types else []),
        *sources.where(chosen),
    ]
