"""What there is to do on an as-of date: reminders, due and overdue controls, properties that nobody got into.

Every read takes the filter of the page with its as-of date set, and gives the rows that a page shows together with how
many there are in all. Free text (`next_step`) is for case workers; others get None. A reminder has no history in valid
time: for a past date it is the one that is known today. Dates are calendar dates in Europe/Berlin.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, select

from geodata.access import Asker
from geodata.control_reads import FAILED_VISITS_TO_CLARIFY, DueRow, Pairs, count_due, needed_rank, pairs_of
from geodata.control_reads import read_due_list as read_pairs
from geodata.filters import PropertyFilter
from geodata.masking import readable
from geodata.properties import Sources, property_sources
from geodata.tables import inspection, interval_rule, property_version

Row = TypeVar("Row")


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """The first rows of a list, and how many rows it has in all."""

    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Reminder:
    """A property whose reminder (Wiedervorlage) falls into the days asked for."""

    property_id: int
    key: str
    address: str
    state: str | None
    reminder_on: date
    next_step: str | None


@dataclass(frozen=True)
class DuePair:
    """A property and a type of control with its due date and the interval of the rule that wins."""

    property_id: int
    key: str
    address: str
    control_type: str
    due_on: date
    interval_days: int


@dataclass(frozen=True)
class AccessTask:
    """A property whose latest visits of one type did not get as far as the rule asks; the latest was on `tried_on`."""

    property_id: int
    key: str
    address: str
    control_type: str
    failed_visits: int
    tried_on: date
    due_on: date


def read_reminders(
    asker: Asker, chosen: PropertyFilter, *, first_on: date | None, last_on: date, most: int
) -> Listed[Reminder]:
    """Reminders of open properties from `first_on` (None = however old) to `last_on`, the oldest first."""
    asker.require("plan:read")
    sources = property_sources(asker, chosen)
    columns, version = sources.properties.c, property_version.c
    next_step = readable(asker, version.next_step)
    is_known = and_(version.property_id == columns.property_id, version.superseded_at.is_(None))
    query = (
        select(*_named(sources), columns.state, version.reminder_on, next_step, func.count().over())
        .select_from(sources.properties.join(property_version, is_known))
        .where(*sources.where(chosen), columns.closed_on.is_(None), version.reminder_on <= last_on)
        .order_by(version.reminder_on, columns.property_id)
    )
    if first_on is not None:
        query = query.where(version.reminder_on >= first_on)
    rows = asker.connection.execute(query.limit(most)).all()
    return Listed(rows[0][-1] if rows else 0, tuple(Reminder(*row[:-1]) for row in rows))


def read_overdue(asker: Asker, chosen: PropertyFilter, *, most: int) -> Listed[DueRow]:
    """Controls whose due date has passed, the longest overdue first: the head of the list of controls."""
    late = replace(chosen, due="overdue")
    return Listed(count_due(asker, late), read_pairs(asker, late, size=most))


def read_due(asker: Asker, chosen: PropertyFilter, *, last_on: date, most: int) -> Listed[DuePair]:
    """Controls that fall due from the as-of date on until `last_on`, the next one first."""
    pairs = pairs_of(asker, chosen, with_properties=True)
    due = pairs.sources.due.c
    query = (
        select(*_named(pairs.sources), due.control_type, due.due_on, due.interval_days, func.count().over())
        .select_from(pairs.relation)
        .where(*pairs.where, due.due_on.between(pairs.sources.as_of, last_on))
        .order_by(due.due_on, due.property_id, due.control_type)
        .limit(most)
    )
    rows = asker.connection.execute(query).all()
    return Listed(rows[0][-1] if rows else 0, tuple(DuePair(*row[:-1]) for row in rows))


def read_access_tasks(asker: Asker, chosen: PropertyFilter, *, most: int) -> Listed[AccessTask]:
    """Properties with at least two failed visits in a row of one type of control, the most failed ones first.

    The set-based twin of `intervals.failed_in_a_row`: visits of the rule's own type, the latest first, up to the first
    that reached the access which the rule requires.
    """
    pairs = pairs_of(asker, chosen, with_properties=True)
    visits = _visits_of_pairs(pairs).subquery("visits")
    failed = func.count().label("failed")
    tasks = (
        select(visits.c.property_id, visits.c.control_type, failed, func.max(visits.c.inspected_on).label("tried_on"))
        .where(visits.c.reached.is_(False))
        .group_by(visits.c.property_id, visits.c.control_type)
        .having(failed >= FAILED_VISITS_TO_CLARIFY)
        .cte("tasks")
    )
    properties, due, task = pairs.sources.properties, pairs.sources.due, tasks.c
    is_its_pair = and_(due.c.property_id == task.property_id, due.c.control_type == task.control_type)
    query = (
        select(*_named(pairs.sources), task.control_type, task.failed, task.tried_on, due.c.due_on, func.count().over())
        .select_from(tasks.join(properties, properties.c.property_id == task.property_id).join(due, is_its_pair))
        .order_by(task.failed.desc(), due.c.due_on, task.property_id, task.control_type)
        .limit(most)
    )
    rows = asker.connection.execute(query).all()
    return Listed(rows[0][-1] if rows else 0, tuple(AccessTask(*row[:-1]) for row in rows))


# --- how it is asked --------------------------------------------------------------------------------------------------


def _named(sources: Sources) -> tuple[ColumnElement[Any], ...]:
    columns = sources.properties.c
    return columns.property_id, columns.key, columns.address_text


def _visits_of_pairs(pairs: Pairs) -> Select[Any]:
    """Visits of each pair's own type; `reached` = this one or a later one got as far as the rule requires."""
    properties, due, visit = pairs.sources.properties.c, pairs.sources.due.c, inspection.c
    is_effective = func.qm.access_rank(visit.access_reached) >= needed_rank(properties.is_inhabited)
    latest_first = (visit.inspected_on.desc(), visit.running_number.desc(), visit.id.desc())
    reached = func.bool_or(is_effective).over(partition_by=(due.property_id, due.control_type), order_by=latest_first)
    is_its_visit = and_(
        visit.property_id == due.property_id,
        visit.control_type == due.control_type,
        visit.superseded_at.is_(None),
        visit.inspected_on <= pairs.sources.as_of,
    )
    return (
        select(due.property_id, due.control_type, visit.inspected_on, reached.label("reached"))
        .select_from(pairs.relation)
        .join(interval_rule, interval_rule.c.id == due.rule_id)
        .join(inspection, is_its_visit)
        # A property without that many visits cannot have failed so often: most of a city need not be looked at.
        .where(*pairs.where, properties.inspections >= FAILED_VISITS_TO_CLARIFY)
    )
