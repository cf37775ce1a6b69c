"""Closed houses, dwellings lost and won, the pool: entered, corrected, seen by whom, moved, delivered."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl.withdraw import CannotWithdraw, withdraw
from geodata.access import Asker
from geodata.edits import AddressDraft, PropertyDraft, merge, split, undo
from geodata.edits.movable import chosen_ids, read_movable
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.housing.edits import (
    ClosureDraft,
    DwellingChangeDraft,
    EventDraft,
    add_event,
    correct_closure,
    enter_change,
    enter_closure,
    withdraw_change,
    withdraw_closure,
    withdraw_event,
)
from geodata.housing.pool_edits import (
    PoolDwellingDraft,
    add_dwelling,
    end_dwelling,
    release_dwelling,
    take_dwelling,
)
from geodata.housing.reads import (
    read_balance,
    read_changes,
    read_closure,
    read_closures,
    read_closures_of,
    read_pool,
    read_pool_dwellings,
    read_whereabouts,
)
from geodata.housing.survey import read_survey
from geodata.settings import DatabaseUrls
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order
from tests.factories.office import Office, reasons

ALL = PropertyFilter(as_of=AS_OF)
HOUSE = ClosureDraft(date(2024, 5, 6), "uninhabitable", households_affected=6, large_households_affected=1)
YEARS = Period(date(2020, 1, 1), AS_OF)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def closed(asker: Asker, property_id: int, draft: ClosureDraft = HOUSE) -> str:
    return f"app:{enter_closure(asker, order(), property_id, draft).edit_id}:1"


def happens(asker: Asker, key: str, kind: str, on: date, households: int | None = None, was: str | None = None) -> Any:
    return add_event(asker, order(), key, EventDraft(kind, on, households, was))


# --- closed houses ----------------------------------------------------------------------------------------------------


def test_a_closed_house_has_its_line_and_its_households_up_to_the_date(desk: Desk) -> None:
    with desk.staff() as asker:
        key = closed(asker, desk.in_west)
        happens(asker, key, "households_rehoused", date(2024, 5, 1), 4)
        happens(asker, key, "reopened", date(2025, 9, 1))
        happens(asker, key, "households_returned", date(2025, 9, 8), 3, "rehoused")
        (one,) = read_closures(asker, ALL)
        (then,) = read_closures(asker, PropertyFilter(as_of=date(2025, 1, 1)))
        assert read_closures(asker, PropertyFilter(as_of=date(2024, 5, 5))) == ()
        found = read_whereabouts(asker, ALL)
    assert (one.outcome, one.address, one.property_key) == ("reopened", "Beispielweg 1", "P-1")
    assert (one.households.rehoused, one.households.returned, one.households.not_known) == (1, 3, 2)
    assert (then.outcome, then.households.rehoused, then.households.not_known) == ("still_closed", 4, 2)
    assert (found.closed_houses, found.households_affected, found.returned) == (1, 6, 3)


@pytest.mark.parametrize(
    ("event", "field", "code"),
    [
        (EventDraft("reopened", date(2024, 5, 5)), "happened_on", "before_closing"),
        (EventDraft("households_rehoused", date(2024, 6, 1), 7), "households", "more_than_there"),
        (EventDraft("households_returned", date(2024, 6, 1), 1), "households", "returned_while_closed"),
        (EventDraft("households_rehoused", date(2024, 6, 1)), "households", "required"),
        (EventDraft("reopened", date(2024, 6, 1), 2), "households", "no_households"),
        (EventDraft("households_rehoused", date(2024, 6, 1), 2, "rehoused"), "came_from", "same"),
        (EventDraft("moved_in", date(2024, 6, 1)), "kind", "unknown"),
        (EventDraft("reopened", None), "happened_on", "required"),
        (EventDraft("reopened", date(2030, 6, 1)), "happened_on", "future"),
    ],
)
def test_an_event_that_cannot_be_is_refused_in_its_field(desk: Desk, event: EventDraft, field: str, code: str) -> None:
    with desk.staff() as asker:
        key = closed(asker, desk.in_west)
        with pytest.raises(InvalidEdit) as refused:
            add_event(asker, order(), key, event)
    assert refused.value.fields == {field: code}


def test_a_closing_is_corrected_and_withdrawn_with_its_events_and_comes_back(desk: Desk) -> None:
    with desk.staff() as asker:
        key = closed(asker, desk.in_west)
        with pytest.raises(InvalidEdit, match="exists"):
            closed(asker, desk.in_west)
        happens(asker, key, "households_rehoused", date(2024, 5, 1), 4)
        (first,) = read_closures(asker, ALL)
        with pytest.raises(InvalidEdit, match="more_than_there"):
            correct_closure(asker, order(), key, ClosureDraft(HOUSE.closed_on, "fire", households_affected=3))
        correct_closure(asker, order(expected=first.id), key, ClosureDraft(HOUSE.closed_on, "fire", "VF-1", 8, 1))
        (second,) = read_closures(asker, ALL)
        assert (second.cause, second.measure_key, second.households.not_known) == ("fire", "VF-1", 4)
        with pytest.raises(EditConflict):
            correct_closure(
                asker, order(expected=first.id), key, ClosureDraft(HOUSE.closed_on, "clearance", None, 9, 1)
            )
        gone = withdraw_closure(asker, order(expected=second.id), key)
        assert read_closures(asker, ALL) == ()
        undo(asker, gone.edit_id, order().submission)
        (back,) = read_closures(asker, ALL)
        withdraw_event(asker, order(), back.events[0].key or "")
        assert read_closures(asker, ALL)[0].events == ()
    assert [one.kind for one in back.events] == ["households_rehoused"]


def test_a_demolition_of_a_project_ends_the_line_of_a_closed_house(desk: Desk) -> None:
    with desk.loader() as connection:
        facts.demolition(connection, desk.in_west, "demolition", "actual", actual_end_on=date(2025, 3, 1))
    with desk.staff() as asker:
        key = closed(asker, desk.in_west)
    desk.derived_anew()
    with desk.staff() as asker:
        (one,) = read_closures(asker, ALL)
        assert (one.outcome, one.since_on, one.events[-1].key) == ("demolished", date(2025, 3, 1), None)
        happens(asker, key, "demolished", date(2025, 3, 2))
        assert [event.kind for event in read_closures(asker, ALL)[0].events] == ["demolished"]
        # On the day of the project's demolition the closing says nothing yet, and the project does.
        (then,) = read_closures(asker, PropertyFilter(as_of=date(2025, 3, 1)))
        assert (then.outcome, then.events[-1].key) == ("demolished", None)


def test_a_closing_with_events_is_not_taken_back_alone(desk: Desk) -> None:
    with desk.staff() as asker:
        edited = enter_closure(asker, order(), desk.in_west, HOUSE)
        event = happens(asker, f"app:{edited.edit_id}:1", "reopened", date(2025, 9, 1))
        with pytest.raises(InvalidEdit) as refused:
            undo(asker, edited.edit_id, order().submission)
        assert refused.value.fields == {"edit": "changed_since"}
        undo(asker, event.edit_id, order().submission)
        undo(asker, edited.edit_id, order().submission)
        assert read_closures(asker, ALL) == ()


def test_an_event_does_not_come_back_without_its_closing(desk: Desk) -> None:
    with desk.staff() as asker:
        key = closed(asker, desk.in_west)
        event = happens(asker, key, "reopened", date(2025, 9, 1))
        gone = withdraw_event(asker, order(), f"app:{event.edit_id}:1")
        withdraw_closure(asker, order(), key)
        with pytest.raises(InvalidEdit) as refused:
            undo(asker, gone.edit_id, order().submission)
    assert refused.value.fields == {"edit": "changed_since"}


def test_a_manager_reads_the_own_areas_and_writes_nothing(desk: Desk) -> None:
    with desk.staff() as asker:
        for house in (desk.in_west, desk.in_east):
            closed(asker, house)
            enter_change(asker, order(), house, DwellingChangeDraft(date(2024, 6, 1), "demolition", dwellings_lost=4))
        add_dwelling(asker, order(), PoolDwellingDraft(2, None, "city", date(2024, 1, 1)))
    with desk.manager() as asker:
        assert [one.property_id for one in read_closures(asker, ALL)] == [desk.in_west]
        assert read_closures_of(asker, desk.in_east, AS_OF) == ()
        assert [one.dwellings_lost for one in read_balance(asker, ALL, YEARS)] == [4]
        assert read_pool(asker, AS_OF).dwellings_free == 1
        for refused in (
            lambda: closed(asker, desk.in_west),
            lambda: add_dwelling(asker, order(), PoolDwellingDraft(2, None, "city", date(2024, 1, 1))),
        ):
            with pytest.raises(NotAllowed):
                refused()


# --- with the property ------------------------------------------------------------------------------------------------


def test_a_closed_house_goes_with_its_property_when_it_is_merged_or_divided(desk: Desk) -> None:
    with desk.staff() as asker:
        key = closed(asker, desk.in_west)
        happens(asker, key, "households_rehoused", date(2024, 5, 9), 4)
        enter_change(
            asker, order(), desk.in_west, DwellingChangeDraft(date(2024, 6, 1), "demolition", dwellings_lost=4)
        )
        merged = merge(asker, order(), desk.in_west, desk.in_east, happened_on=date(2026, 1, 1))
        (one,) = read_closures(asker, ALL)
        assert (one.property_id, len(one.events)) == (desk.in_east, 1)
        assert read_changes(asker, ALL, YEARS)[0].property_id == desk.in_east
        undo(asker, merged.edit_id, order().submission)
        assert read_closures(asker, ALL)[0].property_id == desk.in_west
        name = next(one.name for one in read_movable(asker, desk.in_west) if one.table == "closure")
        draft = PropertyDraft((AddressDraft("Teilweg", 9),), registered_on=date(2024, 1, 1))
        ids = chosen_ids(asker, desk.in_west, [name])
        assert {table: len(found) for table, found in ids.items()} == {"closure": 1, "closure_event": 1}
        made = split(asker, order(), desk.in_west, draft, fact_ids=ids, happened_on=date(2026, 2, 1))
        (moved,) = read_closures(asker, ALL)
    assert (moved.property_id, len(moved.events)) == (made.property_id, 1)


def test_only_the_last_closing_of_a_reopened_house_ends_with_its_demolition(desk: Desk) -> None:
    with desk.loader() as connection:
        facts.demolition(connection, desk.in_west, "demolition", "actual", actual_end_on=date(2026, 3, 1))
    with desk.staff() as asker:
        first = closed(asker, desk.in_west)
        second = closed(asker, desk.in_west, ClosureDraft(date(2025, 9, 1), "fire"))
        third = closed(asker, desk.in_west, ClosureDraft(date(2025, 12, 1), "uninhabitable"))
        happens(asker, first, "reopened", date(2025, 3, 1))
    desk.derived_anew()
    with desk.staff() as asker:
        ended = {one.key: one.outcome for one in read_closures(asker, ALL)}
        # The second was never reopened: its house is gone, and nobody may count it as closed still.
        assert ended == {first: "reopened", second: "demolished", third: "demolished"}
        alone = [read_closure(asker, key, AS_OF) for key in (first, second)]
        assert [one.outcome for one in alone if one] == ["reopened", "demolished"]


# --- dwellings and pool -----------------------------------------------------------------------------------------------


def test_dwellings_lost_and_won_are_entered_and_withdrawn(desk: Desk) -> None:
    lost = DwellingChangeDraft(date(2024, 6, 1), "demolition", dwellings_lost=4, large_flats_lost=1, programme=" Land ")
    with desk.staff() as asker:
        for wrong, field, code in (
            (DwellingChangeDraft(date(2024, 6, 1), "demolition"), "dwellings_lost", "nothing"),
            (DwellingChangeDraft(date(2024, 6, 1), "other", 1, 0, 2), "large_flats_lost", "more_than_there"),
        ):
            with pytest.raises(InvalidEdit) as refused:
                enter_change(asker, order(), desk.in_west, wrong)
            assert refused.value.fields == {field: code}
        enter_change(asker, order(), desk.in_west, lost)
        with pytest.raises(InvalidEdit, match="exists"):
            enter_change(asker, order(), desk.in_west, lost)
        enter_change(asker, order(), desk.in_west, DwellingChangeDraft(date(2026, 1, 1), "new_building", 0, 3))
        told = [(one.programme, one.dwellings_net) for one in read_balance(asker, ALL, YEARS)]
        assert told == [("Land", -4), (None, 3)]
        before = read_balance(asker, PropertyFilter(as_of=date(2025, 1, 1)), YEARS)
        assert [one.dwellings_net for one in before] == [-4]
        withdraw_change(asker, order(), read_changes(asker, ALL, YEARS)[0].key)
        assert len(read_changes(asker, ALL, YEARS)) == 1


def test_a_dwelling_that_is_taken_again_keeps_the_use_before(desk: Desk) -> None:
    with desk.staff() as asker:
        add_dwelling(asker, order(), PoolDwellingDraft(5, 90.0, "cooperative", date(2024, 1, 1), area_id=desk.west))
        (one,) = read_pool_dwellings(asker, AS_OF)
        assert (one.is_large, one.area_name) == (True, "Mitte")
        with pytest.raises(InvalidEdit, match="not_taken"):
            release_dwelling(asker, order(), one.key, date(2024, 3, 1))
        take_dwelling(asker, order(), one.key, date(2024, 3, 1))
        with pytest.raises(InvalidEdit, match="taken"):
            take_dwelling(asker, order(), one.key, date(2024, 4, 1))
        release_dwelling(asker, order(), one.key, date(2025, 3, 1))
        taken = take_dwelling(asker, order(), one.key, date(2025, 6, 1))
        days = [date(2024, 2, 1), date(2024, 6, 1), date(2025, 4, 1), date(2025, 7, 1)]
        assert [(read_pool(asker, day).dwellings_free, read_pool(asker, day).dwellings_taken) for day in days] == [
            (1, 0), (0, 1), (1, 0), (0, 1),
        ]  # fmt: skip
        undo(asker, taken.edit_id, order().submission)
        assert read_pool(asker, AS_OF).dwellings_free_large == 1
        end_dwelling(asker, order(), one.key, date(2026, 1, 31))
        assert read_pool(asker, AS_OF).dwellings_free == 0


def test_a_dwelling_given_back_on_its_first_day_counts_once_on_that_day(desk: Desk) -> None:
    day = date(2024, 1, 1)
    with desk.staff() as asker:
        add_dwelling(asker, order(), PoolDwellingDraft(2, 50.0, "city", day))
        (one,) = read_pool_dwellings(asker, AS_OF)
        take_dwelling(asker, order(), one.key, day)
        release_dwelling(asker, order(), one.key, day)
        take_dwelling(asker, order(), one.key, date(2024, 3, 1))
        days = [day, date(2024, 2, 1), date(2024, 3, 1)]
        assert [(read_pool(asker, on).dwellings_free, read_pool(asker, on).dwellings_taken) for on in days] == [
            (1, 0), (1, 0), (0, 1),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "field", "code"),
    [
        ({"rooms": None}, "rooms", "required"),
        ({"rooms": 0}, "rooms", "out_of_range"),
        ({"area_m2": 0.0}, "area_m2", "out_of_range"),
        ({"provider": "Frau Beispiel"}, "provider", "unknown"),
        ({"area_id": -1}, "area_id", "unknown"),
        ({"available_until_on": date(2023, 1, 1)}, "available_until_on", "before_start"),
    ],
)
def test_a_dwelling_that_makes_no_sense_is_refused(desk: Desk, other: dict[str, Any], field: str, code: str) -> None:
    draft = {"rooms": 2, "area_m2": 50.0, "provider": "city", "available_from_on": date(2024, 1, 1)} | other
    with desk.staff() as asker, pytest.raises(InvalidEdit) as refused:
        add_dwelling(asker, order(), PoolDwellingDraft(**draft))
    assert refused.value.fields == {field: code}


def test_the_survey_counts_controls_and_closings_of_its_year(desk: Desk) -> None:
    with desk.loader() as connection:
        controls = (
            (desk.in_west, date(2024, 2, 1), "finding"),
            (desk.in_east, date(2024, 3, 1), "no_finding"),
            (desk.in_east, date(2023, 3, 1), "finding"),
        )
        for house, day, result in controls:
            defects = ["waste"] if result == "finding" else []
            facts.inspection(connection, house, day, control_type="housing_control", result=result, defects=defects)
    with desk.staff() as asker:
        closed(asker, desk.in_west)
        rows = {(row.by, row.code): row.counts for row in read_survey(asker, 2024, ALL)}
        assert read_survey(asker, 2020, ALL)[0].counts["cases"] == 0
    everything = rows["all", "all"]
    assert (everything["cases"], everything["controls"], everything["without_finding"]) == (2, 2, 1)
    assert (everything["uninhabitable"], rows["cause", "waste"]["cases"]) == (1, 1)


# --- deliveries -------------------------------------------------------------------------------------------------------


def test_what_became_of_a_closed_house_is_held_against_it(clean_urls: DatabaseUrls, tmp_path: Path) -> None:
    office = Office(clean_urls, tmp_path)
    office.sends(
        "properties",
        "key;registered_on;use_type;dwellings;address;x;y\n"
        "A;01.02.2020;residential;4;Weg 1;395050;5690050\nB;01.02.2020;residential;4;Weg 2;395060;5690050",
    )
    counts = "households_affected;large_households_affected"
    houses = f"key;property_key;closed_on;cause;{counts}\nGH-1;A;01.05.2024;fire;6;1\nGH-2;A;01.05.2025;fire;2;3"
    assert "expected at most 2" in reasons(office.sends("closures", houses, mapping=columns_of(houses)))[0][2]
    events = (
        "closure_key;property_key;kind;happened_on;households;came_from\n"
        "GH-1;A;households_rehoused;20.04.2024;4;\nGH-1;A;reopened;01.04.2024;;\nGH-9;A;reopened;01.06.2024;;\n"
        "GH-1;B;reopened;01.06.2024;;\nGH-1;A;households_rehoused;01.06.2024;60;\nGH-1;A;reopened;02.06.2024;3;"
    )
    report = office.sends("closure_events", events, mapping=columns_of(events))
    said = {line: reason for line, _field, reason in reasons(report)}
    assert sorted(said) == [3, 4, 5, 6, 7]
    for line, part in ((3, "on, found an earlier one"), (4, "there is no GH-9"), (5, "but it has another one"),
                       (6, "at most 6 households"), (7, "in a row about the house")):  # fmt: skip
        assert part in said[line]
    assert office.ask("SELECT closure_key, households FROM qm.closure_event") == [("GH-1", 4)]
    ((brought_by,),) = office.ask("SELECT DISTINCT delivery_id FROM qm.closure")
    with pytest.raises(CannotWithdraw, match=r"brought events \(1\) of closed houses"):
        withdraw(office.urls.load, brought_by)


def columns_of(rows: str) -> str:
    """A mapping whose columns are named as the fields."""
    names = rows.partition("\n")[0].split(";")
    return 'register = "main"\n[columns]\n' + "\n".join(f'{one} = "{one}"' for one in names) + "\n"
