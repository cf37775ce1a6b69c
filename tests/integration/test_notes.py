"""Notes, links and versions of a property: who wrote what, what was before, and what a role does not learn."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from geodata import edits
from geodata.access import Scope
from geodata.edits import AddressDraft, PropertyDraft
from geodata.errors import NotAllowed
from geodata.merges import links_of, merged_into
from geodata.notes import read_notes
from geodata.property_detail import read_property, read_status_events
from geodata.property_history import read_versions
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

DAY = date(2026, 11, 10)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def external(desk: Desk) -> Scope:
    return Scope(facts.CITY, "external_manager", "nuri", frozenset({desk.west}))


def test_a_note_shows_what_stood_there_before_to_those_who_may_read_it(desk: Desk) -> None:
    with desk.staff() as asker:
        edits.add_note(asker, order(), desk.in_west, note_class="case", body="nur Bauaufsicht", written_on=DAY)
        edits.add_note(asker, order(), desk.in_west, note_class="area", body="Zaun offen", written_on=DAY)
        note = next(one for one in read_notes(asker, desk.in_west) if one.note_class == "area")
    with desk.staff("berta") as asker:
        edits.correct_note(asker, order(), note.id, note_class="area", body="Zaun zu", written_on=DAY)
        case, area = sorted(read_notes(asker, desk.in_west), key=lambda one: one.note_class, reverse=True)
        assert (case.body, case.account_name, case.earlier) == ("nur Bauaufsicht", "Bea", ())
        assert (area.body, area.account_name, area.key) == ("Zaun zu", "Berta", note.key)
        assert [(one.body, one.account_name) for one in area.earlier] == [("Zaun offen", "Bea")]
        edits.withdraw_fact(asker, order(), "note", area.id)
        assert [one.withdrawn_at is None for one in read_notes(asker, desk.in_west)].count(False) == 1
    with desk.manager() as asker:
        assert [one.body for one in read_notes(asker, desk.in_west)] == ["Zaun zu"]
    with desk.stage.ask(external(desk)) as asker, pytest.raises(NotAllowed):
        read_notes(asker, desk.in_west)


def test_a_note_goes_along_with_a_merge_and_keeps_its_author(desk: Desk) -> None:
    with desk.staff() as asker:
        edits.add_note(
            asker, order(), desk.in_east, note_class="case", body="Schlüssel beim Hausmeister", written_on=DAY
        )
    with desk.staff("berta") as asker:
        done = edits.merge(asker, order(reason="doppelt"), desk.in_east, desk.in_west, happened_on=DAY)
        [note] = read_notes(asker, desk.in_west)
        assert (note.account_name, note.earlier) == ("Bea", ())
        assert read_notes(asker, desk.in_east) == ()
        link = merged_into(asker, desk.in_east)
        assert link is not None
        assert (link.property_id, link.key, link.happened_on) == (desk.in_west, "P-1", DAY)
        assert merged_into(asker, desk.in_west) is None
        told = [(one.how, one.key, one.account_name, one.reason) for one in links_of(asker, desk.in_west)]
        assert told == [("merged_from", "P-2", "Berta", "doppelt")]
        assert [one.how for one in links_of(asker, desk.in_east)] == ["merged_into"]
        edits.undo(asker, done.edit_id, uuid4())
        assert merged_into(asker, desk.in_east) is None
        assert [one.undone_at is None for one in links_of(asker, desk.in_east)] == [False]
        [note] = read_notes(asker, desk.in_east)
        assert note.account_name == "Bea"


def test_a_split_is_told_to_every_role_as_far_as_it_may_know(desk: Desk) -> None:
    both = PropertyDraft(
        (AddressDraft("Beispielweg", 1), AddressDraft("Hof", 2)), (7.4661, 51.3562), registered_on=date(2020, 1, 1)
    )
    own = PropertyDraft((AddressDraft("Hof", 2),), (7.4661, 51.3562))
    with desk.staff() as asker:
        edits.correct_property(asker, order(), desk.in_west, both)
        done = edits.split(asker, order(reason="zwei Häuser"), desk.in_west, own, fact_ids={}, happened_on=DAY)
        [told] = links_of(asker, desk.in_west)
        assert (told.how, told.property_id, told.reason) == ("split_into", done.property_id, "zwei Häuser")
    with desk.manager() as asker:
        [told] = links_of(asker, desk.in_west)
        assert (told.how, told.account_name, told.reason) == ("split_into", "Bea", None)
    with desk.stage.ask(external(desk)) as asker:
        [told] = links_of(asker, done.property_id or 0)
        assert (told.how, told.key, told.account_name, told.edit_id) == ("split_from", "P-1", None, None)
        assert merged_into(asker, desk.in_west) is None


def test_each_version_of_the_facts_says_what_it_changed_and_who_did(desk: Desk) -> None:
    with desk.staff() as asker:
        step = {"lead_office": "police", "next_step": "Ortstermin", "reminder_on": None}
        edits.set_next_step(asker, order(), desk.in_west, **step)
        moved = PropertyDraft(
            (AddressDraft("Beispielweg", 1), AddressDraft("Hof", 2, "b", "12345")), use_type="residential",
            registered_on=date(2020, 1, 1), lead_office="police", next_step="Ortstermin",
        )  # fmt: skip
        edits.correct_property(asker, order(), desk.in_west, moved)
        last, middle, first = read_versions(asker, desk.in_west)
    assert (first.is_first, first.changes, first.origin.edit_id) == (True, (), None)
    assert {(one.name, one.before, one.after) for one in middle.changes} == {
        ("lead_office", None, "police"),
        ("next_step", None, "Ortstermin"),
    }
    assert {one.name for one in last.changes} == {"addresses", "position"}
    addresses = next(one for one in last.changes if one.name == "addresses")
    assert (addresses.before, addresses.after) == (("Beispielweg 1",), ("Beispielweg 1", "Hof 2b 12345"))
    assert (last.origin.account_name, last.superseded_at, middle.superseded_at) == (
        "Bea",
        None,
        last.origin.recorded_at,
    )


def test_a_role_does_not_learn_what_it_may_not_read(desk: Desk) -> None:
    with desk.staff() as asker:
        step = {"lead_office": "police", "next_step": "Ortstermin", "reminder_on": None}
        edits.set_next_step(asker, order(), desk.in_west, **step)
        edits.add_status_event(asker, order(), desk.in_west, state="assessed", valid_on=DAY, reason="Anlass")
    with desk.manager() as asker:
        version, _ = read_versions(asker, desk.in_west)
        assert ([one.name for one in version.changes], version.origin.account_name) == (["lead_office"], "Bea")
        event = read_status_events(asker, desk.in_west, AS_OF)[0]
        assert (event.reason, event.history.origin.account_name) == (None, "Bea")
    with desk.stage.ask(external(desk)) as asker:
        version, _ = read_versions(asker, desk.in_west)
        assert (version.changes, version.origin.account_name) == ((), None)
        event = read_status_events(asker, desk.in_west, AS_OF)[0]
        assert (event.history.origin.account_name, event.history.origin.delivery_id) == (None, None)
        detail = read_property(asker, desk.in_west, AS_OF)
        assert detail is not None
        assert (detail.origin.account_name, detail.lead_office) == (None, None)


def test_a_manager_takes_only_the_latest_of_the_own_edits_back(desk: Desk) -> None:
    status = {"valid_on": DAY, "reason": None}
    with desk.manager() as asker:
        first = edits.add_status_event(asker, order(), desk.in_west, state="assessed", **status)
        second = edits.add_status_event(asker, order(), desk.in_west, state="observation", **status)
        with pytest.raises(NotAllowed):
            edits.undo(asker, first.edit_id, uuid4())
        edits.undo(asker, second.edit_id, uuid4())
        edits.undo(asker, first.edit_id, uuid4())
    with desk.staff() as asker:
        done = edits.add_status_event(asker, order(), desk.in_west, state="assessed", **status)
    with desk.manager() as asker, pytest.raises(NotAllowed):
        edits.undo(asker, done.edit_id, uuid4())
    with desk.loader() as connection:
        states = connection.execute(
            text("SELECT state FROM qm.status_event WHERE property_id = :id AND superseded_at IS NULL ORDER BY id"),
            {"id": desk.in_west},
        )
        assert states.scalars().all() == ["recorded", "assessed"]
