"""What everybody may do with the own account: change its password, end its sessions, stay signed in.

The page for the password is a plain one, because an account with a first password sees nothing else before it has one
of its own.
"""

from flask import Response, current_app, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard import auth, password_check, signin
from dashboard.auth import CHANGE_RULE, SESSION_RULE, local_path, signed_in
from dashboard.i18n import N_, gettext, language
from dashboard.routes import href, prefix
from dashboard.wiring import Wiring
from geodata import accounts
from geodata.accounts import Account
from geodata.accounts.passwords import MIN_LENGTH, WeakPassword, hash_password, require_strong

_WEAK = {
    "too_short": N_("The new password needs at least 12 characters."),
    "too_long": N_("The new password is too long."),
    "like_name": N_("The new password is your name. Choose one that nobody tries first."),
    "common": N_("The new password is one of those that are tried first. Choose another one."),
}
_STATUS = {"wrong": 422, "too_many": 429, "busy": 503}


def register(wiring: Wiring) -> None:
    """Register `/konto/passwort`, `/abmelden/ueberall` and `/sitzung`."""

    @wiring.route(CHANGE_RULE, permission="account:self")
    def show() -> AnyResponse:
        return _answer(signed_in().account, is_done=request.args.get("done") == "1")

    @wiring.route(CHANGE_RULE, permission="account:self", methods=["POST"])
    def change() -> AnyResponse:
        return _changed(wiring, signed_in().account)

    @wiring.route("/abmelden/ueberall", permission="account:self", methods=["POST"])
    def sign_out_everywhere() -> AnyResponse:
        account = signed_in().account
        with wiring.deps.access.accounts() as connection:
            accounts.sign_out_everywhere(connection, account, by=account.name)
        auth.end_session()
        return redirect(href("/anmelden"), code=303)

    @wiring.route(SESSION_RULE, permission="account:self")
    def ask_how_long() -> Response:
        return _left(wiring)

    @wiring.route(SESSION_RULE, permission="account:self", methods=["POST"])
    def stay() -> Response:
        auth.touch()
        return _left(wiring)


def _left(wiring: Wiring) -> Response:
    left = auth.session_left(wiring.deps.settings.session_idle_minutes * 60)
    return jsonify({"seconds": left.seconds if left else 0, "can_stay": bool(left and left.can_stay)})


def _changed(wiring: Wiring, account: Account) -> AnyResponse:
    """The page again with what is wrong, or the way on; other sessions of the account end with the old password."""
    if account.is_demonstration:
        return _answer(account, status=403)
    typed = {name: request.form.get(name, "")[: signin.PASSWORD_LIMIT + 1] for name in ("old", "new", "again")}
    problem = _problem(account, typed)
    if problem:
        return _answer(account, problem=problem, status=422)
    checked = password_check.check(
        wiring.deps.access,
        account.name,
        typed["old"],
        with_demonstration=wiring.deps.settings.is_demo,
        is_sign_in=False,
    )
    if checked.account is None:
        is_wrong = checked.problem == "wrong"
        words = gettext("The present password is not right.") if is_wrong else signin.problem_words(checked)
        return _answer(account, problem=words, status=_STATUS[checked.problem or "wrong"])
    hashed = hash_password(typed["new"], names=(account.name, account.display_name))
    with wiring.deps.access.accounts() as connection:
        changed = accounts.set_password(connection, account, hashed, by=account.name, is_own=True)
    target = local_path(request.form.get("next"), prefix=prefix())
    auth.begin_session(changed)
    return redirect(href(CHANGE_RULE, {"done": 1, "next": target}), code=303)


def _problem(account: Account, typed: dict[str, str]) -> str | None:
    """What is wrong with the new password, before the old one costs an attempt."""
    if typed["new"] != typed["again"]:
        return gettext("The two new passwords differ. Type the new one twice in the same way.")
    if typed["new"] == typed["old"]:
        return gettext("The new password is the present one. Choose another one.")
    try:
        require_strong(typed["new"], names=(account.name, account.display_name))
    except WeakPassword as weak:
        return gettext(_WEAK[weak.code])
    return None


def _answer(account: Account, *, problem: str | None = None, status: int = 200, is_done: bool = False) -> Response:
    page = render_template(
        "password.html",
        account=account,
        problem=problem,
        is_done=is_done and not account.must_change_password,
        at_least=MIN_LENGTH,
        next=local_path(request.values.get("next"), prefix=prefix()),
        language=language(),
    )
    answer = current_app.make_response(page)
    answer.status_code = status
    return answer
