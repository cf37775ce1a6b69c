"""The first lock: who is asking is settled before Dash or any view sees the request; what nobody allowed is refused.

Order of a request: same origin (for everything that is not a read) -> permission of the route -> session -> account ->
for callbacks the envelope and the permission of that callback. The answer to a refused page is the sign-in page, to a
refused callback or file a status with words.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from dash import Dash
from flask import Flask, Response, abort, current_app, g, redirect, request, session

from dashboard.envelope import envelope_problem
from dashboard.locks import Locks
from geodata import accounts
from geodata.access import Access, Scope
from geodata.accounts import Account
from geodata.calendar import today
from geodata.records import default_as_of

SESSION_SECONDS = 12 * 3600
# A page asks for two dozen things at once; one look at the account is enough for them, and a disabled account is out
# within these seconds.
ACCOUNT_CACHE_SECONDS = 5
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CALLBACK_ROUTE = "_dash-update-component"
ASSETS_ENDPOINT = "dash_assets.static"


@dataclass(frozen=True)
class SignedIn:
    """The account behind the request that is being answered, and the date that its pages show unasked."""

    account: Account
    default_as_of: date

    @property
    def scope(self) -> Scope:
        """What the account may ask about."""
        return self.account.scope


class AccountCache:
    """Accounts as read moments ago, per process; never across sessions, because name and session are the key."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: dict[tuple[str, str], tuple[float, SignedIn]] = {}

    def get(self, name: str, session_id: str) -> SignedIn | None:
        """The account, at most ACCOUNT_CACHE_SECONDS old; None = there is none, it is disabled or has signed out."""
        now, key = time.monotonic(), (name, session_id)
        known = self._known.get(key)
        if known and now - known[0] < ACCOUNT_CACHE_SECONDS:
            return known[1]
        self._known = {one: kept for one, kept in list(self._known.items()) if now - kept[0] < ACCOUNT_CACHE_SECONDS}
        with self._access.accounts() as connection:
            account = accounts.find(connection, name)
            if account is None or account.is_disabled or accounts.is_ended(connection, session_id):
                return None
            # Read here, because this connection may see deliveries whatever the role of the account is.
            found = SignedIn(account, default_as_of(connection, account.municipality, today()))
        self._known[key] = (now, found)
        return found


def signed_in() -> SignedIn:
    """Who is asking; 401 when the request was let through without an account (a public route)."""
    found: SignedIn | None = g.get("signed_in")
    if found is None:
        abort(401)
    return found


def begin_session(account: Account) -> None:
    """Sign the account in: a fresh session that keeps nothing of the one before but the language."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    session.update(account=account.name, stamp=account.stamp, since=int(time.time()), id=secrets.token_urlsafe(16))
    if language:
        session["language"] = language


def sign_out(access: Access) -> None:
    """End the session for good: the cookie alone would go on working for whoever has a copy of it."""
    session_id = session.get("id")
    end_session()
    if session_id:
        with access.accounts() as connection:
            accounts.end_session(connection, session_id, kept_seconds=SESSION_SECONDS)


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


def install(server: Flask, app: Dash, access: Access, locks: Locks) -> None:
    """Put the lock in front of everything the server answers."""
    cache = AccountCache(access)

    def lock() -> Any:
        if request.method not in READING_METHODS and not _is_same_origin():
            abort(403, "foreign_origin")
        permission = locks.endpoints.get(request.endpoint or "")
        if request.endpoint is not None and permission is None:
            abort(403, "not_allowed")
        if permission == "public" or _is_public_asset(locks):
            return None
        if not _has_session():
            return _ask_to_sign_in(app)
        if permission == "session":
            return None
        found = cache.get(session["account"], session["id"])
        if found is None or found.account.stamp != session.get("stamp"):
            end_session()
            return _ask_to_sign_in(app)
        g.signed_in = found
        if permission is not None and not found.scope.allows(permission):
            abort(403, "not_allowed")
        if request.endpoint == app.config.routes_pathname_prefix + CALLBACK_ROUTE:
            _check_callback(app, locks, found.scope)
        return None

    server.before_request(lock)


def _has_session() -> bool:
    since = session.get("since")
    is_complete = bool(session.get("account") and session.get("id")) and isinstance(since, int)
    return is_complete and time.time() - since < SESSION_SECONDS


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
    accepts_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    if not accepts_page:
        abort(401)
    prefix = app.config.requests_pathname_prefix
    target = request.full_path.rstrip("?")
    suffix = "" if target == prefix else f"?next={quote(target, safe='/')}"
    answer = redirect(f"{prefix}anmelden{suffix}", code=302)
    return current_app.make_response(answer)
