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

from sqlalchemy import ColumnElement, FromClause, Numeric, Select, Subquery, case, cast, func, literal, select

from geodata.access import Asker
from geodata.filters import PropertyFilter, due_conditions, facet_conditions
from geodata.tables import cell_count, due_day, figure_cube, pair_cube

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
    """Days overdue over the overdue pairs of an area (None = the city); None where none is overdue."""

    area_id: int | None
    pairs: int
    overdue: int
    median_days: float | None
    most_days: int | None


def part_of(asker: Asker, chosen: PropertyFilter, *, is_current: bool) -> Part | None:
    """The rows of the cube that answer a filter, or None where only a scan can.

    `is_current`: the filter asks for the date of the derived tables. The part `due` of a filter chooses pairs and is
    left to who asks, because only numbers of pairs have an answer to it.
    """
    others = (chosen.last_before, chosen.never_inspected, chosen.text, chosen.selection)
    own = sorted(asker.scope.area_ids) if asker.scope.role == "manager" else None
    wanted = chosen.area_ids or tuple(own or ())
    if not is_current or any(others) or len(wanted) > 1 or (own is not None and not set(wanted) <= set(own)):
        return None
    return Part(asker.scope.municipality, wanted[0] if wanted else None, chosen)


def read_objects(asker: Asker, part: Part) -> Objects | None:
    """Numbers of properties; None where the filter asks for those with a due date."""
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
    if part.chosen.due is not None:
        return None
    state, objects = figure_cube.c.state, func.sum(figure_cube.c.objects)
    query = select(state, objects).where(*part.where(figure_cube)).group_by(state).having(objects > 0)
    return {row[0]: row[1] for row in asker.connection.execute(query)}


def read_pairs(asker: Asker, part: Part) -> PairCounts:
    """Numbers of pairs; what the filter says of being due is not looked at."""
    sums = [func.sum(pair_cube.c[name]) for name in ("pairs", "overdue", "never")]
    return PairCounts(*asker.connection.execute(_counted(sums, pair_cube, part)).one())


def read_delays(
    asker: Asker, part: Part, as_of: date, *, area_ids: Sequence[int] | None = None
) -> dict[int | None, Delay]:
    """Delay of the part or, with `area_ids`, of each of these areas instead; a place without a pair is missing.

    Only for a part without facets, because a day does not know them; `due` of the filter is not looked at.
    """
    cube = due_day.c
    in_areas = cube.area_id.in_(area_ids) if area_ids is not None else None
    municipality, in_area, *others = part.where(due_day)
    where = [municipality, in_area if in_areas is None else in_areas, *others]
    days = _days_late(where, as_of)
    rows = asker.connection.execute(_delays_query(days))
    return {
        row[0]: Delay(row[0], int(row[1]), int(row[2]), None if row[3] is None else float(row[3]), row[4])
        for row in rows
    }


def cells(part: Part, edge_m: int) -> Subquery:
    """Numbers of properties by hexagon (`cell`, `objects`) as a relation; only for a part without facets."""
    columns = cell_count.c
    where = [*part.where(cell_count), columns.edge_m == edge_m, columns.objects > 0]
    return select(columns.cell, columns.objects).where(*where).subquery("counted")


def read_area_objects(asker: Asker, part: Part, area_ids: Sequence[int]) -> dict[int, int]:
    """Numbers of properties of the part's facets in each of these areas; areas without one are missing."""
    area_id, objects = figure_cube.c.area_id, func.sum(figure_cube.c.objects)
    municipality, _, *facets = part.where(figure_cube)
    query = select(area_id, objects).where(municipality, area_id.in_(area_ids), *facets).group_by(area_id)
    return {row[0]: row[1] for row in asker.connection.execute(query.having(objects > 0))}


def _counted(sums: Sequence[ColumnElement[Any]], cube: FromClause, part: Part) -> Select[Any]:
    # No row at all is a city or an area without properties: nothing, and not unknown.
    return select(*(func.coalesce(one, 0) for one in sums)).select_from(cube).where(*part.where(cube))


def _days_late(where: Sequence[ColumnElement[bool]], as_of: date) -> Subquery:
    """Pairs by area and day; of the overdue ones how many there are up to each day, the shortest delay first."""
    cube = due_day.c
    late = (literal(as_of) - cube.due_on).label("late")
    is_late = cube.due_on < as_of
    by_day = select(cube.area_id, late, is_late.label("is_late"), func.sum(cube.pairs).label("pairs"))
    days = by_day.where(*where).group_by(cube.area_id, cube.due_on).having(func.sum(cube.pairs) > 0).subquery("days")
    place = (days.c.area_id, days.c.is_late)
    up_to = func.sum(days.c.pairs).over(partition_by=place, order_by=days.c.late).label("up_to")
    in_all = func.sum(days.c.pairs).over(partition_by=place).label("in_all")
    return select(*days.c, up_to, in_all).subquery("late")


def _delays_query(days: Subquery) -> Select[Any]:
    columns = days.c
    # The median of n is the middle one or the mean of the two in the middle: as percentile_cont(0.5) says of a scan.
    lower = func.min(columns.late).filter(columns.is_late, 2 * columns.up_to >= columns.in_all)
    upper = func.min(columns.late).filter(columns.is_late, 2 * columns.up_to > columns.in_all)
    return select(
        columns.area_id,
        func.sum(columns.pairs),
        func.coalesce(func.sum(columns.pairs).filter(columns.is_late), 0),
        cast(lower + upper, Numeric) / 2,
        func.max(case((columns.is_late, columns.late))),
    ).group_by(columns.area_id)
