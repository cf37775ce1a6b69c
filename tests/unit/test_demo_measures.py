"""The proceedings of the invented city follow the lives of its properties, and the planted stories have theirs."""

import re
from collections import Counter
from datetime import date

import pytest

from etl.demo.casebook import Casebook, open_casebook
from etl.demo.dates import AS_OF, FIRST_DELIVERY
from etl.demo.deliveries import DEFAULT_SEED, DEFAULT_SIZE
from etl.demo.housing import closed_houses
from etl.demo.life import state_on
from etl.demo.measures import open_proceedings
from etl.demo.proceeding import Proceeding, Proceedings, known_cuts, known_on
from geodata.measures.clocks import Clock, deadline
from tests.factories.demo_city import demo_city

UNWANTED = re.compile(r"Brennpunkt|Schrott|Missbrauch|Herkunft|Nationalität|Herr |Frau |Familie |Maßnahme")


@pytest.fixture(scope="module")
def book() -> Casebook:
    return open_casebook(demo_city(), DEFAULT_SEED, DEFAULT_SIZE)


@pytest.fixture(scope="module")
def told(book: Casebook) -> Proceedings:
    return open_proceedings(book, DEFAULT_SEED)


def _of(told: Proceedings, key: str, kind: str) -> Proceeding:
    return next(one for one in told.proceedings if (one.property_key, one.kind) == (key, kind))


def test_every_property_that_rests_in_a_procedure_has_one_that_runs(book: Casebook, told: Proceedings) -> None:
    running = {one.property_key for one in known_on(told.proceedings, AS_OF) if one.closed_on is None}
    resting = {
        life[0].property_key
        for life in book.events
        if (state_on(life, AS_OF) or "").startswith("procedure_") and life[0].property_key != "PI-0004"
    }
    # A city that has bought has nothing to do but to pull down: the project says how far it is.
    with_project = {one.property_key for one in book.projects}

    assert len(resting) > 80
    assert resting - running <= with_project


def test_dates_follow_each_other_and_nothing_lies_ahead(told: Proceedings) -> None:
    for one in known_on(told.proceedings, AS_OF):
        days = [step.on for step in one.steps]
        assert days == sorted(days)
        assert one.closed_on is None or days[-1] <= one.closed_on <= AS_OF
        assert (one.closed_on is None) == (not one.outcome)
        for step in one.steps:
            assert step.on.weekday() < 5 or step.on in {event for event, _ in one.court}
            assert all(day is None or day >= step.on for day in (step.served_on, step.due_on, step.met_on)), one
    assert all(one.opened_on <= AS_OF for one in told.proceedings)


def test_who_follows_whom_is_there_and_came_before(told: Proceedings) -> None:
    opened = {one.key: one.opened_on for one in told.proceedings}

    assert len(opened) == len(told.proceedings)
    assert sum(bool(one.follows) for one in told.proceedings) > 60
    assert all(opened[one.follows] <= one.opened_on for one in told.proceedings if one.follows)


def test_the_first_export_knows_less(told: Proceedings) -> None:
    before = {one.key: one for one in known_on(told.proceedings, FIRST_DELIVERY)}
    after = {one.key: one for one in known_on(told.proceedings, AS_OF)}

    assert set(before) < set(after)
    assert sum(before[key] != after[key] for key in before) > 30
    assert sum(before[key] == after[key] for key in before) > 100
    assert len(list(known_cuts(told.cuts, FIRST_DELIVERY))) < len(told.cuts)


def test_a_handful_of_deadlines_ends_in_the_days_round_the_date(told: Proceedings) -> None:
    due = [
        step.due_on
        for one in known_on(told.proceedings, AS_OF)
        if one.closed_on is None
        for step in one.steps[-1:]
        if step.due_on and step.met_on is None
    ]

    assert 5 <= sum(abs((day - AS_OF).days) <= 7 for day in due) <= 30
    assert sum(day < AS_OF for day in due) > 10
    assert sum(day > AS_OF for day in due) > 20


def test_the_ladder_is_climbed_to_its_bill(told: Proceedings) -> None:
    kinds = Counter(one.kind for one in told.proceedings)
    bills = [one for one in told.proceedings if one.kind == "cost_notice"]
    by_key = {one.key: one for one in told.proceedings}

    assert {"coercive_fine", "substitute_performance", "cost_notice", "fine"} <= set(kinds)
    assert {by_key[one.follows].kind for one in bills} == {"substitute_performance"}
    assert all((one.amount("notice") or 0) > 1_000 for one in bills)
    assert {"payment", "recovery", "notice"} <= {one.steps[-1].kind for one in bills}


def test_what_closes_a_house_has_its_safeguards_and_is_in_the_list_of_closed_houses(
    book: Casebook, told: Proceedings
) -> None:
    closing = [one for one in told.proceedings if one.kind in ("uninhabitable", "clearance")]
    vacated = {(one.property_key, one.first("vacated")) for one in closing if one.first("vacated")}
    listed = {(one.property_key, one.closed_on) for one in closed_houses(book)}

    assert all(one.safeguards and one.safeguards.milder_means and one.safeguards.decided_by for one in closing)
    assert vacated
    assert vacated <= listed
    assert "lifted" in {one.steps[-1].kind for one in closing}, "a house was opened again"


def test_ways_of_acquisition_and_their_clocks(told: Proceedings) -> None:
    known = [one for one in known_on(told.proceedings, AS_OF) if one.kind in ("purchase", "pre_emption")]
    running = [one for one in known if one.kind == "pre_emption" and one.steps[-1].kind == "contract_notice"]
    [notice] = [one.steps[0].on for one in running]

    assert (deadline(notice, Clock(3, 0, moves_to_working_day=False)) - AS_OF).days == 22
    averted = [one for one in known if one.first("averting_agreed") and one.closed_on is None]
    assert {(one.next_check_on or AS_OF) > AS_OF for one in averted} == {True, False}
    assert {"acquired", "averted", ""} <= {one.outcome for one in known}
    kinds = Counter(one.kind for one in told.proceedings)
    assert kinds["forced_sale"] > 1
    assert kinds["ownerless"] == 1


# --- the planted stories ----------------------------------------------------------------------------------------------


def test_a_court_stopped_the_order_and_not_the_fine(told: Proceedings) -> None:
    order, fine = _of(told, "PI-0002", "building_order"), _of(told, "PI-0002", "coercive_fine")

    assert order.court[-1][1] == "suspended"
    assert fine.follows == order.key
    assert fine.steps[-1].due_on == date(2026, 11, 30)


def test_a_house_without_replacement_is_not_cleared(told: Proceedings) -> None:
    one = _of(told, "PI-0005", "uninhabitable")

    assert one.safeguards is not None
    assert (one.safeguards.dwellings, one.safeguards.households) == (0, 0)
    assert one.first("order") is None


def test_a_supply_cut_is_announced_and_another_one_lasts(told: Proceedings) -> None:
    planned = [one for one in told.cuts if one.property_key == "PI-0006"]

    assert {(one.utility, one.planned_on) for one in planned} == {
        ("gas", date(2026, 11, 24)),
        ("water", date(2026, 11, 24)),
    }
    assert [one for one in told.cuts if one.cut_on and not one.restored_on]


@pytest.mark.parametrize("key", ["PI-0001", "PI-0003", "PI-0004", "PI-0007", "PI-0008"])
def test_the_other_stories_have_theirs(told: Proceedings, key: str) -> None:
    assert [one for one in told.proceedings if one.property_key == key]


def test_no_text_names_a_person_or_labels_people(told: Proceedings) -> None:
    texts = [one.note for one in told.proceedings] + [one.note for one in told.cuts]
    texts += [step.note for one in told.proceedings for step in one.steps]
    texts += [one.decided_by for one in told.proceedings]
    texts += [one.safeguards.note for one in told.proceedings if one.safeguards]

    assert [text for text in texts if UNWANTED.search(text)] == []


def test_the_same_seed_gives_the_same_proceedings(book: Casebook, told: Proceedings) -> None:
    assert open_proceedings(book, DEFAULT_SEED) == told
