"""Planned rounds: proposed, saved, changed, called off, and what came of them, by one person or by two at once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geodata import edits, records
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits import RoundDraft
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from geodata.keeping import erasing
from geodata.planning.candidates import planned_on, read_candidates, read_objects, usual_size
from geodata.planning.outcomes import VisitDraft, record_counts, record_skip, record_visit
from geodata.planning.plans import PlanDraft, call_off, change_plan, save_plan
from geodata.planning.propose import Wish, propose
from geodata.planning.reads import read_next_plans, read_plan, read_planned_controls, read_plans
from geodata.round_detail import read_round
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

TODAY = today()
AHEAD = TODAY + timedelta(days=5)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def plan_of(desk: Desk, **values: Any) -> PlanDraft:
    draft = PlanDraft(TODAY, "joint_control", ("police", "public_order"), (desk.in_west, desk.in_east))
    return replace(draft, **values)


def saved(asker: Asker, draft: PlanDraft) -> int:
    return save_plan(asker, order("planer"), draft).edit_id


def flat(property_id: int, *defects: str) -> VisitDraft:
    return VisitDraft(property_id, "flat", "finding" if defects else "no_finding", defects)


def count(desk: Desk, query: str) -> Any:
    with desk.loader() as connection:
        return connection.execute(text(query)).scalar_one()


# --- proposing --------------------------------------------------------------------------------------------------------


def test_candidates_are_those_due_with_what_makes_them_urgent(desk: Desk) -> None:
    with desk.loader() as connection:
        facts.assessment(connection, desk.in_west, date(2025, 1, 1), pressure=3)
        facts.inspection(connection, desk.in_west, date(2025, 2, 1), result="finding", defects=["waste"])
        for day in (date(2025, 3, 1), date(2025, 4, 1)):
            facts.inspection(connection, desk.in_east, day, access_reached="none", result="not_completed")
        records.refresh(connection, facts.CITY, AS_OF)
    with desk.staff() as asker:
        east, west = read_candidates(asker, None, "joint_control", AHEAD)
        assert (east.property_id, east.has_to_clarify_access) == (desk.in_east, True)
        assert (west.pressure, west.has_finding, west.due_on) == (3, True, date(2026, 2, 1))
        assert west.overdue_days(date(2026, 2, 11)) == 10
        assert west.rule is not None
        assert read_candidates(asker, desk.west, "joint_control", AHEAD) == (west,)
        assert read_candidates(asker, None, "follow_up", AHEAD) == ()
        found = propose((east, west), Wish(count=6), AHEAD)
    assert [one.property_id for one in found.chosen] == [desk.in_west]
    assert found.left_out["clarify_access"] == (east,)


def test_what_another_plan_of_the_day_holds_is_left_out_and_a_merged_object_is_followed(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk, held_on=AHEAD))
        assert planned_on(asker, AHEAD) == {desk.in_west: number, desk.in_east: number}
        assert planned_on(asker, AHEAD, except_plan=f"app:{number}:0") == {}
        assert planned_on(asker, TODAY) == {}
        edits.merge(asker, order("merge", reason="doppelt"), desk.in_west, desk.in_east, happened_on=AS_OF)
        [one] = read_objects(asker, [desk.in_west, desk.in_east, 999_999], "joint_control", AHEAD)
        assert (one.property_id, one.planned_in) == (desk.in_east, number)
        plan = read_plan(asker, number)
        assert plan is not None
        assert plan.stops == (desk.in_east,)
        [control] = read_planned_controls(asker, desk.in_east, TODAY)
        assert (control.held_on, control.number) == (AHEAD, number)


def test_two_rounds_of_one_week_are_not_proposed_the_same_objects(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk, held_on=AHEAD, stops=(desk.in_west,)))
        later = AHEAD + timedelta(days=1)
        known = {one.property_id: one.planned_in for one in read_candidates(asker, None, "joint_control", later)}
        assert known == {desk.in_west: number, desk.in_east: None}
        [other] = read_objects(asker, [desk.in_west], "fire_safety", later)
        assert other.planned_in is None, "a round of another type is another visit"
        [same_day] = read_objects(asker, [desk.in_west], "fire_safety", AHEAD)
        assert same_day.planned_in == number


def test_the_usual_size_is_that_of_the_year_before(desk: Desk) -> None:
    with desk.staff() as asker:
        assert usual_size(asker, "joint_control", TODAY) == 6
    with desk.loader() as connection:
        add = "INSERT INTO qm.inspection_round (municipality, key, held_on, kind) VALUES (:city, 'r', :day, :kind)"
        held = {"city": facts.CITY, "day": AS_OF - timedelta(days=9), "kind": "joint_control"}
        connection.execute(text(add), held)
        for number in range(4):
            house = facts.property_(connection, key=f"Q-{number}")
            facts.inspection(connection, house, AS_OF - timedelta(days=9), round_key="r")
        records.refresh(connection, facts.CITY, AS_OF)
    with desk.staff() as asker:
        assert usual_size(asker, "joint_control", TODAY) == 4
        assert usual_size(asker, "follow_up", TODAY) == 6


# --- saving, changing, calling off ------------------------------------------------------------------------------------


def test_a_plan_is_saved_once_changed_and_called_off_and_every_version_stays(desk: Desk) -> None:
    sent = order("planer")
    with desk.staff() as asker:
        first = save_plan(asker, sent, plan_of(desk, held_on=AHEAD, start=(7.45, 51.35), start_name="Rathausweg 1"))
        again = save_plan(asker, sent, plan_of(desk, held_on=AHEAD))
        assert (again.edit_id, again.is_repeated) == (first.edit_id, True)
        number = first.edit_id
        plan = read_plan(asker, number)
        assert plan is not None
        assert (plan.stops, plan.offices, plan.start_name) == (
            (desk.in_west, desk.in_east), ("public_order", "police"), "Rathausweg 1",
        )  # fmt: skip
        assert plan.start is not None
        assert round(plan.start.longitude, 6) == 7.45
        turned = plan_of(desk, held_on=AHEAD, stops=(desk.in_east, desk.in_west))
        change_plan(asker, order("planer", expected=plan.version), number, turned)
        call_off(asker, order("planer-absagen"), number, "weather")
        now = read_plan(asker, number)
        assert now is not None
        assert (now.stops, now.called_off, now.changes) == ((desk.in_east, desk.in_west), "weather", 2)
        with pytest.raises(InvalidEdit, match="called_off"):
            change_plan(asker, order("planer"), number, turned)
        assert (read_next_plans(asker, TODAY, 5), read_plans(asker)[0].objects) == ((), 2)
        assert planned_on(asker, AHEAD) == {}
    assert count(desk, "SELECT count(*) FROM qm.round_plan") == 3
    assert count(desk, "SELECT count(*) FROM qm.round_plan_stop") == 6


def test_two_people_who_change_one_plan_are_told_of_each_other(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk, held_on=AHEAD))
        plan = read_plan(asker, number)
        assert plan is not None
        mine, theirs = (
            plan_of(desk, held_on=AHEAD, stops=(desk.in_east,)),
            plan_of(desk, held_on=AHEAD, offices=("police",)),
        )
    with desk.staff("carl") as other:
        change_plan(other, order("planer", expected=plan.version), number, theirs)
    with desk.staff() as asker:
        with pytest.raises(EditConflict) as conflict:
            change_plan(asker, order("planer", expected=plan.version), number, mine)
        assert (conflict.value.by, [one.name for one in conflict.value.changes]) == ("Carl", ["offices"])
        change_plan(asker, order("planer", expected=conflict.value.current), number, mine)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"held_on": TODAY - timedelta(days=1)}, "held_on", "past"),
        ({"held_on": None}, "held_on", "required"),
        ({"held_on": date(2126, 1, 1)}, "held_on", "future"),
        ({"kind": "party"}, "kind", "unknown"),
        ({"offices": ("bakery",)}, "offices", "unknown"),
        ({"stops": ()}, "stops", "required"),
        ({"stops": (1, 1)}, "stops", "same"),
        ({"stops": tuple(range(21))}, "stops", "too_many"),
        ({"stops": (999_999,)}, "stops", "not_in_scope"),
        ({"area_id": 999_999}, "area_id", "unknown"),
    ],
)
def test_what_cannot_be_planned(desk: Desk, values: dict[str, Any], field: str, code: str) -> None:
    with desk.staff() as asker, pytest.raises(InvalidEdit) as refused:
        save_plan(asker, order("planer"), plan_of(desk, **values))
    assert refused.value.fields == {field: code}


def test_a_manager_reads_the_day_of_the_own_objects_and_nothing_else_of_a_plan(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk, held_on=AHEAD))
    with desk.manager() as asker:
        [control] = read_planned_controls(asker, desk.in_west, TODAY)
        assert (control.held_on, control.kind, control.number) == (AHEAD, "joint_control", None)
        assert read_planned_controls(asker, desk.in_east, TODAY) == ()
        for ask in (lambda: read_plan(asker, number), lambda: read_plans(asker), lambda: saved(asker, plan_of(desk))):
            with pytest.raises(NotAllowed):
                ask()


# --- what came of it --------------------------------------------------------------------------------------------------


def test_the_first_visit_makes_the_round_and_the_next_join_it(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk))
        record_visit(asker, order("v", expected=0), number, flat(desk.in_west, "waste"))
        record_visit(asker, order("v", expected=0), number, flat(desk.in_east))
        plan = read_plan(asker, number)
        assert plan is not None
        assert plan.round_id is not None
        assert (plan.visited, plan.open_stops, plan.outcomes[desk.in_west].defects) == (2, (), ("waste",))
        held = read_round(asker, plan.round_id)
        assert held is not None
        assert (held.held_on, held.kind, held.offices) == (TODAY, "joint_control", ("public_order", "police"))
        assert ([one.property_id for one in held.visits], held.plan_number) == ([desk.in_west, desk.in_east], number)
    assert count(desk, "SELECT count(*) FROM qm.inspection_round") == 1


def test_two_people_at_one_object_lose_nothing(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk))
        record_visit(asker, order("v", expected=0), number, flat(desk.in_west, "waste"))
    with desk.staff("carl") as asker:
        same = record_visit(asker, order("v", expected=0), number, flat(desk.in_west, "waste"))
        assert not same.is_repeated
        with pytest.raises(EditConflict) as conflict:
            record_visit(asker, order("v", expected=0), number, flat(desk.in_west, "pests"))
        assert (conflict.value.by, [one.name for one in conflict.value.changes]) == ("Bea", ["defects"])
        record_visit(asker, order("v", expected=conflict.value.current), number, flat(desk.in_west, "pests"))
        plan = read_plan(asker, number)
        assert plan is not None
        assert plan.outcomes[desk.in_west].defects == ("pests",)
    assert count(desk, "SELECT count(*) FROM qm.inspection WHERE superseded_at IS NULL AND round_key IS NOT NULL") == 1
    assert count(desk, "SELECT count(*) FROM qm.inspection WHERE round_key IS NOT NULL") == 2


def test_an_object_to_which_nobody_went_stays_due_until_somebody_does(desk: Desk) -> None:
    due = f"SELECT due_on FROM qm.property_due WHERE property_id = {desk.in_west}"
    before = count(desk, due)
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk))
        record_skip(asker, order("s"), number, desk.in_west, "no_time")
        record_skip(asker, order("s"), number, desk.in_west, "not_safe")
        plan = read_plan(asker, number)
        assert plan is not None
        assert (plan.outcomes[desk.in_west].skip_reason, plan.visited, plan.round_id) == ("not_safe", 0, None)
    assert count(desk, due) == before
    with desk.staff() as asker:
        done = record_visit(asker, order("v", expected=0), number, flat(desk.in_west))
        with pytest.raises(InvalidEdit, match="has_outcome"):
            record_skip(asker, order("s"), number, desk.in_west, "no_time")
        plan = read_plan(asker, number)
        assert plan is not None
        assert plan.outcomes[desk.in_west].result == "no_finding"
        edits.undo(asker, done.edit_id, order().submission)
        plan = read_plan(asker, number)
        assert plan is not None
        assert plan.outcomes[desk.in_west].skip_reason == "not_safe", "taken back, what stood there before is back"
        assert plan.round_id is None, "a round to which nobody went was not held"
    assert rounds_held(desk) == 0
    with desk.staff() as asker:
        first = record_visit(asker, order("v", expected=0), number, flat(desk.in_east))
    assert rounds_held(desk) == 1
    visit_id = int(count(desk, f"SELECT id FROM qm.inspection WHERE edit_id = {first.edit_id}"))
    with desk.staff() as asker:
        edits.withdraw_fact(asker, order("w"), "inspection", visit_id)
    assert rounds_held(desk) == 0


def test_a_round_stays_for_those_who_joined_it_or_stated_more_of_it(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk))
        first, second = (record_visit(asker, order("v"), number, flat(one)) for one in (desk.in_west, desk.in_east))
        edits.undo(asker, first.edit_id, order().submission)
    assert rounds_held(desk) == 1
    with desk.staff() as asker:
        record_counts(asker, order("c"), number, RoundDraft(None, "", ("police",), persons_met=9))
        edits.undo(asker, second.edit_id, order().submission)
    assert rounds_held(desk) == 1
    with desk.staff() as asker:
        with pytest.raises(InvalidEdit, match="has_outcome"):
            call_off(asker, order("planer-absagen"), number, "weather")
        with pytest.raises(InvalidEdit, match="has_outcome"):
            change_plan(asker, order("planer"), number, plan_of(desk, held_on=AHEAD))


def rounds_held(desk: Desk) -> Any:
    return count(desk, "SELECT count(*) FROM qm.inspection_round WHERE superseded_at IS NULL")


def test_a_plan_with_outcomes_keeps_its_day_and_its_visited_objects(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk))
        record_visit(asker, order("v", expected=0), number, flat(desk.in_west))
        for draft in (plan_of(desk, held_on=AHEAD), plan_of(desk, stops=(desk.in_east,))):
            with pytest.raises(InvalidEdit, match="has_outcome"):
                change_plan(asker, order("planer"), number, draft)
        with pytest.raises(InvalidEdit, match="has_outcome"):
            call_off(asker, order("planer-absagen"), number, "weather")
        change_plan(asker, order("planer"), number, plan_of(desk, stops=(desk.in_west,)))
        with pytest.raises(InvalidEdit, match="changed_since"):
            edits.undo(asker, number, order().submission)


def test_a_day_to_come_and_an_object_of_another_plan_have_no_outcome(desk: Desk) -> None:
    with desk.staff() as asker:
        ahead = saved(asker, plan_of(desk, held_on=AHEAD))
        now = saved(asker, plan_of(desk, stops=(desk.in_west,)))
        for number, house, code in (
            (ahead, desk.in_west, "future"),
            (now, desk.in_east, "not_in_scope"),
            (999, 1, "scope"),
        ):
            with pytest.raises(InvalidEdit, match=code):
                record_visit(asker, order("v", expected=0), number, flat(house))
            with pytest.raises(InvalidEdit, match=code):
                record_skip(asker, order("s"), number, house, "no_time")


def test_counts_belong_to_the_round_and_a_second_person_is_told(desk: Desk) -> None:
    counts = RoundDraft(None, "", ("police",), interpreter_present=True, persons_met=9)
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk))
        with pytest.raises(InvalidEdit, match="no_round"):
            record_counts(asker, order("c"), number, counts)
        record_visit(asker, order("v", expected=0), number, flat(desk.in_west))
        shown = read_plan(asker, number)
        assert shown is not None
        record_counts(asker, order("c", expected=shown.round_id), number, counts)
        plan = read_plan(asker, number)
        assert plan is not None
        held = read_round(asker, plan.round_id or 0)
        assert held is not None
        assert (dict(held.persons), held.offices, len(held.visits)) == ({"persons_met": 9}, ("police",), 1)
        with pytest.raises(EditConflict) as conflict:
            record_counts(asker, order("c", expected=shown.round_id), number, replace(counts, persons_met=12))
        assert [one.name for one in conflict.value.changes] == ["persons_met"]
        record_visit(asker, order("v", expected=0), number, flat(desk.in_east))


# --- keeping ----------------------------------------------------------------------------------------------------------


def test_an_erased_object_leaves_every_plan_and_the_plan_stays(desk: Desk) -> None:
    with desk.staff() as asker:
        number = saved(asker, plan_of(desk))
        record_skip(asker, order("s"), number, desk.in_west, "no_time")
    with desk.loader() as connection:
        counts = erasing.delete_properties(connection, facts.CITY, [desk.in_west])
    assert (counts["qm.round_plan_stop"], counts["qm.round_plan_skip"]) == (1, 1)
    with desk.staff() as asker:
        plan = read_plan(asker, number)
        assert plan is not None
        assert plan.stops == (desk.in_east,)
