"""Taking an edit back: what it appended is superseded, what it had superseded is revived as copies.

As with a delivery that is withdrawn, nothing is deleted and the withdrawn rows stay in the past. Refused where
something later rests on the edit: a row of it was replaced, a key it gave up has another row now, facts were entered
for a property that only it brought, or objects were released from a rule that only it brought. Where rules change by
it, the due dates follow by a job, as with every change of rules.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, Table, and_, func, select, update
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from geodata import jobs
from geodata.access import Asker
from geodata.edits.empty_rounds import take_back_empty
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import copy, copy_addresses, supersede
from geodata.errors import InvalidEdit, NotAllowed
from geodata.tables import (
    assessment_event,
    assessment_report,
    assessment_setting,
    closure,
    closure_event,
    delivery,
    demolition_stage,
    dwelling_change,
    edit,
    funding_call,
    funding_cost,
    funding_grant,
    funding_programme,
    inspection,
    inspection_round,
    interval_release,
    interval_rule,
    measure,
    measure_step,
    note,
    photograph,
    property_link,
    property_version,
    replacement_dwelling,
    round_plan,
    round_plan_skip,
    scenario,
    status_event,
    supply_cut,
)

KIND: Final = "undo"
_BY_PROPERTY: Final = (
    status_event,
    assessment_event,
    assessment_report,
    inspection,
    interval_release,
    demolition_stage,
    measure,
    measure_step,
    supply_cut,
    closure,
    closure_event,
    dwelling_change,
    funding_grant,
    note,
    photograph,
    round_plan_skip,
)
_TABLES: Final = (
    property_version,
    *_BY_PROPERTY,
    inspection_round,
    property_link,
    scenario,
    interval_rule,
    replacement_dwelling,
    assessment_setting,
    funding_programme,
    funding_call,
    funding_cost,
)
# What makes one row the successor of another.
_KEYS: Final[dict[Table, str]] = {
    property_version: "property_id",
    property_link: "from_property_id",
    scenario: "number",
}
# Rows that belong to one of another table, and the column by which they name it.
_PARTS: Final = (
    (measure, measure_step, "measure_key"),
    (closure, closure_event, "closure_key"),
    (funding_grant, funding_call, "grant_key"),
    (funding_grant, funding_cost, "grant_key"),
)
# Nothing is derived from them, and a grant may have no property.
_UNDERIVED: Final = (note, photograph, funding_grant)
# What a role has no right to read it cannot write anew.
_UNREADABLE: Final = (status_event, assessment_report)


def undo(asker: Asker, edit_id: int, submission: UUID) -> Edited:
    """Take an edit back: building control any, others the latest of their own account."""
    asker.require("edit:read")
    found: list[RowMapping] = []

    def check(change: Change) -> int | None:
        row = _edit(change, edit_id)
        _require_own(change, row)
        if row["undone_at"] is not None or row["kind"] == KIND:
            raise InvalidEdit({"edit": "undone"})
        _refuse_replaced(change, edit_id)
        _refuse_shared(change, edit_id)
        found.append(row)
        change.outcome = {"undone": edit_id}
        property_id: int | None = row["property_id"]
        return property_id

    def write(change: Change) -> None:
        for table in _TABLES:
            is_changed = _take_back(change, table, found[0])
            if is_changed and table is interval_rule:
                _derive_rules(change)
        take_back_empty(change)
        statement = update(edit).where(edit.c.id == edit_id).values(undone_at=change.moment)
        change.asker.connection.execute(statement)
        _refuse_bare(change)
        _refuse_loose(change)

    return carry_out(asker, Order(submission, KIND), "edit:read", check, write)


def _key(table: Table) -> str:
    return _KEYS.get(table, "key" if "key" in table.c else "id")


def _edit(change: Change, edit_id: int) -> RowMapping:
    columns = [edit.c[name] for name in ("id", "kind", "account", "property_id", "made_at", "undone_at")]
    query = select(*columns).where(edit.c.id == edit_id, edit.c.municipality == change.municipality)
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"edit": "not_in_scope"})
    return row


def _require_own(change: Change, row: RowMapping) -> None:
    scope = change.asker.scope
    if scope.allows("property:write"):
        return
    latest = (
        select(edit.c.id)
        .where(
            edit.c.municipality == scope.municipality,
            edit.c.account == scope.account,
            edit.c.undone_at.is_(None),
            edit.c.kind != KIND,
        )
        .order_by(edit.c.made_at.desc(), edit.c.id.desc())
        .limit(1)
    )
    if change.asker.connection.execute(latest).scalar_one_or_none() != row["id"]:
        raise NotAllowed("Only the latest edit of the own account can be taken back by this role.")


def _readable(change: Change) -> Sequence[Table]:
    """Tables to which the role can have written."""
    is_staff = change.asker.scope.allows("property:write")
    return _TABLES if is_staff else (status_event, assessment_report, inspection, note, photograph)


def _refuse_replaced(change: Change, edit_id: int) -> None:
    for table in _readable(change):
        # What the edit brought may have been replaced and come back; what counts is that its keys are its own now.
        name = _key(table)
        now, then = table.alias("now").c, table.alias("then").c
        is_its_own = (
            (now[name] == then[name])
            & (now.municipality == then.municipality)
            & (now.edit_id == edit_id)
            & now.superseded_at.is_(None)
        )
        query = select(then.id).where(then.edit_id == edit_id, ~select(now.id).where(is_its_own).exists()).limit(1)
        if table is assessment_event:
            # What the program computed anew meanwhile is nobody's decision.
            query = query.where(then.contributions.is_(None))
        if change.asker.connection.execute(query).scalar_one_or_none() is not None:
            raise InvalidEdit({"edit": "changed_since"})


def _refuse_shared(change: Change, edit_id: int) -> None:
    """What others built on stays: a plan, a round that their visits joined, what `_PARTS` belong to."""
    if not change.asker.scope.allows("property:write"):
        return
    joined = (inspection.c.municipality == inspection_round.c.municipality) & (
        inspection.c.round_key == inspection_round.c.key
    )
    others = select(inspection.c.id).where(
        joined, inspection.c.superseded_at.is_(None), inspection.c.edit_id != edit_id
    )
    plans = select(round_plan.c.id).where(round_plan.c.edit_id == edit_id)
    rounds = select(inspection_round.c.id).where(
        inspection_round.c.edit_id == edit_id, inspection_round.c.superseded_at.is_(None), others.exists()
    )
    for query in (plans, rounds, _begun_project(edit_id), *(_begun_with_parts(edit_id, *one) for one in _PARTS)):
        if change.asker.connection.execute(query.limit(1)).scalar_one_or_none() is not None:
            raise InvalidEdit({"edit": "changed_since"})


def _begun_with_parts(edit_id: int, whole: Table, part: Table, named: str) -> Select[tuple[int]]:
    """What the edit began and others added parts to: without it these would belong to nothing."""
    before, own = whole.alias("before").c, whole.c
    is_before = (
        (before.municipality == own.municipality) & (before.key == own.key) & (before.superseded_at == own.recorded_at)
    )
    is_part = (part.c.municipality == own.municipality) & (part.c[named] == own.key) & part.c.superseded_at.is_(None)
    return select(own.id).where(
        own.edit_id == edit_id,
        own.superseded_at.is_(None),
        ~select(before.id).where(is_before).exists(),
        select(part.c.id).where(is_part, part.c.edit_id.is_distinct_from(edit_id)).exists(),
    )


def _begun_project(edit_id: int) -> Select[tuple[int]]:
    """A project that the edit began and of which others reported or planned stages: these would have no project."""
    own, before, other = demolition_stage.c, demolition_stage.alias("before").c, demolition_stage.alias("other").c

    def is_of_it(row: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
        names = ("municipality", "property_id", "project_key")
        return and_(*(row[name] == own[name] for name in names))

    was_there = (before.recorded_at < own.recorded_at) & (
        before.superseded_at.is_(None) | (before.superseded_at >= own.recorded_at)
    )
    is_others = other.superseded_at.is_(None) & other.edit_id.is_distinct_from(edit_id)
    return select(own.id).where(
        own.edit_id == edit_id,
        own.superseded_at.is_(None),
        ~select(before.id).where(is_of_it(before), was_there).exists(),
        select(other.id).where(is_of_it(other), is_others).exists(),
    )


def _take_back(change: Change, table: Table, row: RowMapping) -> bool:
    """Supersede what the edit appended to one table and revive what it superseded there; whether there was anything."""
    if table not in _readable(change):
        return False
    connection = change.asker.connection
    is_city, is_current = table.c.municipality == change.municipality, table.c.superseded_at.is_(None)
    taken = (
        connection.execute(select(table.c.id).where(is_city, table.c.edit_id == row["id"], is_current)).scalars().all()
    )
    is_gone = table.c.superseded_at == row["made_at"]
    gone = connection.execute(select(table.c.id).where(is_city, is_gone)).scalars().all()
    _touch(change, table, [*taken, *gone])
    supersede(change, table, taken)
    if not gone:
        return bool(taken)
    if table in _UNREADABLE and not change.asker.scope.allows("property:write"):
        raise NotAllowed("What this edit replaced holds text that this role may not read, so it cannot be revived.")
    _refuse_taken_keys(change, table, gone)
    _refuse_withdrawn(change, table, gone)
    # Of a link the moment stays: by it qm.property_at knows which facts a merge moved.
    copy(change, table, gone, keeps_moment=table is property_link)
    if table is property_version:
        _revive_addresses(change, gone)
    return True


def _derive_rules(change: Change) -> None:
    release, rule = interval_release.c, interval_rule.c
    is_its_rule = (
        (rule.municipality == release.municipality) & (rule.key == release.rule_key) & rule.superseded_at.is_(None)
    )
    query = select(release.id).where(
        release.municipality == change.municipality,
        release.superseded_at.is_(None),
        ~select(rule.id).where(is_its_rule).exists(),
    )
    if change.asker.connection.execute(query.limit(1)).scalar_one_or_none() is not None:
        raise InvalidEdit({"edit": "changed_since"})
    jobs.ask_for(change.asker, "rules", edit_id=change.edit_id, asked_at=change.moment)


def _touch(change: Change, table: Table, ids: Sequence[int]) -> None:
    names = [name for name in ("property_id", "from_property_id", "to_property_id") if name in table.c]
    if table in _UNDERIVED or not names:
        return
    for row in change.asker.connection.execute(select(*(table.c[name] for name in names)).where(table.c.id.in_(ids))):
        change.touched |= set(row)


def _refuse_taken_keys(change: Change, table: Table, gone: Sequence[int]) -> None:
    """A key that somebody filled anew since cannot be given back to the row before."""
    name = _key(table)
    now, then = table.alias("now").c, table.alias("then").c
    query = select(now.id).where(
        then.id.in_(gone), now[name] == then[name], now.municipality == then.municipality, now.superseded_at.is_(None)
    )
    if table is property_link:
        query = query.where(now.kind == "merge", then.kind == "merge")
    if change.asker.connection.execute(query.limit(1)).scalar_one_or_none() is not None:
        raise InvalidEdit({"edit": "changed_since"})


def _refuse_withdrawn(change: Change, table: Table, gone: Sequence[int]) -> None:
    """What was delivered, replaced by the edit and withdrawn since must not come back with an undo."""
    # A role that corrects only what it entered itself replaces nothing that was delivered, and reads no withdrawals.
    if "delivery_id" not in table.c or not change.asker.scope.allows("property:write"):
        return
    brought = table.join(delivery, delivery.c.id == table.c.delivery_id)
    query = select(table.c.id).select_from(brought).where(table.c.id.in_(gone), delivery.c.withdrawn_at.is_not(None))
    if change.asker.connection.execute(query.limit(1)).scalar_one_or_none() is not None:
        raise InvalidEdit({"edit": "changed_since"})


def _revive_addresses(change: Change, gone: Sequence[int]) -> None:
    now, then = property_version.alias("now").c, property_version.alias("then").c
    query = select(then.id, now.id).where(
        then.id.in_(gone), now.property_id == then.property_id, now.superseded_at.is_(None)
    )
    for before, after in change.asker.connection.execute(query).all():
        copy_addresses(change, before, after)


def _forget_computed(change: Change, property_ids: Collection[int]) -> None:
    """What the program computed of a property goes with it: nobody entered it."""
    columns = assessment_event.c
    query = select(columns.id).where(
        columns.property_id.in_(sorted(property_ids)),
        columns.superseded_at.is_(None),
        columns.contributions.is_not(None),
    )
    supersede(change, assessment_event, change.asker.connection.execute(query).scalars().all())


def _refuse_loose(change: Change) -> None:
    """What comes back needs what it belongs to, and calls that come back must not exceed a grant."""
    if not change.asker.scope.allows("property:write"):
        return
    call, grant = funding_call.c, funding_grant.c
    of_grant = (call.municipality == grant.municipality) & (call.grant_key == grant.key)
    counts = call.superseded_at.is_(None) & call.is_withdrawn.is_(False)
    overdrawn = (
        select(grant.id)
        .select_from(funding_grant.join(funding_call, of_grant & counts))
        .where(grant.municipality == change.municipality, grant.superseded_at.is_(None))
        .group_by(grant.id, grant.granted_eur, grant.recorded_at)
        .having(func.sum(call.amount_eur) > grant.granted_eur)
        .having(func.greatest(grant.recorded_at, func.max(call.recorded_at)) == change.moment)
    )
    for query in (*(_loose(change, *one) for one in _PARTS), overdrawn):
        if change.asker.connection.execute(query.limit(1)).scalar_one_or_none() is not None:
            raise InvalidEdit({"edit": "changed_since"})


def _loose(change: Change, whole: Table, part: Table, named: str) -> Select[tuple[int]]:
    own, of = part.c, whole.c
    is_whole = (of.municipality == own.municipality) & (of.key == own[named]) & of.superseded_at.is_(None)
    return select(own.id).where(
        own.municipality == change.municipality,
        own.superseded_at.is_(None),
        own.recorded_at == change.moment,
        ~select(of.id).where(is_whole).exists(),
    )


def _refuse_bare(change: Change) -> None:
    """A property without facts of its own must not be left with visits and events that others entered."""
    if not change.asker.scope.allows("property:write"):
        return
    version = property_version.c
    ids = sorted(change.touched)
    query = select(version.property_id).where(version.property_id.in_(ids), version.superseded_at.is_(None))
    bare = set(ids) - set(change.asker.connection.execute(query).scalars())
    if bare:
        _forget_computed(change, bare)
    for table in (*_BY_PROPERTY, property_link):
        column = table.c["to_property_id" if table is property_link else "property_id"]
        query = select(column).where(column.in_(sorted(bare)), table.c.superseded_at.is_(None)).limit(1)
        if bare and change.asker.connection.execute(query).scalar_one_or_none() is not None:
            raise InvalidEdit({"edit": "changed_since"})
