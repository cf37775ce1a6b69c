"""Forecasts of demolition projects: by own examples, never in the past, the longest of what runs side by side."""

from itertools import product
from statistics import quantiles

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.codes import DEMOLITION_STAGES
from geodata.demolitions import Project
from geodata.projects.forecast import BLOCKS, RUNS, draw, forecast, stage_durations
from tests.factories.project_cases import AS_OF, any_projects, day, project, stage

DONE = -2_000


def history(**lengths: tuple[int, ...]) -> list[Project]:
    """Completed projects long ago, one for each example of a stage, of so many days."""
    return [
        project(stage(code, DONE, DONE + days), number=1_000 + at)
        for code, examples in lengths.items()
        for at, days in enumerate(examples)
    ]


def test_blocks_hold_every_stage_once_in_the_usual_order() -> None:
    assert tuple(code for block in BLOCKS for code in block) == DEMOLITION_STAGES


def test_a_stage_takes_as_long_as_the_own_examples_and_the_plans_where_there_are_too_few() -> None:
    few = project(stage("gutting", DONE, DONE + 70, planned=(DONE, DONE + 40)), number=3)
    found = stage_durations([*history(demolition=(30, 40, 60)), few], AS_OF)
    demolition, gutting = found["demolition"], found["gutting"]
    assert (demolition.n, demolition.median_days, demolition.is_own) == (3, 40, True)
    assert (demolition.lower_days, demolition.upper_days) == (30, 60)
    assert (gutting.n, gutting.median_days, gutting.is_own) == (1, 40, False)
    assert "reuse" not in found


def test_what_still_runs_counts_as_at_least_so_long() -> None:
    past = history(demolition=(10, 20, 30))
    running = project(stage("demolition", -25), number=7)
    found = stage_durations([*past, running], AS_OF)["demolition"]
    # By hand: 4 at risk at day 10, 3 at day 20, 1 at day 30, for one of them still runs after 25.
    assert (found.n, found.open_lengths, found.lengths.days.tolist()) == (3, (25,), [10, 20, 30])
    assert found.lengths.shares.tolist() == pytest.approx([0.25, 0.25, 0.5])
    # A quarter outlasts the longest, which still runs; beyond it is reckoned as if it began anew.
    longest = stage_durations([*past, project(stage("demolition", -40), number=7)], AS_OF)["demolition"]
    assert longest.lengths.days.tolist()[:6] == [10, 20, 30, 50, 60, 70]
    assert longest.lengths.shares.tolist()[:4] == pytest.approx([0.25, 0.25, 0.25, 0.0625], rel=0.02)
    assert (longest.median_days, longest.upper_days) == (20, 50)
    given_up = project(stage("demolition", -40), number=7, outcome="given_up")
    assert stage_durations([*past, given_up], AS_OF)["demolition"].open_lengths == ()


def test_waiting_counts_to_what_was_waited_for_and_overlap_once() -> None:
    waited = project(stage("decision", DONE, DONE + 10), stage("demolition", DONE + 50, DONE + 80))
    early = project(stage("decision", DONE, DONE + 10), stage("demolition", DONE + 5, DONE + 30))
    planned_late = project(
        stage("decision", DONE, DONE + 10), stage("demolition", DONE + 50, DONE + 80, planned=(DONE + 45, 0))
    )
    found = stage_durations([waited, early, planned_late], AS_OF)["demolition"]
    assert found.examples == (20, 35, 70)


def test_where_the_decision_is_no_stage_the_project_began_with_it() -> None:
    past = [
        project(stage("demolition", None, ended), number=ended, decided_on=day(-200)) for ended in (-150, -100, -90)
    ]
    assert stage_durations(past, AS_OF)["demolition"].examples == (50, 100, 110)
    # Of those that wait since the same day only what lasted longer counts: 70 days have gone.
    found = forecast(project(stage("demolition"), decided_on=day(-70)), stage_durations(past, AS_OF), AS_OF)
    assert found is not None
    assert found.demolished_on == (day(30), day(35), day(40))


def test_lengths_of_done_stages_add_up_to_the_project() -> None:
    stages = [stage(code, DONE + 7 * at, DONE + 7 * at + 30 - at) for at, code in enumerate(DEMOLITION_STAGES)]
    serial = [one for one in stages if sum(one.code in block for block in BLOCKS if len(block) == 1)]
    found = stage_durations([project(*serial)] * 3, AS_OF)
    total = sum(one.examples[0] for one in found.values())
    assert total == (serial[-1].actual_end_on - serial[0].actual_start_on).days  # type: ignore[operator]


def test_remaining_stages_follow_and_the_longest_of_a_block_counts() -> None:
    past = history(species_protection=(10, 10, 10), pollutant_survey=(40, 40, 40), demolition=(50, 50, 50))
    running = project(stage("species_protection"), stage("pollutant_survey"), stage("demolition"))
    found = forecast(running, stage_durations(past, AS_OF), AS_OF)
    assert found is not None
    assert found.demolished_on == found.completed_on == (day(90), day(90), day(90))
    assert (found.method, found.stages_without_history, found.is_open_ended) == ("own_durations", (), False)


def test_what_runs_has_used_up_its_days() -> None:
    durations = stage_durations(history(demolition=(30, 50, 70, 90)), AS_OF)
    fresh = forecast(project(stage("demolition", 0)), durations, AS_OF)
    begun = forecast(project(stage("demolition", -60)), durations, AS_OF)
    outlasted = forecast(project(stage("demolition", -91)), durations, AS_OF)
    assert fresh is not None
    assert begun is not None
    assert outlasted is not None
    assert fresh.demolished_on == (day(30), day(60), day(90))
    # Only the examples of 70 and 90 days lasted longer than 60: 10 and 30 days are left.
    assert begun.demolished_on == (day(10), day(20), day(30))
    # Nobody knows how long it goes on, so it is reckoned as if it began now.
    assert (outlasted.demolished_on, outlasted.is_open_ended) == (fresh.demolished_on, True)


def test_a_clock_stands_still_while_something_holds_a_project_up() -> None:
    durations = stage_durations(history(vacating=(100, 100, 100)), AS_OF)
    held_up = stage("vacating", -80, blocker="court_stop", blocked_since_on=-70)
    found = forecast(project(held_up), durations, AS_OF)
    assert found is not None
    assert (found.completed_on, found.is_open_ended) == ((day(90),) * 3, True)


def test_nothing_begins_before_its_planned_start() -> None:
    durations = stage_durations(history(decision=(5, 5, 5), demolition=(20, 20, 20)), AS_OF)
    found = forecast(project(stage("decision", 0), stage("demolition", planned=(200, 230))), durations, AS_OF)
    waiting = forecast(project(stage("demolition", planned=(200, 230))), durations, AS_OF)
    assert found is not None
    assert waiting is not None
    assert found.demolished_on == waiting.demolished_on == (day(220),) * 3


def test_too_few_examples_take_the_plan_and_say_so() -> None:
    durations = stage_durations(history(demolition=(20, 20)), AS_OF)
    found = forecast(
        project(stage("decision", 0, planned=(0, 9)), stage("demolition", planned=(9, 40))), durations, AS_OF
    )
    assert found is not None
    assert found.demolished_on == (day(40),) * 3
    assert (found.method, found.stages_without_history) == ("plan", ("decision", "demolition"))


def test_without_examples_and_plan_there_is_no_forecast_of_what_follows() -> None:
    durations = stage_durations(history(demolition=(20, 20, 20)), AS_OF)
    assert forecast(project(stage("vacating", 0)), durations, AS_OF) is None
    found = forecast(project(stage("demolition", 0), stage("reuse")), durations, AS_OF)
    assert found is not None
    assert (found.demolished_on, found.completed_on) == ((day(20),) * 3, None)


def test_a_stage_that_nobody_recorded_holds_nothing_up() -> None:
    durations = stage_durations(history(vacating=(400, 400, 400), demolition=(20, 20, 20)), AS_OF)
    found = forecast(project(stage("vacating"), stage("demolition", 0)), durations, AS_OF)
    assert found is not None
    assert found.completed_on == (day(20),) * 3


def test_only_what_runs_has_a_forecast() -> None:
    durations = stage_durations(history(demolition=(20, 20, 20)), AS_OF)
    assert forecast(project(stage("demolition", -30, -10)), durations, AS_OF) is None
    assert forecast(project(stage("demolition"), outcome="renovated"), durations, AS_OF) is None


lengths = st.lists(st.integers(1, 300), min_size=3, max_size=6).map(tuple)


@settings(deadline=None)
@given(lengths, lengths, lengths, st.integers(0, 200))
def test_the_runs_agree_with_all_combinations(
    vacating: tuple[int, ...], survey: tuple[int, ...], demolition: tuple[int, ...], has_run: int
) -> None:
    """Brute force: every combination of examples, each as likely; conditional for what has run, longest of a block."""
    past = history(vacating=vacating, pollutant_survey=survey, species_protection=survey[:3], demolition=demolition)
    running = project(
        stage("vacating", -has_run), stage("species_protection"), stage("pollutant_survey"), stage("demolition")
    )
    drawn = draw(running, stage_durations(past, AS_OF), AS_OF)
    left = [one - has_run for one in vacating if one > has_run] or vacating
    every = sorted(a + max(b, c) + d for a, b, c, d in product(left, survey[:3], survey, demolition))
    assert drawn is not None
    assert drawn.completed is not None
    assert drawn.completed.min() >= every[0]
    assert drawn.completed.max() <= every[-1]
    # The share of runs up to a day is that of the combinations, but for the chance of a draw of 500.
    for cut in quantiles(every, n=5):
        share = sum(one <= cut for one in every) / len(every)
        assert abs((drawn.completed <= cut).mean() - share) < 0.1


@settings(deadline=None, max_examples=30)
@given(any_projects)
def test_no_forecast_lies_in_the_past_or_out_of_order_or_depends_on_others(projects: list[Project]) -> None:
    durations = stage_durations(projects, AS_OF)
    for one in projects:
        found = forecast(one, durations, AS_OF)
        if one.status != "running":
            assert found is None
        if found is None:
            continue
        assert found == forecast(one, durations, AS_OF)
        for band in (found.demolished_on, found.completed_on):
            assert band is None or band[0] <= band[1] <= band[2]
        if one.demolished_on is None and found.demolished_on is not None:
            assert found.demolished_on[0] > AS_OF
            if found.completed_on is not None:
                assert all(down <= done for down, done in zip(found.demolished_on, found.completed_on, strict=True))
        assert found.completed_on is None or found.completed_on[0] > AS_OF
        assert found.is_open_ended or not one.is_blocked


@settings(deadline=None, max_examples=30)
@given(lengths, st.integers(1, 200))
def test_longer_examples_make_it_no_earlier(examples: tuple[int, ...], longer: int) -> None:
    drawn = []
    for more in (0, longer):
        past = history(demolition=tuple(one + more for one in examples))
        found = draw(project(stage("demolition", 0)), stage_durations(past, AS_OF), AS_OF)
        assert found is not None
        assert found.completed is not None
        drawn.append(sorted(found.completed))
    assert len(drawn[0]) == RUNS
    assert [one + longer for one in drawn[0]] == drawn[1]
