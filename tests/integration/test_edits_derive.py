"""`qm.derive` after an edit says what a refresh of everything says, and belongs to nobody on the web."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from geodata import codes, derivation, edits, records
from geodata.access import Asker, Scope
from geodata.calendar import today
from geodata.edits import AddressDraft, InspectionDraft, PropertyDraft
from geodata.errors import InvalidEdit
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

STATES = ("recorded", "assessed", "closed", "reopened", "observation")


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def draft(chance: Random) -> PropertyDraft:
    """A property anywhere in or beside the areas, or without a place."""
    place = (chance.uniform(7.452, 7.508), chance.uniform(51.352, 51.386))
    return PropertyDraft(
        (AddressDraft("Neuer Weg", chance.randrange(1, 500)),),
        chance.choice([place, place, None]),
        use_type=chance.choice([None, "residential", "commercial"]),
        is_inhabited=chance.choice([None, True, False]),
    )


class Office:
    """Building control that edits at random."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance = desk, Random(seed)
        self.houses = [desk.in_west, desk.in_east]
        self.done: list[int] = []

    def day(self) -> date:
        return AS_OF - timedelta(days=self.chance.randrange(0, 900))

    def edit(self, asker: Asker) -> edits.Edited:
        house = self.chance.choice(self.houses)
        visit = InspectionDraft(house, "joint_control", self.day(), self.chance.choice(codes.ACCESS_LEVELS), "finding")
        acts: list[Callable[[], edits.Edited]] = [
            lambda: edits.create_property(asker, order(), draft(self.chance), state="recorded", valid_on=self.day()),
            lambda: edits.record_inspection(asker, order(), visit),
            lambda: edits.add_status_event(
                asker, order(), house, state=self.chance.choice(STATES), valid_on=self.day(), reason=None
            ),
            lambda: edits.correct_property(asker, order(), house, draft(self.chance)),
            lambda: edits.merge(asker, order(), house, self.chance.choice(self.houses), happened_on=self.day()),
            lambda: edits.undo(asker, self.chance.choice(self.done or [0]), uuid4()),
        ]
        return self.chance.choice(acts)()

    def work(self, times: int) -> int:
        """Edits that went through; what cannot be is refused and changes nothing."""
        worked = 0
        for _ in range(times):
            with self.desk.staff() as asker:
                try:
                    with asker.connection.begin_nested():
                        edited = self.edit(asker)
                except InvalidEdit:
                    continue
            self.done.append(edited.edit_id)
            worked += 1
            if edited.property_id is not None and edited.property_id not in self.houses:
                self.houses.append(edited.property_id)
        return worked


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edits_the_derived_tables_are_those_of_a_refresh(desk: Desk, seed: int) -> None:
    office = Office(desk, seed)
    assert office.work(24) > 12
    derived = desk.derived()
    assert derived == desk.derived_anew()
    assert all(derived[:2])


def test_a_city_without_a_refresh_begins_with_the_first_property_that_is_entered(stage: Stage) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection)
    with stage.ask(Scope(facts.CITY, "staff", "bea")) as asker:
        done = edits.create_property(asker, order(), draft(Random(1)), state="recorded", valid_on=today())
    with stage.as_loader() as connection:
        found = connection.execute(text("SELECT property_id FROM qm.property_current")).scalars().all()
        assert (found, records.derived_as_of(connection, facts.CITY)) == ([done.property_id], today())


def test_a_demonstration_speaks_for_the_day_of_its_latest_edit(stage: Stage) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection, is_demonstration=True)
    desk = Desk(stage)
    with desk.loader() as connection:
        assert records.default_as_of(connection, facts.CITY, AS_OF) == AS_OF
    day = today() + timedelta(days=1)
    with desk.staff() as asker:
        edits.add_note(asker, order(), desk.in_west, note_class="case", body="Notiz", written_on=day)
        edits.add_status_event(asker, order(), desk.in_west, state="assessed", valid_on=today(), reason=None)
    with desk.loader() as connection:
        assert records.default_as_of(connection, facts.CITY, AS_OF) == today()
        assert records.derived_as_of(connection, facts.CITY) == today()
        state = connection.execute(
            text("SELECT state FROM qm.property_current WHERE property_id = :id"), {"id": desk.in_west}
        )
        assert state.scalar_one() == "assessed"


def test_properties_of_another_city_are_left_alone(desk: Desk) -> None:
    with desk.loader() as connection:
        facts.municipality(connection, "de-other")
        foreign = facts.property_(connection, key="X", city="de-other")
        before = connection.execute(text("SELECT data_version FROM qm.refresh")).scalars().all()
    with desk.staff() as asker:
        derivation.derive(asker.connection, [foreign, 10**12])
    with desk.loader() as connection:
        query = text("SELECT count(*) FROM qm.property_current WHERE municipality = 'de-other'")
        assert connection.execute(query).scalar_one() == 0
        # Only the version rises, as with every edit.
        after = connection.execute(text("SELECT data_version FROM qm.refresh")).scalars().all()
        assert after == [version + 1 for version in before]


def test_only_who_edits_may_derive(connection: Callable[[str], Connection]) -> None:
    for login in ("politics", "accounts", "external"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection(login).execute(text("SELECT qm.derive('{}')"))
    query = text(
        "SELECT prosecdef, proconfig, proowner::regrole::text FROM pg_proc"
        " WHERE oid = 'qm.derive(bigint[])'::regprocedure"
    )
    is_definer, settings, owner = connection("owner").execute(query).one()
    assert is_definer
    assert "search_path=pg_catalog, pg_temp" in settings
    assert owner.endswith("_loader")
