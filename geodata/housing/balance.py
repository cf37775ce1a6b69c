"""Dwellings lost and won, by programme and by year. Pure; each counts on the day from which it is gone or there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

Label = TypeVar("Label", str | None, int)


@dataclass(frozen=True)
class DwellingChange:
    """A change of the number of dwellings of one property; large ones are among the others."""

    id: int
    key: str
    property_id: int
    property_key: str
    address: str
    happened_on: date
    kind: str
    dwellings_lost: int
    dwellings_won: int
    large_flats_lost: int
    large_flats_won: int
    programme: str | None


@dataclass(frozen=True)
class Balance:
    """Dwellings lost and won in a programme (None = without one) or, where `year` is given, in a year."""

    programme: str | None
    dwellings_lost: int
    dwellings_won: int
    large_flats_lost: int
    large_flats_won: int
    year: int | None = None
    changes: int = 0

    @property
    def dwellings_net(self) -> int:
        """Won minus lost."""
        return self.dwellings_won - self.dwellings_lost

    @property
    def large_flats_net(self) -> int:
        """Large ones won minus lost."""
        return self.large_flats_won - self.large_flats_lost


def total(changes: Iterable[DwellingChange]) -> Balance:
    """All changes together."""
    return _sum(None, None, list(changes))


def by_programme(changes: Iterable[DwellingChange]) -> tuple[Balance, ...]:
    """One row for each programme by name, changes without a programme last."""
    grouped = _grouped(changes, lambda one: one.programme)
    return tuple(
        _sum(name, None, grouped[name]) for name in sorted(grouped, key=lambda name: (name is None, name or ""))
    )


def by_year(changes: Iterable[DwellingChange]) -> tuple[Balance, ...]:
    """One row for each year from the first change to the last, years without a change among them."""
    grouped = _grouped(changes, lambda one: one.happened_on.year)
    if not grouped:
        return ()
    return tuple(_sum(None, year, grouped.get(year, [])) for year in range(min(grouped), max(grouped) + 1))


def _grouped(
    changes: Iterable[DwellingChange], label: Callable[[DwellingChange], Label]
) -> dict[Label, list[DwellingChange]]:
    found: dict[Label, list[DwellingChange]] = {}
    for one in changes:
        found.setdefault(label(one), []).append(one)
    return found


def _sum(programme: str | None, year: int | None, changes: list[DwellingChange]) -> Balance:
    return Balance(
        programme=programme,
        dwellings_lost=sum(one.dwellings_lost for one in changes),
        dwellings_won=sum(one.dwellings_won for one in changes),
        large_flats_lost=sum(one.large_flats_lost for one in changes),
        large_flats_won=sum(one.large_flats_won for one in changes),
        year=year,
        changes=len(changes),
    )
