"""Closed houses with what became of their households, dwellings lost and won, and the pool of replacement dwellings.

All of it follows the lives and projects of the properties: a house that was closed and renovated was in a regulatory
proceeding before, one that was pulled down was vacated by its project, one that is still closed is empty in the
register. The end of a demolition is told by the project alone, so that there is one date of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from etl.demo import files, german_columns, words
from etl.demo.casebook import Casebook
from etl.demo.dates import AS_OF
from etl.demo.life import Event
from etl.demo.projects import DemoProject
from etl.demo.properties import Facts
from etl.demo.stories import STORIES

_PROGRAMME: Final = "Modernisierungsprogramm der Stadt (Beispiel)"
_LEAST_DWELLINGS: Final = 5
_LARGE_SHARE: Final = 6
_DAY: Final = timedelta(days=1)
Row = tuple[object, ...]


@dataclass(frozen=True)
class Moved:
    """Households of a closed house: what became of how many, and where they were before (empty = not known)."""

    kind: str
    on: date
    households: int | None = None
    came_from: str = ""


@dataclass(frozen=True)
class ClosedHouse:
    """A closed house; `affected` None = nobody wrote down how many households lived there."""

    property_key: str
    closed_on: date
    cause: str
    affected: int | None
    large: int | None
    events: tuple[Moved, ...]

    @property
    def key(self) -> str:
        return f"GH-{self.closed_on.year}-{self.property_key[-4:]}"


@dataclass(frozen=True)
class _Known:
    """A property with its life as days by state, and its project."""

    facts: Facts
    days: dict[str, date]
    last: str
    project: DemoProject | None


def closed_houses(book: Casebook) -> list[ClosedHouse]:
    """The closed houses in the order of their closing; a small city has fewer of them."""
    homes = [one for one in _homes(book) if one.facts.dwellings >= _LEAST_DWELLINGS]
    found = [*_reopened(homes), *_renovating(homes), *_vacated(homes), *_secured(homes)]
    return sorted(found, key=lambda one: (one.closed_on, one.property_key))


def _homes(book: Casebook) -> Iterator[_Known]:
    told = {story.key for story in STORIES}
    projects = {project.property_key: project for project in book.projects}
    for facts, life in zip(book.facts, book.events, strict=True):
        if facts.use_type in ("residential", "mixed_use") and facts.key not in told:
            yield _Known(facts, {event.state: event.on for event in life}, _last(life), projects.get(facts.key))


def _last(life: list[Event]) -> str:
    return life[-1].state


def _reopened(homes: list[_Known]) -> Iterator[ClosedHouse]:
    """Two houses that people live in again: one declared uninhabitable, one burnt, of which no count was kept."""
    fits = [
        one
        for one in homes
        if one.last == "closed" and {"procedure_regulatory", "renovation"} <= set(one.days) and one.facts.is_inhabited
    ]
    fits.sort(key=lambda one: (one.days["renovation"], one.facts.key))
    for one, cause in zip(fits, ("uninhabitable", "fire"), strict=False):
        began_on, open_on = one.days["renovation"], one.days["closed"]
        closed_on = _between(one.days["procedure_regulatory"], began_on, 0.5)
        affected = one.facts.dwellings
        events = [Moved("renovation_began", began_on), Moved("reopened", open_on)]
        if cause == "uninhabitable":
            rehoused = affected - 3
            events += [
                Moved("households_rehoused", closed_on, rehoused),
                Moved("households_moved_elsewhere", closed_on + 9 * _DAY, 2),
                Moved("households_returned", open_on + 14 * _DAY, rehoused - 2, "rehoused"),
            ]
        is_counted = cause == "uninhabitable"
        known, large = (affected, _large(affected)) if is_counted else (None, None)
        yield ClosedHouse(one.facts.key, closed_on, cause, known, large, tuple(events))


def _renovating(homes: list[_Known]) -> Iterator[ClosedHouse]:
    fits = [one for one in homes if one.last == "renovation" and one.facts.is_inhabited is False and not one.project]
    fits.sort(key=lambda one: (one.days["renovation"], one.facts.key))
    for one in fits[-1:]:
        began_on, affected = one.days["renovation"], one.facts.dwellings
        closed_on = _between(one.days["assessed"], began_on, 0.8)
        events = (
            Moved("households_rehoused", closed_on - 6 * _DAY, affected // 2),
            Moved("households_moved_elsewhere", closed_on, affected - affected // 2 - 2),
            Moved("renovation_began", began_on),
        )
        yield ClosedHouse(one.facts.key, closed_on, "use_ban", affected, _large(affected), events)


def _vacated(homes: list[_Known]) -> Iterator[ClosedHouse]:
    """Houses that a project vacated: two that are gone, one that is not pulled down yet."""
    dated = [
        (steps["demolition"].real[1], one, steps["vacating"].real)
        for one in homes
        if one.project is not None and not one.project.outcome and not one.facts.is_inhabited
        for steps in ({step.stage: step for step in one.project.steps},)
        if steps["vacating"].is_required and steps["vacating"].real[1] <= AS_OF
    ]
    dated.sort(key=lambda case: (case[0], case[1].facts.key))
    gone = [case for case in dated if case[0] <= AS_OF][:2]
    standing = [case for case in dated if case[0] > AS_OF][:1]
    causes = ("clearance", "fall_hazard", "clearance")
    for (_, one, (begun_on, closed_on)), cause in zip([*gone, *standing], causes, strict=False):
        affected = one.facts.dwellings - 1
        rehoused = affected * 2 // 3
        moved = (
            Moved("households_rehoused", _between(begun_on, closed_on, 0.5), rehoused),
            Moved("households_moved_elsewhere", closed_on, affected - rehoused - (cause == "fall_hazard")),
        )
        yield ClosedHouse(one.facts.key, closed_on, cause, affected, _large(affected), moved)


def _secured(homes: list[_Known]) -> Iterator[ClosedHouse]:
    fits = [one for one in homes if one.last == "securing" and one.facts.is_inhabited is False and not one.project]
    fits.sort(key=lambda one: (one.days["securing"], one.facts.key))
    for one in fits[-1:]:
        closed_on, affected = one.days["securing"], one.facts.dwellings
        events = (
            Moved("households_rehoused", closed_on, affected // 2),
            Moved("households_moved_elsewhere", closed_on + 4 * _DAY, 1),
        )
        yield ClosedHouse(one.facts.key, closed_on, "uninhabitable", affected, _large(affected), events)


def _between(first_on: date, last_on: date, share: float) -> date:
    return first_on + timedelta(days=int((last_on - first_on).days * share))


def _large(households: int) -> int:
    return max(1, households // _LARGE_SHARE)


# --- dwellings lost and won -------------------------------------------------------------------------------------------


def dwelling_changes(book: Casebook) -> Iterator[Row]:
    """What demolitions took, and what new buildings and renovations brought: rows of the file, by property."""
    for one in _homes(book):
        dwellings = one.facts.dwellings
        if one.project is not None and dwellings:
            yield from _of_project(one.facts, one.project)
        elif one.last == "closed" and "renovation" in one.days and dwellings >= _LEAST_DWELLINGS:
            yield from _of_renovation(one.facts, one.days["closed"])


def _of_project(facts: Facts, project: DemoProject) -> Iterator[Row]:
    real = {step.stage: step.real[1] for step in project.steps if step.is_required}
    if project.outcome or real["demolition"] > AS_OF:
        return
    lost = (facts.dwellings, 0, facts.dwellings // _LARGE_SHARE, 0)
    yield (facts.key, real["demolition"], words.DWELLING_CHANGES["demolition"], *lost, project.programme)
    # On every second plot where something new stands, it is a house: fewer dwellings, and more of them large.
    is_built = "reuse" in real and real["reuse"] <= AS_OF and int(facts.key[-1]) % 2 == 1
    if is_built and facts.dwellings >= _LEAST_DWELLINGS:
        won = (0, facts.dwellings - 2, 0, 2)
        yield (facts.key, real["reuse"], words.DWELLING_CHANGES["new_building"], *won, project.programme)


def _of_renovation(facts: Facts, done_on: date) -> Iterator[Row]:
    """Every third renovation changed the number of dwellings: small ones became a large one, or an attic a new one."""
    number = int(facts.key[-4:])
    if number % 3 == 0:
        yield (facts.key, done_on, words.DWELLING_CHANGES["merging"], 2, 1, 0, 1, _PROGRAMME if number % 2 else "")
    elif number % 7 == 1:
        yield (facts.key, done_on, words.DWELLING_CHANGES["conversion"], 0, 2, 0, 0, "")


# --- the pool ---------------------------------------------------------------------------------------------------------

_BY_NUMBER: Final = ("housing_company", "cooperative", "city", "housing_company", "private")
# (Stadtbezirk, rooms, square metres, persons, without steps, free from, taken on, released on): few are large, and of
# those only one is free. The free ones are fewer than the dwellings of the house without replacement housing (stories).
_POOL: Final = (
    ("1", 1, 34.0, 1, True, date(2025, 2, 1), None, None),
    ("1", 2, 51.5, 2, False, date(2025, 4, 1), date(2026, 5, 8), None),
    ("1", 3, 68.0, 4, False, date(2025, 6, 15), date(2026, 5, 8), None),
    ("2", 2, 48.0, 2, None, date(2025, 9, 1), date(2025, 10, 6), date(2026, 8, 1)),
    ("2", 3, 72.5, 4, True, date(2025, 9, 1), date(2026, 1, 12), None),
    ("2", 4, 88.0, 5, False, date(2025, 11, 1), date(2026, 5, 8), None),
    ("3", 2, 55.0, 2, False, date(2025, 12, 1), None, None),
    ("3", 3, 70.0, 4, False, date(2026, 1, 1), date(2026, 5, 9), None),
    ("3", 5, 112.0, 7, False, date(2026, 1, 15), date(2026, 2, 12), None),
    ("4", 1, 31.0, 1, True, date(2026, 2, 1), date(2026, 3, 9), None),
    ("4", 2, 57.0, 3, True, date(2026, 2, 1), date(2026, 3, 2), None),
    ("4", 3, 74.0, 4, None, date(2026, 3, 1), date(2026, 3, 20), date(2026, 10, 1)),
    ("5", 2, 46.5, 2, False, date(2026, 3, 15), date(2026, 4, 13), None),
    ("5", 4, 92.0, 5, True, date(2026, 4, 1), date(2026, 5, 11), None),
    ("5", 5, 104.0, 6, True, date(2026, 4, 1), None, None),
    ("5", 3, 66.0, 3, False, date(2026, 5, 1), date(2026, 7, 6), None),
    ("1", 6, 128.0, 8, False, date(2026, 6, 1), date(2026, 6, 22), None),
    ("1", 2, 53.0, 2, None, date(2026, 7, 1), date(2026, 8, 17), None),
    ("2", 1, 29.5, 1, False, date(2026, 9, 1), date(2026, 9, 14), None),
    ("4", 3, 71.0, 4, True, date(2027, 1, 1), None, None),
)


def write_closures(folder: Path, houses: list[ClosedHouse], on: date) -> Path:
    """The list of closed houses as CSV."""
    path = folder / f"geschlossene_haeuser_{on}.csv"
    rows = [
        (one.key, one.property_key, one.closed_on, words.CLOSURE_CAUSES[one.cause], one.affected, one.large)
        for one in houses
    ]
    files.write_csv(path, german_columns.CLOSURES, rows)
    return path


def write_closure_events(folder: Path, houses: list[ClosedHouse], on: date) -> Path:
    """What became of them as CSV; one row has more households than lived there."""
    path = folder / f"verbleib_{on}.csv"
    rows: list[Row] = [
        (
            house.key, house.property_key, words.CLOSURE_EVENTS[one.kind], one.on, one.households,
            words.HOUSEHOLD_PLACES.get(one.came_from, ""),
        )
        for house in houses
        for one in house.events
        if one.on <= on
    ]  # fmt: skip
    counted = [one for one in houses if one.affected is not None]
    rows += [
        (
            house.key, house.property_key, words.CLOSURE_EVENTS["households_moved_elsewhere"],
            house.closed_on + 30 * _DAY, (house.affected or 0) * 10, "",
        )
        for house in counted[:1]
    ]  # fmt: skip
    files.write_csv(path, german_columns.CLOSURE_EVENTS, rows)
    return path


def write_dwelling_changes(folder: Path, book: Casebook, on: date) -> Path:
    """Dwellings lost and won as CSV."""
    path = folder / f"wohnungsbilanz_{on}.csv"
    files.write_csv(path, german_columns.DWELLING_CHANGES, dwelling_changes(book))
    return path


def write_pool(folder: Path, on: date) -> Path:
    """The list of replacement dwellings as CSV, without address."""
    path = folder / f"ersatzwohnraum_{on}.csv"
    rows = [
        (
            f"EW-{number:02d}", "stadtbezirk", district, rooms, area_m2, places, words.YES_NO[is_barrier_free],
            words.DWELLING_PROVIDERS[_BY_NUMBER[number % len(_BY_NUMBER)]], from_on, taken_on, released_on,
        )
        for number, (district, rooms, area_m2, places, is_barrier_free, from_on, taken_on, released_on) in enumerate(
            _POOL, start=1
        )
    ]  # fmt: skip
    files.write_csv(path, german_columns.REPLACEMENT_DWELLINGS, rows)
    return path
