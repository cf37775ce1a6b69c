"""Tables as files by URL: all rows of the same filter as the grid, in the same order, within the asker's rights.

The file is written to a temporary file before the first byte leaves, so that a fault is told in words and nobody
keeps half a table. Rows are read in pages; when a delivery arrives in between, the file is refused, because its pages
would not belong together.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from flask import Response, request, send_file

from dashboard.answers import in_words
from dashboard.auth import signed_in
from dashboard.exports import xlsx_file
from dashboard.exports.about import About, about
from dashboard.exports.csv_file import table_lines
from dashboard.failures import failure
from dashboard.formatting import format_number
from dashboard.i18n import gettext as _
from dashboard.logged import log_export
from dashboard.table import RemoteTable, Slice, TablePage
from dashboard.wiring import Wiring
from geodata.access import Asker
from geodata.municipalities import data_state

ROWS_MAX: Final = 100_000
PAGE_ROWS: Final = 5_000
_MEMORY_BYTES: Final = 4_000_000
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Iterator[Mapping[str, Any]]
Write = Callable[[IO[bytes], RemoteTable, Rows, About], None]


def register(wiring: Wiring, table: RemoteTable) -> None:
    """The routes of the files of a table."""
    for ending, mimetype, write in (("csv", "text/csv", _write_csv), ("xlsx", _XLSX, xlsx_file.write)):
        answer = partial(_answer, wiring, table, ending, mimetype, write)
        wiring.route(f"/tables/{table.key}.{ending}", permission=table.permission)(in_words(answer))


def _answer(wiring: Wiring, table: RemoteTable, ending: str, mimetype: str, write: Write) -> Response:
    with wiring.deps.asker() as asker:
        asker.require(table.permission)
        asker.require(table.files_for)
        table = table.open_to(asker.scope)
        query = table.question(request.args, signed_in().default_as_of)
        wanted = table.slice_of(request.args, start=0, size=PAGE_ROWS)
        first = table.read(asker, query, wanted)
        if first.total > ROWS_MAX:
            return too_many(first.total)
        said = table.say(asker, query) if table.say else ()
        words = about(asker, _(table.title), query, source=_(table.source), more=said, rows=first.total)
        version = _version(asker)
        file = SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115 - the answer closes it when it is sent
        write(file, table, all_rows(table, asker, query, wanted, first), words)
        if _version(asker) != version:
            file.close()
            return failure(503, text=_("A delivery arrived while the file was written. Download it again."))
    answer = attachment(file, words.file_name(ending), mimetype)
    return log_export(wiring.deps, answer, table.key, rows=first.total)


def too_many(total: int) -> Response:
    """The refusal of a file that would hold more than a spreadsheet opens with patience."""
    words = _(
        "The table has %(total)s rows, a file holds at most %(most)s. Set a filter, for example an area.",
        total=format_number(total), most=format_number(ROWS_MAX),
    )  # fmt: skip
    return failure(413, text=words)


def attachment(file: IO[bytes], name: str, mimetype: str) -> Response:
    """A finished file as an answer that no cache keeps."""
    file.seek(0)
    # Whole or not at all: a part of a file made anew for each request fits to no other part.
    answer = send_file(file, mimetype=mimetype, as_attachment=True, download_name=name, etag=False, conditional=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def all_rows(table: RemoteTable, asker: Asker, query: Mapping[str, str], wanted: Slice, first: TablePage) -> Rows:
    """Rows page by page, the first of which has been read."""
    return chain(first.rows, _further_rows(table, asker, query, wanted, first))


def _further_rows(table: RemoteTable, asker: Asker, query: Mapping[str, str], wanted: Slice, first: TablePage) -> Rows:
    start = len(first.rows)
    while start < first.total:
        following = Slice(wanted.sort, wanted.descending, start, PAGE_ROWS, known_total=first.total)
        page = table.read(asker, query, following)
        if not page.rows:
            return
        yield from page.rows
        start += len(page.rows)


def _version(asker: Asker) -> object:
    return data_state(asker) if asker.scope.allows("property:read") else None


def _write_csv(target: IO[bytes], table: RemoteTable, rows: Rows, words: About) -> None:
    for line in table_lines(table, rows):
        target.write(line.encode())
