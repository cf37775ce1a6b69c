"""Projects and stages as rows of the plan: which days were planned, which happened, which sign stands where."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from dashboard.i18n import code_label
from dashboard.pages.rueckbau import words
from dashboard.pages.rueckbau.forecasts import ahead_text
from dashboard.pages.rueckbau.gantt import GanttRow, Mark, Span
from geodata.demolitions import Project, Stage
from geodata.projects.forecast import Forecast

# More rows than this are no picture any more; the table has all of them.
ROWS_MAX: Final = 40
_ORDER: Final = ("running", "done", "ended")
_FAR: Final = date(9999, 12, 31)


def in_reading_order(projects: Iterable[Project]) -> list[Project]:
    """Running projects first by the planned end of their demolition, then completed and ended ones, latest first."""

    def place(one: Project) -> tuple[int, int, str]:
        running = (one.planned_demolition_on or _FAR).toordinal()
        over = -(one.demolished_on or one.ended_on or date.min).toordinal()
        return _ORDER.index(one.status), running if one.status == "running" else over, one.address

    return sorted(projects, key=place)


def project_row(project: Project, as_of: date, ahead: Forecast | None = None) -> GanttRow:
    """A project as a whole, from the first day of its stages to the last; `ahead` is the forecast of its end."""
    required = [stage for stage in project.stages if stage.is_required]
    planned = _span([day for stage in required for day in (stage.planned_start_on, stage.planned_end_on)])
    begun = [day for stage in required for day in (stage.actual_start_on, stage.actual_end_on)]
    actual = _span([*begun, *_reached(project, begun, as_of)])
    mark: Mark = "none"
    if project.status == "ended":
        mark, mark_on = "ended", project.ended_on
    elif project.is_blocked:
        mark, mark_on = "blocked", project.blocked_since_on or as_of
    else:
        mark, mark_on = "down" if project.demolished_on else "none", project.demolished_on
    return GanttRow(
        name=project.address,
        planned=planned,
        actual=actual,
        words=words.project_text(project),
        is_late=project.status == "running" and (project.slip_days or 0) > 0,
        mark=mark,
        mark_on=mark_on,
        **_expected(ahead),
    )


def _expected(ahead: Forecast | None) -> dict[str, Any]:
    """The band of the end; of an open-ended forecast only the earliest day."""
    if ahead is None or ahead.completed_on is None:
        return {}
    first_on, middle_on, last_on = ahead.completed_on
    if ahead.is_open_ended:
        return {"expected_on": middle_on, "expected": ahead_text(ahead)}
    return {"band": Span(first_on, last_on), "expected_on": middle_on, "expected": ahead_text(ahead)}


def stage_row(stage: Stage, as_of: date, *, is_running: bool) -> GanttRow:
    """A stage of an opened project; one that is not required has no bar, only the word."""
    if not stage.is_required:
        return GanttRow(code_label("demolition_stage", stage.code), None, None, words.stage_text(stage, as_of))
    goes_on = is_running and stage.is_started(as_of) and not stage.is_done(as_of)
    is_blocked = stage.blocker_at(as_of) is not None
    return GanttRow(
        name=code_label("demolition_stage", stage.code),
        planned=_span([stage.planned_start_on, stage.planned_end_on]),
        actual=_span([stage.actual_start_on, stage.actual_end_on, *([as_of] if goes_on else [])]),
        words=words.stage_text(stage, as_of),
        is_late=(stage.slip_days(as_of) or 0) > 0 and not stage.is_done(as_of),
        mark="blocked" if is_blocked else "none",
        mark_on=(stage.blocked_since_on or as_of) if is_blocked else None,
    )


def _reached(project: Project, begun: Sequence[date | None], as_of: date) -> list[date]:
    """The day up to which the bar of what happened runs, beside the days of the stages."""
    if not any(begun):
        return []
    if project.status == "ended":
        return [project.ended_on] if project.ended_on else []
    return [as_of] if project.status == "running" else []


def _span(days: Sequence[date | None]) -> Span | None:
    known = [day for day in days if day is not None]
    return Span(min(known), max(known)) if known else None
