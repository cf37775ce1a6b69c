"""What does not fit together in a grant, a call or a programme, as codes by field; for forms and deliveries. Pure.

Each field alone is right already. A value that is missing fits everything, except where another one asks for it.
"""

from collections.abc import Mapping
from typing import Any, Final

# Offices round a share to whole euros.
_ROUNDING_EUR: Final = 1


def problems_of_grant(grant: Mapping[str, Any]) -> dict[str, str]:
    """Problems of a grant by the names of its columns."""
    found: dict[str, str] = {}
    eligible, granted, share = grant["eligible_eur"], grant["granted_eur"], grant["share"]
    if eligible is not None and granted is not None:
        if granted > eligible:
            found["granted_eur"] = "over_eligible"
        elif share is not None and float(granted) > float(eligible) * float(share) + _ROUNDING_EUR:
            found["granted_eur"] = "over_share"
    for name in ("call_until_on", "binding_until_on", "proof_due_on", "proof_sent_on"):
        if _is_before(grant[name], grant["granted_on"]):
            found[name] = "before_grant"
    if grant["proof_result"] is not None and grant["proof_sent_on"] is None:
        found["proof_sent_on"] = "required"
    if grant["proof_sent_on"] is not None and grant["granted_on"] is None:
        found["granted_on"] = "required"
    if grant["goal_rating"] not in (None, "not_yet") and grant["goal"] is None:
        found["goal"] = "required"
    return found | problems_of_interest(grant)


def problems_of_interest(terms: Mapping[str, Any]) -> dict[str, str]:
    """Both months of the rule about interest are stated, or none."""
    pair = ("interest_from_month", "checked_after_months")
    missing = [name for name in pair if terms[name] is None]
    return {missing[0]: "required"} if len(missing) == 1 else {}


def problems_of_programme(programme: Mapping[str, Any]) -> dict[str, str]:
    """Problems of a programme by the names of its columns."""
    least, usual, most = (programme[name] for name in ("least_share", "usual_share", "most_share"))
    found: dict[str, str] = {}
    if least is not None and most is not None and least > most:
        found["most_share"] = "below_least"
    elif usual is not None and ((least is not None and usual < least) or (most is not None and usual > most)):
        found["usual_share"] = "beyond_bounds"
    return found | problems_of_interest(programme)


def problems_of_call(call: Mapping[str, Any]) -> dict[str, str]:
    """Problems of a call by the names of its columns."""
    found: dict[str, str] = {}
    for day, amount in (("paid_on", "paid_eur"), ("refunded_on", "refunded_eur")):
        if (call[day] is None) != (call[amount] is None):
            found[day if call[day] is None else amount] = "required"
    if _is_before(call["paid_on"], call["called_on"]):
        found["paid_on"] = "before_call"
    if _is_over(call["paid_eur"], call["amount_eur"]):
        found["paid_eur"] = "over_call"
    if call["refunded_on"] is not None and call["paid_on"] is None:
        found["paid_on"] = "required"
    if _is_before(call["refunded_on"], call["paid_on"]):
        found["refunded_on"] = "before_payment"
    if _is_over(call["refunded_eur"], call["paid_eur"]):
        found["refunded_eur"] = "over_payment"
    return found


def _is_before(day: Any, other: Any) -> bool:
    return day is not None and other is not None and day < other


def _is_over(amount: Any, most: Any) -> bool:
    return amount is not None and most is not None and amount > most
