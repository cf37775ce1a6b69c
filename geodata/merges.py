"""Which records of one object became one, and which were divided: what pages say, and where a link leads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Select, null, or_, select

from geodata.access import Asker
from geodata.masking import may_read
from geodata.tables import edit, property_, property_link


@dataclass(frozen=True)
class Link:
    """The property that goes on for one that was given up, from a date on; `key` is its key in its register."""

    property_id: int
    register: str
    key: str
    happened_on: date


@dataclass(frozen=True)
class PropertyLink:
    """A link as the page of one of its two ends shows it; `property_id` is the other end.

    `how`: `merged_into` another one, `merged_from` another one, `split_into` and `split_from`. One that was taken back
    has `undone_at`. The reason is for case workers, the name for who may know who entered what.
    """

    how: Literal["merged_into", "merged_from", "split_into", "split_from"]
    property_id: int
    register: str
    key: str
    happened_on: date
    edit_id: int | None
    recorded_at: datetime
    undone_at: datetime | None
    account_name: str | None
    reason: str | None


def merged_into(asker: Asker, property_id: int) -> Link | None:
    """Where the property goes on that was given up for another one; None for all others, and out of scope."""
    asker.require("property:read")
    link = property_link.c
    query = (
        select(property_.c.id, property_.c.register, property_.c.key, link.happened_on)
        .join_from(property_link, property_, property_.c.id == link.to_property_id)
        .where(
            link.municipality == asker.scope.municipality,
            link.from_property_id == property_id,
            link.kind == "merge",
            link.superseded_at.is_(None),
        )
    )
    row = asker.connection.execute(query).one_or_none()
    return None if row is None else Link(*row)


def merged_ids(asker: Asker, property_ids: Iterable[int]) -> Mapping[int, int]:
    """Of these properties the ones given up, with the one that goes on; one query, for lists."""
    asker.require("property:read")
    link = property_link.c
    query = select(link.from_property_id, link.to_property_id).where(
        link.municipality == asker.scope.municipality,
        link.from_property_id.in_(sorted(set(property_ids))),
        link.kind == "merge",
        link.superseded_at.is_(None),
    )
    return {row.from_property_id: row.to_property_id for row in asker.connection.execute(query)}


def links_of(asker: Asker, property_id: int) -> tuple[PropertyLink, ...]:
    """The links of a property, the latest first; those that were taken back are among them.

    One that only leads on to another because of a later merge is not told twice.
    """
    asker.require("property:read")
    rows = asker.connection.execute(_links(asker, property_id)).mappings().all()
    found = []
    for row in rows:
        is_from = row["from_property_id"] == property_id
        how: Any = f"{'merged' if row['kind'] == 'merge' else 'split'}_{'into' if is_from else 'from'}"
        # Taken back by an edit that was undone; superseded otherwise, a later merge has taken the link's place.
        if row["superseded_at"] is not None and row["undone_at"] is None:
            continue
        found.append(
            PropertyLink(
                how, row["other_id"], row["register"], row["key"], row["happened_on"], row["edit_id"],
                row["recorded_at"], row["undone_at"], row["account_name"], row["reason"],
            )
        )  # fmt: skip
    return tuple(found)


def _links(asker: Asker, property_id: int) -> Select[Any]:
    link = property_link.c
    may_know = asker.scope.allows("edit:read")
    reason = link.reason if may_read(asker, "reason") else null().label("reason")
    other = property_.c
    is_other = or_(
        (link.from_property_id == property_id) & (other.id == link.to_property_id),
        (link.to_property_id == property_id) & (other.id == link.from_property_id),
    )
    names = ("kind", "from_property_id", "happened_on", "recorded_at", "superseded_at")
    columns = [link[name] for name in names]
    of_edit = (edit.c.undone_at, edit.c.account_name) if may_know else (
        link.superseded_at.label("undone_at"), null().label("account_name"),
    )  # fmt: skip
    edit_id = link.edit_id if may_know else null().label("edit_id")
    beside = property_link.join(property_, is_other)
    query = select(*columns, edit_id, other.id.label("other_id"), other.register, other.key, *of_edit, reason)
    return (
        query.select_from(beside.outerjoin(edit, edit.c.id == link.edit_id) if may_know else beside)
        .where(link.municipality == asker.scope.municipality)
        .order_by(link.happened_on.desc(), link.id.desc())
    )
