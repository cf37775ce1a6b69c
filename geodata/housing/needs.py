"""What replacement housing is needed for next: houses that a running proceeding may close."""

from dataclasses import dataclass
from typing import Final

from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.housing.reads import read_closures, read_houses
from geodata.measures.reads import MeasureWish, read_measures

# Proceedings at whose end nobody lives in the house.
_CLOSING: Final = ("closing",)


@dataclass(frozen=True)
class Need:
    """A house that may be closed; `households` = at most one for each dwelling, None = the number is not recorded."""

    measure_key: str
    kind: str
    property_id: int
    address: str
    households: int | None


def read_needs(asker: Asker, chosen: PropertyFilter) -> tuple[Need, ...]:
    """Open proceedings that close a house which is not closed yet. Needs `housing:read` and `proceeding:read`."""
    asker.require("housing:read")
    found = read_measures(asker, chosen, MeasureWish(families=_CLOSING, status="open", sort="address"))
    closed = {one.property_id for one in read_closures(asker, chosen) if one.outcome != "reopened"}
    open_ = [one for one in found if one.property_id not in closed]
    houses, _as_of = read_houses(asker, chosen, {one.property_id for one in open_})
    return tuple(
        Need(one.key, one.kind, one.property_id, one.address, houses[one.property_id].dwellings)
        for one in open_
        if one.property_id in houses
    )
