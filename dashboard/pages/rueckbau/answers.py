"""What the page before a committee meeting answers, as plain values: how many, what is late, which money, who moved.

Rules:

- A project is in one part of the whole: down (the building is gone, whatever is left to do on the plot), ended (given
  up, renovated instead) or still to come.
- Money of one grant counts once: what was not called before its window closes, and beside it what was paid and costs
  interest, waits for its proof or is still bound; these three overlap, so the largest of them counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geodata.calendar import months_later
from geodata.demolitions import Project
from geodata.funding.flow import AtRisk

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
class MoneyAtRisk:
    """What is at risk: amounts and grants of what lies ahead and of what has passed and is still open."""

    ahead_eur: float
    ahead_grants: int
    passed_eur: float
    passed_grants: int
    nearest: tuple[AtRisk, ...]
    passed: tuple[AtRisk, ...]


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
    """What lies ahead beside what has passed; `found` stands by day."""
    ahead = tuple(one for one in found if one.days_left >= 0)
    passed = tuple(one for one in found if one.days_left < 0)
    return MoneyAtRisk(
        ahead_eur=amount_eur(ahead),
        ahead_grants=len({one.grant_key for one in ahead}),
        passed_eur=amount_eur(passed),
        passed_grants=len({one.grant_key for one in passed}),
        nearest=ahead,
        passed=passed,
    )


def amount_eur(found: Sequence[AtRisk]) -> float:
    """The sum of what is at risk, each euro once."""
    of_grant: dict[str, Counter[str]] = {}
    for one in found:
        of_grant.setdefault(one.grant_key, Counter())[one.what] += one.amount_eur  # type: ignore[assignment]
    paid = ("interest", "proof_due", "binding")
    return sum(sums["call_window"] + max(sums[what] for what in paid) for sums in of_grant.values())
