"""Cuts of supply of a house: announced, done, restored, each with its alarm.

As-of: what was announced, cut or restored on a later day is not known yet; the announced day lies ahead.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from sqlalchemy import RowMapping, Select, func, or_, select

from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.masking import TEXT_PERMISSION
from geodata.measures.kinds import PERMISSION
from geodata.properties import property_sources
from geodata.sources import Sources
from geodata.tables import supply_cut

Alarm = Literal["announced", "imminent", "cut", "restored"]
ALARMS: Final[tuple[Alarm, ...]] = ("cut", "imminent", "announced", "restored")
IMMINENT_DAYS: Final = 7


@dataclass(frozen=True)
class SupplyCut:
    """A cut of supply as it stood on the as-of date; `days_left` until the announced day, negative = it has passed.

    `version` is the row in force (`id`). An announced day that has passed without a word stays an alarm: `imminent`.
    `note` is None for who may not read free text.
    """

    id: int
    key: str
    property_id: int
    property_key: str
    address: str
    area_ids: tuple[int, ...]
    utility: str
    reason: str
    announced_on: date | None
    planned_on: date | None
    cut_on: date | None
    restored_on: date | None
    dwellings_affected: int | None
    note: str | None
    alarm: Alarm
    days_left: int | None

    @property
    def is_open(self) -> bool:
        """Whether supply was cut off or threatened on the as-of date."""
        return self.alarm != "restored"


def alarm_of(planned_on: date | None, cut_on: date | None, restored_on: date | None, as_of: date) -> Alarm:
    """How urgent a cut is; the dates are those known on the as-of date."""
    if restored_on is not None:
        return "restored"
    if cut_on is not None:
        return "cut"
    is_near = planned_on is not None and planned_on - as_of <= timedelta(days=IMMINENT_DAYS)
    return "imminent" if is_near else "announced"


def read_supply_cuts(asker: Asker, chosen: PropertyFilter, *, only_open: bool = False) -> tuple[SupplyCut, ...]:
    """The cuts of the filter's properties at its as-of date: by alarm, then by day, then by address."""
    asker.require(PERMISSION)
    sources = property_sources(asker, chosen)
    return _read(asker, _query(asker, sources).where(*sources.where(chosen)), sources.as_of, only_open=only_open)


def read_supply_cuts_of(asker: Asker, property_id: int, as_of: date) -> tuple[SupplyCut, ...]:
    """The cuts of one property at a date."""
    asker.require(PERMISSION)
    sources = property_sources(asker, PropertyFilter(as_of=as_of), property_ids=[property_id])
    query = _query(asker, sources).where(supply_cut.c.property_id == property_id)
    return _read(asker, query, as_of, only_open=False)


_PLAIN: Final = (
    "id", "key", "property_id", "utility", "reason", "announced_on", "planned_on", "cut_on", "restored_on",
    "dwellings_affected",
)  # fmt: skip


def _query(asker: Asker, sources: Sources) -> Select[Any]:
    columns, cut = sources.properties.c, supply_cut.c
    texts = ("note",) if asker.scope.allows(TEXT_PERMISSION) else ()
    return (
        select(
            *(cut[name] for name in (*_PLAIN, *texts)),
            columns.key.label("property_key"),
            func.coalesce(func.nullif(columns.address_text, ""), columns.key).label("address"),
            columns.area_ids,
        )
        .select_from(supply_cut.join(sources.properties, columns.property_id == cut.property_id))
        .where(
            cut.municipality == asker.scope.municipality,
            cut.superseded_at.is_(None),
            or_(cut.announced_on <= sources.as_of, cut.cut_on <= sources.as_of),
        )
    )


def _read(asker: Asker, query: Select[Any], as_of: date, *, only_open: bool) -> tuple[SupplyCut, ...]:
    found = [_cut(row, as_of) for row in asker.connection.execute(query).mappings()]
    wanted = [one for one in found if one.is_open or not only_open]
    return tuple(sorted(wanted, key=_order))


def _order(one: SupplyCut) -> tuple[int, date, str, int]:
    day = one.cut_on or one.planned_on or one.announced_on or date.max
    return ALARMS.index(one.alarm), day, one.address, one.id


def _cut(row: RowMapping, as_of: date) -> SupplyCut:
    dates = {name: row[name] for name in ("announced_on", "cut_on", "restored_on")}
    known = {name: day if day is not None and day <= as_of else None for name, day in dates.items()}
    planned_on = row["planned_on"]
    values = {**row, **known, "area_ids": tuple(row["area_ids"]), "note": row.get("note")}
    return SupplyCut(
        **values,
        alarm=alarm_of(planned_on, known["cut_on"], known["restored_on"], as_of),
        days_left=None if planned_on is None or known["cut_on"] is not None else (planned_on - as_of).days,
    )
