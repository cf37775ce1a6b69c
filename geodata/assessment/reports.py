"""Reports that something in the assessment of a property is wrong, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.sql.elements import ColumnElement

from geodata.access import Asker
from geodata.assessment.values import PERMISSION
from geodata.masking import readable
from geodata.tables import assessment_report, edit, property_current


@dataclass(frozen=True)
class Report:
    """One report as it stands; words and who reported are for case workers only."""

    id: int
    key: str
    property_id: int
    property_key: str
    address: str
    contribution: str | None
    problem: str
    note: str | None
    reported_on: date
    reported_by: str | None
    state: str
    reason: str | None
    decision_note: str | None
    decided_on: date | None


def read_reports(asker: Asker, *, is_open: bool | None = None) -> tuple[Report, ...]:
    """The reports of the asker's properties, the oldest open ones first. Needs `proceeding:read`."""
    columns = assessment_report.c
    wanted = () if is_open is None else (columns.state == "open" if is_open else columns.state != "open",)
    return _read(asker, wanted)


def read_reports_of(asker: Asker, property_id: int) -> tuple[Report, ...]:
    """The reports of one property."""
    return _read(asker, (assessment_report.c.property_id == property_id,))


def read_report(asker: Asker, key: str) -> Report | None:
    """One report by its key; None where there is none in scope."""
    return next(iter(_read(asker, (assessment_report.c.key == key,))), None)


def _read(asker: Asker, wanted: Sequence[ColumnElement[bool]]) -> tuple[Report, ...]:
    asker.require(PERMISSION)
    rows = asker.connection.execute(_query(asker, wanted)).mappings().all()
    by = _reporters(asker, [row["key"] for row in rows]) if asker.scope.allows("assessment:write") else {}
    return tuple(_report(row, by.get(row["key"])) for row in rows)


def _query(asker: Asker, wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    columns, named = assessment_report.c, property_current.c
    plain = ("id", "key", "property_id", "contribution", "problem", "reported_on", "state", "reason", "decided_on")
    return (
        select(
            *(columns[name] for name in plain),
            readable(asker, columns.note),
            readable(asker, columns.decision_note),
            named.key.label("property_key"),
            named.address_text.label("address"),
        )
        .join_from(assessment_report, property_current, named.property_id == columns.property_id)
        .where(columns.municipality == asker.scope.municipality, columns.superseded_at.is_(None), *wanted)
        .order_by(columns.state != "open", columns.reported_on, columns.key)
    )


def _reporters(asker: Asker, keys: Sequence[str]) -> dict[str, str]:
    """Who reported: the account of the first version, for it is the decision's account that stands beside the last."""
    columns = assessment_report.c
    query = (
        select(columns.key, edit.c.account_name)
        .join_from(assessment_report, edit, edit.c.id == columns.edit_id)
        .where(columns.municipality == asker.scope.municipality, columns.key.in_(keys), columns.state == "open")
    )
    return {row.key: row.account_name for row in asker.connection.execute(query)}


def _report(row: RowMapping, by: str | None) -> Report:
    named = {name: row[name] for name in Report.__dataclass_fields__ if name != "reported_by"}
    return Report(**named | {"address": row["address"] or row["property_key"]}, reported_by=by)
