"""What a form says of a demolition project and its stages, and what may be entered there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from geodata import codes
from geodata.edits.checks import Problems

MOST_EUR: Final = 999_999_999_999


@dataclass(frozen=True)
class PlanDraft:
    """The plan of a stage; what is not required has neither dates nor cost."""

    is_required: bool = True
    planned_start_on: date | None = None
    planned_end_on: date | None = None
    cost_planned_eur: float | None = None


@dataclass(frozen=True)
class ReportDraft:
    """What really happened in a stage, as a whole: what is not stated is not known."""

    actual_start_on: date | None = None
    actual_end_on: date | None = None
    cost_actual_eur: float | None = None
    blocker: str | None = None
    blocked_since_on: date | None = None
    blocked_until_on: date | None = None


@dataclass(frozen=True)
class ProjectDraft:
    """A new project; `released_to` None = nobody is told of it by name. `stages` are those that its plan names."""

    key: str
    decided_on: date | None
    programme: str | None = None
    released_to: str | None = None
    stages: Mapping[str, PlanDraft] = field(default_factory=dict)


def check_plan(problems: Problems, draft: PlanDraft, prefix: str = "") -> None:
    """What is wrong with the plan of a stage; `prefix` names the stage where a form has several."""
    problems.date(f"{prefix}planned_start_on", draft.planned_start_on, is_required=False, is_plan=True)
    problems.date(f"{prefix}planned_end_on", draft.planned_end_on, is_required=False, is_plan=True)
    _check_order(problems, draft, f"{prefix}planned_end_on", "planned_start_on", "planned_end_on")
    _check_money(problems, f"{prefix}cost_planned_eur", draft.cost_planned_eur)


def check_report(problems: Problems, draft: ReportDraft) -> None:
    """What is wrong with what is said to have happened."""
    for name in ("actual_start_on", "actual_end_on", "blocked_since_on", "blocked_until_on"):
        problems.date(name, getattr(draft, name), is_required=False)
    problems.code("blocker", draft.blocker, codes.DEMOLITION_BLOCKERS)
    if draft.blocker is None and (draft.blocked_since_on or draft.blocked_until_on):
        problems.add("blocker", "required")
    if draft.blocked_since_on is None and (draft.blocker or draft.blocked_until_on):
        problems.add("blocked_since_on", "required")
    _check_order(problems, draft, "actual_end_on", "actual_start_on", "actual_end_on")
    _check_order(problems, draft, "blocked_until_on", "blocked_since_on", "blocked_until_on")
    _check_money(problems, "cost_actual_eur", draft.cost_actual_eur)


def _check_order(problems: Problems, draft: object, name: str, start: str, end: str) -> None:
    first_on, last_on = getattr(draft, start), getattr(draft, end)
    if first_on is not None and last_on is not None and last_on < first_on:
        problems.add(name, "before_start")


def _check_money(problems: Problems, name: str, value: float | None) -> None:
    # Written so that "not a number" is refused, too.
    if value is not None and not 0 <= value <= MOST_EUR:
        problems.add(name, "out_of_range")
