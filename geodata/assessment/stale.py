"""Which assessments are out of date: those of the properties that something was learnt of since the last run, or whose
facts have become too old or have come into force by then.

Every edit and every delivery takes its moment under the lock of the municipality, so all that is older than a moment
taken under that lock is committed. A run notes such a moment; what is recorded or superseded from then on is new to it.
Changed values and rules concern all properties, and so does a date that went back.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Date, Row, Table, or_, select, text, union

from geodata import records
from geodata.assessment.rule import KNOWN, Values
from geodata.assessment.values import values_of
from geodata.tables import (
    area_version,
    assessment_event,
    assessment_setting,
    closure,
    closure_event,
    demolition_stage,
    funding_grant,
    inspection,
    interval_release,
    interval_rule,
    measure,
    property_link,
    property_version,
    status_event,
    supply_cut,
)

# Rises when the rule or what it reads changes: what an older program computed is computed anew at start. So is what an
# older derivation of states and due dates gave.
VERSION: Final = 200 + records.DERIVATION
# What an assessment follows from, with the state and the due dates of the property.
_FACTS: Final = (
    property_version,
    status_event,
    assessment_event,
    inspection,
    interval_release,
    demolition_stage,
    measure,
    supply_cut,
    closure,
    closure_event,
    funding_grant,
    property_link,
)
# What concerns properties without naming them.
_COMMON: Final = (interval_rule, area_version)
# A table and which of its rows.
_Rows = tuple[Table, ColumnElement[bool]]
_PROPERTIES: Final = ("property_id", "from_property_id", "to_property_id")


@dataclass(frozen=True)
class Mark:
    """Up to what a run counts: everything recorded before `moment`, as it is on `as_of`."""

    as_of: date
    moment: datetime
    delivery_mark: UUID
    last_edit_id: int


def is_quiet(connection: Connection, municipality: str) -> bool:
    """Whether nothing has come since the last run; a question of milliseconds, asked twice a minute."""
    run, now = _last_run(connection, municipality), mark_of(connection, municipality)
    return run is not None and now is not None and not run.has_new_rules and _is_same(run, now)


def mark_of(connection: Connection, municipality: str) -> Mark | None:
    """Up to what a run can count from now on; None before the first refresh. Call it under the lock."""
    row = connection.execute(text(_MARK), {"municipality": municipality}).one_or_none()
    return None if row is None else Mark(*row)


def is_in_force(connection: Connection, municipality: str, mark: Mark) -> bool:
    """Whether the date and the values are still those that a run with this mark has counted by."""
    same_date = records.derived_as_of(connection, municipality) == mark.as_of
    return same_date and not _is_any(connection, [_changed(assessment_setting, municipality, mark.moment)])


def touched(connection: Connection, municipality: str, mark: Mark) -> list[int]:
    """Properties that something was learnt of since the mark."""
    now = mark_of(connection, municipality)
    if now is not None and _is_same(now, mark):
        return []
    return _ids(connection, (_changed(table, municipality, mark.moment) for table in _FACTS))


def wanted(connection: Connection, municipality: str) -> list[int] | None:
    """The properties whose assessment is out of date; None = all of the city, an empty list = none."""
    run, now = _last_run(connection, municipality), mark_of(connection, municipality)
    if run is None or now is None or run.has_new_rules or now.as_of < run.as_of:
        return None
    if _is_same(run, now):
        return []
    if _is_common_changed(connection, municipality, run.run_at, run.as_of, now.as_of):
        return None
    found = set(_ids(connection, (_changed(table, municipality, run.run_at) for table in _FACTS)))
    if run.as_of < now.as_of:
        found.update(_ids(connection, (_dated(table, municipality, run.as_of, now.as_of) for table in _FACTS)))
        found.update(_aged(connection, municipality, run.as_of, now.as_of))
    return sorted(found)


def _last_run(connection: Connection, municipality: str) -> Row[Any] | None:
    return connection.execute(text(_RUN), {"municipality": municipality, "version": VERSION}).one_or_none()


def _is_same(one: Mark | Row[Any], other: Mark) -> bool:
    """Whether no delivery, edit or day lies between two marks."""
    names = ("as_of", "delivery_mark", "last_edit_id")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _is_common_changed(connection: Connection, municipality: str, since: datetime, before: date, as_of: date) -> bool:
    changed = [_changed(table, municipality, since) for table in (*_COMMON, assessment_setting)]
    dated = [_dated(table, municipality, before, as_of) for table in _COMMON] if before < as_of else []
    return _is_any(connection, [*changed, *dated])


def _aged(connection: Connection, municipality: str, before: date, as_of: date) -> list[int]:
    """Properties of which something became too old, or a control overdue, from one date to the other."""
    values = values_of(connection, municipality).values
    days = {"judgement_days": values.thresholds["judgement_days"], "limits": json.dumps(_limits(values))}
    found = connection.execute(text(_AGED), {"municipality": municipality, "before": before, "as_of": as_of, **days})
    return list(found.scalars())


def _limits(values: Values) -> list[dict[str, Any]]:
    limits = [{"code": one.code, "days": one.max_age_days} for one in values.contributions if one.max_age_days]
    return [*limits, {"code": KNOWN, "days": values.thresholds["known_days"]}]


def _changed(table: Table, municipality: str, since: datetime) -> _Rows:
    columns = table.c
    is_new = (columns.municipality == municipality) & (
        (columns.recorded_at >= since) | (columns.superseded_at >= since)
    )
    # What the runs wrote themselves is no news.
    return table, is_new & columns.contributions.is_(None) if table is assessment_event else is_new


def _dated(table: Table, municipality: str, before: date, as_of: date) -> _Rows:
    """Rows in force with a date from the one to the other: something begins or ends with it."""
    dates = [column.between(before, as_of) for column in table.c if isinstance(column.type, Date)]
    columns = table.c
    return table, (columns.municipality == municipality) & columns.superseded_at.is_(None) & or_(*dates)


def _is_any(connection: Connection, found: Iterable[_Rows]) -> bool:
    queries = (select(select(table.c.id).where(condition).exists()) for table, condition in found)
    return any(connection.execute(query).scalar_one() for query in queries)


def _ids(connection: Connection, found: Iterable[_Rows]) -> list[int]:
    queries = [
        select(table.c[name].label("property_id")).where(condition)
        for table, condition in found
        for name in _PROPERTIES
        if name in table.c
    ]
    ids = union(*queries).subquery()
    return list(connection.execute(select(ids.c.property_id).where(ids.c.property_id.is_not(None))).scalars())


_RUN: Final = (
    "SELECT r.as_of, r.run_at, r.delivery_mark, r.last_edit_id, EXISTS (SELECT FROM qm.job AS j"
    " WHERE j.municipality = r.municipality AND j.kind = 'rules' AND j.finished_at >= r.run_at) AS has_new_rules"
    " FROM qm.assessment_run AS r WHERE r.municipality = :municipality AND r.version = :version"
)
_MARK: Final = (
    "SELECT f.as_of, clock_timestamp() AS moment,"
    " (SELECT CAST(md5(coalesce(string_agg(CAST(d.id AS text), ',' ORDER BY d.id), '')) AS uuid) FROM qm.delivery AS d"
    " WHERE d.municipality = f.municipality AND d.refused IS NULL AND d.withdrawn_at IS NULL) AS delivery_mark,"
    " (SELECT coalesce(max(e.id), 0) FROM qm.edit AS e WHERE e.municipality = f.municipality) AS last_edit_id"
    " FROM qm.refresh AS f WHERE f.municipality = :municipality"
)
# A fact counts until its age is reached, and a control is overdue from the day after it was due.
_AGED: Final = (
    "SELECT a.property_id FROM qm.assessment_current AS a WHERE a.municipality = :municipality"
    " AND (a.judged_on + CAST(:judgement_days AS integer) BETWEEN :before AND :as_of"
    " OR EXISTS (SELECT FROM jsonb_array_elements(a.facts) AS f"
    " INNER JOIN jsonb_to_recordset(CAST(:limits AS jsonb)) AS l (code text, days integer) ON l.code = f.value ->> 0"
    " WHERE CAST(f.value ->> 1 AS date) + l.days BETWEEN :before AND :as_of))"
    " UNION SELECT d.property_id FROM qm.property_due AS d"
    " WHERE d.municipality = :municipality AND d.due_on BETWEEN :before AND :as_of"
)
