"""The teams there are, measured: rounds, objects and failed access of the twelve months that end on a date.

- Rounds are counted as everywhere (`rounds_held`), failed access, too (`failed_access`). Objects of a round are its
  recorded visits, or the number as published where no visit was recorded.
- Visits outside of rounds were work with the same result, so they are capacity of their own (`single_visits_per_week`)
  and in the share of failed access.
- Teams are the rounds that go out on the same day as a rule: at most so many on nine of ten days with a round.
- Rates are per working week (46 in a year, assumed), so that a year of the scenario has as many as the measured one.
- Which offices a round needs is not recorded, only which joined. So no office limits anything by default; `offices`
  says how many rounds each joined: what it can do at least, for who knows that no round goes without it.
- Numbers are rounded to what a link can hold. What cannot be measured is assumed, and called so by its field.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

import numpy as np
from sqlalchemy import Select, func, select

from geodata.access import Asker
from geodata.codes import OFFICES
from geodata.control_figures import read_visits
from geodata.figure import Period, Value
from geodata.filters import PropertyFilter
from geodata.scenario.question import FAILED_MOST, OBJECTS_MOST, PER_WEEK_MOST, ROUNDS_MOST, TEAMS_MOST, Teams, on_grain
from geodata.tables import inspection, inspection_round

PERMISSION: Final = "scenario:read"
Source = Literal["measured", "assumed"]

# What stands where a city has nothing to measure from; a page says so, and asks for the city's own numbers.
ASSUMED: Final = Teams(teams=1, rounds_per_team_week=1.0, objects_per_round=6.0, failed_share=0.2)
# A day with more rounds than nine of ten days had is an exception and not another team.
_USUAL_SHARE: Final = 0.9


@dataclass(frozen=True)
class OfficeRounds:
    """An office, the rounds that it joined, and how many that is in a working week: at least so many it can join."""

    office: str
    rounds: int
    rounds_per_week: float


@dataclass(frozen=True)
class Counted:
    """What was counted in a period; `failed` of `visits` did not reach what the rule requires.

    `round_visits` are objects visited in rounds, `rounds_at_once` the rounds that go out on the same day as a rule.
    """

    first_on: date
    last_on: date
    rounds: int
    round_visits: int
    visits: int
    single_visits: int
    failed: int
    rounds_at_once: int
    offices: tuple[OfficeRounds, ...]


@dataclass(frozen=True)
class Defaults:
    """Teams and rates, what they were counted from, and for each field of `Teams` whether it is measured or assumed."""

    teams: Teams
    counted: Counted
    sources: Mapping[str, Source]


def read_defaults(asker: Asker, as_of: date) -> Defaults:
    """Teams and rates of the twelve months that end on a date. Raises NotAllowed without `scenario:read`."""
    asker.require(PERMISSION)
    return defaults_of(_read_counted(asker, Period.year_until(as_of)))


def defaults_of(counted: Counted) -> Defaults:
    """Teams and rates that follow from what was counted; pure."""
    has_rounds, has_visits = counted.rounds > 0, counted.visits > 0
    weeks = ASSUMED.working_weeks_per_year
    teams = replace(ASSUMED, single_visits_per_week=min(PER_WEEK_MOST, counted.single_visits / weeks))
    if has_rounds:
        count = min(TEAMS_MOST, counted.rounds_at_once)
        teams = replace(teams, teams=count, rounds_per_team_week=min(ROUNDS_MOST, counted.rounds / weeks / count))
    elif has_visits:
        teams = replace(teams, teams=0)  # A city that visits all of its objects one by one has no team for rounds.
    if counted.round_visits:
        teams = replace(teams, objects_per_round=min(OBJECTS_MOST, counted.round_visits / counted.rounds))
    if has_visits:
        teams = replace(teams, failed_share=min(FAILED_MOST, counted.failed / counted.visits))
    measured = {
        "teams": has_rounds or has_visits,
        "rounds_per_team_week": has_rounds,
        "objects_per_round": counted.round_visits > 0,
        "failed_share": has_visits,
        "office_rounds_per_week": False,
        "working_weeks_per_year": False,
        "single_visits_per_week": has_visits,
    }
    return Defaults(
        on_grain(teams), counted, {name: "measured" if known else "assumed" for name, known in measured.items()}
    )


def _read_counted(asker: Asker, period: Period) -> Counted:
    visits = read_visits(asker, PropertyFilter(as_of=period.last_on), period)
    rounds = asker.connection.execute(_rounds_query(asker, period)).all()
    on_day = Counter(row.held_on for row in rounds)
    done = _count(visits["inspections_done"])
    return Counted(
        period.first_on,
        period.last_on,
        rounds=len(rounds),
        round_visits=sum(row.recorded or row.objects or 0 for row in rounds),
        visits=done,
        single_visits=max(0, done - sum(row.recorded for row in rounds)),
        failed=_count(visits["failed_access"]),
        rounds_at_once=int(np.quantile(list(on_day.values()), _USUAL_SHARE, method="lower")) if on_day else 0,
        offices=_offices([row.offices for row in rounds]),
    )


def _count(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _rounds_query(asker: Asker, period: Period) -> Select[Any]:
    """Day, offices, objects as published and visits recorded of each round of the period."""
    visit, columns = inspection.c, inspection_round.c
    recorded = (
        select(visit.round_key, func.count().label("visits"))
        .where(
            visit.municipality == asker.scope.municipality,
            visit.superseded_at.is_(None),
            visit.round_key.is_not(None),
            visit.inspected_on.between(period.first_on, period.last_on),
        )
        .group_by(visit.round_key)
        .subquery("recorded")
    )
    return (
        select(
            columns.held_on,
            columns.offices,
            columns.objects,
            func.coalesce(recorded.c.visits, 0).label("recorded"),
        )
        .select_from(inspection_round.outerjoin(recorded, recorded.c.round_key == columns.key))
        .where(
            columns.municipality == asker.scope.municipality,
            columns.superseded_at.is_(None),
            columns.held_on.between(period.first_on, period.last_on),
        )
    )


def _offices(joined: list[list[str]]) -> tuple[OfficeRounds, ...]:
    counts = {office: sum(office in offices for offices in joined) for office in OFFICES}
    weeks = ASSUMED.working_weeks_per_year
    return tuple(
        OfficeRounds(office, count, round(count / weeks, 2))
        for office, count in sorted(counts.items(), key=lambda one: -one[1])
        if count
    )
