"""What leaves the application is logged before it goes out; what cannot be logged is not answered (503).

Each file that is handed out as an attachment has to have left an entry while its request was answered: one that did not
is held back, so that a new download cannot be forgotten.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, g, request
from werkzeug.http import parse_options_header

from dashboard.auth import signed_in
from dashboard.deps import Deps
from dashboard.failures import failure
from geodata import audit
from geodata.audit import Entry

_log = structlog.get_logger("audit")
# Parts of links that hold free text: searches, the start of a round, the words of a rule in its preview.
_TYPED = frozenset({"text", "search", "start", "reason", "legal_basis", "resolution", "decided_by"})


def log(deps: Deps, action: str, subject: str, details: Mapping[str, str | int] | None = None) -> None:
    """Log what the signed-in account does, in a transaction of its own; LogAway when it cannot be."""
    scope = signed_in().scope
    audit.record(deps.access, Entry(action, scope.municipality, scope.account, subject, details or {}))
    g.is_logged = True


def log_export(
    deps: Deps, answer: Response, what: str, *, rows: int | None = None, logged_as: str | None = None
) -> Response:
    """The finished file after it is logged: its name, what is in it, its rows, and the link with the filter.

    `logged_as` stands in the log for a name that says more than who reads the log may know, such as a planned date.
    A file that cannot be logged is closed and not given; an answer that is no file is given as it is.
    """
    if answer.status_code != 200:
        return answer
    name = logged_as or parse_options_header(answer.headers.get("Content-Disposition", ""))[1].get("filename", what)
    known: dict[str, str | int] = {"what": what, "format": name.rpartition(".")[2], "filter": _filter()}
    try:
        log(deps, "export", name, known if rows is None else {**known, "rows": rows})
    except BaseException:
        answer.close()
        raise
    return answer


def _filter() -> str:
    """The link's filter without the words that somebody typed: they may be a name or an address."""
    shown = {name: "*" if name in _TYPED else value for name, value in request.args.items()}
    return urlencode(sorted(shown.items()), safe="*,")


def install(server: Flask) -> None:
    """Hold back a file of which nothing was logged."""

    def hold_back(answer: Response) -> Response:
        is_file = "attachment" in answer.headers.get("Content-Disposition", "") and answer.status_code < 300
        if not is_file or g.get("is_logged"):
            return answer
        _log.error("file_without_entry", path=request.path)
        return failure(500)

    server.after_request(hold_back)
