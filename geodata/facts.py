"""Where a versioned fact comes from, and what became of it: shared by the reads of one property.

A fact is superseded at the moment at which its successor was recorded, so the successor of a row is the row of the
same business key recorded at that moment or, failing that, first after it. A row without one was withdrawn.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, RowMapping, Table, null

from geodata.access import Asker
from geodata.tables import delivery, edit


@dataclass(frozen=True)
class Origin:
    """Where a fact comes from; without a delivery it was entered in the application, by the edit of this id.

    `account_name` says by whom, for who may know (`edit:read`). A fact that a merge moved has both: the delivery that
    brought it and the edit that moved it.
    """

    recorded_at: datetime
    delivery_id: int | None = None
    source: str | None = None
    as_of: date | None = None
    edit_id: int | None = None
    account_name: str | None = None


@dataclass(frozen=True)
class History:
    """Origin of a fact and, for a superseded one, when and by what it was replaced (None: withdrawn, not replaced).

    `key` is the business key: what was replaced and what replaced it have it in common. `fact_id` names this version.
    """

    key: str
    origin: Origin
    superseded_at: datetime | None = None
    replaced_by: Origin | None = None
    fact_id: int | None = None

    @property
    def is_current(self) -> bool:
        return self.superseded_at is None


def origin_columns(asker: Asker, fact: Table) -> list[Any]:
    """Columns that `origin_of` needs, beside a join by `with_origin`."""
    may_read = asker.scope.allows("edit:read")
    return [
        fact.c.recorded_at,
        fact.c.delivery_id,
        delivery.c.source.label("delivery_source"),
        delivery.c.as_of.label("delivery_as_of"),
        fact.c.edit_id,
        edit.c.account_name if may_read else null().label("account_name"),
    ]


def history_columns(asker: Asker, fact: Table) -> list[Any]:
    """Columns that `history_of` needs, beside a join by `with_origin`."""
    key = fact.c.key if "key" in fact.c else fact.c.property_id
    return [fact.c.id.label("fact_id"), key.label("fact_key"), fact.c.superseded_at, *origin_columns(asker, fact)]


def with_origin(asker: Asker, fact: Table, beside: FromClause | None = None) -> FromClause:
    """The fact (or what it is joined to already) beside the delivery and the edit that brought it."""
    joined = (fact if beside is None else beside).outerjoin(delivery, delivery.c.id == fact.c.delivery_id)
    return joined.outerjoin(edit, edit.c.id == fact.c.edit_id) if asker.scope.allows("edit:read") else joined


def origin_of(row: RowMapping) -> Origin:
    """Origin of a row that was read with `origin_columns`."""
    names = ("recorded_at", "delivery_id", "delivery_source", "delivery_as_of", "edit_id", "account_name")
    return Origin(*(row[name] for name in names))


def successors(rows: Sequence[RowMapping]) -> Mapping[int, Origin]:
    """Origin of the row that replaced each superseded row, by `fact_id`."""
    by_key: dict[Any, list[RowMapping]] = defaultdict(list)
    for row in rows:
        by_key[row["fact_key"]].append(row)
    found: dict[int, Origin] = {}
    for versions in by_key.values():
        found |= _successors_of_one_key(versions)
    return found


def history_of(row: RowMapping, replaced_by: Mapping[int, Origin]) -> History:
    """History of a row that was read with `history_columns`."""
    successor = replaced_by.get(row["fact_id"])
    return History(str(row["fact_key"]), origin_of(row), row["superseded_at"], successor, row["fact_id"])


def _successors_of_one_key(versions: Sequence[RowMapping]) -> dict[int, Origin]:
    in_order = sorted(versions, key=lambda row: (row["recorded_at"], row["fact_id"]))
    found: dict[int, Origin] = {}
    for row in versions:
        if row["superseded_at"] is None:
            continue
        later = (other for other in in_order if other["recorded_at"] >= row["superseded_at"] and other is not row)
        successor = next(later, None)
        if successor is not None:
            found[row["fact_id"]] = origin_of(successor)
    return found
