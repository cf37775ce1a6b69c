"""Saved scenarios: kept with the numbers of the moment, renamed, withdrawn, taken back; for building control only."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geodata import edits
from geodata.access import Scope
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from geodata.scenario import saved
from geodata.scenario.question import Scenario, Teams, Wish, from_query
from geodata.scenario.saved import read_scenario, read_scenarios, rename_scenario, save_scenario, withdraw_scenario
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

SUMMARY: dict[str, Any] = {"visits_per_year": 110.5, "teams_needed": None, "months": 24, "areas": []}


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def question(desk: Desk) -> Scenario:
    teams = Teams(2, 0.45, 6.5, 0.18, (("police", 0.5),))
    return Scenario(AS_OF, 24, teams, (Wish(desk.west, "joint_control", 60),))


def keep(desk: Desk, name: str = "West alle 60 Tage") -> int:
    with desk.staff() as asker:
        return save_scenario(
            asker, order("scenario_save"), name, question(desk), SUMMARY, "für den Ausschuss"
        ).scenario_id


def test_a_scenario_is_found_again_with_the_question_and_the_numbers_of_its_moment(desk: Desk) -> None:
    number = keep(desk)
    with desk.staff("berta") as asker:
        found = read_scenario(asker, number)
        assert found is not None
        assert (found.name, found.note, found.saved_by, found.as_of) == (
            "West alle 60 Tage", "für den Ausschuss", "Bea", AS_OF,
        )  # fmt: skip
        assert found.summary == SUMMARY
        other = Scenario(date(2020, 1, 1), 12, Teams(1, 1, 1, 0))
        assert from_query(found.query, other) == question(desk), "what it asks does not depend on today's defaults"
        assert read_scenarios(asker) == (found,)
        assert read_scenario(asker, number + 1) is None


def test_a_form_that_is_sent_twice_saves_once(desk: Desk) -> None:
    sent = order("scenario_save")
    with desk.staff() as asker:
        first = save_scenario(asker, sent, "einmal", question(desk), SUMMARY)
        again = save_scenario(asker, sent, "einmal", question(desk), SUMMARY)
        assert (again.scenario_id, again.is_repeated) == (first.scenario_id, True)
        assert len(read_scenarios(asker)) == 1


def test_a_renamed_scenario_keeps_number_question_numbers_and_author(desk: Desk) -> None:
    number = keep(desk)
    with desk.staff("berta") as asker:
        before = read_scenario(asker, number)
        assert before is not None
        rename_scenario(asker, order(expected=before.version), number, "  West, 60 Tage ")
        after = read_scenario(asker, number)
        assert after is not None
        assert (after.name, after.note, after.saved_by) == ("West, 60 Tage", None, "Bea")
        assert (after.id, after.query, after.summary, after.saved_at) == (
            number, before.query, before.summary, before.saved_at,
        )  # fmt: skip
        with pytest.raises(InvalidEdit, match="unchanged"):
            rename_scenario(asker, order(), number, "West, 60 Tage")
        with pytest.raises(EditConflict) as conflict:
            rename_scenario(asker, order(expected=before.version), number, "anders")
        assert [(one.name, one.theirs, one.yours) for one in conflict.value.changes] == [
            ("name", "West, 60 Tage", "anders")
        ]
    with desk.loader() as connection:
        assert connection.execute(text("SELECT count(*) FROM qm.scenario")).scalar_one() == 2, "nothing is overwritten"


def test_a_withdrawn_scenario_is_gone_until_that_is_taken_back(desk: Desk) -> None:
    number = keep(desk)
    with desk.staff() as asker:
        edit = withdraw_scenario(asker, order(), number).edit_id
        assert read_scenarios(asker) == ()
        for again in (
            lambda: withdraw_scenario(asker, order(), number),
            lambda: rename_scenario(asker, order(), number, "x"),
        ):
            with pytest.raises(InvalidEdit, match="withdrawn"):
                again()
        edits.undo(asker, edit, uuid4())
        found = read_scenario(asker, number)
        assert found is not None
        assert (found.name, found.saved_by) == ("West alle 60 Tage", "Bea")


@pytest.mark.parametrize(
    ("name", "note", "problems"),
    [
        ("  ", None, {"name": "required"}),
        ("n" * 121, "n" * 2_001, {"name": "too_long", "note": "too_long"}),
        ("WEST alle 60 tage", None, {"name": "used"}),
        ("mit\x00Null", None, {"name": "not_text"}),
    ],
)
def test_names_that_say_nothing_or_are_taken_are_refused(
    desk: Desk, name: str, note: str | None, problems: dict[str, str]
) -> None:
    keep(desk)
    with desk.staff() as asker, pytest.raises(InvalidEdit) as refused:
        save_scenario(asker, order(), name, question(desk), SUMMARY, note)
    assert refused.value.fields == problems


def test_a_list_that_nobody_would_read_is_not_made_longer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST_SCENARIOS", 1)
    keep(desk)
    with desk.staff() as asker, pytest.raises(InvalidEdit, match="too_many"):
        save_scenario(asker, order(), "noch eines", question(desk), SUMMARY)


def test_only_building_control_of_the_city_reads_and_saves(desk: Desk) -> None:
    number = keep(desk)
    with desk.manager() as asker:
        for refused in (
            lambda: read_scenarios(asker),
            lambda: read_scenario(asker, number),
            lambda: save_scenario(asker, order(), "x", question(desk), SUMMARY),
            lambda: withdraw_scenario(asker, order(), number),
        ):
            with pytest.raises(NotAllowed):
                refused()
        with pytest.raises(DBAPIError, match="permission denied"), asker.connection.begin_nested():
            asker.connection.execute(text("SELECT * FROM qm.scenario"))
    with desk.loader() as connection:
        facts.municipality(connection, key="elsewhere")
    with desk.stage.ask(Scope("elsewhere", "staff", "emil")) as asker:
        assert asker.connection.execute(text("SELECT count(*) FROM qm.scenario")).scalar_one() == 0
        assert read_scenario(asker, number) is None


def test_the_numbers_of_a_saved_scenario_cannot_be_changed_in_place(desk: Desk) -> None:
    keep(desk)
    with desk.staff() as asker, pytest.raises(DBAPIError, match="permission denied"), asker.connection.begin_nested():
        asker.connection.execute(text("UPDATE qm.scenario SET summary = '{}'"))
