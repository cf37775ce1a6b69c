"""Demolition projects as staff and managers see them, on any date; the figures count the same projects."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Connection

from geodata import demolition_figures, records
from geodata.access import Asker, Scope
from geodata.codes import DEMOLITION_STAGES
from geodata.demolition_events import read_demolition_events
from geodata.demolition_figures import FIGURES
from geodata.demolitions import SORTS, Project, ProjectWish, read_projects, read_projects_of, read_stage_kinds
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from tests.conftest import Stage
from tests.factories import facts

AS_OF = date(2026, 11, 15)
STAFF = Scope(facts.CITY, "staff", "bauaufsicht")
EVERYTHING = PropertyFilter()
KEYS = [figure.key for figure in FIGURES]


def tell_story(connection: Connection) -> dict[str, int]:
    """Musterstadt: a mill that is down, a villa that waits for a court, a renovated barn, a shed nobody planned."""
    facts.municipality(connection)
    west = facts.area(connection, key="w", kind="quartier", name="Westend", geom=facts.square(0, 0, 2_000))
    ids = {
        "mill": facts.property_(connection, key="H-1", geom=facts.point(500, 500), addresses=[("Mühlenweg", 3)]),
        "villa": facts.property_(connection, key="H-2", geom=facts.point(3_000, 500), addresses=[("Am Hang", 1)]),
        "barn": facts.property_(connection, key="H-3", geom=facts.point(3_000, 900), addresses=[("Hof", 2)]),
        "shed": facts.property_(connection, key="H-4", geom=facts.point(600, 600), addresses=[("Zaun", 9)]),
    }
    _mill(connection, ids["mill"])
    _villa(connection, ids["villa"])
    _barn(connection, ids["barn"])
    done_on = date(2025, 2, 2)
    facts.demolition(connection, ids["shed"], "demolition", "actual", project="X", actual_end_on=done_on)
    records.refresh(connection, facts.CITY, AS_OF)
    return ids | {"west": west}


def _mill(connection: Connection, mill: int) -> None:
    common = {"decided_on": date(2025, 1, 10), "programme": "Stadtumbau", "released_to": "public"}
    facts.demolition(connection, mill, "decision", **common, planned_end_on=date(2025, 1, 10), cost_planned_eur=1_000)
    facts.demolition(connection, mill, "species_protection", is_required=False, planned_end_on=date(2025, 2, 1))
    facts.demolition(
        connection, mill, "demolition", planned_start_on=date(2025, 5, 1), planned_end_on=date(2025, 6, 30)
    )
    facts.demolition(connection, mill, "reuse", planned_end_on=date(2027, 1, 1))
    facts.demolition(connection, mill, "decision", "actual", actual_end_on=date(2025, 1, 10))
    facts.demolition(
        connection, mill, "demolition", "actual",
        actual_start_on=date(2025, 5, 20), actual_end_on=date(2025, 7, 30), cost_actual_eur=80_000.5,
    )  # fmt: skip


def _villa(connection: Connection, villa: int) -> None:
    facts.demolition(connection, villa, "vacating", decided_on=date(2026, 1, 1), planned_end_on=date(2026, 10, 1))
    facts.demolition(connection, villa, "demolition", planned_end_on=date(2027, 10, 1))
    facts.demolition(
        connection, villa, "vacating", "actual",
        actual_start_on=date(2026, 2, 1), blocker="court_stop", blocked_since_on=date(2026, 6, 1),
    )  # fmt: skip


def _barn(connection: Connection, barn: int) -> None:
    # Its plan says no date, so it exists from the first thing that happened.
    facts.demolition(connection, barn, "demolition")
    facts.demolition(
        connection, barn, "decision", "actual",
        actual_end_on=date(2025, 3, 1), outcome="renovated", ended_on=date(2026, 3, 1),
    )  # fmt: skip


@pytest.fixture
def story(stage: Stage) -> dict[str, int]:
    with stage.as_loader() as connection:
        return tell_story(connection)


@pytest.fixture
def staff(stage: Stage, story: dict[str, int]) -> Iterator[Asker]:
    with stage.ask(STAFF) as asker:
        yield asker


def of(asker: Asker, property_id: int, as_of: date = AS_OF) -> Project:
    [found] = [one for one in read_projects(asker, PropertyFilter(as_of=as_of)) if one.property_id == property_id]
    return found


def test_a_project_has_plan_and_reality_side_by_side(staff: Asker, story: dict[str, int]) -> None:
    mill = of(staff, story["mill"])
    assert (mill.key, mill.address, mill.programme, mill.released_to) == ("R-1", "Mühlenweg 3", "Stadtumbau", "public")
    assert [one.code for one in mill.stages] == ["decision", "species_protection", "demolition", "reuse"]
    # decision 2 + demolition 25 of these and reuse 4; species protection is not required and leaves both sums.
    assert mill.progress == pytest.approx(27 / 31)
    assert (mill.demolished_on, mill.planned_demolition_on, mill.slip_days) == (
        date(2025, 7, 30),
        date(2025, 6, 30),
        30,
    )
    assert (mill.current_stage, mill.status, mill.phase) == ("reuse", "running", "demolished")
    assert mill.stages[2].cost_actual_eur == 80_000.5


def test_on_an_earlier_date_nothing_is_known_of_what_came_later(staff: Asker, story: dict[str, int]) -> None:
    mill = of(staff, story["mill"], date(2025, 7, 29))
    assert (mill.demolished_on, mill.slip_days, mill.current_stage, mill.phase) == (
        None,
        29,
        "demolition",
        "site_works",
    )
    assert (mill.stages[2].actual_start_on, mill.stages[2].actual_end_on) == (date(2025, 5, 20), None)
    before = of(staff, story["mill"], date(2025, 5, 19))
    assert (before.stages[2].actual_start_on, before.stages[2].cost_actual_eur) == (None, None)


def test_a_project_begins_with_its_decision_else_with_the_first_thing_that_happened(
    staff: Asker, story: dict[str, int]
) -> None:
    def known(as_of: date) -> set[int]:
        return {one.property_id for one in read_projects(staff, PropertyFilter(as_of=as_of))}

    assert known(date(2025, 1, 9)) == set()
    assert known(date(2025, 1, 10)) == {story["mill"]}
    assert known(date(2025, 3, 1)) == {story["mill"], story["barn"]}
    assert known(AS_OF) == {story["mill"], story["barn"], story["villa"]}


def test_the_first_fact_does_not_take_a_known_plan_out_of_the_days_before(stage: Stage, story: dict[str, int]) -> None:
    day = date(2026, 10, 15)
    known = {"recorded_at": datetime(2026, 10, 1, tzinfo=UTC), "project": "R-9"}
    chosen = PropertyFilter(as_of=day)
    for actual_start_on in (None, date(2026, 11, 1)):
        with stage.as_loader() as connection:
            aspect = "actual" if actual_start_on else "plan"
            facts.demolition(connection, story["mill"], "tender_and_award", aspect, **known,
                             **({"actual_start_on": actual_start_on} if actual_start_on else {}))  # fmt: skip
            records.refresh(connection, facts.CITY, AS_OF)
        with stage.ask(STAFF) as asker:
            found = read_projects(asker, chosen)
            assert [one.current_stage for one in found if one.key == "R-9"] == ["tender_and_award"]
            figures = demolition_figures.read(asker, chosen, Period.year_until(day))
            assert figures["projects"] == len(found)


def test_what_holds_a_project_up_is_told_from_the_day_it_did(staff: Asker, story: dict[str, int]) -> None:
    villa = of(staff, story["villa"])
    assert (villa.blocker, villa.blocked_since_on, villa.slip_days) == ("court_stop", date(2026, 6, 1), 45)
    assert of(staff, story["villa"], date(2026, 5, 31)).blocker is None


def test_given_up_is_an_end_and_no_delay(staff: Asker, story: dict[str, int]) -> None:
    barn = of(staff, story["barn"])
    assert (barn.outcome, barn.ended_on, barn.status, barn.phase) == (
        "renovated",
        date(2026, 3, 1),
        "ended",
        "given_up",
    )
    assert (barn.current_stage, barn.slip_days) == (None, None)
    assert of(staff, story["barn"], date(2026, 2, 28)).status == "running"


def test_a_demolition_that_nobody_planned_is_no_project(staff: Asker, story: dict[str, int]) -> None:
    assert story["shed"] not in {one.property_id for one in read_projects(staff, EVERYTHING)}


def test_the_figures_count_the_same_projects(staff: Asker) -> None:
    found = {key: one.value for key, one in read_figures(staff, EVERYTHING, keys=KEYS).items()}
    assert found == {
        "projects": 3,
        "projects_demolished": 1,
        "projects_ended": 1,
        "demolition_progress": pytest.approx(100 * (27 / 31 + 0) / 2, abs=0.05),
        "projects_running": 2,
        "projects_blocked": 1,
        "projects_late": 2,
        "slip_days_median": 37.5,
    }


def test_without_projects_the_figures_say_nothing(staff: Asker) -> None:
    found = read_figures(staff, PropertyFilter(as_of=date(2024, 1, 1)), keys=KEYS)
    assert (found["projects"].value, found["demolition_progress"].value, found["slip_days_median"].value) == (
        0,
        None,
        None,
    )


def test_a_manager_sees_the_projects_of_the_areas_assigned(stage: Stage, story: dict[str, int]) -> None:
    manager = Scope(facts.CITY, "manager", "quartier", frozenset({story["west"]}))
    for as_of in (AS_OF, date(2026, 6, 1)):
        with stage.ask(manager) as asker:
            assert [one.property_id for one in read_projects(asker, PropertyFilter(as_of=as_of))] == [story["mill"]]
            assert read_figures(asker, PropertyFilter(as_of=as_of), keys=["projects"])["projects"].value == 1


def test_politics_reads_no_project(stage: Stage, story: dict[str, int]) -> None:
    with stage.ask(Scope(facts.CITY, "politics", "petra")) as asker:
        for read in (read_stage_kinds, lambda one: read_projects(one, EVERYTHING)):
            with pytest.raises(NotAllowed):
                read(asker)


def test_the_filter_of_the_properties_rules_the_projects(staff: Asker, story: dict[str, int]) -> None:
    for as_of in (AS_OF, date(2026, 6, 1)):
        in_west = read_projects(staff, PropertyFilter(area_ids=(story["west"],), as_of=as_of))
        assert [one.property_id for one in in_west] == [story["mill"]]
    assert [one.property_id for one in read_projects(staff, PropertyFilter(text="hang"))] == [story["villa"]]


def test_a_wish_chooses_sorts_and_pages(staff: Asker, story: dict[str, int]) -> None:
    def ids(wish: ProjectWish) -> list[int]:
        return [one.property_id for one in read_projects(staff, EVERYTHING, wish)]

    villa, barn, mill = story["villa"], story["barn"], story["mill"]
    assert ids(ProjectWish()) == [villa, barn, mill]
    assert ids(ProjectWish(sort="slip_days", descending=True)) == [villa, mill, barn]
    assert ids(ProjectWish(sort="slip_days")) == [mill, villa, barn]
    assert ids(ProjectWish(start=1, size=1)) == [barn]
    assert ids(ProjectWish(is_blocked=True)) == [villa]
    assert ids(ProjectWish(stages=("reuse",))) == [mill]
    assert ids(ProjectWish(programmes=("Stadtumbau",))) == [mill]
    assert ids(ProjectWish(status="ended")) == [barn]
    for sort in SORTS:
        assert sorted(ids(ProjectWish(sort=sort, descending=True))) == sorted([villa, barn, mill])  # type: ignore[arg-type]


def test_two_projects_of_one_property_are_two(stage: Stage, story: dict[str, int]) -> None:
    with stage.as_loader() as connection:
        facts.demolition(connection, story["mill"], "demolition", project="R-2", decided_on=date(2026, 1, 1))
        records.refresh(connection, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        found = [one.key for one in read_projects(asker, EVERYTHING) if one.property_id == story["mill"]]
    assert found == ["R-1", "R-2"]


def test_every_stage_has_a_weight(staff: Asker) -> None:
    kinds = read_stage_kinds(staff)
    assert tuple(one.code for one in kinds) == DEMOLITION_STAGES
    assert sum(one.weight for one in kinds) == 100


def test_the_projects_of_one_property_are_those_of_the_whole_read(staff: Asker, story: dict[str, int]) -> None:
    for as_of in (AS_OF, date(2025, 7, 29)):
        everything = read_projects(staff, PropertyFilter(as_of=as_of))
        for property_id in (story["mill"], story["villa"], story["shed"]):
            of_it = tuple(one for one in everything if one.property_id == property_id)
            assert read_projects_of(staff, property_id, as_of) == of_it


def test_what_happened_is_told_by_day_planned_or_not(staff: Asker, story: dict[str, int]) -> None:
    def told(who: str, as_of: date) -> list[tuple[date, str, str | None]]:
        return [(one.valid_on, one.stage, one.outcome) for one in read_demolition_events(staff, story[who], as_of)]

    down, decided = (date(2025, 7, 30), "demolition", None), (date(2025, 1, 10), "decision", None)
    assert told("mill", AS_OF) == [down, decided]
    assert told("mill", date(2025, 7, 29)) == [decided]
    assert told("shed", AS_OF) == [(date(2025, 2, 2), "demolition", None)]
    assert told("barn", AS_OF) == [(date(2026, 3, 1), "decision", "renovated"), (date(2025, 3, 1), "decision", None)]
    assert told("barn", date(2026, 2, 28)) == [(date(2025, 3, 1), "decision", None)]


def _random_projects(connection: Connection, chance: Random, count: int) -> None:
    """Projects with any mixture of plan and reality, more senseless than an office would send."""

    def day(share: float) -> date | None:
        return date(2026, 11, 15) + timedelta(days=chance.randint(-900, 300)) if chance.random() < share else None

    for number in range(count):
        owner = facts.property_(connection, key=f"R-{number}", registered_on=date(2020, 1, 1))
        ended_on = day(0.2)
        for stage in chance.sample(DEMOLITION_STAGES, chance.randint(1, 6)):
            planned, actual = sorted(filter(None, (day(0.8), day(0.8)))), sorted(filter(None, (day(0.6), day(0.6))))
            blocker = chance.choice((None, None, "weather"))
            held = sorted(filter(None, (day(0.5), day(0.5)))) if blocker else []
            facts.demolition(
                connection, owner, stage, decided_on=day(0.5), is_required=chance.choice((None, True, True, False)),
                planned_start_on=planned[0] if len(planned) == 2 else None,
                planned_end_on=planned[-1] if planned else None,
            )  # fmt: skip
            facts.demolition(
                connection, owner, stage, "actual",
                actual_start_on=actual[0] if len(actual) == 2 else None,
                actual_end_on=actual[-1] if actual else None,
                blocker=blocker, blocked_since_on=held[0] if held else None,
                blocked_until_on=held[1] if len(held) == 2 else None,
                outcome="given_up" if ended_on else None, ended_on=ended_on,
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_database_counts_as_the_pure_rules_do(stage: Stage, seed: int) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection)
        _random_projects(connection, Random(seed), 40)
        records.refresh(connection, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        for as_of in (AS_OF, date(2026, 3, 1), date(2025, 3, 1), date(2027, 3, 1)):
            chosen = PropertyFilter(as_of=as_of)
            counted = demolition_figures.read(asker, chosen, Period.year_until(as_of))
            assert counted == pytest.approx(demolition_figures.summarise(read_projects(asker, chosen)), abs=0.11)
