"""The course of projects: planned, actual and forecast join, never fall, and end where the other figures do."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.demolition_figures import summarise
from geodata.demolitions import Project
from geodata.projects.course import Measure, ProjectPoint, course
from geodata.projects.delays import lost_days, why_late
from geodata.projects.forecast import BLOCKS, forecast, stage_durations
from geodata.projects.programmes import cost_ratio, read_programmes, sum_up
from tests.factories.project_cases import AS_OF, any_projects, day, project, stage

MEASURES: tuple[Measure, ...] = ("demolished", "progress", "cost")
measures = st.sampled_from(MEASURES)
JANUARY = date(2026, 1, 31)


def told() -> list[Project]:
    """Four houses: one is down late, one runs, one is held up, one is renovated instead."""
    return [
        project(
            stage("decision", -400, -380, planned=(-400, -390), cost_planned_eur=1_000.0, cost_actual_eur=1_000.0),
            stage("demolition", -200, -150, planned=(-300, -250), cost_planned_eur=9_000.0, cost_actual_eur=14_000.0),
            number=1,
            programme="Nord",
        ),
        project(
            stage("decision", -100, -80, planned=(-100, -90), cost_planned_eur=1_000.0, cost_actual_eur=1_500.0),
            stage("demolition", -20, planned=(-60, 30), cost_planned_eur=10_000.0),
            number=2,
            programme="Nord",
        ),
        project(
            stage("decision", -50, blocker="court_stop", blocked_since_on=-30, planned=(-50, -40)),
            stage("demolition", planned=(-10, 40)),
            number=3,
        ),
        project(
            stage("decision", -90, -60, cost_planned_eur=500.0, cost_actual_eur=400.0),
            stage("demolition", planned=(0, 60), cost_planned_eur=90_000.0),
            number=4,
            programme="Nord",
            outcome="renovated",
        ),
    ]


def drawn(projects: Sequence[Project], measure: Measure = "demolished") -> tuple[ProjectPoint, ...]:
    return course(projects, stage_durations(projects, AS_OF), AS_OF, measure=measure)


def at(points: Sequence[ProjectPoint], on: date) -> ProjectPoint:
    return max((one for one in points if one.on <= on), key=lambda one: one.on)


def test_buildings_that_come_down_month_by_month() -> None:
    points = drawn(told())
    assert at(points, day(-250)).planned == 0
    # Planned for March and pulled down in June.
    assert [(one.planned, one.actual) for one in points if date(2026, 3, 1) <= one.on < date(2026, 7, 1)] == [
        (1, 0), (1, 0), (1, 0), (1, 1),
    ]  # fmt: skip
    now = at(points, AS_OF)
    assert (now.on, now.actual, now.forecast, now.lower, now.upper) == (AS_OF, 1, 1, 1, 1)
    last = points[-1]
    assert (last.planned, last.actual, last.forecast, last.upper) == (3, None, 3, 3)


def test_money_ends_at_the_cost_at_completion() -> None:
    projects = told()
    [north, rest] = read_programmes(projects)
    assert (north.programme, north.projects, north.done, north.renovated, north.running) == ("Nord", 3, 1, 1, 1)
    assert (north.cost_planned_eur, north.cost_actual_eur) == (21_500, 16_900)
    # 16,900 spent for 11,500 planned, so 10,000 that are still open become 14,696.
    assert north.cost_ratio == pytest.approx(16_900 / 11_500)
    assert north.cost_forecast_eur == pytest.approx(16_900 + 10_000 * 16_900 / 11_500)
    assert (rest.cost_ratio, rest.cost_ratio_stages, rest.stages_without_cost, rest.blocked) == (None, 0, 2, 1)
    last = drawn(projects, "cost")[-1]
    assert last.forecast == pytest.approx(sum_up(projects).cost_forecast_eur)
    assert last.lower is not None
    assert last.upper is not None
    assert last.lower <= last.forecast < last.upper


def test_with_few_bills_the_plan_holds_and_it_is_said() -> None:
    projects = told()[1:3]
    assert (cost_ratio(projects).ratio, cost_ratio(projects).stages) == (None, 1)
    assert sum_up(projects).cost_forecast_eur == 1_500 + 10_000


def test_an_outcome_is_neither_late_nor_a_backlog() -> None:
    gone = told()[3]
    found = sum_up([gone])
    assert (found.ended, found.late, found.blocked, found.running, found.progress) == (1, 0, 0, 0, None)
    assert drawn([gone]) == ()
    assert [one.planned for one in drawn([gone], "cost")][-1] == 0  # it was done without a planned day


def test_which_stage_lost_the_days_and_what_held_them_up() -> None:
    late = project(
        stage("decision", -400, -380, planned=(-400, -390)),
        stage("vacating", -300, -200, planned=(-380, -270), blocker="replacement_housing", blocked_since_on=-290,
              blocked_until_on=-230),
        stage("demolition", -150, -120, planned=(-200, -150)),
        stage("reuse", -100, planned=(-100, -50), blocker="weather", blocked_since_on=-20),
    )  # fmt: skip
    assert lost_days(late, AS_OF) == {"decision": 10, "vacating": 60, "demolition": -40, "reuse": 20}
    assert sum(lost_days(late, AS_OF).values()) == late.slip_days
    found = why_late([late, *told()], AS_OF)
    assert [(one.stage, one.days_lost, one.projects) for one in found.by_stage][:2] == [
        ("demolition", 90, 1),
        ("decision", 70, 4),
    ]
    blockers = {one.blocker: one for one in found.by_blocker}
    assert (blockers["court_stop"].projects, blockers["court_stop"].days_longest) == (1, 30)
    assert (blockers["weather"].days, blockers["weather"].past_days) == (20, 0)
    assert (blockers["replacement_housing"].projects, blockers["replacement_housing"].past_days) == (0, 60)


@settings(deadline=None, max_examples=30)
@given(any_projects, measures)
def test_lines_join_and_never_fall(projects: list[Project], measure: Measure) -> None:
    points = drawn(projects, measure)
    assert [one.on for one in points] == sorted({one.on for one in points})
    for before, after in pairwise(points):
        assert before.planned <= after.planned + 1e-9
        assert after.actual is None or (before.actual or 0) <= after.actual + 1e-9
        assert before.forecast is None or before.forecast <= (after.forecast or 0) + 1e-6
    for one in points:
        assert (one.actual is None) is (one.on > AS_OF)
        assert (one.forecast is None) is (one.on < AS_OF)
        if one.forecast is not None:
            assert one.lower is not None
            assert one.upper is not None
            assert one.lower <= one.forecast + 1e-6
            assert one.forecast <= one.upper + 1e-6
    if points:
        [now] = [one for one in points if one.on == AS_OF]
        assert now.actual == now.forecast == now.lower == now.upper


@settings(deadline=None, max_examples=30)
@given(any_projects)
def test_the_course_ends_where_figures_and_single_forecasts_do(projects: list[Project]) -> None:
    figures = summarise(projects)
    durations = stage_durations(projects, AS_OF)
    now = {measure: at(points, AS_OF) for measure in MEASURES if (points := drawn(projects, measure))}
    if "demolished" in now:
        assert now["demolished"].actual == figures["projects_demolished"]
    if "progress" in now:
        assert now["progress"].actual == pytest.approx(sum_up(projects).progress or 0)
        assert round(100 * (now["progress"].actual or 0), 1) == pytest.approx(
            figures["demolition_progress"] or 0, abs=0.11
        )
    ahead = [forecast(one, durations, AS_OF) for one in projects if one.demolished_on is None]
    if "demolished" in now:
        expected = sum(one is not None and one.demolished_on is not None for one in ahead)
        horizon = drawn(projects)[-1]
        assert (horizon.upper or 0) - (now["demolished"].actual or 0) <= expected


@settings(deadline=None, max_examples=30)
@given(any_projects)
def test_programmes_add_up_to_the_whole(projects: list[Project]) -> None:
    whole, parts = sum_up(projects), read_programmes(projects)
    for name in ("projects", "demolished", "done", "ended", "running", "late", "blocked"):
        assert sum(getattr(one, name) for one in parts) == getattr(whole, name)
    assert whole.ended == whole.given_up + whole.renovated
    assert whole.projects == whole.done + whole.ended + whole.running
    shares = [one.progress for one in projects if one.status != "ended"]
    assert whole.progress == (pytest.approx(fmean(shares)) if shares else None)
    assert whole.cost_forecast_eur >= whole.cost_actual_eur - 1e-6


@settings(deadline=None, max_examples=40)
@given(any_projects)
def test_days_lost_in_single_file_add_up_to_the_slip(projects: list[Project]) -> None:
    side_by_side = {code for block in BLOCKS if len(block) > 1 for code in block}
    for one in projects:
        lost = lost_days(one, AS_OF)
        counted = [each for each in one.stages if each.code in lost]
        assert all(each.is_required and each.planned_end_on for each in counted)
        if counted and not side_by_side & set(lost):
            assert sum(lost.values()) == counted[-1].slip_days(AS_OF)
