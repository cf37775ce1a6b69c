"""Which figures are published, for which areas, and which of them have to be held back.

Figures come from the register, for fixed kinds of areas only: areas that could be chosen freely would disclose by their
differences. No figure about persons is published.

How the attacker's table (`suppression`) is made: the objects of the city fall into *parts*, by the published areas in
which they lie (Mitte and Wehringhausen; Mitte alone; none). Every published count is the sum of its parts. The parts
themselves, and the rests of "n of m", are hidden cells. Parts without any object are left out, so the attacker is
thought to know that they are empty. An earlier publication stands in the same table, and its parts equal today's where
the count has not changed: whoever has both must not be able to tell more than from one. Only the latest one stands
there: what three or more tell together, where most counts stay as they were, is not looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from geodata import fairness
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.figure import Figure, Period, Value
from geodata.figures import REGISTER, figure, read_figures
from geodata.filters import PropertyFilter
from geodata.properties import property_sources
from geodata.publishing.suppression import Cell, Equation, SuppressionError, Table, audit, is_small, protect

AREA_KINDS: Final = ("stadtbezirk", "quartier")
CITY: Final = ("city", "")
Place = tuple[str, str]  # (kind, key of the area); CITY = the whole municipality
Part = frozenset[Place]  # the published areas in which a part of the city lies


@dataclass(frozen=True)
class Published:
    """One figure that is published. `whole`: the figure of which it is a part, also where the register names none.

    `guards` are counts of objects behind a figure that counts something else (pairs, visits): where one of them is
    small, the figure is held back as well.
    """

    key: str
    by_area: bool = True
    whole: str | None = None
    guards: tuple[str, ...] = ()


PUBLISHED: Final = (
    Published("objects_open"),
    Published("objects_overdue", whole="objects_open"),
    Published("objects_inspected"),
    Published("controls_monitored", by_area=False, guards=("objects_open",)),
    Published(
        "controls_on_time", by_area=False, whole="controls_monitored", guards=("objects_open", "objects_overdue")
    ),
    Published("inspections_done", by_area=False, guards=("objects_inspected",)),
    Published("rounds_held", by_area=False),
    Published("projects"),
    Published("projects_demolished"),
    Published("projects_ended"),
    Published("projects_late"),
    Published("demolition_progress"),
)
KEYS: Final = tuple(one.key for one in PUBLISHED)
fairness.require(fairness.problems_of_publication(KEYS, REGISTER.values()))
AREA_KEYS: Final = tuple(one.key for one in PUBLISHED if one.by_area)
_BY_KEY: Final = {one.key: one for one in PUBLISHED}

PlacedFigure = tuple[Place, str]
Values = Mapping[Place, Mapping[str, Value]]
Parts = Mapping[Part, Mapping[str, int]]


@dataclass(frozen=True)
class Counted:
    """All published figures of an as-of date by place, and the counts about condition by the parts of the city."""

    values: Values
    parts: Parts


@dataclass(frozen=True)
class Shown:
    """An earlier publication as far as it tells about condition: None = held back."""

    as_of: date
    values: Mapping[PlacedFigure, int | None]


@dataclass(frozen=True)
class HeldBack:
    """Which figures are not shown: for their own value, and so that those cannot be worked out."""

    primary: frozenset[PlacedFigure]
    secondary: frozenset[PlacedFigure]

    @property
    def all(self) -> frozenset[PlacedFigure]:
        """Both."""
        return self.primary | self.secondary


def is_condition(one: Figure) -> bool:
    """Whether small counts of the figure are held back; a figure about persons is never published."""
    if one.klass == "persons":
        raise SuppressionError(f"{one.key} counts persons, and no count of persons is published.")
    return one.klass == "condition"


CONDITION_KEYS: Final = tuple(key for key in KEYS if is_condition(figure(key)))
_PARTED_KEYS: Final = tuple(key for key in CONDITION_KEYS if _BY_KEY[key].by_area)


def part_of(key: str) -> str | None:
    """The published figure of which this one is a part; None = of none, or of one that is not published."""
    whole = _BY_KEY[key].whole or figure(key).part_of
    return whole if whole in KEYS else None


def is_open_for(key: str, place: Place) -> bool:
    """Whether a figure may be told for a place that the publication has no figure of: a public fact, where it is one.

    What is published for the city alone is told of no part of it, whatever its class.
    """
    declared = _BY_KEY.get(key)
    return not is_condition(figure(key)) and (declared is None or declared.by_area or place == CITY)


def published_areas(asker: Asker, as_of: date) -> tuple[Area, ...]:
    """The areas of the fixed kinds that are valid on the date, by kind and name: nothing published ranks them."""
    found = (area for area in read_areas(asker, as_of) if area.kind in AREA_KINDS)
    return tuple(sorted(found, key=lambda one: fairness.order_of_area(one.kind, one.name, one.key)))


def count(asker: Asker, areas: Sequence[Area], as_of: date, period: Period) -> Counted:
    """Read all published figures; SuppressionError where a figure is not a sum over the objects it counts."""
    city = _read(asker, (), as_of, period, KEYS)
    values = {CITY: city} | {
        (area.kind, area.key): _read(asker, (area.id,), as_of, period, AREA_KEYS) for area in areas
    }
    parts = count_parts(asker, areas, as_of, period, city=city)
    for place, found in values.items():
        inside = [counts for part, counts in parts.items() if place == CITY or place in part]
        wrong = [key for key in _PARTED_KEYS if sum(counts[key] for counts in inside) != found[key]]
        if wrong:
            raise SuppressionError(f"The parts of {place[1] or 'the city'} do not add up to {', '.join(wrong)}.")
    return Counted(values, parts)


def count_parts(
    asker: Asker, areas: Sequence[Area], as_of: date, period: Period, *, city: Mapping[str, Value] | None = None
) -> Parts:
    """Counts about condition for each part of the city that has an object.

    The register answers for areas that are joined ("or"), so a part is what the city has more than all areas outside of
    it, without the smaller parts that this holds too.
    """
    by_id = {area.id: (area.kind, area.key) for area in areas}
    found: dict[Part, Mapping[str, int]] = {}
    whole = city or _read(asker, (), as_of, period, _PARTED_KEYS)
    for part in sorted(_parts(asker, by_id, as_of), key=lambda one: (len(one), sorted(one))):
        outside = tuple(area_id for area_id, place in by_id.items() if place not in part)
        joined = _read(asker, outside, as_of, period, _PARTED_KEYS) if outside else dict.fromkeys(_PARTED_KEYS, 0)
        smaller = [counts for other, counts in found.items() if other < part]
        found[part] = {
            key: _whole(whole[key]) - _whole(joined[key]) - sum(counts[key] for counts in smaller)
            for key in _PARTED_KEYS
        }
    return found


def hold_back(now: Counted, k: int, earlier: Shown | None = None, earlier_parts: Parts | None = None) -> HeldBack:
    """What is held back by the rule of `suppression`; SuppressionError where the attacker could tell too much still."""
    table = attackers_table(now, k, earlier, earlier_parts)
    pattern = protect(table, k)
    if told := audit(table, pattern.held_back, k):
        raise SuppressionError(f"{len(told)} small numbers could be worked out, so nothing is released.")
    return HeldBack(_placed(pattern.primary), _placed(pattern.secondary))


def attackers_table(now: Counted, k: int, earlier: Shown | None = None, earlier_parts: Parts | None = None) -> Table:
    """All cells and equations that the audit looks at; cells are ("now" | "earlier", place or part, key)."""
    cells = list(_cells_of_places(now, k))
    known: list[Cell] = []
    if earlier is not None and earlier_parts is not None:
        known = list(_cells_of_earlier(earlier, earlier_parts))
    equations: list[Equation] = []
    rests: dict[object, Cell] = {}
    for when, parts, own in (("now", now.parts, cells), ("earlier", earlier_parts or {}, known)):
        own.extend(Cell((when, part, key), counts[key], "hidden") for part, counts in parts.items() for key in counts)
        equations.extend(_sums(own, parts))
        equations.extend(_rests(own, rests))
    if earlier_parts is not None:
        equations.extend(_unchanged(now.parts, earlier_parts))
    return Table((*cells, *known, *rests.values()), tuple(equations))


# --- cells and equations ----------------------------------------------------------------------------------------------


def _cells_of_places(now: Counted, k: int) -> Iterator[Cell]:
    for place, values in now.values.items():
        for key in CONDITION_KEYS:
            if key in values:
                declared = _BY_KEY[key]
                guarded = any(is_small(_whole(values[guard]), k) for guard in declared.guards)
                yield Cell(("now", place, key), _whole(values[key]), "open", _weight(place, declared), guarded)


def _weight(place: Place, declared: Published) -> int:
    """Quarters go before districts, these before the city, and a part before its whole."""
    importance = len(AREA_KINDS) - (AREA_KINDS.index(place[0]) if place != CITY else -1)
    return 2 * importance + (declared.whole is None)


def _cells_of_earlier(earlier: Shown, parts: Parts) -> Iterator[Cell]:
    """Numbers of an earlier publication as far as today's knowledge still gives them; a corrected one tells nothing."""
    for (place, key), value in earlier.values.items():
        if key not in _PARTED_KEYS:
            continue
        true = sum(counts[key] for part, counts in parts.items() if place == CITY or place in part)
        if value is None and true > 0:
            yield Cell(("earlier", place, key), true, "held")
        elif value == true:
            yield Cell(("earlier", place, key), true, "public")


def _sums(cells: Sequence[Cell], parts: Parts) -> Iterator[Equation]:
    """A place is the sum of the parts that lie in it."""
    for cell in cells:
        when, place, key = _named(cell)
        if isinstance(place, tuple) and key in _PARTED_KEYS:
            inside = [part for part in parts if place == CITY or place in part]
            yield {cell.key: 1, **{(when, part, key): -1 for part in inside}}


def _rests(cells: Sequence[Cell], rests: dict[object, Cell]) -> Iterator[Equation]:
    """What is left of a whole without its part, for each place and each part of the city; fills `rests`."""
    by_key = {cell.key: cell for cell in cells}
    for cell in cells:
        when, place, key = _named(cell)
        whole = by_key.get((when, place, _BY_KEY[key].whole))
        if whole is not None:
            rest = ("rest", *_named(cell))
            rests[rest] = Cell(rest, whole.value - cell.value, "hidden")
            yield {whole.key: 1, cell.key: -1, rest: -1}


def _unchanged(now: Parts, earlier: Parts) -> Iterator[Equation]:
    """The attacker is thought to know which counts have not changed since."""
    for part in now.keys() & earlier.keys():
        for key, value in now[part].items():
            if earlier[part][key] == value:
                yield {("now", part, key): 1, ("earlier", part, key): -1}


def _placed(keys: Iterable[object]) -> frozenset[PlacedFigure]:
    """Cells of now by place and figure."""
    return frozenset((key[1], key[2]) for key in keys if isinstance(key, tuple))


def _named(cell: Cell) -> tuple[str, Place | Part, str]:
    if not isinstance(cell.key, tuple) or len(cell.key) != 3:
        raise SuppressionError(f"{cell.key} is no cell of a publication.")
    return cell.key


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(
    asker: Asker, area_ids: tuple[int, ...], as_of: date, period: Period, keys: Iterable[str]
) -> Mapping[str, Value]:
    found = read_figures(asker, PropertyFilter(area_ids=area_ids, as_of=as_of), period, keys=keys)
    return {key: one.value for key, one in found.items()}


def _parts(asker: Asker, by_id: Mapping[int, Place], as_of: date) -> set[Part]:
    """The parts of the city in which at least one object lies."""
    properties = property_sources(asker, PropertyFilter(as_of=as_of)).properties
    area_ids = properties.c.area_ids
    rows = asker.connection.execute(select(area_ids, func.count()).group_by(area_ids))
    return {frozenset(by_id[area_id] for area_id in found if area_id in by_id) for found, _objects in rows}


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise SuppressionError(f"A count about condition must be a whole number, found {value!r}.")
    return value
