"""What the forms show at first: the facts of a proceeding, of a step, of a cut, and the entries of their menus."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.money_input import write_amount
from dashboard.pages.verfahren import fields
from geodata.measures.kinds import MeasureKind, StepKind
from geodata.measures.reads import Measure, Step
from geodata.measures.steps import StepFact
from geodata.measures.supply import SupplyCut

Options = Mapping[str, Sequence[tuple[str, str]]]
_PLAIN = (
    "office", "file_reference", "opened_on", "follows_key", "is_order_enforceable", "is_coercion_enforceable",
    "final_on", "court_status", "court_since_on", "causes", "averted_until_on", "next_check_on", "note",
    "milder_means", "milder_means_note", "replacement_dwellings_offered", "replacement_households_offered",
    "decided_by", "decided_on",
)  # fmt: skip
_OF_CUT = (
    "utility", "reason", "announced_on", "planned_on", "cut_on", "restored_on", "dwellings_affected", "note",
)  # fmt: skip


def measure_values(one: Measure) -> dict[str, Any]:
    """A proceeding as the form of its change holds it."""
    values = {name: getattr(one, name) for name in _PLAIN}
    return values | {name: write_amount(getattr(one, name)) for name in fields.AMOUNTS}


def step_values(one: StepFact) -> dict[str, Any]:
    """A step as it is recorded, not as it is shown: a deadline by the rule is none that somebody stated."""
    names = ("kind", "happened_on", "served_on", "due_on", "met_on", "note")
    return {name: getattr(one, name) for name in names} | {"amount_eur": write_amount(one.amount_eur)}


def cut_values(one: SupplyCut) -> dict[str, Any]:
    """A cut as the form of its change holds it."""
    return {name: getattr(one, name) for name in _OF_CUT}


def step_options(kind: MeasureKind, done: Sequence[Step]) -> Options:
    """The steps of a kind: what can come next first, then the others in their usual order."""
    happened = {step.kind for step in done}
    following = [one for one in kind.steps if one.code not in happened and _can_follow(one, happened)]
    rest = [one for one in kind.steps if one not in following]
    return {"kind": [(one.code, code_label("measure_step", one.code)) for one in (*following, *rest)]}


def _can_follow(step: StepKind, happened: set[str]) -> bool:
    return bool(happened.intersection(step.comes_after)) if step.comes_after else not happened


def follows_options(others: Sequence[Measure]) -> Options:
    """The proceedings of the object to which another one can belong."""
    return {"follows_key": [(one.key, _name(one)) for one in others]}


def _name(one: Measure) -> str:
    kind = code_label("measure_kind", one.kind)
    return _("%(kind)s of %(day)s", kind=kind, day=format_date(one.opened_on))


def first_step_day(as_of: date, today: date) -> date:
    """The day that a form proposes: that of the page, but no later than today."""
    return min(as_of, today)
