"""Releases of objects from a rule: those in force, and those that the software proposes after enough clean visits.

A release is proposed where the last n effective visits of a pair in a row were without finding, n as the rule that wins
says; never for a statutory rule. The pure twin of that count is `intervals.clean_in_a_row`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, Subquery, func, null, or_, select, union_all

from geodata.access import Asker
from geodata.control_reads import needed_rank
from geodata.filters import PropertyFilter, due_conditions
from geodata.masking import TEXT_PERMISSION
from geodata.sources import Sources, property_sources
from geodata.tables import (
    control_type,
    control_type_satisfies,
    edit,
    inspection,
    interval_release,
    interval_rule,
    property_current,
)

PROPOSALS_MAX: Final = 200


@dataclass(frozen=True)
class ReleaseProposal:
    """A pair that could be released from the rule that wins; `key` is that of the object in its register."""

    property_id: int
    key: str
    address: str
    control_type: str
    rule_id: int
    rule_key: str
    interval_days: int
    clean_visits: int
    last_on: date
    area_ids: tuple[int, ...]


@dataclass(frozen=True)
class Release:
    """A release in force or to come; `reason` is for who may read text about a case, else None."""

    id: int
    property_id: int
    key: str
    address: str
    control_type: str
    rule_key: str
    since_on: date
    until_on: date | None
    reason: str | None
    by: str


def read_release_proposals(
    asker: Asker, as_of: date, chosen: PropertyFilter, *, most: int = PROPOSALS_MAX
) -> tuple[ReleaseProposal, ...]:
    """Proposals for the chosen properties, those with the most clean visits first, at most 200."""
    asker.require("plan:read")
    asker.require("inspection:read")
    sources = property_sources(asker, replace(chosen, as_of=as_of))
    rows = asker.connection.execute(_proposals(asker, sources, chosen, as_of).limit(min(most, PROPOSALS_MAX)))
    return tuple(ReleaseProposal(**row | {"area_ids": tuple(row["area_ids"])}) for row in map(dict, rows.mappings()))


def read_releases(asker: Asker, as_of: date) -> tuple[Release, ...]:
    """Releases that are not over on the as-of date, by address; managers see those of the objects assigned."""
    asker.require("plan:read")
    release, rule, known = interval_release.c, interval_rule.c, property_current.c
    reason = release.reason if asker.scope.allows(TEXT_PERMISSION) else null().label("reason")
    by = func.coalesce(edit.c.account_name, "").label("by")
    is_its_rule = (
        (rule.municipality == release.municipality) & (rule.key == release.rule_key) & rule.superseded_at.is_(None)
    )
    query = (
        select(
            release.id, release.property_id, known.key, known.address_text.label("address"), rule.control_type,
            release.rule_key, release.since_on, release.until_on, reason, by,
        )
        .join_from(interval_release, property_current, known.property_id == release.property_id)
        .join(interval_rule, is_its_rule)
        .outerjoin(edit, edit.c.id == release.edit_id)
        .where(
            release.municipality == asker.scope.municipality,
            release.superseded_at.is_(None),
            or_(release.until_on.is_(None), release.until_on > as_of),
        )
        .order_by(known.address_text, release.id)
    )  # fmt: skip
    return tuple(Release(**row) for row in asker.connection.execute(query).mappings())


def _proposals(asker: Asker, sources: Sources, chosen: PropertyFilter, as_of: date) -> Select[Any]:
    pair = _pairs(asker, sources, chosen)
    clean = _clean_visits(asker, pair, as_of)
    return (
        select(
            pair.c.property_id, pair.c.key, pair.c.address_text.label("address"), pair.c.control_type, pair.c.rule_id,
            pair.c.rule_key, pair.c.interval_days, clean.c.visits.label("clean_visits"), clean.c.last_on,
            pair.c.area_ids,
        )
        .join(clean, (clean.c.property_id == pair.c.property_id) & (clean.c.control_type == pair.c.control_type))
        .where(clean.c.visits >= pair.c.wanted)
        .order_by(clean.c.visits.desc(), clean.c.last_on.desc(), pair.c.address_text, pair.c.property_id)
    )  # fmt: skip


def _pairs(asker: Asker, sources: Sources, chosen: PropertyFilter) -> Subquery:
    """Chosen pairs whose winning rule proposes a release at all, with the access that an effective visit reaches."""
    due, properties, rule = sources.due.c, sources.properties.c, interval_rule.c
    # The rule that won may have been replaced since: its key leads to the row in force.
    won = interval_rule.alias("won")
    is_its_rule = (rule.municipality == won.c.municipality) & (rule.key == won.c.key) & rule.superseded_at.is_(None)
    return (
        select(
            due.property_id,
            due.control_type,
            properties.key,
            properties.address_text,
            properties.area_ids,
            rule.id.label("rule_id"),
            rule.key.label("rule_key"),
            rule.interval_days,
            rule.release_after_clean_visits.label("wanted"),
            needed_rank(properties.is_inhabited).label("needed"),
        )
        .join_from(sources.due, sources.properties, properties.property_id == due.property_id)
        .join(won, won.c.id == due.rule_id)
        .join(interval_rule, is_its_rule)
        .where(
            due.municipality == asker.scope.municipality,
            due.last_effective_on.is_not(None),
            rule.release_after_clean_visits.is_not(None),
            ~rule.is_statutory,
            *sources.where(chosen),
            *due_conditions(chosen, sources.due),
        )
        .subquery("pair")
    )


def _clean_visits(asker: Asker, pair: Subquery, as_of: date) -> Subquery:
    """Of each pair the effective visits after the last one that was not without finding, and the day of the last."""
    serving = _serving()
    visit = inspection.c
    is_effective = func.qm.access_rank(visit.access_reached) >= pair.c.needed
    has_finding = func.max(visit.inspected_on).filter(visit.result != "no_finding")
    last_finding = has_finding.over(partition_by=(pair.c.property_id, pair.c.control_type))
    effective = (
        select(pair.c.property_id, pair.c.control_type, visit.inspected_on, last_finding.label("finding_on"))
        .join(serving, serving.c.serves == pair.c.control_type)
        .join(
            inspection,
            (visit.property_id == pair.c.property_id) & (visit.control_type == serving.c.control_type) & is_effective,
        )
        .where(
            visit.municipality == asker.scope.municipality,
            visit.superseded_at.is_(None),
            visit.inspected_on <= as_of,
        )
        .subquery("effective")
    )
    columns = effective.c
    return (
        select(
            columns.property_id,
            columns.control_type,
            func.count().label("visits"),
            func.max(columns.inspected_on).label("last_on"),
        )
        .where(or_(columns.finding_on.is_(None), columns.inspected_on > columns.finding_on))
        .group_by(columns.property_id, columns.control_type)
        .subquery("clean")
    )


def _serving() -> Subquery:
    """Which type of control serves which: itself, and what the table says."""
    satisfies = control_type_satisfies.c
    return union_all(
        select(control_type.c.code.label("control_type"), control_type.c.code.label("serves")),
        select(satisfies.control_type, satisfies.satisfies),
    ).subquery("serving")
