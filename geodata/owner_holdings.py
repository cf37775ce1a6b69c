"""All properties of one owner: searched for and read by who may, and logged before anything is answered.

Rules:

- There is no list of owners: a search needs three letters, and gives at most `MOST_FOUND`.
- The log holds who asked and when, and for one owner the number under which the application knows it: never a name, and
  never the words of a search. By that number, and by nothing else, an owner stands in a link.
- Two entries of a register that may mean the same owner stand side by side with the reason; nothing is merged.
- An owner is shown with the properties that who asks sees anyhow; others are counted as not in scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, RowMapping, Select, func, literal, or_, select

from geodata import audit
from geodata.access import Access, Asker, Scope
from geodata.errors import InvalidEdit
from geodata.owners import PERMISSION
from geodata.tables import measure, property_current, property_due, property_link
from geodata.tables.owners import owner, ownership

LEAST_LETTERS: Final = 3
MOST_LETTERS: Final = 100
MOST_FOUND: Final = 30
Reason = Literal["same_name", "same_address", "same_both"]


@dataclass(frozen=True)
class OwnerFound:
    """One entry of the register of owners; `number` is by what a link names it, `properties` counts those in force."""

    number: int
    kind: str
    name: str | None
    address: str | None
    properties: int


@dataclass(frozen=True)
class Alike:
    """Another entry that may mean the same owner, and why."""

    found: OwnerFound
    reason: Reason


@dataclass(frozen=True)
class Holding:
    """One property of an owner, and how sure that is; what the register does not state is None."""

    property_id: int
    property_key: str
    address: str
    state: str | None
    share: Fraction | None
    owned_since: date | None
    stated_since: date
    source: str | None
    link_confidence: str | None
    link_reason: str | None
    open_proceedings: int
    due_on: date | None
    is_closed: bool


@dataclass(frozen=True)
class Holdings:
    """An owner with all its properties; `out_of_scope` counts those that the asker does not see."""

    owner: OwnerFound
    holdings: tuple[Holding, ...]
    out_of_scope: int
    alike: tuple[Alike, ...]


def search_owners(access: Access, scope: Scope, words: str, as_of: date) -> tuple[OwnerFound, ...]:
    """Owners whose name holds the words, by name; InvalidEdit for fewer than three letters.

    That somebody searched is logged first, without the words: they are a name.
    """
    scope.require(PERMISSION)
    wanted = _normal_words(words)
    _log(access, scope, "a search for owners")
    with access.open_owners(scope) as asker:
        is_wanted = _normal(owner.c.name).contains(wanted, autoescape=True)
        return _owners(asker, as_of, is_wanted)


def read_holdings(access: Access, scope: Scope, number: int, as_of: date) -> Holdings | None:
    """All properties of one owner on a date; None where there is no such owner. Logged before it is answered."""
    scope.require(PERMISSION)
    _log(access, scope, f"objects of owner {number}")
    with access.open_owners(scope) as asker:
        found = _owners(asker, as_of, _has_number(number))
        if not found:
            return None
        links = asker.connection.execute(_links(asker, number, as_of)).mappings().all()
        alike = _alike(asker, found[0], as_of)
    with access.open(scope) as asker:
        known = _properties(asker, [row["property_id"] for row in links], as_of)
    holdings = [_holding(row, known[row["property_id"]]) for row in links if row["property_id"] in known]
    ordered = sorted(holdings, key=lambda one: (one.is_closed, one.address, one.property_id))
    return Holdings(found[0], tuple(ordered), len(links) - len(holdings), alike)


def _log(access: Access, scope: Scope, subject: str) -> None:
    audit.record(access, audit.Entry("read_restricted", scope.municipality, scope.account, subject))


def _normal_words(words: str) -> str:
    wanted = "".join(letter for letter in words.lower() if letter.isalnum())
    if len(wanted) < LEAST_LETTERS:
        raise InvalidEdit({"words": "too_short"})
    if len(words) > MOST_LETTERS:
        raise InvalidEdit({"words": "too_long"})
    return wanted


def _normal(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Letters and digits alone, in lower case: "Muster-Bau GmbH" and "Musterbau GmbH" are one."""
    return func.lower(func.regexp_replace(column, "[^[:alnum:]]+", "", "g"))


# --- the schema of owners ---------------------------------------------------------------------------------------------


def _first_ids(asker: Asker) -> Any:
    """The number of each owner: the id of its first version, which no correction changes."""
    return (
        select(owner.c.key, func.min(owner.c.id).label("number"))
        .where(owner.c.municipality == asker.scope.municipality)
        .group_by(owner.c.key)
        .subquery("numbered")
    )


def _has_number(number: int) -> ColumnElement[bool]:
    inner = owner.alias("named")
    return owner.c.key == select(inner.c.key).where(inner.c.id == number).scalar_subquery()


def _in_force(asker: Asker, as_of: date) -> list[ColumnElement[bool]]:
    link = ownership.c
    return [
        link.municipality == asker.scope.municipality,
        link.superseded_at.is_(None),
        func.coalesce(link.owned_since, link.valid_from) <= as_of,
        or_(link.valid_to.is_(None), link.valid_to > as_of),
    ]


def _owners(asker: Asker, as_of: date, is_wanted: ColumnElement[bool]) -> tuple[OwnerFound, ...]:
    asker.require(PERMISSION)
    numbered = _first_ids(asker)
    properties = (
        select(func.count(func.distinct(ownership.c.property_id)))
        .where(ownership.c.owner_key == owner.c.key, *_in_force(asker, as_of))
        .scalar_subquery()
    )
    query = (
        select(numbered.c.number, owner.c.kind, owner.c.name, owner.c.address, properties.label("properties"))
        .join_from(owner, numbered, numbered.c.key == owner.c.key)
        .where(owner.c.municipality == asker.scope.municipality, owner.c.superseded_at.is_(None), is_wanted)
        .order_by(owner.c.name, numbered.c.number)
        .limit(MOST_FOUND)
    )
    return tuple(OwnerFound(*row) for row in asker.connection.execute(query))


def _links(asker: Asker, number: int, as_of: date) -> Select[Any]:
    link, named = ownership.c, owner.alias("named")
    key = select(named.c.key).where(named.c.id == number).scalar_subquery()
    columns = ("property_id", "share", "owned_since", "source", "link_confidence", "link_reason")
    return (
        select(*(link[name] for name in columns), link.valid_from.label("stated_since"))
        .where(*_in_force(asker, as_of), link.owner_key == key)
        .order_by(link.id)
    )


def _alike(asker: Asker, one: OwnerFound, as_of: date) -> tuple[Alike, ...]:
    """Other entries with the same name or the same address for service, written alike."""
    if not one.name:
        return ()
    same_name = _normal(owner.c.name) == _normal(literal(one.name))
    same_address = _normal(owner.c.address) == _normal(literal(one.address)) if one.address else literal(value=False)
    found = _owners(asker, as_of, or_(same_name, same_address))
    others = [other for other in found if other.number != one.number]
    return tuple(Alike(other, _why(one, other)) for other in others)


def _why(one: OwnerFound, other: OwnerFound) -> Reason:
    has_name = _plain(one.name) == _plain(other.name)
    has_address = bool(one.address) and _plain(one.address) == _plain(other.address)
    return "same_both" if has_name and has_address else "same_name" if has_name else "same_address"


def _plain(words: str | None) -> str:
    return "".join(letter for letter in (words or "").lower() if letter.isalnum())


# --- the properties ---------------------------------------------------------------------------------------------------


def _properties(asker: Asker, property_ids: Sequence[int], as_of: date) -> dict[int, RowMapping]:
    """What is shown of each property, by the id under which the register of owners names it.

    An owner stays with the record that a register names; what was merged since is shown as the one that it became.
    """
    link, now = property_link.c, property_current.c
    merges = select(link.from_property_id, link.to_property_id).where(
        link.from_property_id.in_(property_ids), link.kind == "merge", link.superseded_at.is_(None)
    )
    became = {row.from_property_id: row.to_property_id for row in asker.connection.execute(merges)}
    shown_ids = {one: became.get(one, one) for one in property_ids}
    query = select(
        now.property_id,
        now.key.label("property_key"),
        func.coalesce(func.nullif(now.address_text, ""), now.key).label("address"),
        now.state,
        now.closed_on.is_not(None).label("is_closed"),
        _open_proceedings(as_of).label("open_proceedings"),
        _next_due().label("due_on"),
    ).where(now.municipality == asker.scope.municipality, now.property_id.in_(set(shown_ids.values())))
    known = {row["property_id"]: row for row in asker.connection.execute(query).mappings()}
    return {one: known[shown] for one, shown in shown_ids.items() if shown in known}


def _open_proceedings(as_of: date) -> ColumnElement[Any]:
    query = select(func.count()).where(
        measure.c.property_id == property_current.c.property_id,
        measure.c.superseded_at.is_(None),
        measure.c.opened_on <= as_of,
        or_(measure.c.closed_on.is_(None), measure.c.closed_on > as_of),
    )
    return query.scalar_subquery()


def _next_due() -> ColumnElement[Any]:
    return (
        select(func.min(property_due.c.due_on))
        .where(property_due.c.property_id == property_current.c.property_id)
        .scalar_subquery()
    )


def _holding(link: RowMapping, known: RowMapping) -> Holding:
    share = Fraction(link["share"]) if link["share"] else None
    told = {name: link[name] for name in ("owned_since", "stated_since", "source", "link_confidence", "link_reason")}
    return Holding(**dict(known), **told, share=share)
