"""Assessments that follow from facts: computed, appended, explained, reported and weighed otherwise."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geodata import codes, edits, records
from geodata.assessment import computing, stale
from geodata.assessment.edits import ReportDraft, ValueDraft, changed, decide, report, set_value
from geodata.assessment.reads import frozen, preview, read_explanation, read_overview
from geodata.assessment.reports import read_reports, read_reports_of
from geodata.assessment.values import read_values
from geodata.errors import InvalidEdit, NotAllowed
from geodata.property_detail import read_assessments
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order


@pytest.fixture
def desk(stage: Stage) -> Desk:
    """In the west a fire load, found a hundred days ago; in the east a judgement that is too old, and one visit."""
    desk = Desk(stage)
    with desk.loader() as connection:
        found: dict[str, Any] = {"result": "finding", "defects": ["fire_load", "waste"]}
        facts.inspection(connection, desk.in_west, ago(100), **found)
        facts.inspection(connection, desk.in_east, ago(30))
        facts.assessment(connection, desk.in_east, ago(400), pressure=3, room_to_act=3)
        records.refresh(connection, facts.CITY, AS_OF)
    return desk


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def run(desk: Desk) -> int:
    with desk.loader() as connection:
        return computing.keep(connection, facts.CITY)


def shown(desk: Desk, property_id: int) -> tuple[str, int, int, date]:
    with desk.loader() as connection:
        columns = "assessment_colour, pressure, room_to_act, assessed_on"
        query = text(f"SELECT {columns} FROM qm.property_current WHERE property_id = :id")
        return tuple(connection.execute(query, {"id": property_id}).one())  # type: ignore[return-value]


def told(desk: Desk, property_id: int) -> dict[str, tuple[int, str]]:
    """Points and effect of each contribution."""
    with desk.staff() as asker:
        found = read_explanation(asker, property_id)
    assert found is not None
    assert found.computed is not None
    return {one.code: (one.points, one.effect) for one in found.computed.parts}


def test_what_is_computed_becomes_the_colour_where_no_young_judgement_stands_and_says_why(desk: Desk) -> None:
    assert run(desk) == 2
    assert shown(desk, desk.in_west) == ("yellow", 3, 0, AS_OF)
    assert shown(desk, desk.in_east)[:3] == ("green", 0, 0)
    assert told(desk, desk.in_west) == {"fire_safety": (4, "counted"), "waste_pests": (2, "counted")}
    with desk.staff() as asker:
        [event] = read_assessments(asker, desk.in_west, AS_OF)
        past = frozen(event.contributions)
        assert past is not None
        what = {one.code: one.what for one in past.parts}
        assert what == {"fire_safety": ("fire_load",), "waste_pests": ("waste",)}
        east = read_explanation(asker, desk.in_east)
        assert east is not None
        assert (east.judged_colour, east.computed_colour, east.is_judged, east.differs) == ("red", "green", False, True)
    assert run(desk) == 0
    with desk.loader() as connection:
        assert computing.assess(connection, facts.CITY) == 0, "the levels stay, so nothing is appended"


def test_a_judgement_of_the_office_counts_and_takes_the_place_of_what_was_computed_after_it(desk: Desk) -> None:
    run(desk)
    with desk.loader() as connection:
        facts.assessment(connection, desk.in_west, ago(20), pressure=1, room_to_act=1)
        assert computing.assess(connection, facts.CITY, property_ids=[desk.in_west]) == 1
    assert shown(desk, desk.in_west) == ("green", 1, 1, ago(20))
    with desk.staff() as asker:
        overview = read_overview(asker)
        assert (overview.properties, overview.judged, overview.computed, overview.unknown) == (2, 1, 1, 0)
        differing = {one.property_key: (one.judged_colour, one.computed_colour) for one in overview.differences}
        assert differing == {"P-1": ("green", "yellow"), "P-2": ("red", "green")}


def test_a_defect_counts_until_a_control_of_its_type_came_as_far_and_found_none(desk: Desk) -> None:
    with desk.loader() as connection:
        # Another type, and one that did not get as far: neither says that the fire load is gone.
        facts.inspection(connection, desk.in_west, ago(50), control_type="outside_view")
        facts.inspection(connection, desk.in_west, ago(40), access_reached="outside")
        facts.inspection(connection, desk.in_west, ago(30), access_reached="none", result="not_completed")
    run(desk)
    assert "fire_safety" in told(desk, desk.in_west)
    with desk.loader() as connection:
        facts.inspection(connection, desk.in_west, ago(20), result="finding", defects=["waste"])
        records.refresh(connection, facts.CITY, AS_OF)
        computing.assess(connection, facts.CITY)
    assert told(desk, desk.in_west) == {"waste_pests": (2, "counted")}


def test_proceedings_supply_closures_and_money_contribute(desk: Desk) -> None:
    city, house = facts.CITY, desk.in_west
    statements = (
        "INSERT INTO qm.measure (municipality, property_id, key, kind, opened_on, is_order_enforceable,"
        f" is_coercion_enforceable, final_on, court_status, court_since_on) VALUES ('{city}', {house}, 'M-1',"
        f" 'housing_order', '{ago(90)}', true, true, '{ago(10)}', 'action_pending', '{ago(5)}')",
        "INSERT INTO qm.measure (municipality, property_id, key, kind, opened_on, closed_on, outcome)"
        f" VALUES ('{city}', {house}, 'M-2', 'agreement', '{ago(90)}', '{ago(80)}', 'amicable')",
        "INSERT INTO qm.supply_cut (municipality, property_id, key, utility, reason, cut_on)"
        f" VALUES ('{city}', {house}, 'V-1', 'water', 'debts_of_landlord', '{ago(3)}')",
        "INSERT INTO qm.closure (municipality, property_id, key, closed_on, cause)"
        f" VALUES ('{city}', {house}, 'S-1', '{ago(2)}', 'uninhabitable')",
        "INSERT INTO qm.funding_grant (municipality, key, programme, title, property_id, granted_on, eligible_eur,"
        f" granted_eur, goal_rating) VALUES ('{city}', 'F-1', 'X', 'Ankauf', {house}, '{ago(60)}', 100, 60, 'not_yet')",
    )
    with desk.loader() as connection:
        for statement in statements:
            connection.execute(text(statement))
    run(desk)
    assert told(desk, house) == {
        "fire_safety": (4, "counted"),
        "waste_pests": (2, "counted"),
        "supply_cut": (4, "counted"),
        "house_closed": (3, "counted"),
        "proceeding_open": (1, "counted"),
        "order_enforceable": (2, "counted"),
        "order_final": (1, "counted"),
        "coercion_enforceable": (2, "counted"),
        "funding_granted": (1, "counted"),
        "court_pending": (-2, "counted"),
    }
    assert shown(desk, house)[:3] == ("red", 3, 3)


def test_a_closed_case_and_a_hint_are_not_assessed(desk: Desk) -> None:
    with desk.loader() as connection:
        facts.status(connection, desk.in_west, "closed", ago(1))
        facts.status(connection, desk.in_east, "suspicion", ago(1))
        records.refresh(connection, facts.CITY, AS_OF)
    assert run(desk) == 0
    with desk.staff() as asker:
        assert read_explanation(asker, desk.in_west) is None
        assert read_overview(asker).properties == 0


def test_an_edit_is_counted_by_the_next_run_without_looking_at_the_others(desk: Desk) -> None:
    run(desk)
    draft = edits.InspectionDraft(desk.in_east, "joint_control", AS_OF, "flat", "finding", ("fall_hazard",))
    with desk.staff() as asker:
        edits.record_inspection(asker, order("kontrolle"), draft)
    with desk.loader() as connection:
        assert stale.wanted(connection, facts.CITY) == [desk.in_east]
    assert run(desk) == 1
    assert shown(desk, desk.in_east)[:3] == ("yellow", 2, 0)
    with desk.loader() as connection:
        assert stale.wanted(connection, facts.CITY) == []


def test_other_values_are_tried_first_and_then_counted_by_a_job(desk: Desk) -> None:
    run(desk)
    draft = ValueDraft(0)
    with desk.staff() as asker:
        stated = read_values(asker)
        tried = preview(asker, changed(stated.values, "fire_safety", ValueDraft(1, 730)))
        assert (tried.properties, tried.changed, tried.moves) == (2, 0, ()), "still yellow: 3 points are level 2"
        tried = preview(asker, changed(stated.values, "fire_safety", draft))
        assert (tried.changed, tried.changed_in_force, tried.moves) == (1, 1, (("yellow", "green", 1),))
        done = set_value(asker, order("bewertung"), "waste_pests", ValueDraft(-4, 90, is_active=True))
        assert read_values(asker).contributions[4].value.points == -4
        assert read_values(asker).contributions[4].is_confirmed
        with pytest.raises(InvalidEdit, match="unchanged"):
            set_value(asker, order("bewertung"), "waste_pests", ValueDraft(-4, 90))
        with pytest.raises(InvalidEdit) as refused:
            set_value(asker, order("bewertung"), "pressure_2", ValueDraft(6))
        assert refused.value.fields == {"value": "out_of_range"}
    with desk.loader() as connection:
        kinds = connection.execute(text("SELECT kind FROM qm.job WHERE edit_id = :id"), {"id": done.edit_id}).scalars()
        assert kinds.all() == ["assessment"]
    run(desk)
    assert told(desk, desk.in_west)["waste_pests"] == (0, "too_old")
    with desk.staff() as asker:
        edits.undo(asker, done.edit_id, order("x").submission)
        assert read_values(asker).contributions[4].value.points == 2
    with desk.manager() as asker, pytest.raises(NotAllowed):
        set_value(asker, order("bewertung"), "waste_pests", draft)


def test_a_report_is_made_by_a_manager_and_decided_by_building_control(desk: Desk) -> None:
    with desk.manager() as asker:
        with pytest.raises(InvalidEdit):
            report(asker, order("m"), desk.in_east, ReportDraft("fire_safety", "fact_outdated"))
        with pytest.raises(InvalidEdit) as refused:
            report(asker, order("m"), desk.in_west, ReportDraft(None, "other"))
        assert refused.value.fields == {"note": "required"}
        report(asker, order("m"), desk.in_west, ReportDraft("fire_safety", "fact_outdated", "Seit Mai geräumt."))
        [mine] = read_reports_of(asker, desk.in_west)
        assert (mine.state, mine.note, mine.reported_by) == ("open", None, None)
        with pytest.raises(NotAllowed):
            decide(asker, order("d"), mine.key, reason="facts_right", note=None)
    with desk.staff() as asker:
        [one] = read_reports(asker, is_open=True)
        assert (one.note, one.reported_by, one.property_key) == ("Seit Mai geräumt.", "Quirin", "P-1")
        decide(asker, order("d"), one.key, reason="fact_corrected", note="Kontrolle nachgetragen.")
        assert read_reports(asker, is_open=True) == ()
        with pytest.raises(InvalidEdit):
            decide(asker, order("d"), one.key, reason="facts_right", note=None)
    with desk.manager() as asker:
        [mine] = read_reports_of(asker, desk.in_west)
        assert (mine.state, mine.reason, mine.decision_note) == ("accepted", "fact_corrected", None)


def test_a_manager_takes_back_an_own_report_and_no_other(desk: Desk) -> None:
    with desk.manager() as asker:
        mine = report(asker, order("m"), desk.in_west, ReportDraft("fire_safety", "fact_outdated"))
    with desk.manager("paula") as asker:
        report(asker, order("m"), desk.in_west, ReportDraft("waste_pests", "fact_wrong"))
        superseding = text("UPDATE qm.assessment_report SET superseded_at = now() WHERE superseded_at IS NULL")
        with asker.connection.begin_nested() as savepoint:
            assert asker.connection.execute(superseding).rowcount == 1
            savepoint.rollback()
    with desk.manager() as asker:
        edits.undo(asker, mine.edit_id, order().submission)
        assert [one.contribution for one in read_reports_of(asker, desk.in_west)] == ["waste_pests"]


def test_the_mark_of_a_run_tells_apart_deliveries_whose_numbers_have_one_sum(desk: Desk) -> None:
    came = text(
        "INSERT INTO qm.delivery (municipality, source, mapping, file_name, file_sha256, file_bytes, as_of,"
        " as_of_from, seconds) VALUES (:city, 'properties', 'x', 'x.csv', 'x', 1, '2026-01-01', 'file_name', 0)"
        " RETURNING id"
    )
    went = text("UPDATE qm.delivery SET withdrawn_at = CASE WHEN id = ANY (:ids) THEN NULL ELSE now() END")

    def mark_with(*ids: int) -> Any:
        connection.execute(went, {"ids": list(ids)})
        found = stale.mark_of(connection, facts.CITY)
        assert found is not None
        return found.delivery_mark

    with desk.loader() as connection:
        one, two, three, four = (connection.execute(came, {"city": facts.CITY}).scalar_one() for _ in range(4))
        assert one + four == two + three
        assert mark_with(one, four) != mark_with(two, three)
        assert mark_with(one, four) == mark_with(four, one)


def test_every_contribution_has_values(desk: Desk) -> None:
    with desk.staff() as asker:
        stated = read_values(asker)
    assert [one.value.code for one in stated.contributions] == list(codes.ASSESSMENT_CONTRIBUTIONS)
    assert [one.code for one in stated.thresholds] == list(codes.ASSESSMENT_THRESHOLDS)
    assert not any(one.is_confirmed for one in stated.contributions)
