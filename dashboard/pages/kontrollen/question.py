"""What the link asks of this page: the view, the filter, the period, the type of control, the kind of area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dashboard.i18n import N_
from geodata.areas import Area
from geodata.calendar import months_later
from geodata.codes import AREA_KINDS, CONTROL_TYPES
from geodata.errors import InvalidFilter
from geodata.figure import Period
from geodata.filters import PropertyFilter

DUE: Final = "faellig"
COURSE: Final = "verlauf"
INTERVALS: Final = "abstaende"
RESULTS: Final = "ergebnisse"
# The views in the order of their links, each with its title; the first one is shown where the link names none.
VIEWS: Final[Mapping[str, str]] = {
    DUE: N_("Due now"),
    COURSE: N_("Course over time"),
    INTERVALS: N_("Intervals"),
    RESULTS: N_("Results"),
}
# Parts of the link beside those of the filter: view, begin of the period, type of control in the charts of intervals,
# kind of the areas.
PARAMETERS: Final = ("view", "from", "type", "kind")
_PRESET_MONTHS: Final = (12, 24, 36)


@dataclass(frozen=True)
class Question:
    """One link, read; `control_type` and `kind` are None where the link names none."""

    view: str
    chosen: PropertyFilter
    period: Period
    control_type: str | None
    kind: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str], as_of: date) -> "Question":
        """Raises InvalidFilter for a part that cannot be read."""
        view = _one("view", query, tuple(VIEWS)) or DUE
        return cls(
            view=view,
            chosen=replace(PropertyFilter.from_query(asked_for(view, query)), as_of=as_of),
            period=Period.from_query(query, as_of),
            control_type=_one("type", query, CONTROL_TYPES),
            kind=_one("kind", query, AREA_KINDS),
        )

    @property
    def is_one_year(self) -> bool:
        """Whether the period is the usual one: the twelve months up to the as-of date."""
        return self.period == Period.year_until(self.period.last_on)


@dataclass(frozen=True)
class Preset:
    """A period that a link offers; `months` is None for the calendar year of the as-of date."""

    first_on: date
    months: int | None


def asked_for(view: str, query: Mapping[str, str]) -> Mapping[str, str]:
    """The parts of the link that a view follows: only the list of what is due can leave out what is not.

    Of those that are overdue today all are overdue today and fewer were a year ago, so a share or a course of them
    would always tell of a decline.
    """
    return query if view == DUE else {name: value for name, value in query.items() if name != "due"}


def presets(as_of: date) -> tuple[Preset, ...]:
    """12, 24 and 36 months up to the as-of date, and its calendar year."""
    rolling = (Preset(months_later(as_of, -months) + timedelta(days=1), months) for months in _PRESET_MONTHS)
    return (*rolling, Preset(date(as_of.year, 1, 1), None))


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
