"""Reads over time: the course of the intervals, the calendar of inspections, intervals by year, results by period.

Rules that hold for every read here:

- The filter means the properties of its as-of date, and they are what they are on that date (use type, inhabited,
  areas); nothing later than it counts. Which rule was in force, and who was recorded and open, is asked for each day.
- The part `due` of a filter means the pairs that are so due on the as-of date, on earlier days, too.
- On time = not overdue at the end of the day, as `control_reads` has it for one date: a test holds the two together.
- What lies ahead asks for `plan:read`, what was done for `inspection:read`.
"""

from dataclasses import dataclass
from datetime import date

from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.course.adherence import Compared, CoursePoint, Days, Step, steps
from geodata.course.days import DaysByType, known_part, read_days, read_rule_years
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.sources import property_sources


@dataclass(frozen=True)
class AreaCourse:
    """One area: the period and the one before it."""

    area: Area
    compared: Compared


@dataclass(frozen=True)
class Course:
    """All of a period at once, beside the one before it: as a whole, by steps, and by type of control."""

    compared: Compared
    now: tuple[CoursePoint, ...]
    before: tuple[CoursePoint, ...]
    by_type: tuple[Compared, ...]


def read_course_of(
    asker: Asker, chosen: PropertyFilter, period: Period, control_type: str | None, *, step: Step = "month"
) -> Course:
    """What `read_compared`, `read_course` (of both periods) and `read_compared_by_type` say, in one read.

    `control_type` None = all types of the filter together. A page that shows several of them asks here, because each
    of the others reads all days anew.
    """
    period = known_part(asker, chosen, period)
    found = read_days(asker, chosen, period.before.first_on, period.last_on, control_type=control_type)
    days = found.of(control_type)
    return Course(
        compared=_compared(days, period, control_type),
        now=_points(days, period, control_type, step),
        before=_points(days, period.before, control_type, step),
        by_type=_by_type(found, period),
    )


def read_course(
    asker: Asker,
    chosen: PropertyFilter,
    *,
    control_type: str | None,
    first_on: date,
    last_on: date,
    step: Step = "month",
) -> tuple[CoursePoint, ...]:
    """The course by calendar months, quarters or years; `control_type` None = all types of the filter together.

    The last point ends on `last_on` or the as-of date, whichever is earlier.
    """
    last_on = min(last_on, property_sources(asker, chosen).as_of)
    if first_on > last_on:
        return ()
    days = read_days(asker, chosen, first_on, last_on, control_type=control_type).of(control_type)
    return _points(days, Period(first_on, last_on), control_type, step)


def read_compared(asker: Asker, chosen: PropertyFilter, period: Period, control_type: str | None) -> Compared:
    """The period and the one of the same length before it; `control_type` None = all types of the filter together."""
    period = known_part(asker, chosen, period)
    found = read_days(asker, chosen, period.before.first_on, period.last_on, control_type=control_type)
    return _compared(found.of(control_type), period, control_type)


def read_compared_by_type(asker: Asker, chosen: PropertyFilter, period: Period) -> tuple[Compared, ...]:
    """The same for each type of control that was monitored in one of the two, the one with the most pairs first."""
    period = known_part(asker, chosen, period)
    found = read_days(asker, chosen, period.before.first_on, period.last_on)
    return _by_type(found, period)


def read_compared_by_area(
    asker: Asker, chosen: PropertyFilter, period: Period, control_type: str | None, kind: str
) -> tuple[AreaCourse, ...]:
    """The same for each area of one kind that had a pair in one of the two, by name; areas may overlap.

    A property counts in the areas in which it lies on the as-of date.
    """
    period = known_part(asker, chosen, period)
    areas = [area for area in read_areas(asker, property_sources(asker, chosen).as_of) if area.kind == kind]
    found = read_days(
        asker,
        chosen,
        period.before.first_on,
        period.last_on,
        control_type=control_type,
        area_ids=[area.id for area in areas],
    )
    places = {place for place, _ in found.by_place}
    return tuple(
        AreaCourse(area, _compared(found.of(control_type, area.id), period, control_type))
        for area in areas
        if area.id in places
    )


def _points(days: Days, period: Period, control_type: str | None, step: Step) -> tuple[CoursePoint, ...]:
    spans = steps(period.first_on, period.last_on, step)
    return tuple(days.point(begins_on, ends_on, control_type) for begins_on, ends_on in spans)


def _by_type(found: DaysByType, period: Period) -> tuple[Compared, ...]:
    compared = [_compared(found.of(kind), period, kind) for kind in found.control_types]
    return tuple(sorted(compared, key=lambda one: (-one.now.pairs, one.now.control_type or "")))


def _compared(days: Days, period: Period, control_type: str | None) -> Compared:
    now = days.point(period.first_on, period.last_on, control_type)
    return Compared(now, days.point(period.before.first_on, period.before.last_on, control_type))


def read_rule_days_by_year(asker: Asker, chosen: PropertyFilter, control_type: str) -> dict[int, tuple[int, int]]:
    """Shortest and longest interval that rules asked of the filter's properties, by year since the first rule."""
    return read_rule_years(asker, chosen, control_type)
