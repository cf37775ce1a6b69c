"""How a house comes to the city: the way, where it stands, the clock of a pre-emption and what a buyer promised; pure.

- The clock of a pre-emption begins with the notice of the contract. Where the buyer asked to avert it, the longer end
  counts, and only that one. It runs until the city decided: exercised, waived, or averting agreed.
- What averted a pre-emption binds the buyer, so the proceeding stays open: somebody looks again (`follow_up_on`) until
  the promise is kept or its last day has passed.
- A price is what the contract, the exercise or the award says; what was only offered is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from geodata.measures.reads import Measure
from geodata.measures.steps import Step

FAMILY: Final = "acquisition"
WAYS: Final = ("purchase", "pre_emption", "forced_sale", "ownerless")
AcquisitionState = Literal["running", "averted", "acquired", "ended"]
STATES: Final[tuple[AcquisitionState, ...]] = ("running", "averted", "acquired", "ended")
Decision = Literal["exercised", "waived", "averting_agreed"]
_DECISIONS: Final[tuple[Decision, ...]] = ("exercised", "averting_agreed", "waived")
_PRICED: Final = ("exercised", "award", "contract")
_CLOCK: Final = ("averting_asked", "contract_notice")


@dataclass(frozen=True)
class Acquisition:
    """One way to a house as it stood on `as_of`.

    `clock` is the step whose deadline counts, None where no clock runs; `promise` the agreement that averted it.
    `price_eur` None = none was agreed, or none is recorded.
    """

    measure: Measure
    as_of: date
    state: AcquisitionState
    clock: Step | None
    notice_on: date | None
    is_prolonged: bool
    decision: Decision | None
    decided_on: date | None
    promise: Step | None
    price_eur: float | None

    @property
    def ends_on(self) -> date | None:
        """Last day on which the city may decide; None where no clock runs."""
        return self.clock.due_on if self.clock else None

    @property
    def days_left(self) -> int | None:
        """Days until then, negative = over for so long."""
        return None if self.ends_on is None else (self.ends_on - self.as_of).days

    @property
    def follow_up_on(self) -> date | None:
        """The day on which somebody looks whether the promise is kept; None where nothing was averted."""
        return self.measure.next_check_on if self.state == "averted" else None

    @property
    def is_follow_up_missing(self) -> bool:
        """Whether a promise binds and nobody has planned to look at it."""
        return self.state == "averted" and self.measure.next_check_on is None

    @property
    def is_follow_up_overdue(self) -> bool:
        """Whether the planned day has passed."""
        return self.follow_up_on is not None and self.follow_up_on < self.as_of

    @property
    def acquired_on(self) -> date | None:
        """The day on which the house became the city's."""
        return self.measure.closed_on if self.state == "acquired" else None


@dataclass(frozen=True)
class WayCount:
    """How many of one way stand where, and what the houses that were acquired cost.

    `without_price` of the acquired ones have no price recorded, so that the sum tells too little.
    """

    way: str
    running: int
    averted: int
    acquired: int
    ended: int
    price_eur: float
    without_price: int

    @property
    def total(self) -> int:
        """All of the way."""
        return self.running + self.averted + self.acquired + self.ended


def acquisition_of(one: Measure, as_of: date) -> Acquisition:
    """A proceeding of the family "acquisition" with its clock, its decision and its follow-up."""
    decided = next((step for code in _DECISIONS for step in one.steps if step.kind == code), None)
    notice = next((step for step in one.steps if step.kind == "contract_notice"), None)
    clock = next((step for code in _CLOCK for step in reversed(one.steps) if step.kind == code and step.due_on), None)
    runs = one.is_open and one.kind == "pre_emption" and decided is None
    promise = next((step for step in reversed(one.steps) if step.kind == "averting_agreed"), None)
    return Acquisition(
        measure=one,
        as_of=as_of,
        state=_state(one, promise),
        clock=clock if runs else None,
        notice_on=notice.happened_on if notice else None,
        is_prolonged=runs and clock is not None and clock.kind == "averting_asked",
        decision=next((code for code in _DECISIONS if decided and decided.kind == code), None),
        decided_on=decided.happened_on if decided else None,
        promise=promise,
        price_eur=price_of(one.steps),
    )


def price_of(steps: Sequence[Step]) -> float | None:
    """What the house costs, as the latest step that states it says."""
    return next((s.amount_eur for s in reversed(steps) if s.kind in _PRICED and s.amount_eur is not None), None)


def count_ways(found: Iterable[Acquisition]) -> tuple[WayCount, ...]:
    """The ways in their order, those without any case among them."""
    listed = list(found)
    return tuple(_count(way, [one for one in listed if one.measure.kind == way]) for way in WAYS)


def by_urgency(found: Iterable[Acquisition]) -> list[Acquisition]:
    """Those with a clock, the nearest end first; then those whose notice has no clock that could be counted."""
    running = [one for one in found if one.state == "running" and one.measure.kind == "pre_emption"]
    return sorted(
        (one for one in running if one.decision is None), key=lambda one: (one.ends_on or date.max, one.measure.key)
    )


def _state(one: Measure, promise: Step | None) -> AcquisitionState:
    if one.is_open:
        return "averted" if promise is not None else "running"
    return "acquired" if one.outcome == "acquired" else "ended"


def _count(way: str, own: Sequence[Acquisition]) -> WayCount:
    by_state = {state: sum(one.state == state for one in own) for state in STATES}
    prices = [one.price_eur for one in own if one.state == "acquired"]
    known = [price for price in prices if price is not None]
    return WayCount(way=way, **by_state, price_eur=sum(known), without_price=len(prices) - len(known))
