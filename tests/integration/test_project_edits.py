"""Demolition projects entered in the application: who may, what is refused, and that a plan stays apart from facts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from geodata import records
from geodata.access import Asker, Scope
from geodata.demolitions import Project, read_projects_of
from geodata.edits import undo
from geodata.edits.order import Edited, Order
from geodata.edits.projects import (
    PlanDraft,
    ProjectDraft,
    ReportDraft,
    begin_project,
    block_stage,
    complete_stage,
    end_project,
    plan_stage,
    report_stage,
    stage_versions,
    start_stage,
    unblock_stage,
)
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from tests.conftest import Stage
from tests.factories import facts

STAFF = Scope(facts.CITY, "staff", "bea", account_name="Bea")
AS_OF = date(2026, 11, 15)
KEY = "RB-7/2026"
DRAFT = ProjectDraft(
    KEY,
    date(2026, 2, 2),
    " Stadtumbau ",
    "council",
    {
        "decision": PlanDraft(planned_end_on=date(2026, 2, 2)),
        "heritage_and_explosives": PlanDraft(is_required=False, planned_end_on=date(2026, 4, 1), cost_planned_eur=9.0),
        "vacating": PlanDraft(True, date(2026, 3, 1), date(2026, 5, 31), 12_000.10),
        "demolition": PlanDraft(True, date(2026, 9, 1), date(2026, 10, 31), 80_000),
    },
)


@pytest.fixture
def house(stage: Stage) -> int:
    with stage.as_loader() as connection:
        facts.municipality(connection)
        facts.area(connection, key="w")
        house = facts.property_(connection, key="A")
        records.refresh(connection, facts.CITY, AS_OF)
    return house


@pytest.fixture
def staff(stage: Stage, house: int) -> Iterator[Asker]:
    with stage.ask(STAFF) as asker:
        begin_project(asker, order(), house, DRAFT)
        yield asker


def order(**more: object) -> Order:
    return replace(Order(uuid4(), "test"), **more)  # type: ignore[arg-type]


def of(asker: Asker, house: int, as_of: date = AS_OF) -> Project:
    [found] = read_projects_of(asker, house, as_of)
    return found


def reported(asker: Asker, house: int, code: str = "vacating") -> ReportDraft:
    [found] = [one for one in of(asker, house).stages if one.code == code]
    names = ("actual_start_on", "actual_end_on", "cost_actual_eur", "blocker", "blocked_since_on", "blocked_until_on")
    return ReportDraft(*(getattr(found, name) for name in names))


def test_a_project_begins_with_its_plan_and_its_decision(staff: Asker, house: int) -> None:
    found = of(staff, house)
    assert (found.key, found.programme, found.decided_on, found.released_to) == (
        KEY, "Stadtumbau", date(2026, 2, 2), "council",
    )  # fmt: skip
    assert [(one.code, one.is_required) for one in found.stages] == [
        ("decision", True), ("vacating", True), ("heritage_and_explosives", False), ("demolition", True),
    ]  # fmt: skip
    assert found.current_stage == "vacating"
    assert found.stages[1].cost_planned_eur == 12_000.10
    assert found.stages[2].cost_planned_eur is None
    with pytest.raises(InvalidEdit) as refused:
        begin_project(staff, order(), house, DRAFT)
    assert refused.value.fields == {"key": "exists"}


def test_a_delivery_of_the_same_stage_would_find_the_row(staff: Asker, house: int) -> None:
    keys = staff.connection.execute(text("SELECT key FROM qm.demolition_stage WHERE stage = 'vacating'")).scalars()
    assert list(keys) == [f"main|A|{KEY}|vacating|plan"]


def test_a_stage_from_begun_over_held_up_to_done(staff: Asker, house: int) -> None:
    start_stage(staff, order(), house, KEY, "vacating", date(2026, 3, 10))
    block_stage(staff, order(), house, KEY, "vacating", blocker="court_stop", since_on=date(2026, 4, 1))
    assert (of(staff, house).blocker, of(staff, house).is_blocked) == ("court_stop", True)
    unblock_stage(staff, order(), house, KEY, "vacating", date(2026, 6, 1))
    assert of(staff, house).blocker is None
    # What is known today holds for the past, too: in May it was held up.
    assert of(staff, house, date(2026, 5, 1)).blocker == "court_stop"
    complete_stage(staff, order(), house, KEY, "vacating", date(2026, 7, 1), cost_actual_eur=15_500.5)
    found = of(staff, house)
    vacating = found.stages[1]
    assert (vacating.actual_start_on, vacating.actual_end_on, vacating.cost_actual_eur) == (
        date(2026, 3, 10), date(2026, 7, 1), 15_500.5,
    )  # fmt: skip
    assert (vacating.past_blocker, vacating.blocked_until_on) == ("court_stop", date(2026, 6, 1))
    assert (vacating.planned_end_on, found.slip_days, found.current_stage) == (date(2026, 5, 31), 31, "demolition")


def test_what_is_done_is_held_up_no_longer(staff: Asker, house: int) -> None:
    block_stage(staff, order(), house, KEY, "demolition", blocker="weather", since_on=date(2026, 9, 1))
    complete_stage(staff, order(), house, KEY, "demolition", date(2026, 9, 20))
    assert of(staff, house).demolished_on == date(2026, 9, 20)
    assert reported(staff, house, "demolition").blocked_until_on == date(2026, 9, 20)
    demolished = text("SELECT demolished_on FROM qm.property_current WHERE property_id = :id")
    assert staff.connection.execute(demolished, {"id": house}).scalar_one() == date(2026, 9, 20)


def test_a_plan_moves_or_falls_away_without_touching_what_happened(staff: Asker, house: int) -> None:
    start_stage(staff, order(), house, KEY, "vacating", date(2026, 3, 10))
    moved = PlanDraft(True, date(2026, 3, 1), date(2026, 12, 31), 12_000.10)
    plan_stage(staff, order(), house, KEY, "vacating", moved)
    found = of(staff, house)
    assert (found.stages[1].planned_end_on, found.programme) == (date(2026, 12, 31), "Stadtumbau")
    assert found.stages[1].actual_start_on == date(2026, 3, 10)
    plan_stage(staff, order(), house, KEY, "demolition", PlanDraft(is_required=False))
    assert of(staff, house).planned_demolition_on is None
    for draft, fields in (
        (moved, {"form": "unchanged"}),
        (replace(moved, planned_end_on=date(2026, 1, 1)), {"planned_end_on": "before_start"}),
        (replace(moved, cost_planned_eur=float("nan")), {"cost_planned_eur": "out_of_range"}),
    ):
        with pytest.raises(InvalidEdit) as refused:
            plan_stage(staff, order(), house, KEY, "vacating", draft)
        assert refused.value.fields == fields


def test_what_cannot_be_is_refused(staff: Asker, house: int) -> None:
    def fields(edit: object) -> object:
        with pytest.raises(InvalidEdit) as refused:
            edit()  # type: ignore[operator]
        return refused.value.fields

    on = date(2026, 6, 1)
    for stage, code in (
        ("nonsense", "unknown"),
        ("heritage_and_explosives", "not_required"),
        ("decision", "already_done"),
    ):
        assert fields(lambda stage=stage: start_stage(staff, order(), house, KEY, stage, on)) == {"stage": code}
    assert fields(lambda: start_stage(staff, order(), house, "RB-8", "vacating", on)) == {"project_key": "unknown"}
    assert fields(lambda: unblock_stage(staff, order(), house, KEY, "vacating", on)) == {"stage": "not_blocked"}
    assert fields(lambda: start_stage(staff, order(), house, KEY, "vacating", date(2099, 1, 1))) == {
        "actual_start_on": "future"
    }
    start_stage(staff, order(), house, KEY, "vacating", on)
    assert fields(lambda: start_stage(staff, order(), house, KEY, "vacating", on)) == {"stage": "already_started"}
    assert fields(lambda: complete_stage(staff, order(), house, KEY, "vacating", date(2026, 5, 1))) == {
        "actual_end_on": "before_start"
    }
    assert fields(
        lambda: block_stage(staff, order(), house, KEY, "vacating", blocker="mood", since_on=None)
    ) == {"blocker": "unknown", "blocked_since_on": "required"}  # fmt: skip


def test_an_end_is_an_outcome_and_closes_the_project(staff: Asker, house: int) -> None:
    def end(outcome: str = "renovated", on: date | None = date(2026, 8, 1), reason: str | None = "Verkauft") -> Edited:
        return end_project(staff, order(reason=reason), house, KEY, outcome=outcome, ended_on=on)

    for wrong, fields in (
        ({"outcome": "lost"}, {"outcome": "unknown"}),
        ({"on": date(2026, 1, 1)}, {"ended_on": "before_start"}),
        ({"reason": " "}, {"reason": "required"}),
    ):
        with pytest.raises(InvalidEdit) as refused:
            end(**wrong)  # type: ignore[arg-type]
        assert refused.value.fields == fields
    ended = end()
    found = of(staff, house)
    assert (found.status, found.outcome, found.ended_on, found.slip_days) == (
        "ended", "renovated", date(2026, 8, 1), None,
    )  # fmt: skip
    assert found.stages[0].actual_end_on == date(2026, 2, 2)  # its decision is still known
    with pytest.raises(InvalidEdit) as refused:
        start_stage(staff, order(), house, KEY, "vacating", date(2026, 9, 1))
    assert refused.value.fields == {"project_key": "ended"}
    undo(staff, ended.edit_id, uuid4())
    assert of(staff, house).status == "running"


def test_an_edit_is_taken_back_and_what_was_before_is_in_force_again(staff: Asker, house: int) -> None:
    start_stage(staff, order(), house, KEY, "vacating", date(2026, 3, 10))
    done = complete_stage(staff, order(), house, KEY, "vacating", date(2026, 7, 1))
    undo(staff, done.edit_id, uuid4())
    assert reported(staff, house) == ReportDraft(date(2026, 3, 10))
    report_stage(staff, order(), house, KEY, "vacating", ReportDraft(date(2026, 3, 12)))
    assert reported(staff, house) == ReportDraft(date(2026, 3, 12))


def test_the_beginning_of_a_project_is_not_taken_back_from_under_its_stages(staff: Asker, house: int) -> None:
    begun = begin_project(staff, order(), house, replace(DRAFT, key="RB-8/2026"))
    stage = start_stage(staff, order(), house, "RB-8/2026", "vacating", date(2026, 3, 10))
    with pytest.raises(InvalidEdit, match="changed_since"):
        undo(staff, begun.edit_id, uuid4())
    undo(staff, stage.edit_id, uuid4())
    planned = plan_stage(staff, order(), house, "RB-8/2026", "acceptance", PlanDraft(planned_end_on=date(2026, 12, 1)))
    report_stage(staff, order(), house, "RB-8/2026", "vacating", ReportDraft(date(2026, 3, 12)))
    undo(staff, planned.edit_id, uuid4())


def test_two_people_at_one_stage(staff: Asker, house: int) -> None:
    start_stage(staff, order(expected=0), house, KEY, "vacating", date(2026, 3, 10))
    shown = stage_versions(staff, house, KEY)["vacating", "actual"]
    complete_stage(staff, order(expected=shown), house, KEY, "vacating", date(2026, 7, 1))
    with pytest.raises(EditConflict) as conflict:
        report_stage(
            staff, order(expected=shown), house, KEY, "vacating", ReportDraft(date(2026, 3, 10), date(2026, 6, 1))
        )
    assert [one.name for one in conflict.value.changes] == ["actual_end_on"]


def test_managers_read_and_do_not_write(stage: Stage, house: int) -> None:
    with stage.ask(Scope(facts.CITY, "manager", "mara", frozenset({1}))) as asker, pytest.raises(NotAllowed):
        begin_project(asker, order(), house, DRAFT)
