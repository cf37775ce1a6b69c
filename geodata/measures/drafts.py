"""What a form states of a proceeding, a step or a cut of supply, before it is checked; free of the database."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class MeasureDraft:
    """All facts of a proceeding but its end. `decided_by` names a function or a body, never a person."""

    kind: str
    opened_on: date | None
    office: str | None = None
    file_reference: str | None = None
    follows_key: str | None = None
    is_order_enforceable: bool | None = None
    is_coercion_enforceable: bool | None = None
    final_on: date | None = None
    court_status: str | None = None
    court_since_on: date | None = None
    amount_ordered_eur: float | None = None
    amount_paid_eur: float | None = None
    amount_recovered_eur: float | None = None
    causes: tuple[str, ...] = ()
    milder_means: tuple[str, ...] = ()
    milder_means_note: str | None = None
    replacement_dwellings_offered: int | None = None
    replacement_households_offered: int | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    averted_until_on: date | None = None
    next_check_on: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class StepDraft:
    """All facts of a step; `due_on` None = by the rule of its kind."""

    kind: str
    happened_on: date | None
    served_on: date | None = None
    due_on: date | None = None
    met_on: date | None = None
    amount_eur: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class CutDraft:
    """All facts of a cut of supply; it was announced or done at least."""

    utility: str
    reason: str
    announced_on: date | None = None
    planned_on: date | None = None
    cut_on: date | None = None
    restored_on: date | None = None
    dwellings_affected: int | None = None
    note: str | None = None
