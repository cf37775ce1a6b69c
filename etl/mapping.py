"""A mapping: how one city's file becomes the canonical fields of a source. `mapping_reader.py` reads it from TOML.

It is an allowlist: a column that it does not name is never read further than its name.
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

from etl.casts import Format
from etl.source import Source

DEFAULT_MATCH_THRESHOLD = 92.0
DEFAULT_MAX_DISTANCE_M = 100.0


@dataclass(frozen=True)
class Column:
    """Where a field comes from and how it is written there."""

    name: str
    form: Format


@dataclass(frozen=True)
class AsOfRule:
    """Where the as-of date stands: in a column, or in the name of the file (first group of the pattern)."""

    layout: str
    column: str | None = None
    file_name: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Filter:
    """Rows that pass are taken, all others are `skipped`; exactly one of the three is set."""

    column: str
    one_of: frozenset[str] | None = None
    none_of: frozenset[str] | None = None
    is_empty: bool | None = None


@dataclass(frozen=True)
class Mapping:
    """One kind of delivery of one city, checked."""

    name: str
    source: Source
    municipality: str
    municipality_name: str | None = None
    country: str = "DE"
    is_demonstration: bool = False
    register: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: tuple[str, ...] | None = None
    decimal: str = "."
    crs: str | None = None
    expected_extent: tuple[float, float, float, float] | None = None
    is_complete: bool = False
    implies_property: bool = False
    match: str = "key"
    match_threshold: float = DEFAULT_MATCH_THRESHOLD
    max_distance_m: float = DEFAULT_MAX_DISTANCE_M
    as_of: AsOfRule | None = None
    filters: tuple[Filter, ...] = ()
    columns: Dictionary[str, Column] = field(default_factory=dict)
    constants: Dictionary[str, str] = field(default_factory=dict)
    text: Dictionary[str, str] = field(default_factory=dict)

    @property
    def columns_needed(self) -> tuple[str, ...]:
        """Every column of the file that is read, each once; no other is."""
        as_of = self.as_of.column if self.as_of else None
        names = [one.name for one in self.columns.values()] + [one.column for one in self.filters]
        return tuple(dict.fromkeys([*names, *([as_of] if as_of else [])]))

    @property
    def person_columns(self) -> frozenset[str]:
        """The columns that may tell of single persons: those of the fields that the source declares for it."""
        return frozenset(one.name for name, one in self.columns.items() if self.source.by_name[name].is_person)

    def missing_in(self, present: Iterable[str]) -> list[str]:
        """The columns that are needed and that the file does not have."""
        known = set(present)
        return [name for name in self.columns_needed if name not in known]

    def maps(self, *fields: str) -> bool:
        """Whether each of the fields comes from a column or is constant."""
        return all(name in self.columns or name in self.constants for name in fields)
