"""What teams can do and what rules need, in closed form; each number is worked out by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.scenario import capacity
from geodata.scenario.question import Teams, Wish
from tests.factories.scenarios import EAST, FIRE, FOLLOW_UP, HOUSING, JOINT, WEST, stock, street

TEAMS = Teams(2, 1.0, 6.5, 0.18, (), 46)


def test_capacity_is_teams_times_rounds_times_objects_less_failed_access() -> None:
    assert capacity.visits_per_year(TEAMS) == 2 * 6.5 * 46 == 598
    assert capacity.effective_visits_per_year(TEAMS) == pytest.approx(598 * 0.82)
    assert capacity.scarcest_office(TEAMS) is None


def test_the_scarcest_office_limits_all_rounds() -> None:
    held_back = replace(TEAMS, office_rounds_per_week=(("customs", 3.0), ("police", 0.5), ("job_centre", 1.0)))
    assert capacity.scarcest_office(held_back) == "police"
    assert capacity.visits_per_year(held_back) == 0.5 * 6.5 * 46
    plenty = replace(TEAMS, office_rounds_per_week=(("police", 2.0),))
    assert capacity.scarcest_office(plenty) is None
    assert capacity.visits_per_year(plenty) == 598


def test_visits_outside_of_rounds_are_capacity_that_no_office_limits() -> None:
    held_back = replace(TEAMS, office_rounds_per_week=(("police", 0.0),), single_visits_per_week=3)
    assert capacity.visits_per_year(held_back) == 3 * 46


def test_the_numbers_of_hagen() -> None:
    """224 objects every 60 days would need 1,363 visits a year; about 110 are made (shared domain text)."""
    start = stock(street(224, 1095))
    assert capacity.needed_visits_per_year(start, [Wish(None, JOINT, 60)]) == pytest.approx(1363.6)
    teams = Teams(1, 13 / 46, 8.4, 0.0)
    assert capacity.visits_per_year(teams) == pytest.approx(109.2)
    assert capacity.shortest_sustainable_days(start, teams, (), Wish(None, JOINT, 60)) == 750
    assert capacity.teams_needed(start, teams, [Wish(None, JOINT, 60)]) == 13


@pytest.mark.parametrize(
    ("intervals", "needed"),
    [
        ({JOINT: 365.25 / 2}, 2),
        ({JOINT: 365.25, FIRE: 365.25}, 2),  # neither serves the other
        ({JOINT: 365.25, HOUSING: 365.25 * 2}, 1),  # the joint control serves housing supervision, too
        ({JOINT: 365.25 * 2, HOUSING: 365.25}, 1),  # every second visit is the joint control
        ({JOINT: 365.25 * 3, HOUSING: 365.25 * 2, FOLLOW_UP: 365.25}, 1),
        ({JOINT: 365.25, HOUSING: 365.25 * 2, FOLLOW_UP: 365.25 * 3}, 1),
        ({HOUSING: 365.25 * 2, FOLLOW_UP: 365.25, FIRE: 365.25 / 3}, 4),
    ],
)
def test_what_one_visit_serves_twice_counts_once(intervals: dict[str, float], needed: float) -> None:
    start = stock([(0, kind, 1, 0) for kind in intervals])
    exact = replace(start, interval_days=start.interval_days.astype(float))
    for place, kind in enumerate(exact.control_types):
        exact.interval_days[exact.type_of == place] = intervals[kind]
    assert capacity.needed_visits_per_year(exact) == pytest.approx(needed)


def test_a_wish_replaces_the_interval_and_never_lengthens_a_statutory_one() -> None:
    pairs = [*street(10, 400), *street(10, 800, kind=FIRE)]
    start = stock(pairs, areas={0: [EAST]}, statutory=[FIRE])
    wishes = [Wish(WEST, JOINT, 100), Wish(None, FIRE, 900), Wish(EAST, FIRE, 700), Wish(EAST, JOINT, 500)]
    intervals = start.intervals_under(wishes)
    found = {(int(house), start.control_types[kind]): int(days) for house, kind, days in zip(
        start.property_of, start.type_of, intervals, strict=True)}  # fmt: skip
    assert found == {
        **{(house, JOINT): 100 for house in range(1, 10)},
        **{(house, FIRE): 800 for house in range(1, 10)},
        (0, JOINT): 500,
        (0, FIRE): 700,
    }
    assert (start.due_under(intervals) - start.due_day == intervals - start.interval_days).all()


def test_of_several_wishes_for_a_pair_the_shortest_wins() -> None:
    start = stock(street(3, 400))
    assert start.intervals_under([Wish(None, JOINT, 90), Wish(WEST, JOINT, 60), Wish(WEST, JOINT, 300)]).max() == 60


def test_the_shortest_sustainable_interval_leaves_enough_for_all_other_rules() -> None:
    start = stock([*street(50, 365), *street(50, 365, first=50)], areas={house: [EAST] for house in range(50, 100)})
    teams = Teams(1, 3.0, 1.0, 0.0, (), 50)  # 150 visits a year; the rules need a little more than 100
    wish = Wish(WEST, JOINT, 30)
    days = capacity.shortest_sustainable_days(start, teams, [wish], wish)
    assert days == 183  # 50 x 365.25 / 183 + 50 x 365.25 / 365 = 149.8; with 182 days it would be 150.4
    assert capacity.shortest_alone_days(start, teams, wish) == 122  # 50 x 365.25 / 150 = 121.75
    dear = Wish(EAST, JOINT, 30)
    assert capacity.shortest_sustainable_days(start, teams, [wish, dear], wish) is None
    assert capacity.shortest_sustainable_days(start, teams, [], Wish(EAST, FIRE, 30)) is None
    assert capacity.shortest_alone_days(start, replace(teams, teams=0), wish) is None


def test_no_number_of_teams_helps_where_an_office_is_scarce() -> None:
    start = stock(street(100, 365))
    assert capacity.teams_needed(start, Teams(1, 1.0, 1.0, 0.0, (), 52)) == 2
    assert capacity.teams_needed(start, Teams(1, 1.0, 1.0, 0.0, (("police", 1.5),), 52)) is None
    assert capacity.teams_needed(start, Teams(1, 1.0, 0.0, 0.0, (), 52)) is None
    assert capacity.teams_needed(start, Teams(1, 0.0, 1.0, 0.0, (), 52, 2.0)) == 0


@given(st.integers(1, 400), st.integers(1, 8), st.floats(0.1, 5), st.floats(1, 9), st.floats(0, 0.9))
def test_the_answers_are_the_edge_between_enough_and_too_little(
    houses: int, count: int, rounds: float, objects: float, failed: float
) -> None:
    start, teams = stock(street(houses, 1095)), Teams(count, rounds, objects, failed)
    wish, limit = Wish(None, JOINT, 60), capacity.effective_visits_per_year(teams)
    days = capacity.shortest_sustainable_days(start, teams, (), wish)
    if days is None:
        assert houses * 365.25 / 3650 > limit
    else:
        assert houses * 365.25 / days <= limit * (1 + 1e-9)
        assert days == 1 or houses * 365.25 / (days - 1) > limit
        assert capacity.shortest_alone_days(start, teams, wish) == days
    needed = capacity.teams_needed(start, teams, [wish])
    if needed is not None:
        need = houses * 365.25 / 60
        assert capacity.effective_visits_per_year(replace(teams, teams=needed)) >= need * (1 - 1e-9)
        assert capacity.effective_visits_per_year(replace(teams, teams=needed - 1)) < need
