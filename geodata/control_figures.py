"""Figures about controls: what is due on the as-of date, and what was done in a period.

Two groups, because they answer different questions: pairs of a property and a type of control stand at a date, visits
and rounds happen in a period. Rounds and object visits are two figures and never one.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, any_, cast, distinct, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Double, Text

from geodata import cube
from geodata.access import Asker
from geodata.control_reads import needed_rank, pairs_of, visit_conditions, visits_with_properties
from geodata.figure import N_, Figure, Group, Period, Value
from geodata.filters import PropertyFilter
from geodata.properties import Sources, property_sources
from geodata.tables import inspection, inspection_round, interval_rule

_MONITORED = N_(
    "pairs of a property that is recorded and not closed and a kind of control that a rule in force asks for"
)
_DONE = N_("inspections of the filter's properties in the period, whatever has become of the property since")
_ROUNDS = N_("rounds in the period; with a filter or assigned areas those that visited one of these properties")

DUE_FIGURES = (
    Figure(
        "controls_monitored",
        N_("Monitored controls"),
        "pairs",
        "condition",
        N_("Each property counts once for each kind of control that a rule asks for; the shortest interval wins."),
        _MONITORED,
    ),
    Figure(
        "controls_on_time",
        N_("On time"),
        "pairs",
        "condition",
        N_(
            "Not overdue on the as-of date. Due is the last inspection with sufficient access plus the interval of the "
            "rule; with none yet, the date of recording plus the interval."
        ),
        _MONITORED,
        part_of="controls_monitored",
    ),
    Figure(
        "controls_overdue",
        N_("Overdue"),
        "pairs",
        "condition",
        N_("The due date lies before the as-of date."),
        _MONITORED,
        part_of="controls_monitored",
    ),
    Figure(
        "objects_overdue",
        N_("Objects with an overdue control"),
        "objects",
        "condition",
        N_("Properties that are overdue for at least one kind of control; each counts once."),
        _MONITORED,
    ),
    Figure(
        "overdue_days_median",
        N_("Usual delay"),
        "days",
        "condition",
        N_("The median of the days overdue, over the overdue pairs alone: half of them wait longer."),
        _MONITORED,
    ),
    Figure(
        "overdue_days_max",
        N_("Longest delay"),
        "days",
        "condition",
        N_("The most days that a pair is overdue."),
        _MONITORED,
    ),
    Figure(
        "controls_never",
        N_("Without an inspection with sufficient access"),
        "pairs",
        "condition",
        N_("No inspection so far has reached the access that the rule requires."),
        _MONITORED,
        part_of="controls_monitored",
    ),
)

VISIT_FIGURES = (
    Figure(
        "inspections_done",
        N_("Object inspections"),
        "inspections",
        "condition",
        N_("Visits to one property each, in the period, whatever access they reached. Rounds are another figure."),
        _DONE,
    ),
    Figure(
        "failed_access",
        N_("Inspections without sufficient access"),
        "inspections",
        "condition",
        N_(
            "The visit did not reach the access that the rule in force requires for its kind of control; where no rule "
            "asks for it, it reached none at all."
        ),
        _DONE,
        part_of="inspections_done",
        permission="plan:read",
    ),
    Figure(
        "without_finding",
        N_("Inspections without a finding"),
        "inspections",
        "condition",
        N_("The visit was carried out and found no defect. What could not be carried out is not among them."),
        _DONE,
        part_of="inspections_done",
    ),
    Figure(
        "with_finding",
        N_("Inspections with a finding"),
        "inspections",
        "condition",
        N_("The visit found at least one defect. What could not be carried out is not among them."),
        _DONE,
        part_of="inspections_done",
    ),
    Figure(
        "defects_per_inspection",
        N_("Defects per inspection"),
        "defects_per_inspection",
        "condition",
        N_(
            "Kinds of defects found, all visits together, divided by the number of visits; "
            "one without a finding adds 0."
        ),
        _DONE,
    ),
    Figure(
        "objects_inspected",
        N_("Inspected objects"),
        "objects",
        "condition",
        N_("Properties with at least one inspection in the period; each counts once."),
        _DONE,
    ),
    Figure(
        "rounds_held",
        N_("Rounds"),
        "rounds",
        "public_fact",
        N_("Days on which offices went out together; one round visits several properties. Visits are another figure."),
        _ROUNDS,
    ),
)


def read_due(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """The figures of the as-of date."""
    pairs = pairs_of(asker, chosen)
    part = cube.part_of(asker, chosen, is_current=pairs.sources.is_current)
    if part and (known := _from_cube(asker, part, pairs.sources.as_of)):
        return known
    due, as_of = pairs.sources.due.c, pairs.sources.as_of
    is_overdue, late = due.due_on < as_of, literal(as_of) - due.due_on
    query = select(
        func.count().label("controls_monitored"),
        func.count().filter(due.due_on >= as_of).label("controls_on_time"),
        func.count().filter(is_overdue).label("controls_overdue"),
        func.count(distinct(due.property_id)).filter(is_overdue).label("objects_overdue"),
        func.percentile_cont(0.5).within_group(late).filter(is_overdue).label("overdue_days_median"),
        func.max(late).filter(is_overdue).label("overdue_days_max"),
        func.count().filter(due.last_effective_on.is_(None)).label("controls_never"),
    ).select_from(pairs.relation)
    return dict(asker.connection.execute(query.where(*pairs.where)).mappings().one())


def _from_cube(asker: Asker, part: cube.Part, as_of: date) -> Mapping[str, Value] | None:
    """The figures of the as-of date without a look at any pair; None where the cube does not know all of them."""
    objects = cube.read_objects(asker, part)
    if part.has_facets or objects is None or objects.overdue is None:
        return None
    counts = cube.read_pairs(asker, part)
    delay = cube.read_delay(asker, part, as_of)
    return {
        "controls_monitored": counts.pairs,
        "controls_on_time": counts.pairs - counts.overdue,
        "controls_overdue": counts.overdue,
        "objects_overdue": objects.overdue,
        "overdue_days_median": delay.median_days if delay else None,
        "overdue_days_max": delay.most_days if delay else None,
        "controls_never": counts.never,
    }


def read_visits(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """The figures of the period."""
    sources = property_sources(asker, chosen)
    return {**_inspections(asker, sources, chosen, period), "rounds_held": _rounds(asker, sources, chosen, period)}


def _inspections(asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    if not asker.scope.allows("plan:read"):
        return _visits_alone(asker, sources, chosen, period)
    query = select(
        *_counts(),
        func.count().filter(failed_access_of(sources)).label("failed_access"),
    ).select_from(visits_with_rules(sources))
    where = visit_conditions(asker, sources, chosen, period)
    return dict(asker.connection.execute(query.where(*where)).mappings().one())


def visits_with_rules(sources: Sources) -> FromClause:
    """Inspections with their properties, and with the rule that is in force for their type of control, if any."""
    due, visit = sources.due.c, inspection.c
    its_pair = and_(due.property_id == visit.property_id, due.control_type == visit.control_type)
    return (
        visits_with_properties(sources)
        .outerjoin(sources.due, its_pair)
        .outerjoin(interval_rule, interval_rule.c.id == due.rule_id)
    )


def failed_access_of(sources: Sources) -> ColumnElement[bool]:
    """Whether a visit of `visits_with_rules` did not reach the access that was required."""
    reached = func.qm.access_rank(inspection.c.access_reached)
    needed = func.coalesce(needed_rank(sources.properties.c.is_inhabited), func.qm.access_rank("outside"))
    result: ColumnElement[bool] = reached < needed
    return result


def _visits_alone(asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """The visits for who sees no rules: these say which access would have been sufficient."""
    query = select(*_counts()).select_from(visits_with_properties(sources))
    where = visit_conditions(asker, sources, chosen, period)
    return dict(asker.connection.execute(query.where(*where)).mappings().one())


def _counts() -> tuple[ColumnElement[Any], ...]:
    """What is counted of the visits, whatever their rule."""
    visit = inspection.c
    return (
        func.count().label("inspections_done"),
        func.count().filter(visit.result == "no_finding").label("without_finding"),
        func.count().filter(visit.result == "finding").label("with_finding"),
        cast(func.avg(func.cardinality(visit.defects)), Double).label("defects_per_inspection"),
        func.count(distinct(visit.property_id)).label("objects_inspected"),
    )


def _rounds(asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period) -> int:
    query = select(func.count()).select_from(inspection_round)
    where = round_conditions(asker, sources, chosen, period)
    found: int = asker.connection.execute(query.where(*where)).scalar_one()
    return found


def round_conditions(
    asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period
) -> list[ColumnElement[bool]]:
    """Which rounds count: of the filter's types, in the period and up to the as-of date, at the filter's properties."""
    columns = inspection_round.c
    where: list[ColumnElement[bool]] = [
        columns.municipality == asker.scope.municipality,
        columns.superseded_at.is_(None),
        columns.held_on.between(period.first_on, min(period.last_on, sources.as_of)),
    ]
    if chosen.control_types:
        where.append(columns.kind == any_(cast(list(chosen.control_types), ARRAY(Text))))
    # A round belongs to the city. Who sees a part of it is told of the rounds that came there; without that, a round of
    # which no single visit was delivered counts, too.
    if sources.where(chosen) or asker.scope.has_areas:
        visited = select(inspection.c.round_key).select_from(visits_with_properties(sources))
        is_visit = (
            inspection.c.municipality == asker.scope.municipality,
            inspection.c.superseded_at.is_(None),
            inspection.c.round_key.is_not(None),
        )
        where.append(columns.key.in_(visited.where(*is_visit, *sources.where(chosen))))
    return where


DUE = Group("plan:read", DUE_FIGURES, read_due)
VISITS = Group("inspection:read", VISIT_FIGURES, read_visits)
