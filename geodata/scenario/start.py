"""From the database to a scenario: the pairs of a date. What teams there are is `defaults.py`.

The pairs are those of the whole city as `control_reads` counts them: with the rule that wins, releases and merges as
everywhere. The weight of a property is the pressure of its last assessment (0 to 3; 0 where there is none) and 1 more
where the last completed control had a finding: facts about the building and the proceedings from the closed list, never
persons.
"""

from datetime import date
from typing import Any, Final

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

_NO_PLACE: Final = -1


def read_start(asker: Asker, as_of: date, kind: str) -> Start:
    """The pairs of the whole city on a date, past ones too; `kind` is the kind of areas that the course shows.

    Raises NotAllowed without `scenario:read`.
    """
    asker.require(PERMISSION)
    sources = property_sources(asker, PropertyFilter(as_of=as_of))
    pairs = _columns(asker, _pairs_query(sources), 5)
    ids, property_of = np.unique(pairs[0], return_inverse=True)
    present = np.unique(pairs[1])
    properties, areas = _properties(asker, sources, ids)
    order = np.lexsort((pairs[1], pairs[0]))
    links = select(control_type_satisfies.c.control_type, control_type_satisfies.c.satisfies)
    return Start(
        as_of,
        kind,
        areas=tuple(area for area in read_areas(asker, as_of) if area.kind == kind),
        control_types=tuple(CONTROL_TYPES[place - 1] for place in present),
        satisfies=frozenset((done, also) for done, also in asker.connection.execute(links)),
        property_of=property_of[order],
        type_of=np.searchsorted(present, pairs[1])[order],
        interval_days=pairs[2][order],
        due_day=pairs[3][order],
        is_statutory=pairs[4][order].astype(np.bool_),
        weights=properties + np.isin(ids, _columns(asker, _with_finding_query(asker, as_of), 1)[0]),
        member_property=areas[0],
        member_area=areas[1],
    )


def _columns(asker: Asker, query: Select[Any], count: int) -> Ints:
    """The whole numbers of a query, a row of the result for each of its columns."""
    rows = asker.connection.execute(query).all()
    return np.array(rows, dtype=np.int64).reshape(-1, count).T


def _pairs_query(sources: Sources) -> Select[Any]:
    """Property, place of the type (from 1), interval, due day, whether by law; days count from the as-of date."""
    due = sources.due.c
    return select(
        due.property_id,
        func.array_position(cast(list(CONTROL_TYPES), ARRAY(Text)), due.control_type),
        due.interval_days,
        due.due_on - sources.as_of,
        cast(interval_rule.c.is_statutory, Integer),
    ).join_from(sources.due, interval_rule, interval_rule.c.id == due.rule_id)


def _properties(asker: Asker, sources: Sources, ids: Ints) -> tuple[Ints, Ints]:
    """Of the properties with these ids, by their place: the pressure of each; and (place, area) for each membership."""
    columns = sources.properties.c
    query = select(columns.property_id, columns.pressure, columns.area_ids).where(columns.closed_on.is_(None))
    rows = asker.connection.execute(query).all()
    found = np.array([row[0] for row in rows], dtype=np.int64)
    place = np.where(np.isin(found, ids), np.searchsorted(ids, found), _NO_PLACE)
    pressure = np.zeros(ids.size, dtype=np.int64)
    pressure[place[place >= 0]] = np.array([row[1] or 0 for row in rows], dtype=np.int64)[place >= 0]
    counts = np.array([len(row[2]) for row in rows], dtype=np.int64)
    areas = np.fromiter((area for row in rows for area in row[2]), dtype=np.int64, count=int(counts.sum()))
    members = np.array([np.repeat(place, counts), areas])
    return pressure, members[:, members[0] >= 0]


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
