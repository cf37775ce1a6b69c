"""What became of closed houses and of the households that had to leave them. Pure; households are counts.

- The outcome of a closed house is its latest event about the house itself up to the as-of date; without one it is
  still closed. A house that was pulled down stays pulled down.
- Every household is counted in one place: rehoused (in replacement housing), returned, moved elsewhere, or not known.
  All begin as not known; an event moves a number of them from where they were (`came_from`, not stated = not known).
- Where an event moves more households than there were, what is recorded counts and the place they came from is empty:
  no count is ever negative, and the contradiction is reported.
- Households may leave before the closing, since replacement housing comes first; the house is closed from its date on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Outcome = Literal["still_closed", "renovating", "reopened", "demolished"]
ContradictionCode = Literal["more_than_there", "before_closing", "after_demolition", "returned_while_closed"]

OUTCOME_OF: Final[dict[str, Outcome]] = {
    "renovation_began": "renovating",
    "reopened": "reopened",
    "demolished": "demolished",
}
PLACE_OF: Final = {
    "households_rehoused": "rehoused",
    "households_returned": "returned",
    "households_moved_elsewhere": "moved_elsewhere",
}
NOT_KNOWN: Final = "not_known"


@dataclass(frozen=True)
class ClosureEvent:
    """Something that happened to a closed house (`households` None) or to a number of its households.

    `key` None: it follows from a demolition that is recorded elsewhere, and nobody entered it here.
    """

    id: int
    key: str | None
    kind: str
    happened_on: date
    households: int | None = None
    came_from: str | None = None


@dataclass(frozen=True)
class Contradiction:
    """What cannot be: a code, and the event that says it."""

    code: ContradictionCode
    kind: str
    happened_on: date


@dataclass(frozen=True)
class Households:
    """Where the households of a closed house are; `affected` and `not_known` None = nobody wrote down how many."""

    affected: int | None
    rehoused: int
    returned: int
    moved_elsewhere: int
    not_known: int | None


@dataclass(frozen=True)
class Tracked:
    """A closed house on a date: what became of it and of its households, and what cannot be."""

    outcome: Outcome
    since_on: date
    households: Households
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True)
class Whereabouts:
    """Closed houses of a filter, and where their households are.

    Counts of households add up only over houses whose number is known (`closed_houses - houses_without_count`); None =
    of no house it is. A house that was closed twice counts twice, since its households had to leave twice.
    """

    closed_houses: int
    renovating: int
    reopened: int
    demolished: int
    still_closed: int
    households_affected: int | None
    rehoused: int | None
    returned: int | None
    moved_elsewhere: int | None
    not_known: int | None
    houses_without_count: int = 0
    contradictions: int = 0


def in_order(events: Iterable[ClosureEvent]) -> list[ClosureEvent]:
    """Events by day; of one day the house comes before its households, since they return to a house that is open."""
    return sorted(events, key=lambda one: (one.happened_on, one.kind in PLACE_OF, one.id))


def track(closed_on: date, affected: int | None, events: Iterable[ClosureEvent], as_of: date) -> Tracked:
    """What became of a house that was closed, by its events up to the as-of date."""
    known = in_order(one for one in events if one.happened_on <= as_of)
    found: list[Contradiction] = []
    outcome, since_on = _house(closed_on, known, found)
    households = _households(affected, known, found)
    return Tracked(outcome, since_on, households, tuple(found))


def add_up(tracked: Sequence[Tracked]) -> Whereabouts:
    """The closed houses of a filter together."""
    outcomes = [one.outcome for one in tracked]
    counted = [one.households for one in tracked if one.households.affected is not None]
    told = [one.households for one in tracked if _tells(one.households)]
    return Whereabouts(
        closed_houses=len(tracked),
        renovating=outcomes.count("renovating"),
        reopened=outcomes.count("reopened"),
        demolished=outcomes.count("demolished"),
        still_closed=outcomes.count("still_closed"),
        households_affected=sum(one.affected or 0 for one in counted) if counted else None,
        rehoused=sum(one.rehoused for one in told) if told else None,
        returned=sum(one.returned for one in told) if told else None,
        moved_elsewhere=sum(one.moved_elsewhere for one in told) if told else None,
        not_known=sum(one.not_known or 0 for one in counted) if counted else None,
        houses_without_count=len(tracked) - len(counted),
        contradictions=sum(len(one.contradictions) for one in tracked),
    )


def _tells(one: Households) -> bool:
    return one.affected is not None or one.rehoused + one.returned + one.moved_elsewhere > 0


def _house(closed_on: date, events: Sequence[ClosureEvent], found: list[Contradiction]) -> tuple[Outcome, date]:
    outcome: Outcome = "still_closed"
    since_on = closed_on
    for one in events:
        if one.kind not in OUTCOME_OF:
            continue
        if one.happened_on < closed_on:
            found.append(Contradiction("before_closing", one.kind, one.happened_on))
        elif outcome == "demolished":
            found.append(Contradiction("after_demolition", one.kind, one.happened_on))
        else:
            outcome, since_on = OUTCOME_OF[one.kind], one.happened_on
    return outcome, since_on


def _households(affected: int | None, events: Sequence[ClosureEvent], found: list[Contradiction]) -> Households:
    """Move households from place to place; without a number at the beginning, how many are not known stays open."""
    at: dict[str, int] = {"rehoused": 0, "returned": 0, "moved_elsewhere": 0, NOT_KNOWN: affected or 0}
    is_open = False
    for one in events:
        if one.kind in OUTCOME_OF:
            is_open = one.kind == "reopened"
        place = PLACE_OF.get(one.kind)
        if place is None:
            continue
        moved, source = one.households or 0, one.came_from or NOT_KNOWN
        is_unbounded = source == NOT_KNOWN and affected is None
        if moved > at[source] and not is_unbounded:
            found.append(Contradiction("more_than_there", one.kind, one.happened_on))
        if place == "returned" and not is_open and moved:
            found.append(Contradiction("returned_while_closed", one.kind, one.happened_on))
        at[source] = max(0, at[source] - moved)
        at[place] += moved
    not_known = None if affected is None else at[NOT_KNOWN]
    return Households(affected, at["rehoused"], at["returned"], at["moved_elsewhere"], not_known)
