"""Reads of closed houses, of dwellings lost and won and of the pool of replacement dwellings. Needs `housing:read`.

- As-of: valid time with today's knowledge; what happened after the date does not count.
- The filter is that of the properties, and the row policies decide which the asker sees; the pool is the city's.
- A demolition that is recorded as a stage of a project counts as the end of a closed house, too, unless an event of the
  closure says so itself: two pages must not tell two stories of one house.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, RowMapping, Select, Table, any_, cast, func, select

from geodata.access import Asker
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.housing import balance, whereabouts
from geodata.housing.balance import Balance, DwellingChange
from geodata.housing.pool import Bounds, Pool, PoolCheck, PoolDwelling, is_enough, pool_of
from geodata.housing.whereabouts import ClosureEvent, Contradiction, Households, Outcome, Tracked, Whereabouts
from geodata.properties import property_sources
from geodata.tables import (
    area_version,
    closure,
    closure_event,
    dwelling_change,
    housing_definition,
    property_version,
    replacement_dwelling,
)

__all__ = [
    "Balance",
    "Bounds",
    "Closure",
    "ClosureEvent",
    "Contradiction",
    "DwellingChange",
    "House",
    "Households",
    "Pool",
    "PoolCheck",
    "PoolDwelling",
    "Whereabouts",
    "is_enough",
    "read_balance",
    "read_bounds",
    "read_changes",
    "read_closure",
    "read_closures",
    "read_closures_of",
    "read_houses",
    "read_pool",
    "read_pool_dwelling",
    "read_pool_dwellings",
    "read_whereabouts",
    "whereabouts_of",
]

PERMISSION: Final = "housing:read"


@dataclass(frozen=True)
class Closure:
    """A closed house as it stood on the as-of date; events are in their order, later ones left out.

    `since_on` is the day of the outcome. Counts None = nobody wrote them down.
    """

    id: int
    key: str
    property_id: int
    property_key: str
    address: str
    area_ids: tuple[int, ...]
    ownership_form: str | None
    closed_on: date
    cause: str
    measure_key: str | None
    households_affected: int | None
    large_households_affected: int | None
    events: tuple[ClosureEvent, ...]
    outcome: Outcome
    since_on: date
    households: Households
    contradictions: tuple[Contradiction, ...]

    @property
    def tracked(self) -> Tracked:
        """What became of it, to add up."""
        return Tracked(self.outcome, self.since_on, self.households, self.contradictions)


# --- closed houses ----------------------------------------------------------------------------------------------------


def read_closures(asker: Asker, chosen: PropertyFilter) -> tuple[Closure, ...]:
    """The closed houses of the filter's properties, the latest first."""
    return _closures(asker, chosen, _current(asker, closure))


def read_closures_of(asker: Asker, property_id: int, as_of: date) -> tuple[Closure, ...]:
    """The closings of one property, the latest first."""
    return _closures(asker, PropertyFilter(as_of=as_of), _current(asker, closure, property_id=property_id))


def read_closure(asker: Asker, key: str, as_of: date) -> Closure | None:
    """One closed house by the key of its closing; None where the asker sees none."""
    of = closure.alias("of").c
    is_wanted = (of.municipality == asker.scope.municipality) & (of.key == key) & of.superseded_at.is_(None)
    # With the other closings of its house: which of them a demolition ends depends on all.
    query = _current(asker, closure).where(closure.c.property_id.in_(select(of.property_id).where(is_wanted)))
    found = _closures(asker, PropertyFilter(as_of=as_of), query)
    return next((one for one in found if one.key == key), None)


def read_whereabouts(asker: Asker, chosen: PropertyFilter) -> Whereabouts:
    """What became of the closed houses of the filter, and where their households are, as counts."""
    return whereabouts_of(read_closures(asker, chosen))


def whereabouts_of(closures: tuple[Closure, ...]) -> Whereabouts:
    """The same of closed houses that were read already."""
    return whereabouts.add_up([one.tracked for one in closures])


def _closures(asker: Asker, chosen: PropertyFilter, query: Select[Any]) -> tuple[Closure, ...]:
    asker.require(PERMISSION)
    rows = asker.connection.execute(query).mappings().all()
    houses, as_of = read_houses(asker, chosen, {row["property_id"] for row in rows})
    events = _events(asker, {row["key"] for row in rows})
    again = _closed_again(rows)
    found = [
        _closure(row, houses[row["property_id"]], events.get(row["key"], []), as_of, closed_again=again[row["key"]])
        for row in rows
        if row["property_id"] in houses and row["closed_on"] <= as_of
    ]
    return tuple(sorted(found, key=lambda one: (one.closed_on, one.id), reverse=True))


def _closed_again(rows: Iterable[RowMapping]) -> dict[str, date | None]:
    """When the house of each closing was closed the next time, by the key of the closing."""
    by_house: dict[int, list[RowMapping]] = {}
    for row in sorted(rows, key=lambda row: (row["closed_on"], row["id"])):
        by_house.setdefault(row["property_id"], []).append(row)
    return {
        row["key"]: None if after is None else after["closed_on"]
        for several in by_house.values()
        for row, after in zip_longest(several, several[1:])
    }


def _events(asker: Asker, keys: set[str]) -> dict[str, list[ClosureEvent]]:
    """Events in force by the key of their closing."""
    found: dict[str, list[ClosureEvent]] = {}
    if not keys:
        return found
    query = _current(asker, closure_event).where(closure_event.c.closure_key.in_(sorted(keys)))
    for row in asker.connection.execute(query).mappings():
        values = {name: row[name] for name in ClosureEvent.__dataclass_fields__}
        found.setdefault(row["closure_key"], []).append(ClosureEvent(**values))
    return found


def _closure(
    row: RowMapping, house: "House", events: list[ClosureEvent], as_of: date, *, closed_again: date | None
) -> Closure:
    if _ends_with_demolition(row["closed_on"], house.demolished_on, events, as_of, closed_again):
        events = [*events, ClosureEvent(0, None, "demolished", house.demolished_on or as_of)]
    tracked = whereabouts.track(row["closed_on"], row["households_affected"], events, as_of)
    names = ("id", "key", "closed_on", "cause", "measure_key", "households_affected", "large_households_affected")
    return Closure(
        **{name: row[name] for name in names},
        property_id=row["property_id"],
        property_key=house.key,
        address=house.address,
        area_ids=house.area_ids,
        ownership_form=house.ownership_form,
        events=tuple(whereabouts.in_order(one for one in events if one.happened_on <= as_of)),
        outcome=tracked.outcome,
        since_on=tracked.since_on,
        households=tracked.households,
        contradictions=tracked.contradictions,
    )


def _ends_with_demolition(
    closed_on: date, demolished_on: date | None, events: list[ClosureEvent], as_of: date, closed_again: date | None
) -> bool:
    """Whether the demolition of a project ends this closing: not where an event says so, nor one that ended before.

    A house that was reopened and closed again ended its first closing with the reopening.
    """
    # What is dated later must not take away what another page tells of this day already.
    is_told = any(one.kind == "demolished" and one.happened_on <= as_of for one in events)
    if demolished_on is None or demolished_on < closed_on or is_told:
        return False
    if closed_again is None or closed_again > demolished_on:
        return True
    until = [one for one in events if one.happened_on <= closed_again]
    return whereabouts.track(closed_on, None, until, as_of).outcome != "reopened"


# --- dwellings lost and won -------------------------------------------------------------------------------------------


def read_changes(asker: Asker, chosen: PropertyFilter, period: Period) -> tuple[DwellingChange, ...]:
    """Changes of the number of dwellings within the period and up to the as-of date, the latest first."""
    asker.require(PERMISSION)
    happened_on = dwelling_change.c.happened_on
    query = _current(asker, dwelling_change).where(happened_on.between(period.first_on, period.last_on))
    rows = asker.connection.execute(query).mappings().all()
    houses, as_of = read_houses(asker, chosen, {row["property_id"] for row in rows})
    kept = [row for row in rows if row["property_id"] in houses and row["happened_on"] <= as_of]
    found = [_change(row, houses[row["property_id"]]) for row in kept]
    return tuple(sorted(found, key=lambda one: (one.happened_on, one.id), reverse=True))


def read_balance(asker: Asker, chosen: PropertyFilter, period: Period) -> tuple[Balance, ...]:
    """Dwellings lost and won within the period, one row for each programme; None = without a programme."""
    return balance.by_programme(read_changes(asker, chosen, period))


def _change(row: RowMapping, house: "House") -> DwellingChange:
    of_house = {"property_key", "address"}
    values = {name: row[name] for name in DwellingChange.__dataclass_fields__ if name not in of_house}
    return DwellingChange(**values, property_key=house.key, address=house.address)


# --- replacement dwellings --------------------------------------------------------------------------------------------


def read_bounds(asker: Asker) -> Mapping[str, Bounds]:
    """What counts as large, by `large_dwelling` and `large_household`."""
    asker.require(PERMISSION)
    rows = asker.connection.execute(select(housing_definition)).mappings()
    return {
        row["code"]: Bounds(row["rooms_from"], _number(row["area_m2_from"]), row["persons_from"], row["is_confirmed"])
        for row in rows
    }


def read_pool(asker: Asker, as_of: date) -> Pool:
    """The pool of replacement dwellings of the city on a date."""
    bounds = read_bounds(asker).get("large_dwelling", Bounds())
    return pool_of(read_pool_dwellings(asker, as_of), as_of, is_confirmed=bounds.is_confirmed)


def read_pool_dwellings(asker: Asker, as_of: date) -> tuple[PoolDwelling, ...]:
    """Dwellings in the pool on the date or later, the smallest first; names of areas are those of the date."""
    asker.require(PERMISSION)
    until_on = replacement_dwelling.c.available_until_on
    dwellings = _read_dwellings(asker, as_of, until_on.is_(None) | (until_on >= as_of))
    return tuple(sorted(dwellings, key=lambda one: (one.rooms, one.area_m2 or 0, one.available_from_on, one.id)))


def read_pool_dwelling(asker: Asker, key: str, as_of: date) -> PoolDwelling | None:
    """One dwelling of the pool by its key."""
    asker.require(PERMISSION)
    return next(iter(_read_dwellings(asker, as_of, replacement_dwelling.c.key == key)), None)


def _read_dwellings(asker: Asker, as_of: date, condition: Any) -> list[PoolDwelling]:
    bounds = read_bounds(asker).get("large_dwelling", Bounds())
    name = (
        select(area_version.c.name)
        .where(
            area_version.c.area_id == replacement_dwelling.c.area_id,
            area_version.c.superseded_at.is_(None),
            area_version.c.valid_from <= as_of,
            area_version.c.valid_to.is_(None) | (area_version.c.valid_to > as_of),
        )
        .limit(1)
        .scalar_subquery()
    )
    query = _current(asker, replacement_dwelling).add_columns(name.label("area_name")).where(condition)
    return [_dwelling(row, bounds) for row in asker.connection.execute(query).mappings()]


def _dwelling(row: RowMapping, bounds: Bounds) -> PoolDwelling:
    area_m2 = _number(row["area_m2"])
    values = {name: row[name] for name in PoolDwelling.__dataclass_fields__ if name not in ("area_m2", "is_large")}
    return PoolDwelling(**values, area_m2=area_m2, is_large=bounds.is_large(row["rooms"], area_m2))


# --- how it is asked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class House:
    """What a fact of housing takes over from its property; the form of ownership is a type, never a name."""

    key: str
    address: str
    area_ids: tuple[int, ...]
    dwellings: int | None
    ownership_form: str | None
    demolished_on: date | None


def _current(asker: Asker, table: Table, **same: Any) -> Select[Any]:
    is_asked = [table.c[name] == value for name, value in same.items()]
    is_current = (table.c.municipality == asker.scope.municipality, table.c.superseded_at.is_(None))
    return select(table).where(*is_current, *is_asked)


def read_houses(asker: Asker, chosen: PropertyFilter, property_ids: set[int]) -> tuple[dict[int, House], date]:
    """Those of the properties that fit the filter, and the as-of date of the answer."""
    wanted = sorted(property_ids)
    sources = property_sources(asker, chosen, property_ids=wanted)
    if not wanted:
        return {}, sources.as_of
    columns = sources.properties.c
    address = func.coalesce(func.nullif(columns.address_text, ""), columns.key)
    is_asked = columns.property_id == any_(cast(wanted, ARRAY(BigInteger)))
    query = select(
        columns.property_id,
        columns.key,
        address.label("address"),
        columns.area_ids,
        columns.dwellings,
        columns.demolished_on,
    )
    forms = _ownership_forms(asker, wanted)
    found = {
        row.property_id: House(
            row.key, row.address, tuple(row.area_ids), row.dwellings, forms.get(row.property_id), row.demolished_on
        )
        for row in asker.connection.execute(query.where(is_asked, *sources.where(chosen)))
    }
    return found, sources.as_of


def _ownership_forms(asker: Asker, property_ids: list[int]) -> dict[int, str | None]:
    """The form of ownership of each property: person, company, public, ownerless; never a name."""
    columns = property_version.c
    query = select(columns.property_id, columns.ownership_form).where(
        columns.property_id.in_(property_ids), columns.superseded_at.is_(None)
    )
    return {row.property_id: row.ownership_form for row in asker.connection.execute(query)}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
