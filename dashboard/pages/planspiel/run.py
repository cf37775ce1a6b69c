"""What a scenario is computed from, and the computing itself: reads in a transaction, the simulation outside of one.

Both are remembered for a while. The key of what is remembered carries who may see it (municipality, role, areas) and
the version of the data, so that nobody is shown another one's answer, or one from before a change.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final, Generic, TypeVar

from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.codes import AREA_KINDS
from geodata.errors import InvalidFilter
from geodata.filters import read_day
from geodata.municipalities import data_state
from geodata.scenario.answer import Answer, answer
from geodata.scenario.defaults import Defaults, read_defaults
from geodata.scenario.question import Scenario, from_query
from geodata.scenario.start import read_start
from geodata.scenario.stock import Start

MONTHS: Final = 24
# The kinds that show the city best in a table, where a link names none and wishes for no area.
_KINDS: Final = ("quartier", "wohnbezirk", "stadtteil", "stadtbezirk")
Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Stock:
    """What the answers of one moment rest on; `key` tells moments and readers apart."""

    key: Hashable
    start: Start
    areas: tuple[Area, ...]
    defaults: Scenario
    measured: Defaults


class Recent(Generic[Value]):
    """The last few values by key; many threads may ask."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of the key, made where it is not there; two who ask at once may both make it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


_STOCKS: Final[Recent[Stock]] = Recent(8)
_ANSWERS: Final[Recent[Answer]] = Recent(32)


def read_stock(asker: Asker, query: Mapping[str, str], as_of: date) -> Stock:
    """What the link's date and kind of areas ask for; a date in the link goes before `as_of`.

    Raises InvalidFilter for a date or a kind that cannot be read, NotAllowed without `scenario:read`.
    """
    asker.require("scenario:read")
    day = read_day("as_of", query) or as_of
    areas = read_areas(asker, day)
    kind = shown_kind(query, areas)
    scope = asker.scope
    key = (scope.municipality, scope.role, scope.area_ids, data_state(asker).data_version, day, kind)
    return _STOCKS.get(key, lambda: _read(asker, key, day, kind, areas))


def _read(asker: Asker, key: Hashable, day: date, kind: str, areas: tuple[Area, ...]) -> Stock:
    measured = read_defaults(asker, day)
    defaults = Scenario(day, MONTHS, measured.teams, (), "due", kind)
    return Stock(key, read_start(asker, day, kind), areas, defaults, measured)


def shown_kind(query: Mapping[str, str], areas: tuple[Area, ...]) -> str:
    """The kind of areas of the tables: the one of the link, else that of the first wish, else one that the city has."""
    given = query.get("kind", "")
    if given and given not in AREA_KINDS:
        raise InvalidFilter("kind", f"kind={given} is not known; possible are {', '.join(AREA_KINDS)}.")
    wished = query.get("wish", "").partition(":")[0]
    of_wish = next((area.kind for area in areas if str(area.id) == wished), "")
    there = {area.kind for area in areas}
    usual = next((kind for kind in (*_KINDS, *AREA_KINDS) if kind in there), AREA_KINDS[0])
    return given or of_wish or usual


def asked_of(stock: Stock, query: Mapping[str, str]) -> Scenario:
    """The scenario of a link. Raises InvalidFilter, also for an area that is not there."""
    asked = from_query(query, stock.defaults)
    known = {area.id for area in stock.areas}
    missing = next((wish.area_id for wish in asked.wishes if wish.area_id not in {None, *known}), None)
    if missing is not None:
        raise InvalidFilter("wish", f"wish={missing} names no area of this city.")
    return asked


def answered(stock: Stock, asked: Scenario) -> Answer:
    """The answer; without the change = the rules in force with the teams as measured."""
    return _ANSWERS.get((stock.key, asked), lambda: answer(stock.start, asked, stock.defaults.teams))
