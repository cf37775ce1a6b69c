"""What kinds of rows the product takes in, declared: one file `sources/<name>.py` with a `SOURCE` for each kind.

A source says which canonical fields its rows have, into which table they go, what makes two rows the same thing and
how the past is kept. A new source is one file with its fixture and test.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import Table

from geodata.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from etl.casts import Problem


class Kind(StrEnum):
    """What a field holds once it is cast."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    CODE = "code"
    CODE_LIST = "code_list"
    TEXT_LIST = "text_list"


class Past(StrEnum):
    """How a source keeps what was before."""

    REPLACED = "replaced"  # a newer row supersedes the older one; an older delivery is dropped
    LASTING = "lasting"  # the same, and a key that a complete delivery lacks ends on its as-of date
    VERSIONS = "versions"  # every version has a period; an older delivery becomes an earlier version


@dataclass(frozen=True)
class Field:
    """One canonical field: a mapping names the column of the file from which it comes.

    `is_required`: must be mapped, and no row may leave it empty. `is_plan`: a date that may lie after the as-of date.
    `is_free_text`: the mapping must say who may read it. `is_person`: it tells of a single person, so that its column
    may have a name that refuses every other file, and nothing of a rejected row is kept.
    `is_stored` is False for what only helps to find or to place.
    `default` is the value of an empty cell, `default_from` the field whose value an empty cell takes over.
    """

    name: str
    doc: str
    kind: Kind = Kind.TEXT
    is_required: bool = False
    is_plan: bool = False
    is_free_text: bool = False
    is_person: bool = False
    is_stored: bool = True
    codes: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    default: str | None = None
    default_from: str | None = None


@dataclass(frozen=True)
class AreaReference:
    """A column with the id of an area, found by the fields that hold its kind and its key."""

    column: str
    kind_field: str
    key_field: str


@dataclass(frozen=True)
class Named:
    """What each row names by a key and describes along: an owner. It has a table with a history of its own.

    `field` holds the key; `columns` says which field fills which column of the table.
    """

    table: Table
    field: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Unfit:
    """What only the database can tell of a row `l`: a condition and a reason as SQL, and the field that it is about."""

    condition: str
    field: str
    reason: str


# The condition that a row has content which nothing newer replaced: only such a row is written. In it, as in every
# condition, `c` is the row in force of its key and `t` what was delivered of it last.
IS_NEWS: Final = "t.content_hash IS DISTINCT FROM l.content_hash AND coalesce(t.as_of <= :as_of, true)"


def leaves_parts(part: str, named: str) -> str:
    """The condition that a row takes its fact to another property, while parts of it in force stay with the old one.

    A row that names the property from which the fact went with a split leaves it where it is (`keep_split`).
    """
    split = (
        "SELECT FROM qm.property_link AS d WHERE d.from_property_id = l.property_id"
        " AND d.to_property_id = c.property_id AND d.kind = 'split' AND d.superseded_at IS NULL"
    )
    parts = f"SELECT FROM {part} AS f WHERE f.municipality = :municipality AND f.{named} = l.key"
    return (
        f"(c.property_id IS DISTINCT FROM l.property_id AND c.id IS NOT NULL AND {IS_NEWS} AND NOT EXISTS ({split})"
        f" AND EXISTS ({parts} AND f.superseded_at IS NULL))"
    )


@dataclass(frozen=True)
class Lookup:
    """What a source asks the database for every staged row `s`: joins, the columns that they give, and what is unfit.

    `rejecting`: the name of statements in `sql/` that reject judged rows for what the others of the file are.
    `property_id`: the expression of the property to which the row belongs, where another one than its key decides; in
    it `{named}` is the property that the row names.
    """

    joins: str
    columns: tuple[str, ...]
    unfit: tuple[Unfit, ...]
    property_id: str | None = None
    rejecting: str | None = None


@dataclass(frozen=True)
class Source:
    """A kind of rows. `key` are the fields that make a business key, `key_parts` what it is put together from where
    the delivery has no key of its own; `stored_key` are the columns by which the table knows it (default: as `key`).
    `check` finds what is wrong between the fields of a row, where each field alone is right.
    """

    name: str
    doc: str
    table: Table
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("key",)
    key_parts: tuple[str, ...] = ()
    stored_key: tuple[str, ...] = ()
    past: Past = Past.REPLACED
    geometry: str | None = None  # "point", "polygon" (multi, repaired) or "any" (lines and polygons)
    is_geometry_required: bool = False
    is_of_property: bool = False
    # Rows without a property are right, too: a grant of an area or of the whole city.
    is_property_optional: bool = False
    is_complete: bool = False
    dated_by: str | None = None  # the date that says which of several rows is the newest
    areas: tuple[AreaReference, ...] = ()
    names: Named | None = None
    lookup: Lookup | None = None
    check: "Callable[[pd.DataFrame], list[Problem]] | None" = None
    changes_areas: bool = False
    changes_rules: bool = False
    # False: the current state and its due dates are derived without these facts, so that a delivery derives nothing.
    changes_state: bool = True
    # What people changed in the application stays: other content from a file is rejected instead of replacing it.
    is_decided_in_application: bool = False
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.fields})
        if not self.stored_key:
            object.__setattr__(self, "stored_key", self.key)

    @property
    def stored_fields(self) -> tuple[Field, ...]:
        """The fields that are columns of the table."""
        return tuple(one for one in self.fields if one.is_stored)

    @property
    def is_of_persons(self) -> bool:
        """Whether its rows tell of single persons, so that nothing of them may stand in reports."""
        return any(one.is_person for one in self.fields)

    def has(self, *names: str) -> bool:
        """Whether all of these are fields of the source."""
        return all(name in self.by_name for name in names)


PROPERTY_KEY = Field("property_key", "key of the property in the register of the mapping", is_stored=False)
PARCEL = Field("parcel", 'parcel identifier of the property, for match = "parcel"', is_stored=False)
ADDRESS = (
    Field("address", "address in one text, as `Beispielweg 12 a` or `Beispielweg 95-99`", is_stored=False),
    Field("street", "street, where it stands in a column of its own", is_stored=False),
    Field("house_number", "house number, with or without suffix", is_stored=False),
    Field("house_number_suffix", "suffix of the house number in a column of its own", is_stored=False),
    Field("postal_code", "postal code", is_stored=False),
)
COORDINATES = (
    Field("x", "easting or longitude, in the CRS of the mapping", Kind.DECIMAL, is_stored=False),
    Field("y", "northing or latitude, in the CRS of the mapping", Kind.DECIMAL, is_stored=False),
)
RUNNING_NUMBER = Field("running_number", "order on one day", Kind.INTEGER, minimum=1, maximum=32_767, default="1")


def source_key(what: str) -> Field:
    """The field for a key of the source's own."""
    return Field("key", f"the source's own key; else {what}")


def implying(codes: tuple[str, ...]) -> tuple[Field, ...]:
    """Fields of a fact that tell of its property, where the mapping says implies_property."""
    use_type = Field("use_type", "use type of the implied property", Kind.CODE, codes=codes, is_stored=False)
    return (PROPERTY_KEY, PARCEL, *ADDRESS, *COORDINATES, use_type)


@cache
def sources() -> dict[str, Source]:
    """All sources by name; two of one name are an error at the first look."""
    from etl import sources as package

    found: dict[str, Source] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        add_source(found, importlib.import_module(f"{package.__name__}.{module.name}").SOURCE)
    return found


def add_source(found: dict[str, Source], source: Source) -> None:
    """Put a source into the dictionary; a name that is taken is an error."""
    if source.name in found:
        raise ValueError(f"Two files of etl/sources declare the source {source.name!r}.")
    found[source.name] = source


def find_source(name: str) -> Source:
    """The source of this name, else a UsageError that lists what there is."""
    known = sources()
    if name not in known:
        raise UsageError(f"There is no source {name!r}.", f"There are: {', '.join(sorted(known))}.")
    return known[name]
