"""Where a property stands on the ladder of proceedings, what can come next, and why; pure.

The rungs are the families of kinds, the mildest first; talks and agreements go beside all others at any time. Rules:

- A rung is *current* while a proceeding of it is open, *done* when all of it are closed, *possible* when one of its
  kinds is among what can come next, else *later*.
- Next within an open proceeding come steps whose step before was taken. What a court does comes from outside and is
  not proposed; nor is a step that decides what another has decided, nor one that closes a house without safeguards.
- Coercion and a fine come after an order whose deadline has expired. Whether coercion is enforceable is a flag that the
  office states: stated as false, coercion is not proposed; not stated, the reason says so. No flag is concluded from
  another, or from a court action.
- A last resort is not proposed while a milder way is open: cooperation, an order and coercion must each have been tried
  and must have failed. What is not proposed can be opened all the same, by who answers for it.
- What somebody else begins (a sale, a plot given up) is not proposed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from geodata.codes import MEASURE_FAMILIES
from geodata.measures.kinds import MeasureKind, StepKind, by_code
from geodata.measures.reads import Measure
from geodata.measures.safeguards import CLOSING_STEPS, lacking_safeguards

RungState = Literal["done", "current", "possible", "later"]
# Why something can come next; the dashboard says it in words.
Why = Literal[
    "first_way", "beside", "after_step", "deadline_expired", "coercion_not_stated", "costs_open", "promise_broken",
    "milder_failed",
]  # fmt: skip
WHYS: Final[tuple[Why, ...]] = (
    "first_way", "beside", "after_step", "deadline_expired", "coercion_not_stated", "costs_open", "promise_broken",
    "milder_failed",
)  # fmt: skip
_FROM_OUTSIDE: Final = frozenset({"court_action", "court_decision", "final"})
_BEGUN_BY_OTHERS: Final = frozenset({"pre_emption", "ownerless"})
_SOLVED: Final = frozenset({"fulfilled", "amicable", "acquired", "carried_out", "averted"})


@dataclass(frozen=True)
class Rung:
    """A family with its proceedings at this property, the latest last; `kinds` are those of the family in data."""

    family: str
    state: RungState
    measure_keys: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class NextStep:
    """What can come next: a step of a proceeding, or a new one (`measure_key` None) that follows `follows_key`."""

    measure_key: str | None
    kind: str
    step_kind: str | None
    why: Why
    follows_key: str | None = None


@dataclass(frozen=True)
class Ladder:
    """The rungs in their order, and what can come next: steps of open proceedings first, then new ones."""

    rungs: tuple[Rung, ...]
    next_steps: tuple[NextStep, ...]


def ladder(measures: Iterable[Measure], kinds: Iterable[MeasureKind]) -> Ladder:
    """The ladder of one property from its proceedings as they stood on one date."""
    listed = sorted(measures, key=lambda one: (one.opened_on, one.id))
    known = by_code(kinds)
    steps = [step for one in listed if one.is_open for step in _steps_of(one, known.get(one.kind))]
    new = [one for kind in known.values() for one in _new(kind, listed, known)]
    next_steps = (*steps, *new)
    families = {known[one.kind].family for one in next_steps if one.kind in known}
    rungs = tuple(_rung(family, listed, known, is_next=family in families) for family in MEASURE_FAMILIES)
    return Ladder(rungs, next_steps)


def _rung(family: str, listed: Sequence[Measure], known: Mapping[str, MeasureKind], *, is_next: bool) -> Rung:
    own = [one for one in listed if one.family == family]
    state: RungState = "possible" if is_next else "later"
    if own:
        state = "current" if any(one.is_open for one in own) else "done"
    codes = tuple(kind.code for kind in known.values() if kind.family == family)
    return Rung(family, state, tuple(one.key for one in own), codes)


# --- steps of an open proceeding --------------------------------------------------------------------------------------


def _steps_of(one: Measure, kind: MeasureKind | None) -> list[NextStep]:
    if kind is None:
        return []
    taken = {step.kind for step in one.steps}
    reached = max((of.sort for of in kind.steps if of.code in taken - _FROM_OUTSIDE), default=0)
    is_barred = kind.needs_safeguards and bool(lacking_safeguards(_stated(one)))
    why: Why = "after_step" if taken else "first_way"
    if _is_expired(one):
        why = "deadline_expired"
    return [
        NextStep(one.key, one.kind, step.code, why)
        for step in kind.steps
        if step.sort > reached
        and step.code not in taken | _FROM_OUTSIDE
        and (bool(taken & set(step.comes_after)) if step.comes_after else not taken)
        and not _is_decided(step, kind, taken)
        and not (is_barred and step.code in CLOSING_STEPS)
    ]


def _is_decided(step: StepKind, kind: MeasureKind, taken: set[str]) -> bool:
    """Whether another step has ended the deadline of the law that this one would end."""
    by_law = {one.code for one in kind.steps if one.deadline_is == "by_law" and one.extends is None}
    ends = by_law & set(step.meets)
    others = (one for one in kind.steps if one.code in taken and one.extends is None)
    return any(ends & set(one.meets) for one in others)


def _stated(one: Measure) -> Mapping[str, object]:
    return {
        "milder_means": one.milder_means,
        "replacement_dwellings_offered": one.replacement_dwellings_offered,
        "replacement_households_offered": one.replacement_households_offered,
        "decided_by": one.decided_by,
    }


# --- new proceedings --------------------------------------------------------------------------------------------------


def _new(kind: MeasureKind, listed: Sequence[Measure], known: Mapping[str, MeasureKind]) -> list[NextStep]:
    """The proceedings of this kind that can begin now."""
    if kind.code in _BEGUN_BY_OTHERS or any(one.is_open and one.kind == kind.code for one in listed):
        return []
    if kind.is_last_resort and not _have_milder_failed(listed, known):
        return []
    before = [one for one in listed if one.kind in kind.follows]
    if kind.family == "cooperative":
        return _cooperative(kind, listed, before)
    if kind.family in ("coercion", "fine"):
        return [found for one in before if (found := _after_order(kind, one, listed)) is not None]
    if kind.family == "cost" or kind.code == "forced_sale":
        return _costs(kind, before, listed)
    if kind.family == "regulatory" and not kind.follows:
        is_broken = any(one.family == "cooperative" and _has_failed(one) for one in listed)
        is_running = any(one.family == "regulatory" and one.is_open for one in listed)
        return [] if is_running else [_begin(kind, "promise_broken" if is_broken else "first_way", None)]
    if kind.is_last_resort or kind.family == "regulatory":
        return [_begin(kind, "milder_failed", one.key) for one in before[-1:] if _has_failed(one)]
    return [_begin(kind, "beside", one.key) for one in before[-1:]]


def _cooperative(kind: MeasureKind, listed: Sequence[Measure], before: Sequence[Measure]) -> list[NextStep]:
    if not kind.follows:
        return [_begin(kind, "beside" if listed else "first_way", None)]
    return [_begin(kind, "beside", one.key) for one in before[-1:] if one.is_open]


def _after_order(kind: MeasureKind, order: Measure, listed: Sequence[Measure]) -> NextStep | None:
    """Coercion or a fine for an open order that was not followed, unless one of the family runs for it already."""
    is_order = order.family in ("regulatory", "closing")
    is_running = any(one.is_open and one.family == kind.family and one.follows_key == order.key for one in listed)
    if not is_order or not order.is_open or is_running or not _is_over(order, kind):
        return None
    if kind.family == "fine":
        return _begin(kind, "deadline_expired", order.key)
    if order.is_coercion_enforceable is False:
        return None
    is_stated = order.is_coercion_enforceable is True
    return _begin(kind, "deadline_expired" if is_stated else "coercion_not_stated", order.key)


def _is_over(order: Measure, kind: MeasureKind) -> bool:
    """Whether the time to follow an order is over; while that rests, only for coercion that may be enforced."""
    if kind.family == "coercion" and order.is_coercion_enforceable is True:
        return any(step.kind == "order" and step.state in ("expired", "resting") for step in order.steps)
    return _is_expired(order, "order")


def _costs(kind: MeasureKind, before: Sequence[Measure], listed: Sequence[Measure]) -> list[NextStep]:
    """The bill for what was carried out, and the sale for a bill that was not paid in time."""

    def is_due(one: Measure) -> bool:
        if kind.family == "cost":
            return one.outcome == "carried_out" or any(step.kind == "carrying_out" for step in one.steps)
        return bool(one.amount_open_eur) and _is_expired(one)

    followed = {one.follows_key for one in listed if one.kind == kind.code}
    return [_begin(kind, "costs_open", one.key) for one in before if one.key not in followed and is_due(one)]


def _begin(kind: MeasureKind, why: Why, follows_key: str | None) -> NextStep:
    return NextStep(None, kind.code, None, why, follows_key)


def _have_milder_failed(listed: Sequence[Measure], known: Mapping[str, MeasureKind]) -> bool:
    """Whether cooperation, an order and coercion were each tried, none of them runs, and none of them solved it."""
    for family in ("cooperative", "regulatory", "coercion"):
        own = [one for one in listed if one.family == family and not _is_last_resort(one, known)]
        if not own or not all(_has_failed(one) or _is_exhausted(one, listed) for one in own):
            return False
    return True


def _is_last_resort(one: Measure, known: Mapping[str, MeasureKind]) -> bool:
    return one.kind in known and known[one.kind].is_last_resort


def _is_exhausted(order: Measure, listed: Sequence[Measure]) -> bool:
    """Whether the coercion that was taken for an order has failed."""
    coercion = [one for one in listed if one.family == "coercion" and one.follows_key == order.key]
    return order.family == "regulatory" and bool(coercion) and all(_has_failed(one) for one in coercion)


def _has_failed(one: Measure) -> bool:
    """Whether it ended without a solution, or, of talks and agreements, what was promised is overdue."""
    if one.is_open:
        return one.family == "cooperative" and _is_expired(one)
    return one.outcome not in _SOLVED


def _is_expired(one: Measure, step_kind: str | None = None) -> bool:
    return any(step.state == "expired" and step_kind in (None, step.kind) for step in one.steps)
