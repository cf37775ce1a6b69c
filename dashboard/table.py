"""What a table is: declared once, shown as a grid and written as files; the routes are in `tables.py`.

A page declares its table beside the read that answers it. Rows are typed Python values; how a value reads is decided
by the kind of its column, in the language of the request, and how it is stored in a file likewise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, quote

from dashboard.formatting import MISSING, format_date, format_days, format_money, format_number, format_percent
from dashboard.i18n import N_, code_label
from dashboard.routes import href
from geodata.access import Asker, Scope
from geodata.errors import InvalidFilter
from geodata.filters import FIELDS, PropertyFilter

# percent = a share from 0 to 1; code = one code or several; link = text that leads somewhere; money = euros.
Kind = Literal["text", "date", "integer", "decimal", "days", "money", "percent", "code", "link", "yes_no"]
NUMBERS: Final[frozenset[Kind]] = frozenset({"integer", "decimal", "days", "money", "percent"})
DELIVERED: Final = N_("Deliveries of the offices, as quartiermonitor holds them")


@dataclass(frozen=True)
class Column:
    """One column; `title` and `definition` are msgids, `width` is in pixels.

    `key` names the value in the row and the order in the link. `link` is the address of what the row stands for, with
    values of the row in braces (`/objekt/{id}`); where one of them is None, there is no link.
    `permission` is asked for beside that of the table; who lacks it sees the table without the column.
    """

    key: str
    title: str
    kind: Kind
    code_list: str | None = None
    width: int = 140
    is_sortable: bool = False
    definition: str = ""
    link: str | None = None
    permission: str | None = None


@dataclass(frozen=True)
class Slice:
    """Which rows are asked for, in which order; `sort` None = the order of the read itself.

    A read that can give fewer rows than `size` at once gives those; who wants all asks on from where they end.
    `known_total` is set by whoever has been told how many there are, so that a read need not count again.
    """

    sort: str | None
    descending: bool
    start: int
    size: int
    known_total: int | None = None


@dataclass(frozen=True)
class TablePage:
    """Rows of a slice, each a mapping from column keys (and "id") to typed values, and how many there are in all."""

    rows: Sequence[Mapping[str, Any]]
    total: int

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], wanted: Slice) -> "TablePage":
        """The slice of rows that are all there already."""
        return cls(rows[wanted.start : wanted.start + wanted.size], len(rows))


@dataclass(frozen=True)
class RemoteTable:
    """A table whose rows come by URL.

    `read` gets who asks, the query of the link (the parts of a `PropertyFilter`, `parameters`, and always an as-of
    date) and the slice; what it cannot read of the query it refuses with InvalidFilter. `say` puts the values of
    `parameters` into words, for files. `is_versioned` = rows change only with the version of the data; a table of which
    this is not so is never kept by a browser. `source` (msgid) says in files where the rows come from. `files_for` is
    the permission that files ask for beside the table's own: what was released may be taken away by all who see it.
    """

    key: str
    title: str
    permission: str
    columns: tuple[Column, ...]
    read: Callable[[Asker, Mapping[str, str], Slice], TablePage]
    default_sort: str | None = None
    default_descending: bool = False
    parameters: tuple[str, ...] = ()
    say: Callable[[Asker, Mapping[str, str]], Sequence[str]] | None = None
    is_versioned: bool = True
    source: str = DELIVERED
    files_for: str = "export:create"

    def open_to(self, scope: Scope) -> "RemoteTable":
        """The table with the columns that the scope may see."""
        return replace(
            self, columns=tuple(one for one in self.columns if scope.allows(one.permission or self.permission))
        )

    @property
    def sortable(self) -> tuple[str, ...]:
        """Keys of the columns by which a link may sort."""
        return tuple(column.key for column in self.columns if column.is_sortable)

    def query_of(self, query: Mapping[str, str]) -> dict[str, str]:
        """The parts of a link that the table understands, in a fixed order and without empty ones."""
        return {name: query[name] for name in (*FIELDS, *self.parameters) if query.get(name)}

    def question(self, args: Mapping[str, str], default_as_of: date) -> dict[str, str]:
        """The query of a link as `read` takes it; raises InvalidFilter for a part that no filter understands."""
        query = {"as_of": default_as_of.isoformat()} | self.query_of(args)
        PropertyFilter.from_query(query)
        return query

    def slice_of(self, args: Mapping[str, str], *, start: int, size: int) -> Slice:
        """Rows in the order of a link; raises InvalidFilter for a column that does not sort."""
        sort, descending = args.get("sort", ""), args.get("desc", "")
        if sort and sort not in self.sortable:
            raise InvalidFilter("sort", f"The table is sorted by one of {', '.join(self.sortable)}.")
        if descending not in ("", "0", "1"):
            raise InvalidFilter("desc", "desc is 0 or 1.")
        if not sort:
            return Slice(self.default_sort, self.default_descending, start, size)
        return Slice(sort, descending == "1", start, size)


def cell_in_words(column: Column, value: Any) -> str:
    """A value as the grid shows it, in the language of the request."""
    if value is None or value == "" or value == ():
        return MISSING
    if column.kind == "code":
        codes = [value] if isinstance(value, str) else value
        return ", ".join(code_label(column.code_list or column.key, code) for code in codes)
    return _WORDS[column.kind](value)


def row_in_words(columns: Sequence[Column], row: Mapping[str, Any], *, kept: Mapping[str, object]) -> dict[str, Any]:
    """A row as the grid shows it, with its id and the address that it leads to; `kept` goes along in that address."""
    shown: dict[str, Any] = {column.key: cell_in_words(column, row.get(column.key)) for column in columns}
    links = {column.key: found for column in columns if (found := link_of(column, row, kept)) is not None}
    return shown | {"id": row["id"], "links": links}


def link_of(column: Column, row: Mapping[str, Any], kept: Mapping[str, object]) -> str | None:
    """The address of a cell; None without a pattern, or where a value of it is missing."""
    if column.link is None:
        return None
    try:
        path = column.link.format_map(_Present(row))
    except KeyError:
        return None
    path, _mark, query = path.partition("?")
    return href(path, {**dict(parse_qsl(query)), **kept})


class _Present(dict[str, str]):
    """Values for a pattern of an address; a missing one is a KeyError, so that no link says "None"."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__({key: quote(str(value), safe="") for key, value in row.items() if value is not None})


_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "text": str,
    "link": str,
    "date": format_date,
    "integer": format_number,
    "decimal": lambda value: format_number(value, decimals=1),
    "days": format_days,
    "money": format_money,
    "percent": format_percent,
    "yes_no": lambda value: code_label("yes_no", "yes" if value else "no"),
}
