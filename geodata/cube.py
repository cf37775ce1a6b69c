"""Figures of the city or one area from the cube: the same numbers as a scan of all properties, in a millisecond.

Rules:

- `part_of` alone decides whether the cube can answer a filter: at the date of the derived tables, with no other parts
  than state, use type, assessment, inhabited and types of control, for the whole city or one area. Everything else is
  scanned; who asks for a figure does not notice.
- Each property counts in each of its areas, so areas are never summed. A manager has the rows of the areas assigned
  and not that of the city: with one area its row is the whole answer, with several that may overlap there is none.
- `geodata/records.py` keeps the cube true; a row may hold 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, func, literal, select

from geodata.access import Asker
from geodata.filters import PropertyFilter, due_conditions, facet_conditions
from geodata.tables import cell_count, figure_cube, overdue_day, pair_cube

_NO_FACETS: Final = PropertyFilter()


@dataclass(frozen=True)
class Part:
    """The rows of the cube that a filter means; `area_id` None = the whole city."""

    municipality: str
    area_id: int | None
    chosen: PropertyFilter

    @property
    def has_facets(self) -> bool:
        """Whether the filter asks for more than an area and types of control."""
        return replace(self.chosen, area_ids=(), control_types=(), due=None, as_of=None) != _NO_FACETS

    def where(self, cube: FromClause) -> list[ColumnElement[bool]]:
        """Which rows of one of the cube's tables are meant."""
        area_id = cube.c.area_id
        return [
            cube.c.municipality == self.municipality,
            area_id.is_(None) if self.area_id is None else area_id == self.area_id,
            *(facet_conditions(self.chosen, cube) if "state" in cube.c else []),
            *(due_conditions(self.chosen, cube) if "control_type" in cube.c else []),
        ]


@dataclass(frozen=True)
class Objects:
    """Numbers of properties; inhabited and red are of the open ones.

    `overdue` None: several types of control are asked for, and only a scan knows who is overdue for more than one.
    """

    total: int
    open: int
    unplaced: int
    overdue: int | None
    inhabited: int
    red: int


@dataclass(frozen=True)
class PairCounts:
    """Numbers of pairs of a property and a type of control."""

    pairs: int
    overdue: int
    never: int


@dataclass(frozen=True)
class Delay:
    """Days overdue over the overdue pairs of one place."""

    median_days: float
    most_days: int


def part_of(asker: Asker, chosen: PropertyFilter, *, is_current: bool) -> Part | None:
    """The rows of the cube that answer a filter, or None where only a scan can.

    `is_current`: the filter asks for the date of the derived tables. The part `due` of a filter chooses pairs and is
    left to who asks, because only numbers of pairs have an answer to it.
    """
    asker.require("property:read")
    others = (chosen.last_before, chosen.never_inspected, chosen.text, chosen.selection)
    own = sorted(asker.scope.area_ids) if asker.scope.has_areas else None
    wanted = chosen.area_ids or tuple(own or ())
    # Where facts are masked the sources are never current, so who sees a masked state has no cube.
    if not is_current or any(others) or len(wanted) > 1 or (own is not None and not set(wanted) <= set(own)):
        return None
    return Part(asker.scope.municipality, wanted[0] if wanted else None, chosen)


def read_objects(asker: Asker, part: Part) -> Objects | None:
    """Numbers of properties; None where the filter asks for those with a due date."""
    asker.require("property:read")
    if part.chosen.due is not None:
        return None
    cube = figure_cube.c
    sums = (
        func.sum(cube.objects),
        func.sum(cube.open),
        func.sum(cube.unplaced),
        func.sum(cube.overdue),
        func.sum(cube.open).filter(cube.is_inhabited.is_(True)),
        func.sum(cube.open).filter(cube.assessment_colour == "red"),
    )
    found = Objects(*asker.connection.execute(_counted(sums, figure_cube, part)).one())
    types = part.chosen.control_types
    return replace(found, overdue=read_pairs(asker, part).overdue if len(types) == 1 else None) if types else found


def read_states(asker: Asker, part: Part) -> dict[str | None, int] | None:
    """Numbers of properties by state; None where the filter asks for due dates."""
    asker.require("property:read")
    if part.chosen.due is not None:
        return None
    state, objects = figure_cube.c.state, func.sum(figure_cube.c.objects)
    query = select(state, objects).where(*part.where(figure_cube)).group_by(state).having(objects > 0)
    return {row[0]: row[1] for row in asker.connection.execute(query)}


def read_pairs(asker: Asker, part: Part) -> PairCounts:
    """Numbers of pairs; what the filter says of being due is not looked at."""
    asker.require("property:read")
    sums = [func.sum(pair_cube.c[name]) for name in ("pairs", "overdue", "never")]
    return PairCounts(*asker.connection.execute(_counted(sums, pair_cube, part)).one())


def read_delay(asker: Asker, part: Part, as_of: date) -> Delay | None:
    """Delay of the overdue pairs, None where there is none; only for a part without facets, which days do not know."""
    asker.require("property:read")
    return _read_delays(asker, part.where(overdue_day), as_of).get(part.area_id)


def read_delays(asker: Asker, part: Part, as_of: date, area_ids: Sequence[int]) -> dict[int, Delay]:
    """Delay in each of these areas instead of the part's own; areas without an overdue pair are missing."""
    asker.require("property:read")
    municipality, _, *others = part.where(overdue_day)
    found = _read_delays(asker, [municipality, overdue_day.c.area_id.in_(area_ids), *others], as_of)
    return {area_id: delay for area_id, delay in found.items() if area_id is not None}


def cells(part: Part, edge_m: int) -> Subquery:
    """Numbers of properties by hexagon (`cell`, `objects`) as a relation; only for a part without facets."""
    columns = cell_count.c
    where = [*part.where(cell_count), columns.edge_m == edge_m, columns.objects > 0]
    return select(columns.cell, columns.objects).where(*where).subquery("counted")


def read_area_objects(asker: Asker, part: Part, area_ids: Sequence[int]) -> dict[int, int]:
    """Numbers of properties of the part's facets in each of these areas; areas without one are missing."""
    asker.require("property:read")
    area_id, objects = figure_cube.c.area_id, func.sum(figure_cube.c.objects)
    municipality, _, *facets = part.where(figure_cube)
    query = select(area_id, objects).where(municipality, area_id.in_(area_ids), *facets).group_by(area_id)
    return {row[0]: row[1] for row in asker.connection.execute(query.having(objects > 0))}


def _counted(sums: Sequence[ColumnElement[Any]], cube: FromClause, part: Part) -> Select[Any]:
    # No row at all is a city or an area without properties: nothing, and not unknown.
    return select(*(func.coalesce(one, 0) for one in sums)).select_from(cube).where(*part.where(cube))


def _read_delays(asker: Asker, where: Sequence[ColumnElement[bool]], as_of: date) -> dict[int | None, Delay]:
    days = overdue_day.c
    late = (literal(as_of) - days.due_on).label("late")
    pairs = func.sum(days.pairs)
    by_day = (
        select(days.area_id, late, pairs.label("pairs"))
        .where(*where)
        .group_by(days.area_id, days.due_on)
        .having(pairs > 0)
        .subquery("by_day")
    )
    place, counted = by_day.c.area_id, by_day.c.pairs
    up_to = func.sum(counted).over(partition_by=place, order_by=by_day.c.late).label("up_to")
    in_all = func.sum(counted).over(partition_by=place).label("in_all")
    run = select(place, by_day.c.late, up_to, in_all).subquery("run")
    # The median of n is the middle one or the mean of the two in the middle: as percentile_cont(0.5) says of a scan.
    lower = func.min(run.c.late).filter(2 * run.c.up_to >= run.c.in_all)
    upper = func.min(run.c.late).filter(2 * run.c.up_to > run.c.in_all)
    query = select(run.c.area_id, lower, upper, func.max(run.c.late)).group_by(run.c.area_id)
    return {row[0]: Delay((row[1] + row[2]) / 2, row[3]) for row in asker.connection.execute(query)}
