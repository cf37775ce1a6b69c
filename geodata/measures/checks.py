"""What a proceeding, a step or a cut may say: the columns of a draft that makes sense, or all that is wrong with it.

Beside the codes of `geodata.edits.checks`: before_start (earlier than what it belongs to), closed (later than the end
of its proceeding), after_step (later than the first one), safeguards (a house is not closed without them).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import RowMapping

from geodata import codes
from geodata.edits.checks import Problems
from geodata.edits.order import Change
from geodata.measures.drafts import CutDraft, MeasureDraft, StepDraft
from geodata.measures.kinds import MeasureKind
from geodata.measures.safeguards import CLOSING_STEPS, lacking_safeguards

REFERENCE_LIMIT: Final = 100
BODY_LIMIT: Final = 120
NOTE_LIMIT: Final = 2_000
MOST_EUR: Final = 1_000_000_000
MOST_HOMES: Final = 5_000
_AMOUNTS: Final = ("amount_ordered_eur", "amount_paid_eur", "amount_recovered_eur")


def measure_row(change: Change, draft: MeasureDraft, kind: MeasureKind | None, others: Iterable[str]) -> dict[str, Any]:
    """The columns of a proceeding; `others` are the keys of the property's other proceedings."""
    problems = Problems(change.asker)
    texts = {
        "file_reference": problems.text("file_reference", draft.file_reference, REFERENCE_LIMIT),
        "decided_by": problems.text("decided_by", draft.decided_by, BODY_LIMIT),
        "milder_means_note": problems.text("milder_means_note", draft.milder_means_note, NOTE_LIMIT),
        "note": problems.text("note", draft.note, NOTE_LIMIT),
    }
    problems.code("kind", None if kind is None else kind.code, codes.MEASURE_KINDS, is_required=True)
    problems.code("office", draft.office, codes.OFFICES)
    problems.code("court_status", draft.court_status, codes.COURT_STATUSES)
    problems.code("follows_key", draft.follows_key, list(others))
    problems.codes("causes", draft.causes, codes.MEASURE_CAUSES)
    problems.codes("milder_means", draft.milder_means, codes.MILDER_MEANS)
    for name in ("replacement_dwellings_offered", "replacement_households_offered"):
        problems.number(name, getattr(draft, name), 0, MOST_HOMES)
    _check_days(problems, draft)
    _check_amounts(problems, {name: getattr(draft, name) for name in _AMOUNTS}, kind)
    row = {**asdict(draft), **texts, "causes": list(draft.causes), "milder_means": list(draft.milder_means)}
    if kind is not None and kind.needs_safeguards:
        for name in lacking_safeguards(row):
            problems.add(name, "safeguards")
    problems.raise_if_any()
    return row


def step_row(change: Change, draft: StepDraft, kind: MeasureKind | None, measure: RowMapping) -> dict[str, Any]:
    """The columns of a step of this proceeding."""
    problems = Problems(change.asker)
    note = problems.text("note", draft.note, NOTE_LIMIT)
    problems.code("kind", draft.kind or None, [one.code for one in kind.steps] if kind else [], is_required=True)
    problems.date("happened_on", draft.happened_on)
    problems.date("served_on", draft.served_on, is_required=False)
    problems.date("due_on", draft.due_on, is_required=False, is_plan=True)
    problems.date("met_on", draft.met_on, is_required=False)
    if _is_before(draft.happened_on, measure["opened_on"]):
        problems.add("happened_on", "before_start")
    if _is_before(measure["closed_on"], draft.happened_on):
        problems.add("happened_on", "closed")
    _not_before(problems, draft.happened_on, served_on=draft.served_on, due_on=draft.due_on, met_on=draft.met_on)
    _check_amounts(problems, {"amount_eur": draft.amount_eur}, kind)
    if kind is not None and kind.needs_safeguards and draft.kind in CLOSING_STEPS and lacking_safeguards(measure):
        problems.add("kind", "safeguards")
    problems.raise_if_any()
    return {**asdict(draft), "note": note}


def check_met(change: Change, step: RowMapping, met_on: date | None) -> None:
    """Refuse a day on which nothing can have been met yet.

    The step itself is as it was recorded: what no form would take today keeps nobody from saying that it was met.
    """
    problems = Problems(change.asker)
    problems.date("met_on", met_on)
    _not_before(problems, step["happened_on"], met_on=met_on)
    problems.raise_if_any()


def cut_row(change: Change, draft: CutDraft) -> dict[str, Any]:
    """The columns of a cut of supply."""
    problems = Problems(change.asker)
    note = problems.text("note", draft.note, NOTE_LIMIT)
    problems.code("utility", draft.utility or None, codes.UTILITIES, is_required=True)
    problems.code("reason", draft.reason or None, codes.CUT_REASONS, is_required=True)
    for name in ("announced_on", "cut_on", "restored_on"):
        problems.date(name, getattr(draft, name), is_required=False)
    problems.date("planned_on", draft.planned_on, is_required=False, is_plan=True)
    if draft.announced_on is None and draft.cut_on is None:
        problems.add("announced_on", "required")
    _not_before(problems, draft.announced_on, planned_on=draft.planned_on, cut_on=draft.cut_on)
    _not_before(problems, draft.cut_on or draft.announced_on, restored_on=draft.restored_on)
    problems.number("dwellings_affected", draft.dwellings_affected, 0, MOST_HOMES)
    problems.raise_if_any()
    return {**asdict(draft), "note": note}


def check_closing(change: Change, measure: RowMapping, last_on: date | None, closed_on: date | None,
                  outcome: str) -> None:  # fmt: skip
    """Refuse an end that comes before the beginning or before a step."""
    problems = Problems(change.asker)
    problems.date("closed_on", closed_on)
    problems.code("outcome", outcome or None, codes.MEASURE_OUTCOMES, is_required=True)
    if measure["closed_on"] is not None:
        problems.add("form", "closed")
    if _is_before(closed_on, measure["opened_on"]) or _is_before(closed_on, last_on):
        problems.add("closed_on", "before_start")
    problems.raise_if_any()


def _check_days(problems: Problems, draft: MeasureDraft) -> None:
    problems.date("opened_on", draft.opened_on)
    for name in ("final_on", "court_since_on", "decided_on"):
        problems.date(name, getattr(draft, name), is_required=False)
    for name in ("averted_until_on", "next_check_on"):
        problems.date(name, getattr(draft, name), is_required=False, is_plan=True)
    _not_before(
        problems, draft.opened_on, final_on=draft.final_on, court_since_on=draft.court_since_on,
        averted_until_on=draft.averted_until_on,
    )  # fmt: skip


def _check_amounts(problems: Problems, amounts: Mapping[str, float | None], kind: MeasureKind | None) -> None:
    limit = kind.amount_limit_eur if kind is not None else None
    for name, amount in amounts.items():
        if amount is not None and not 0 <= amount <= (MOST_EUR if limit is None else limit):
            problems.add(name, "out_of_range")


def _not_before(problems: Problems, start_on: date | None, **days: date | None) -> None:
    for name, day in days.items():
        if _is_before(day, start_on):
            problems.add(name, "before_start")


def _is_before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other
