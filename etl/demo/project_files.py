"""Files about demolition projects: the planners' spreadsheet, and building control's CSV of what happened."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from etl.demo import files, german_columns, words
from etl.demo.dates import AS_OF, FIRST_DELIVERY
from etl.demo.projects import DemoProject, Step, known_steps

NOTE: Final = "Erfundene Beispieldaten: keines dieser Vorhaben gibt es."
Row = tuple[object, ...]


def write_plans(folder: Path, projects: Iterable[DemoProject], on: date) -> Path:
    """The plans of the projects that were decided by the day, one row for a step."""
    path = folder / f"rueckbau_planung_{on}.xlsx"
    rows = [_plan_row(one, step, on) for one in projects if one.decided_on <= on for step in one.steps]
    if on == AS_OF and rows:
        rows.append((*rows[0][:5], "Luftschloss", *rows[0][6:]))
    files.write_spreadsheet(path, "Planung", german_columns.DEMOLITION_PLANS, rows, NOTE)
    return path


def _plan_row(project: DemoProject, step: Step, on: date) -> Row:
    # A plan that was moved meanwhile: what lay ahead then was planned for an earlier day.
    is_moved = on < AS_OF and step.planned[0] > FIRST_DELIVERY
    earlier = timedelta(days=project.moved_days if is_moved else 0)
    dates = (step.planned[0] - earlier, step.planned[1] - earlier) if step.is_required else (None, None)
    # Who may be told of a project is decided once a year, so the first plan releases what was running by then.
    is_released = on == AS_OF or project.decided_on.year < FIRST_DELIVERY.year
    return (
        project.key, project.property_key, project.programme, project.decided_on,
        words.AUDIENCES.get(project.released_to) if is_released else None,
        words.DEMOLITION_STAGES[step.stage], words.YES_NO[step.is_required], *dates,
        step.cost_planned_eur if step.is_required else None,
    )  # fmt: skip


def write_progress(folder: Path, projects: Iterable[DemoProject], on: date) -> Path:
    """What happened until the day: begun and completed steps, what holds them up, and how projects ended."""
    path = folder / f"rueckbau_stand_{on}.csv"
    rows = [_progress_row(one, step, on) for one in projects if one.decided_on <= on for step in known_steps(one, on)]
    if on == AS_OF and rows:
        rows += [
            (*rows[0][:4], date(2027, 3, 3), *rows[0][5:]),
            (rows[0][0], "PI-9999", *rows[0][2:]),
        ]
    files.write_csv(path, german_columns.DEMOLITION_PROGRESS, rows)
    return path


def _progress_row(project: DemoProject, step: Step, on: date) -> Row:
    start, end = step.real
    is_done = end <= (min(on, project.outcome[1]) if project.outcome else on)
    blocker, since, until = _hindrance(project, step, on, is_done=is_done)
    ended = project.outcome if step.stage == "decision" and project.outcome and project.outcome[1] <= on else None
    return (
        project.key, project.property_key, words.DEMOLITION_STAGES[step.stage], start, end if is_done else None,
        step.cost_actual_eur if is_done else None,
        words.DEMOLITION_BLOCKERS[blocker] if blocker else None, since, until,
        words.DEMOLITION_OUTCOMES[ended[0]] if ended else None, ended[1] if ended else None,
    )  # fmt: skip


def _hindrance(project: DemoProject, step: Step, on: date, *, is_done: bool) -> tuple[str, date | None, date | None]:
    """What an export of the day says that holds the step up, or held it up: what it is, since when, until when."""
    blocked = project.blocked if on == AS_OF else project.blocked_before
    if blocked is not None and blocked[0] == step.stage and blocked[2] <= on and not is_done:
        return blocked[1], blocked[2], None
    held = project.held_up
    if held is None or held[0] != step.stage or held[2] > on:
        return "", None, None
    return held[1], held[2], held[3] if held[3] <= on else None
