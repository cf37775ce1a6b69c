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
# These three are about money that was paid, and so overlap.
_PAID = ("interest", "proof_due", "binding")


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
    """One grant: its nearest deadline, and what is at risk of it in all, each euro once."""

    nearest: AtRisk
    amount_eur: float


@dataclass(frozen=True)
class MoneyAtRisk:
    """What is at risk by grant, the nearest first: what lies ahead, and what has passed and is still open."""

    ahead: tuple[GrantAtRisk, ...]
    passed: tuple[GrantAtRisk, ...]

    @property
    def ahead_eur(self) -> float:
        """The sum of what lies ahead: that of the grants that are listed."""
        return sum(one.amount_eur for one in self.ahead)

    @property
    def passed_eur(self) -> float:
        """The sum of what has passed and is still open."""
        return sum(one.amount_eur for one in self.passed)


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
    ahead = [one for one in found if one.days_left >= 0]
    passed = [one for one in found if one.days_left < 0]
    return MoneyAtRisk(_by_grant(ahead), _by_grant(passed))


def _by_grant(found: Sequence[AtRisk]) -> tuple[GrantAtRisk, ...]:
    own: dict[str, list[AtRisk]] = {}
    for one in found:
        own.setdefault(one.grant_key, []).append(one)
    return tuple(GrantAtRisk(risks[0], amount_eur(risks)) for risks in own.values())


def amount_eur(risks: Sequence[AtRisk]) -> float:
    """What is at risk of one grant, each euro once."""
    sums = {what: sum(one.amount_eur for one in risks if one.what == what) for what in ("call_window", *_PAID)}
    return sums["call_window"] + max(sums[what] for what in _PAID)
