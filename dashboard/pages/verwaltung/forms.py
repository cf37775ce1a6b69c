"""The two forms of an account: a new one, and role, areas and end of one that is there."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dashboard.form import Form, FormField, FormProblem, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.verwaltung import words
from dashboard.routes import href
from geodata import accounts
from geodata.access import Asker
from geodata.accounts import Account, AccountRefused, Draft
from geodata.accounts.assignments import read_assignable
from geodata.calendar import today
from geodata.codes import ROLES

# A form that is sent again, because its answer was lost, finds the account that it has made.
_SENT_AGAIN: Final = timedelta(hours=1)

_DISPLAY_NAME: Final = FormField(
    "display_name", N_("Name in the header"), "text", is_required=True, max_length=80,
    hint=N_("For example Bea Beispiel. Colleagues see it beside what this account enters."),
)  # fmt: skip
_ROLE: Final = FormField("role", N_("Role"), "choice", code_list="role", codes=ROLES, is_required=True)
_AREAS: Final = FormField(
    "areas", N_("Areas"), "choices",
    hint=N_("Only for district management and neighbourhood offices: they see the objects of these areas."),
)  # fmt: skip
_END: Final = FormField(
    "valid_until", N_("Last day"), "date",
    hint=N_("Empty: without an end. For a contractor the day on which the contract ends."),
)  # fmt: skip


def _create(asker: Asker, submission: Submission) -> Saved:
    name = str(submission.values["name"] or "").strip()
    draft = _draft(asker, submission)
    try:
        created = accounts.create(asker.connection, asker.scope.municipality, name, draft, by=asker.scope.account)
    except AccountRefused as refused:
        created = _sent_again(asker, name, draft, refused)
    message = _("The account %(name)s is there. Now give it a first password.", name=created.name)
    return Saved(message, href=href("/verwaltung", {"account": created.number}))


def _change(asker: Asker, submission: Submission) -> Saved:
    account = accounts.by_number(asker.connection, submission.number("account"))
    if account is None:
        raise FormProblem(message=_("There is no such account."))
    try:
        accounts.change(asker.connection, account, _draft(asker, submission), by=asker.scope.account)
    except AccountRefused as refused:
        raise _problem(refused) from None
    return Saved(_("The account has been changed. It holds from its next request on."))


def _draft(asker: Asker, submission: Submission) -> Draft:
    """What was entered; an area that the city does not have is none, whatever was sent."""
    values = submission.values
    known = {str(one.id): one.id for one in read_assignable(asker, today())}
    unknown = set(values["areas"]) - set(known)
    if unknown:
        raise FormProblem({"areas": _("Please choose one of the entries.")})
    if values["valid_until"] is not None and values["valid_until"] < today():
        raise FormProblem({"valid_until": _("This day has passed. An account that shall end at once is disabled.")})
    return Draft(
        display_name=values["display_name"] or "",
        role=values["role"],
        area_ids=frozenset(known[code] for code in values["areas"]),
        valid_until=values["valid_until"],
    )


def _sent_again(asker: Asker, name: str, draft: Draft, refused: AccountRefused) -> Account:
    found = accounts.find(asker.connection, name) if refused.code == "taken" else None
    if found is None or found.created_by != asker.scope.account or not _is_same(found, draft):
        raise _problem(refused) from None
    if datetime.now(UTC) - found.created_at > _SENT_AGAIN:
        raise _problem(refused) from None
    return found


def _is_same(account: Account, draft: Draft) -> bool:
    return (account.display_name, account.role, account.valid_until) == (
        " ".join(draft.display_name.split()),
        draft.role,
        draft.valid_until,
    )


def _problem(refused: AccountRefused) -> FormProblem:
    return FormProblem({refused.field: words.refused_words(refused.code)})


CREATE: Final = Form(
    key="konto-neu",
    title=N_("Create an account"),
    permission="account:write",
    fields=(
        FormField(
            "name", N_("Sign-in name"), "text", is_required=True, max_length=64,
            hint=N_("2 to 64 small letters without umlauts, digits, or one of . _ - @"),
        ),
        _DISPLAY_NAME,
        _ROLE,
        _AREAS,
        _END,
    ),
    submit=N_("Create the account"),
    save=_create,
)  # fmt: skip
CHANGE: Final = Form(
    key="konto-aendern",
    title=N_("Change the account"),
    permission="account:write",
    fields=(_DISPLAY_NAME, _ROLE, _AREAS, _END),
    submit=N_("Save"),
    save=_change,
)


def values_of(account: Account) -> dict[str, Any]:
    """What the form for changing shows of an account."""
    return {
        "display_name": account.display_name,
        "role": account.role,
        "areas": tuple(str(area_id) for area_id in sorted(account.area_ids)),
        "valid_until": account.valid_until,
    }
