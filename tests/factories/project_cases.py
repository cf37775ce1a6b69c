"""Demolition projects as they are read, put together from stages without a database."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from geodata import progress
from geodata.codes import DEMOLITION_BLOCKERS, DEMOLITION_STAGES
from geodata.demolitions import Project
from geodata.progress import Stage

AS_OF = date(2026, 11, 15)


def day(number: int) -> date:
    """So many days after the as-of date."""
    return AS_OF + timedelta(days=number)


def stage(code: str, begun: int | None = None, ended: int | None = None, **more: Any) -> Stage:
    """A stage of weight 1; days of what really happened, and of the plan as `planned=(start, end)`, from the as-of."""
    start, end = more.pop("planned", (None, None))
    held = {name: day(more.pop(name)) for name in ("blocked_since_on", "blocked_until_on") if name in more}
    return Stage(
        code,
        more.pop("weight", 1.0),
        planned_start_on=None if start is None else day(start),
        planned_end_on=None if end is None else day(end),
        actual_start_on=None if begun is None else day(begun),
        actual_end_on=None if ended is None else day(ended),
        **held,
        **more,
    )


def project(*stages: Stage, number: int = 1, as_of: date = AS_OF, outcome: str | None = None, **more: Any) -> Project:
    """A project with these stages as it stands on a date, by the published rules."""
    known = tuple(progress.known_at(one, as_of) for one in stages)
    is_ended = outcome is not None
    blocked = None if is_ended else progress.blocked_stage(known, as_of)
    values: dict[str, Any] = {
        "property_id": number,
        "key": f"RB-{number}",
        "address": f"Beispielweg {number}",
        "programme": None,
        "decided_on": None,
        "released_to": None,
        "outcome": outcome,
        "ended_on": as_of if is_ended else None,
        "stages": known,
        "current_stage": None if is_ended else progress.current_stage(known, as_of),
        "progress": progress.progress(known, as_of),
        "demolished_on": progress.demolished_on(known, as_of),
        "planned_demolition_on": None,
        "slip_days": None if is_ended else progress.slip_days(known, as_of),
        "blocker": blocked.blocker if blocked else None,
        "blocked_since_on": blocked.blocked_since_on if blocked else None,
        "area_ids": (),
        "status": progress.status(known, as_of, is_ended=is_ended),
        "phase": progress.phase(known, as_of, is_ended=is_ended),
    }
    return Project(**{**values, **more})


_days = st.none() | st.integers(-900, 900).map(day)
_costs = st.none() | st.integers(0, 90_000).map(float)
_stages = st.lists(
    st.builds(
        Stage,
        code=st.sampled_from(DEMOLITION_STAGES),
        weight=st.floats(0.5, 20),
        is_required=st.sampled_from((True, True, True, False)),
        planned_start_on=_days,
        planned_end_on=_days,
        actual_start_on=_days,
        actual_end_on=_days,
        cost_planned_eur=_costs,
        cost_actual_eur=_costs,
        blocker=st.none() | st.sampled_from(DEMOLITION_BLOCKERS),
        blocked_since_on=_days,
        blocked_until_on=_days,
    ),
    unique_by=lambda one: one.code,
    min_size=1,
    max_size=7,
).map(lambda stages: sorted(stages, key=lambda one: DEMOLITION_STAGES.index(one.code)))
_outcomes = st.sampled_from((None, None, None, None, "given_up", "renovated"))


def _numbered(drawn: Sequence[tuple[Sequence[Stage], str | None]]) -> list[Project]:
    return [project(*stages, number=at, outcome=outcome) for at, (stages, outcome) in enumerate(drawn, start=1)]


# Anything that could stand in files: reversed days, missing dates, stages left out.
any_projects = st.lists(st.tuples(_stages, _outcomes), max_size=6).map(_numbered)
