"""When a property is due: the rules of the inspection interval, pure and without a database.

The database answers the same questions set-based (`qm.due_at`); `tests/integration/test_intervals_agree.py` holds the
two against each other. Definitions: shared domain text, "Inspection interval, exactly". All dates are calendar dates in
Europe/Berlin; the as-of date is always an argument and counts to its end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.codes import ACCESS_LEVELS

ACCESS_RANK: Mapping[str, int] = {level: rank for rank, level in enumerate(ACCESS_LEVELS)}


@dataclass(frozen=True)
class Rule:
    """An interval rule; `area_id` and `use_type` None mean the whole city and every use type.

    `key` is its business key, which it keeps when it is replaced; `first_id` the id of its first version, None = `id`.
    """

    id: int
    control_type: str
    interval_days: int
    access_required: str
    valid_from: date
    valid_to: date | None = None
    area_id: int | None = None
    use_type: str | None = None
    access_required_if_empty: str | None = None
    is_statutory: bool = False
    key: str = ""
    first_id: int | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Of the rules that apply to a pair the lowest rank wins: the shortest interval, then the first recorded."""
        return self.interval_days, self.id if self.first_id is None else self.first_id


@dataclass(frozen=True)
class Release:
    """A rule does not count for the property from `since_on` until (not on) `until_on`; None = open."""

    rule_key: str
    since_on: date
    until_on: date | None = None

    def is_in_force(self, as_of: date) -> bool:
        return self.since_on <= as_of and (self.until_on is None or as_of < self.until_on)


@dataclass(frozen=True)
class Visit:
    """One inspection as far as intervals ask: when, of which type, how far it got."""

    control_type: str
    inspected_on: date
    access_reached: str


@dataclass(frozen=True)
class Subject:
    """A monitored property as far as intervals ask. `is_inhabited` None = not known, treated as inhabited."""

    registered_on: date
    use_type: str | None
    is_inhabited: bool | None
    area_ids: frozenset[int]
    closed_on: date | None = None


@dataclass(frozen=True)
class Due:
    """When a property is due for one type of control, and which rule says so."""

    control_type: str
    rule_id: int
    interval_days: int
    last_effective_on: date | None
    due_on: date


def overdue_days(due_on: date, as_of: date) -> int:
    """Days overdue: max(0, as-of date - due date)."""
    return max(0, (as_of - due_on).days)


def required_access(rule: Rule, *, is_inhabited: bool | None) -> str:
    """Access that an effective visit must reach: at an empty building the rule may ask for less."""
    if is_inhabited is False and rule.access_required_if_empty is not None:
        return rule.access_required_if_empty
    return rule.access_required


def is_effective(visit: Visit, rule: Rule, *, is_inhabited: bool | None, satisfies: Iterable[tuple[str, str]]) -> bool:
    """Whether the visit counts for the rule: right type (or one that satisfies it) and the required access reached.

    `satisfies` holds pairs (type carried out, type that it also serves); without an entry a type serves itself only.
    """
    is_type = visit.control_type == rule.control_type or (visit.control_type, rule.control_type) in set(satisfies)
    needed = ACCESS_RANK[required_access(rule, is_inhabited=is_inhabited)]
    return is_type and ACCESS_RANK[visit.access_reached] >= needed


def applies(rule: Rule, subject: Subject, as_of: date) -> bool:
    """Whether the rule is in force on the as-of date and covers the property's area and use type."""
    in_area = rule.area_id is None or rule.area_id in subject.area_ids
    return is_in_force(rule, as_of) and in_area and rule.use_type in (None, subject.use_type)


def is_in_force(rule: Rule, as_of: date) -> bool:
    """Whether the as-of date lies in the rule's period."""
    return rule.valid_from <= as_of and (rule.valid_to is None or as_of < rule.valid_to)


def is_released(rule: Rule, releases: Iterable[Release], as_of: date) -> bool:
    """Whether a property with these releases is released from the rule; from a duty by law it never is."""
    return not rule.is_statutory and any(one.rule_key == rule.key and one.is_in_force(as_of) for one in releases)


def due(
    subject: Subject,
    rules: Sequence[Rule],
    visits: Sequence[Visit],
    satisfies: Iterable[tuple[str, str]],
    as_of: date,
    *,
    releases: Sequence[Release] = (),
) -> list[Due]:
    """Due dates of a property, one for each type of control that a rule asks for, in the order of the types.

    Within a type the shortest applicable interval wins; of equal ones the rule recorded first. A rule from which the
    property is released on the as-of date does not apply. A property that is closed on that date, or recorded after it,
    is not monitored and has none.
    """
    if subject.registered_on > as_of or (subject.closed_on is not None and subject.closed_on <= as_of):
        return []
    serving = frozenset(satisfies)
    winners: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.rank):
        if applies(rule, subject, as_of) and not is_released(rule, releases, as_of):
            winners.setdefault(rule.control_type, rule)
    return [_due_for(winners[kind], subject, visits, serving, as_of) for kind in sorted(winners)]


def _due_for(
    rule: Rule, subject: Subject, visits: Sequence[Visit], satisfies: frozenset[tuple[str, str]], as_of: date
) -> Due:
    effective = [
        visit.inspected_on
        for visit in visits
        if visit.inspected_on <= as_of
        and is_effective(visit, rule, is_inhabited=subject.is_inhabited, satisfies=satisfies)
    ]
    last = max(effective, default=None)
    start = last if last is not None else subject.registered_on
    return Due(rule.control_type, rule.id, rule.interval_days, last, start + timedelta(days=rule.interval_days))


def clean_in_a_row(effective: Iterable[tuple[date, bool]]) -> int:
    """How many of the latest effective visits in a row were without finding; of each its date and whether it was.

    Visits of one day have no order that matters: one with a finding ends the row for all of that day.
    """
    visits = list(effective)
    last_finding = max((on for on, is_clean in visits if not is_clean), default=date.min)
    return sum(on > last_finding for on, _is_clean in visits)


def failed_in_a_row(visits: Iterable[Visit], rule: Rule, *, is_inhabited: bool | None) -> int:
    """How many of the latest visits of the rule's own type in a row failed to reach the access that it requires."""
    latest_first = sorted(
        (visit for visit in visits if visit.control_type == rule.control_type),
        key=lambda visit: visit.inspected_on,
        reverse=True,
    )
    failed = 0
    for visit in latest_first:
        if is_effective(visit, rule, is_inhabited=is_inhabited, satisfies=()):
            break
        failed += 1
    return failed
