"""What the link asks of this page: the filter, the period, the type of control in the charts, the kind of area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from geodata.areas import Area
from geodata.codes import AREA_KINDS, CONTROL_TYPES
from geodata.errors import InvalidFilter
from geodata.figure import Period
from geodata.filters import PropertyFilter

# Parts of the link beside those of the filter: begin of the period, type of control in the charts, kind of the areas.
PARAMETERS: Final = ("from", "type", "kind")


@dataclass(frozen=True)
class Question:
    """One link, read; `control_type` and `kind` are None where the link names none."""

    chosen: PropertyFilter
    period: Period
    control_type: str | None
    kind: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str], as_of: date) -> "Question":
        """Raises InvalidFilter for a part that cannot be read."""
        chosen = replace(PropertyFilter.from_query(query), as_of=as_of)
        period = Period.from_query(query, as_of)
        return cls(chosen, period, _one("type", query, CONTROL_TYPES), _one("kind", query, AREA_KINDS))


def kinds_of(areas: Sequence[Area]) -> tuple[str, ...]:
    """The kinds of area that there are, in the order of the menus."""
    return tuple(kind for kind in AREA_KINDS if any(area.kind == kind for area in areas))


def shown_kind(areas: Sequence[Area], own: frozenset[int], wanted: str | None) -> str | None:
    """The kind of area to show: the one that the link names, else that of the areas assigned, else the first."""
    kinds = kinds_of(areas)
    if wanted in kinds:
        return wanted
    return next((area.kind for area in areas if area.id in own), kinds[0] if kinds else None)


def _one(field: str, query: Mapping[str, str], known: Sequence[str]) -> str | None:
    given = query.get(field, "")
    if given and given not in known:
        raise InvalidFilter(field, f"{field}={given} is not known; possible are {', '.join(known)}.")
    return given or None
