"""What is done with an account at the press of a button: plain forms, so that each is one request with one answer.

A first password is shown in the answer and nowhere else: neither in a link nor in a draft nor in the log.
"""

from collections.abc import Callable

from flask import Response, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.i18n import language
from dashboard.routes import href
from dashboard.wiring import Wiring
from geodata import accounts
from geodata.access import Asker
from geodata.accounts import Account, AccountRefused, passwords


def register(wiring: Wiring) -> None:
    """Register the routes below `/verwaltung`."""

    @wiring.route("/verwaltung/passwort", permission="account:write", methods=["POST"])
    def first_password() -> Response:
        return _first_password(wiring)

    _action(wiring, "sperren", "disabled", accounts.disable)
    _action(wiring, "freischalten", "enabled", accounts.enable)
    _action(wiring, "abmelden", "signed_out", accounts.sign_out_everywhere)


def _action(wiring: Wiring, path: str, done: str, act: Callable[..., None]) -> None:
    @wiring.route(f"/verwaltung/{path}", permission="account:write", methods=["POST"])
    def answer() -> AnyResponse:
        number = _number()
        try:
            with wiring.deps.asker() as asker:
                act(asker.connection, _account(asker, number), by=asker.scope.account)
        except AccountRefused as refused:
            return _back(number, refused=refused.code)
        return _back(number, done=done)


def _first_password(wiring: Wiring) -> Response:
    password = passwords.generate()
    # Before the transaction: it takes a tenth of a second, in which no connection has to be held.
    hashed = passwords.hash_password(password)
    number = _number()
    with wiring.deps.asker() as asker:
        account = _account(asker, number)
        if account.is_demonstration:
            abort(403)
        accounts.set_password(asker.connection, account, hashed, by=asker.scope.account, is_own=False)
    page = render_template(
        "first_password.html",
        account=account,
        password=password,
        back=href("/verwaltung", {"account": number}),
        language=language(),
    )
    return current_app.make_response(page)


def _number() -> int:
    raw = request.form.get("account", "")
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 9:
        abort(400)
    return int(raw)


def _account(asker: Asker, number: int) -> Account:
    asker.require("account:write")
    found = accounts.by_number(asker.connection, number)
    if found is None:
        abort(404)
    return found


def _back(number: int, **said: str) -> AnyResponse:
    return redirect(href("/verwaltung", {"account": number, **said}), code=303)
