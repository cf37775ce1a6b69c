"""The invented demolition projects agree with the lives of their properties and show the troubles that a city knows."""

from collections import Counter
from datetime import date

import pytest

from etl.demo.casebook import Casebook, open_casebook
from etl.demo.dates import AS_OF, FIRST_DELIVERY
from etl.demo.deliveries import DEFAULT_SEED, DEFAULT_SIZE
from etl.demo.life import state_on
from etl.demo.projects import DemoProject
from geodata import codes
from tests.factories.demo_city import demo_city


@pytest.fixture(scope="module")
def book() -> Casebook:
    return open_casebook(demo_city(), DEFAULT_SEED, DEFAULT_SIZE)


def real(project: DemoProject, stage: str) -> tuple[date, date]:
    return next(step.real for step in project.steps if step.stage == stage)


def test_there_are_two_dozen_and_each_has_every_stage_in_its_plan(book: Casebook) -> None:
    assert 22 <= len(book.projects) <= 27
    assert (
        len({one.key for one in book.projects})
        == len({one.property_key for one in book.projects})
        == len(book.projects)
    )
    for project in book.projects:
        assert tuple(step.stage for step in project.steps) == codes.DEMOLITION_STAGES
    assert sum(any(not step.is_required for step in project.steps) for project in book.projects) > 15


def test_they_stand_in_all_phases(book: Casebook) -> None:
    current: Counter[str] = Counter()
    for project in book.projects:
        open_ = [step.stage for step in project.steps if step.is_required and step.real[1] > AS_OF]
        current[open_[0] if open_ else "done"] += 1

    assert current["done"] >= 5
    assert {"acquisition", "vacating", "species_protection", "tender_and_award", "gutting", "demolition"} <= set(
        current
    )


def test_each_agrees_with_the_life_of_its_property(book: Casebook) -> None:
    lives = {facts.key: (facts, life) for facts, life in zip(book.facts, book.events, strict=True)}
    for project in book.projects:
        facts, life = lives[project.property_key]
        state = state_on(life, AS_OF)
        is_awarded = real(project, "tender_and_award")[1] <= AS_OF and project.outcome is None
        assert (state in ("demolition", "reuse", "closed")) == is_awarded, project.key
        assert project.decided_on > facts.registered_on, project.key
        assert [event.on for event in life] == sorted(event.on for event in life)
        if is_awarded:
            assert facts.is_inhabited is False
            award = next(event.on for event in life if event.state == "demolition")
            assert award == real(project, "tender_and_award")[1]
        if project.outcome is not None:
            assert state in ("renovation", "securing")


def test_what_holds_them_up_is_open(book: Casebook) -> None:
    blocked = {one.blocked[1]: one for one in book.projects if one.blocked}

    assert {"court_stop", "acquisition_open", "replacement_housing", "species_protection"} <= set(blocked)
    for project in blocked.values():
        stage, _, since = project.blocked or ("", "", AS_OF)
        start, end = real(project, stage)
        assert start <= since <= AS_OF < end
        assert next(step.is_required for step in project.steps if step.stage == stage)
    ownerless = blocked["acquisition_open"].property_key
    assert next(one.ownership_form for one in book.facts if one.key == ownerless) == "ownerless"


def test_what_held_them_up_is_over(book: Casebook) -> None:
    held_up = [one for one in book.projects if one.held_up]

    assert len(held_up) >= 8
    assert len({one.held_up[1] for one in held_up if one.held_up}) >= 5
    for project in held_up:
        stage, _, since, until = project.held_up or ("", "", AS_OF, AS_OF)
        start, end = real(project, stage)
        assert start <= since <= until <= min(end, AS_OF), project.key
        assert project.blocked is None or project.blocked[0] != stage


def test_stages_cost_more_and_less_than_planned(book: Casebook) -> None:
    ratios = []
    for project in book.projects:
        done = [one for one in project.steps if one.is_required and one.real[1] <= AS_OF and one.cost_planned_eur]
        planned = sum(one.cost_planned_eur or 0 for one in done)
        ratios.append(sum(one.cost_actual_eur or 0 for one in done) / planned if planned else 1.0)
    assert sum(one < 0.95 for one in ratios) >= 4
    assert sum(one > 1.1 for one in ratios) >= 4


def test_the_city_has_examples_of_nearly_every_stage(book: Casebook) -> None:
    done = Counter(
        step.stage
        for project in book.projects
        for step in project.steps
        if step.is_required and step.real[1] <= AS_OF and project.outcome is None
    )
    assert all(done[stage] >= 3 for stage in codes.DEMOLITION_STAGES)


def test_some_were_given_up_some_renovated_and_each_audience_gets_some(book: Casebook) -> None:
    assert {one.outcome[0] for one in book.projects if one.outcome} == set(codes.DEMOLITION_OUTCOMES)
    assert {one.released_to for one in book.projects} == {"", *codes.AUDIENCES}
    assert len({one.programme for one in book.projects}) == 2


def test_dates_are_in_order_and_delays_realistic(book: Casebook) -> None:
    for project in book.projects:
        for step in project.steps:
            assert step.real[0] <= step.real[1], (project.key, step)
            assert step.planned[0] <= step.planned[1], (project.key, step)
            assert -30 <= (step.real[1] - step.planned[1]).days <= 700, (project.key, step)


def test_the_first_delivery_knows_less(book: Casebook) -> None:
    assert 0 < sum(one.decided_on > FIRST_DELIVERY for one in book.projects) < 8
    assert any(one.blocked_before for one in book.projects)
    assert any(one.moved_days for one in book.projects)
