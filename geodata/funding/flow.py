"""Where the money is and what is at risk: sums over grants, and the days that matter of each one. Pure.

Rules:

- The sums are of granted money only; what is expected stands beside them (`expected_eur`).
- At risk is: granted money that was not called when the window for calls closes; paid money that nobody used, from the
  day on which it costs interest and again on the day of the check; what was paid while its proof of use is not sent;
  what was paid and would have to be given back if the purpose ended before the binding period does.
- With the proof of use sent nothing is called any more, and with the proof accepted no interest is asked.
- What has passed and is still open stays in the list, with negative days.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from geodata.calendar import months_later
from geodata.funding.grants import Grant

Risk = Literal["call_window", "interest", "proof_due", "binding"]


@dataclass(frozen=True)
class Clock:
    """A day that matters of a grant; `is_open` False: what it asks for is done, or nothing is left that it concerns.

    `since_on`: interest counts since; `call_key`: the call whose payment it is about. `is_confirmed` False: the rule
    behind it is data that nobody confirmed.
    """

    what: Risk
    on: date
    days_left: int
    amount_eur: float
    is_open: bool
    call_key: str | None = None
    since_on: date | None = None
    is_confirmed: bool = True


@dataclass(frozen=True)
class AtRisk:
    """Money that is at risk on a day; `days_left` negative = the day has passed."""

    grant_key: str
    programme: str
    title: str
    property_id: int | None
    address: str | None
    what: Risk
    on: date
    days_left: int
    amount_eur: float
    area_id: int | None = None
    call_key: str | None = None
    since_on: date | None = None
    is_confirmed: bool = True


@dataclass(frozen=True)
class Flow:
    """The money of one programme; `programme` None = all. `open_eur`: granted and not called yet."""

    programme: str | None
    grants: int
    eligible_eur: float
    granted_eur: float
    called_eur: float
    paid_eur: float
    spent_eur: float
    own_share_eur: float
    open_eur: float
    unused_eur: float
    refunded_eur: float
    not_eligible_eur: float
    expected: int
    expected_eur: float


def clocks(grant: Grant) -> tuple[Clock, ...]:
    """The days that matter of a grant, the earliest first."""
    return tuple(sorted(_clocks(grant), key=lambda one: (one.on, one.what, one.call_key or "")))


def at_risk(grants: Iterable[Grant], *, months: int) -> tuple[AtRisk, ...]:
    """What is at risk within these months after the as-of date, and what has passed and is open, by day."""
    found = [
        AtRisk(
            grant.key, grant.programme, grant.title, grant.property_id, grant.address, one.what, one.on, one.days_left,
            one.amount_eur, grant.area_id, one.call_key, one.since_on, one.is_confirmed,
        )
        for grant in grants
        for one in clocks(grant)
        if one.is_open and one.on <= months_later(grant.as_of, months)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.on, one.title.casefold(), one.grant_key, one.call_key or "")))


def risk_eur(found: Iterable[AtRisk]) -> float:
    """The sum of what is at risk, each euro once.

    What is not called yet and what was paid are different euros; what was paid and not used costs interest and needs
    its proof, too, so the larger of both counts. A binding period that ends is a day to know: what ends is the risk.
    """
    of_grant: dict[str, dict[Risk, float]] = {}
    for one in found:
        sums = of_grant.setdefault(one.grant_key, {})
        sums[one.what] = sums.get(one.what, 0.0) + one.amount_eur
    return round(
        sum(
            sums.get("call_window", 0.0) + max(sums.get("interest", 0.0), sums.get("proof_due", 0.0))
            for sums in of_grant.values()
        ),
        2,
    )


def flow(grants: Sequence[Grant]) -> tuple[Flow, ...]:
    """The sums of all grants first, then of each programme by its name."""
    programmes = sorted({one.programme for one in grants}, key=str.casefold)
    return (
        _summed(None, grants),
        *(_summed(name, [one for one in grants if one.programme == name]) for name in programmes),
    )


def _clocks(grant: Grant) -> Iterator[Clock]:
    if not grant.is_granted or grant.is_withdrawn:
        return
    is_sent = grant.state in ("proof_sent", "proven")
    if grant.call_until_on is not None:
        is_open = grant.open_eur > 0 and not is_sent
        yield _clock(grant, "call_window", grant.call_until_on, grant.open_eur, is_open=is_open)
    if grant.proof_due_on is not None:
        is_open = not is_sent and grant.paid_eur > 0
        yield _clock(grant, "proof_due", grant.proof_due_on, grant.paid_eur, is_open=is_open)
    if grant.binding_until_on is not None:
        is_open = grant.binding_until_on >= grant.as_of and grant.paid_eur > 0
        yield _clock(grant, "binding", grant.binding_until_on, grant.paid_eur, is_open=is_open)
    yield from _interest(grant)


def _interest(grant: Grant) -> Iterator[Clock]:
    is_settled = grant.state == "proven" and grant.proof_result == "accepted"
    for use in grant.uses:
        if use.next_on is None:
            continue
        yield Clock(
            "interest",
            use.next_on,
            (use.next_on - grant.as_of).days,
            use.unused_eur,
            not is_settled,
            use.key,
            None if use.state == "in_time" else use.interest_from_on,
            grant.rule.is_confirmed,
        )


def _clock(grant: Grant, what: Risk, on: date, amount_eur: float, *, is_open: bool) -> Clock:
    return Clock(what, on, (on - grant.as_of).days, amount_eur, is_open)


def _summed(programme: str | None, grants: Sequence[Grant]) -> Flow:
    granted = [one for one in grants if one.is_granted]
    expected = [one for one in grants if not one.is_granted]

    def of(name: str, of_what: Sequence[Grant] = granted) -> float:
        return round(sum(float(getattr(one, name)) for one in of_what), 2)

    return Flow(
        programme=programme,
        grants=len(granted),
        eligible_eur=of("eligible_eur"),
        granted_eur=of("granted_eur"),
        called_eur=of("called_eur"),
        paid_eur=of("paid_eur"),
        spent_eur=of("spent_eur"),
        own_share_eur=of("own_share_eur"),
        open_eur=of("open_eur"),
        unused_eur=of("unused_eur"),
        refunded_eur=of("refunded_eur"),
        not_eligible_eur=of("not_eligible_eur"),
        expected=len(expected),
        expected_eur=of("granted_eur", expected),
    )
