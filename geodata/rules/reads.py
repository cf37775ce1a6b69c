"""Reads of interval rules: all of them with how many pairs each decides, and those that apply to one property."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import RowMapping, func, or_, select

from geodata.access import Asker
from geodata.codes import CONTROL_TYPES
from geodata.filters import PropertyFilter
from geodata.inspections import rule_area_name
from geodata.intervals import Release as ReleasePeriod
from geodata.intervals import Rule, Subject, applies, is_released
from geodata.rules.drafts import RuleDraft
from geodata.rules.releases import Release, ReleaseProposal, read_release_proposals, read_releases
from geodata.rules.stored import DRAFT_COLUMNS
from geodata.sources import property_sources
from geodata.tables import control_type_satisfies, interval_release, interval_rule

__all__ = [
    "AppliedRule",
    "Release",
    "ReleaseProposal",
    "RuleShown",
    "RuleTold",
    "read_release_proposals",
    "read_releases",
    "read_rules",
    "read_rules_of",
    "read_satisfies",
]

WhyNot = Literal["longer", "later_recorded", "released"]


@dataclass(frozen=True, kw_only=True)
class RuleTold(RuleDraft):
    """A rule as it stands, the name of its area (None = the whole city), and how the as-of date lies to its period."""

    id: int
    key: str
    area_name: str | None
    is_statutory: bool
    is_in_force: bool
    begins_on_later: bool


@dataclass(frozen=True, kw_only=True)
class RuleShown(RuleTold):
    """A rule with the pairs of property and type of control for which it wins on the as-of date."""

    pairs: int
    overdue: int


@dataclass(frozen=True)
class AppliedRule:
    """A rule that applies to a property; `why_not`: another one is shorter, was recorded first, or a release holds."""

    control_type: str
    rule: RuleTold
    wins: bool
    why_not: WhyNot | None


_TOLD: Final = ("id", "key", "is_statutory", *DRAFT_COLUMNS)


def read_rules(asker: Asker, as_of: date, *, with_ended: bool = False) -> tuple[RuleShown, ...]:
    """Rules in force and to come, by type and interval; with `with_ended` those that are over, too.

    While a job derives the due dates anew, the pairs are still those of before.
    """
    asker.require("plan:read")
    rule = interval_rule.c
    # Ended = its period lies behind the as-of date.
    kept = () if with_ended else (or_(rule.valid_to.is_(None), rule.valid_to > as_of),)
    pairs = _pairs(asker, as_of)
    told = [
        RuleShown(**_told(row, as_of), pairs=pairs.get(row["key"], (0, 0))[0], overdue=pairs.get(row["key"], (0, 0))[1])
        for row in _rows(asker, as_of, *kept)
    ]
    return tuple(sorted(told, key=lambda one: (CONTROL_TYPES.index(one.control_type), one.interval_days, one.id)))


def read_satisfies(asker: Asker) -> frozenset[tuple[str, str]]:
    """Pairs (type carried out, type that it also serves); without an entry a type serves itself only."""
    asker.require("plan:read")
    columns = control_type_satisfies.c
    rows = asker.connection.execute(select(columns.control_type, columns.satisfies))
    return frozenset((row.control_type, row.satisfies) for row in rows)


def read_rules_of(asker: Asker, property_id: int, as_of: date) -> tuple[AppliedRule, ...]:
    """All rules that apply to a property on a date, type by type, the winner of each first; none where it is closed."""
    asker.require("plan:read")
    subject = _subject(asker, property_id, as_of)
    if subject is None or subject.closed_on is not None:
        return ()
    rows = {row["id"]: row for row in _rows(asker, as_of)}
    released = _releases_of(asker, property_id)
    found = [one for one in map(_rule, rows.values()) if applies(one, subject, as_of)]
    found.sort(key=lambda one: (CONTROL_TYPES.index(one.control_type), is_released(one, released, as_of), one.rank))
    winners: dict[str, Rule] = {}
    told = []
    for one in found:
        why_not: WhyNot | None = None
        if is_released(one, released, as_of):
            why_not = "released"
        elif (winner := winners.setdefault(one.control_type, one)) is not one:
            why_not = "longer" if one.interval_days > winner.interval_days else "later_recorded"
        rule = RuleTold(**_told(rows[one.id], as_of))
        told.append(AppliedRule(one.control_type, rule, why_not is None, why_not))
    return tuple(told)


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(asker: Asker, as_of: date, *conditions: Any) -> Sequence[RowMapping]:
    rule = interval_rule.c
    every = interval_rule.alias("every").c
    first_id = (
        select(func.min(every.id))
        .where(every.municipality == rule.municipality, every.key == rule.key)
        .scalar_subquery()
    )
    query = select(
        rule_area_name(as_of).label("area_name"), first_id.label("first_id"), *(rule[name] for name in _TOLD)
    ).where(rule.municipality == asker.scope.municipality, rule.superseded_at.is_(None), *conditions)
    return asker.connection.execute(query).mappings().all()


def _told(row: RowMapping, as_of: date) -> dict[str, Any]:
    is_over = row["valid_to"] is not None and row["valid_to"] <= as_of
    return {
        **{name: row[name] for name in (*_TOLD, "area_name")},
        "is_in_force": row["valid_from"] <= as_of and not is_over,
        "begins_on_later": row["valid_from"] > as_of,
    }


def _rule(row: RowMapping) -> Rule:
    names = (
        "id", "control_type", "interval_days", "access_required", "valid_from", "valid_to", "area_id", "use_type",
        "access_required_if_empty", "is_statutory", "key", "first_id",
    )  # fmt: skip
    return Rule(**{name: row[name] for name in names})


def _pairs(asker: Asker, as_of: date) -> Mapping[str, tuple[int, int]]:
    """Pairs, and overdue ones of them, by the key of the rule that wins: its row may have been replaced meanwhile."""
    due = property_sources(asker, PropertyFilter(as_of=as_of)).due.c
    counted = (
        select(due.rule_id, func.count().label("pairs"), func.count().filter(due.due_on < as_of).label("overdue"))
        .where(due.municipality == asker.scope.municipality)
        .group_by(due.rule_id)
        .subquery()
    )
    query = (
        select(interval_rule.c.key, func.sum(counted.c.pairs), func.sum(counted.c.overdue))
        .join_from(counted, interval_rule, interval_rule.c.id == counted.c.rule_id)
        .group_by(interval_rule.c.key)
    )
    return {key: (int(pairs), int(overdue)) for key, pairs, overdue in asker.connection.execute(query)}


def _subject(asker: Asker, property_id: int, as_of: date) -> Subject | None:
    columns = property_sources(asker, PropertyFilter(as_of=as_of), property_ids=[property_id]).properties.c
    query = select(
        columns.registered_on, columns.use_type, columns.is_inhabited, columns.area_ids, columns.closed_on
    ).where(columns.property_id == property_id)
    row = asker.connection.execute(query).one_or_none()
    if row is None:
        return None
    return Subject(row.registered_on, row.use_type, row.is_inhabited, frozenset(row.area_ids), row.closed_on)


def _releases_of(asker: Asker, property_id: int) -> list[ReleasePeriod]:
    release = interval_release.c
    query = select(release.rule_key, release.since_on, release.until_on).where(
        release.property_id == property_id, release.superseded_at.is_(None)
    )
    return [ReleasePeriod(*row) for row in asker.connection.execute(query)]
