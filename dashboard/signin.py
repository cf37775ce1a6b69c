"""Signing in and out: plain pages that need no script, so that they work before anything else does."""

import threading

from flask import Flask, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard import auth
from dashboard.auth import begin_session, local_path
from dashboard.i18n import N_, gettext, language
from dashboard.locks import PUBLIC
from dashboard.routes import href, prefix
from dashboard.wiring import Wiring
from geodata import accounts
from geodata.accounts import Account

ATTEMPTS = 5
WINDOW_SECONDS = 60
# Each check of a password takes about 0.1 s and 64 MB; more than two at once would starve everybody else.
PARALLEL_CHECKS = 2
NAME_LIMIT, PASSWORD_LIMIT = 200, 1_000

# What each demonstration account is for, in words that the sign-in page shows under its name.
_DEMONSTRATIONS = {
    "staff": N_("Sees and edits the whole city: properties, inspections, deliveries."),
    "manager": N_("Sees and follows the properties of the areas assigned."),
    "external_manager": N_("A contractor's office: its areas without owners, persons, proceedings and planned dates."),
    "politics": N_("Sees what an office has released, and nothing else."),
    "admin": N_("Keeps accounts and reads the log; sees no object."),
}


def register(server: Flask, wiring: Wiring) -> None:
    """Register the pages `/anmelden` and `/abmelden`."""
    checks = threading.BoundedSemaphore(PARALLEL_CHECKS)

    @wiring.route("/anmelden", permission=PUBLIC)
    def show() -> str:
        return _page(wiring)

    @wiring.route("/anmelden", permission=PUBLIC, methods=["POST"])
    def sign_in() -> AnyResponse:
        name = request.form.get("name", "").replace("\0", "").strip()[:NAME_LIMIT]
        password = request.form.get("password", "")[:PASSWORD_LIMIT]
        account, problem, status = _checked(wiring, name, password, checks)
        return _enter(account) if account else _answer(wiring, problem, status=status, name=name)

    @wiring.route("/anmelden/beispiel", permission=PUBLIC, methods=["POST"])
    def sign_in_as_example() -> AnyResponse:
        chosen = [item for item in _examples(wiring) if item.name == request.form.get("account")]
        return _enter(chosen[0]) if chosen else _answer(wiring, _WRONG, status=401)

    @wiring.route("/abmelden", permission=PUBLIC, methods=["POST"])
    def sign_out() -> AnyResponse:
        auth.sign_out(wiring.deps.access)
        return redirect(href("/anmelden"), code=303)


_WRONG = N_("Name and password do not fit together. Check both and try again.")
_TOO_MANY = N_("Too many failed attempts. Wait a minute, then try again.")


def _checked(
    wiring: Wiring, name: str, password: str, checks: threading.BoundedSemaphore
) -> tuple[Account | None, str, int]:
    """The account whose password it is, else the problem and its status."""
    by_account, by_address = f"account:{name}", f"address:{request.remote_addr}"
    with wiring.deps.access.accounts() as connection:
        subjects = (by_account, by_address)
        attempt = accounts.begin_attempt(connection, subjects, limit=ATTEMPTS, window_seconds=WINDOW_SECONDS)
        account = accounts.find(connection, name)
    if attempt is None:
        return None, _TOO_MANY, 429
    with checks:
        fits = accounts.password_fits(account, password)
    if account is None or not fits:
        return None, _WRONG, 401
    with wiring.deps.access.accounts() as connection:
        accounts.forget_attempts(connection, by_account, attempt)
    return account, "", 303


def _enter(account: Account) -> AnyResponse:
    begin_session(account)
    return redirect(local_path(request.form.get("next"), prefix=prefix()), code=303)


def _answer(wiring: Wiring, problem: str, *, status: int, name: str = "") -> Response:
    answer = current_app.make_response(_page(wiring, problem=gettext(problem), name=name))
    answer.status_code = status
    if status == 429:
        answer.headers["Retry-After"] = str(WINDOW_SECONDS)
    return answer


def _examples(wiring: Wiring) -> list[Account]:
    if not wiring.deps.settings.is_demo:
        return []
    with wiring.deps.access.accounts() as connection:
        return accounts.demonstration_accounts(connection)


def _page(wiring: Wiring, *, problem: str | None = None, name: str = "") -> str:
    target = local_path(request.values.get("next"), prefix=prefix())
    return render_template(
        "signin.html",
        problem=problem,
        name=name,
        next=target,
        chosen=request.args.get("beispiel"),
        examples=[(item, gettext(_DEMONSTRATIONS[item.role])) for item in _examples(wiring)],
        language=language(),
    )
