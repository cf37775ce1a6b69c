"""What people enter: it becomes facts with a history, once, and only where they may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geodata import edits
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits import AddressDraft, InspectionDraft, PropertyDraft, RoundDraft
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import Desk, order

DAY = date(2026, 11, 10)
DRAFT = PropertyDraft((AddressDraft("Neuer Weg", 7, "A"),), use_type="residential", dwellings=6)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def rows(desk: Desk, query: str, **values: Any) -> list[Any]:
    with desk.loader() as connection:
        return list(connection.execute(text(query), values))


def current(desk: Desk, property_id: int) -> Any:
    [row] = rows(desk, "SELECT * FROM qm.property_current WHERE property_id = :id", id=property_id)
    return row


def visit(property_id: int, **values: Any) -> InspectionDraft:
    draft = InspectionDraft(property_id, "joint_control", DAY, "flat", "finding", ("waste",))
    return replace(draft, **values)


def test_a_status_event_is_the_state_at_once(desk: Desk) -> None:
    with desk.staff() as asker:
        done = edits.add_status_event(asker, order(), desk.in_west, state="assessed", valid_on=DAY, reason="Begehung")
    assert (current(desk, desk.in_west).state, done.property_id) == ("assessed", desk.in_west)
    [fact] = rows(desk, "SELECT * FROM qm.status_event WHERE edit_id = :id", id=done.edit_id)
    assert (fact.reason, fact.delivery_id) == ("Begehung", None)
    assert fact.key.startswith("app:")


def test_a_form_that_is_sent_twice_counts_once(desk: Desk) -> None:
    sent = order()
    with desk.staff() as asker:
        first, second = (
            edits.add_status_event(asker, sent, desk.in_west, state="assessed", valid_on=DAY, reason=None)
            for _ in range(2)
        )
    assert second == replace(first, is_repeated=True)
    assert len(rows(desk, "SELECT 1 FROM qm.status_event WHERE state = 'assessed'")) == 1
    with desk.staff("berta") as asker, pytest.raises(InvalidEdit) as refused:
        edits.add_status_event(asker, sent, desk.in_west, state="closed", valid_on=DAY, reason=None)
    assert refused.value.fields == {"submission": "used"}


def test_the_number_of_a_form_about_an_object_that_one_does_not_see_is_refused_in_words(desk: Desk) -> None:
    sent = order()
    note = {"note_class": "area", "body": "Zaun offen", "written_on": DAY}
    with desk.staff() as asker:
        edits.add_note(asker, sent, desk.in_east, **note)
    with desk.manager() as asker, pytest.raises(InvalidEdit) as refused:
        edits.add_note(asker, sent, desk.in_west, **note)
    assert refused.value.fields == {"submission": "used"}


def test_the_second_at_one_property_is_told_and_can_save_over_it(desk: Desk) -> None:
    with desk.staff() as asker:
        shown = edits.version_of(asker, desk.in_west)
        edits.add_status_event(asker, order(), desk.in_west, state="assessed", valid_on=DAY, reason=None)
    late = {"state": "observation", "valid_on": DAY, "reason": None}
    with desk.staff("berta") as asker:
        with pytest.raises(EditConflict) as told:
            edits.add_status_event(asker, order(expected=shown.status), desk.in_west, **late)
        conflict = told.value
        state = next(one for one in conflict.changes if one.name == "state")
        assert (conflict.by, state.before, state.theirs, state.yours) == ("Bea", "recorded", "assessed", "observation")
        edits.add_status_event(asker, order(expected=conflict.current), desk.in_west, **late)
    assert current(desk, desk.in_west).state == "observation"


def test_what_cannot_be_is_named_field_by_field(desk: Desk) -> None:
    def refused(act: Callable[[Asker], object]) -> dict[str, str]:
        with desk.staff() as asker, pytest.raises(InvalidEdit) as error:
            act(asker)
        return dict(error.value.fields)

    late, old = today() + timedelta(days=3), date(1899, 12, 31)
    status = {"state": "nonsense", "valid_on": late, "reason": "x" * 2_001}
    assert refused(lambda a: edits.add_status_event(a, order(), desk.in_west, **status)) == {
        "state": "unknown", "valid_on": "future", "reason": "too_long",
    }  # fmt: skip
    step = {"lead_office": "x", "next_step": "a\0b", "reminder_on": old}
    assert refused(lambda a: edits.set_next_step(a, order(), desk.in_west, **step)) == {
        "lead_office": "unknown", "next_step": "not_text", "reminder_on": "too_early",
    }  # fmt: skip
    bad = replace(DRAFT, addresses=(AddressDraft(" ", 0),), position=(2.0, 48.0), dwellings=-1, use_type="castle")
    asked = {"state": "hint", "valid_on": None, "hint_source": None}
    assert refused(lambda a: edits.create_property(a, order(), bad, **asked)) == {
        "addresses": "required", "position": "outside", "dwellings": "out_of_range", "use_type": "unknown",
        "valid_on": "required", "hint_source": "required",
    }  # fmt: skip
    assert refused(lambda a: edits.record_inspection(a, order(), visit(10**9))) == {"property_id": "not_in_scope"}
    wrong = visit(desk.in_west, result="no_finding", access_reached="roof", inspected_on=None)
    assert refused(lambda a: edits.record_inspection(a, order(), wrong)) == {
        "defects": "without_finding", "access_reached": "unknown", "inspected_on": "required",
    }  # fmt: skip
    assert rows(desk, "SELECT 1 FROM qm.edit") == []


def test_a_hint_becomes_a_property_with_the_kind_of_its_source(desk: Desk) -> None:
    with desk.staff() as asker:
        first, second = (
            edits.create_property(asker, order(), DRAFT, state="hint", valid_on=DAY, hint_source="resident")
            for _ in range(2)
        )
    row = current(desk, first.property_id or 0)
    assert (row.register, row.key, row.state) == ("app", f"Q-{today().year}-0001", "hint")
    assert (row.address_text, row.registered_on, row.geom) == ("Neuer Weg 7a", DAY, None)
    assert current(desk, second.property_id or 0).key.endswith("-0002")
    assert rows(desk, "SELECT hint_source FROM qm.status_event WHERE edit_id = :id", id=first.edit_id) == [
        ("resident",)
    ]


def test_an_official_address_gives_the_place_and_a_tap_on_the_map_wins(desk: Desk) -> None:
    with desk.loader() as connection:
        connection.execute(
            text(
                "INSERT INTO qm.address (municipality, key, street, street_norm, house_number, house_number_suffix,"
                " geom, valid_from)"
                " VALUES (:city, 'a', 'Neuer Weg', 'neuer weg', 7, 'a', CAST(:geom AS geometry), '2020-01-01')"
            ),
            {"city": facts.CITY, "geom": facts.point(500, 500)},
        )
    placed = []
    for position in (None, (7.46, 51.355)):
        draft = replace(DRAFT, position=position)
        with desk.staff() as asker:
            done = edits.create_property(asker, order(), draft, state="recorded", valid_on=DAY, hint_source=None)
        query = (
            "SELECT v.placed_by, a.address_id IS NOT NULL AS is_official, v.geom IS NOT NULL AS has_point"
            " FROM qm.property_version AS v JOIN qm.property_address AS a ON a.property_version_id = v.id"
            " WHERE v.property_id = :id"
        )
        placed += rows(desk, query, id=done.property_id)
    assert placed == [("address", True, True), ("coordinates", True, True)]


def test_the_next_step_is_a_new_version_and_the_rest_stays(desk: Desk) -> None:
    with desk.staff() as asker:
        shown = edits.version_of(asker, desk.in_west).facts
        step = {
            "lead_office": "building_control",
            "next_step": " Anhören ",
            "reminder_on": today() + timedelta(days=30),
        }
        done = edits.set_next_step(asker, order(expected=shown), desk.in_west, **step)
    [row] = rows(
        desk,
        "SELECT v.*, a.street FROM qm.property_version AS v JOIN qm.property_address AS a"
        " ON a.property_version_id = v.id WHERE v.property_id = :id AND v.superseded_at IS NULL",
        id=desk.in_west,
    )
    assert (row.next_step, row.use_type, row.street, row.edit_id) == (
        "Anhören",
        "residential",
        "Beispielweg",
        done.edit_id,
    )
    [before] = rows(desk, "SELECT superseded_at FROM qm.property_version WHERE id = :id", id=shown)
    assert before.superseded_at == row.recorded_at
    assert current(desk, desk.in_west).address_text == "Beispielweg 1"
    with desk.staff() as asker, pytest.raises(InvalidEdit, match="unchanged"):
        edits.set_next_step(asker, order(), desk.in_west, **step)


def test_a_round_has_its_visits_and_each_house_once(desk: Desk) -> None:
    draft = RoundDraft(DAY, "joint_control", ("police", "public_order"), place="Westen", persons_met=0)
    visits = [visit(desk.in_west), visit(desk.in_east, access_reached="none", result="not_completed", defects=())]
    with desk.staff() as asker:
        done = edits.record_round(asker, order(), draft, visits)
        with pytest.raises(InvalidEdit) as refused:
            edits.record_round(asker, order(), draft, [*visits, visit(desk.in_west, control_type="x")])
    assert refused.value.fields == {"inspections.2.property_id": "same", "inspections.2.control_type": "unknown"}
    assert done.property_id is None
    [(key, offices, met, registered)] = rows(
        desk, "SELECT key, offices, persons_met, persons_registered FROM qm.inspection_round"
    )
    assert (offices, met, registered) == (["public_order", "police"], 0, None)
    assert rows(desk, "SELECT DISTINCT round_key FROM qm.inspection") == [(key,)]
    assert [current(desk, one).inspections for one in (desk.in_west, desk.in_east)] == [1, 1]


def test_a_manager_edits_in_the_areas_assigned_and_nowhere_else(desk: Desk) -> None:
    status = {"state": "observation", "valid_on": DAY, "reason": "Gerüst steht"}
    with desk.manager() as asker:
        edits.add_status_event(asker, order(), desk.in_west, **status)
        edits.record_inspection(asker, order(), visit(desk.in_west))
        edits.add_note(asker, order(), desk.in_west, note_class="area", body="Ruhig", written_on=DAY)
        for act in (
            lambda: edits.add_status_event(asker, order(), desk.in_east, **status),
            lambda: edits.record_inspection(asker, order(), visit(desk.in_east)),
            lambda: edits.add_note(asker, order(), desk.in_east, note_class="area", body="x", written_on=DAY),
        ):
            with pytest.raises(InvalidEdit, match="not_in_scope"):
                act()
        with pytest.raises(InvalidEdit, match="not_allowed"):
            edits.add_note(asker, order(), desk.in_west, note_class="case", body="x", written_on=DAY)
        step = {"lead_office": None, "next_step": "x", "reminder_on": None}
        with pytest.raises(NotAllowed):
            edits.set_next_step(asker, order(), desk.in_west, **step)
    assert (current(desk, desk.in_west).state, current(desk, desk.in_west).inspections) == ("observation", 1)
    assert current(desk, desk.in_east).state == "recorded"


def test_a_correction_supersedes_and_a_withdrawn_fact_counts_no_longer(desk: Desk) -> None:
    with desk.manager() as asker:
        done = edits.record_inspection(asker, order(), visit(desk.in_west))
    [(fact,)] = rows(desk, "SELECT id FROM qm.inspection WHERE edit_id = :id", id=done.edit_id)
    with desk.manager() as asker:
        edits.correct_inspection(asker, order(), fact, visit(desk.in_west, inspected_on=DAY - timedelta(days=1)))
        with pytest.raises(EditConflict) as told:
            edits.correct_inspection(asker, order(), fact, visit(desk.in_west, access_reached="none"))
        edits.withdraw_fact(asker, order(), "inspection", told.value.current)
    assert [one.name for one in told.value.changes] == ["inspected_on"]
    assert current(desk, desk.in_west).inspections == 0
    assert len(rows(desk, "SELECT 1 FROM qm.inspection WHERE superseded_at IS NOT NULL")) == 2


def test_a_manager_corrects_what_was_entered_under_the_own_account_only(desk: Desk) -> None:
    [(delivered,)] = rows(desk, "SELECT id FROM qm.status_event WHERE property_id = :id", id=desk.in_west)
    with desk.manager() as asker, pytest.raises(NotAllowed):
        edits.withdraw_fact(asker, order(), "status_event", delivered)
    with desk.staff() as asker:
        edits.correct_status_event(asker, order(), delivered, state="suspicion", valid_on=DAY, reason="Name")
        fact = edits.version_of(asker, desk.in_west).status
        with pytest.raises(InvalidEdit, match="unchanged"):
            edits.correct_status_event(asker, order(), fact, state="suspicion", valid_on=DAY, reason=" Name ")
        edits.correct_status_event(asker, order(), fact, state="suspicion", valid_on=DAY, reason="")
    [(reason,)] = rows(desk, "SELECT reason FROM qm.status_event WHERE superseded_at IS NULL AND edit_id IS NOT NULL")
    assert reason is None
    assert current(desk, desk.in_west).state == "suspicion"


def test_correcting_a_record_tells_what_somebody_else_changed(desk: Desk) -> None:
    draft = PropertyDraft((AddressDraft("Beispielweg", 1),), use_type="commercial", registered_on=date(2020, 1, 1))
    with desk.staff() as asker:
        shown = edits.version_of(asker, desk.in_west).facts
        edits.set_next_step(asker, order(), desk.in_west, lead_office="police", next_step=None, reminder_on=None)
        with pytest.raises(EditConflict) as told:
            edits.correct_property(asker, order(expected=shown), desk.in_west, draft)
        [change] = told.value.changes
        assert (change.name, change.before, change.theirs, change.yours) == ("lead_office", None, "police", None)
        edits.correct_property(asker, order(expected=told.value.current), desk.in_west, draft)
        with pytest.raises(InvalidEdit, match="unchanged"):
            edits.correct_property(asker, order(), desk.in_west, draft)
    row = current(desk, desk.in_west)
    assert (row.use_type, row.geom, row.area_ids) == ("commercial", None, [])


def test_a_point_that_stays_keeps_how_it_was_found(desk: Desk) -> None:
    [(lon, lat)] = rows(
        desk,
        "SELECT round(ST_X(g)::numeric, 6)::float8, round(ST_Y(g)::numeric, 6)::float8"
        " FROM (SELECT ST_Transform(geom, 4326) AS g FROM qm.property_version WHERE property_id = :id) AS v",
        id=desk.in_west,
    )
    draft = PropertyDraft((AddressDraft("Beispielweg", 3),), (lon, lat), registered_on=date(2020, 1, 1))
    with desk.staff() as asker:
        edits.correct_property(asker, order(), desk.in_west, draft)
    versions = rows(desk, "SELECT geom, placed_by FROM qm.property_version WHERE property_id = :id", id=desk.in_west)
    assert [versions[0]] * 2 == versions
    assert current(desk, desk.in_west).area_ids == [desk.west]


def test_likely_duplicates_are_named(desk: Desk) -> None:
    with desk.staff() as asker:
        same = edits.possible_duplicates(asker, [AddressDraft("beispielweg", 1, "b")], None)
        place = asker.connection.execute(
            text(
                "SELECT ST_X(g), ST_Y(g) FROM (SELECT ST_Transform(ST_Translate(geom, 20, 0), 4326) AS g"
                " FROM qm.property_version WHERE property_id = :id) AS v"
            ),
            {"id": desk.in_east},
        ).one()
        near = edits.possible_duplicates(asker, [], tuple(place))
        assert edits.possible_duplicates(asker, [], tuple(place), except_id=desk.in_east) == ()
    assert [(one.property_id, one.why, one.distance_m) for one in same] == [(desk.in_west, "address", None)]
    assert [(one.property_id, one.why, round(one.distance_m or 0)) for one in near] == [(desk.in_east, "near", 20)]


def test_edits_are_listed_with_who_made_them(desk: Desk) -> None:
    with desk.staff() as asker:
        status = {"state": "assessed", "valid_on": DAY, "reason": None}
        edits.add_status_event(asker, order("status", reason="Anlass"), desk.in_west, **status)
    with desk.staff() as asker:
        [shown] = edits.read_edits(asker, desk.in_west)
    assert (shown.kind, shown.account_name, shown.reason) == ("status", "Bea", "Anlass")
    with desk.manager() as asker:
        assert [one.reason for one in edits.read_edits(asker, desk.in_west)] == [None]
