"""What happened in the proceedings of one property and to its supply, as dated events with their history.

A step is an event of its day, the end of a proceeding one of its last day, and a cut of supply has up to three. Nothing
later than the as-of date counts. A version that only said something else of the same event is none of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import RowMapping, and_, select

from geodata.access import Asker
from geodata.facts import History, history_columns, history_of, successors, with_origin
from geodata.measures.kinds import PERMISSION
from geodata.tables import measure, measure_step, measure_step_kind, supply_cut

What = Literal["step", "closed", "announced", "cut", "restored"]
_OF_CUT: Final[Mapping[What, str]] = {"announced": "announced_on", "cut": "cut_on", "restored": "restored_on"}


@dataclass(frozen=True)
class MeasureEvent:
    """One event: `kind` is that of the proceeding, or the utility of a cut; `code` the step, or the outcome.

    `due_on` and `met_on` belong to a step: its deadline as stated, and when that was met.
    """

    what: What
    valid_on: date
    running_number: int
    kind: str
    code: str | None
    history: History
    served_on: date | None = None
    due_on: date | None = None
    met_on: date | None = None


def read_measure_events(asker: Asker, property_id: int, as_of: date) -> tuple[MeasureEvent, ...]:
    """Events up to the as-of date, the latest first; superseded versions are among them."""
    asker.require(PERMISSION)
    events = [*_steps(asker, property_id), *_ends(asker, property_id), *_cuts(asker, property_id)]
    known = [one for one in events if one.valid_on <= as_of]
    return tuple(sorted(known, key=lambda one: (one.valid_on, one.running_number), reverse=True))


def _steps(asker: Asker, property_id: int) -> list[MeasureEvent]:
    fact, of, kind = measure_step.c, measure.c, measure_step_kind.c
    is_its = and_(of.municipality == fact.municipality, of.key == fact.measure_key, of.superseded_at.is_(None))
    is_kind = and_(kind.measure_kind == of.kind, kind.code == fact.kind)
    joined = measure_step.join(measure, is_its).outerjoin(measure_step_kind, is_kind)
    names = ("kind", "happened_on", "served_on", "due_on", "met_on")
    query = (
        select(*history_columns(asker, measure_step), *(fact[name] for name in names), of.kind.label("of"), kind.sort)
        .select_from(with_origin(asker, measure_step, joined))
        .where(fact.property_id == property_id)
    )
    rows = asker.connection.execute(query).mappings().all()
    replaced_by = successors(rows)
    return [
        MeasureEvent(
            "step", row["happened_on"], row["sort"] or 0, row["of"], row["kind"], history_of(row, replaced_by),
            row["served_on"], row["due_on"], row["met_on"],
        )
        for row in rows
    ]  # fmt: skip


def _ends(asker: Asker, property_id: int) -> list[MeasureEvent]:
    rows = _rows(asker, measure, property_id, ("kind", "closed_on", "outcome"))
    replaced_by = successors(rows)
    # Behind all steps of its day.
    return [
        MeasureEvent("closed", row["closed_on"], 99, row["kind"], row["outcome"], _of(row, replaced_by, "closed"))
        for row in rows
        if row["closed_on"] is not None and not _is_repeated(row, rows, ("closed_on", "outcome"))
    ]


def _cuts(asker: Asker, property_id: int) -> list[MeasureEvent]:
    rows = _rows(asker, supply_cut, property_id, ("utility", *_OF_CUT.values()))
    replaced_by = successors(rows)
    return [
        MeasureEvent(what, row[column], place, row["utility"], None, _of(row, replaced_by, what))
        for row in rows
        for place, (what, column) in enumerate(_OF_CUT.items(), start=1)
        if row[column] is not None and not _is_repeated(row, rows, (column, "utility"))
    ]


def _rows(asker: Asker, table: Any, property_id: int, names: Sequence[str]) -> Sequence[RowMapping]:
    query = (
        select(*history_columns(asker, table), *(table.c[name] for name in names))
        .select_from(with_origin(asker, table))
        .where(table.c.property_id == property_id)
    )
    return asker.connection.execute(query).mappings().all()


def _of(row: RowMapping, replaced_by: Any, what: What) -> History:
    """The history of one of the events of a fact, whose versions are kept apart from the others."""
    history = history_of(row, replaced_by)
    return replace(history, key=f"{history.key}|{what}")


def _is_repeated(row: RowMapping, rows: Sequence[RowMapping], names: Sequence[str]) -> bool:
    """Whether the version in force of the same fact says the same of this event."""
    return row["superseded_at"] is not None and any(
        other["superseded_at"] is None
        and other["fact_key"] == row["fact_key"]
        and all(other[name] == row[name] for name in names)
        for other in rows
    )
