"""The answer to a scenario: with and without the change, what is possible, what it would take, and who loses. Pure.

- *Without the change* is the same scenario without its wishes, with `teams_before` where other teams are part of it.
- *Shortest sustainable interval*: closed form, see `capacity.py`; beside it the shortest one if nothing else were done.
- *Teams needed* (`teams_needed`): the fewest at which, at the end, neither among the pairs of the wishes nor among all
  others more are overdue than without the change. Those who wait for access are left out on both sides: short intervals
  have more of them, however many teams there are. Found by simulating, from the closed form's guess on.
  `teams_to_keep_all`: the fewest that keep every rule and wish in the long run, in closed form. None = no number does.
- *Found later*: pairs whose next visit with sufficient access comes later than without the change. Where there is none
  until the end, the day after the end stands for it, so that the days are "at least".
- *Losers*: areas x types, and the city (area None) x types, each without the pairs of the wishes, where more is overdue
  at the end, or the overdue wait longer, or pairs are found later on average (by a day or more). Always named, the one
  with the most additional overdue pairs first. That is an order of effects of one decision, not a ranking of quarters.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geodata.scenario import capacity
from geodata.scenario.course import CITY_ROW, Course
from geodata.scenario.question import TEAMS_MOST, Scenario, Teams, Wish
from geodata.scenario.simulation import simulate
from geodata.scenario.stock import Bools, Ints, Start

# A delay that grows by less is what a course shows when two visits change places.
LEAST_DAYS: Final = 1.0


@dataclass(frozen=True)
class Found:
    """How the next visit of some pairs moves: how many come later and sooner, and by how many days on average."""

    pairs: int
    later: int
    sooner: int
    mean_later_days: float | None
    mean_sooner_days: float | None

    @property
    def later_share(self) -> float | None:
        return self.later / self.pairs if self.pairs else None


@dataclass(frozen=True)
class Loser:
    """Pairs of one type in one area (None = the city) that no wish speaks of, and what the change costs them.

    `mean_delay_*_days` is how late the overdue ones are on average at the end; None where none is.
    """

    area_id: int | None
    control_type: str
    pairs: int
    overdue_before: int
    overdue_after: int
    mean_delay_before_days: float | None
    mean_delay_after_days: float | None
    found: Found

    @property
    def found_later_share(self) -> float | None:
        return self.found.later_share


@dataclass(frozen=True)
class HouseVisits:
    """Visits per year (failed ones among them) to a property under any rule in one area; None = the city."""

    area_id: int | None
    properties: int
    before: float
    after: float


@dataclass(frozen=True)
class WishAnswer:
    """What the closed form and the course say about one wish.

    `shortest_sustainable_days` None = not even ten years leave enough for the other rules; `shortest_alone_days` is for
    the case that nothing else in the city were visited. `overdue_*` at the end, `before` by the rules as they are.
    """

    pairs: int
    properties: int
    shortest_sustainable_days: int | None
    shortest_alone_days: int | None
    overdue_now: int
    overdue_before: int
    overdue_after: int
    found: Found


@dataclass(frozen=True)
class Limits:
    """What limits: visits per year that can be made, how many of them are effective, and how many the rules need.

    `scarcest_office` is the office that limits the rounds, None where the teams themselves do. `utilisation_*` is the
    share of the effective visits that is needed: above 1 the teams cannot keep up. None without any capacity.
    """

    visits_per_year: float
    effective_visits_per_year: float
    needed_per_year_before: float
    needed_per_year_after: float
    rounds_per_week: float
    scarcest_office: str | None

    @property
    def utilisation_before(self) -> float | None:
        return self._share(self.needed_per_year_before)

    @property
    def utilisation_after(self) -> float | None:
        return self._share(self.needed_per_year_after)

    def _share(self, needed: float) -> float | None:
        return needed / self.effective_visits_per_year if self.effective_visits_per_year else None


@dataclass(frozen=True, eq=False)
class Answer:
    """The whole answer; the module says what each part means."""

    scenario: Scenario
    baseline: Course
    changed: Course
    wishes: Mapping[Wish, WishAnswer]
    teams_needed: int | None
    teams_to_keep_all: int | None
    visits_per_house_year: tuple[HouseVisits, ...]
    losers: tuple[Loser, ...]
    others: Found
    limits: Limits

    @property
    def shortest_sustainable_days(self) -> Mapping[Wish, int | None]:
        return {wish: found.shortest_sustainable_days for wish, found in self.wishes.items()}


def answer(start: Start, scenario: Scenario, teams_before: Teams | None = None) -> Answer:
    """Both courses and what follows from them; `teams_before` None = the teams are no part of the change."""
    before = replace(scenario, wishes=(), teams=teams_before or scenario.teams)
    baseline = simulate(start, before)
    changed = simulate(start, scenario) if scenario != before else baseline
    is_wished = start.of_wishes(scenario.wishes)
    return Answer(
        scenario,
        baseline,
        changed,
        wishes={wish: _of_wish(start, scenario, wish, baseline, changed) for wish in scenario.wishes},
        teams_needed=_teams_needed(start, scenario, baseline, changed, is_wished),
        teams_to_keep_all=capacity.teams_needed(start, scenario.teams, scenario.wishes),
        visits_per_house_year=_house_visits(start, baseline, changed),
        losers=_losers(start, baseline, changed, is_wished),
        others=_found(baseline, changed, ~is_wished),
        limits=_limits(start, scenario),
    )


def _of_wish(start: Start, scenario: Scenario, wish: Wish, baseline: Course, changed: Course) -> WishAnswer:
    meant = start.of_wish(wish)
    return WishAnswer(
        pairs=int(meant.sum()),
        properties=int(np.unique(start.property_of[meant]).size),
        shortest_sustainable_days=capacity.shortest_sustainable_days(start, scenario.teams, scenario.wishes, wish),
        shortest_alone_days=capacity.shortest_alone_days(start, scenario.teams, wish),
        overdue_now=int((start.due_day[meant] < 0).sum()),
        overdue_before=int(_is_overdue(baseline)[meant].sum()),
        overdue_after=int(_is_overdue(changed)[meant].sum()),
        found=_found(baseline, changed, meant),
    )


def _limits(start: Start, scenario: Scenario) -> Limits:
    return Limits(
        capacity.visits_per_year(scenario.teams),
        capacity.effective_visits_per_year(scenario.teams),
        capacity.needed_visits_per_year(start),
        capacity.needed_visits_per_year(start, scenario.wishes),
        capacity.rounds_per_week(scenario.teams),
        capacity.scarcest_office(scenario.teams),
    )


# --- teams ------------------------------------------------------------------------------------------------------------


def _teams_needed(start: Start, scenario: Scenario, baseline: Course, changed: Course, is_wished: Bools) -> int | None:
    """The fewest teams with which no more is overdue at the end than without the change, in the wishes and outside."""
    most = tuple(_overdue(baseline, is_wished))

    def is_enough(teams: int) -> bool:
        same = teams == scenario.teams.teams
        course = changed if same else simulate(start, replace(scenario, teams=replace(scenario.teams, teams=teams)))
        return all(after <= before for after, before in zip(_overdue(course, is_wished), most, strict=True))

    if is_enough(scenario.teams.teams):
        return scenario.teams.teams
    if not _do_more_teams_help(scenario):
        return None
    return _search(is_enough, scenario.teams.teams, _guess(start, scenario))


def _do_more_teams_help(scenario: Scenario) -> bool:
    teams = scenario.teams
    more = replace(teams, teams=teams.teams + 1)
    return capacity.effective_visits_per_year(more) > capacity.effective_visits_per_year(teams)


def _guess(start: Start, scenario: Scenario) -> int:
    """Teams that bring as many visits more as the wishes need more."""
    teams = scenario.teams
    one = capacity.effective_visits_per_year(replace(teams, teams=1, single_visits_per_week=0.0))
    more = capacity.needed_visits_per_year(start, scenario.wishes) - capacity.needed_visits_per_year(start)
    return min(TEAMS_MOST, teams.teams + max(1, round(more / one))) if one else TEAMS_MOST


def _search(is_enough: Callable[[int], bool], too_few: int, guess: int) -> int | None:
    """The smallest number that is enough: from a guess on by doubling, then by halving; None where none is."""
    enough = guess
    while not is_enough(enough):
        if enough == TEAMS_MOST:
            return None
        too_few, enough = enough, min(TEAMS_MOST, 2 * enough)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if is_enough(middle) else (middle, enough)
    return enough


# --- who loses --------------------------------------------------------------------------------------------------------


def _is_overdue(course: Course) -> Bools:
    return np.asarray(course.due_day < course.horizon_days)


def _overdue(course: Course, is_wished: Bools) -> tuple[int, int]:
    """Overdue pairs at the end that do not wait for access: those of the wishes, and all others."""
    is_overdue = _is_overdue(course) & ~course.waits_for_access
    return int(is_overdue[is_wished].sum()), int(is_overdue[~is_wished].sum())


def _found(baseline: Course, changed: Course, meant: Bools) -> Found:
    moved = (changed.next_day - baseline.next_day)[meant]
    return _found_of(
        moved.size, np.array([moved > 0, np.maximum(moved, 0), moved < 0, np.maximum(-moved, 0)]).sum(axis=1)
    )


def _found_of(pairs: int, sums: Ints) -> Found:
    later, later_days, sooner, sooner_days = (int(one) for one in sums)
    return Found(pairs, later, sooner, later_days / later if later else None, sooner_days / sooner if sooner else None)


def _losers(start: Start, baseline: Course, changed: Course, is_wished: Bools) -> tuple[Loser, ...]:
    moved = changed.next_day - baseline.next_day
    late = [np.maximum(course.horizon_days - course.due_day, 0) for course in (baseline, changed)]
    moves = [moved > 0, np.maximum(moved, 0), moved < 0, np.maximum(-moved, 0)]
    of_pair = np.array([np.ones(start.pairs), late[0] > 0, late[0], late[1] > 0, late[1], *moves], dtype=np.int64)
    of_cell = start.cells @ np.where(is_wished, 0, of_pair).T
    ids = [*(area.id for area in start.areas), None]
    subjects = [(area_id, code) for area_id in ids for code in start.control_types]
    every = [_loser(*subject, sums) for subject, sums in zip(subjects, of_cell, strict=True)]
    losing = [one for one in every if one is not None]
    return tuple(sorted(losing, key=lambda one: (one.overdue_before - one.overdue_after, -_net_days(one.found))))


def _loser(area_id: int | None, control_type: str, sums: Ints) -> Loser | None:
    """The row of one area and type; None where the change costs it nothing that counts."""
    pairs, before, days_before, after, days_after = (int(one) for one in sums[:5])
    loser = Loser(
        area_id,
        control_type,
        pairs,
        before,
        after,
        days_before / before if before else None,
        days_after / after if after else None,
        _found_of(pairs, sums[5:]),
    )
    is_later = (loser.mean_delay_after_days or 0.0) >= (loser.mean_delay_before_days or 0.0) + LEAST_DAYS
    is_found_later = _net_days(loser.found) >= LEAST_DAYS
    return loser if pairs and (after > before or (after and is_later) or is_found_later) else None


def _net_days(found: Found) -> float:
    """By how many days the next visit comes later on average, over all of the pairs."""
    later = found.later * (found.mean_later_days or 0.0) - found.sooner * (found.mean_sooner_days or 0.0)
    return later / found.pairs if found.pairs else 0.0


# --- visits for each house --------------------------------------------------------------------------------------------


def _house_visits(start: Start, baseline: Course, changed: Course) -> tuple[HouseVisits, ...]:
    """For each area of the kind with a property, and for the city."""
    rows = [(area.id, row) for row, area in enumerate(start.areas)]
    found = [
        _house_visits_of(area_id, int(start.in_area(area_id).sum()), (baseline, changed), row)
        for area_id, row in [*rows, (None, CITY_ROW)]
    ]
    return tuple(one for one in found if one.properties)


def _house_visits_of(area_id: int | None, properties: int, courses: tuple[Course, Course], row: int) -> HouseVisits:
    before, after = (float(one.visits[:, row].sum()) / max(properties, 1) / one.years for one in courses)
    return HouseVisits(area_id, properties, before, after)
