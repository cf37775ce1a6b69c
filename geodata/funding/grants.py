"""What a grant is: programme, calls, costs and the states that follow from its dates. Pure, no database.

Rules:

- What is dated later than the as-of date does not count yet: an invoice, a call, a payment, a proof that was sent. Last
  days lie ahead and always count. A grant without the date of a notice is *expected*: it is promised, not granted, and
  its amount is in no sum of granted money.
- What was paid is what came, less what was paid back.
- The city's own share is the eligible cost less what was granted; what a grant does not pay for at all comes on top of
  it (`not_eligible_eur`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from geodata.funding.interest import InterestRule, Payment, PaymentUse, Spending, uses

GrantState = Literal["expected", "running", "proof_due", "proof_sent", "proven"]
Sort = Literal[
    "title", "programme", "place", "state", "granted_on", "granted_eur", "called_eur", "paid_eur", "spent_eur",
    "call_until_on", "proof_due_on", "binding_until_on", "share",
]  # fmt: skip


@dataclass(frozen=True)
class Programme:
    """A funding programme with its usual terms; None = nothing is recorded. `id` is that of the version in force."""

    id: int
    key: str
    funder: str
    usual_share: float | None
    least_share: float | None
    most_share: float | None
    interest_from_month: int | None
    checked_after_months: int | None
    is_interest_confirmed: bool
    source: str | None
    is_confirmed: bool


@dataclass(frozen=True)
class Call:
    """A call for money (Mittelabruf) and what came on it; amounts in euros, `refunded_eur` was paid back of it."""

    id: int
    key: str
    grant_key: str
    called_on: date
    amount_eur: float
    paid_on: date | None = None
    paid_eur: float | None = None
    refunded_on: date | None = None
    refunded_eur: float | None = None


@dataclass(frozen=True)
class Cost:
    """Something that the city bought for what the grant is for; `paid_on` None = not paid yet."""

    id: int
    key: str
    grant_key: str
    project_key: str | None
    category: str
    invoiced_on: date
    paid_on: date | None
    amount_eur: float
    is_eligible: bool


@dataclass(frozen=True)
class Grant:
    """A grant as it stood on `as_of`, with its calls and costs until then, the earliest first.

    Without `property_id` and `area_id` it is of the whole city. `called_eur`, `paid_eur` and `spent_eur` are sums of
    what happened; `uses` says of each payment how much of it is unused. `rule` is the one that holds; `stated_share`
    and the months beside it are what the notice itself says, None = nothing.
    """

    id: int
    key: str
    programme: str
    title: str
    property_id: int | None
    project_key: str | None
    area_id: int | None
    address: str | None
    area_ids: tuple[int, ...]
    file_reference: str | None
    expected_on: date | None
    granted_on: date | None
    eligible_eur: float
    share: float
    granted_eur: float
    call_until_on: date | None
    binding_until_on: date | None
    proof_due_on: date | None
    proof_sent_on: date | None
    proof_result: str | None
    goal: str | None
    goal_rating: str
    goal_note: str | None
    rule: InterestRule
    stated_share: float | None
    interest_from_month: int | None
    checked_after_months: int | None
    is_interest_confirmed: bool
    is_withdrawn: bool
    as_of: date
    calls: tuple[Call, ...]
    costs: tuple[Cost, ...]
    state: GrantState
    uses: tuple[PaymentUse, ...]

    @property
    def is_granted(self) -> bool:
        """Whether the notice is there."""
        return self.state != "expected"

    @property
    def called_eur(self) -> float:
        return _sum(one.amount_eur for one in self.calls)

    @property
    def refunded_eur(self) -> float:
        return _sum(one.refunded_eur for one in self.uses)

    @property
    def paid_eur(self) -> float:
        """What came, less what was paid back."""
        return round(_sum(one.paid_eur for one in self.uses) - self.refunded_eur, 2)

    @property
    def unused_eur(self) -> float:
        return _sum(one.unused_eur for one in self.uses)

    @property
    def spent_eur(self) -> float:
        """Costs that the city paid, those that are not eligible included."""
        return _sum(one.amount_eur for one in self.costs if one.paid_on is not None)

    @property
    def not_eligible_eur(self) -> float:
        return _sum(one.amount_eur for one in self.costs if one.paid_on is not None and not one.is_eligible)

    @property
    def own_share_eur(self) -> float:
        """What the city bears of the eligible cost."""
        return round(self.eligible_eur - self.granted_eur, 2)

    @property
    def open_eur(self) -> float:
        """What was granted and not called yet."""
        return max(0.0, round(self.granted_eur - self.called_eur, 2))


@dataclass(frozen=True)
class GrantWish:
    """Which grants, in which order, which part of them; every field empty = all, `size` None = no end."""

    programmes: tuple[str, ...] = ()
    states: tuple[GrantState, ...] = ()
    sort: Sort = "proof_due_on"
    descending: bool = False
    start: int = 0
    size: int | None = None


SORTS: Final[Mapping[str, Callable[[Grant], Any]]] = {
    "title": lambda one: one.title.casefold(),
    "programme": lambda one: one.programme.casefold(),
    "place": lambda one: one.address,
    "state": lambda one: ("expected", "running", "proof_due", "proof_sent", "proven").index(one.state),
    "granted_on": lambda one: one.granted_on,
    "granted_eur": lambda one: one.granted_eur if one.is_granted else None,
    "called_eur": lambda one: one.called_eur,
    "paid_eur": lambda one: one.paid_eur,
    "spent_eur": lambda one: one.spent_eur,
    "call_until_on": lambda one: one.call_until_on,
    "proof_due_on": lambda one: one.proof_due_on,
    "binding_until_on": lambda one: one.binding_until_on,
    "share": lambda one: one.share,
}


def select_grants(grants: Iterable[Grant], wish: GrantWish) -> tuple[Grant, ...]:
    """The grants that are wished for, in the wished order; what has no value stands last in both directions."""
    found = [
        one
        for one in grants
        if (not wish.programmes or one.programme in wish.programmes) and (not wish.states or one.state in wish.states)
    ]
    found.sort(key=lambda one: (one.title.casefold(), one.key))
    value = SORTS[wish.sort]
    with_value = [one for one in found if value(one) is not None]
    with_value.sort(key=lambda one: value(one), reverse=wish.descending)
    ordered = with_value + [one for one in found if value(one) is None]
    start = max(0, wish.start)
    return tuple(ordered[start : None if wish.size is None else start + max(0, wish.size)])


def share_of(share: float | None, granted_eur: float, eligible_eur: float) -> float:
    """The share as the notice says it, else that of the amounts; nothing eligible has no share."""
    if share is not None:
        return share
    return granted_eur / eligible_eur if eligible_eur > 0 else 0.0


def state_of(
    granted_on: date | None,
    proof_due_on: date | None,
    proof_sent_on: date | None,
    proof_result: str | None,
    as_of: date,
) -> GrantState:
    """How a grant stands: a proof that is late is *due* until it was sent, one that was answered is *proven*."""
    if granted_on is None or granted_on > as_of:
        return "expected"
    if proof_sent_on is not None and proof_sent_on <= as_of:
        return "proof_sent" if proof_result is None else "proven"
    return "proof_due" if proof_due_on is not None and proof_due_on < as_of else "running"


def calls_at(calls: Iterable[Call], as_of: date) -> tuple[Call, ...]:
    """The calls of a date without what happened later."""
    known = sorted((one for one in calls if one.called_on <= as_of), key=lambda one: (one.called_on, one.key))
    return tuple(_call_at(one, as_of) for one in known)


def costs_at(costs: Iterable[Cost], as_of: date) -> tuple[Cost, ...]:
    """The costs of a date without what happened later."""
    known = sorted((one for one in costs if one.invoiced_on <= as_of), key=lambda one: (one.invoiced_on, one.key))
    return tuple(_cost_at(one, as_of) for one in known)


def uses_of(
    calls: Iterable[Call],
    costs: Iterable[Cost],
    *,
    share: float,
    eligible_eur: float,
    rule: InterestRule,
    as_of: date,
) -> tuple[PaymentUse, ...]:
    """How the payments on these calls were used by these costs."""
    payments = [
        Payment(one.key, one.paid_on, one.paid_eur, one.refunded_on, one.refunded_eur or 0.0)
        for one in calls
        if one.paid_on is not None and one.paid_eur is not None
    ]
    spendings = [Spending(one.paid_on, one.amount_eur) for one in costs if one.is_eligible and one.paid_on is not None]
    return uses(payments, spendings, share=share, eligible_eur=eligible_eur, rule=rule, as_of=as_of)


def _call_at(call: Call, as_of: date) -> Call:
    is_paid = call.paid_on is not None and call.paid_on <= as_of
    is_back = is_paid and call.refunded_on is not None and call.refunded_on <= as_of
    return Call(
        call.id,
        call.key,
        call.grant_key,
        call.called_on,
        call.amount_eur,
        call.paid_on if is_paid else None,
        call.paid_eur if is_paid else None,
        call.refunded_on if is_back else None,
        call.refunded_eur if is_back else None,
    )


def _cost_at(cost: Cost, as_of: date) -> Cost:
    if cost.paid_on is None or cost.paid_on <= as_of:
        return cost
    return Cost(
        cost.id, cost.key, cost.grant_key, cost.project_key, cost.category, cost.invoiced_on, None, cost.amount_eur,
        cost.is_eligible,
    )  # fmt: skip


def _sum(values: Iterable[float]) -> float:
    return round(sum(values), 2)
