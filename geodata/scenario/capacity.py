"""What the teams can do and what the rules need, in closed form: visits per year, without a simulation. Pure.

- Rounds per week = teams x rounds per team and week, but no more than the scarcest office can join. Visits per year =
  (rounds per week x objects per round + single visits per week) x working weeks. Of these the share of failed access
  reaches too little: effective visits = visits x (1 - that share).
- Needed = effective visits per year that keep every pair on time from now on: the sum of 365.25 / interval over the
  pairs, less what one visit serves twice. Where a type also serves another one at the same property, only what the
  more frequent of the two needs counts: a visit that is called anyway is carried out as the wider type in time, as the
  simulation does. Where two types serve a third one but not each other, only the more frequent of them is taken off,
  so that the need is rather too high than too low.
- That is a state in which nothing is late yet: a backlog, and due dates that come in heaps, need more for a while.
  That is why the simulation stands beside it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from geodata.scenario.question import INTERVAL_DAYS_MOST, TEAMS_MOST, Teams, Wish
from geodata.scenario.stock import Floats, Ints, Start

DAYS_PER_YEAR: Final = 365.25
WORKING_DAYS_PER_YEAR: Final = DAYS_PER_YEAR * 5 / 7
# Sums of many fractions miss a whole number by rounding errors of this order.
_ROUNDING: Final = 1e-9


def scarcest_office(teams: Teams) -> str | None:
    """The office that can join fewer rounds than the teams could hold; None where no office limits them."""
    if not teams.office_rounds_per_week:
        return None
    office, rounds = min(teams.office_rounds_per_week, key=lambda one: one[1])
    return office if rounds < teams.teams * teams.rounds_per_team_week else None


def rounds_per_week(teams: Teams) -> float:
    """Rounds that can be held in a working week."""
    wanted = teams.teams * teams.rounds_per_team_week
    return min([wanted, *(rounds for _, rounds in teams.office_rounds_per_week)])


def visits_per_year(teams: Teams) -> float:
    """Visits that can be made in a year, whatever access they reach."""
    per_week = rounds_per_week(teams) * teams.objects_per_round + teams.single_visits_per_week
    return per_week * teams.working_weeks_per_year


def effective_visits_per_year(teams: Teams) -> float:
    """Visits that can be made in a year and reach the access that the rule requires."""
    return visits_per_year(teams) * (1 - teams.failed_share)


def needed_visits_per_year(start: Start, wishes: Sequence[Wish] = ()) -> float:
    """Effective visits that the rules need in a year, with the wishes in place of what they replace."""
    return float(_called_per_year(start, start.intervals_under(wishes)).sum())


def _called_per_year(start: Start, intervals: Ints) -> Floats:
    """For each property (row) and type (column) the visits per year that this type has to call itself.

    What serves a type is a chain of types of which each serves the next: their calls are different visits, so they add
    up along the chain, and the best chain is taken off.
    """
    called = np.zeros((start.properties, len(start.control_types)))
    called[start.property_of, start.type_of] = DAYS_PER_YEAR / intervals
    for place in start.servers_first:
        servers = start.servers_of[place]
        served = np.zeros(start.properties)
        for server in servers:
            chain = [server, *(one for one in start.servers_of[server] if one in servers)]
            served = np.maximum(served, called[:, chain].sum(axis=1))
        called[:, place] = np.maximum(called[:, place] - served, 0.0)
    return called


def shortest_sustainable_days(start: Start, teams: Teams, wishes: Sequence[Wish], wish: Wish) -> int | None:
    """The shortest interval for the wish that the teams can keep beside all other rules and wishes; whole days.

    None where not even the longest interval that can be asked for (ten years) leaves enough for the others, and where
    the wish speaks of no pair.
    """
    others = [one for one in wishes if one != wish]
    limit = effective_visits_per_year(teams)

    def is_enough(days: int) -> bool:
        need = needed_visits_per_year(start, [*others, replace(wish, interval_days=days)])
        return need <= limit * (1 + _ROUNDING)

    return _smallest(is_enough, INTERVAL_DAYS_MOST) if start.of_wish(wish).any() else None


def shortest_alone_days(start: Start, teams: Teams, wish: Wish) -> int | None:
    """The shortest interval for the wish if no other property were visited at all: the utmost that the teams can do.

    None where the wish speaks of no pair, or nobody can make a visit.
    """
    pairs, limit = int(start.of_wish(wish).sum()), effective_visits_per_year(teams)
    return None if not pairs or not limit else max(1, math.ceil(pairs * DAYS_PER_YEAR / limit * (1 - _ROUNDING)))


def teams_needed(start: Start, teams: Teams, wishes: Sequence[Wish] = ()) -> int | None:
    """How many teams of this kind keep all rules and wishes from now on; None where no number of teams does.

    Then the scarcest office (`scarcest_office` at that many teams) or a rate of 0 stands in the way.
    """
    need = needed_visits_per_year(start, wishes)
    return _smallest(
        lambda count: effective_visits_per_year(replace(teams, teams=count)) * (1 + _ROUNDING) >= need,
        TEAMS_MOST,
        least=0,
    )


def _smallest(is_enough: Callable[[int], bool], most: int, least: int = 1) -> int | None:
    """The smallest number that passes a test which all larger ones pass, too; None where not even `most` does."""
    if not is_enough(most):
        return None
    low, high = least, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low
