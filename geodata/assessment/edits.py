"""What people enter about assessments: other values, reports that something is wrong, and decisions of these.

Values are never overwritten: what was set before stays in its past, and every computed assessment keeps the values that
it counted by. After a change all assessments are computed anew by a job.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import RowMapping, select

from geodata import codes, jobs
from geodata.access import Asker
from geodata.assessment.rule import AXES, LEVELS, Contribution, Values
from geodata.assessment.values import StatedValues, read_values
from geodata.calendar import today
from geodata.edits.checks import Problems
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, require_property, supersede
from geodata.errors import InvalidEdit
from geodata.tables import assessment_report, assessment_setting
from geodata.tables.assessments import MOST_DAYS, MOST_POINTS

WRITE: Final = "assessment:write"
REPORT: Final = "assessment:report"
NOTE_LIMIT: Final = 1_000


@dataclass(frozen=True)
class ValueDraft:
    """What a contribution counts (`value` points, `max_age_days`, `is_active`), or the value of a threshold."""

    value: int | None
    max_age_days: int | None = None
    is_active: bool = True


@dataclass(frozen=True)
class ReportDraft:
    """What is wrong: `contribution` None = the assessment as a whole."""

    contribution: str | None
    problem: str
    note: str | None = None


def set_value(asker: Asker, order: Order, key: str, draft: ValueDraft) -> Edited:
    """Set what a contribution counts, or a threshold; asks for the job that computes everything anew.

    `order.expected` is the `setting_id` that was shown, 0 where the proposal counted.
    """
    found: list[int] = []

    def check(change: Change) -> None:
        stated = read_values(change.asker)
        setting_id = check_value(change.asker, stated, key, draft)
        if order.expected not in (None, setting_id):
            raise InvalidEdit({"form": "changed_since"})
        found.append(setting_id)

    def write(change: Change) -> None:
        supersede(change, assessment_setting, [one for one in found if one])
        row = {"key": key, "value": draft.value, "max_age_days": draft.max_age_days, "is_active": draft.is_active}
        append(change, assessment_setting, [row])
        jobs.ask_for(change.asker, "assessment", edit_id=change.edit_id, asked_at=change.moment)

    return carry_out(asker, order, WRITE, check, write)


def check_value(asker: Asker, stated: StatedValues, key: str, draft: ValueDraft) -> int:
    """Refuse a value that makes no sense; returns the id of the setting that is in force, 0 for a proposal."""
    asker.require(WRITE)
    problems = Problems(asker)
    if draft.value is None:
        problems.add("value", "required")
    if key in codes.ASSESSMENT_CONTRIBUTIONS:
        problems.number("value", draft.value, -MOST_POINTS, MOST_POINTS)
        problems.number("max_age_days", draft.max_age_days, 1, MOST_DAYS)
    elif key in codes.ASSESSMENT_THRESHOLDS:
        problems.number("value", draft.value, 1, MOST_DAYS)
    else:
        raise InvalidEdit({"form": "not_in_scope"})
    problems.raise_if_any()
    wanted = changed(stated.values, key, draft)
    if not _is_rising(wanted):
        raise InvalidEdit({"value": "out_of_range"})
    if wanted == stated.values:
        raise InvalidEdit({"form": "unchanged"})
    every = {one.value.code: one.setting_id for one in stated.contributions}
    return (every | {one.code: one.setting_id for one in stated.thresholds})[key]


def changed(values: Values, key: str, draft: ValueDraft) -> Values:
    """The values with this one set."""
    value = draft.value or 0
    if key in values.thresholds:
        return replace(values, thresholds={**values.thresholds, key: value})

    def one(before: Contribution) -> Contribution:
        if before.code != key:
            return before
        return replace(before, points=value, max_age_days=draft.max_age_days, is_active=draft.is_active)

    return replace(values, contributions=tuple(one(before) for before in values.contributions))


def report(asker: Asker, order: Order, property_id: int, draft: ReportDraft) -> Edited:
    """Report that something in the assessment of a property is wrong."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        problems = Problems(change.asker)
        problems.code("contribution", draft.contribution, codes.ASSESSMENT_CONTRIBUTIONS)
        problems.code("problem", draft.problem or None, codes.REPORT_PROBLEMS, is_required=True)
        note = problems.text("note", draft.note, NOTE_LIMIT, is_required=draft.problem == "other")
        problems.raise_if_any()
        told = {"contribution": draft.contribution, "problem": draft.problem, "note": note}
        rows.append({**told, "property_id": property_id, "reported_on": today(), "state": "open"})
        return property_id

    def write(change: Change) -> None:
        append(change, assessment_report, [{**rows[0], "key": change.fact_key()}])

    return carry_out(asker, order, REPORT, check, write)


def decide(asker: Asker, order: Order, key: str, *, reason: str, note: str | None) -> Edited:
    """Accept or decline an open report; which of the two follows from the reason."""
    found: list[tuple[RowMapping, str | None]] = []

    def check(change: Change) -> int:
        row = _open_report(change, key)
        problems = Problems(change.asker)
        problems.code("reason", reason or None, codes.REPORT_REASONS, is_required=True)
        clean = problems.text("note", note, NOTE_LIMIT)
        problems.raise_if_any()
        if order.expected not in (None, row["id"]):
            raise InvalidEdit({"form": "changed_since"})
        found.append((row, clean))
        return int(row["property_id"])

    def write(change: Change) -> None:
        row, clean = found[0]
        kept = {name: row[name] for name in ("property_id", "key", "contribution", "problem", "note", "reported_on")}
        supersede(change, assessment_report, [row["id"]])
        state = "accepted" if reason in codes.ACCEPTED_REASONS else "declined"
        decided = {"state": state, "reason": reason, "decision_note": clean, "decided_on": today()}
        append(change, assessment_report, [{**kept, **decided}])

    return carry_out(asker, order, WRITE, check, write)


def _open_report(change: Change, key: str) -> RowMapping:
    columns = assessment_report.c
    query = select(assessment_report).where(
        columns.municipality == change.municipality, columns.key == key, columns.superseded_at.is_(None)
    )
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"form": "not_in_scope"})
    if row["state"] != "open":
        raise InvalidEdit({"form": "changed_since"})
    return row


def _is_rising(values: Values) -> bool:
    """A higher level never needs fewer points than a lower one."""
    levels: Mapping[str, tuple[int, ...]] = {axis: values.levels_from(axis) for axis in AXES}
    return all(several[level - 1] < several[level] for several in levels.values() for level in LEVELS[:-1])
