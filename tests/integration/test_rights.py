"""What an external manager sees of the areas assigned: no owner, count of persons, proceeding or planned date."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geodata import records, watching
from geodata.access import Asker, Role, Scope
from geodata.calendar import today
from geodata.changes import read_changes
from geodata.edits import Order, add_status_event, set_next_step, version_of
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.figures import is_open_to, read_figures
from geodata.filters import PropertyFilter
from geodata.inspections import read_inspections
from geodata.properties import Frame, read_count, read_counts_by_state, read_page, read_view
from geodata.property_detail import (
    find_property,
    read_neighbours,
    read_property,
    read_status_events,
)
from tests.conftest import Stage
from tests.factories import facts

AS_OF = date(2026, 6, 30)
WORLD = Frame((-180.0, -85.0, 180.0, 85.0), 15.0)


class Street:
    """Two houses in the area assigned, one of them in a proceeding, and one house outside of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        with stage.as_loader() as connection:
            facts.municipality(connection)
            self.west = facts.area(connection, key="west", geom=facts.square(0, 0, 2_000))
            facts.rule(connection)
            secrets = {
                "file_reference": "AZ 63-17", "next_step": "Anhören", "reminder_on": date(2026, 7, 3),
                "lead_office": "building_control", "ownership_form": "company",
            }  # fmt: skip
            self.house = facts.property_(connection, key="W-1", geom=facts.point(500, 1_000), **secrets)
            self.quiet = facts.property_(connection, key="W-2", geom=facts.point(540, 1_000))
            self.other = facts.property_(connection, key="E-1", geom=facts.point(3_500, 1_000), **secrets)
            for house in (self.house, self.other):
                facts.status(connection, house, "recorded", date(2020, 1, 1), reason="Hinweis aus dem Haus")
                facts.status(connection, house, "procedure_regulatory", date(2026, 6, 10), reason="Anordnung")
                facts.assessment(connection, house, date(2026, 6, 11))
                facts.inspection(connection, house, date(2026, 6, 1), round_key="R-1")
                facts.demolition(connection, house, "acquisition", planned_end_on=date(2026, 9, 1))
                facts.demolition(connection, house, "acquisition", "actual", actual_end_on=date(2026, 6, 2))
            records.refresh(connection, facts.CITY, AS_OF)

    def ask(self, role: Role) -> Any:
        """A transaction of a role of the western area."""
        areas = frozenset({self.west}) if role in ("manager", "external_manager") else frozenset()
        return self.stage.ask(Scope(facts.CITY, role, "test", areas))


@pytest.fixture
def street(stage: Stage) -> Street:
    return Street(stage)


@pytest.fixture
def external(street: Street) -> Iterator[Asker]:
    with street.ask("external_manager") as asker:
        yield asker


def test_the_state_is_the_last_one_that_tells_of_no_proceeding(street: Street) -> None:
    with street.ask("manager") as asker:
        known = {row.key: row for row in read_page(asker, PropertyFilter())}
    with street.ask("external_manager") as asker:
        masked = {row.key: row for row in read_page(asker, PropertyFilter())}
        view = read_view(asker, PropertyFilter(), WORLD)
    assert known["W-1"].state == "procedure_regulatory"
    assert set(masked) == set(known) == {"W-1", "W-2"}
    assert (masked["W-1"].state, masked["W-1"].state_since_on) == ("recorded", date(2020, 1, 1))
    assert masked["W-1"].colour is None
    assert masked["W-1"].due_on is None
    assert known["W-1"].due_on is not None
    assert masked["W-1"].last_inspected_on == date(2026, 6, 1)
    assert set(view.state) == {"recorded", None}
    assert set(view.colour) == {None}


def test_one_object_comes_without_what_is_not_for_the_contractor(street: Street, external: Asker) -> None:
    detail = read_property(external, street.house, AS_OF)
    assert detail is not None
    hidden = (detail.file_reference, detail.next_step, detail.reminder_on, detail.lead_office, detail.ownership_form)
    assert hidden == (None,) * 5
    assert detail.state == "recorded"
    assert detail.assessed_on is None
    assert [(event.state, event.reason) for event in read_status_events(external, street.house, AS_OF)] == [
        ("recorded", None)
    ]
    assert [visit.valid_on for visit in read_inspections(external, street.house, AS_OF)] == [date(2026, 6, 1)]
    assert [one.id for one in read_neighbours(external, street.house, AS_OF)] == [street.quiet]
    assert find_property(external, "main/E-1") is None
    assert read_property(external, street.other, AS_OF) is None


def test_nothing_tells_that_a_case_goes_on(street: Street) -> None:
    """Neither the order of points on the map nor the origin of facts nor the watchlist."""

    def seen() -> Any:
        with street.ask("external_manager") as asker:
            detail = read_property(asker, street.house, AS_OF)
            assert detail is not None
            news = [one.changes for one in watching.read_watched(asker, today())]
            return read_view(asker, PropertyFilter(), WORLD), detail, news

    with street.ask("external_manager") as asker:
        watching.watch(asker, street.house)
    before = seen()
    with street.ask("staff") as asker:
        order = Order(uuid4(), "step", expected=version_of(asker, street.house).facts)
        plan = {"lead_office": None, "next_step": "Anhören", "reminder_on": date(2026, 7, 9)}
        set_next_step(asker, order, street.house, **plan)
        status = {"state": "procedure_acquisition", "valid_on": date(2026, 6, 12), "reason": None}
        add_status_event(asker, Order(uuid4(), "status"), street.house, **status)
    assert seen() == before


def test_a_file_reference_cannot_be_searched_for(street: Street, external: Asker) -> None:
    assert read_page(external, PropertyFilter(text="AZ 63-17")) == ()
    assert [row.key for row in read_page(external, PropertyFilter(text="W-1"))] == ["W-1"]


@pytest.mark.parametrize(
    "chosen",
    [
        PropertyFilter(due="overdue"),
        PropertyFilter(colours=("red",)),
        PropertyFilter(states=("recorded", "procedure_regulatory")),
    ],
)
def test_a_filter_that_would_tell_is_refused(external: Asker, chosen: PropertyFilter) -> None:
    for read in (read_count, read_counts_by_state, read_page):
        with pytest.raises(NotAllowed):
            read(external, chosen)


def test_figures_of_due_dates_assessments_and_projects_are_refused_and_others_answered(external: Asker) -> None:
    for key in ("objects_red", "controls_on_time", "controls_overdue", "failed_access", "projects_running"):
        assert not is_open_to(external.scope, key)
        with pytest.raises(NotAllowed):
            read_figures(external, PropertyFilter(), keys=[key])
    found = read_figures(external, PropertyFilter(), keys=["objects_open", "inspections_done", "rounds_held"])
    assert [value.value for value in found.values()] == [2, 1, 0]


def test_news_are_told_without_proceedings_and_stages(street: Street) -> None:
    days = Period(date(2026, 6, 1), AS_OF)
    with street.ask("manager") as asker:
        known = {change.kind for change in read_changes(asker, PropertyFilter(), days, most=50).rows}
    with street.ask("external_manager") as asker:
        told = [(change.kind, change.code) for change in read_changes(asker, PropertyFilter(), days, most=50).rows]
    assert known == {"status", "assessment", "inspection", "stage"}
    assert told == [("inspection", "joint_control")]


EXTERNAL_LACKS = (
    "SELECT file_reference FROM qm.property_version",
    "SELECT ownership_form FROM qm.property_version",
    "SELECT reminder_on FROM qm.property_version",
    "SELECT next_step FROM qm.property_version",
    "SELECT reason FROM qm.status_event",
    "SELECT state FROM qm.property_current",
    "SELECT search_text FROM qm.property_current",
    "SELECT persons_met FROM qm.inspection_round",
    "SELECT planned_end_on FROM qm.demolition_stage",
    "SELECT blocker FROM qm.demolition_stage",
    *(
        f"SELECT 1 FROM qm.{table}"
        for table in (
            "property_due", "interval_rule", "figure_cube", "pair_cube", "overdue_day", "cell_count", "edit", "note",
            "photograph", "rejected_row", "account", "interval_release", "round_plan", "round_plan_stop",
            "round_plan_skip", "scenario", "job", "resolution", "measure", "measure_step", "supply_cut", "measure_kind",
            "closure", "closure_event", "dwelling_change", "replacement_dwelling", "housing_definition",
            "funding_programme", "funding_grant", "funding_call", "funding_cost", "funding_interest",
        )
    ),
    "SELECT * FROM qm.property_at('de-test01', '2026-06-30')",
    "SELECT * FROM qm.due_at('de-test01', '2026-06-30')",
    "SELECT set_config('role', current_database() || '_manager', true)",
)  # fmt: skip
MANAGER_LACKS = (
    "SELECT next_step FROM qm.property_version",
    "SELECT reason FROM qm.status_event",
    "SELECT reason FROM qm.edit",
    "SELECT reason FROM qm.property_link",
    "SELECT persons_met FROM qm.inspection_round",
    "SELECT reason FROM qm.interval_release",
    "SELECT offices, start_name FROM qm.round_plan",
    "SELECT 1 FROM qm.round_plan_skip",
    "SELECT 1 FROM qm.scenario",
    "SELECT 1 FROM qm.job",
    "INSERT INTO qm.job (municipality, kind, asked_by, edit_id) VALUES ('de-test01', 'rules', 'test', 1)",
    "INSERT INTO qm.resolution SELECT * FROM qm.resolution",
    "UPDATE qm.interval_rule SET superseded_at = now()",
    "SELECT note FROM qm.measure",
    "SELECT milder_means_note FROM qm.measure",
    "SELECT note FROM qm.measure_step",
    "SELECT note FROM qm.supply_cut",
    "UPDATE qm.measure SET superseded_at = now()",
    "UPDATE qm.closure SET superseded_at = now()",
    "INSERT INTO qm.replacement_dwelling SELECT * FROM qm.replacement_dwelling",
    "INSERT INTO qm.funding_grant SELECT * FROM qm.funding_grant",
    "UPDATE qm.funding_call SET superseded_at = now()",
)
STAFF_LACKS = (
    *(
        f"UPDATE qm.{table} SET municipality = municipality"
        for table in ("interval_rule", "interval_release", "job", "scenario", "round_plan", "round_plan_stop",
                      "round_plan_skip", "resolution", "measure", "measure_step", "supply_cut", "closure",
                      "closure_event", "dwelling_change", "replacement_dwelling", "funding_programme", "funding_grant",
                      "funding_call", "funding_cost")
    ),
    *(
        f"DELETE FROM qm.{table}"
        for table in ("interval_rule", "interval_release", "job", "scenario", "round_plan", "round_plan_stop",
                      "round_plan_skip", "resolution", "measure", "measure_step", "supply_cut", "closure",
                      "closure_event", "dwelling_change", "replacement_dwelling", "funding_programme", "funding_grant",
                      "funding_call", "funding_cost")
    ),
    "UPDATE qm.job SET state = 'done'",
    "INSERT INTO qm.job (state) VALUES ('done')",
    "SELECT setval('qm.scenario_id_seq', 1)",
)  # fmt: skip


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        *(("external_manager", one) for one in EXTERNAL_LACKS[:-1]),
        *(("manager", one) for one in MANAGER_LACKS),
        *(("staff", one) for one in STAFF_LACKS),
    ],
)
def test_the_database_itself_refuses(street: Street, role: Role, statement: str) -> None:
    with (
        street.ask(role) as asker,
        pytest.raises(DBAPIError, match="permission denied"),
        asker.connection.begin_nested(),
    ):
        asker.connection.execute(text(statement))


def test_rows_that_tell_of_proceedings_and_plans_are_not_there(external: Asker) -> None:
    for query, expected in (
        ("SELECT count(*) FROM qm.assessment_event", 0),
        ("SELECT count(*) FROM qm.demolition_stage", 0),
        ("SELECT count(*) FROM qm.status_event WHERE state LIKE 'procedure%'", 0),
        ("SELECT count(*) FROM qm.status_event", 1),
    ):
        assert external.connection.execute(text(query)).scalar_one() == expected, query
