"""What a change of the rules makes of them: which rows take the place of which; pure, for edits and previews alike.

Rules:

- What was in force before a change stays as it was. A rule that is replaced *from a later day on* ends on that day and
  the new one begins, under a key of its own: a release from the old rule was a decision about that rule. A rule that is
  replaced *from its own first day on* is corrected: it keeps its key, and with it the releases.
- A statutory rule cannot be lengthened, narrowed (another type, area or use type, less access) or ended, unless another
  statutory rule that is at least as strict is in force from that day on. A shorter interval is allowed.
- A rule that is there already, word for word, is not added again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geodata.errors import InvalidEdit
from geodata.intervals import ACCESS_RANK
from geodata.rules.drafts import AddRule, EndRule, ReplaceRule, RuleChange, RuleDraft


@dataclass(frozen=True)
class StoredRule:
    """A rule in force or to come: the row, its business key, and the id of the first version under that key."""

    id: int
    key: str
    first_id: int
    is_statutory: bool
    draft: RuleDraft


@dataclass(frozen=True)
class NewRow:
    """A row to append; `key` None = a key of its own."""

    key: str | None
    draft: RuleDraft
    is_statutory: bool = False


@dataclass(frozen=True)
class Effect:
    """What a change does: the rule that is superseded, if one is, and the rows that are appended, the main one last."""

    superseded: StoredRule | None
    appended: tuple[NewRow, ...]


def effect_of(change: RuleChange, rules: Sequence[StoredRule]) -> Effect:
    """The rows before and after; InvalidEdit for a rule that there is not, and for what the rules above forbid."""
    if isinstance(change, AddRule):
        # A form that is sent again under another number would add the same rule twice.
        if any(one.draft == change.draft for one in rules):
            raise InvalidEdit({"interval_days": "exists"})
        return Effect(None, (NewRow(None, change.draft),))
    old = next((one for one in rules if one.id == change.rule_id), None)
    if old is None:
        raise InvalidEdit({"rule": "unknown"})
    effect = _ended(old, change.ends_on) if isinstance(change, EndRule) else _replaced(old, change)
    if old.is_statutory:
        problems = _against_the_law(old, change, [one for one in rules if one.id != old.id])
        if problems:
            raise InvalidEdit(problems)
    return effect


def effect_day(change: RuleChange) -> date:
    """First day on which anything can be different."""
    return change.ends_on if isinstance(change, EndRule) else change.draft.valid_from


def after(effect: Effect, rules: Iterable[StoredRule], new_id: int) -> list[StoredRule]:
    """The rules as the effect leaves them; rows with keys of their own are counted from `new_id`."""
    left = [one for one in rules if effect.superseded is None or one.id != effect.superseded.id]
    for number, row in enumerate(effect.appended, start=new_id):
        old = effect.superseded
        first_id = old.first_id if old is not None and row.key == old.key else number
        left.append(StoredRule(number, row.key or f"new:{number}", first_id, row.is_statutory, row.draft))
    return left


def is_at_least_as_strict(one: RuleDraft, other: RuleDraft) -> bool:
    """Whether `one` asks of every property of `other` the same control, as often or oftener, with as much access."""
    return not _laxer_fields(one, other)


def _ended(old: StoredRule, ends_on: date) -> Effect:
    if ends_on <= old.draft.valid_from:
        raise InvalidEdit({"ends_on": "before_start"})
    if ends_on == old.draft.valid_to:
        raise InvalidEdit({"ends_on": "unchanged"})
    if old.draft.valid_to is not None and old.draft.valid_to < ends_on:
        # It is over by then: an end can come earlier, but nobody brings a rule back, and with it days gone by, by this.
        raise InvalidEdit({"ends_on": "out_of_range"})
    return Effect(old, (NewRow(old.key, replace(old.draft, valid_to=ends_on), old.is_statutory),))


def _replaced(old: StoredRule, change: ReplaceRule) -> Effect:
    new = change.draft
    if new == old.draft:
        raise InvalidEdit({"interval_days": "unchanged"})
    if new.valid_from < old.draft.valid_from:
        raise InvalidEdit({"valid_from": "before_start"})
    if new.valid_from == old.draft.valid_from:
        return Effect(old, (NewRow(old.key, new, old.is_statutory),))
    if old.draft.valid_to is not None and old.draft.valid_to <= new.valid_from:
        # It is over by then: there would be nothing in whose place the new one could stand.
        raise InvalidEdit({"valid_from": "out_of_range"})
    ended = NewRow(old.key, replace(old.draft, valid_to=new.valid_from), old.is_statutory)
    return Effect(old, (ended, NewRow(None, new, old.is_statutory)))


def _against_the_law(old: StoredRule, change: ReplaceRule | EndRule, others: Sequence[StoredRule]) -> dict[str, str]:
    if isinstance(change, EndRule):
        return {} if _goes_on(old, change.ends_on, others) else {"ends_on": "statutory_ends"}
    problems = _laxer_fields(change.draft, old.draft)
    if change.draft.release_after_clean_visits is not None:
        problems["release_after_clean_visits"] = "not_allowed"
    ends_on = change.draft.valid_to
    if ends_on is not None and not _goes_on(old, ends_on, others):
        problems["valid_to"] = "statutory_ends"
    return problems


def _goes_on(old: StoredRule, ends_on: date, others: Sequence[StoredRule]) -> bool:
    """Whether the duty stays when the rule ends: it ended then anyway, or another one by law takes it over."""
    last = old.draft.valid_to
    if last is not None and ends_on >= last:
        return True
    return any(
        one.is_statutory
        and is_at_least_as_strict(one.draft, old.draft)
        and one.draft.valid_from <= ends_on
        and (one.draft.valid_to is None or (last is not None and one.draft.valid_to >= last))
        for one in others
    )


def _laxer_fields(new: RuleDraft, old: RuleDraft) -> dict[str, str]:
    """Fields in which `new` asks for less than `old`."""
    narrower = {
        "control_type": new.control_type != old.control_type,
        "area_id": new.area_id not in (None, old.area_id),
        "use_type": new.use_type not in (None, old.use_type),
        "access_required": ACCESS_RANK[new.access_required] < ACCESS_RANK[old.access_required],
        "access_required_if_empty": _rank_if_empty(new) < _rank_if_empty(old),
    }
    problems = {name: "statutory_narrower" for name, is_narrower in narrower.items() if is_narrower}
    return problems | ({"interval_days": "statutory_longer"} if new.interval_days > old.interval_days else {})


def _rank_if_empty(draft: RuleDraft) -> int:
    return ACCESS_RANK[draft.access_required_if_empty or draft.access_required]
