"""Proceedings as people enter them: opened, changed, closed, with safeguards; merged, taken back, erased."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from geodata import edits
from geodata.calendar import today
from geodata.edits.movable import chosen_ids, read_movable
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from geodata.keeping import erasure
from geodata.keeping.erasure_ledger import Ledger
from geodata.measures.edits import (
    CutDraft,
    MeasureDraft,
    StepDraft,
    add_step,
    change_cut,
    change_measure,
    change_step,
    close_measure,
    meet_deadline,
    open_measure,
    report_cut,
)
from geodata.measures.reads import Measure, read_measure, read_measures_of
from geodata.measures.supply import SupplyCut, read_supply_cuts_of
from geodata.tables import measure, measure_step
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

ORDER = MeasureDraft("housing_order", date(2026, 9, 1), office="housing_supervision", causes=("damp_mould", "heating"))
HEARING = StepDraft("hearing", date(2026, 9, 2), served_on=date(2026, 9, 4), due_on=date(2026, 9, 25), note="per Post")
SAFE = MeasureDraft(
    "clearance", date(2026, 9, 1), milder_means=("talks", "substitute_performance"), milder_means_note="reicht nicht",
    replacement_dwellings_offered=6, replacement_households_offered=6, decided_by="Amtsleitung",
    decided_on=date(2026, 8, 30),
)  # fmt: skip
CUT = CutDraft("electricity", "debts_of_landlord", announced_on=date(2026, 11, 2), planned_on=date(2026, 11, 20))


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def begin(desk: Desk, draft: MeasureDraft = ORDER) -> str:
    with desk.staff() as asker:
        return open_measure(asker, order(), desk.in_west, draft).key


def read(desk: Desk, key: str) -> Measure:
    with desk.staff() as asker:
        found = read_measure(asker, key, AS_OF)
    assert found is not None
    return found


def cut_of(desk: Desk) -> SupplyCut:
    with desk.staff() as asker:
        (found,) = read_supply_cuts_of(asker, desk.in_west, AS_OF)
    return found


def refused(desk: Desk, edit: Any, *given: Any, **named: Any) -> dict[str, str]:
    with desk.staff() as asker, pytest.raises(InvalidEdit) as problem:
        edit(asker, order(), *given, **named)
    return dict(problem.value.fields)


def test_an_order_is_opened_takes_its_steps_and_is_closed(desk: Desk) -> None:
    sent = order()
    with desk.staff() as asker:
        opened = open_measure(asker, sent, desk.in_west, ORDER)
        again = open_measure(asker, sent, desk.in_west, ORDER)
        assert (again.key, again.is_repeated) == (opened.key, True)
        hearing = add_step(asker, order(), opened.key, HEARING)
        add_step(
            asker, order(), opened.key, StepDraft("order", date(2026, 10, 1), date(2026, 10, 6), date(2026, 11, 30))
        )
    one = read(desk, opened.key)
    assert [(step.kind, step.state, step.met_on) for step in one.steps] == [
        ("hearing", "met_late", date(2026, 10, 1)), ("order", "open", None),
    ]  # fmt: skip
    with desk.staff() as asker:
        meet_deadline(asker, order(expected=one.steps[0].id), hearing.key, date(2026, 9, 24))
    assert (read(desk, opened.key).steps[0].state, read(desk, opened.key).steps[0].note) == ("met", "per Post")
    assert refused(desk, close_measure, opened.key, closed_on=date(2026, 9, 30), outcome="fulfilled") == {
        "closed_on": "before_start"
    }
    with desk.staff() as asker:
        close_measure(asker, order(expected=one.id), opened.key, closed_on=date(2026, 11, 10), outcome="fulfilled")
    closed = read(desk, opened.key)
    assert (closed.is_open, closed.outcome, closed.next_deadline, closed.causes) == (
        False, "fulfilled", None, ("damp_mould", "heating"),
    )  # fmt: skip
    assert refused(desk, close_measure, opened.key, closed_on=date(2026, 11, 11), outcome="other") == {"form": "closed"}
    later = StepDraft("fulfilled", date(2026, 11, 11))
    assert refused(desk, add_step, opened.key, later) == {"happened_on": "closed"}


def test_a_deadline_of_a_delivered_step_can_be_met_even_if_no_form_would_take_the_step(desk: Desk) -> None:
    key = begin(desk)
    early = date(2026, 8, 3)
    with desk.loader() as connection:
        step = facts.measure_step(connection, desk.in_west, key, "hearing", early, due_on=date(2026, 10, 1))
    for day, why in ((None, "required"), (date(2026, 8, 2), "before_start"), (date(2099, 1, 1), "future")):
        assert refused(desk, meet_deadline, step, day) == {"met_on": why}
    with desk.staff() as asker:
        meet_deadline(asker, order(), step, date(2026, 9, 24))
    assert [(one.happened_on, one.state) for one in read(desk, key).steps] == [(early, "met")]


def test_a_change_keeps_the_version_before_and_tells_who_came_between(desk: Desk) -> None:
    key = begin(desk)
    shown = read(desk, key)
    with desk.staff("berta") as asker:
        change_measure(asker, order(expected=shown.id), key, replace(ORDER, amount_ordered_eur=500.25))
    with desk.staff() as asker, pytest.raises(EditConflict) as conflict:
        change_measure(asker, order(expected=shown.id), key, replace(ORDER, amount_ordered_eur=700.0))
    assert [(one.name, one.theirs, one.yours) for one in conflict.value.changes] == [
        ("amount_ordered_eur", 500.25, 700.0)
    ]
    assert conflict.value.by == "Berta"
    assert refused(desk, change_measure, key, replace(ORDER, amount_ordered_eur=500.25)) == {"form": "unchanged"}
    assert refused(desk, change_measure, key, replace(ORDER, kind="fine")) == {"kind": "fixed"}
    assert refused(desk, change_measure, "weg", ORDER) == {"form": "not_in_scope"}
    assert read(desk, key).amount_open_eur == 500.25


@pytest.mark.parametrize(
    ("wrong", "problems"),
    [
        ({"kind": "zauberei"}, {"kind": "required"}),
        ({"opened_on": None}, {"opened_on": "required"}),
        ({"opened_on": today() + timedelta(days=30)}, {"opened_on": "future"}),
        ({"office": "küche"}, {"office": "unknown"}),
        ({"causes": ("geister",)}, {"causes": "unknown"}),
        ({"follows_key": "anderswo"}, {"follows_key": "unknown"}),
        ({"final_on": date(2026, 8, 1)}, {"final_on": "before_start"}),
        ({"amount_paid_eur": -1.0}, {"amount_paid_eur": "out_of_range"}),
        ({"kind": "fine", "amount_ordered_eur": 500_000.01}, {"amount_ordered_eur": "out_of_range"}),
        ({"decided_by": "x" * 121}, {"decided_by": "too_long"}),
        ({"milder_means": ("warten",)}, {"milder_means": "unknown"}),
    ],
)
def test_what_makes_no_sense_is_refused(desk: Desk, wrong: dict[str, Any], problems: dict[str, str]) -> None:
    assert refused(desk, open_measure, desk.in_west, replace(ORDER, **wrong)) == problems


@pytest.mark.parametrize(
    ("wrong", "problems"),
    [
        ({"kind": "threat"}, {"kind": "unknown"}),
        ({"happened_on": date(2026, 8, 31)}, {"happened_on": "before_start"}),
        ({"served_on": date(2026, 9, 1)}, {"served_on": "before_start"}),
        ({"due_on": date(2026, 9, 1)}, {"due_on": "before_start"}),
        ({"due_on": date(2046, 9, 1)}, {"due_on": "future"}),
        ({"amount_eur": -5.0}, {"amount_eur": "out_of_range"}),
        ({"note": "x" * 2_001}, {"note": "too_long"}),
    ],
)
def test_a_step_that_does_not_fit_is_refused(desk: Desk, wrong: dict[str, Any], problems: dict[str, str]) -> None:
    assert refused(desk, add_step, begin(desk), replace(HEARING, **wrong)) == problems


@pytest.mark.parametrize("kind", ["clearance", "uninhabitable"])
def test_a_house_is_not_closed_without_milder_means_replacement_and_who_decided(desk: Desk, kind: str) -> None:
    bare = MeasureDraft(kind, date(2026, 9, 1))
    assert refused(desk, open_measure, desk.in_west, bare) == dict.fromkeys(
        ("milder_means", "replacement_dwellings_offered", "replacement_households_offered", "decided_by"), "safeguards"
    )
    in_danger = replace(
        bare, milder_means=("immediate_danger",), replacement_dwellings_offered=0, replacement_households_offered=0
    )
    assert refused(desk, open_measure, desk.in_west, in_danger) == {"decided_by": "safeguards"}
    key = begin(desk, replace(in_danger, decided_by="Einsatzleitung der Feuerwehr"))
    assert read(desk, key).milder_means == ("immediate_danger",)


def test_what_a_form_does_not_ask_of_the_safeguards_stays(desk: Desk) -> None:
    key = begin(desk, SAFE)
    with desk.staff() as asker:
        change_measure(asker, order(), key, MeasureDraft("clearance", date(2026, 9, 1), office="social_services"))
    one = read(desk, key)
    assert (one.office, one.decided_by, one.decided_on) == ("social_services", "Amtsleitung", date(2026, 8, 30))
    assert (one.milder_means, one.milder_means_note) == (("talks", "substitute_performance"), "reicht nicht")


def test_a_delivered_clearance_without_safeguards_is_not_carried_on(desk: Desk) -> None:
    with desk.loader() as connection:
        key = facts.measure(connection, desk.in_west, "clearance", opened_on=date(2026, 9, 1))
    assert refused(desk, add_step, key, StepDraft("order", date(2026, 9, 9))) == {"kind": "safeguards"}
    with desk.staff() as asker:
        add_step(asker, order(), key, StepDraft("hearing", date(2026, 9, 9)))


def test_a_cut_of_supply_is_reported_and_restored(desk: Desk) -> None:
    with desk.staff() as asker:
        key = report_cut(asker, order(), desk.in_west, CUT).key
    shown = cut_of(desk)
    assert (shown.key, shown.alarm, shown.days_left) == (key, "imminent", 5)
    with desk.staff() as asker:
        change_cut(asker, order(expected=shown.id), key, replace(CUT, restored_on=date(2026, 11, 12)))
    assert cut_of(desk).alarm == "restored"
    nothing = replace(CUT, announced_on=None, planned_on=None)
    assert refused(desk, report_cut, desk.in_west, nothing) == {"announced_on": "required"}
    early = replace(CUT, cut_on=date(2026, 11, 1))
    assert refused(desk, change_cut, key, early) == {"cut_on": "before_start"}


def test_a_manager_enters_no_proceedings(desk: Desk) -> None:
    key = begin(desk)
    with desk.manager() as asker:
        for edit in (
            lambda: open_measure(asker, order(), desk.in_west, ORDER),
            lambda: add_step(asker, order(), key, HEARING),
            lambda: report_cut(asker, order(), desk.in_west, CUT),
            lambda: close_measure(asker, order(), key, closed_on=AS_OF, outcome="other"),
        ):
            with pytest.raises(NotAllowed):
                edit()


def test_a_proceeding_does_not_begin_after_its_first_step(desk: Desk) -> None:
    key = begin(desk)
    with desk.staff() as asker:
        add_step(asker, order(), key, HEARING)
    assert refused(desk, change_measure, key, replace(ORDER, opened_on=date(2026, 9, 3))) == {"opened_on": "after_step"}
    with desk.staff() as asker:
        change_measure(asker, order(), key, replace(ORDER, opened_on=date(2026, 9, 2)))


def test_an_edit_is_taken_back_unless_others_built_on_it(desk: Desk) -> None:
    with desk.staff() as asker:
        opened = open_measure(asker, order(), desk.in_west, ORDER)
        step = add_step(asker, order(), opened.key, HEARING)
        changed = change_step(asker, order(), step.key, replace(HEARING, due_on=date(2026, 10, 9)))
        edits.undo(asker, changed.edit_id, order().submission)
        (one,) = read_measures_of(asker, desk.in_west, AS_OF)
        assert one.steps[0].due_on == date(2026, 9, 25)
        with pytest.raises(InvalidEdit, match="changed_since"):
            edits.undo(asker, opened.edit_id, order().submission)
    with desk.staff() as asker:
        second = open_measure(asker, order(), desk.in_west, replace(ORDER, kind="talks"))
        edits.undo(asker, second.edit_id, order().submission)
        assert read_measure(asker, second.key, AS_OF) is None


def test_proceedings_go_with_a_merged_object_and_come_back(desk: Desk) -> None:
    key = begin(desk)
    with desk.staff() as asker:
        add_step(asker, order(), key, HEARING)
        report_cut(asker, order(), desk.in_west, CUT)
        merged = edits.merge(asker, order(), desk.in_west, desk.in_east, happened_on=date(2026, 11, 10))
        (one,) = read_measures_of(asker, desk.in_east, AS_OF)
        assert (one.key, [step.kind for step in one.steps]) == (key, ["hearing"])
        assert len(read_supply_cuts_of(asker, desk.in_east, AS_OF)) == 1
        edits.undo(asker, merged.edit_id, order().submission)
        assert read_measures_of(asker, desk.in_east, AS_OF) == ()
        assert [step.kind for step in read_measures_of(asker, desk.in_west, AS_OF)[0].steps] == ["hearing"]


def test_the_steps_of_a_proceeding_move_with_it_when_an_object_is_divided(desk: Desk) -> None:
    key = begin(desk)
    with desk.staff() as asker:
        add_step(asker, order(), key, HEARING)
        (movable,) = [one for one in read_movable(asker, desk.in_west) if one.table == "measure"]
        assert (movable.codes, movable.happened_on) == ({"kind": "housing_order"}, date(2026, 9, 1))
        moved = chosen_ids(asker, desk.in_west, [movable.name])
        assert {table: len(ids) for table, ids in moved.items()} == {"measure": 1, "measure_step": 1}


def test_an_erased_proceeding_takes_its_steps_with_it(desk: Desk, tmp_path: Path) -> None:
    key, other = begin(desk), begin(desk)
    with desk.staff() as asker:
        for one in (key, other):
            add_step(asker, order(), one, HEARING)
    doomed = read(desk, key)
    with desk.loader() as connection:
        target = erasure.find_fact(connection, facts.CITY, "measure", doomed.id)
        erased = erasure.erase(connection, target, reason="request", by="bea", ledger=Ledger(tmp_path))
        assert (erased.counts["qm.measure"], erased.counts["qm.measure_step"]) == (1, 1)
        left = [
            connection.execute(select(func.count()).select_from(one)).scalar_one() for one in (measure, measure_step)
        ]
    assert left == [1, 1]
    assert [step.kind for step in read(desk, other).steps] == ["hearing"]
