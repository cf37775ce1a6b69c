"""Visits to one property and when it is due for the next; the counts of persons of a round are never read.

A visit is a versioned fact: `history` says which delivery brought it, and for a superseded row when and by which
delivery it was replaced. Dates are calendar dates in Europe/Berlin; nothing later than the as-of date is returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, RowMapping, ScalarSelect, Select, and_, cast, func, select

from geodata.access import Asker
from geodata.facts import History, history_columns, history_of, successors, with_origin
from geodata.intervals import Rule, Visit, failed_in_a_row
from geodata.tables import area_version, inspection, inspection_round, interval_rule, property_due


@dataclass(frozen=True)
class DueRule:
    """The rule that won for a type of control, as the reader of a page needs it; `area_name` None = the whole city."""

    key: str
    interval_days: int
    access_required: str
    access_required_if_empty: str | None
    use_type: str | None
    area_name: str | None
    is_statutory: bool
    legal_basis: str | None
    reason: str
    resolution: str | None
    decided_by: str | None
    valid_from: date


@dataclass(frozen=True)
class DueDate:
    """When a property is due for one type of control; `failed_visits` counts the latest failed visits in a row."""

    control_type: str
    due_on: date
    last_effective_on: date | None
    failed_visits: int
    rule: DueRule


@dataclass(frozen=True)
class RoundOfVisit:
    """The round of a visit as far as a case worker or manager may see it: no counts of persons."""

    key: str
    held_on: date
    kind: str
    offices: tuple[str, ...]
    place: str | None


@dataclass(frozen=True)
class InspectionOfProperty:
    """One visit: type of control, access reached, result and defects as delivered."""

    valid_on: date
    running_number: int
    control_type: str
    access_reached: str
    result: str
    defects: tuple[str, ...]
    round: RoundOfVisit | None
    history: History


def read_inspections(asker: Asker, property_id: int, as_of: date) -> tuple[InspectionOfProperty, ...]:
    """All visits of a property up to the as-of date, the latest first; superseded versions are among them."""
    asker.require("inspection:read")
    rows = asker.connection.execute(_query(asker, property_id, as_of)).mappings().all()
    replaced_by = successors(rows)
    return tuple(_inspection(row, history_of(row, replaced_by)) for row in rows)


def read_due_dates(
    asker: Asker, property_id: int, as_of: date, *, visits: Sequence[Visit], is_inhabited: bool | None
) -> tuple[DueDate, ...]:
    """Due date per type of control with the rule that wins, the most urgent first; closed properties have none.

    `visits` are the current visits up to the as-of date; from them follow the failed ones in a row.
    """
    asker.require("plan:read")
    rows = asker.connection.execute(_due_query(asker, property_id, as_of)).mappings().all()
    return tuple(_due_date(row, visits, is_inhabited=is_inhabited) for row in rows)


def _query(asker: Asker, property_id: int, as_of: date) -> Select[Any]:
    is_its_round = and_(
        inspection_round.c.municipality == inspection.c.municipality,
        inspection_round.c.key == inspection.c.round_key,
        inspection_round.c.superseded_at.is_(None),
    )
    columns = inspection_round.c
    return (
        select(
            *history_columns(asker, inspection),
            inspection.c.inspected_on,
            inspection.c.running_number,
            inspection.c.control_type,
            inspection.c.access_reached,
            inspection.c.result,
            inspection.c.defects,
            columns.key.label("round_key"),
            columns.held_on,
            columns.kind.label("round_kind"),
            columns.offices,
            columns.place,
        )
        .select_from(with_origin(asker, inspection, inspection.outerjoin(inspection_round, is_its_round)))
        .where(inspection.c.property_id == property_id, inspection.c.inspected_on <= as_of)
        .order_by(inspection.c.inspected_on.desc(), inspection.c.running_number.desc(), inspection.c.id.desc())
    )


def _inspection(row: RowMapping, history: History) -> InspectionOfProperty:
    return InspectionOfProperty(
        valid_on=row["inspected_on"],
        running_number=row["running_number"],
        control_type=row["control_type"],
        access_reached=row["access_reached"],
        result=row["result"],
        defects=tuple(row["defects"]),
        round=_round(row) if row["round_key"] is not None else None,
        history=history,
    )


def _round(row: RowMapping) -> RoundOfVisit:
    return RoundOfVisit(row["round_key"], row["held_on"], row["round_kind"], tuple(row["offices"]), row["place"])


def rule_area_name(as_of: date) -> ScalarSelect[Any]:
    """Name of the area of `interval_rule` on a date, else its latest; NULL for a rule of the whole city."""
    return (
        select(area_version.c.name)
        .where(area_version.c.area_id == interval_rule.c.area_id, area_version.c.superseded_at.is_(None))
        .order_by((area_version.c.valid_from <= as_of).desc(), area_version.c.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


_RULE_COLUMNS = tuple(field.name for field in fields(DueRule) if field.name != "area_name")


def _due_query(asker: Asker, property_id: int, as_of: date) -> Select[Any]:
    call = func.qm.due_at(asker.scope.municipality, as_of, cast([property_id], ARRAY(BigInteger)))
    due = call.table_valued(*(column.name for column in property_due.columns), name="due")
    rule = interval_rule.c
    return (
        select(
            due.c.control_type,
            due.c.due_on,
            due.c.last_effective_on,
            rule_area_name(as_of).label("area_name"),
            *(rule[name] for name in _RULE_COLUMNS),
        )
        .select_from(due)
        .join(interval_rule, rule.id == due.c.rule_id)
        .order_by(due.c.due_on, due.c.control_type)
    )


def _due_date(row: RowMapping, visits: Sequence[Visit], *, is_inhabited: bool | None) -> DueDate:
    won = DueRule(**{name: row[name] for name in _RULE_COLUMNS}, area_name=row["area_name"])
    rule = Rule(
        id=0,
        control_type=row["control_type"],
        interval_days=won.interval_days,
        access_required=won.access_required,
        access_required_if_empty=won.access_required_if_empty,
        valid_from=won.valid_from,
    )
    failed = failed_in_a_row(visits, rule, is_inhabited=is_inhabited)
    return DueDate(row["control_type"], row["due_on"], row["last_effective_on"], failed, won)
