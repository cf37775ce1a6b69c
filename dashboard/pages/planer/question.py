"""What the link of the planner says: day, type, area, size, start, and once it was touched the objects in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from dashboard.routes import href
from geodata.codes import CONTROL_TYPES, OFFICES
from geodata.errors import InvalidFilter
from geodata.filters import TEXT_MAX_LENGTH, read_day
from geodata.planning.plans import MOST_STOPS

USUAL_KIND: Final = "joint_control"
# Straight kilometres of the whole way; "" = any.
LENGTHS_KM: Final = ("2", "4", "6", "10")
USUAL_KM: Final = "4"
ANY_LENGTH: Final = "any"
NO_STOPS: Final = "-"
PARAMETERS: Final = (
    "date", "kind", "area", "count", "km", "start", "offices", "stops", "plan", "version", "search", "view", "stop",
)  # fmt: skip
_ID_DIGITS: Final = 18
# Numbers of areas are integers of four bytes.
_AREA_MAX: Final = 2**31 - 1
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Question:
    """One link, read. `stops` None = they are to be proposed; `count` None = as many as usual.

    `plan` and `version` are those of a saved plan that is being changed.
    """

    held_on: date
    kind: str = USUAL_KIND
    area_id: int | None = None
    count: int | None = None
    length_km: str = USUAL_KM
    start: str = ""
    offices: tuple[str, ...] = ()
    stops: tuple[int, ...] | None = None
    plan: int | None = None
    version: int | None = None
    search: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str], today: date) -> "Question":
        """Raises InvalidFilter for a part that cannot be read."""
        stops = query.get("stops", "")
        return cls(
            held_on=read_day("date", query) or next_working_day(today),
            kind=_one("kind", query, CONTROL_TYPES) or USUAL_KIND,
            area_id=_number("area", query, most=_AREA_MAX),
            count=_number("count", query, most=MOST_STOPS),
            length_km=_one("km", query, (*LENGTHS_KM, ANY_LENGTH)) or USUAL_KM,
            start=query.get("start", "").replace("\0", "").strip()[:TEXT_MAX_LENGTH],
            offices=_offices(query.get("offices", "")),
            stops=_ids(stops) if stops else None,
            plan=_number("plan", query),
            version=_number("version", query),
            search=query.get("search", "").replace("\0", "")[:TEXT_MAX_LENGTH],
        )

    @property
    def longest_m(self) -> int | None:
        """The longest way in metres; None = any."""
        return None if self.length_km == ANY_LENGTH else int(self.length_km) * 1_000

    def to_query(self) -> dict[str, str]:
        """The parts of the link, without empty ones."""
        parts: dict[str, Any] = {
            "date": self.held_on.isoformat(),
            "kind": self.kind,
            "area": self.area_id,
            "count": self.count,
            "km": self.length_km,
            "start": self.start,
            "offices": ",".join(self.offices),
            "stops": None if self.stops is None else ",".join(str(one) for one in self.stops) or NO_STOPS,
            "plan": self.plan,
            "version": self.version,
            "search": self.search,
        }
        return {name: str(value) for name, value in parts.items() if value not in (None, "")}

    def link(self, **changes: Any) -> str:
        """The address of the planner with something changed."""
        return href("/planer", replace(self, **changes).to_query())


def next_working_day(day: date) -> date:
    """The first day after this one from Monday to Friday."""
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY:
        following += timedelta(days=1)
    return following


def moved(stops: Sequence[int], at: int, by: int) -> tuple[int, ...]:
    """The objects with one of them moved up (-1) or down (1); at an end nothing happens."""
    if not 0 <= at + by < len(stops):
        return tuple(stops)
    turned = list(stops)
    turned[at], turned[at + by] = turned[at + by], turned[at]
    return tuple(turned)


def _number(name: str, query: Mapping[str, str], *, most: int | None = None) -> int | None:
    given = query.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= _ID_DIGITS) or (
        most and not 1 <= int(given) <= most
    ):
        raise InvalidFilter(name, f"{name}={given[:30]} is no number that fits.")
    return int(given)


def _one(name: str, query: Mapping[str, str], known: Sequence[str]) -> str | None:
    given = query.get(name, "")
    if given and given not in known:
        raise InvalidFilter(name, f"{name}={given[:30]} is not known; possible are {', '.join(known)}.")
    return given or None


def _offices(given: str) -> tuple[str, ...]:
    wanted = {part for part in given.split(",") if part}
    if not wanted <= set(OFFICES):
        raise InvalidFilter("offices", f"offices are some of {', '.join(OFFICES)}.")
    return tuple(code for code in OFFICES if code in wanted)


def _ids(given: str) -> tuple[int, ...]:
    if given == NO_STOPS:
        return ()
    parts = given.split(",")
    if len(parts) > MOST_STOPS or not all(
        part.isascii() and part.isdecimal() and len(part) <= _ID_DIGITS for part in parts
    ):
        raise InvalidFilter("stops", f"stops are at most {MOST_STOPS} numbers of objects.")
    return tuple(dict.fromkeys(int(part) for part in parts))
