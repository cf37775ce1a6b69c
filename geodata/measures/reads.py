"""Reads of proceedings: the list of one filter, those of one property, and one with all its steps.

Rules that hold here:

- As-of: valid time with today's knowledge. A proceeding counts from `opened_on`; an end, a final date, a court status
  and a decision of a later day are not known yet. Deadlines, follow-ups and `averted_until_on` lie ahead.
- That an order can be enforced, that coercion can be, and that the order is final are three statements. None of them is
  derived from another, and none from a court action.
- Amount open = ordered - paid - recovered, where an amount was ordered; what is not stated counts as nothing.
- Which rows exist is decided by the row policies; free text needs `property:read_text`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Final, TypeVar

from sqlalchemy import RowMapping, and_, func, select

from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.measures import queries
from geodata.measures.kinds import PERMISSION, MeasureKind, StepKind, by_code, read_kinds
from geodata.measures.queries import MeasureWish, Sort, read_step_facts
from geodata.measures.steps import Step, StepFact, next_deadline, rests, running_at, steps_at
from geodata.properties import property_sources
from geodata.sources import Sources
from geodata.tables import measure

__all__ = [
    "PERMISSION",
    "Measure",
    "MeasureKind",
    "MeasureWish",
    "Sort",
    "Step",
    "StepKind",
    "count_measures",
    "read_kinds",
    "read_measure",
    "read_measures",
    "read_measures_of",
    "read_step_facts",
]

Thing = TypeVar("Thing")
EVERY: Final = MeasureWish()


@dataclass(frozen=True)
class Measure:
    """A proceeding as it stood on the as-of date; `legal_basis` and `is_confirmed` are those of its kind.

    `id` is the version in force, which a form sends back. `note` and `milder_means_note` are None for who may not
    read free text. `next_deadline` None = nothing runs.
    """

    id: int
    key: str
    property_id: int
    address: str
    property_key: str
    area_ids: tuple[int, ...]
    kind: str
    family: str
    office: str | None
    file_reference: str | None
    opened_on: date
    follows_key: str | None
    closed_on: date | None
    outcome: str | None
    is_order_enforceable: bool | None
    is_coercion_enforceable: bool | None
    final_on: date | None
    court_status: str | None
    court_since_on: date | None
    amount_ordered_eur: float | None
    amount_paid_eur: float | None
    amount_recovered_eur: float | None
    causes: tuple[str, ...]
    milder_means: tuple[str, ...]
    milder_means_note: str | None
    replacement_dwellings_offered: int | None
    replacement_households_offered: int | None
    decided_by: str | None
    decided_on: date | None
    averted_until_on: date | None
    next_check_on: date | None
    note: str | None
    steps: tuple[Step, ...]
    legal_basis: str | None
    is_confirmed: bool

    @property
    def is_open(self) -> bool:
        """Whether it had not ended on the as-of date."""
        return self.closed_on is None

    @property
    def next_deadline(self) -> Step | None:
        """The step whose deadline comes first among those not met, expired ones included."""
        return next_deadline(self.steps) if self.is_open else None

    @property
    def amount_open_eur(self) -> float | None:
        """What was ordered and neither paid nor recovered, never below nothing; None = nothing was ordered."""
        if self.amount_ordered_eur is None:
            return None
        left = self.amount_ordered_eur - (self.amount_paid_eur or 0.0) - (self.amount_recovered_eur or 0.0)
        return round(max(0.0, left), 2)


def read_measures(asker: Asker, chosen: PropertyFilter, wish: MeasureWish = EVERY) -> tuple[Measure, ...]:
    """The proceedings of the filter's properties at its as-of date, in a few queries however many there are."""
    asker.require(PERMISSION)
    sources = property_sources(asker, chosen)
    if wish.sort == "deadline" and wish.size is not None:
        return _read_by_deadline(asker, sources, chosen, wish)
    asked = queries.ordered(queries.listed(asker, sources, chosen, wish, COLUMNS), sources, wish)
    found = _built(asker, asker.connection.execute(asked).mappings().all(), sources.as_of)
    if wish.sort != "deadline":
        return tuple(found)
    return tuple(_by_deadline([(_next_on(one), one) for one in found], wish))


def count_measures(asker: Asker, chosen: PropertyFilter, wish: MeasureWish = EVERY) -> int:
    """How many proceedings `read_measures` would give without a part."""
    asker.require(PERMISSION)
    asked = queries.listed(asker, property_sources(asker, chosen), chosen, wish, ("id",)).subquery()
    return int(asker.connection.execute(select(func.count()).select_from(asked)).scalar_one())


def read_measures_of(asker: Asker, property_id: int, as_of: date) -> tuple[Measure, ...]:
    """The proceedings of one property at a date, open ones first, then the latest first."""
    asker.require(PERMISSION)
    sources = property_sources(asker, PropertyFilter(as_of=as_of), property_ids=[property_id])
    asked = queries.query(asker, sources, COLUMNS).where(measure.c.property_id == property_id)
    found = _built(asker, asker.connection.execute(asked).mappings().all(), as_of)
    return tuple(sorted(found, key=lambda one: (one.is_open, one.opened_on, one.id), reverse=True))


def read_measure(asker: Asker, key: str, as_of: date) -> Measure | None:
    """One proceeding by its key; None where the asker sees none, or it was not opened yet."""
    asker.require(PERMISSION)
    is_it = and_(*queries.in_force(asker), measure.c.key == key)
    property_id = asker.connection.execute(select(measure.c.property_id).where(is_it)).scalar_one_or_none()
    if property_id is None:
        return None
    return next((one for one in read_measures_of(asker, property_id, as_of) if one.key == key), None)


# --- by deadline ------------------------------------------------------------------------------------------------------


def _read_by_deadline(asker: Asker, sources: Sources, chosen: PropertyFilter, wish: MeasureWish) -> tuple[Measure, ...]:
    """A part of a list by deadline: few columns of all, steps of the open ones, and everything of the part only."""
    names = ("id", "key", "kind", "closed_on")
    asked = queries.ordered(queries.listed(asker, sources, chosen, wish, names), sources, wish)
    rows = asker.connection.execute(asked).mappings().all()
    as_of, kinds = sources.as_of, by_code(read_kinds(asker))
    is_open = {row["key"]: row["closed_on"] is None or row["closed_on"] > as_of for row in rows}
    facts = queries.read_step_facts(asker, [key for key, is_it in is_open.items() if is_it])
    days = [_first_due(facts.get(row["key"], ()), kinds.get(row["kind"]), as_of) for row in rows]
    ids = _by_deadline(list(zip(days, [row["id"] for row in rows], strict=True)), wish)
    places = {row_id: place for place, row_id in enumerate(ids)}
    wanted = queries.query(asker, sources, COLUMNS).where(measure.c.id.in_(places))
    found = _built(asker, asker.connection.execute(wanted).mappings().all(), as_of)
    return tuple(sorted(found, key=lambda one: places[one.id]))


def _next_on(one: Measure) -> date | None:
    return one.next_deadline.due_on if one.next_deadline else None


def _first_due(facts: Iterable[StepFact], kind: MeasureKind | None, as_of: date) -> date | None:
    return min((due_on for _, due_on in running_at(facts, kind, as_of)), default=None)


def _by_deadline(pairs: Sequence[tuple[date | None, Thing]], wish: MeasureWish) -> list[Thing]:
    """In the order of their days and the wished part of it; what has none stands last in both directions."""
    with_day = [(day, one) for day, one in pairs if day is not None]
    with_day.sort(key=itemgetter(0), reverse=wish.descending)
    found = [one for _, one in with_day] + [one for day, one in pairs if day is None]
    start = max(0, wish.start)
    return found[start : None if wish.size is None else start + max(0, wish.size)]


# --- from rows to proceedings -----------------------------------------------------------------------------------------

COLUMNS: Final = tuple(
    name
    for name in Measure.__dataclass_fields__
    if name not in {"address", "property_key", "area_ids", "family", "steps", "legal_basis", "is_confirmed"}
)
_AMOUNTS: Final = ("amount_ordered_eur", "amount_paid_eur", "amount_recovered_eur")
_LISTS: Final = ("causes", "milder_means", "area_ids")


def _built(asker: Asker, rows: Sequence[RowMapping], as_of: date) -> list[Measure]:
    kinds = by_code(read_kinds(asker))
    facts = queries.read_step_facts(asker, [row["key"] for row in rows])
    return [_measure(row, facts.get(row["key"], ()), kinds.get(row["kind"]), as_of) for row in rows]


def _measure(row: RowMapping, facts: Iterable[StepFact], kind: MeasureKind | None, as_of: date) -> Measure:
    values = dict(row)
    values |= {name: _number(row[name]) for name in _AMOUNTS}
    values |= {name: tuple(row[name]) for name in _LISTS}
    values |= {name: row.get(name) for name in queries.TEXTS}
    # What a later day brought is not known yet; the value that stood before it is not known any more.
    if _is_later(row["closed_on"], as_of):
        values |= {"closed_on": None, "outcome": None}
    if _is_later(row["final_on"], as_of):
        values["final_on"] = None
    if _is_later(row["court_since_on"], as_of):
        values |= {"court_status": None, "court_since_on": None}
    if _is_later(row["decided_on"], as_of):
        values |= {"decided_by": None, "decided_on": None}
    is_resting = rests(is_order_enforceable=values["is_order_enforceable"], court_status=values["court_status"])
    return Measure(**values, steps=steps_at(facts, kind, as_of, values["closed_on"], is_resting=is_resting))


def _is_later(day: date | None, as_of: date) -> bool:
    return day is not None and day > as_of


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
