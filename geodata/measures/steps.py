"""What of a proceeding is known on a date: its steps with their deadlines; pure.

- Facts of later days do not count yet: no step, no service, nothing that was met. Deadlines lie ahead.
- A deadline is what the letter states or both sides agreed; without either the clock of the step's kind gives it.
- It ends with `met_on`, else with the first step on or after its own day whose kind meets it. A step that prolongs an
  earlier deadline does so only while that one still runs; asked for later, it ends nothing.
- The deadline of an order rests while a court has the case and the order is recorded as not enforceable: its last day
  may pass without anything being late. The coercive step has a flag of its own and does not rest with it.
- What was still running when the proceeding was closed is no deadline any more; what had expired before stays expired.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from geodata.measures import clocks
from geodata.measures.clocks import State
from geodata.measures.kinds import MeasureKind, StepKind

_RUNNING: Final = ("open", "soon", "resting")
_ORDER: Final = "order"
IN_COURT: Final = ("action_pending", "suspended")


@dataclass(frozen=True)
class StepFact:
    """A step as it is recorded, whatever the date."""

    id: int
    key: str
    kind: str
    happened_on: date
    served_on: date | None = None
    due_on: date | None = None
    met_on: date | None = None
    amount_eur: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class Step:
    """A step as it stood on the as-of date.

    `due_on` is stated or by the rule (`is_due_by_rule`); `state` None = there is no deadline, or none any more.
    `met_on` is stated, or the day of the step that met it. `note` None also for who may not read free text.
    """

    id: int
    key: str
    kind: str
    happened_on: date
    served_on: date | None
    due_on: date | None
    is_due_by_rule: bool
    is_confirmed: bool
    met_on: date | None
    state: State | None
    amount_eur: float | None
    note: str | None
    legal_basis: str | None

    @property
    def is_running(self) -> bool:
        """Whether somebody still has to act: the deadline is not met."""
        return self.state in ("open", "soon", "expired", "resting")


def rests(*, is_order_enforceable: bool | None, court_status: str | None) -> bool:
    """Whether an order rests: a court has the case, and it is recorded that the order cannot be enforced."""
    return is_order_enforceable is False and court_status in IN_COURT


def resting_state(state: State, step_kind: str, *, is_resting: bool) -> State:
    """The state of a deadline in a proceeding that rests or not."""
    return "resting" if is_resting and step_kind == _ORDER and state == "expired" else state


def steps_at(
    facts: Iterable[StepFact],
    kind: MeasureKind | None,
    as_of: date,
    closed_on: date | None = None,
    *,
    is_resting: bool = False,
) -> tuple[Step, ...]:
    """The steps of one proceeding up to a date, in the order in which they happened.

    `closed_on` None or later than the date = the proceeding is open.
    """
    kinds, known = _known_at(facts, kind, as_of)
    met = _met(known, kinds, as_of)
    is_closed = closed_on is not None and closed_on <= as_of
    until = closed_on if is_closed and closed_on is not None else as_of
    found = []
    for fact in known:
        due_on, met_on = due_on_of(fact, known, kinds, as_of), met.get(fact.id)
        state = None if due_on is None else clocks.state_of(due_on, met_on, until)
        state = None if state is None else resting_state(state, fact.kind, is_resting=is_resting)
        state = None if is_closed and state in _RUNNING else state
        found.append(_step(fact, kind, kinds.get(fact.kind), as_of, due_on=due_on, met_on=met_on, state=state))
    return tuple(found)


def running_at(facts: Iterable[StepFact], kind: MeasureKind | None, as_of: date) -> tuple[tuple[StepFact, date], ...]:
    """The steps of an open proceeding whose deadlines are not met, each with its day: what a long list needs of it."""
    kinds, known = _known_at(facts, kind, as_of)
    met = _met(known, kinds, as_of)
    running = ((fact, due_on_of(fact, known, kinds, as_of)) for fact in known if fact.id not in met)
    return tuple((fact, due_on) for fact, due_on in running if due_on is not None)


def next_deadline(steps: Iterable[Step]) -> Step | None:
    """The step whose deadline comes first among those not met, expired ones included; those that rest come last."""
    running = [one for one in steps if one.is_running and one.due_on is not None]
    return min(running, key=lambda one: (one.state == "resting", one.due_on or date.max, one.id), default=None)


def due_on_of(fact: StepFact, known: Sequence[StepFact], kinds: Mapping[str, StepKind], as_of: date) -> date | None:
    """The deadline of a step: as stated, else by its clock; None where it has none."""
    if fact.due_on is not None:
        return fact.due_on
    kind = kinds.get(fact.kind)
    clock = kind.clock if kind else None
    if kind is None or clock is None:
        return None
    if kind.extends is not None:
        return _prolonged(fact, kind, known, kinds, as_of)
    starts_on = _start(fact, kind, as_of)
    return None if starts_on is None else clocks.deadline(starts_on, clock)


def _known_at(
    facts: Iterable[StepFact], kind: MeasureKind | None, as_of: date
) -> tuple[Mapping[str, StepKind], list[StepFact]]:
    kinds: Mapping[str, StepKind] = kind.by_code if kind else {}

    def place(fact: StepFact) -> tuple[date, int, int]:
        return fact.happened_on, kinds[fact.kind].sort if fact.kind in kinds else 0, fact.id

    return kinds, sorted((one for one in facts if one.happened_on <= as_of), key=place)


def _met(known: Sequence[StepFact], kinds: Mapping[str, StepKind], as_of: date) -> Mapping[int, date]:
    """On which day the deadline of each step was met, by its id; a stated day counts before what a later step says."""
    found = {fact.id: fact.met_on for fact in known if fact.met_on is not None and fact.met_on <= as_of}
    for one in known:
        meets = _meets(one, known, kinds, as_of)
        for fact in known if meets else ():
            if fact.kind in meets and fact.happened_on <= one.happened_on and fact.id != one.id:
                found.setdefault(fact.id, one.happened_on)
    return found


def _meets(one: StepFact, known: Sequence[StepFact], kinds: Mapping[str, StepKind], as_of: date) -> tuple[str, ...]:
    """The steps whose deadline this one ends; who asks for a longer one when it is over does not end it."""
    kind = kinds.get(one.kind)
    if kind is None:
        return ()
    if kind.extends is not None and due_on_of(one, known, kinds, as_of) is None:
        return tuple(code for code in kind.meets if code != kind.extends)
    return kind.meets


def _step(
    fact: StepFact,
    of: MeasureKind | None,
    kind: StepKind | None,
    as_of: date,
    *,
    due_on: date | None,
    met_on: date | None,
    state: State | None,
) -> Step:
    return Step(
        id=fact.id,
        key=fact.key,
        kind=fact.kind,
        happened_on=fact.happened_on,
        served_on=_known(fact.served_on, as_of),
        due_on=due_on,
        is_due_by_rule=due_on is not None and fact.due_on is None,
        is_confirmed=kind is not None and kind.is_confirmed and (of is None or of.is_confirmed),
        met_on=met_on,
        state=state,
        amount_eur=fact.amount_eur,
        note=fact.note,
        legal_basis=(kind.legal_basis if kind else None) or (of.legal_basis if of else None),
    )


def _start(fact: StepFact, kind: StepKind, as_of: date) -> date | None:
    """The day from which the clock counts; without a service no clock runs that counts from it."""
    return fact.happened_on if kind.clock_from == "happened_on" else _known(fact.served_on, as_of)


def _prolonged(
    fact: StepFact, kind: StepKind, known: Sequence[StepFact], kinds: Mapping[str, StepKind], as_of: date
) -> date | None:
    first = next((one for one in known if one.kind == kind.extends and one.happened_on <= fact.happened_on), None)
    due_on = None if first is None else due_on_of(first, known, kinds, as_of)
    if first is None or due_on is None or kind.clock is None or fact.happened_on > due_on:
        return None
    return clocks.deadline(_unmoved(first, kinds, as_of) or due_on, kind.clock)


def _unmoved(fact: StepFact, kinds: Mapping[str, StepKind], as_of: date) -> date | None:
    """The end of a period by its number alone; None where the deadline is stated."""
    kind = kinds[fact.kind]
    starts_on = _start(fact, kind, as_of)
    if fact.due_on is not None or kind.clock is None or starts_on is None:
        return None
    return clocks.period_end(starts_on, kind.clock)


def _known(day: date | None, as_of: date) -> date | None:
    return day if day is not None and day <= as_of else None
