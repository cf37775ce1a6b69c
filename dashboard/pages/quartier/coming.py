"""What falls into the next days for some areas, from three sources in one list by date."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from geodata.access import Asker
from geodata.demolitions import ProjectWish, read_projects
from geodata.filters import PropertyFilter
from geodata.work import DuePair, Listed, Reminder, read_due, read_reminders

AHEAD_DAYS: Final = 30
MOST: Final = 100


@dataclass(frozen=True)
class Coming:
    """One thing that comes: a control, a reminder, or the planned end of a stage (`code`) of a demolition project."""

    on: date
    kind: Literal["control", "stage", "reminder"]
    property_id: int
    title: str
    code: str | None = None
    pair: DuePair | None = None
    project_key: str | None = None


def read_coming(asker: Asker, chosen: PropertyFilter, as_of: date) -> Listed[Coming]:
    """What is due from the as-of date on until `AHEAD_DAYS` later, the next one first."""
    last_on = as_of + timedelta(days=AHEAD_DAYS)
    controls = read_due(asker, chosen, last_on=last_on, most=MOST)
    reminders = read_reminders(asker, chosen, first_on=as_of, last_on=last_on, most=MOST)
    stages = _planned_ends(asker, chosen, as_of, last_on)
    found = [*(_control(one) for one in controls.rows), *stages, *(_reminder(one) for one in reminders.rows)]
    total = controls.total + reminders.total + len(stages)
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


def _control(one: DuePair) -> Coming:
    return Coming(one.due_on, "control", one.property_id, one.address or one.key, one.control_type, pair=one)


def _reminder(one: Reminder) -> Coming:
    return Coming(one.reminder_on, "reminder", one.property_id, one.address or one.key)
