"""Figures about housing: closed houses, what became of them, dwellings lost and won. Households are never a figure.

They count what the page of the housing balance lists; what they tell of houses is their condition, so small numbers are
held back where they are published.
"""

from collections.abc import Mapping
from typing import Final

from geodata.access import Asker
from geodata.figure import N_, Figure, Group, Period, Unit, Value
from geodata.filters import PropertyFilter
from geodata.housing.balance import total
from geodata.housing.reads import PERMISSION, read_changes, read_whereabouts

_CLOSED: Final = N_("houses closed by the as-of date, each as often as it was closed")
_CHANGED: Final = N_("changes of the number of dwellings recorded for the days of the period")


def _figure(
    key: str, title: str, definition: str, basis: str, *, unit: Unit = "objects", part_of: str | None = None
) -> Figure:
    return Figure(key, title, unit, "condition", definition, basis, part_of=part_of)


FIGURES: Final = (
    _figure("houses_closed", N_("Closed houses"), N_("Houses that had to be left, for whatever reason."), _CLOSED),
    _figure(
        "houses_reopened",
        N_("Reopened houses"),
        N_("Closed houses in which people live again or may do so."),
        _CLOSED,
        part_of="houses_closed",
    ),
    _figure(
        "dwellings_lost",
        N_("Dwellings lost"),
        N_("Dwellings that are gone: demolished, merged or put to another use."),
        _CHANGED,
        unit="dwellings",
    ),
    _figure(
        "dwellings_won",
        N_("Dwellings won"),
        N_("Dwellings that are new or can be lived in again."),
        _CHANGED,
        unit="dwellings",
    ),
)


def read(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """All figures of this group for one filter and period."""
    houses = read_whereabouts(asker, chosen)
    changed = total(read_changes(asker, chosen, period))
    return {
        "houses_closed": houses.closed_houses,
        "houses_reopened": houses.reopened,
        "dwellings_lost": changed.dwellings_lost,
        "dwellings_won": changed.dwellings_won,
    }


GROUP: Final = Group(PERMISSION, FIGURES, read)
