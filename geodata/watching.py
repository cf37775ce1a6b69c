"""The personal watchlist: which properties somebody follows, and what changed there since they last looked.

A list is seen by its owner only; no one else can read it, building control and the administration included. Changes
are facts that the system learnt since (`recorded_at`), not by their business date: a visit of last week that is entered
today is news today. A property that was merged into another one is followed there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from geodata.access import Asker
from geodata.errors import InvalidEdit
from geodata.masking import sees_masked
from geodata.merges import merged_ids
from geodata.property_history import read_visible_versions
from geodata.tables import (
    assessment_colour,
    assessment_event,
    demolition_stage,
    inspection,
    measure_step,
    note,
    property_,
    property_current,
    property_link,
    property_version,
    status_event,
    supply_cut,
)
from geodata.tables import watch as watch_table

Kind = Literal["status", "inspection", "assessment", "note", "facts", "demolition", "measure", "supply_cut"]
# Newer changes of one property than this are counted by the page that shows them all.
CHANGES_MAX: Final = 20
PERMISSION: Final = "watch:write"


@dataclass(frozen=True)
class Change:
    """One piece of news: the state, type of control, colour, class of a note or stage in `code`, on its own date."""

    kind: Kind
    on: date
    code: str | None
    recorded_at: datetime


@dataclass(frozen=True)
class Watched:
    """A property on the list with its state on the as-of date; `is_merged`: the one that was followed was given up."""

    property_id: int
    key: str
    address: str
    state: str | None
    since_at: datetime
    seen_at: datetime
    changes: tuple[Change, ...]
    is_merged: bool = False


def is_watched(asker: Asker, property_id: int) -> bool:
    """Whether the property is on the asker's list."""
    asker.require(PERMISSION)
    query = select(watch_table.c.property_id).where(*_own(asker), watch_table.c.property_id == property_id)
    return asker.connection.execute(query).one_or_none() is not None


def watch(asker: Asker, property_id: int) -> None:
    """Put a property on the asker's list; what happened so far is seen. InvalidEdit for one out of scope."""
    asker.require(PERMISSION)
    known = select(property_.c.id).where(
        property_.c.id == property_id, property_.c.municipality == asker.scope.municipality
    )
    if asker.connection.execute(known).one_or_none() is None:
        raise InvalidEdit({"property_id": "not_in_scope"})
    row = {"municipality": asker.scope.municipality, "account": asker.scope.account, "property_id": property_id}
    moments = {"since_at": func.clock_timestamp(), "seen_at": func.clock_timestamp()}
    asker.connection.execute(insert(watch_table).values(**row, **moments).on_conflict_do_nothing())


def unwatch(asker: Asker, property_id: int) -> None:
    """Take a property from the asker's list, the ones that were merged into it included."""
    asker.require(PERMISSION)
    asker.connection.execute(
        delete(watch_table).where(*_own(asker), watch_table.c.property_id.in_(_followed(asker, [property_id])))
    )


def mark_seen(asker: Asker, property_ids: Iterable[int] | None) -> None:
    """What changed so far at these properties is seen; None = at all on the list."""
    asker.require(PERMISSION)
    conditions = _own(asker)
    if property_ids is not None:
        conditions.append(watch_table.c.property_id.in_(_followed(asker, list(property_ids))))
    asker.connection.execute(update(watch_table).where(*conditions).values(seen_at=func.clock_timestamp()))


def read_watched(asker: Asker, as_of: date) -> tuple[Watched, ...]:
    """The asker's list: what changed most recently first, then by address. Nothing dated after the as-of date."""
    asker.require(PERMISSION)
    asker.require("property:read")
    listed = _listed(asker)
    changes = _changes(asker, {one: follow.seen_at for one, follow in listed.items()}, as_of)
    found = []
    for row in _named(asker, list(listed), as_of):
        follow, news = listed[row.property_id], changes.get(row.property_id, ())
        named = (row.property_id, row.key, row.address_text, row.state)
        found.append(Watched(*named, follow.since_at, follow.seen_at, news, follow.is_merged))
    return tuple(sorted(found, key=_order))


class _Follow(NamedTuple):
    since_at: datetime
    seen_at: datetime
    is_merged: bool


def _listed(asker: Asker) -> dict[int, _Follow]:
    """The properties of the list as they go on. Of a merged pair nothing that one had not shown yet is lost."""
    columns = (watch_table.c.property_id, watch_table.c.since_at, watch_table.c.seen_at)
    rows = asker.connection.execute(select(*columns).where(*_own(asker))).all()
    goes_on = merged_ids(asker, [row.property_id for row in rows])
    found: dict[int, _Follow] = {}
    for row in rows:
        property_id, is_merged = goes_on.get(row.property_id, row.property_id), row.property_id in goes_on
        follow = _Follow(row.since_at, row.seen_at, is_merged)
        other = found.get(property_id, follow)
        found[property_id] = _Follow(
            min(follow.since_at, other.since_at), min(follow.seen_at, other.seen_at), is_merged or other.is_merged
        )
    return found


def _order(one: Watched) -> tuple[bool, float, str, int]:
    latest = max((change.recorded_at.timestamp() for change in one.changes), default=0.0)
    return not one.changes, -latest, one.address, one.property_id


def _own(asker: Asker) -> list[ColumnElement[bool]]:
    """The row policies say the same; a list is never read without it."""
    return [watch_table.c.municipality == asker.scope.municipality, watch_table.c.account == asker.scope.account]


def _followed(asker: Asker, property_ids: Sequence[int]) -> list[int]:
    """These properties, and those of the list that go on in them."""
    own = asker.connection.execute(select(watch_table.c.property_id).where(*_own(asker))).scalars().all()
    goes_on = merged_ids(asker, own)
    return sorted(set(property_ids) | {one for one, into in goes_on.items() if into in set(property_ids)})


def _named(asker: Asker, property_ids: Sequence[int], as_of: date) -> Sequence[Any]:
    function = func.qm.property_masked_at if sees_masked(asker) else func.qm.property_at
    call = function(asker.scope.municipality, as_of, cast(list(property_ids), ARRAY(BigInteger)))
    at = call.table_valued(*(column.name for column in property_current.columns), name="at").c
    return asker.connection.execute(select(at.property_id, at.key, at.address_text, at.state)).all()


# --- changes ----------------------------------------------------------------------------------------------------------


def _changes(asker: Asker, seen: Mapping[int, datetime], as_of: date) -> Mapping[int, tuple[Change, ...]]:
    """What was recorded of each property after its moment, the latest first."""
    found: dict[int, list[Change]] = defaultdict(list)
    if seen:
        for property_id, kind, on, code, recorded_at in asker.connection.execute(_changes_query(asker, seen)):
            if on is not None and on <= as_of:
                found[property_id].append(Change(kind, on, code, recorded_at))
    if sees_masked(asker):
        found = {key: told for key, news in found.items() if (told := _visible(asker, key, seen[key], news))}
    for changes in found.values():
        changes.sort(key=lambda one: (one.recorded_at, one.on), reverse=True)
    return {key: tuple(changes[:CHANGES_MAX]) for key, changes in found.items()}


def _visible(asker: Asker, property_id: int, moment: datetime, news: list[Change]) -> list[Change]:
    """The news without corrections of facts of which the asker sees nothing."""
    if all(one.kind != "facts" for one in news):
        return news
    versions = read_visible_versions(asker, property_id)
    is_told = any(one.origin.recorded_at > moment for one in versions)
    return [one for one in news if is_told or one.kind != "facts"]


def _changes_query(asker: Asker, seen: Mapping[int, datetime]) -> Any:
    allows = asker.scope.allows
    parts = [
        _new(seen, "status", status_event, status_event.c.valid_on, status_event.c.state),
        _new(seen, "facts", property_version, _recorded_on(property_version), null()),
    ]
    if allows("inspection:read"):
        parts.append(_new(seen, "inspection", inspection, inspection.c.inspected_on, inspection.c.control_type))
    if allows("proceeding:read"):
        colour = (
            select(assessment_colour.c.colour)
            .where(
                assessment_colour.c.pressure == assessment_event.c.pressure,
                assessment_colour.c.room_to_act == assessment_event.c.room_to_act,
            )
            .scalar_subquery()
        )
        parts.append(_new(seen, "assessment", assessment_event, assessment_event.c.valid_on, colour))
        parts.append(_new(seen, "measure", measure_step, measure_step.c.happened_on, measure_step.c.kind))
        last_on = func.greatest(supply_cut.c.announced_on, supply_cut.c.cut_on, supply_cut.c.restored_on)
        parts.append(_new(seen, "supply_cut", supply_cut, last_on, supply_cut.c.utility))
    if allows("note:read"):
        parts.append(_new(seen, "note", note, note.c.written_on, note.c.note_class))
    if allows("demolition:read"):
        stage = demolition_stage.c
        done = _new(seen, "demolition", demolition_stage, stage.actual_end_on, stage.stage)
        parts.append(done.where(stage.aspect == "actual", stage.actual_end_on.is_not(None)))
    return union_all(*parts)


def _new(
    seen: Mapping[int, datetime], kind: Kind, fact: Table, on: ColumnElement[Any], code: ColumnElement[Any]
) -> Select[Any]:
    """Facts in force that were recorded since; what a merge or a split moved is no news, the new facts tell of it."""
    is_new = or_(*(and_(fact.c.property_id == one, fact.c.recorded_at > moment) for one, moment in seen.items()))
    link = property_link.c
    # Named, because some roles have a right on these columns and not on all.
    moving = select(link.id).where(link.to_property_id == fact.c.property_id, link.recorded_at == fact.c.recorded_at)
    told = (fact.c.property_id, literal(kind).label("kind"), on.label("on"), cast(code, Text).label("code"))
    query = select(*told, fact.c.recorded_at).where(is_new, fact.c.superseded_at.is_(None))
    return query if fact is property_version else query.where(~moving.exists())


def _recorded_on(fact: Table) -> ColumnElement[Any]:
    return cast(func.timezone("Europe/Berlin", fact.c.recorded_at), Date)
