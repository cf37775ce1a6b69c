"""Proceedings in the database: as they stood on a date, their deadlines, cuts of supply, and who sees what of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from geodata import watching
from geodata.access import Scope
from geodata.changes import read_changes
from geodata.codes import MEASURE_FAMILIES, MEASURE_KINDS, MEASURE_STEPS
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.measures.deadlines import count_by_area, count_by_office, read_deadlines
from geodata.measures.events import read_measure_events
from geodata.measures.kinds import by_code, read_kinds
from geodata.measures.ladder import ladder
from geodata.measures.reads import MeasureWish, count_measures, read_measure, read_measures, read_measures_of
from geodata.measures.supply import read_supply_cuts, read_supply_cuts_of
from geodata.tables import measure, measure_step, supply_cut
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk

EVERYTHING = PropertyFilter(as_of=AS_OF)


class Court(Desk):
    """In the west a contested order and a pre-emption; in the east talks, a cut of supply and a closed fine."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        with self.loader() as connection:
            self.order = facts.measure(
                connection, self.in_west, opened_on=date(2026, 3, 2), is_order_enforceable=False,
                is_coercion_enforceable=True, court_status="action_pending", court_since_on=date(2026, 6, 1),
                final_on=date(2026, 12, 1), note="Fallwissen", causes=["damp_mould"],
            )  # fmt: skip
            for kind, day, due in (("hearing", date(2026, 3, 2), date(2026, 3, 20)),
                                   ("order", date(2026, 4, 1), date(2026, 7, 1))):  # fmt: skip
                facts.measure_step(
                    connection, self.in_west, self.order, kind, day, served_on=day + timedelta(days=3), due_on=due,
                    note="Fallwissen",
                )  # fmt: skip
            facts.measure_step(connection, self.in_west, self.order, "court_action", date(2026, 6, 1))
            self.sale = facts.measure(
                connection, self.in_west, "pre_emption", office="public_order", opened_on=date(2026, 9, 1)
            )
            facts.measure_step(connection, self.in_west, self.sale, "contract_notice", date(2026, 9, 1))
            self.talks = facts.measure(
                connection,
                self.in_east,
                "talks",
                opened_on=date(2026, 10, 1),
                next_check_on=date(2026, 11, 20),
                office=None,
            )
            self.fine = facts.measure(
                connection, self.in_east, "fine", opened_on=date(2025, 1, 1), closed_on=date(2025, 9, 9),
                outcome="fulfilled", amount_ordered_eur=800, amount_paid_eur=300,
            )  # fmt: skip
            self.cut = facts.supply_cut(connection, self.in_east, planned_on=date(2026, 11, 20), note="Fallwissen")


@pytest.fixture
def court(stage: Stage) -> Court:
    return Court(stage)


def test_kinds_and_steps_are_data_that_fit_together(court: Court) -> None:
    with court.staff() as asker:
        kinds = read_kinds(asker)
    assert [one.code for one in kinds] == list(MEASURE_KINDS)
    assert {one.family for one in kinds} == set(MEASURE_FAMILIES)
    assert {step.code for one in kinds for step in one.steps} == set(MEASURE_STEPS)
    assert all(set(one.follows) <= set(MEASURE_KINDS) for one in kinds)
    for one in kinds:
        codes = [step.code for step in one.steps]
        for step in one.steps:
            assert {*step.meets, *step.comes_after, *([step.extends] if step.extends else [])} <= set(codes)
            assert all(codes.index(before) < codes.index(step.code) for before in step.comes_after), (
                one.code,
                step.code,
            )
        assert any(step.is_end for step in one.steps), one.code
    known = by_code(kinds)
    assert {code for code, one in known.items() if one.needs_safeguards} == {"uninhabitable", "clearance"}
    assert known["fine"].amount_limit_eur == 500_000
    notice = known["pre_emption"].step("contract_notice")
    assert notice is not None
    assert (notice.clock_months, notice.clock_from, notice.moves_to_working_day) == (3, "happened_on", False)
    hearings = [step for one in kinds for step in one.steps if step.code == "hearing"]
    assert hearings
    assert not any(step.is_confirmed for step in hearings)  # to be checked, as the deadline of a hearing is
    for code in ("modernisation_order", "demolition_order"):
        assert known[code].steps[0].code == "prior_talk"


def test_a_proceeding_stands_as_it_was_known_on_the_date(court: Court) -> None:
    with court.staff() as asker:
        now = read_measure(asker, court.order, AS_OF)
        before = read_measure(asker, court.order, date(2026, 5, 1))
        assert read_measure(asker, court.order, date(2026, 3, 1)) is None
        assert read_measure(asker, "nicht da", AS_OF) is None
    assert now is not None
    assert before is not None
    # An action stops the order and not the coercion; that it becomes final in December nobody knows in November.
    assert (now.is_order_enforceable, now.is_coercion_enforceable, now.final_on) == (False, True, None)
    assert (now.court_status, before.court_status) == ("action_pending", None)
    assert [(one.kind, one.state) for one in now.steps] == [
        ("hearing", "met_late"), ("order", "resting"), ("court_action", None),
    ]  # fmt: skip
    assert [one.kind for one in before.steps] == ["hearing", "order"]
    assert before.next_deadline is not None
    assert (before.next_deadline.kind, before.next_deadline.state) == ("order", "open")
    assert (now.family, now.address, now.causes, now.is_open) == ("regulatory", "Beispielweg 1", ("damp_mould",), True)
    assert now.steps[0].legal_basis == "§ 28 VwVfG NRW"


def test_the_list_is_filtered_ordered_and_cut(court: Court) -> None:
    def keys(**wish: object) -> list[str]:
        with court.staff() as asker:
            wished = MeasureWish(**wish)  # type: ignore[arg-type]
            found = [one.key for one in read_measures(asker, EVERYTHING, wished)]
            assert wish.get("size") or count_measures(asker, EVERYTHING, wished) == len(found)
            return found

    every = [court.order, court.sale, court.fine, court.talks]
    assert keys() == every  # by deadline, what has none last
    assert keys(descending=True)[:2] == [court.sale, court.order]
    assert keys(sort="opened_on") == [court.fine, court.order, court.sale, court.talks]
    assert keys(sort="opened_on", start=1, size=2) == [court.order, court.sale]
    assert keys(status="closed") == [court.fine]
    assert keys(status="open", families=("cooperative",)) == [court.talks]
    assert keys(kinds=("pre_emption",)) == keys(offices=("public_order",)) == [court.sale]
    assert keys(court=True) == [court.order]
    assert court.order not in keys(court=False)
    assert keys(sort="amount_open_eur")[0] == court.fine
    with court.staff() as asker:
        west = read_measures(asker, PropertyFilter(area_ids=(court.west,), as_of=AS_OF))
        (fine,) = read_measures(asker, EVERYTHING, MeasureWish(families=("fine",)))
        past = read_measures(asker, PropertyFilter(as_of=date(2025, 6, 1)))
    assert {one.key for one in west} == {court.order, court.sale}
    assert (fine.is_open, fine.outcome, fine.amount_open_eur, fine.next_deadline) == (False, "fulfilled", 500.0, None)
    assert [(one.key, one.is_open, one.outcome) for one in past] == [(court.fine, True, None)]


def test_deadlines_stand_by_day_with_follow_ups_and_cuts(court: Court) -> None:
    with court.staff() as asker:
        found = read_deadlines(asker, EVERYTHING)
        soon = read_deadlines(asker, EVERYTHING, until_on=AS_OF)
        of_family = read_deadlines(asker, EVERYTHING, families=("cooperative",))
        of_office = read_deadlines(asker, EVERYTHING, offices=("public_order",))
    assert [(one.on, one.what, one.step_kind, one.state, one.days_left) for one in found] == [
        (date(2026, 7, 1), "step", "order", "resting", -137),
        (date(2026, 11, 20), "supply_cut", None, "soon", 5),
        (date(2026, 11, 20), "follow_up", None, "soon", 5),
        (date(2026, 12, 1), "step", "contract_notice", "open", 16),
    ]
    assert [one.utility for one in found] == [None, "electricity", None, None]
    assert [one.measure_key for one in soon] == [court.order]
    assert [one.measure_key for one in of_family] == [court.talks]
    assert [one.measure_key for one in of_office] == [court.sale]
    offices = count_by_office(found)
    assert {code: (one.all, one.expired) for code, one in offices.items()} == {
        "housing_supervision": (1, 0), None: (1, 0), "public_order": (1, 0),
    }  # fmt: skip
    areas = count_by_area(found)
    assert {area: (one.all, one.expired) for area, one in areas.items()} == {court.west: (2, 0), court.east: (2, 0)}


@pytest.mark.parametrize(
    ("as_of", "alarm", "is_listed"),
    [
        (date(2026, 11, 1), None, False),
        (date(2026, 11, 5), "announced", True),
        (date(2026, 11, 15), "imminent", True),
        (date(2026, 11, 21), "imminent", True),
        (date(2026, 11, 24), "cut", True),
        (date(2026, 12, 3), "restored", False),
    ],
)
def test_a_cut_of_supply_has_an_alarm_until_it_is_restored(
    stage: Stage, as_of: date, alarm: str | None, is_listed: bool
) -> None:
    desk = Desk(stage)
    with desk.loader() as connection:
        facts.supply_cut(
            connection, desk.in_west, planned_on=date(2026, 11, 20), cut_on=date(2026, 11, 23),
            restored_on=date(2026, 12, 3), dwellings_affected=8,
        )  # fmt: skip
    with desk.staff() as asker:
        found = read_supply_cuts_of(asker, desk.in_west, as_of)
        assert [one.alarm for one in found] == ([alarm] if alarm else [])
        listed = read_supply_cuts(asker, PropertyFilter(as_of=as_of), only_open=True)
        deadlines = read_deadlines(asker, PropertyFilter(as_of=as_of))
    assert bool(listed) is bool(deadlines) is is_listed
    if alarm == "cut":
        assert (deadlines[0].on, deadlines[0].state) == (date(2026, 11, 23), "expired")


def test_a_manager_reads_the_proceedings_of_the_areas_assigned_without_the_notes(court: Court) -> None:
    with court.manager() as asker:
        found = read_measures(asker, EVERYTHING)
        assert {one.key for one in found} == {court.order, court.sale}
        assert {one.note for one in found} | {step.note for one in found for step in one.steps} == {None}
        assert read_measure(asker, court.talks, AS_OF) is None
        assert read_supply_cuts(asker, EVERYTHING) == ()
        assert read_measures_of(asker, court.in_east, AS_OF) == ()
        for table in (measure, measure_step, supply_cut):
            in_east = select(func.count()).select_from(table).where(table.c.property_id == court.in_east)
            assert asker.connection.execute(in_east).scalar_one() == 0
    with court.staff() as asker:
        found = read_measures_of(asker, court.in_west, AS_OF)
        assert [one.key for one in found] == [court.sale, court.order]
        assert found[1].note == found[1].steps[0].note == "Fallwissen"
        assert ladder(found, read_kinds(asker)).next_steps


def test_nobody_else_reads_proceedings(court: Court) -> None:
    scope = Scope(facts.CITY, "external_manager", "x", frozenset({court.west}))
    with court.stage.ask(scope) as asker:
        for read in (read_measures, read_deadlines, read_supply_cuts):
            with pytest.raises(NotAllowed):
                read(asker, EVERYTHING)  # type: ignore[operator]
        with pytest.raises(NotAllowed):
            read_kinds(asker)


def test_steps_and_cuts_are_news_of_their_day_and_on_the_watchlist(court: Court) -> None:
    autumn = Period(date(2026, 9, 1), AS_OF)
    with court.staff() as asker:
        told = read_changes(asker, EVERYTHING, autumn, kinds=("measure", "supply_cut"), most=50).rows
        watching.watch(asker, court.in_east)
    assert [(one.on, one.kind, one.code, one.of) for one in told] == [
        (date(2026, 11, 2), "supply_cut", "announced", "electricity"),
        (date(2026, 9, 1), "measure", "contract_notice", "pre_emption"),
    ]
    with court.loader() as connection:
        later = {"recorded_at": datetime.now(UTC) + timedelta(minutes=1)}
        facts.measure_step(connection, court.in_east, court.talks, "invitation", date(2026, 11, 10), **later)
    with court.staff() as asker:
        (watched,) = watching.read_watched(asker, AS_OF)
    assert [(one.kind, one.code) for one in watched.changes] == [("measure", "invitation")]
    with court.manager() as asker:
        own = read_changes(asker, EVERYTHING, autumn, kinds=("measure", "supply_cut"), most=50).rows
    assert [one.kind for one in own] == ["measure"]


def test_the_timeline_tells_steps_ends_and_cuts_once(court: Court) -> None:
    with court.loader() as connection:
        done = facts.measure_step(connection, court.in_east, court.talks, "talk", date(2026, 10, 5))
        facts.supersede(connection, "measure_step", measure_step_id(connection, done))
    with court.staff() as asker:
        told = read_measure_events(asker, court.in_east, AS_OF)
    assert [(one.what, one.kind, one.code, one.history.is_current) for one in told] == [
        ("announced", "electricity", None, True), ("step", "talks", "talk", False),
        ("closed", "fine", "fulfilled", True),
    ]  # fmt: skip
    with court.manager() as asker:
        assert [one.code for one in read_measure_events(asker, court.in_west, date(2026, 4, 1))] == ["order", "hearing"]
        assert read_measure_events(asker, court.in_east, AS_OF) == ()


def measure_step_id(connection: Connection, key: str) -> int:
    return int(connection.execute(select(measure_step.c.id).where(measure_step.c.key == key)).scalar_one())
