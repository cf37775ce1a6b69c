"""What belongs to an object and moves with it when it is merged or divided: each fact with its table and id.

Free text is not read: a note is named by its date. The stages of one demolition project move together, and so do the
events of a closed house.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Table, func, select, true

from geodata.access import Asker
from geodata.errors import InvalidEdit
from geodata.tables import (
    assessment_event,
    closure,
    closure_event,
    demolition_stage,
    dwelling_change,
    funding_grant,
    inspection,
    measure,
    measure_step,
    note,
    photograph,
    status_event,
    supply_cut,
)

PERMISSION: Final = "property:write"


@dataclass(frozen=True)
class Movable:
    """One fact, or one demolition project: `name` is that of a form (`inspection:12`), `codes` say what it was."""

    table: str
    name: str
    happened_on: date | None
    codes: Mapping[str, str]


# Of each table: the date of the fact, and columns that say what it was.
_TOLD: Final[Mapping[Table, tuple[str, tuple[str, ...]]]] = {
    status_event: ("valid_on", ("state",)),
    assessment_event: ("valid_on", ()),
    inspection: ("inspected_on", ("control_type", "result")),
    measure: ("opened_on", ("kind",)),
    supply_cut: ("announced_on", ("utility",)),
    closure: ("closed_on", ("cause",)),
    dwelling_change: ("happened_on", ("kind",)),
    funding_grant: ("granted_on", ("title",)),
    note: ("written_on", ("note_class",)),
    photograph: ("taken_on", ()),
}


def read_movable(asker: Asker, property_id: int) -> tuple[Movable, ...]:
    """All facts in force of an object, by table, the latest first."""
    asker.require(PERMISSION)
    found = [one for table in _TOLD for one in _facts(asker, table, property_id)]
    return (*found, *_projects(asker, property_id))


def chosen_ids(asker: Asker, property_id: int, names: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    """Ids by table of the facts that a form names; InvalidEdit for a name that is none of this object."""
    known = {one.name for one in read_movable(asker, property_id)}
    if not set(names) <= known:
        raise InvalidEdit({"facts": "not_in_scope"})
    ids: dict[str, list[int]] = {}
    for table, _, rest in (name.partition(":") for name in names):
        moved = _stages(asker, property_id, rest) if table == demolition_stage.name else [int(rest)]
        ids.setdefault(table, []).extend(moved)
        if table == measure.name:
            ids.setdefault(measure_step.name, []).extend(_steps(asker, moved))
        if table == closure.name:
            ids.setdefault(closure_event.name, []).extend(_events(asker, moved))
    return {table: tuple(found) for table, found in ids.items()}


def _facts(asker: Asker, table: Table, property_id: int) -> list[Movable]:
    day, codes = _TOLD[table]
    # What was computed is no fact of its own: each of the two is computed anew, from what it has then.
    is_fact = table.c.contributions.is_(None) if table is assessment_event else true()
    query = (
        select(table.c.id, table.c[day], *(table.c[name] for name in codes))
        .where(table.c.property_id == property_id, table.c.superseded_at.is_(None), is_fact)
        .order_by(table.c[day].desc().nulls_last(), table.c.id.desc())
    )
    return [
        Movable(table.name, f"{table.name}:{row['id']}", row[day], {name: row[name] for name in codes})
        for row in asker.connection.execute(query).mappings()
    ]


def _projects(asker: Asker, property_id: int) -> list[Movable]:
    c = demolition_stage.c
    first_on = func.min(func.least(c.planned_start_on, c.actual_start_on, c.actual_end_on))
    query = (
        select(c.project_key, first_on.label("first_on"))
        .where(c.property_id == property_id, c.superseded_at.is_(None))
        .group_by(c.project_key)
        .order_by(c.project_key)
    )
    table = demolition_stage.name
    return [
        Movable(table, f"{table}:{row.project_key}", row.first_on, {"project": row.project_key})
        for row in asker.connection.execute(query)
    ]


def _stages(asker: Asker, property_id: int, project_key: str) -> list[int]:
    c = demolition_stage.c
    query = select(c.id).where(c.property_id == property_id, c.project_key == project_key, c.superseded_at.is_(None))
    return list(asker.connection.execute(query).scalars())


def _events(asker: Asker, closure_ids: Sequence[int]) -> list[int]:
    """What became of these closed houses."""
    c = closure_event.c
    of_closure = (closure.c.key == c.closure_key) & (closure.c.municipality == c.municipality)
    query = select(c.id).join(closure, of_closure).where(closure.c.id.in_(closure_ids), c.superseded_at.is_(None))
    return list(asker.connection.execute(query).scalars())


def _steps(asker: Asker, measure_ids: Sequence[int]) -> list[int]:
    """The steps of these proceedings."""
    c = measure_step.c
    of_measure = (measure.c.key == c.measure_key) & (measure.c.municipality == c.municipality)
    query = select(c.id).join(measure, of_measure).where(measure.c.id.in_(measure_ids), c.superseded_at.is_(None))
    return list(asker.connection.execute(query).scalars())
