"""The first lock: who is asking is settled before Dash sees a request, and without a permission it is refused.

Order of a request: host and origin -> permission of the route -> session -> account, read anew each time -> a password
of one's own -> permission of the account -> for callbacks the envelope and the permission of that callback. The answer
to a refused page is the sign-in page, to a refused callback or file a status with words.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlsplit

from dash import Dash
from flask import Flask, Response, abort, current_app, g, redirect, request, session
from sqlalchemy import Connection
from werkzeug.exceptions import SecurityError

from dashboard.envelope import envelope_problem
from dashboard.locks import Locks
from geodata import accounts, audit
from geodata.access import Access, Scope
from geodata.accounts import Account, sign_in
from geodata.calendar import today
from geodata.records import default_as_of
from geodata.settings import Settings

SESSION_SECONDS: Final = 12 * 3600
# The moment of the last request stands in the cookie; a new cookie each minute is exact enough, and most answers have
# none.
TOUCH_SECONDS: Final = 60
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CALLBACK_ROUTE = "_dash-update-component"
ASSETS_ENDPOINT = "dash_assets.static"
CHANGE_RULE: Final = "/konto/passwort"
SESSION_RULE: Final = "/sitzung"
# What is open to an account that has to choose a password of its own first.
_FIRST_STEPS: Final = frozenset(
    {f"qm:{CHANGE_RULE}:GET", f"qm:{CHANGE_RULE}:POST", f"qm:{SESSION_RULE}:GET", f"qm:{SESSION_RULE}:POST"}
)
# Asking how long a session lasts does not prolong it.
_WITHOUT_TOUCH: Final = frozenset({f"qm:{SESSION_RULE}:GET"})


@dataclass(frozen=True)
class SignedIn:
    """The account behind the request that is being answered, and the date that its pages show unasked."""

    account: Account
    default_as_of: date

    @property
    def scope(self) -> Scope:
        """What the account may ask about."""
        return self.account.scope


@dataclass(frozen=True)
class SessionLeft:
    """How long the session lasts without another request, and whether a request would prolong it."""

    seconds: int
    can_stay: bool


def read_signed_in(access: Access, name: str, session_id: str, *, with_demonstration: bool) -> SignedIn | None:
    """The account of a session as it is now; None = there is none, it may not be used, or the session has ended.

    Each request asks, because a changed role or assignment holds from the next one on. Remembering it for seconds
    would save about a millisecond and keep a promise late.
    """
    with access.accounts() as connection:
        account = accounts.in_session(connection, name, session_id)
        if account is None or not account.may_enter(today(), with_demonstration=with_demonstration):
            return None
        return SignedIn(account, _usual_date(connection, account))


def _usual_date(connection: Connection, account: Account) -> date:
    """The date that pages of the account's city show unasked: today, and in an invented city as far as its data goes.

    Not remembered: whoever creates an object is led to its page at once, and with the date of a moment before, that
    page would not know the object. Read here, because this connection may see deliveries whatever the role is.
    """
    return default_as_of(connection, account.municipality, today()) if account.is_demonstration_city else today()


def signed_in() -> SignedIn:
    """Who is asking; 401 when the request was let through without an account (a public route)."""
    found: SignedIn | None = g.get("signed_in")
    if found is None:
        abort(401)
    return found


def begin_session(account: Account) -> None:
    """Sign the account in: a fresh session that keeps nothing of the one before but the language.

    The cookie ends with the browser, and what stands in it ends by itself (`session_left`).
    """
    language, now = session.get("language"), int(time.time())
    session.clear()
    session.update(
        account=account.name, ended=account.sessions_ended, since=now, seen=now, id=secrets.token_urlsafe(16)
    )
    if language:
        session["language"] = language


def session_left(idle_seconds: int) -> SessionLeft | None:
    """What is left of the session in the cookie; None = there is none, or it is over."""
    since, seen = session.get("since"), session.get("seen")
    is_complete = bool(session.get("account") and session.get("id"))
    if not is_complete or not isinstance(since, int) or not isinstance(seen, int):
        return None
    now = time.time()
    idle, whole = seen + idle_seconds - now, since + SESSION_SECONDS - now
    left = int(min(idle, whole))
    return SessionLeft(left, can_stay=whole > idle) if left > 0 else None


def touch() -> None:
    """The session was used at this moment."""
    session["seen"] = int(time.time())


def sign_out(access: Access) -> None:
    """End the session for good: the cookie alone would go on working for whoever has a copy of it."""
    name, session_id = session.get("account"), session.get("id")
    end_session()
    if not session_id:
        return
    with access.accounts() as connection:
        sign_in.end_session(connection, session_id, kept_seconds=SESSION_SECONDS)
        account = accounts.find(connection, name)
        if account is not None:
            audit.append(connection, audit.Entry("sign_out", account.municipality, account.name, account.name))


def end_session() -> None:
    """Forget the session in this browser, keeping the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def local_path(target: str | None, *, prefix: str) -> str:
    """`target` when it is a path of this installation, else the start page: a link must not lead elsewhere."""
    home = prefix.rstrip("/") + "/"
    if not target or not target.startswith(home) or target.startswith("//") or "\\" in target:
        return home
    parts = urlsplit(target)
    is_plain = not parts.scheme and not parts.netloc and not any(ord(letter) < 32 for letter in target)
    return target if is_plain else home


def install(server: Flask, app: Dash, access: Access, locks: Locks, settings: Settings) -> None:
    """Put the lock in front of everything the server answers."""
    idle_seconds = settings.session_idle_minutes * 60

    def lock() -> Any:
        _require_own_address()
        permission = locks.endpoints.get(request.endpoint or "")
        if request.endpoint is not None and permission is None:
            abort(403, "not_allowed")
        if permission == "public" or _is_public_asset(locks):
            return None
        if session_left(idle_seconds) is None:
            return _ask_to_sign_in(app)
        if permission == "session":
            return None
        found = read_signed_in(access, session["account"], session["id"], with_demonstration=settings.is_demo)
        if found is None or found.account.sessions_ended != session.get("ended"):
            end_session()
            return _ask_to_sign_in(app)
        g.signed_in = found
        return _admit(app, locks, found, permission)

    def tell(response: Response) -> Response:
        # The page counts down with it. Only of a POST: an answer from the browser's own store would tell an old number.
        left = session_left(idle_seconds) if request.method == "POST" and "signed_in" in g else None
        if left is not None:
            response.headers["X-Session-Seconds"] = str(left.seconds)
        return response

    server.before_request(lock)
    server.after_request(tell)


def _admit(app: Dash, locks: Locks, found: SignedIn, permission: str | None) -> Any:
    if found.account.must_change_password and request.endpoint not in _FIRST_STEPS:
        return _ask_for_password(app)
    if permission is not None and not found.scope.allows(permission):
        abort(403, "not_allowed")
    if request.endpoint not in _WITHOUT_TOUCH and time.time() - session["seen"] >= TOUCH_SECONDS:
        touch()
    if request.endpoint == app.config.routes_pathname_prefix + CALLBACK_ROUTE:
        _check_callback(app, locks, found.scope)
    return None


def _require_own_address() -> None:
    """400 for a host name that is not ours, 403 for anything but a read that did not come from one of our pages."""
    if isinstance(request.routing_exception, SecurityError):
        abort(400)
    if request.method not in READING_METHODS and not _is_same_origin():
        abort(403, "foreign_origin")


def _is_public_asset(locks: Locks) -> bool:
    is_asset = (request.endpoint or "").endswith(ASSETS_ENDPOINT)
    return is_asset and (request.view_args or {}).get("filename") in locks.public_assets


def _check_callback(app: Dash, locks: Locks, scope: Scope) -> None:
    problem = envelope_problem(body := _json_body(), app.callback_map)
    if problem:
        abort(400, problem)
    permission = locks.callbacks.get(body["output"])
    if permission is None or not scope.allows(permission):
        abort(403, "not_allowed")


def _json_body() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # nested so deeply that the parser gives up
        return None


def _is_same_origin() -> bool:
    """Browsers send Origin with every request that is not a read; a request without one did not come from our pages."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.host


def _ask_to_sign_in(app: Dash) -> Response:
    if not _accepts_page():
        abort(401)
    return _lead(app, "anmelden")


def _ask_for_password(app: Dash) -> Response:
    """A first password is known to whoever chose it, so nothing else is open before it is changed."""
    if not _accepts_page():
        abort(403, "password_first")
    return _lead(app, CHANGE_RULE.removeprefix("/"))


def _accepts_page() -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _lead(app: Dash, path: str) -> Response:
    prefix = app.config.requests_pathname_prefix
    target = request.full_path.rstrip("?")
    suffix = "" if target == prefix else f"?next={quote(target, safe='/')}"
    return current_app.make_response(redirect(f"{prefix}{path}{suffix}", code=302))
