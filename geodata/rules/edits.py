"""Edits of interval rules and releases: each is one edit (`edits/order.py`) with the permission `rule:write`.

A change of rules concerns every property, so due dates are derived by a job that the same transaction asks for; a
release concerns one property, which is derived at once. What a change makes of the rules is in `changes.py`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, NoReturn

from sqlalchemy import RowMapping, select, update

from geodata import codes, jobs
from geodata.access import Asker
from geodata.edits.checks import Problems
from geodata.edits.conflicts import who_brought
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, require_property, supersede
from geodata.errors import EditConflict, FieldChange, InvalidEdit
from geodata.rules.changes import Effect, effect_of
from geodata.rules.drafts import AddRule, EndRule, ReplaceRule, RuleChange, RuleDraft
from geodata.rules.stored import DRAFT_COLUMNS, read_stored
from geodata.rules.visits import clean_visits
from geodata.tables import area, edit, interval_release, interval_rule

PERMISSION: Final = "rule:write"
TEXT_LIMIT: Final = 2_000
LINE_LIMIT: Final = 300
# Twenty years: a rule that asks for less is none.
MOST_DAYS: Final = 7_305
MOST_CLEAN_VISITS: Final = 20


@dataclass(frozen=True)
class RuleEdited:
    """What became of a change of rules: the rule in force by it, and the job that derives the due dates."""

    edit_id: int
    rule_id: int
    job_id: int
    is_repeated: bool = False


def add_rule(asker: Asker, order: Order, draft: RuleDraft) -> RuleEdited:
    """Add a rule beside the others."""
    asker.require(PERMISSION)
    return _change_rules(asker, order, AddRule(_clean(draft)))


def replace_rule(asker: Asker, order: Order, rule_id: int, draft: RuleDraft) -> RuleEdited:
    """Put another rule in the place of one, from the first day of the draft on; see `changes.py`."""
    asker.require(PERMISSION)
    return _change_rules(asker, order, ReplaceRule(rule_id, _clean(draft)))


def end_rule(asker: Asker, order: Order, rule_id: int, *, ends_on: date) -> RuleEdited:
    """End a rule: from `ends_on` on it is no longer in force."""
    return _change_rules(asker, order, EndRule(rule_id, ends_on))


def release_property(
    asker: Asker, order: Order, property_id: int, rule_id: int, *, since_on: date, until_on: date | None
) -> Edited:
    """Release a property from a rule after clean visits: as many in a row as the rule says, else one."""
    found: list[str] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        _check_period(change, since_on, until_on)
        found.append(_released_rule(change, property_id, rule_id, since_on, until_on))
        return property_id

    def write(change: Change) -> None:
        reason = (order.reason or "").strip() or None
        row = {"key": change.fact_key(), "property_id": property_id, "rule_key": found[0], "reason": reason}
        append(change, interval_release, [{**row, "since_on": since_on, "until_on": until_on}])
        change.touched.add(property_id)

    return carry_out(asker, order, PERMISSION, check, write)


def end_release(asker: Asker, order: Order, release_id: int, *, ends_on: date) -> Edited:
    """End a release: from `ends_on` on the rule counts again. On its first day it is taken back as a whole."""
    found: list[RowMapping] = []

    def check(change: Change) -> int:
        row = _release(change, release_id)
        problems = Problems(change.asker)
        problems.date("ends_on", ends_on, is_plan=True)
        problems.raise_if_any()
        if ends_on < row["since_on"]:
            raise InvalidEdit({"ends_on": "before_start"})
        if ends_on == row["until_on"]:
            raise InvalidEdit({"ends_on": "unchanged"})
        if row["until_on"] is not None and row["until_on"] < ends_on:
            # A longer release is another decision, which asks for clean visits.
            raise InvalidEdit({"ends_on": "out_of_range"})
        found.append(row)
        return int(row["property_id"])

    def write(change: Change) -> None:
        row = found[0]
        supersede(change, interval_release, [release_id])
        if ends_on > row["since_on"]:
            names = ("key", "property_id", "rule_key", "since_on", "reason")
            append(change, interval_release, [{**{name: row[name] for name in names}, "until_on": ends_on}])
        change.touched.add(row["property_id"])

    return carry_out(asker, order, PERMISSION, check, write)


# --- rules ------------------------------------------------------------------------------------------------------------


def _change_rules(asker: Asker, order: Order, wanted: RuleChange) -> RuleEdited:
    effects: list[Effect] = []
    outcome: dict[str, int] = {}

    def check(change: Change) -> None:
        _check(change, wanted)
        effects.append(effect_of(wanted, read_stored(change.asker)))

    def write(change: Change) -> None:
        ids = _write(change, effects[0])
        outcome.update(rule=ids[-1], job=jobs.ask_for(asker, "rules", edit_id=change.edit_id, asked_at=change.moment))
        statement = update(edit).where(edit.c.id == change.edit_id).values(outcome=dict(outcome))
        change.asker.connection.execute(statement)

    done = carry_out(asker, order, PERMISSION, check, write)
    if done.is_repeated:
        query = select(edit.c.outcome).where(edit.c.id == done.edit_id)
        outcome.update(asker.connection.execute(query).scalar_one())
    return RuleEdited(done.edit_id, outcome["rule"], outcome["job"], is_repeated=done.is_repeated)


def _write(change: Change, effect: Effect) -> list[int]:
    if effect.superseded is not None:
        supersede(change, interval_rule, [effect.superseded.id])
    rows = [
        {**asdict(row.draft), "key": row.key or change.fact_key(number), "is_statutory": row.is_statutory}
        for number, row in enumerate(effect.appended)
    ]
    return append(change, interval_rule, rows)


def _check(change: Change, wanted: RuleChange) -> None:
    problems = Problems(change.asker)
    if not isinstance(wanted, AddRule):
        _require_current(change, wanted.rule_id, wanted.draft if isinstance(wanted, ReplaceRule) else None)
    if isinstance(wanted, EndRule):
        problems.date("ends_on", wanted.ends_on, is_plan=True)
    else:
        _check_draft(problems, change, wanted.draft)
    problems.raise_if_any()


def _check_draft(problems: Problems, change: Change, draft: RuleDraft) -> None:
    problems.code("control_type", draft.control_type or None, codes.CONTROL_TYPES, is_required=True)
    problems.code("use_type", draft.use_type, codes.USE_TYPES)
    problems.code("access_required", draft.access_required or None, codes.ACCESS_LEVELS[1:], is_required=True)
    problems.code("access_required_if_empty", draft.access_required_if_empty, codes.ACCESS_LEVELS[1:])
    problems.number("interval_days", draft.interval_days, 1, MOST_DAYS)
    problems.number("release_after_clean_visits", draft.release_after_clean_visits, 1, MOST_CLEAN_VISITS)
    problems.text("reason", draft.reason, TEXT_LIMIT, is_required=True)
    for name in ("legal_basis", "resolution", "decided_by"):
        problems.text(name, getattr(draft, name), LINE_LIMIT)
    problems.date("valid_from", draft.valid_from, is_plan=True)
    problems.date("valid_to", draft.valid_to, is_required=False, is_plan=True)
    if draft.valid_from is not None and draft.valid_to is not None and draft.valid_to <= draft.valid_from:
        problems.add("valid_to", "before_start")
    if draft.area_id is not None and not _is_area(change, draft.area_id):
        problems.add("area_id", "unknown")


def _is_area(change: Change, area_id: int) -> bool:
    query = select(area.c.id).where(area.c.id == area_id, area.c.municipality == change.municipality)
    return change.asker.connection.execute(query).one_or_none() is not None


def _require_current(change: Change, rule_id: int, yours: RuleDraft | None) -> None:
    """Refuse a rule of another city, and tell who replaced one that was in force when the form was opened."""
    rule = interval_rule.c
    query = select(rule.key, rule.superseded_at, *(rule[name] for name in DRAFT_COLUMNS)).where(
        rule.id == rule_id, rule.municipality == change.municipality
    )
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"rule": "unknown"})
    if row["superseded_at"] is not None:
        _tell_conflict(change, row, yours)


def _tell_conflict(change: Change, before: RowMapping, yours: RuleDraft | None) -> NoReturn:
    rule = interval_rule.c
    query = select(rule.id, *(rule[name] for name in DRAFT_COLUMNS)).where(
        rule.municipality == change.municipality, rule.key == before["key"], rule.superseded_at.is_(None)
    )
    now = change.asker.connection.execute(query).mappings().one_or_none()
    if now is None:
        raise InvalidEdit({"rule": "unknown"})
    by, at = who_brought(change, interval_rule, now["id"])
    changes = tuple(
        FieldChange(name, before[name], now[name], getattr(yours, name, None))
        for name in DRAFT_COLUMNS
        if before[name] != now[name]
    )
    raise EditConflict(by, at, changes, now["id"])


def _clean(draft: RuleDraft) -> RuleDraft:
    """Texts without blanks around them, nothing for empty ones."""
    optional = ("access_required_if_empty", "use_type", "legal_basis", "resolution", "decided_by")
    cleaned: dict[str, Any] = {name: _text(getattr(draft, name)) or None for name in optional}
    return replace(draft, reason=_text(draft.reason), **cleaned)


def _text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").strip()


# --- releases ---------------------------------------------------------------------------------------------------------


def _check_period(change: Change, since_on: date, until_on: date | None) -> None:
    problems = Problems(change.asker)
    problems.date("since_on", since_on, is_plan=True)
    problems.date("until_on", until_on, is_required=False, is_plan=True)
    if until_on is not None and since_on is not None and until_on <= since_on:
        problems.add("until_on", "before_start")
    problems.text("reason", change.order.reason, TEXT_LIMIT, is_required=True)
    problems.raise_if_any()


def _released_rule(change: Change, property_id: int, rule_id: int, since_on: date, until_on: date | None) -> str:
    """Key of the rule; refused for a statutory one, without the clean visits, or where a release holds already."""
    rule = next((one for one in read_stored(change.asker) if one.id == rule_id), None)
    if rule is None:
        raise InvalidEdit({"rule": "unknown"})
    if rule.is_statutory:
        raise InvalidEdit({"rule": "statutory_ends"})
    found = clean_visits(change.asker, property_id, rule)
    if found is None:
        raise InvalidEdit({"rule": "unknown"})
    if found < (rule.draft.release_after_clean_visits or 1):
        raise InvalidEdit({"rule": "no_clean_visits"})
    if any(_overlap(since_on, until_on, *period) for period in _periods(change, property_id, rule.key)):
        raise InvalidEdit({"since_on": "unchanged"})
    return rule.key


def _periods(change: Change, property_id: int, rule_key: str) -> Sequence[Any]:
    release = interval_release.c
    query = select(release.since_on, release.until_on).where(
        release.property_id == property_id, release.rule_key == rule_key, release.superseded_at.is_(None)
    )
    return change.asker.connection.execute(query).all()


def _overlap(since_on: date, until_on: date | None, other_since: date, other_until: date | None) -> bool:
    return (until_on is None or other_since < until_on) and (other_until is None or since_on < other_until)


def _release(change: Change, release_id: int) -> RowMapping:
    query = select(interval_release).where(
        interval_release.c.id == release_id,
        interval_release.c.municipality == change.municipality,
        interval_release.c.superseded_at.is_(None),
    )
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"release": "unknown"})
    return row
