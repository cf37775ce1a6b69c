"""What there is to do, and what changed: reminders, due dates, access to clarify, news and corrections of some days."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text, update

from geodata import records, tables
from geodata.access import Asker, Scope
from geodata.changes import KINDS, Change, Difference, read_changes
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.inspections import read_due_dates, read_inspections
from geodata.intervals import Visit
from geodata.work import read_access_tasks, read_due, read_overdue, read_reminders
from tests.conftest import Stage
from tests.factories import deliveries, facts

AS_OF = date(2026, 11, 15)
STAFF = Scope(facts.CITY, "staff", "bauaufsicht")
TODAY = PropertyFilter(as_of=AS_OF)
NOVEMBER = Period(date(2026, 11, 1), AS_OF)
PAST = datetime(2026, 1, 1, 8, tzinfo=UTC)


def tell_story(connection: Connection) -> dict[str, int]:
    """A mill in the west that nobody gets into, a villa in the east, a closed shop, each with a reminder."""
    facts.municipality(connection)
    west = facts.area(connection, key="w", kind="quartier", name="Westend", geom=facts.square(0, 0, 2_000))
    facts.rule(connection)
    mill = facts.property_(
        connection, key="H-1", geom=facts.point(500, 500), addresses=[("Mühlenstraße", 3)], is_inhabited=True,
        reminder_on=date(2026, 11, 1), next_step="Zutritt klären",
    )  # fmt: skip
    villa = facts.property_(
        connection, key="H-2", geom=facts.point(3_000, 500), addresses=[("Am Hang", 1)],
        registered_on=date(2025, 11, 20), reminder_on=AS_OF,
    )  # fmt: skip
    shop = facts.property_(
        connection, key="H-3", geom=facts.point(600, 500), addresses=[("Markt", 9)], reminder_on=date(2026, 10, 1)
    )
    facts.status(connection, shop, "closed", date(2026, 11, 3))
    return {"west": west, "mill": mill, "villa": villa, "shop": shop}


def told(stage: Stage, *more: Any) -> dict[str, int]:
    """The story, with further facts, and the derived tables at the as-of date."""
    with stage.as_loader() as loader:
        houses = tell_story(loader)
        for one in more:
            one(loader, houses)
        records.refresh(loader, facts.CITY, AS_OF)
    return houses


def manager(houses: dict[str, int]) -> Scope:
    return Scope(facts.CITY, "manager", "m", frozenset({houses["west"]}))


# --- what there is to do ----------------------------------------------------------------------------------------------


def test_reminders_of_open_properties_by_date(stage: Stage) -> None:
    houses = told(stage)
    with stage.ask(STAFF) as asker:
        late = read_reminders(asker, TODAY, first_on=None, last_on=date(2026, 11, 14), most=5)
        now = read_reminders(asker, TODAY, first_on=AS_OF, last_on=AS_OF, most=5)
        one_of = read_reminders(asker, TODAY, first_on=None, last_on=AS_OF, most=1)
    assert [(one.address, one.next_step) for one in late.rows] == [("Mühlenstraße 3", "Zutritt klären")]
    assert [one.property_id for one in now.rows] == [houses["villa"]]
    assert (one_of.total, len(one_of.rows)) == (2, 1)


def test_a_manager_gets_the_own_reminders_without_their_text(stage: Stage) -> None:
    houses = told(stage)
    with stage.ask(manager(houses)) as asker:
        found = read_reminders(asker, TODAY, first_on=None, last_on=AS_OF, most=5)
    assert [(one.property_id, one.next_step) for one in found.rows] == [(houses["mill"], None)]


def test_what_is_overdue_is_not_due_and_the_longest_stands_first(stage: Stage) -> None:
    houses = told(stage)
    with stage.ask(STAFF) as asker:
        overdue = read_overdue(asker, TODAY, most=5)
        due = read_due(asker, TODAY, last_on=date(2026, 12, 15), most=5)
        no_more = read_due(asker, TODAY, last_on=date(2026, 11, 19), most=5)
        in_west = read_due(asker, PropertyFilter(as_of=AS_OF, area_ids=(houses["west"],)), last_on=date.max, most=5)
    assert [(one.property_id, one.due_on) for one in overdue.rows] == [(houses["mill"], date(2020, 12, 31))]
    assert [(one.property_id, one.due_on) for one in due.rows] == [(houses["villa"], date(2026, 11, 20))]
    assert (overdue.total, due.total, no_more.total, in_west.total) == (1, 1, 0, 0)


def visits_of_the_mill(connection: Connection, houses: dict[str, int]) -> None:
    for day, reached in (
        (date(2024, 1, 9), "none"),
        (date(2024, 6, 9), "flat"),
        (date(2025, 6, 9), "none"),
        (date(2026, 6, 9), "outside"),
    ):
        facts.inspection(connection, houses["mill"], day, access_reached=reached)
    # One failed visit of the villa is none in a row; a type that no rule asks for opens nothing.
    facts.inspection(connection, houses["villa"], date(2026, 6, 9), access_reached="none")
    for day in (date(2026, 7, 1), date(2026, 8, 1)):
        facts.inspection(connection, houses["villa"], day, access_reached="none", control_type="fire_safety")


@pytest.mark.parametrize(("as_of", "failed"), [(AS_OF, 2), (date(2026, 6, 8), None), (date(2026, 6, 9), 2)])
def test_two_failed_visits_in_a_row_open_the_task_of_access(stage: Stage, as_of: date, failed: int | None) -> None:
    houses = told(stage, visits_of_the_mill)
    with stage.ask(STAFF) as asker:
        found = read_access_tasks(asker, PropertyFilter(as_of=as_of), most=5)
    expected = [(houses["mill"], failed, date(2026, 6, 9))] if failed else []
    assert [(one.property_id, one.failed_visits, one.tried_on) for one in found.rows] == expected
    assert found.total == len(expected)


def test_the_list_of_access_agrees_with_the_page_of_each_property(stage: Stage) -> None:
    """The rule is written twice, once for a city and once for a house."""

    def many_visits(connection: Connection, houses: dict[str, int]) -> None:
        visits_of_the_mill(connection, houses)
        facts.rule(connection, control_type="fire_safety", interval_days=2190)
        for number, levels in enumerate(("nn", "nfn", "fnn", "nnf", "nnn", "of"), start=10):
            house = facts.property_(connection, key=f"H-{number}", geom=facts.point(700, 500), is_inhabited=False)
            for year, level in enumerate(levels, start=2021):
                reached = {"n": "none", "f": "flat", "o": "outside"}[level]
                facts.inspection(connection, house, date(year, 5, 5), access_reached=reached)

    houses = told(stage, many_visits)
    with stage.ask(STAFF) as asker:
        listed = {
            (one.property_id, one.control_type): one.failed_visits
            for one in read_access_tasks(asker, TODAY, most=50).rows
        }
        ids = asker.connection.execute(text("SELECT property_id, is_inhabited FROM qm.property_current")).all()
        on_pages = {
            (property_id, due.control_type): due.failed_visits
            for property_id, is_inhabited in ids
            for due in _due_dates(asker, property_id, is_inhabited)
            if due.failed_visits >= 2
        }
    assert listed == on_pages
    assert (houses["villa"], "fire_safety") in listed
    assert len(listed) == 5


def _due_dates(asker: Asker, property_id: int, is_inhabited: bool | None) -> Any:
    visits = [
        Visit(one.control_type, one.valid_on, one.access_reached) for one in read_inspections(asker, property_id, AS_OF)
    ]
    return read_due_dates(asker, property_id, AS_OF, visits=visits, is_inhabited=is_inhabited)


# --- what changed -----------------------------------------------------------------------------------------------------


def kinds_of(changes: tuple[Change, ...]) -> list[tuple[str, str | None]]:
    return [(change.kind, change.code) for change in changes]


def news(connection: Connection, houses: dict[str, int]) -> None:
    facts.inspection(connection, houses["mill"], date(2026, 11, 4), result="finding")
    facts.inspection(connection, houses["mill"], date(2026, 10, 31))
    facts.assessment(connection, houses["mill"], date(2026, 11, 1), pressure=3, room_to_act=3)
    facts.property_(
        connection, key="H-9", geom=facts.point(900, 500), addresses=[("Neu", 1)], registered_on=date(2026, 11, 15)
    )
    stage = tables.demolition_stage
    connection.execute(
        stage.insert().values(
            municipality=facts.CITY, property_id=houses["villa"], key="D-1", project_key="D", stage="gutting",
            aspect="actual", actual_end_on=date(2026, 11, 10),
        )
    )  # fmt: skip


def test_news_of_the_period_stand_the_latest_first(stage: Stage) -> None:
    houses = told(stage, news)
    with stage.ask(STAFF) as asker:
        found = read_changes(asker, TODAY, NOVEMBER, most=50)
        two = read_changes(asker, TODAY, NOVEMBER, most=2)
        states = read_changes(asker, TODAY, NOVEMBER, kinds=["status"], most=50)
    assert kinds_of(found.rows) == [
        ("property", "residential"),
        ("stage", "gutting"),
        ("inspection", "joint_control"),
        ("status", "closed"),
        ("assessment", "red"),
    ]
    visit = found.rows[2]
    assert (visit.on, visit.address, visit.access, visit.result) == (
        date(2026, 11, 4), "Mühlenstraße 3", "flat", "finding",
    )  # fmt: skip
    assert (found.total, two.total, len(two.rows)) == (5, 5, 2)
    assert kinds_of(states.rows) == [("status", "closed")]
    with stage.ask(manager(houses)) as asker:
        own = read_changes(asker, TODAY, NOVEMBER, most=50)
    assert "stage" not in [change.kind for change in own.rows], "the villa lies in the east"
    assert own.total == 4


def test_a_correction_is_news_on_the_date_of_its_delivery_and_tells_what_differs(stage: Stage) -> None:
    def corrections(connection: Connection, houses: dict[str, int]) -> None:
        later = deliveries.delivery(connection, as_of=date(2026, 11, 12))
        values = {"recorded_at": PAST}
        old = facts.status(connection, houses["mill"], "demolition", date(2026, 1, 5), key="E-1", **values)
        moment = datetime(2026, 11, 20, 8, tzinfo=UTC)
        connection.execute(
            update(tables.status_event).where(tables.status_event.c.id == old).values(superseded_at=moment)
        )
        facts.status(
            connection, houses["mill"], "procedure_regulatory", date(2026, 1, 5), key="E-1", recorded_at=moment,
            delivery_id=later, reason="nur für die Sachbearbeitung",
        )  # fmt: skip
        version = tables.property_version
        same = connection.execute(
            update(version).where(version.c.property_id == houses["mill"]).values(superseded_at=moment)
            .returning(*version.c)
        ).mappings().one()  # fmt: skip
        again = {**same, "dwellings": 16, "next_step": "anders", "superseded_at": None, "recorded_at": moment}
        connection.execute(version.insert().values({**again, "delivery_id": later, "id": same["id"] + 1_000}))

    told(stage, corrections)
    with stage.ask(STAFF) as asker:
        found = read_changes(asker, TODAY, NOVEMBER, kinds=["correction"], most=50)
        earlier = read_changes(asker, TODAY, Period(date(2026, 10, 1), date(2026, 11, 11)), most=50)
    assert {(one.on, one.about) for one in found.rows} == {
        (date(2026, 11, 12), "status_event"),
        (date(2026, 11, 12), "property_version"),
    }
    by_table = {one.about: one for one in found.rows}
    assert by_table["status_event"].differences == (Difference("state", "demolition", "procedure_regulatory"),)
    assert by_table["property_version"].differences == (Difference("dwellings", None, 16),)
    assert "correction" not in [one.kind for one in earlier.rows]
    assert "Sachbearbeitung" not in repr(found)
    assert "anders" not in repr(found)


def test_politics_is_told_nothing(stage: Stage) -> None:
    told(stage, news)
    with stage.ask(Scope(facts.CITY, "politics", "p")) as asker:
        for read in (
            lambda: read_changes(asker, TODAY, NOVEMBER, kinds=KINDS, most=5),
            lambda: read_reminders(asker, TODAY, first_on=None, last_on=AS_OF, most=5),
            lambda: read_overdue(asker, TODAY, most=5),
            lambda: read_due(asker, TODAY, last_on=AS_OF, most=5),
            lambda: read_access_tasks(asker, TODAY, most=5),
        ):
            with pytest.raises(NotAllowed):
                read()
