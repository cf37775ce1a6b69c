"""Figures about properties as such: how many there are, how many are open, how many have no place."""

from collections.abc import Mapping

from sqlalchemy import func, select

from geodata import cube
from geodata.access import Asker
from geodata.figure import N_, Figure, Group, Period, Value
from geodata.filters import PropertyFilter
from geodata.properties import property_sources

_BASIS = N_("properties recorded by the as-of date, closed ones included")
_OPEN = N_("properties recorded by the as-of date and not closed on it")

FIGURES = (
    Figure(
        "objects",
        N_("Objects"),
        "objects",
        "condition",
        N_("Properties that were recorded by the as-of date and fit the filter."),
        _BASIS,
    ),
    Figure(
        "objects_open",
        N_("Open objects"),
        "objects",
        "condition",
        N_("Properties that are not closed: no closing, or a reopening after it."),
        _BASIS,
        part_of="objects",
    ),
    Figure(
        "objects_without_place",
        N_("Objects without a place"),
        "objects",
        "condition",
        N_("Properties without a point; they are in tables and counts, not on the map, and belong to no area."),
        _BASIS,
        part_of="objects",
    ),
    Figure(
        "objects_inhabited",
        N_("Inhabited open objects"),
        "objects",
        "condition",
        N_("Open properties that are recorded as inhabited."),
        _OPEN,
        part_of="objects_open",
    ),
    Figure(
        "objects_red",
        N_("Open objects assessed red"),
        "objects",
        "condition",
        N_("Open properties whose latest assessment (pressure and room to act) gives red."),
        _OPEN,
        part_of="objects_open",
        permission="proceeding:read",
    ),
)


def read(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """All figures of this group for one filter."""
    sources = property_sources(asker, chosen)
    part = cube.part_of(asker, chosen, is_current=sources.is_current)
    if part and (known := cube.read_objects(asker, part)):
        return {
            "objects": known.total,
            "objects_open": known.open,
            "objects_without_place": known.unplaced,
            "objects_inhabited": known.inhabited,
            "objects_red": known.red,
        }
    columns = sources.properties.c
    is_open = columns.closed_on.is_(None)
    query = select(
        func.count().label("objects"),
        func.count().filter(is_open).label("objects_open"),
        func.count().filter(columns.geom.is_(None)).label("objects_without_place"),
        func.count().filter(is_open, columns.is_inhabited.is_(True)).label("objects_inhabited"),
        func.count().filter(is_open, columns.assessment_colour == "red").label("objects_red"),
    ).select_from(sources.properties)
    return dict(asker.connection.execute(query.where(*sources.where(chosen))).mappings().one())


GROUP = Group("property:read", FIGURES, read)
