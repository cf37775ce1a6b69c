"""A watchlist is one's own; it tells what the system learnt since one last looked, across merges."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from geodata import edits, watching
from geodata.access import Asker, Scope
from geodata.edits import InspectionDraft
from geodata.errors import InvalidEdit, NotAllowed
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

DAY = date(2026, 11, 10)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def news(asker: Asker) -> dict[int, list[tuple[str, str | None]]]:
    return {
        one.property_id: [(change.kind, change.code) for change in one.changes]
        for one in watching.read_watched(asker, AS_OF)
    }


def enter(desk: Desk) -> None:
    """What building control enters about the house in the west: a state, a visit, a note for case workers."""
    with desk.staff("berta") as asker:
        edits.add_status_event(asker, order(), desk.in_west, state="assessed", valid_on=DAY, reason=None)
        visit = InspectionDraft(desk.in_west, "fire_safety", DAY, "flat", "no_finding")
        edits.record_inspection(asker, order(), visit)
        edits.add_note(asker, order(), desk.in_west, note_class="case", body="vertraulich", written_on=DAY)


def test_it_tells_what_changed_since_one_looked(desk: Desk) -> None:
    with desk.staff() as asker:
        watching.watch(asker, desk.in_west)
        watching.watch(asker, desk.in_west)
        assert news(asker) == {desk.in_west: []}
    enter(desk)
    with desk.staff() as asker:
        changes = [("note", "case"), ("inspection", "fire_safety"), ("status", "assessed")]
        assert news(asker) == {desk.in_west: changes}
        watching.mark_seen(asker, [desk.in_west])
        assert news(asker) == {desk.in_west: []}
        edits.set_next_step(asker, order(), desk.in_west, lead_office="police", next_step=None, reminder_on=None)
        assert news(asker) == {desk.in_west: []}  # not yet: it is dated today, and the page speaks for an earlier day
        [(change,)] = [one.changes for one in watching.read_watched(asker, date(9999, 1, 1))]
        assert change.kind == "facts"
        watching.mark_seen(asker, None)
        watching.unwatch(asker, desk.in_west)
        assert (news(asker), watching.is_watched(asker, desk.in_west)) == ({}, False)


def test_a_list_is_nobody_elses_and_tells_a_role_what_it_may_read(desk: Desk) -> None:
    with desk.manager() as asker:
        watching.watch(asker, desk.in_west)
        with pytest.raises(InvalidEdit, match="not_in_scope"):
            watching.watch(asker, desk.in_east)
    with desk.stage.ask(Scope(facts.CITY, "external_manager", "nuri", frozenset({desk.west}))) as asker:
        watching.watch(asker, desk.in_west)
    enter(desk)
    with desk.manager() as asker:
        assert news(asker) == {desk.in_west: [("inspection", "fire_safety"), ("status", "assessed")]}
    with desk.stage.ask(Scope(facts.CITY, "external_manager", "nuri", frozenset({desk.west}))) as asker:
        assert news(asker) == {desk.in_west: [("inspection", "fire_safety"), ("status", "assessed")]}
    for account in ("bea", "quirin"):
        with desk.staff(account) as asker:
            seen = asker.connection.execute(text("SELECT count(*) FROM qm.watch")).scalar_one()
            assert (seen, news(asker)) == (int(account == "quirin"), news(asker))
    with desk.stage.ask(Scope(facts.CITY, "politics", "petra")) as asker, pytest.raises(NotAllowed):
        watching.read_watched(asker, AS_OF)


def test_one_that_was_merged_is_followed_where_it_goes_on(desk: Desk) -> None:
    with desk.staff() as asker:
        watching.watch(asker, desk.in_east)
        edits.merge(asker, order(), desk.in_east, desk.in_west, happened_on=AS_OF - timedelta(days=3))
        [one] = watching.read_watched(asker, AS_OF)
        assert (one.property_id, one.is_merged, one.changes) == (desk.in_west, True, ())
        assert "Musterallee 2" in one.address
    enter(desk)
    with desk.staff() as asker:
        assert [kind for kind, _ in news(asker)[desk.in_west]] == ["note", "inspection", "status"]
        watching.unwatch(asker, desk.in_west)
        assert news(asker) == {}
