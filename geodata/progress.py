"""How far a demolition project is: the published rules of progress, current stage and slip, pure, without a database.

- A project has the stages that its plan or what happened names; a stage that neither names does not belong to it.
- Progress = sum of the weights of the completed stages / sum of the weights of the required ones. A stage that is not
  required leaves both sums. Weights are data (`demolition_stage_kind`).
- A stage is done when its actual end is not later than the as-of date, which counts to its end.
- Slip is measured in days against the plan: positive = late, negative = early, None = the plan says no date.

All dates are calendar dates in Europe/Berlin; the as-of date is always an argument.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

Phase = Literal["preparing", "approvals", "site_works", "demolished", "given_up"]
Status = Literal["running", "done", "ended"]

DEMOLITION: Final = "demolition"
# The rising phases of a running project, as a map can tell them apart, by the stage that it is in.
PHASES: Final[tuple[Phase, ...]] = ("preparing", "approvals", "site_works", "demolished", "given_up")
_PREPARING: Final = frozenset({"decision", "acquisition", "vacating"})
_APPROVALS: Final = frozenset(
    {"species_protection", "heritage_and_explosives", "pollutant_survey", "demolition_notice", "tender_and_award"}
)


@dataclass(frozen=True)
class Stage:
    """One stage of a project, its plan beside what really happened; `weight` is its share in the progress.

    `blocker` holds it up from `blocked_since_on` until before `blocked_until_on`; what held it up and is over by the
    as-of date stands in `past_blocker` with both days (`known_at`).
    """

    code: str
    weight: float
    is_required: bool = True
    planned_start_on: date | None = None
    planned_end_on: date | None = None
    actual_start_on: date | None = None
    actual_end_on: date | None = None
    cost_planned_eur: float | None = None
    cost_actual_eur: float | None = None
    blocker: str | None = None
    blocked_since_on: date | None = None
    blocked_until_on: date | None = None
    past_blocker: str | None = None

    def is_done(self, as_of: date) -> bool:
        """Whether the stage was completed by the as-of date."""
        return self.actual_end_on is not None and self.actual_end_on <= as_of

    def is_started(self, as_of: date) -> bool:
        """Whether the stage was begun by the as-of date; a completed one was."""
        return self.is_done(as_of) or (self.actual_start_on is not None and self.actual_start_on <= as_of)

    def slip_days(self, as_of: date) -> int | None:
        """Days behind the plan: actual end - planned end, for an open stage the days since its planned end, or 0."""
        if self.planned_end_on is None or not self.is_required:
            return None
        if self.actual_end_on is not None and self.actual_end_on <= as_of:
            return (self.actual_end_on - self.planned_end_on).days
        return max(0, (as_of - self.planned_end_on).days)

    def blocker_at(self, as_of: date) -> str | None:
        """What holds the stage up on the as-of date; what is done or not required is held up by nothing."""
        is_later = self.blocked_since_on is not None and self.blocked_since_on > as_of
        is_over = self.blocked_until_on is not None and self.blocked_until_on <= as_of
        return None if self.is_done(as_of) or not self.is_required or is_later or is_over else self.blocker


def known_at(stage: Stage, as_of: date) -> Stage:
    """The stage as it stood on the as-of date: what really happened later is left out, plans stay.

    A cost belongs to what was begun: it stays only where a start or an end does, or where neither was ever dated.
    """
    started_on, ended_on = _until(stage.actual_start_on, as_of), _until(stage.actual_end_on, as_of)
    if (started_on, ended_on, stage.blocker) == (stage.actual_start_on, stage.actual_end_on, None):
        return stage  # the usual case, and a copy of each of 50,000 stages takes its time
    is_later = (stage.actual_start_on, stage.actual_end_on) != (None, None) and (started_on, ended_on) == (None, None)
    blocker = stage.blocker_at(as_of)
    past_blocker = stage.blocker if blocker is None and _was_blocked(stage, as_of) else None
    is_known = blocker is not None or past_blocker is not None
    return replace(
        stage,
        actual_start_on=started_on,
        actual_end_on=ended_on,
        cost_actual_eur=None if is_later else stage.cost_actual_eur,
        blocker=blocker,
        blocked_since_on=stage.blocked_since_on if is_known else None,
        # What was done was held up no longer than until its end, even where nobody said when it went on.
        blocked_until_on=None if past_blocker is None else _first(stage.blocked_until_on, ended_on),
        past_blocker=past_blocker,
    )


def progress(stages: Iterable[Stage], as_of: date) -> float:
    """Sum of the weights of completed stages / sum of those of required ones, 0 to 1; 0 where none is required."""
    required = [stage for stage in stages if stage.is_required]
    total = sum(stage.weight for stage in required)
    return sum(stage.weight for stage in required if stage.is_done(as_of)) / total if total else 0.0


def current_stage(stages: Sequence[Stage], as_of: date) -> str | None:
    """The required stage in which a project is; None = all are done, or none is required.

    `stages` stand in their usual order. The furthest one that was begun and is not done; else the first open one after
    the furthest one that is done, because a list often lacks an early stage; else the first open one.
    """
    required = [stage for stage in stages if stage.is_required]
    open_ = [stage for stage in required if not stage.is_done(as_of)]
    begun = [stage for stage in open_ if stage.is_started(as_of)]
    if begun:
        return begun[-1].code
    last_done = max((at for at, stage in enumerate(required) if stage.is_done(as_of)), default=-1)
    following = [stage for stage in required[last_done + 1 :] if not stage.is_done(as_of)]
    return next((stage.code for stage in (*following, *open_)), None)


def blocked_stage(stages: Sequence[Stage], as_of: date) -> Stage | None:
    """The stage that holds a project up: the current one if it is blocked, else the first blocked one."""
    blocked = [stage for stage in stages if stage.blocker_at(as_of) is not None]
    current = current_stage(stages, as_of)
    return next((stage for stage in blocked if stage.code == current), blocked[0] if blocked else None)


def slip_days(stages: Sequence[Stage], as_of: date) -> int | None:
    """Days by which a project is behind its plan; None where no required stage has a planned end.

    The larger of two: the slip of the furthest required stage that is done, and the days by which an open one has
    passed its planned end. So a project that is ahead stays ahead until an open stage is late.
    """
    planned = [stage for stage in stages if stage.is_required and stage.planned_end_on is not None]
    if not planned:
        return None
    done = [stage.slip_days(as_of) for stage in planned if stage.is_done(as_of)]
    late = [days for stage in planned if not stage.is_done(as_of) and (days := stage.slip_days(as_of))]
    candidates = [days for days in (*done[-1:], *late) if days is not None]
    return max(candidates, default=0)


def demolished_on(stages: Iterable[Stage], as_of: date) -> date | None:
    """The day on which the demolition itself was done by the as-of date."""
    return next((stage.actual_end_on for stage in stages if stage.code == DEMOLITION and stage.is_done(as_of)), None)


def status(stages: Iterable[Stage], as_of: date, *, is_ended: bool) -> Status:
    """`ended` = given up or renovated instead, `done` = all required stages are completed, else `running`."""
    if is_ended:
        return "ended"
    required = [stage for stage in stages if stage.is_required]
    return "done" if required and all(stage.is_done(as_of) for stage in required) else "running"


def phase(stages: Sequence[Stage], as_of: date, *, is_ended: bool) -> Phase:
    """The phase for the map; demolished = the building is down, whatever is still to be done on the site."""
    if demolished_on(stages, as_of) is not None:
        return "demolished"
    if is_ended:
        return "given_up"
    current = current_stage(stages, as_of)
    if current is None or current in _PREPARING:
        return "preparing"
    return "approvals" if current in _APPROVALS else "site_works"


def _was_blocked(stage: Stage, as_of: date) -> bool:
    """Whether something held the stage up that is over by the as-of date, with both days known."""
    until_on = _first(stage.blocked_until_on, _until(stage.actual_end_on, as_of))
    since_on = stage.blocked_since_on
    return stage.is_required and since_on is not None and until_on is not None and since_on <= until_on <= as_of


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _until(day: date | None, as_of: date) -> date | None:
    return day if day is not None and day <= as_of else None
