"""What the link asks of the page: which view, for which objects, which span, which year, how many households."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.i18n import N_
from dashboard.pages.wohnraum import ids
from geodata.errors import InvalidFilter
from geodata.figure import Period
from geodata.filters import PropertyFilter

WHEREABOUTS: Final = "verbleib"
BALANCE: Final = "bilanz"
POOL: Final = "ersatzwohnraum"
SURVEY: Final = "erhebung"
VIEWS: Final[Mapping[str, str]] = {
    WHEREABOUTS: N_("Whereabouts"),
    BALANCE: N_("Balance of dwellings"),
    POOL: N_("Replacement housing"),
    SURVEY: N_("Survey"),
}
# The survey goes to the state, and only who takes it out as a file works with it.
SURVEY_PERMISSION: Final = "housing:write"
SPANS: Final = ("5", "10", "all")
_YEARS_OF: Final = {"5": 5, "10": 10}
SURVEY_YEARS: Final = 10
HOUSEHOLDS_MOST: Final = 2_000
_FIRST_DAY: Final = date(1950, 1, 1)


@dataclass(frozen=True)
class Question:
    """The link, read: `need` and `need_large` None = the pool is not asked."""

    view: str
    chosen: PropertyFilter
    as_of: date
    span: str
    year: int
    need: int | None
    need_large: int

    @property
    def period(self) -> Period:
        """The days of the balance: whole calendar years up to the as-of date."""
        years = _YEARS_OF.get(self.span)
        first_on = _FIRST_DAY if years is None else date(self.as_of.year - years + 1, 1, 1)
        return Period(first_on, self.as_of)

    @classmethod
    def from_query(cls, query: Mapping[str, str], as_of: date) -> "Question":
        """Read the link; InvalidFilter names the part that cannot be read."""
        view, span = query.get(ids.VIEW) or WHEREABOUTS, query.get(ids.SPAN) or SPANS[1]
        if view not in VIEWS:
            raise InvalidFilter(ids.VIEW, f"view is one of {', '.join(VIEWS)}.")
        if span not in SPANS:
            raise InvalidFilter(ids.SPAN, f"span is one of {', '.join(SPANS)}.")
        return cls(
            view=view,
            chosen=PropertyFilter.from_query({**query, "as_of": as_of.isoformat()}),
            as_of=as_of,
            span=span,
            year=survey_year(query, as_of),
            need=_number(query, ids.NEED),
            need_large=_number(query, ids.NEED_LARGE) or 0,
        )


def survey_years(as_of: date) -> tuple[int, ...]:
    """The years of which a survey can be asked, the latest first."""
    return tuple(range(as_of.year, as_of.year - SURVEY_YEARS, -1))


def survey_year(query: Mapping[str, str], as_of: date) -> int:
    """The year of the link, by default the last one that is over; InvalidFilter for another than the listed ones."""
    year = _number(query, ids.YEAR)
    if year is None:
        return as_of.year - 1
    if year not in survey_years(as_of):
        raise InvalidFilter(ids.YEAR, f"year lies from {as_of.year - SURVEY_YEARS + 1} to {as_of.year}.")
    return year


def _number(query: Mapping[str, str], name: str) -> int | None:
    given = query.get(name, "")
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or len(given) > 4 or int(given) > HOUSEHOLDS_MOST + 1_000:
        raise InvalidFilter(name, f"{name} is a whole number.")
    return int(given)
