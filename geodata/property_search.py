"""Choosing an object for a form: by part of its address, by its key or by its file reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, select, text

from geodata.access import Asker
from geodata.crs import DISPLAY_SRID
from geodata.filters import TEXT_MAX_LENGTH
from geodata.tables import property_current

PERMISSION: Final = "property:write"
FOUND_MAX: Final = 10
_SEARCH: Final = text(files("geodata").joinpath("sql/search_properties.sql").read_text(encoding="utf-8")).bindparams(
    bindparam("except_id", type_=BigInteger)
)


@dataclass(frozen=True)
class FoundProperty:
    """An object as a list of choices shows it; the position is longitude and latitude, None where it has no point."""

    id: int
    register: str
    key: str
    address_text: str
    state: str | None
    closed_on: date | None
    position: tuple[float, float] | None


def search_properties(asker: Asker, typed: str, *, except_id: int | None = None) -> tuple[FoundProperty, ...]:
    """At most 10 objects of the current state that have every word of the text, the best first."""
    asker.require(PERMISSION)
    if not typed.strip() or len(typed) > TEXT_MAX_LENGTH:
        return ()
    values = {"municipality": asker.scope.municipality, "typed": typed, "except_id": except_id, "most": FOUND_MAX}
    return tuple(_found(row) for row in asker.connection.execute(_SEARCH, values))


def read_chosen(asker: Asker, property_ids: Sequence[int]) -> tuple[FoundProperty, ...]:
    """The objects of these ids in the order asked for; an id that is not in scope is left out."""
    asker.require(PERMISSION)
    c = property_current.c
    point = func.ST_Transform(c.geom, DISPLAY_SRID)
    query = select(
        c.property_id, c.register, c.key, c.address_text, c.state, c.closed_on,
        func.ST_X(point).label("longitude"), func.ST_Y(point).label("latitude"),
    ).where(c.municipality == asker.scope.municipality, c.property_id.in_(list(property_ids)))  # fmt: skip
    rows = {row.property_id: _found(row) for row in asker.connection.execute(query)}
    return tuple(rows[one] for one in dict.fromkeys(property_ids) if one in rows)


def _found(row: Any) -> FoundProperty:
    position = None if row.longitude is None else (row.longitude, row.latitude)
    return FoundProperty(row.property_id, row.register, row.key, row.address_text, row.state, row.closed_on, position)
