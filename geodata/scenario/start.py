"""From the database to a scenario: the pairs of a date. What teams there are is `defaults.py`.

The pairs are those of the whole city as `control_reads` counts them: with the rule that wins, releases and merges as
everywhere. The weight of a property is the pressure of its last assessment (0 to 3; 0 where there is none) and 1 more
where the last completed control had a finding: facts about the building and the proceedings from the closed list, never
persons.
"""

from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import ARRAY, Integer, Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from geodata.access import Asker
from geodata.areas import read_areas
from geodata.codes import CONTROL_TYPES
from geodata.filters import PropertyFilter
from geodata.scenario.defaults import PERMISSION
from geodata.scenario.defaults import read_defaults as read_defaults
from geodata.scenario.stock import Ints, Start
from geodata.sources import Sources, property_sources
from geodata.tables import control_type_satisfies, inspection, interval_rule


def read_start(asker: Asker, as_of: date, kind: str) -> Start:
    """The pairs of the whole city on a date, past ones too; `kind` is the kind of areas that the course shows.

    Raises NotAllowed without `scenario:read`.
    """
    asker.require(PERMISSION)
    sources = property_sources(asker, PropertyFilter(as_of=as_of))
    property_ids, places, intervals, due_days, statutory = _columns(asker, _pairs_query(sources))
    ids, property_of = np.unique(property_ids, return_inverse=True)
    present, type_of = np.unique(places, return_inverse=True)
    order = np.lexsort((type_of, property_of))
    member_ids, member_areas = _columns(asker, _members_query(sources))
    is_meant = np.isin(member_ids, ids)
    links = select(control_type_satisfies.c.control_type, control_type_satisfies.c.satisfies)
    return Start(
        as_of,
        kind,
        areas=tuple(area for area in read_areas(asker, as_of) if area.kind == kind),
        control_types=tuple(CONTROL_TYPES[place - 1] for place in present),
        satisfies=frozenset((done, also) for done, also in asker.connection.execute(links)),
        property_of=property_of[order],
        type_of=type_of[order],
        interval_days=intervals[order],
        due_day=due_days[order],
        is_statutory=statutory[order].astype(np.bool_),
        weights=_weights(asker, sources, ids),
        member_property=np.searchsorted(ids, member_ids[is_meant]),
        member_area=member_areas[is_meant],
    )


def _columns(asker: Asker, query: Select[Any]) -> list[Ints]:
    """The columns of a query of whole numbers, in one order of the rows.

    The database gathers each column, so that one row comes back: half a million rows as objects took ten times as long.
    """
    rows = query.subquery("rows")
    gathered = select(*(func.array_agg(column) for column in rows.c))
    return [np.array(column or [], dtype=np.int64) for column in asker.connection.execute(gathered).one()]


def _pairs_query(sources: Sources) -> Select[Any]:
    """Property, place of the type (from 1), interval, due day, whether by law; days count from the as-of date."""
    due = sources.due.c
    return select(
        due.property_id,
        func.array_position(cast(list(CONTROL_TYPES), ARRAY(Text)), due.control_type).label("place"),
        due.interval_days,
        (due.due_on - sources.as_of).label("due_day"),
        cast(interval_rule.c.is_statutory, Integer).label("is_statutory"),
    ).join_from(sources.due, interval_rule, interval_rule.c.id == due.rule_id)


def _members_query(sources: Sources) -> Select[Any]:
    """Property and area, once for each area in which the property lies."""
    columns = sources.properties.c
    return select(columns.property_id, func.unnest(columns.area_ids).label("area_id")).where(
        columns.closed_on.is_(None)
    )


def _pressure_query(sources: Sources) -> Select[Any]:
    """Properties with a pressure above 0 in their last assessment, and that pressure."""
    columns = sources.properties.c
    return select(columns.property_id, columns.pressure).where(columns.pressure > 0, columns.closed_on.is_(None))


def _weights(asker: Asker, sources: Sources, ids: Ints) -> Ints:
    """For each of the properties: pressure, and 1 where the last completed control had a finding."""
    [with_finding] = _columns(asker, _with_finding_query(asker, sources.as_of))
    found, pressure = _columns(asker, _pressure_query(sources))
    weights = np.isin(ids, with_finding).astype(np.int64)
    known = np.isin(found, ids)
    weights[np.searchsorted(ids, found[known])] += pressure[known]
    return weights


def _with_finding_query(asker: Asker, as_of: date) -> Select[Any]:
    """Properties where the last completed control had a finding."""
    visit = inspection.c
    last = (
        select(visit.property_id, visit.result)
        .ext(distinct_on(visit.property_id))
        .where(
            visit.municipality == asker.scope.municipality,
            visit.superseded_at.is_(None),
            visit.inspected_on <= as_of,
            visit.result != "not_completed",
        )
        .order_by(visit.property_id, visit.inspected_on.desc(), visit.running_number.desc(), visit.id.desc())
        .subquery("last")
    )
    return select(last.c.property_id).where(last.c.result == "finding")
