"""How much of a payment is unused, from when it costs interest, and when its use is checked. Pure.

Rules:

- A grant takes a share of eligible costs, so a cost that the city paid uses that share of it, and not more in all than
  the share of the eligible cost. What the city pays before the money comes counts as soon as it is there.
- First in, first out: what was used is taken from the earliest payment, what is left from the next one.
- What was paid back is no longer there, so it is not unused either, from the day on which it was paid back.
- The month of the payment is month 1, so month 13 begins on the same day of the next year; a check after 18 months
  falls on the same day of the 18th month after it. A shorter month ends with its last day.
- Which months these are is data (of the notice, its programme, or usual), never a constant here.
- Amounts are euros, rounded to cents, and never negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from geodata.calendar import months_later

PaymentState = Literal["used", "in_time", "costs_interest", "checked"]


@dataclass(frozen=True)
class InterestRule:
    """From which month after the payment unused money costs interest, and after how many months its use is checked."""

    from_month: int
    checked_after_months: int
    is_confirmed: bool = False


@dataclass(frozen=True)
class Payment:
    """Money that came on a day; `refunded_eur` of it was paid back on `refunded_on`."""

    key: str
    paid_on: date
    paid_eur: float
    refunded_on: date | None = None
    refunded_eur: float = 0.0


@dataclass(frozen=True)
class Spending:
    """An eligible cost that the city paid on a day."""

    paid_on: date
    amount_eur: float


@dataclass(frozen=True)
class PaymentUse:
    """How a payment stands on a date; the three amounts add up to what was paid.

    `late_eur` was used or paid back only after interest had begun to count; it is a part of the other two.
    `month`: the running month since the payment, 1 = the first. `state`: all is used (or paid back), in time, costs
    interest, or the day of the check has come.
    """

    key: str
    paid_on: date
    paid_eur: float
    used_eur: float
    refunded_eur: float
    unused_eur: float
    late_eur: float
    month: int
    interest_from_on: date
    checked_on: date
    state: PaymentState

    @property
    def next_on(self) -> date | None:
        """The day that matters next: interest begins, then the check; None where nothing is unused."""
        if self.state == "used":
            return None
        return self.interest_from_on if self.state == "in_time" else self.checked_on


def uses(
    payments: Sequence[Payment],
    spendings: Sequence[Spending],
    *,
    share: float,
    eligible_eur: float,
    rule: InterestRule,
    as_of: date,
) -> tuple[PaymentUse, ...]:
    """The payments that came until the date, the earliest first."""
    known = _in_order(payments, as_of)
    unused = _unused(known, spendings, share, eligible_eur, as_of)
    found = []
    for payment, left in zip(known, unused, strict=True):
        from_on = months_later(payment.paid_on, rule.from_month - 1)
        late = 0.0
        if from_on <= as_of:
            before = from_on - timedelta(days=1)
            then = _in_order(payments, before)
            at_first = _unused(then, spendings, share, eligible_eur, before)
            stood = next((one for of, one in zip(then, at_first, strict=True) if of is payment), payment.paid_eur)
            late = max(0.0, round(stood - left, 2))
        found.append(_use(payment, left, late, from_on, rule, as_of))
    return tuple(found)


def _in_order(payments: Sequence[Payment], until_on: date) -> list[Payment]:
    return sorted((one for one in payments if one.paid_on <= until_on), key=lambda one: (one.paid_on, one.key))


def _refunded(payment: Payment, on: date) -> float:
    is_back = payment.refunded_on is not None and payment.refunded_on <= on
    return min(payment.paid_eur, payment.refunded_eur) if is_back else 0.0


def _unused(
    payments: Sequence[Payment], spendings: Sequence[Spending], share: float, eligible_eur: float, on: date
) -> list[float]:
    """What is unused of each payment on a day, in the given order."""
    spent = min(eligible_eur, sum(one.amount_eur for one in spendings if one.paid_on <= on))
    left = round(spent * share, 2)
    found = []
    for payment in payments:
        there = round(payment.paid_eur - _refunded(payment, on), 2)
        used = min(there, left)
        left = round(left - used, 2)
        found.append(round(there - used, 2))
    return found


def _use(
    payment: Payment, unused_eur: float, late_eur: float, from_on: date, rule: InterestRule, as_of: date
) -> PaymentUse:
    refunded = _refunded(payment, as_of)
    checked_on = months_later(payment.paid_on, rule.checked_after_months)
    return PaymentUse(
        key=payment.key,
        paid_on=payment.paid_on,
        paid_eur=payment.paid_eur,
        used_eur=round(payment.paid_eur - refunded - unused_eur, 2),
        refunded_eur=refunded,
        unused_eur=unused_eur,
        late_eur=late_eur,
        month=running_month(payment.paid_on, as_of),
        interest_from_on=from_on,
        checked_on=checked_on,
        state=_state(unused_eur, from_on, checked_on, as_of),
    )


def _state(unused_eur: float, from_on: date, checked_on: date, as_of: date) -> PaymentState:
    if unused_eur == 0:
        return "used"
    if checked_on <= as_of:
        return "checked"
    return "costs_interest" if from_on <= as_of else "in_time"


def running_month(paid_on: date, as_of: date) -> int:
    """The running month since a payment: 1 on its day, 13 from the same day of the next year on."""
    months = (as_of.year - paid_on.year) * 12 + as_of.month - paid_on.month
    return months + 1 if months_later(paid_on, months) <= as_of else months
