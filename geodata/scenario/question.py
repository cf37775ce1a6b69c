"""The question of a scenario: teams, wishes, horizon; as a value, and as it stands in a link. Pure.

Rules:

- A scenario is a value: `from_query(to_query(scenario), any defaults) == scenario`; so it can be shared, cached and
  compared. Rates have hundredths, the share of failed access whole thousandths; `to_query` rounds to that.
- Whatever a link holds is input from outside: codes are checked against their lists and numbers against limits;
  what cannot be read raises `InvalidFilter`, never an answer to another question.
- A part that is missing is taken from the defaults; only the wishes of a link are those that it names.
- In a link an area 0 is the whole city, `failed` is in per cent, and `office=none` says that no office limits anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from geodata.codes import AREA_KINDS, CONTROL_TYPES, OFFICES
from geodata.errors import InvalidFilter
from geodata.filters import read_day

Order = Literal["due", "risk"]
ORDERS: Final[tuple[Order, ...]] = ("due", "risk")
FIELDS: Final = (
    "as_of", "teams", "rounds", "objects", "failed", "office", "weeks", "single", "months", "order", "kind", "wish",
)  # fmt: skip
NONE: Final = "none"

MONTHS_LEAST: Final = 12
MONTHS_MOST: Final = 36
TEAMS_MOST: Final = 500
ROUNDS_MOST: Final = 25.0
OBJECTS_MOST: Final = 100.0
FAILED_MOST: Final = 0.95
WEEKS_MOST: Final = 52.0
PER_WEEK_MOST: Final = 10_000.0
WISHES_MOST: Final = 20
INTERVAL_DAYS_MOST: Final = 3650
_NUMBER: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Teams:
    """What there is to work with; from it follows the capacity (`capacity.py`).

    `failed_share` (0 to 0.95) of all visits reaches too little. `office_rounds_per_week` names offices that every round
    needs, with the rounds that each can join in a week: the scarcest of them limits all rounds.
    `single_visits_per_week` are visits outside of rounds; they need no team and no other office.
    """

    teams: int
    rounds_per_team_week: float
    objects_per_round: float
    failed_share: float
    office_rounds_per_week: tuple[tuple[str, float], ...] = ()
    working_weeks_per_year: float = 46.0
    single_visits_per_week: float = 0.0


@dataclass(frozen=True)
class Wish:
    """Another interval for all pairs of one area (None = the whole city) and one type of control.

    It may be longer than the rules, but never lengthens a statutory one. Of several wishes for one pair the shortest
    interval wins, as among rules.
    """

    area_id: int | None
    control_type: str
    interval_days: int


@dataclass(frozen=True)
class Scenario:
    """One question: from the as-of date on, so many months ahead; `kind` is the kind of areas that tables show."""

    as_of: date
    months: int
    teams: Teams
    wishes: tuple[Wish, ...] = ()
    order: Order = "due"
    kind: str = "quartier"


def from_query(query: Mapping[str, str], defaults: Scenario) -> Scenario:
    """The scenario of a link; what the link lacks comes from `defaults`. Raises `InvalidFilter` in words."""
    if query.get("kind", defaults.kind) not in AREA_KINDS:
        raise InvalidFilter("kind", f"kind={query['kind']} is not known; possible are {', '.join(AREA_KINDS)}.")
    return Scenario(
        as_of=read_day("as_of", query) or defaults.as_of,
        months=int(_number(query, "months", defaults.months, MONTHS_LEAST, MONTHS_MOST, decimals=0)),
        teams=_teams(query, defaults.teams),
        wishes=tuple(_wish(part) for part in _distinct("wish", query.get("wish", ""), WISHES_MOST)),
        order=_order(query, defaults.order),
        kind=query.get("kind") or defaults.kind,
    )


def to_query(scenario: Scenario) -> dict[str, str]:
    """The parts of a link in a fixed order; complete, so that it means the same after the next delivery, too."""
    teams = scenario.teams
    offices = ",".join(f"{office}:{_shown(rounds)}" for office, rounds in teams.office_rounds_per_week)
    query = {
        "as_of": scenario.as_of.isoformat(),
        "teams": str(teams.teams),
        "rounds": _shown(teams.rounds_per_team_week),
        "objects": _shown(teams.objects_per_round),
        "failed": f"{round(teams.failed_share * 100, 1):g}",
        "office": offices or NONE,
        "weeks": _shown(teams.working_weeks_per_year),
        "single": _shown(teams.single_visits_per_week),
        "months": str(scenario.months),
        "order": scenario.order,
        "kind": scenario.kind,
        "wish": ",".join(f"{wish.area_id or 0}:{wish.control_type}:{wish.interval_days}" for wish in scenario.wishes),
    }
    return {field: query[field] for field in FIELDS if query[field]}


def on_grain(teams: Teams) -> Teams:
    """The same with numbers as a link can hold them: rates in hundredths, the share of failed access in thousandths."""
    return replace(
        teams,
        rounds_per_team_week=round(teams.rounds_per_team_week, 2),
        objects_per_round=round(teams.objects_per_round, 2),
        failed_share=round(teams.failed_share, 3),
        office_rounds_per_week=tuple((office, round(rounds, 2)) for office, rounds in teams.office_rounds_per_week),
        working_weeks_per_year=round(teams.working_weeks_per_year, 2),
        single_visits_per_week=round(teams.single_visits_per_week, 2),
    )


# --- parts of a link --------------------------------------------------------------------------------------------------


def _teams(query: Mapping[str, str], defaults: Teams) -> Teams:
    failed = _number(query, "failed", defaults.failed_share * 100, 0, FAILED_MOST * 100, decimals=1) / 100
    return Teams(
        teams=int(_number(query, "teams", defaults.teams, 0, TEAMS_MOST, decimals=0)),
        rounds_per_team_week=_number(query, "rounds", defaults.rounds_per_team_week, 0, ROUNDS_MOST),
        objects_per_round=_number(query, "objects", defaults.objects_per_round, 0, OBJECTS_MOST),
        failed_share=round(failed, 3),
        office_rounds_per_week=_offices(query.get("office", ""), defaults),
        working_weeks_per_year=_number(query, "weeks", defaults.working_weeks_per_year, 1, WEEKS_MOST),
        single_visits_per_week=_number(query, "single", defaults.single_visits_per_week, 0, PER_WEEK_MOST),
    )


def _number(
    query: Mapping[str, str], field: str, default: float, least: float, most: float, *, decimals: int = 2
) -> float:
    given = query.get(field, "")
    return _read_number(field, given, least, most, decimals) if given else round(default, decimals)


def _read_number(field: str, given: str, least: float, most: float, decimals: int = 2) -> float:
    wanted = "a whole number" if decimals == 0 else f"a number with at most {decimals} decimals, such as 6.5"
    if not _NUMBER.fullmatch(given) or len(given.partition(".")[2]) > decimals:
        raise InvalidFilter(field, f"{field}={given} cannot be read; expected {wanted}.")
    value = float(given)
    if not least <= value <= most:
        raise InvalidFilter(field, f"{field}={given} lies outside of {least:g} to {most:g}.")
    return value


def _order(query: Mapping[str, str], default: Order) -> Order:
    given = query.get("order") or default
    for order in ORDERS:
        if given == order:
            return order
    raise InvalidFilter("order", f"order={given} is not known; possible are {', '.join(ORDERS)}.")


def _distinct(field: str, given: str, most: int) -> list[str]:
    """The parts of a list, none of which may speak of the same thing as another."""
    parts = [part for part in given.split(",") if part]
    subjects = [part.rpartition(":")[0] for part in parts]
    if len(parts) > most:
        raise InvalidFilter(field, f"{field} takes at most {most} parts.")
    twice = next((subject for subject in subjects if subjects.count(subject) > 1), None)
    if twice is not None:
        raise InvalidFilter(field, f"{field} names {twice} twice.")
    return parts


def _offices(given: str, defaults: Teams) -> tuple[tuple[str, float], ...]:
    if not given:
        return defaults.office_rounds_per_week
    if given == NONE:
        return ()
    return tuple(_office(part) for part in _distinct("office", given, len(OFFICES)))


def _office(part: str) -> tuple[str, float]:
    office, _, rounds = part.partition(":")
    if office not in OFFICES:
        raise InvalidFilter("office", f"office={part} cannot be read; expected an office and its rounds: police:0.5.")
    return office, _read_number("office", rounds, 0, PER_WEEK_MOST)


def _wish(part: str) -> Wish:
    pieces = part.split(":")
    if len(pieces) != 3 or pieces[1] not in CONTROL_TYPES or not re.fullmatch(r"0|[1-9][0-9]{0,9}", pieces[0]):
        raise InvalidFilter("wish", f"wish={part} cannot be read; expected area, type and days: 12:joint_control:60.")
    if int(pieces[0]) >= 2**31:
        raise InvalidFilter("wish", f"wish={part} names no area; numbers of areas are smaller.")
    days = int(_read_number("wish", pieces[2], 1, INTERVAL_DAYS_MOST, decimals=0))
    return Wish(int(pieces[0]) or None, pieces[1], days)


def _shown(value: float) -> str:
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")
