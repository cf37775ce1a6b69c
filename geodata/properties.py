"""Reads of properties for map, table and figures of one filter: count, points or cells of a viewport, pages of a table.

Rules that hold for every read here:

- It takes an `Asker`; which rows exist for it is decided by the row policies of the database, never repeated here.
- Derived tables at their own date, functions with the same columns for any other (`sources.py`).
- Counts and hexagons come from the cube where it can answer the filter (`cube.part_of`), else from the properties.
- The same `PropertyFilter` gives the same properties everywhere, so the counts of map, table and summary agree.
- Coordinates leave as EPSG:4326 with five decimals (a metre); distances in storage are metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import shapely
from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    func,
    literal_column,
    select,
)

from geodata import cube
from geodata.access import Asker
from geodata.crs import DISPLAY_SRID
from geodata.filters import PropertyFilter
from geodata.selection import EXTENT_MAX_DEGREES, Box, as_storage
from geodata.sources import Sources as Sources
from geodata.sources import property_sources as property_sources
from geodata.tables import property_due

POINTS_MAX: Final = 3000
PAGE_MAX: Final = 500
COORDINATE_DECIMALS: Final = 5
# Edge of the hexagons in metres and the zoom from which the finer ones are readable.
COARSE_EDGE_M: Final = 2000
FINE_EDGE_M: Final = 500
FINE_CELLS_FROM_ZOOM: Final = 11.5

# Only columns with an index of their own: sorting deep on another one took 0.6 s at a million rows.
SORTABLE: Final = ("address_text", "last_inspected_on")
SortColumn = Literal["address_text", "last_inspected_on"]
Place = tuple[float, float]  # longitude, latitude


@dataclass(frozen=True)
class Count:
    """How many properties a filter means, how many of them have no place, how many are overdue for some control."""

    total: int
    unplaced: int
    overdue: int


@dataclass(frozen=True)
class Frame:
    """The part of the map that is looked at (degrees) and its zoom."""

    box: Box
    zoom: float


@dataclass(frozen=True)
class Points:
    """Properties of a viewport, one tuple per column; `due_on` is the earliest of the filter's types of control."""

    id: tuple[int, ...]
    lon: tuple[float, ...]
    lat: tuple[float, ...]
    state: tuple[str | None, ...]
    colour: tuple[str | None, ...]
    due_on: tuple[date | None, ...]
    label: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """Hexagons of a viewport with the number of properties in each; `outline` is a ring of (lon, lat)."""

    id: tuple[str, ...]
    lon: tuple[float, ...]
    lat: tuple[float, ...]
    count: tuple[int, ...]
    outline: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class PropertyRow:
    """A property in a table; `due_on` is the earliest due date of the filter's types of control, None = none."""

    id: int
    key: str
    address: str
    state: str | None
    state_since_on: date | None
    use_type: str | None
    colour: str | None
    is_inhabited: bool | None
    last_inspected_on: date | None
    inspections: int
    due_on: date | None
    is_placed: bool


def read_count(asker: Asker, chosen: PropertyFilter) -> Count:
    """The figures of the one line over map and table."""
    sources = property_sources(asker, chosen)
    part = cube.part_of(asker, chosen, is_current=sources.is_current)
    if part and (known := cube.read_objects(asker, part)) and known.overdue is not None:
        return Count(known.total, known.unplaced, known.overdue)
    placed = sources.properties.c.geom
    is_overdue = _is_overdue(sources, chosen)
    query = select(
        func.count().label("total"),
        func.count().filter(placed.is_(None)).label("unplaced"),
        func.count().filter(is_overdue).label("overdue"),
    ).select_from(sources.properties)
    row = asker.connection.execute(query.where(*sources.where(chosen))).one()
    return Count(row.total, row.unplaced, row.overdue)


def read_counts_by_state(asker: Asker, chosen: PropertyFilter) -> dict[str | None, int]:
    """How many properties of the filter are in which state; None = without an event."""
    sources = property_sources(asker, chosen)
    part = cube.part_of(asker, chosen, is_current=sources.is_current)
    if part and (known := cube.read_states(asker, part)) is not None:
        return known
    state = sources.properties.c.state
    query = select(state.label("state"), func.count().label("objects")).where(*sources.where(chosen)).group_by(state)
    return {row.state: row.objects for row in asker.connection.execute(query)}


def read_view(asker: Asker, chosen: PropertyFilter, frame: Frame) -> Points | Cells:
    """What the map draws: the properties of the viewport, or hexagons with counts where they are more than 3,000.

    A hexagon at the edge of the viewport is counted whole, so that it keeps its number while the map is moved.
    """
    sources = property_sources(asker, chosen)
    in_view = [*sources.where(chosen), _in_box(sources.properties.c.geom, frame.box)]
    if _is_few(asker, sources, in_view):
        # In the order of the table on disk the object that was derived last would come last, and tell who sees no
        # proceeding that somebody entered one.
        points = _points_query(sources, chosen).where(*in_view).order_by(sources.properties.c.property_id)
        rows = asker.connection.execute(points).all()
        return Points(*zip(*rows, strict=True)) if rows else Points((), (), (), (), (), (), ())
    edge_m = FINE_EDGE_M if frame.zoom >= FINE_CELLS_FROM_ZOOM else COARSE_EDGE_M
    return _read_cells(asker, _counted_cells(asker, sources, chosen, frame, edge_m), frame, edge_m)


def read_page(
    asker: Asker,
    chosen: PropertyFilter,
    *,
    sort: SortColumn = "address_text",
    descending: bool = False,
    start: int = 0,
    size: int = 100,
) -> tuple[PropertyRow, ...]:
    """Rows `start` to `start + size` of the table; at most 500."""
    sources = property_sources(asker, chosen)
    order = _order(sources, sort, descending=descending)
    columns, where = sources.properties.c, sources.where(chosen)
    start, size = max(0, start), min(size, PAGE_MAX)
    query = _rows_query(sources, chosen).order_by(*order)
    if sources.is_current:
        # Which rows these are is told by an index alone; due dates of all the rows before them would take a second.
        ids = select(columns.property_id).where(*where).order_by(*order).offset(start).limit(size)
        query = query.where(columns.property_id.in_(ids))
    else:
        query = query.where(*where).offset(start).limit(size)
    rows = asker.connection.execute(query).all()
    return tuple(PropertyRow(*row) for row in rows)


def read_row(asker: Asker, chosen: PropertyFilter, property_id: int) -> tuple[PropertyRow, Place | None] | None:
    """One property of the filter with its place (lon, lat); None where the filter does not mean it."""
    sources = property_sources(asker, chosen)
    point = func.ST_Transform(sources.properties.c.geom, DISPLAY_SRID)
    query = _rows_query(sources, chosen).add_columns(_rounded(func.ST_X(point)), _rounded(func.ST_Y(point)))
    found = asker.connection.execute(
        query.where(*sources.where(chosen), sources.properties.c.property_id == property_id)
    ).one_or_none()
    if found is None:
        return None
    *row, lon, lat = found
    return PropertyRow(*row), None if lon is None else (lon, lat)


def read_position(
    asker: Asker,
    chosen: PropertyFilter,
    property_id: int,
    *,
    sort: SortColumn = "address_text",
    descending: bool = False,
) -> int | None:
    """On which row of the table (from 0) a property stands; None where the filter does not mean it."""
    sources = property_sources(asker, chosen)
    number = func.row_number().over(order_by=_order(sources, sort, descending=descending)) - 1
    ordered = (
        select(sources.properties.c.property_id.label("id"), number.label("position"))
        .where(*sources.where(chosen))
        .subquery()
    )
    found: int | None = asker.connection.execute(
        select(ordered.c.position).where(ordered.c.id == property_id)
    ).scalar_one_or_none()
    return found


# --- how it is asked --------------------------------------------------------------------------------------------------


def _points_query(sources: Sources, chosen: PropertyFilter) -> Select[Any]:
    columns = sources.properties.c
    point = func.ST_Transform(columns.geom, DISPLAY_SRID)
    due_on, relation = _with_earliest_due(sources, chosen)
    return select(
        columns.property_id,
        _rounded(func.ST_X(point)),
        _rounded(func.ST_Y(point)),
        columns.state,
        columns.assessment_colour,
        due_on,
        func.coalesce(func.nullif(columns.address_text, ""), columns.key),
    ).select_from(relation)


def _rows_query(sources: Sources, chosen: PropertyFilter) -> Select[Any]:
    columns = sources.properties.c
    due_on, relation = _with_earliest_due(sources, chosen)
    return select(
        columns.property_id,
        columns.key,
        columns.address_text,
        columns.state,
        columns.state_since_on,
        columns.use_type,
        columns.assessment_colour,
        columns.is_inhabited,
        columns.last_inspected_on,
        columns.inspections,
        due_on,
        columns.geom.is_not(None),
    ).select_from(relation)


def _with_earliest_due(sources: Sources, chosen: PropertyFilter) -> tuple[ColumnElement[Any], FromClause]:
    """The earliest due date of a property over the types of control of the filter, and the relation that holds it."""
    due, properties = sources.due.c, sources.properties
    if sources.due is property_due:
        # An index answers for each property of the page: cheaper than grouping the whole city.
        of_property = select(func.min(due.due_on)).where(
            due.property_id == properties.c.property_id, *sources.due_where(chosen)
        )
        return of_property.scalar_subquery(), properties
    # A past date is computed, and asked for each property it would be computed again for each.
    counted = select(due.property_id, func.min(due.due_on).label("due_on")).where(*sources.due_where(chosen))
    earliest = counted.group_by(due.property_id).cte("earliest")
    return earliest.c.due_on, properties.outerjoin(earliest, earliest.c.property_id == properties.c.property_id)


def _is_overdue(sources: Sources, chosen: PropertyFilter) -> ColumnElement[bool]:
    """Whether a property of the relation is overdue for one of the filter's types of control."""
    due, property_id = sources.due.c, sources.properties.c.property_id
    late = select(due.property_id).where(due.due_on < sources.as_of, *sources.due_where(chosen))
    if sources.due is property_due:
        # As EXISTS the planner looks few properties up by the index and gathers what is overdue only for many; as IN
        # it gathered all of the city for one property, and row policies were asked for each of its due dates.
        return late.where(due.property_id == property_id).correlate(sources.properties).exists()
    return property_id.in_(late)


def _order(sources: Sources, sort: SortColumn, *, descending: bool) -> Sequence[ColumnElement[Any]]:
    columns = sources.properties.c
    keys = (columns.municipality, columns[sort], columns.property_id)
    return [key.desc() for key in keys] if descending else [key.asc() for key in keys]


def _in_box(geometry: ColumnElement[Any], box: Box, *, margin_m: float = 0) -> ColumnElement[bool]:
    west, south, east, north = box
    if max(east - west, north - south) > EXTENT_MAX_DEGREES:
        return geometry.is_not(None)  # from so far out, the window holds the whole city
    # Only the bounding boxes are compared: a point a few metres outside of the window does no harm, and `&&` is the
    # operator that the index and the row policies know.
    window = as_storage(shapely.box(*box), "frame")
    result: ColumnElement[bool] = geometry.op("&&")(func.ST_Expand(window, margin_m) if margin_m else window)
    return result


def _is_few(asker: Asker, sources: Sources, where: list[ColumnElement[bool]]) -> bool:
    # Counting stops at the limit and reads neither places nor due dates, so that a city costs no more than a street.
    some = select(literal_column("1")).select_from(sources.properties).where(*where).limit(POINTS_MAX + 1).subquery()
    found: int = asker.connection.execute(select(func.count()).select_from(some)).scalar_one()
    return found <= POINTS_MAX


def _counted_cells(asker: Asker, sources: Sources, chosen: PropertyFilter, frame: Frame, edge_m: int) -> FromClause:
    """Hexagons (`cell`, `objects`) in and around the window, each counted whole."""
    part = cube.part_of(asker, chosen, is_current=sources.is_current)
    if part and chosen.due is None and not part.has_facets:
        return cube.cells(part, edge_m)
    columns = sources.properties.c
    cell = columns.cell_500 if edge_m == FINE_EDGE_M else columns.cell_2000
    # No two points of a hexagon are farther apart than two of its edges.
    around = _in_box(columns.geom, frame.box, margin_m=2 * edge_m)
    counted = select(cell.label("cell"), func.count().label("objects")).where(*sources.where(chosen), around)
    return counted.group_by(cell).subquery("counted")


def _read_cells(asker: Asker, counted: FromClause, frame: Frame, edge_m: int) -> Cells:
    shape = func.qm.hex_outline(counted.c.cell, edge_m)
    outline = func.ST_Transform(shape, DISPLAY_SRID)
    centre = func.ST_Centroid(outline)
    query = (
        select(
            counted.c.cell,
            _rounded(func.ST_X(centre)).label("lon"),
            _rounded(func.ST_Y(centre)).label("lat"),
            counted.c.objects,
            func.ST_AsBinary(outline).label("outline"),
        )
        .where(_in_box(shape, frame.box))
        .order_by(counted.c.cell)
    )
    rows = asker.connection.execute(query).mappings().all()
    return Cells(
        id=tuple(str(row["cell"]) for row in rows),
        lon=tuple(row["lon"] for row in rows),
        lat=tuple(row["lat"] for row in rows),
        count=tuple(row["objects"] for row in rows),
        outline=tuple(_ring(row) for row in rows),
    )


def _ring(row: RowMapping) -> tuple[tuple[float, float], ...]:
    corners = shapely.get_coordinates(shapely.from_wkb(row["outline"]))
    return tuple((float(lon), float(lat)) for lon, lat in corners.round(COORDINATE_DECIMALS))


def _rounded(value: ColumnElement[Any]) -> ColumnElement[Any]:
    # round(double, int) does not exist in PostgreSQL, and a numeric would arrive as Decimal.
    factor: ColumnElement[Any] = literal_column(str(10**COORDINATE_DECIMALS))
    return func.round(value * factor) / factor
