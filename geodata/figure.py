"""What a figure is: a number with its definition, unit, class and counting basis; the register is `figures.py`.

A figure is declared once, beside the read that answers it, and shown in many places: tiles, tables, exports,
`qm figures`, publications. All of them take title, unit and definition from here, so that one number has one meaning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from geodata.access import Asker
from geodata.calendar import months_later
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter, read_day

# A value in per cent runs from 0 to 100, so that its number and its unit can be read together wherever it is printed.
Unit = Literal[
    "objects", "pairs", "inspections", "rounds", "days", "percent", "projects", "stages", "proceedings", "eur",
    "dwellings", "defects_per_inspection",
]  # fmt: skip
FigureClass = Literal["public_fact", "condition", "persons"]
Value = int | float | date | None


@dataclass(frozen=True)
class Figure:
    """One figure; `title`, `definition` and `basis` are English msgids, `key` is unique in the register.

    `part_of` names the figure of which this one is a part ("n of m"): a share is then shown and never stored.
    `permission` is asked for beside that of its group.
    """

    key: str
    title: str
    unit: Unit
    klass: FigureClass
    definition: str
    basis: str
    part_of: str | None = None
    permission: str | None = None


@dataclass(frozen=True)
class Period:
    """The days on which something was done, both ends included."""

    first_on: date
    last_on: date

    @classmethod
    def year_until(cls, as_of: date) -> "Period":
        """The twelve months that end on the as-of date."""
        # 29 February has no day a year before; its period starts on 1 March.
        return cls(months_later(as_of, -12) + timedelta(days=1), as_of)

    @classmethod
    def from_query(cls, query: Mapping[str, str], as_of: date) -> "Period":
        """The period of a link: `from` to the as-of date, without `from` the twelve months that end on it.

        Raises InvalidFilter for what is no date, and for a day after the as-of date.
        """
        first_on = read_day("from", query)
        if first_on is not None and first_on > as_of:
            raise InvalidFilter("from", f"from={first_on.isoformat()} lies after the as-of date.")
        return cls(first_on, as_of) if first_on else cls.year_until(as_of)

    @property
    def before(self) -> "Period":
        """The period of the same length that ends on the day before this one, to compare with."""
        days = (self.last_on - self.first_on).days + 1
        return Period(self.first_on - timedelta(days=days), self.first_on - timedelta(days=1))


@dataclass(frozen=True)
class FigureValue:
    """A figure answered for one filter and as-of date; None = nothing to answer from (no object, no visit)."""

    figure: Figure
    value: Value
    as_of: date


# A read answers all figures of its group at once: `read(asker, filter, period)` gives values by the figure's key. The
# filter's as-of date is set; a figure without a period in its definition does not look at the period.
Read = Callable[[Asker, PropertyFilter, Period], Mapping[str, Value]]


@dataclass(frozen=True)
class Group:
    """Figures that one read answers, under the permission that the read asks for."""

    permission: str
    figures: tuple[Figure, ...]
    read: Read


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a message for the catalogue; the dashboard translates it."""
    return message
