"""How many of the latest effective visits of one property in a row were without finding, for one rule."""

from sqlalchemy import select

from geodata.access import Asker
from geodata.intervals import Rule, Subject, Visit, applies, clean_in_a_row, is_effective
from geodata.rules.changes import StoredRule
from geodata.tables import control_type_satisfies, inspection, property_current, refresh


def clean_visits(asker: Asker, property_id: int, rule: StoredRule) -> int | None:
    """Clean visits in a row up to the date of the derived tables; None where the rule does not apply there."""
    asker.require("plan:read")
    asker.require("inspection:read")
    columns, derived = property_current.c, refresh.c
    query = select(
        columns.registered_on,
        columns.use_type,
        columns.is_inhabited,
        columns.area_ids,
        columns.closed_on,
        derived.as_of,
    ).where(columns.property_id == property_id, derived.municipality == columns.municipality)
    row = asker.connection.execute(query).one_or_none()
    if row is None:
        return None
    subject = Subject(row.registered_on, row.use_type, row.is_inhabited, frozenset(row.area_ids), row.closed_on)
    asked = as_interval(rule)
    if subject.closed_on is not None or not applies(asked, subject, row.as_of):
        return None
    satisfies = {tuple(one) for one in asker.connection.execute(select(control_type_satisfies))}
    visit = inspection.c
    visits = asker.connection.execute(
        select(visit.control_type, visit.inspected_on, visit.access_reached, visit.result).where(
            visit.property_id == property_id, visit.superseded_at.is_(None), visit.inspected_on <= row.as_of
        )
    )
    return clean_in_a_row(
        (one.inspected_on, one.result == "no_finding")
        for one in visits
        if is_effective(
            Visit(one.control_type, one.inspected_on, one.access_reached),
            asked,
            is_inhabited=subject.is_inhabited,
            satisfies=satisfies,
        )
    )


def as_interval(rule: StoredRule) -> Rule:
    """The stored rule as the pure rules of the interval know it."""
    draft = rule.draft
    return Rule(
        rule.id,
        draft.control_type,
        draft.interval_days,
        draft.access_required,
        draft.valid_from,
        draft.valid_to,
        draft.area_id,
        draft.use_type,
        draft.access_required_if_empty,
        rule.is_statutory,
        rule.key,
        rule.first_id,
    )
