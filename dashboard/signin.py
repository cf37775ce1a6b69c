"""Signing in and out: plain pages that need no script, so that they work before anything else does."""

from flask import Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard import auth, password_check
from dashboard.auth import begin_session, local_path
from dashboard.i18n import N_, gettext, language, ngettext
from dashboard.locks import PUBLIC
from dashboard.password_check import Checked
from dashboard.routes import href, prefix
from dashboard.wiring import Wiring
from geodata import accounts, audit
from geodata.accounts import Account
from geodata.calendar import today

NAME_LIMIT, PASSWORD_LIMIT = 200, 1_000

# What each demonstration account is for, in words that the sign-in page shows under its name.
_DEMONSTRATIONS = {
    "staff": N_("Sees and edits the whole city: properties, inspections, deliveries."),
    "manager": N_("Sees and follows the properties of the areas assigned."),
    "external_manager": N_("A contractor's office: its areas without owners, persons, proceedings and planned dates."),
    "politics": N_("Sees what an office has released, and nothing else."),
    "admin": N_("Keeps accounts and reads the log; sees no object."),
}
_STATUS = {"wrong": 401, "too_many": 429, "busy": 503}


def register(wiring: Wiring) -> None:
    """Register the pages `/anmelden` and `/abmelden`."""
    password_check.prepare()

    @wiring.route("/anmelden", permission=PUBLIC)
    def show() -> str:
        return _page(wiring)

    @wiring.route("/anmelden", permission=PUBLIC, methods=["POST"])
    def sign_in() -> AnyResponse:
        name = request.form.get("name", "").replace("\0", "").strip()[:NAME_LIMIT]
        password = request.form.get("password", "")[:PASSWORD_LIMIT]
        is_demo = wiring.deps.settings.is_demo
        checked = password_check.check(wiring.deps.access, name, password, with_demonstration=is_demo)
        return _enter(checked.account) if checked.account else _refuse(wiring, checked, name=name)

    @wiring.route("/anmelden/beispiel", permission=PUBLIC, methods=["POST"])
    def sign_in_as_example() -> AnyResponse:
        chosen = [item for item in _examples(wiring) if item.name == request.form.get("account")]
        if not chosen:
            return _refuse(wiring, Checked(problem="wrong"))
        _log_example(wiring, chosen[0])
        return _enter(chosen[0])

    @wiring.route("/abmelden", permission=PUBLIC, methods=["POST"])
    def sign_out() -> AnyResponse:
        auth.sign_out(wiring.deps.access)
        return redirect(href("/anmelden"), code=303)


def problem_words(checked: Checked) -> str:
    """What stands in the way of a password, in a sentence."""
    if checked.problem == "busy":
        return gettext("Many people are signing in at this moment. Try again in a few seconds.")
    if checked.problem == "wrong":
        return gettext("Name and password do not fit together. Check both and try again.")
    minutes = -(-checked.wait_seconds // 60)
    return ngettext(
        "Too many failed attempts. Wait a minute, then try again.",
        "Too many failed attempts. Wait %(number)s minutes, then try again.",
        minutes,
    )


def _log_example(wiring: Wiring, account: Account) -> None:
    entry = audit.Entry("sign_in", account.municipality, account.name, account.name, {"by": "example"})
    with wiring.deps.access.accounts() as connection:
        accounts.note_month(connection, account, today())
        audit.append(connection, entry)


def _enter(account: Account) -> AnyResponse:
    begin_session(account)
    return redirect(local_path(request.form.get("next"), prefix=prefix()), code=303)


def _refuse(wiring: Wiring, checked: Checked, *, name: str = "") -> Response:
    answer = current_app.make_response(_page(wiring, problem=problem_words(checked), name=name))
    answer.status_code = _STATUS[checked.problem or "wrong"]
    if checked.wait_seconds:
        answer.headers["Retry-After"] = str(checked.wait_seconds)
    return answer


def _examples(wiring: Wiring) -> list[Account]:
    if not wiring.deps.settings.is_demo:
        return []
    with wiring.deps.access.accounts() as connection:
        found = accounts.demonstration_accounts(connection)
    return [item for item in found if item.may_enter(today(), with_demonstration=True)]


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
