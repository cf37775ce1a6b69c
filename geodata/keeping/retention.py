"""How long what is kept: every table belongs to a class of records, every class has a rule, `qm retention` applies it.

- The rules are data (`qm.retention_rule`); a period is a proposal until an office confirms it (`is_confirmed`).
- A class is a sweep: which rows are due, counted from what. Each class is one transaction with a proof (`qm.erasure`,
  kind `retention`) and an entry in the log; nothing runs by itself, a person or a timer of the operator starts it.
- Objects go as a whole, as `qm erase` does it, and deliveries do not bring them back. Single rows that a delivery still
  holds can come again with it and go with the next run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, text

from geodata import audit, records
from geodata.access import Asker
from geodata.calendar import months_later
from geodata.codes import CLOSING_STATES
from geodata.errors import UsageError
from geodata.keeping import erasing, erasure
from geodata.keeping.erasure_ledger import Ledger, key_hash, new_salt
from geodata.keeping.retention_sweeps import SWEEPS, Sweep
from geodata.tables import property_current, retention_rule

# The classes of the rows of every table; a row that more than one class names goes with the first that is due.
CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "qm.property": ("property", "property_unconfirmed"),
    "qm.property_version": ("property", "superseded_version"),
    "qm.property_address": ("property", "superseded_version"),
    "qm.status_event": ("property", "superseded_version"),
    "qm.assessment_event": ("property", "superseded_version"),
    "qm.assessment_report": ("property", "superseded_version"),
    "qm.demolition_stage": ("property", "superseded_version"),
    "qm.measure": ("property", "superseded_version"),
    "qm.measure_step": ("property", "superseded_version"),
    "qm.supply_cut": ("property", "superseded_version"),
    "qm.funding_grant": ("property", "superseded_version"),
    "qm.funding_call": ("property", "superseded_version"),
    "qm.funding_cost": ("property", "superseded_version"),
    "qm.closure": ("property", "superseded_version"),
    "qm.closure_event": ("property", "superseded_version"),
    "qm.dwelling_change": ("property", "superseded_version"),
    "qm.replacement_dwelling": ("reference", "superseded_version"),
    "qm.property_link": ("property", "superseded_version"),
    "qm.inspection": ("inspection", "property", "superseded_version"),
    "qm.inspection_round": ("person_count", "round", "superseded_version"),
    "qm.interval_release": ("property", "superseded_version"),
    "qm.note": ("note", "property", "superseded_version"),
    "qm.photograph": ("photograph_superseded", "photograph", "property"),
    "qm.watch": ("watch", "property"),
    "qm.round_plan": ("round_plan",),
    "qm.round_plan_stop": ("round_plan", "property"),
    "qm.round_plan_skip": ("round_plan", "property", "superseded_version"),
    "qm.scenario": ("scenario", "superseded_version"),
    "qm.edit": ("account_name", "property"),
    "qm.job": ("account_name",),
    "qm.delivery": ("account_name", "delivery"),
    "qm.rejected_row": ("rejected_row",),
    "qm.repair": ("delivery",),
    "owners.owner": ("former_owner", "superseded_version"),
    "owners.ownership": ("former_owner", "property", "superseded_version"),
    "qm.ended_session": ("session",),
    "qm.sign_in_attempt": ("session",),
    "qm.account": ("account",),
    "audit.entry": ("audit",),
    "audit.proof": ("erasure",),
    "audit.installation": ("reference",),
    "qm.erasure": ("erasure",),
    "published.publication": ("publication",),
    "published.area": ("publication",),
    "published.definition": ("publication",),
    "published.figure": ("publication",),
    "published.project": ("publication",),
    "published.source": ("publication",),
    "published.resolution": ("publication",),
    "published.scenario": ("publication",),
    "published.scenario_wish": ("publication",),
    "published.scenario_area": ("publication",),
    **dict.fromkeys(
        (
            "qm.municipality",
            "qm.area",
            "qm.area_kind",
            "qm.area_version",
            "qm.area_relation",
            "qm.address",
            "qm.context_feature",
            "qm.control_type",
            "qm.control_type_satisfies",
            "qm.interval_rule",
            "qm.resolution",
            "qm.funding_interest",
            "qm.funding_programme",
            "qm.assessment_colour",
            "qm.assessment_contribution",
            "qm.assessment_threshold",
            "qm.assessment_setting",
            "qm.demolition_stage_kind",
            "qm.measure_kind",
            "qm.measure_step_kind",
            "qm.housing_definition",
            "qm.retention_rule",
            "qm.erasure_reason",
            "qm.set_aside",
            "qm.alembic_version",
        ),
        ("reference",),
    ),
    **dict.fromkeys(
        (
            "qm.property_area",
            "qm.property_current",
            "qm.property_due",
            "qm.assessment_current",
            "qm.assessment_run",
            "qm.refresh",
            "qm.figure_cube",
            "qm.pair_cube",
            "qm.overdue_day",
            "qm.cell_count",
        ),
        ("derived",),
    ),
}
# What the program itself deletes as it goes; a longer period here would be a promise that nobody keeps.
KEPT_BY_PROGRAM: Final = ("rejected_row", "session")
UNCONFIRMED_STATES: Final = ("hint", "suspicion", "not_confirmed")
_BERLIN: Final = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Rule:
    """How long one class of records is kept; `kept` None = no period of its own."""

    record_class: str
    kept: int | None
    unit: str | None
    counted_from: str
    reason: str
    legal_basis: str | None
    is_confirmed: bool
    decided_by: str | None

    def before(self, today: date) -> date | None:
        """What was counted from before this day is due; None without a period."""
        return None if self.kept is None else _moved(today, -self.kept, str(self.unit))

    def end_of(self, counted_from: date) -> date | None:
        """The day on which something counted from that day may go at the earliest; None without a period."""
        return None if self.kept is None else _moved(counted_from, self.kept, str(self.unit))


@dataclass(frozen=True)
class Due:
    """How much of a class is due: rows (for objects: objects), the oldest date; None = not counted here."""

    rule: Rule
    rows: int | None
    oldest: date | None = None


@dataclass(frozen=True)
class Deletion:
    """When a property goes: `on`, or where that is open None, with the rule and what it is counted from."""

    on: date | None
    rule: Rule


def read_rules(connection: Connection) -> dict[str, Rule]:
    """All rules by class, in the order in which they are shown."""
    columns = retention_rule.c
    query = select(
        columns.record_class,
        columns.kept,
        columns.unit,
        columns.counted_from,
        columns.reason,
        columns.legal_basis,
        columns.is_confirmed,
        columns.decided_by,
    ).order_by(columns.sort)
    return {row.record_class: Rule(*row) for row in connection.execute(query)}


def change_rule(
    connection: Connection,
    record_class: str,
    kept: int,
    unit: str,
    *,
    decided_by: str,
    decided_on: date,
    basis: str | None = None,
) -> Rule:
    """Decide how long a class is kept, which confirms it; UsageError for a class that has no period to decide."""
    rules = read_rules(connection)
    if record_class not in rules:
        raise UsageError(f"There is no class {record_class}.", f"There are {', '.join(rules)}.")
    if rules[record_class].kept is None or record_class in KEPT_BY_PROGRAM:
        raise UsageError(f"The class {record_class} has no period that can be decided here.")
    statement = text(
        "UPDATE qm.retention_rule SET kept = :kept, unit = :unit, is_confirmed = true, decided_by = :by,"
        " decided_on = :on, legal_basis = coalesce(:basis, legal_basis) WHERE record_class = :record_class"
    )
    values = {"kept": kept, "unit": unit, "by": decided_by, "on": decided_on, "basis": basis}
    connection.execute(statement, {**values, "record_class": record_class})
    return read_rules(connection)[record_class]


def find_due(connection: Connection, today: date) -> tuple[Due, ...]:
    """What is due on a day, class by class; as loader, and nothing is changed."""
    return tuple(_due(connection, rule, today) for rule in read_rules(connection).values())


def apply(connection: Connection, rule: Rule, today: date, *, by: str, ledger: Ledger) -> Mapping[str, int]:
    """Delete what is due of one class, in the caller's transaction as loader; returns rows by table.

    Objects are erased one by one with a proof each; the caller commits at once.
    """
    before = rule.before(today)
    if before is None or rule.record_class in KEPT_BY_PROGRAM:
        return {}
    if rule.record_class == "audit":
        # The log writes its own proof and its own entry, and keeps 12 months whatever the rule says.
        found = audit.forget_before(connection, _midnight(before))
        return {"audit.entry": sum(found.values())} if any(found.values()) else {}
    if rule.record_class in ("property", "property_unconfirmed"):
        return _erase_properties(connection, rule, before, by=by, ledger=ledger)
    counts: dict[str, int] = {}
    for sweep in SWEEPS[rule.record_class]:
        for city, number in _sweep(connection, sweep, before).items():
            counts[sweep.table] = counts.get(sweep.table, 0) + number
            _prove(connection, city, rule, {sweep.table: number}, by=by)
    return counts


def deletion_of(asker: Asker, property_id: int) -> Deletion | None:
    """When a property goes at the earliest; None where the asker does not see it. Needs `plan:read`."""
    asker.require("plan:read")
    columns = property_current.c
    query = select(columns.state, columns.state_since_on, columns.closed_on).where(columns.property_id == property_id)
    found = asker.connection.execute(query).one_or_none()
    if found is None:
        return None
    rules = read_rules(asker.connection)
    if found.state in UNCONFIRMED_STATES and found.state_since_on is not None:
        rule = rules["property_unconfirmed"]
        return Deletion(rule.end_of(found.state_since_on), rule)
    rule = rules["property"]
    return Deletion(None if found.closed_on is None else rule.end_of(found.closed_on), rule)


def _due(connection: Connection, rule: Rule, today: date) -> Due:
    before = rule.before(today)
    if before is None or rule.record_class in KEPT_BY_PROGRAM:
        return Due(rule, None)
    if rule.record_class == "audit":
        return Due(rule, sum(audit.forget_before(connection, _midnight(before), dry_run=True).values()))
    if rule.record_class in ("property", "property_unconfirmed"):
        found = _due_properties(connection, rule, before)
        return Due(rule, len(found), min((one.since for one in found), default=None))
    rows, oldest = 0, []
    for sweep in SWEEPS[rule.record_class]:
        number, since = connection.execute(text(sweep.count), {"before": before}).one()
        rows += number
        oldest += [] if since is None else [since]
    return Due(rule, rows, min(oldest, default=None))


def _due_properties(connection: Connection, rule: Rule, before: date) -> list[Any]:
    columns = property_current.c
    since = columns.closed_on if rule.record_class == "property" else columns.state_since_on
    query = select(columns.property_id, columns.municipality, columns.register, columns.key, since.label("since"))
    # A hint that was "not confirmed" is closed, too; its own class is the shorter one.
    states = columns.state.in_(UNCONFIRMED_STATES)
    closed = columns.state.in_([state for state in CLOSING_STATES if state not in UNCONFIRMED_STATES])
    wanted = closed if rule.record_class == "property" else states
    return list(connection.execute(query.where(wanted, since < before).order_by(columns.property_id)))


def _erase_properties(connection: Connection, rule: Rule, before: date, *, by: str, ledger: Ledger) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in _due_properties(connection, rule, before):
        # With the records that were merged into it: without their link they would count again.
        target = erasure.find_property(connection, one.municipality, one.register, one.key)
        erased = erasure.erase(connection, target, reason="retention", by=by, ledger=ledger)
        for name, number in erased.counts.items():
            counts[name] = counts.get(name, 0) + number
    return counts


def _sweep(connection: Connection, sweep: Sweep, before: date) -> dict[str, int]:
    """Run a sweep and derive what depends on it; returns the number of rows by municipality."""
    rows = connection.execute(text(sweep.statement), {"before": before}).all()
    counts: dict[str, int] = {}
    touched: dict[str, set[int]] = {}
    for row in rows:
        counts[row.municipality] = counts.get(row.municipality, 0) + 1
        if sweep.is_derived_from and row.property_id is not None:
            touched.setdefault(row.municipality, set()).add(row.property_id)
    for city, property_ids in touched.items():
        records.lock_municipality(connection, city)
        erasure.refresh(connection, city, sorted(property_ids))
    if sweep.has_edits:
        erasing.delete_unused_edits(connection, {row.edit_id for row in rows if row.edit_id is not None})
    return counts


def _prove(connection: Connection, city: str, rule: Rule, counts: Mapping[str, int], *, by: str) -> None:
    salt, number = new_salt(), uuid4()
    proof = {
        "municipality": city,
        "number": number,
        "kind": "retention",
        "what": rule.record_class,
        "salt": salt,
        "key_hash": key_hash(salt, "retention", city, rule.record_class, str(number)),
        "counts": dict(counts),
        "reason": "retention",
        "legal_basis": rule.legal_basis,
        "erased_by": by,
        "erased_at": datetime.now(_BERLIN),
    }
    erasure.insert_proof(connection, proof)
    details: dict[str, str | int] = {"class": rule.record_class, **counts}
    audit.append(connection, audit.Entry("retention", city, by, f"erasure {number}", details))


def _moved(day: date, number: int, unit: str) -> date:
    """A date some days, months or years on or back; the 31st of a month without one is its last day."""
    if unit == "days":
        return date.fromordinal(day.toordinal() + number)
    return months_later(day, number * (12 if unit == "years" else 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _BERLIN)
