"""The rules as they are stored, for previews and edits: every rule that is or will be in force, in one read."""

from dataclasses import fields

from sqlalchemy import func, select

from geodata.access import Asker
from geodata.rules.changes import StoredRule
from geodata.rules.drafts import RuleDraft
from geodata.tables import interval_rule

DRAFT_COLUMNS = tuple(field.name for field in fields(RuleDraft))


def read_stored(asker: Asker) -> tuple[StoredRule, ...]:
    """All current rows, those that ended or lie ahead too, by id. A handful, so nobody asks for fewer."""
    asker.require("plan:read")
    rule = interval_rule.c
    first = (
        select(rule.key, func.min(rule.id).label("first_id"))
        .where(rule.municipality == asker.scope.municipality)
        .group_by(rule.key)
        .subquery()
    )
    query = (
        select(rule.id, rule.key, first.c.first_id, rule.is_statutory, *(rule[name] for name in DRAFT_COLUMNS))
        .join_from(interval_rule, first, first.c.key == rule.key)
        .where(rule.municipality == asker.scope.municipality, rule.superseded_at.is_(None))
        .order_by(rule.id)
    )
    return tuple(
        StoredRule(
            row["id"],
            row["key"],
            row["first_id"],
            row["is_statutory"],
            RuleDraft(**{one: row[one] for one in DRAFT_COLUMNS}),
        )
        for row in asker.connection.execute(query).mappings()
    )
