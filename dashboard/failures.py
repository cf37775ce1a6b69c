"""What a user sees when something fails: words and, for what nobody foresaw, a number that stands in the log too.

A page gets a page; a callback gets JSON `{"error": {"status", "message", "id"}}`, which `assets/shell.js` shows.
"""

import secrets

import structlog
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from dashboard.i18n import N_, gettext, language
from dashboard.routes import prefix
from geodata.errors import DatabaseAway, NotAllowed, QmError

RETRY_SECONDS = 10
# What the database answers when a statement took longer than the web allows.
_OUT_OF_TIME = "57014"
# SQLSTATE classes and codes that mean "not now": connection lost, shutting down, too many connections.
_AWAY_STATES = ("08", "53", "57P")
_log = structlog.get_logger("dashboard")

_TITLES = {
    400: N_("This request cannot be understood"),
    401: N_("Please sign in"),
    403: N_("This is not open to your role"),
    404: N_("There is no such page"),
    405: N_("This address cannot be used like that"),
    413: N_("That is too large"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong"),
    503: N_("The database does not answer at the moment"),
    504: N_("This takes too long"),
}
_TEXTS = {
    400: N_("It did not come from a page of this application. Reload the page and try again."),
    401: N_("Your session has ended. Sign in again to go on where you were."),
    403: N_("Your account may not see this. If you need it for your work, ask the administration of this application."),
    404: N_("The address is mistyped, or the page has moved. The start page leads to everything there is."),
    405: N_("Go back to the page you came from."),
    413: N_("The application takes less than that at once."),
    429: N_("Wait a minute, then try again."),
    500: N_("The fault has been recorded. Try again; if it happens again, name this number to your administration."),
    503: N_("Nothing is lost. Wait a moment, then load the page again."),
    504: N_("This takes longer than a page can wait. Choose fewer objects, for example one area, or the usual date."),
}


def install(server: Flask) -> None:
    """Answer every error in words."""
    server.register_error_handler(HTTPException, _http_error)
    server.register_error_handler(NotAllowed, lambda error: failure(403))
    server.register_error_handler(QmError, _own_error)
    # A library or a file of one that Dash does not have; it raises these for any address below its own.
    server.register_error_handler(DependencyException, lambda error: failure(404))
    server.register_error_handler(InvalidResourceError, lambda error: failure(404))
    server.register_error_handler(Exception, _any_error)


def failure(status: int, *, error_id: str | None = None, text: str | None = None) -> Response:
    """The answer for a status, as page or JSON."""
    title, words = gettext(_TITLES.get(status, _TITLES[500])), text or gettext(_TEXTS.get(status, _TEXTS[500]))
    if _wants_page():
        body = render_template(
            "failure.html", title=title, text=words, error_id=error_id, home=prefix(), language=language()
        )
        answer = Response(body, status=status, mimetype="text/html")
    else:
        answer = jsonify({"error": {"status": status, "message": f"{title}. {words}", "id": error_id}})
        answer.status_code = status
    if status in (429, 503):
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _wants_page() -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return failure(error.code)


def _own_error(error: QmError) -> Response:
    if isinstance(error, DatabaseAway):
        return failure(503)
    error_id = _record(error)
    return failure(500, error_id=error_id)


def _any_error(error: Exception) -> Response:
    if is_database_away(error):
        _log.warning("database_away", path=request.path, reason=type(error).__name__)
        return failure(503)
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _OUT_OF_TIME:
        # A past date or a free text over a very large city: nothing is broken, and asking for less helps.
        _log.warning("out_of_time", path=request.path)
        return failure(504)
    return failure(500, error_id=_record(error))


def is_database_away(error: BaseException) -> bool:
    """Whether the error means that the database does not answer now, as opposed to a wrong query."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return (
            error.connection_invalidated
            or bool(state and state.startswith(_AWAY_STATES))
            or (isinstance(error, OperationalError) and state is None)
        )
    return False


def _record(error: Exception) -> str:
    """Log with an id. The message of a database error repeats values of rows, so only its type and state are kept."""
    error_id = secrets.token_hex(4)
    detail = {"sqlstate": getattr(error.orig, "sqlstate", None)} if isinstance(error, DBAPIError) else {}
    trace = error.with_traceback(error.__traceback__) if not isinstance(error, DBAPIError) else None
    _log.error("failed", id=error_id, path=request.path, kind=type(error).__name__, exc_info=trace, **detail)
    return error_id
