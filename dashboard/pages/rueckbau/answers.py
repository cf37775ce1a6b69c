"""What the page before a committee meeting answers, as plain values: how many, what is late, which money, who moved.

Rules:

- A project is in one part of the whole: down (the building is gone, whatever is left to do on the plot), ended (given
  up, renovated instead) or still to come.
- Money of one grant counts once, by the rule of the page of funding (`risk_eur`): what was not called before its window
  closes, and beside it what was paid and costs interest or waits for its proof.
- A binding period that ends puts no money at risk: it is counted beside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geodata.calendar import months_later
from geodata.demolitions import Project
from geodata.funding.flow import AtRisk, risk_eur

_MONTHS_COMPARED = 12


@dataclass(frozen=True)
class HowMany:
    """Projects by what became of them; `down_last_year` and `down_before` are the twelve months and those before."""

    projects: int
    down: int
    running: int
    blocked: int
    late: int
    outcomes: Mapping[str, int]
    down_last_year: int
    down_before: int

    @property
    def ended(self) -> int:
        """Projects that ended without being completed."""
        return sum(self.outcomes.values())

    @property
    def still_to_come(self) -> int:
        """Neither down nor ended."""
        return self.projects - self.down - self.ended


@dataclass(frozen=True)
class GrantAtRisk:
    """One grant: what is at risk of it by day, and how much in all, each euro once."""

    risks: tuple[AtRisk, ...]
    amount_eur: float


@dataclass(frozen=True)
class MoneyAtRisk:
    """What is at risk by grant, the nearest first; `passed_eur` of `passed` grants is past its day and still open.

    `bindings_ending`: grants whose binding period ends, which puts no money at risk.
    """

    grants: tuple[GrantAtRisk, ...]
    total_eur: float
    passed: int
    passed_eur: float
    bindings_ending: int


def how_many(projects: Sequence[Project], as_of: date) -> HowMany:
    """The parts of the whole; what ended after the building was down counts as down."""
    running = [one for one in projects if one.status == "running"]
    down_on = [one.demolished_on for one in projects if one.demolished_on is not None]
    year_ago, before = months_later(as_of, -_MONTHS_COMPARED), months_later(as_of, -2 * _MONTHS_COMPARED)
    ended = Counter(one.outcome for one in projects if one.status == "ended" and one.demolished_on is None)
    return HowMany(
        projects=len(projects),
        down=len(down_on),
        running=len(running),
        blocked=sum(one.is_blocked for one in running),
        late=sum((one.slip_days or 0) > 0 for one in running),
        outcomes={outcome: count for outcome, count in sorted(ended.items()) if outcome},
        down_last_year=sum(day > year_ago for day in down_on),
        down_before=sum(before < day <= year_ago for day in down_on),
    )


def of_projects(found: Sequence[AtRisk], projects: Sequence[Project]) -> tuple[AtRisk, ...]:
    """The money that belongs to the properties of these projects: what is of an area or the city does not."""
    owners = {one.property_id for one in projects}
    return tuple(one for one in found if one.property_id in owners)


def money_at_risk(found: Sequence[AtRisk]) -> MoneyAtRisk:
    """The whole, what of it has passed, and each grant; `found` stands by day."""
    summed = [one for one in found if one.what != "binding"]
    passed = [one for one in summed if one.days_left < 0]
    own: dict[str, list[AtRisk]] = {}
    for one in summed:
        own.setdefault(one.grant_key, []).append(one)
    return MoneyAtRisk(
        grants=tuple(GrantAtRisk(tuple(risks), risk_eur(risks)) for risks in own.values()),
        total_eur=risk_eur(summed),
        passed=len({one.grant_key for one in passed}),
        passed_eur=risk_eur(passed),
        bindings_ending=sum(one.what == "binding" for one in found),
    )
