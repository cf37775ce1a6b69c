"""What falls into the next days for some areas, from five sources in one list by date."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from geodata.access import Asker
from geodata.demolitions import ProjectWish, read_projects
from geodata.filters import PropertyFilter
from geodata.funding.flow import AtRisk
from geodata.funding.reads import read_at_risk
from geodata.measures.deadlines import Deadline, read_deadlines
from geodata.work import DuePair, Listed, Reminder, read_due, read_reminders

AHEAD_DAYS: Final = 30
MOST: Final = 100
# As many as reach over AHEAD_DAYS.
_MONTHS: Final = 1 + AHEAD_DAYS // 28


@dataclass(frozen=True)
class Coming:
    """One thing that comes: a control, a reminder, the planned end of a stage (`code`), a deadline, or a day of money.

    Money of an area or of the whole city belongs to no property.
    """

    on: date
    kind: Literal["control", "stage", "reminder", "deadline", "money"]
    property_id: int | None
    title: str
    code: str | None = None
    pair: DuePair | None = None
    project_key: str | None = None
    deadline: Deadline | None = None
    money: AtRisk | None = None


def read_coming(asker: Asker, chosen: PropertyFilter, as_of: date) -> Listed[Coming]:
    """What is due from the as-of date on until `AHEAD_DAYS` later, the next one first."""
    last_on = as_of + timedelta(days=AHEAD_DAYS)
    controls = read_due(asker, chosen, last_on=last_on, most=MOST)
    reminders = read_reminders(asker, chosen, first_on=as_of, last_on=last_on, most=MOST)
    dated = [*_planned_ends(asker, chosen, as_of, last_on), *_deadlines(asker, chosen, as_of, last_on)]
    dated += _money(asker, chosen, as_of, last_on)
    found = [*(_control(one) for one in controls.rows), *dated, *(_reminder(one) for one in reminders.rows)]
    total = controls.total + reminders.total + len(dated)
    return Listed(total, tuple(sorted(found, key=lambda one: (one.on, one.kind, one.title))[:MOST]))


def _planned_ends(asker: Asker, chosen: PropertyFilter, first_on: date, last_on: date) -> list[Coming]:
    projects = read_projects(asker, chosen, ProjectWish(status="running"))
    return [
        Coming(stage.planned_end_on, "stage", one.property_id, one.address, stage.code, project_key=one.key)
        for one in projects
        for stage in one.stages
        if stage.planned_end_on is not None
        and first_on <= stage.planned_end_on <= last_on
        and stage.is_required
        and stage.actual_end_on is None
    ]


def _deadlines(asker: Asker, chosen: PropertyFilter, first_on: date, last_on: date) -> list[Coming]:
    if not asker.scope.allows("proceeding:read"):
        return []
    return [
        Coming(one.on, "deadline", one.property_id, one.address, deadline=one)
        for one in read_deadlines(asker, chosen, until_on=last_on)
        if one.on >= first_on
    ]


def _money(asker: Asker, chosen: PropertyFilter, first_on: date, last_on: date) -> list[Coming]:
    if not asker.scope.allows("funding:read"):
        return []
    return [
        Coming(one.on, "money", one.property_id, one.title, one.what, money=one)
        for one in read_at_risk(asker, chosen, months=_MONTHS)
        if first_on <= one.on <= last_on
    ]


def _control(one: DuePair) -> Coming:
    return Coming(one.due_on, "control", one.property_id, one.address or one.key, one.control_type, pair=one)


def _reminder(one: Reminder) -> Coming:
    return Coming(one.reminder_on, "reminder", one.property_id, one.address or one.key)
