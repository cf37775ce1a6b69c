"""Replacement dwellings that a city can offer, and whether they are enough for the households of a house. Pure.

- A dwelling is free on a date when it can be had then and nobody lives in it.
- Large households need a large dwelling; others can live in any. What is large is data (`Bounds`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Bounds:
    """From how many rooms or how much area a dwelling is large, from how many persons a household; None = not asked.

    `is_confirmed` False: no office has confirmed the bounds yet, and they are shown as a proposal.
    """

    rooms_from: int | None = None
    area_m2_from: float | None = None
    persons_from: int | None = None
    is_confirmed: bool = False

    def is_large(self, rooms: int | None, area_m2: float | None) -> bool:
        """Whether a dwelling of that size is large."""
        by_rooms = self.rooms_from is not None and rooms is not None and rooms >= self.rooms_from
        by_area = self.area_m2_from is not None and area_m2 is not None and area_m2 >= self.area_m2_from
        return by_rooms or by_area


@dataclass(frozen=True)
class PoolDwelling:
    """A replacement dwelling without address and person: size, kind of provider, and from when until when it was what.

    Area in square metres; `places` = persons that it is meant for; `area_name` None = the area is not stated.
    """

    id: int
    key: str
    area_id: int | None
    area_name: str | None
    rooms: int
    area_m2: float | None
    places: int | None
    is_barrier_free: bool | None
    provider: str
    available_from_on: date
    available_until_on: date | None
    taken_on: date | None
    released_on: date | None
    is_large: bool

    def is_there(self, day: date) -> bool:
        """Whether it can be had on that day at all, free or taken."""
        return self.available_from_on <= day and (self.available_until_on is None or day <= self.available_until_on)

    def is_taken(self, day: date) -> bool:
        """Whether a household lives in it on that day."""
        return self.taken_on is not None and self.taken_on <= day and (
            self.released_on is None or day < self.released_on
        )  # fmt: skip

    def is_free(self, day: date) -> bool:
        """Whether it can be offered on that day."""
        return self.is_there(day) and not self.is_taken(day)


@dataclass(frozen=True)
class Pool:
    """The replacement dwellings of a city on a date; `by_size` = (rooms, free ones), `places_free` = persons."""

    as_of: date
    dwellings_free: int
    dwellings_free_large: int
    dwellings_taken: int
    places_free: int
    by_size: tuple[tuple[int, int], ...]
    dwellings_free_barrier_free: int = 0
    is_confirmed: bool = False


@dataclass(frozen=True)
class PoolCheck:
    """Whether the free dwellings are enough; `missing` = households without one, `missing_large` of them large."""

    is_enough: bool
    missing: int
    missing_large: int


def pool_of(dwellings: Iterable[PoolDwelling], as_of: date, *, is_confirmed: bool = False) -> Pool:
    """What is free and what is taken on a date."""
    listed = list(dwellings)
    free = [one for one in listed if one.is_free(as_of)]
    return Pool(
        as_of=as_of,
        dwellings_free=len(free),
        dwellings_free_large=sum(one.is_large for one in free),
        dwellings_taken=sum(one.is_taken(as_of) for one in listed),
        places_free=sum(one.places or 0 for one in free),
        by_size=tuple(sorted(Counter(one.rooms for one in free).items())),
        dwellings_free_barrier_free=sum(one.is_barrier_free is True for one in free),
        is_confirmed=is_confirmed,
    )


def is_enough(pool: Pool, households: int, large_households: int) -> PoolCheck:
    """Whether every household finds a dwelling; `households` includes the large ones, one number says at least that."""
    large = max(0, large_households)
    others = max(0, households - large)
    housed_large = min(large, pool.dwellings_free_large)
    housed_others = min(others, pool.dwellings_free - housed_large)
    missing_large = large - housed_large
    missing = missing_large + others - housed_others
    return PoolCheck(missing == 0, missing, missing_large)
