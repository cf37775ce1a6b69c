"""The calendar of inspections: how many were carried out on which day, and how many pairs are due on which day.

Done and due never stand for one day twice: what was done lies up to the as-of date, what is due on it or ahead. A pair
that is overdue already is due on no day to come and stands in none.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from geodata.access import Asker
from geodata.control_reads import Pairs, pairs_of, visit_conditions, visits_with_properties
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.tables import inspection


@dataclass(frozen=True)
class CalendarDay:
    """Inspections carried out on a day, and pairs that fall due on it."""

    on: date
    done: int
    due: int


def read_calendar(
    asker: Asker, chosen: PropertyFilter, *, first_on: date, last_on: date, control_type: str | None = None
) -> tuple[CalendarDay, ...]:
    """The days from `first_on` to `last_on` on which something was done or falls due, in their order."""
    pairs = pairs_of(asker, chosen)
    period = Period(first_on, last_on)
    done = _by_day(asker, _done(asker, pairs, chosen, period, control_type))
    due = _by_day(asker, _due(pairs, period, control_type))
    return tuple(CalendarDay(on, done.get(on, 0), due.get(on, 0)) for on in sorted({*done, *due}))


def _by_day(asker: Asker, query: Select[Any]) -> dict[date, int]:
    return {row[0]: row[1] for row in asker.connection.execute(query)}


def _done(asker: Asker, pairs: Pairs, chosen: PropertyFilter, period: Period, control_type: str | None) -> Select[Any]:
    visit = inspection.c
    where = [*visit_conditions(asker, pairs.sources, chosen, period), *_of_type(visit.control_type, control_type)]
    counted = select(visit.inspected_on, func.count()).select_from(visits_with_properties(pairs.sources))
    return counted.where(*where).group_by(visit.inspected_on)


def _due(pairs: Pairs, period: Period, control_type: str | None) -> Select[Any]:
    due = pairs.sources.due.c
    days = due.due_on.between(max(period.first_on, pairs.sources.as_of), period.last_on)
    counted = select(due.due_on, func.count()).select_from(pairs.relation)
    return counted.where(*pairs.where, days, *_of_type(due.control_type, control_type)).group_by(due.due_on)


def _of_type(column: ColumnElement[str], control_type: str | None) -> list[ColumnElement[bool]]:
    return [] if control_type is None else [column == control_type]
