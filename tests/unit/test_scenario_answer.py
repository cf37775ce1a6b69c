"""The answer to the question of politics, told with a town of two quarters: what is possible, and who pays for it."""

from dataclasses import replace

import numpy as np
import pytest

from geodata.scenario.answer import Answer, answer
from geodata.scenario.question import Scenario, Teams, Wish
from geodata.scenario.simulation import simulate
from geodata.scenario.stock import Start
from tests.factories.scenarios import AS_OF, EAST, FIRE, JOINT, WEST, stock, street, visiting

WISH = Wish(WEST, JOINT, 60)


def town() -> Start:
    """Twenty houses in the west, eighty in the east, and fire safety in forty of these; nobody is overdue."""
    pairs = [*street(20, 365), *street(80, 365, first=20), *street(40, 365, first=20, kind=FIRE)]
    return stock(pairs, areas={house: [EAST] for house in range(20, 100)})


# The rules need 140 visits a year; these teams make 160.
TEAMS = visiting(160 / 261, teams=1)


def asked(*wishes: Wish, teams: Teams = TEAMS, months: int = 24) -> Answer:
    return answer(town(), Scenario(AS_OF, months, teams, wishes))


@pytest.fixture(scope="module")
def wished() -> Answer:
    return asked(WISH)


def test_what_the_teams_can_do_and_what_it_takes(wished: Answer) -> None:
    assert wished.limits.effective_visits_per_year == pytest.approx(160, abs=0.1)
    assert wished.limits.needed_per_year_before == pytest.approx(140, abs=0.2)
    assert wished.limits.needed_per_year_after == pytest.approx(120 + 20 * 365.25 / 60, abs=0.2)
    assert wished.limits.utilisation_after > 1 > wished.limits.utilisation_before
    # 160 - 120 visits are left for twenty houses: about twice a year.
    assert wished.shortest_sustainable_days == {WISH: 184}
    assert wished.wishes[WISH].shortest_alone_days == 46
    assert wished.wishes[WISH].properties == wished.wishes[WISH].pairs == 20
    assert wished.teams_to_keep_all == 2


def test_who_loses_is_named_with_the_delay_and_the_share_found_later(wished: Answer) -> None:
    named = {(loser.area_id, loser.control_type): loser for loser in wished.losers}
    assert set(named) == {(EAST, JOINT), (EAST, FIRE), (None, JOINT), (None, FIRE)}
    east = named[EAST, JOINT]
    assert (east.pairs, east.overdue_before, east.mean_delay_before_days) == (80, 0, None)
    assert east.overdue_after > 5
    assert east.mean_delay_after_days > 5
    assert 0.5 < east.found_later_share <= 1
    # Without the pairs of the wish the city's row is that of the east.
    assert replace(named[None, JOINT], area_id=EAST) == east
    assert [loser.overdue_after - loser.overdue_before for loser in wished.losers] == sorted(
        (loser.overdue_after - loser.overdue_before for loser in wished.losers), reverse=True
    )


def test_who_is_found_later_and_by_how_much_follows_from_the_next_visits(wished: Answer) -> None:
    start = town()
    others = ~start.of_wish(WISH)
    moved = (wished.changed.next_day - wished.baseline.next_day)[others]
    assert wished.others.pairs == 120
    assert wished.others.later == (moved > 0).sum()
    assert wished.others.mean_later_days == pytest.approx(moved[moved > 0].mean())
    assert wished.wishes[WISH].found.sooner > 15
    assert wished.wishes[WISH].found.mean_sooner_days > 60


def test_the_teams_needed_are_the_fewest_with_which_nobody_else_waits_longer(wished: Answer) -> None:
    assert wished.teams_needed == 2
    assert wished.baseline.of().overdue[-1] == 0
    scenario = Scenario(AS_OF, 24, replace(TEAMS, teams=2), (WISH,))
    assert simulate(town(), scenario).of().overdue[-1] == 0
    # With many small teams the edge is found to the team: one fewer leaves somebody overdue.
    small = replace(TEAMS, teams=20, rounds_per_team_week=TEAMS.rounds_per_team_week / 20)
    found = asked(WISH, teams=small)
    fewer = replace(small, teams=found.teams_needed - 1)
    assert simulate(town(), Scenario(AS_OF, 24, fewer, (WISH,))).of().overdue[-1] > 0
    assert found.teams_needed <= found.teams_to_keep_all + 2


def test_where_an_office_is_scarce_no_team_helps_and_the_office_is_named() -> None:
    rounds = TEAMS.rounds_per_team_week
    held_back = replace(TEAMS, teams=2, office_rounds_per_week=(("police", rounds),))
    found = asked(WISH, teams=held_back)
    assert (found.teams_needed, found.teams_to_keep_all) == (None, None)
    assert found.limits.scarcest_office == "police"


def test_failed_access_alone_asks_for_no_further_team() -> None:
    """Every 60 days somebody is always late who was not met; without the change hardly anybody is."""
    found = asked(WISH, teams=visiting(200 / 261, failed_share=0.2))
    assert found.baseline.of().overdue[-1] <= 1
    enough = visiting(200 / 261 * found.teams_needed, failed_share=0.2, teams=found.teams_needed)
    changed = simulate(town(), Scenario(AS_OF, 24, enough, (WISH,)))
    is_late = changed.due_day < changed.horizon_days
    assert is_late.any()
    assert changed.waits_for_access[is_late].all()


def test_without_a_wish_nothing_changes_and_nobody_loses() -> None:
    for found in (asked(), asked(Wish(None, JOINT, 365))):
        assert found.losers == ()
        assert found.teams_needed == TEAMS.teams
        assert (found.others.later, found.others.sooner) == (0, 0)
        assert np.array_equal(found.baseline.overdue, found.changed.overdue)
        assert all(row.before == row.after for row in found.visits_per_house_year)


def test_a_wish_that_the_teams_can_keep_costs_nobody_anything_that_counts() -> None:
    found = asked(Wish(WEST, JOINT, 250))
    assert found.teams_needed == TEAMS.teams
    assert all(loser.overdue_after == 0 for loser in found.losers)


def test_visits_for_each_house_and_year_before_and_after(wished: Answer) -> None:
    rows = {row.area_id: row for row in wished.visits_per_house_year}
    assert [rows[area].properties for area in (WEST, EAST, None)] == [20, 80, 100]
    assert rows[WEST].before == pytest.approx(1, abs=0.1)
    assert rows[WEST].after > 2.5
    assert rows[EAST].after < rows[EAST].before
    visits = sum(row.after * row.properties for row in rows.values() if row.area_id is not None)
    assert visits == pytest.approx(rows[None].after * 100)
    assert visits * 2 == sum(wished.changed.of().visits)


def test_other_teams_can_be_the_change() -> None:
    more = replace(TEAMS, teams=2)
    found = answer(town(), Scenario(AS_OF, 24, more, (WISH,)), teams_before=TEAMS)
    assert found.changed.of().overdue[-1] == 0
    assert found.baseline.capacity * 2 == pytest.approx(found.changed.capacity)
    assert answer(town(), Scenario(AS_OF, 24, more), teams_before=TEAMS).baseline.capacity < found.changed.capacity


def test_a_city_without_pairs_and_a_city_without_teams_have_an_answer() -> None:
    nobody = replace(TEAMS, teams=0)
    empty = answer(stock([]), Scenario(AS_OF, 12, TEAMS, (WISH,)))
    assert (empty.wishes[WISH].pairs, empty.losers, empty.visits_per_house_year) == (0, (), ())
    assert empty.shortest_sustainable_days == {WISH: None}
    idle = asked(WISH, teams=nobody)
    assert idle.baseline.utilisation is idle.limits.utilisation_after is None
    assert idle.teams_needed is not None
    assert idle.wishes[WISH].shortest_alone_days is None
