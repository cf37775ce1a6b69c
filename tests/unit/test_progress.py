"""The published rules of demolition projects: progress, current stage, slip, phase."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import progress
from geodata.codes import DEMOLITION_BLOCKERS, DEMOLITION_STAGES
from geodata.progress import Stage

AS_OF = date(2026, 11, 15)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
maybe_days = st.none() | days
projects = st.lists(
    st.builds(
        Stage,
        code=st.sampled_from(DEMOLITION_STAGES),
        weight=st.floats(0.01, 100),
        is_required=st.booleans(),
        planned_end_on=maybe_days,
        actual_start_on=maybe_days,
        actual_end_on=maybe_days,
        blocker=st.none() | st.sampled_from(DEMOLITION_BLOCKERS),
        blocked_since_on=maybe_days,
    ),
    unique_by=lambda stage: stage.code,
    max_size=8,
).map(lambda stages: sorted(stages, key=lambda stage: DEMOLITION_STAGES.index(stage.code)))


def done(code: str, on: date = AS_OF, *, planned: date | None = None, weight: float = 1.0) -> Stage:
    return Stage(code, weight, planned_end_on=planned, actual_end_on=on)


@given(projects, days)
def test_progress_is_a_share(stages: list[Stage], as_of: date) -> None:
    assert 0 <= progress.progress(stages, as_of) <= 1


@given(projects, days, st.integers(0, 400))
def test_progress_never_falls_with_time(stages: list[Stage], as_of: date, later: int) -> None:
    assert progress.progress(stages, as_of) <= progress.progress(stages, as_of + timedelta(days=later))


@given(projects, days)
def test_what_is_not_required_changes_neither_progress_nor_slip_nor_stage(stages: list[Stage], as_of: date) -> None:
    required = [stage for stage in stages if stage.is_required]
    for rule in (progress.progress, progress.slip_days, progress.current_stage, progress.blocked_stage):
        assert rule(stages, as_of) == rule(required, as_of)


@given(projects, days)
def test_a_project_without_a_current_stage_is_complete_or_asks_for_nothing(stages: list[Stage], as_of: date) -> None:
    is_open = any(stage.is_required and not stage.is_done(as_of) for stage in stages)
    assert (progress.current_stage(stages, as_of) is not None) is is_open
    is_done = progress.status(stages, as_of, is_ended=False) == "done"
    assert is_done is (not is_open and any(stage.is_required for stage in stages))


@given(projects, days)
def test_what_is_known_at_a_date_answers_as_the_whole_does(stages: list[Stage], as_of: date) -> None:
    known = [progress.known_at(stage, as_of) for stage in stages]
    for rule in (progress.progress, progress.slip_days, progress.current_stage, progress.demolished_on):
        assert rule(known, as_of) == rule(stages, as_of)
    assert all(day is None or day <= as_of for stage in known for day in (stage.actual_start_on, stage.actual_end_on))
    assert progress.phase(known, as_of, is_ended=False) == progress.phase(stages, as_of, is_ended=False)


@given(projects, days)
def test_a_stage_is_done_on_its_last_day_and_not_before(stages: list[Stage], as_of: date) -> None:
    for stage in stages:
        if stage.actual_end_on is not None:
            assert stage.is_done(stage.actual_end_on)
            assert not stage.is_done(stage.actual_end_on - timedelta(days=1))


def test_weights_decide_and_not_the_number_of_stages() -> None:
    stages = [done("decision", weight=2), Stage("demolition", 25), Stage("gable_wall", 4, is_required=False)]
    assert progress.progress(stages, AS_OF) == pytest.approx(2 / 27)
    assert progress.progress([], AS_OF) == 0


def test_the_current_stage_is_the_furthest_that_was_begun() -> None:
    begun = Stage("gutting", 1, actual_start_on=AS_OF)
    stages = [Stage("decision", 1), Stage("vacating", 1, actual_start_on=AS_OF), begun, Stage("demolition", 1)]
    assert progress.current_stage(stages, AS_OF) == "gutting"


def test_an_early_stage_that_a_list_lacks_does_not_hold_the_project_back() -> None:
    stages = [Stage("decision", 1), done("vacating"), Stage("demolition", 1)]
    assert progress.current_stage(stages, AS_OF) == "demolition"
    assert progress.current_stage([Stage("decision", 1), done("demolition")], AS_OF) == "decision"


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([Stage("demolition", 1)], None),
        ([Stage("demolition", 1, planned_end_on=AS_OF)], 0),
        ([Stage("demolition", 1, planned_end_on=AS_OF - timedelta(days=3))], 3),
        ([done("decision", planned=AS_OF + timedelta(days=9))], -9),
        ([done("decision", planned=AS_OF - timedelta(days=50)), Stage("reuse", 1, planned_end_on=AS_OF)], 50),
        ([done("decision", planned=AS_OF - timedelta(days=50)), done("vacating", planned=AS_OF)], 0),
        ([Stage("demolition", 1, is_required=False, planned_end_on=AS_OF - timedelta(days=3))], None),
    ],
)
def test_slip_in_days_against_the_plan(stages: list[Stage], expected: int | None) -> None:
    assert progress.slip_days(stages, AS_OF) == expected


def test_an_open_stage_slips_by_a_day_each_day() -> None:
    stages = [Stage("demolition", 1, planned_end_on=AS_OF)]
    assert [progress.slip_days(stages, AS_OF + timedelta(days=day)) for day in range(3)] == [0, 1, 2]


def test_the_blocker_of_the_current_stage_comes_before_others() -> None:
    waiting = Stage("acquisition", 1, blocker="acquisition_open")
    stopped = Stage("vacating", 1, actual_start_on=AS_OF, blocker="court_stop", blocked_since_on=AS_OF)
    assert progress.blocked_stage([waiting, stopped], AS_OF) == stopped
    assert progress.blocked_stage([waiting, stopped], AS_OF - timedelta(days=1)) == waiting
    assert progress.blocked_stage([Stage("vacating", 1, actual_end_on=AS_OF, blocker="court_stop")], AS_OF) is None


@pytest.mark.parametrize(
    ("stages", "is_ended", "expected"),
    [
        ([Stage("vacating", 1)], False, "preparing"),
        ([done("vacating"), Stage("tender_and_award", 1)], False, "approvals"),
        ([done("tender_and_award"), Stage("demolition", 1)], False, "site_works"),
        ([done("demolition"), Stage("reuse", 1)], False, "demolished"),
        ([done("demolition")], True, "demolished"),
        ([Stage("vacating", 1)], True, "given_up"),
    ],
)
def test_the_phase_for_the_map(stages: list[Stage], is_ended: bool, expected: str) -> None:
    assert progress.phase(stages, AS_OF, is_ended=is_ended) == expected
