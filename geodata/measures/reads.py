"""Reads of proceedings: the list of one filter, those of one property, and one with all its steps.

Rules that hold here:

- As-of: valid time with today's knowledge. A proceeding counts from `opened_on`; an end, a final date, a court status
  and a decision of a later day are not known yet. Deadlines, follow-ups and `averted_until_on` lie ahead.
- That an order can be enforced, that coercion can be, and that the order is final are three statements. None of them is
  derived from another, and none from a court action.
- Amount open = ordered - paid - recovered, where an amount was ordered; what is not stated counts as nothing.
- Which rows exist is decided by the row policies; free text needs `property:read_text`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Final, Literal

from sqlalchemy import ARRAY, ColumnElement, RowMapping, Select, Text, and_, any_, bindparam, func, or_, select

from geodata.access import Asker
from geodata.codes import MEASURE_FAMILIES
from geodata.filters import PropertyFilter
from geodata.masking import TEXT_PERMISSION
from geodata.measures.kinds import PERMISSION, MeasureKind, StepKind, by_code, read_kinds
from geodata.measures.steps import Step, StepFact, next_deadline, steps_at
from geodata.properties import property_sources
from geodata.sources import Sources
from geodata.tables import measure, measure_kind, measure_step

__all__ = [
    "PERMISSION",
    "SORTS",
    "Measure",
    "MeasureKind",
    "MeasureWish",
    "Step",
    "StepKind",
    "count_measures",
    "read_kinds",
    "read_measure",
    "read_measures",
    "read_measures_of",
]

Sort = Literal[
    "deadline", "address", "kind", "family", "office", "opened_on", "closed_on", "final_on", "amount_open_eur"
]
IN_COURT: Final = ("action_pending", "suspended")


@dataclass(frozen=True)
class Measure:
    """A proceeding as it stood on the as-of date; `legal_basis` and `is_confirmed` are those of its kind.

    `version` is the row in force, which a form sends back. `note` and `milder_means_note` are None for who may not
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


@dataclass(frozen=True)
class MeasureWish:
    """Which proceedings, in which order, which part of them; every field empty = all.

    `court`: a court action is pending or enforcement suspended, or neither; None = both. `size` None = no end. What has
    no value stands last in both directions.
    """

    families: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    status: Literal["open", "closed"] | None = None
    court: bool | None = None
    sort: Sort = "deadline"
    descending: bool = False
    start: int = 0
    size: int | None = None


def read_measures(asker: Asker, chosen: PropertyFilter, wish: MeasureWish = MeasureWish()) -> tuple[Measure, ...]:
    """The proceedings of the filter's properties at its as-of date, in three queries however many there are."""
    asker.require(PERMISSION)
    sources = property_sources(asker, chosen)
    rows = asker.connection.execute(_listed(asker, sources, chosen, wish)).mappings().all()
    if wish.sort == "deadline":
        return tuple(_part(_ordered(_built(asker, rows, sources.as_of), wish), wish))
    # Another order needs no deadlines, so steps are read for the wished part only.
    plain = _ordered([_measure(row, (), None, sources.as_of) for row in rows], wish)
    wanted = {one.id: place for place, one in enumerate(_part(plain, wish))}
    built = _built(asker, [row for row in rows if row["id"] in wanted], sources.as_of)
    return tuple(sorted(built, key=lambda one: wanted[one.id]))


def count_measures(asker: Asker, chosen: PropertyFilter, wish: MeasureWish = MeasureWish()) -> int:
    """How many proceedings `read_measures` would give without a part."""
    asker.require(PERMISSION)
    listed = _listed(asker, property_sources(asker, chosen), chosen, wish).subquery()
    return int(asker.connection.execute(select(func.count()).select_from(listed)).scalar_one())


def read_measures_of(asker: Asker, property_id: int, as_of: date) -> tuple[Measure, ...]:
    """The proceedings of one property at a date, open ones first, then the latest first."""
    asker.require(PERMISSION)
    sources = property_sources(asker, PropertyFilter(as_of=as_of), property_ids=[property_id])
    query = _query(asker, sources).where(measure.c.property_id == property_id)
    found = _built(asker, asker.connection.execute(query).mappings().all(), as_of)
    return tuple(sorted(found, key=lambda one: (one.is_open, one.opened_on, one.id), reverse=True))


def read_measure(asker: Asker, key: str, as_of: date) -> Measure | None:
    """One proceeding by its key; None where the asker sees none, or it was not opened yet."""
    asker.require(PERMISSION)
    is_it = and_(*_in_force(asker), measure.c.key == key)
    property_id = asker.connection.execute(select(measure.c.property_id).where(is_it)).scalar_one_or_none()
    if property_id is None:
        return None
    return next((one for one in read_measures_of(asker, property_id, as_of) if one.key == key), None)


SORTS: Final[Mapping[str, Callable[[Measure], Any]]] = {
    "deadline": lambda one: one.next_deadline and one.next_deadline.due_on,
    "address": lambda one: one.address,
    "kind": lambda one: one.kind,
    "family": lambda one: MEASURE_FAMILIES.index(one.family),
    "office": lambda one: one.office,
    "opened_on": lambda one: one.opened_on,
    "closed_on": lambda one: one.closed_on,
    "final_on": lambda one: one.final_on,
    "amount_open_eur": lambda one: one.amount_open_eur,
}


def _ordered(found: list[Measure], wish: MeasureWish) -> list[Measure]:
    value = SORTS[wish.sort]
    found.sort(key=lambda one: (one.address, one.property_id, one.opened_on, one.id))
    valued = [(value(one), one) for one in found]
    with_value = [pair for pair in valued if pair[0] is not None]
    with_value.sort(key=itemgetter(0), reverse=wish.descending)
    return [one for _, one in with_value] + [one for worth, one in valued if worth is None]


def _part(found: Sequence[Measure], wish: MeasureWish) -> Sequence[Measure]:
    start = max(0, wish.start)
    return found[start : None if wish.size is None else start + max(0, wish.size)]


# --- how it is asked --------------------------------------------------------------------------------------------------

_TEXTS: Final = ("note", "milder_means_note")
_PLAIN: Final = tuple(
    name
    for name in Measure.__dataclass_fields__
    if name not in {*_TEXTS, "address", "property_key", "area_ids", "family", "steps", "legal_basis", "is_confirmed"}
)
_AMOUNTS: Final = ("amount_ordered_eur", "amount_paid_eur", "amount_recovered_eur")
_LISTS: Final = ("causes", "milder_means", "area_ids")


def is_open_at(as_of: date) -> ColumnElement[bool]:
    """Condition: the proceeding had begun and not ended on the day."""
    return and_(measure.c.opened_on <= as_of, or_(measure.c.closed_on.is_(None), measure.c.closed_on > as_of))


def _in_force(asker: Asker) -> tuple[ColumnElement[bool], ...]:
    return measure.c.municipality == asker.scope.municipality, measure.c.superseded_at.is_(None)


def _query(asker: Asker, sources: Sources) -> Select[Any]:
    """One row per proceeding in force that had begun, with what it takes over from its property and its kind."""
    columns, kind = sources.properties.c, measure_kind.c
    texts = _TEXTS if asker.scope.allows(TEXT_PERMISSION) else ()
    return (
        select(
            *(measure.c[name] for name in (*_PLAIN, *texts)),
            func.coalesce(func.nullif(columns.address_text, ""), columns.key).label("address"),
            columns.key.label("property_key"),
            columns.area_ids,
            *(kind[name] for name in ("family", "legal_basis", "is_confirmed")),
        )
        .select_from(measure.join(measure_kind, kind.code == measure.c.kind))
        .join(sources.properties, columns.property_id == measure.c.property_id)
        .where(*_in_force(asker), measure.c.opened_on <= sources.as_of)
    )


def _listed(asker: Asker, sources: Sources, chosen: PropertyFilter, wish: MeasureWish) -> Select[Any]:
    as_of = sources.as_of
    is_open, in_court = is_open_at(as_of), _in_court(as_of)
    query = _query(asker, sources).where(*sources.where(chosen))
    for column, wanted in ((measure_kind.c.family, wish.families), (measure.c.kind, wish.kinds)):
        query = query.where(column.in_(wanted)) if wanted else query
    query = query.where(measure.c.office.in_(wish.offices)) if wish.offices else query
    query = query.where(is_open if wish.status == "open" else ~is_open) if wish.status else query
    return query if wish.court is None else query.where(in_court if wish.court else ~in_court)


def _in_court(as_of: date) -> ColumnElement[bool]:
    columns = measure.c
    is_known = or_(columns.court_since_on.is_(None), columns.court_since_on <= as_of)
    return and_(func.coalesce(columns.court_status, "none").in_(IN_COURT), is_known)


def _built(asker: Asker, rows: Sequence[RowMapping], as_of: date) -> list[Measure]:
    kinds = by_code(read_kinds(asker))
    facts = read_step_facts(asker, [row["key"] for row in rows])
    return [_measure(row, facts.get(row["key"], ()), kinds.get(row["kind"]), as_of) for row in rows]


def read_step_facts(asker: Asker, keys: Iterable[str]) -> Mapping[str, list[StepFact]]:
    """The steps in force of proceedings by their keys, whatever their dates."""
    columns = measure_step.c
    reads_text = asker.scope.allows(TEXT_PERMISSION)
    names = [name for name in StepFact.__dataclass_fields__ if name != "note" or reads_text]
    query = select(columns.measure_key, *(columns[name] for name in names)).where(
        columns.municipality == asker.scope.municipality,
        columns.superseded_at.is_(None),
        columns.measure_key == any_(bindparam("keys", list(keys), type_=ARRAY(Text))),
    )
    found: dict[str, list[StepFact]] = {}
    for key, *values in asker.connection.execute(query):
        known = dict(zip(names, values, strict=True))
        known["amount_eur"] = _number(known["amount_eur"])
        found.setdefault(key, []).append(StepFact(**known))
    return found


def _measure(row: RowMapping, facts: Iterable[StepFact], kind: MeasureKind | None, as_of: date) -> Measure:
    values = dict(row)
    values |= {name: _number(row[name]) for name in _AMOUNTS}
    values |= {name: tuple(row[name]) for name in _LISTS}
    values |= {name: row.get(name) for name in _TEXTS}
    # What a later day brought is not known yet; the value that stood before it is not known any more.
    if _is_later(row["closed_on"], as_of):
        values |= {"closed_on": None, "outcome": None}
    if _is_later(row["final_on"], as_of):
        values["final_on"] = None
    if _is_later(row["court_since_on"], as_of):
        values |= {"court_status": None, "court_since_on": None}
    if _is_later(row["decided_on"], as_of):
        values |= {"decided_by": None, "decided_on": None}
    return Measure(**values, steps=steps_at(facts, kind, as_of, values["closed_on"]))


def _is_later(day: date | None, as_of: date) -> bool:
    return day is not None and day > as_of


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
