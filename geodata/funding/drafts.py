"""What forms state about programmes, grants, calls and costs, before it is checked."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ProgrammeDraft:
    """A programme as a form states it; shares from 0 to 1."""

    key: str
    funder: str
    usual_share: float | None = None
    least_share: float | None = None
    most_share: float | None = None
    interest_from_month: int | None = None
    checked_after_months: int | None = None
    is_interest_confirmed: bool = False
    source: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True)
class GrantDraft:
    """A grant as a form states it, without its proof of use; neither property nor area = the whole city."""

    programme: str
    title: str
    eligible_eur: float | None
    granted_eur: float | None
    share: float | None = None
    property_id: int | None = None
    project_key: str | None = None
    area_id: int | None = None
    file_reference: str | None = None
    expected_on: date | None = None
    granted_on: date | None = None
    call_until_on: date | None = None
    binding_until_on: date | None = None
    proof_due_on: date | None = None
    goal: str | None = None
    interest_from_month: int | None = None
    checked_after_months: int | None = None
    is_interest_confirmed: bool = False


@dataclass(frozen=True)
class CallDraft:
    """A call and what came of it."""

    called_on: date | None
    amount_eur: float | None
    paid_on: date | None = None
    paid_eur: float | None = None
    refunded_on: date | None = None
    refunded_eur: float | None = None


@dataclass(frozen=True)
class CostDraft:
    """Something that was bought; `paid_on` None = not paid yet."""

    category: str
    invoiced_on: date | None
    amount_eur: float | None
    paid_on: date | None = None
    is_eligible: bool = True
    project_key: str | None = None
