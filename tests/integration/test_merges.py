"""Two records of one object become one, and one becomes two: counts, due dates, past dates, undo, later deliveries."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from geodata import edits, records
from geodata.edits import AddressDraft, PropertyDraft
from geodata.errors import InvalidEdit
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

MERGED = date(2026, 11, 1)
BEFORE = MERGED - timedelta(days=1)


class Twins(Desk):
    """The house in the west was recorded twice: as P-1 and, two years later, as T-1, whose visits are newer."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        with self.loader() as connection:
            self.twin = facts.property_(
                connection, key="T-1", geom=facts.point(1_010, 1_000), registered_on=date(2022, 1, 1),
                addresses=(("Beispielweg", 1), ("Hofgasse", 3)), parcels=["12/3"], file_reference="63-1",
            )  # fmt: skip
            facts.status(connection, self.twin, "assessed", date(2026, 5, 5))
            facts.assessment(connection, self.twin, date(2026, 5, 5))
            facts.inspection(connection, self.in_west, date(2025, 2, 2))
            facts.inspection(connection, self.twin, date(2026, 10, 1))
            facts.demolition(connection, self.twin, "demolition", "actual", actual_end_on=date(2026, 9, 9))
            records.refresh(connection, facts.CITY, AS_OF)

    def at(self, as_of: date) -> dict[int, Any]:
        with self.loader() as connection:
            query = text("SELECT * FROM qm.property_at(:city, :as_of)")
            return {row.property_id: row for row in connection.execute(query, {"city": facts.CITY, "as_of": as_of})}

    def due_at(self, as_of: date) -> dict[int, date]:
        with self.loader() as connection:
            query = text("SELECT property_id, due_on FROM qm.due_at(:city, :as_of)")
            return {
                row.property_id: row.due_on for row in connection.execute(query, {"city": facts.CITY, "as_of": as_of})
            }


@pytest.fixture
def twins(stage: Stage) -> Twins:
    return Twins(stage)


def merge(twins: Twins, given_up: int | None = None, into: int | None = None) -> edits.Edited:
    with twins.staff() as asker:
        pair = (given_up or twins.twin, into or twins.in_west)
        return edits.merge(asker, order(reason="doppelt erfasst"), *pair, happened_on=MERGED)


def test_the_one_that_goes_on_has_the_facts_of_both_and_counts_once(twins: Twins) -> None:
    before = twins.at(AS_OF)
    merge(twins)
    after = twins.at(AS_OF)
    assert set(before) - set(after) == {twins.twin}
    row = after[twins.in_west]
    assert (row.state, row.inspections, row.last_inspected_on) == ("assessed", 2, date(2026, 10, 1))
    assert (row.address_text, row.file_reference, row.demolished_on) == (
        "Beispielweg 1; Hofgasse 3",
        "63-1",
        date(2026, 9, 9),
    )
    assert twins.due_at(AS_OF)[twins.in_west] == date(2027, 10, 1)
    assert twins.derived() == twins.derived_anew()


def test_until_the_day_of_the_merge_each_is_as_it_was(twins: Twins) -> None:
    days = (date(2021, 1, 1), date(2024, 6, 1), BEFORE)
    states = [{key: tuple(row) for key, row in twins.at(day).items()} for day in days]
    due = [twins.due_at(day) for day in days]
    merge(twins)
    assert [twins.due_at(day) for day in days] == due
    for day, state in zip(days, states, strict=True):
        found = {key: tuple(row) for key, row in twins.at(day).items()}
        assert found[twins.twin] == state[twins.twin] if day > date(2022, 1, 1) else twins.twin not in found
        # The addresses and the file reference are what is known today, as of any corrected record.
        keep = slice(7, 18)
        assert {key: row[keep] for key, row in found.items()} == {key: row[keep] for key, row in state.items()}
    assert twins.twin not in twins.at(MERGED)


def test_one_that_was_given_up_is_no_longer_edited_nor_merged_again(twins: Twins) -> None:
    merge(twins)
    with twins.staff() as asker:
        for act in (
            lambda: edits.merge(asker, order(), twins.twin, twins.in_east, happened_on=MERGED),
            lambda: edits.merge(asker, order(), twins.in_west, twins.twin, happened_on=MERGED),
            lambda: edits.add_status_event(asker, order(), twins.twin, state="assessed", valid_on=MERGED, reason=None),
        ):
            with pytest.raises(InvalidEdit, match="merged"):
                act()
        with pytest.raises(InvalidEdit, match="same"):
            edits.merge(asker, order(), twins.in_west, twins.in_west, happened_on=MERGED)


def test_a_merge_of_merges_leads_to_the_last_one(twins: Twins) -> None:
    states = {key: row.state for key, row in twins.at(BEFORE).items()}
    merge(twins)
    merge(twins, twins.in_west, twins.in_east)
    assert set(twins.at(AS_OF)) == {twins.in_east}
    assert twins.at(AS_OF)[twins.in_east].inspections == 2
    assert {key: row.state for key, row in twins.at(BEFORE).items()} == states
    assert [row.inspections for _, row in sorted(twins.at(BEFORE).items())] == [1, 0, 1]
    with twins.loader() as connection:
        query = text(
            "SELECT from_property_id, to_property_id FROM qm.property_link WHERE superseded_at IS NULL ORDER BY 1"
        )
        links = [tuple(row) for row in connection.execute(query)]
    assert links == [(twins.in_west, twins.in_east), (twins.twin, twins.in_east)]


def test_undoing_a_merge_restores_both(twins: Twins) -> None:
    before = [twins.at(day) for day in (BEFORE, AS_OF)]
    derived = twins.derived()
    done = merge(twins)
    with twins.staff("berta") as asker:
        edits.undo(asker, done.edit_id, uuid4())
    assert [twins.at(day) for day in (BEFORE, AS_OF)] == before
    assert twins.derived() == derived
    with twins.staff() as asker, pytest.raises(InvalidEdit, match="undone"):
        edits.undo(asker, done.edit_id, uuid4())


def test_what_rests_on_a_merge_keeps_it_from_being_undone(twins: Twins) -> None:
    done = merge(twins)
    with twins.staff() as asker:
        edits.set_next_step(asker, order(), twins.in_west, lead_office="police", next_step=None, reminder_on=None)
        with pytest.raises(InvalidEdit, match="changed_since"):
            edits.undo(asker, done.edit_id, uuid4())


def test_a_split_takes_addresses_and_facts_along(twins: Twins) -> None:
    merge(twins)
    with twins.loader() as connection:
        query = text(
            "SELECT id FROM qm.inspection WHERE property_id = :id AND superseded_at IS NULL AND inspected_on > :day"
        )
        visit = connection.execute(query, {"id": twins.in_west, "day": date(2026, 1, 1)}).scalar_one()
    draft = PropertyDraft((AddressDraft("Hofgasse", 3),), use_type="commercial", parcels=("12/3",))
    with twins.staff() as asker:
        done = edits.split(
            asker, order(), twins.in_west, draft, fact_ids={"inspection": [visit]}, happened_on=date(2026, 11, 5)
        )
        with pytest.raises(InvalidEdit) as refused:
            edits.split(
                asker, order(), twins.in_west, PropertyDraft((AddressDraft("Beispielweg", 1),)),
                fact_ids={"inspection": [visit]}, happened_on=MERGED,
            )  # fmt: skip
    assert refused.value.fields == {"addresses": "none_left", "facts": "not_in_scope"}
    now = twins.at(AS_OF)
    new, old = now[done.property_id or 0], now[twins.in_west]
    assert (new.address_text, new.state, new.inspections) == ("Hofgasse 3", "recorded", 1)
    assert (old.address_text, old.inspections) == ("Beispielweg 1", 1)
    assert twins.derived() == twins.derived_anew()


def test_a_past_date_knows_a_moved_fact_as_it_was_corrected_later_and_once(twins: Twins) -> None:
    merge(twins)
    find = text("SELECT id FROM qm.inspection WHERE inspected_on = '2026-10-01' AND superseded_at IS NULL")
    with twins.loader() as connection:
        visit = connection.execute(find).scalar_one()
    with twins.staff() as asker:
        draft = edits.InspectionDraft(twins.in_west, "joint_control", date(2026, 9, 20), "flat", "no_finding")
        edits.correct_inspection(asker, order(), visit, draft)
    before = {key: (row.inspections, row.last_inspected_on) for key, row in twins.at(BEFORE).items()}
    assert before[twins.twin] == (1, date(2026, 9, 20))
    assert before[twins.in_west] == (1, date(2025, 2, 2))
    assert twins.due_at(BEFORE)[twins.twin] == date(2027, 9, 20)
    with twins.loader() as connection:
        visit = connection.execute(text("SELECT max(id) FROM qm.inspection WHERE superseded_at IS NULL")).scalar_one()
    with twins.staff() as asker:
        edits.withdraw_fact(asker, order(), "inspection", visit)
    assert twins.at(BEFORE)[twins.twin].inspections == 0


def test_undoing_the_second_of_two_merges_leaves_past_dates_as_they_were(twins: Twins) -> None:
    merge(twins)
    day = BEFORE - timedelta(days=100)
    before = [twins.at(BEFORE), twins.due_at(BEFORE), twins.at(day)]
    second = merge(twins, twins.in_west, twins.in_east)
    with twins.staff() as asker:
        edits.undo(asker, second.edit_id, uuid4())
    assert [twins.at(BEFORE), twins.due_at(BEFORE), twins.at(day)] == before
