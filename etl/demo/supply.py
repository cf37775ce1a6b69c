"""Cuts of supply of the invented city: announced, averted, done and restored; one lasts, one is a few days away."""

from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from etl.demo import measure_stories
from etl.demo.casebook import Casebook
from etl.demo.dates import AS_OF
from etl.demo.life import is_monitored
from etl.demo.proceeding import Cut, days
from etl.demo.properties import Facts
from etl.demo.stories import STORIES


class _Told(NamedTuple):
    """A cut, counted in days from its announcement; None = that did not happen."""

    announced_on: date
    utility: str
    reason: str
    planned: int | None
    cut: int | None
    restored: int | None


_CUTS: Final = (
    _Told(date(2018, 10, 9), "gas", "debts_of_landlord", 21, 22, 30),
    _Told(date(2020, 1, 14), "electricity", "unsafe", 7, 7, 61),
    _Told(date(2021, 9, 7), "water", "debts_of_landlord", 28, None, 19),
    _Told(date(2022, 11, 15), "district_heating", "debts_of_landlord", 28, 29, 36),
    _Told(date(2023, 10, 24), "gas", "debts_of_landlord", 28, None, 25),
    _Told(date(2024, 2, 6), "gas", "unsafe", None, 0, 118),
    _Told(date(2025, 6, 17), "electricity", "debts_of_landlord", 28, 30, 34),
    _Told(date(2026, 3, 10), "water", "other", 14, None, 12),
    _Told(date(2026, 9, 22), "gas", "debts_of_landlord", 28, 30, None),
    _Told(date(2026, 10, 20), "electricity", "debts_of_landlord", 30, None, None),
)  # fmt: skip


def cuts(book: Casebook) -> list[Cut]:
    """All cuts in the order of their announcement; a small city has fewer houses that they can concern."""
    told = {story.key for story in STORIES}
    free = [
        (facts, life)
        for facts, life in zip(book.facts, book.events, strict=True)
        if facts.is_inhabited and facts.dwellings >= 4 and facts.ownership_form == "company" and facts.key not in told
    ]
    found = measure_stories.tell_cuts()
    for one in _CUTS:
        at = next((at for at, (_, life) in enumerate(free) if is_monitored(life, one.announced_on)), None)
        if at is not None:
            facts, _ = free.pop(at)
            found.append(_concerning(facts, one))
    found.sort(key=lambda cut: (cut.announced_on or AS_OF, cut.property_key, cut.utility))
    return [_with_key(cut, number) for number, cut in enumerate(found, start=1)]


def _concerning(facts: Facts, one: _Told) -> Cut:
    planned, cut, restored = (_later(one.announced_on, count) for count in (one.planned, one.cut, one.restored))
    return Cut(facts.key, one.utility, one.reason, facts.dwellings, one.announced_on, planned, cut, restored)


def _later(on: date, count: int | None) -> date | None:
    return None if count is None else on + days(count)


def _with_key(cut: Cut, number: int) -> Cut:
    return replace(cut, key=f"VS-{(cut.announced_on or AS_OF).year}-{number:02d}")
