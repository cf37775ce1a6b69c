"""What a publication shows of a saved scenario: projections, rounded, and never a count of today.

- Only the fixed kinds of areas and the city, in the order of the publication. Interval, teams and visits are public
  facts. Overdue controls are projections that rest on counts about condition: rounded, "fewer than k" below k.
- Nothing is shown of an area where the publication holds its objects back, or has fewer than k of them; nor of one that
  lies in another so that the rest between both could be a small number.
- A scenario that changes the interval of fewer than k objects is refused: the visits that it needs would count them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Any, Final

from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.calendar import BERLIN
from geodata.errors import UsageError
from geodata.figures import read_figures
from geodata.publishing.publication import PublishedScenario, ScenarioArea, ScenarioWish, number
from geodata.publishing.published_figures import CITY, Counted, HeldBack, Place
from geodata.publishing.published_resolutions import WHOLE_CITY
from geodata.publishing.suppression import is_small
from geodata.publishing.words import Words
from geodata.resolutions import filter_of
from geodata.scenario.question import TEAMS_MOST, Scenario, Teams, Wish, from_query
from geodata.scenario.saved import SavedScenario, read_scenario

ROUNDED_TO: Final = 5
# Whoever knows the interval that is tried could tell from the visits how many objects it is for: one object at every
# 60 days needs six visits a year, so a number rounded to ten times k says nothing about fewer than k of them.
NEEDED_ROUNDED_TO: Final = 10
# The figures of a place that say whether its objects are told of at all.
_GUARDS: Final = ("objects_open", "objects_overdue")


@dataclass(frozen=True)
class Projected:
    """The parts of a publication that tell of one scenario."""

    scenarios: tuple[PublishedScenario, ...] = ()
    wishes: tuple[ScenarioWish, ...] = ()
    areas: tuple[ScenarioArea, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """A saved scenario that may be released, with its question read."""

    saved: SavedScenario
    asked: Scenario


def choose_scenario(asker: Asker, scenario_id: int, k: int) -> Chosen:
    """The scenario of that number; UsageError where there is none, or where it must not be released."""
    saved = read_scenario(asker, scenario_id)
    if saved is None:
        raise UsageError(f"There is no saved scenario {scenario_id}.")
    asked = from_query(saved.query, Scenario(saved.as_of, 12, Teams(1, 1, 1, 0)))
    for wish in asked.wishes:
        _refuse_small(asker, wish, saved.as_of, k)
    return Chosen(saved, asked)


def prepare_scenario(
    asker: Asker, chosen: Chosen, k: int, now: Counted, held_back: HeldBack, words: Words, places: Mapping[Place, str]
) -> Projected:
    """A scenario as it may be told; `places` are the areas of the publication with their names, in its order."""
    saved, summary = chosen.saved, chosen.saved.summary
    areas = {area.id: area for area in read_areas(asker, saved.as_of)}
    return Projected(
        (_scenario(saved, chosen.asked, summary, k),),
        tuple(_wishes(chosen.asked, summary, areas, words)),
        tuple(_areas(summary, k, now, held_back, words, places)),
    )


def rounded(value: float, k: int) -> int | None:
    """A projected number as it may be shown: None below k, else the nearest multiple of five (or of k, above that)."""
    step = ROUNDED_TO * ceil(k / ROUNDED_TO)
    return None if value < k else max(step, step * floor(value / step + 0.5))


def _refuse_small(asker: Asker, wish: Wish, as_of: date, k: int) -> None:
    place = filter_of(wish.area_id, wish.control_type, as_of)
    found = read_figures(asker, place, keys=("objects_open", "controls_monitored"))
    counts = [one.value for one in found.values()]
    if any(is_small(value, k) for value in counts if isinstance(value, int)):
        raise UsageError(f"This scenario changes the interval of fewer than {k} objects, so it cannot be released.")


def _scenario(saved: SavedScenario, asked: Scenario, summary: Mapping[str, Any], k: int) -> PublishedScenario:
    step = NEEDED_ROUNDED_TO * k
    before, after = (step * round(summary[f"needed_per_year_{when}"] / step) for when in ("before", "after"))
    return PublishedScenario(
        number=1,
        name=saved.name,
        as_of=saved.as_of,
        saved_on=saved.saved_at.astimezone(BERLIN).date(),
        months=asked.months,
        teams=asked.teams.teams,
        visits_per_year=round(summary["effective_visits_per_year"]),
        needed_per_year_before=before,
        needed_per_year_after=after,
        teams_needed=told_teams(summary["teams_needed"], asked.teams, step),
    )


def told_teams(needed: int | None, teams: Teams, step: int) -> int | None:
    """Teams needed, rounded up so far that they tell no more of the visits needed than these do, in steps of `step`.

    Teams that visit little would count the visits, and so the objects of a wish, one by one.
    """
    if needed is None:
        return None
    visits = teams.rounds_per_team_week * teams.objects_per_round * teams.working_weeks_per_year
    of_one_team = visits * (1 - teams.failed_share)
    at_once = ceil(step / of_one_team) if of_one_team > 0 else 1
    # No number of teams that a scenario can have would be told rightly then.
    return None if at_once > TEAMS_MOST else at_once * ceil(needed / at_once)


def _wishes(
    asked: Scenario, summary: Mapping[str, Any], areas: Mapping[int, Area], words: Words
) -> Iterator[ScenarioWish]:
    for place, (wish, days) in enumerate(zip(asked.wishes, summary["shortest_sustainable_days"], strict=True), start=1):
        area = None if wish.area_id is None else areas.get(wish.area_id)
        name = words.both(WHOLE_CITY) if wish.area_id is None else (area.name, area.name) if area else ("–", "–")
        type_name = words.of_code("control_type", wish.control_type)
        # Up, never down: a shorter interval than the teams can keep would be a promise.
        shortest = None if days is None else ROUNDED_TO * ceil(days / ROUNDED_TO)
        yield ScenarioWish(place, name, wish.control_type, type_name, wish.interval_days, shortest)


def _areas(
    summary: Mapping[str, Any],
    k: int,
    now: Counted,
    held_back: HeldBack,
    words: Words,
    places: Mapping[Place, str],
) -> Iterator[ScenarioArea]:
    found: dict[Place, Mapping[str, Any]] = {(one["kind"], one["key"]): one for one in summary["areas"]}
    rows = {CITY: summary["city"]} | {place: found[place] for place in places if place in found}
    hidden = {place for place in rows if _is_hidden(place, k, now, held_back)}
    hidden |= _too_near(rows, k, now, hidden)
    for position, (place, row) in enumerate(rows.items(), start=1):
        name = words.both(WHOLE_CITY) if place == CITY else (places[place], places[place])
        empty = ScenarioArea(
            number=position, kind=place[0], area_key=place[1], place=name,
            is_held_back=True, overdue_before=None, overdue_after=None,
            visits_before=None, visits_after=None, loses=False,
        )  # fmt: skip
        yield empty if place in hidden else _told(empty, row, k)


def _told(empty: ScenarioArea, row: Mapping[str, Any], k: int) -> ScenarioArea:
    before, after = rounded(row["overdue_end_before"], k), rounded(row["overdue_end_after"], k)
    return replace(
        empty,
        is_held_back=False,
        overdue_before=before,
        overdue_after=after,
        visits_before=_one_decimal(row["visits_per_house_year_before"]),
        visits_after=_one_decimal(row["visits_per_house_year_after"]),
        loses=(after or 0) > (before or 0),
    )


def _is_hidden(place: Place, k: int, now: Counted, held_back: HeldBack) -> bool:
    objects = now.values[place]["objects_open"]
    return any((place, key) in held_back.all for key in _GUARDS) or not isinstance(objects, int) or objects < k


def _too_near(rows: Mapping[Place, Mapping[str, Any]], k: int, now: Counted, hidden: set[Place]) -> set[Place]:
    """Places that lie wholly in another one and leave so little of it that the difference could be a small number."""
    found = set()
    for inner in rows:
        for outer in rows:
            is_inside = inner not in (outer, CITY) and not {inner, outer} & hidden and _lies_in(inner, outer, now)
            if is_inside and any(_is_near(rows[inner], rows[outer], when, k) for when in ("before", "after")):
                found.add(inner)
    return found


def _lies_in(inner: Place, outer: Place, now: Counted) -> bool:
    return outer == CITY or all(outer in part for part in now.parts if inner in part)


def _is_near(inner: Mapping[str, Any], outer: Mapping[str, Any], when: str, k: int) -> bool:
    inside, around = inner[f"overdue_end_{when}"], outer[f"overdue_end_{when}"]
    # Both are shown within half a step of the truth, so the difference is told within a whole one.
    step = ROUNDED_TO * ceil(k / ROUNDED_TO)
    return bool(0 < around - inside < k + step and inside >= k)


def _one_decimal(value: float | None) -> Decimal | None:
    return None if value is None else number(round(value, 1))
