"""Where a versioned fact comes from, and what became of it: shared by the reads of one property.

A fact is superseded at the moment at which its successor was recorded, so the successor of a row is the row of the
same business key recorded at that moment or, failing that, first after it. A row without one was withdrawn.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, RowMapping, Table, null

from geodata.tables import delivery


@dataclass(frozen=True)
class Origin:
    """Where a fact comes from; without a delivery it was entered in the application, by the edit of this id."""

    recorded_at: datetime
    delivery_id: int | None = None
    source: str | None = None
    as_of: date | None = None
    edit_id: int | None = None


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


def origin_columns(fact: Table) -> list[Any]:
    """Columns that `history_of` needs; join `delivery` by `comes_from(fact)` beside them."""
    return [
        fact.c.id.label("fact_id"),
        fact.c.key.label("fact_key"),
        fact.c.recorded_at,
        fact.c.superseded_at,
        fact.c.delivery_id,
        # Some facts come by deliveries only.
        fact.c.edit_id if "edit_id" in fact.c else null().cast(BigInteger).label("edit_id"),
        delivery.c.source.label("delivery_source"),
        delivery.c.as_of.label("delivery_as_of"),
    ]


def comes_from(fact: Table) -> Any:
    """Join condition from a fact to the delivery that brought it."""
    return delivery.c.id == fact.c.delivery_id


def origin_of(row: RowMapping) -> Origin:
    """Origin of a row that was read with `origin_columns`."""
    return Origin(
        row["recorded_at"], row["delivery_id"], row["delivery_source"], row["delivery_as_of"], row.get("edit_id")
    )


def successors(rows: Sequence[RowMapping]) -> Mapping[int, Origin]:
    """Origin of the row that replaced each superseded row, by `fact_id`."""
    by_key: dict[str, list[RowMapping]] = defaultdict(list)
    for row in rows:
        by_key[row["fact_key"]].append(row)
    found: dict[int, Origin] = {}
    for versions in by_key.values():
        found |= _successors_of_one_key(versions)
    return found


def history_of(row: RowMapping, replaced_by: Mapping[int, Origin]) -> History:
    """History of a row that was read with `origin_columns`."""
    successor = replaced_by.get(row["fact_id"])
    return History(row["fact_key"], origin_of(row), row["superseded_at"], successor, row["fact_id"])


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
