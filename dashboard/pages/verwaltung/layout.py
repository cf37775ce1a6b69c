"""Accounts of the administration's own city, one of them with what can be done with it, and the table of roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    badge,
    edit_form,
    empty_state,
    facts,
    folding_panel,
    icon,
    link_button,
    notice,
    page_header,
    panel,
)
from dashboard.formatting import format_moment, format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.page import PageContext
from dashboard.pages.verwaltung import words
from dashboard.pages.verwaltung.forms import CHANGE, CREATE, values_of
from dashboard.pages.verwaltung.roles import roles_table
from dashboard.routes import href
from geodata.accounts import Account
from geodata.accounts.assignments import AssignableArea, read_account, read_accounts, read_assignable
from geodata.calendar import today


def build(context: PageContext) -> Component:
    """One account where the link names it, else all of them."""
    wanted = context.query.get("account")
    return _overview(context) if wanted is None else _single(context, wanted)


def _overview(context: PageContext) -> Component:
    day = today()
    with context.deps.asker() as asker:
        found, areas = read_accounts(asker), read_assignable(asker, day)
    lead = _("Who may sign in, as what and for which areas. Objects are not shown here.")
    count = ngettext("%(count)s account", "%(count)s accounts", len(found), count=format_number(len(found)))
    create = edit_form(CREATE, values={"role": "staff"}, options={"areas": _area_options(areas)}, folded=True)
    return html.Div(
        [
            page_header(_("Administration"), lead=lead),
            html.Div(create, className="verwaltung-create"),
            panel(
                _("Accounts"),
                [html.P(count, className="quiet"), _table(found, areas, day), *_unused(found, day)],
                id="verwaltung-accounts",
            ),
            folding_panel(_("Who may do what"), roles_table(), is_open=False, id="verwaltung-roles"),
        ],
        className="page verwaltung",
    )


# --- the table --------------------------------------------------------------------------------------------------------


def _table(found: Sequence[Account], areas: Sequence[AssignableArea], day: date) -> Component:
    heads = (_("Name"), _("Role"), _("Areas"), _("Last day"), _("Last used"), _("State"))
    head = html.Tr([html.Th(text, scope="col") for text in heads])
    body = [_row(one, areas, day, heads) for one in sorted(found, key=lambda one: (one.is_disabled, one.name))]
    return html.Table([html.Thead(head), html.Tbody(body)], className="plain-table verwaltung-table")


def _row(account: Account, areas: Sequence[AssignableArea], day: date, heads: Sequence[str]) -> Component:
    address = href("/verwaltung", {"account": account.number})
    name = [
        html.A(account.display_name, href=address, className="qm-link verwaltung-name"),
        html.Span(account.name, className="quiet verwaltung-login"),
    ]
    cells = (
        name,
        words.role_words(account),
        words.areas_words(account, areas),
        html.Span(words.end_words(account), className="verwaltung-short"),
        html.Span(words.month_words(account), className="verwaltung-short"),
        html.Div([words.state_badge(account, day), *_example(account)], className="verwaltung-badges"),
    )
    return html.Tr([html.Td(cell, **{"data-label": head}) for head, cell in zip(heads, cells, strict=True)])


def _example(account: Account) -> list[Component]:
    return [badge(_("example"), kind="demo")] if account.is_demonstration else []


def _unused(found: Sequence[Account], day: date) -> list[Component]:
    names = [one.display_name for one in found if words.is_unused(one, day)]
    if not names:
        return []
    text = _("Nobody has used these accounts for half a year: %(names)s. Who left should be disabled.")
    return [notice(text % {"names": ", ".join(names)})]


# --- one account ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Action:
    """One thing that can be done with an account, and the question before it."""

    key: str
    path: str
    label: str
    symbol: str
    question: str
    consequence: str
    is_dangerous: bool = False


def _single(context: PageContext, wanted: str) -> Component:
    day = today()
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else 0
    with context.deps.asker() as asker:
        account, areas = read_account(asker, number), read_assignable(asker, day)
    if account is None:
        text = _("The link is wrong, or the account belongs to another city.")
        back = link_button(_("All accounts"), href("/verwaltung"))
        return html.Div(empty_state(_("There is no such account"), text, back, level=1), className="page verwaltung")
    form = edit_form(
        CHANGE,
        values=values_of(account),
        about={"account": str(account.number)},
        options={"areas": _area_options(areas)},
        id=f"form-konto-{account.number}",
        has_title=False,
    )
    back = link_button(_("All accounts"), href("/verwaltung"), symbol="back")
    return html.Div(
        [
            page_header(account.display_name, lead=words.role_sentence(account.role), actions=back),
            *_said(context),
            html.Div(
                [
                    html.Div([panel(_("Account"), _facts(account, areas, day)), _actions(account)]),
                    panel(_("Change the account"), form),
                ],
                className="verwaltung-grid",
            ),
        ],
        className="page verwaltung",
    )


def _said(context: PageContext) -> list[Component]:
    """What the button that led here has done, or why it did not."""
    done, refused = words.done_words(context.query.get("done", "")), context.query.get("refused")
    if refused:
        return [html.Div(notice(words.refused_words(refused), kind="bad"), role="alert")]
    return [html.Div(notice(done, kind="good"), role="status")] if done else []


def _facts(account: Account, areas: Sequence[AssignableArea], day: date) -> Component:
    password = account.password_changed_at
    return facts(
        [
            (_("Sign-in name"), html.Code(account.name)),
            (_("State"), words.state_badge(account, day)),
            (_("Areas"), words.areas_words(account, areas)),
            (_("Last day"), words.end_words(account)),
            (_("Created"), _created(account)),
            (_("Password"), _password_words(account, format_moment(password) if password else "")),
            (_("Last used"), words.month_words(account)),
        ]
    )


def _created(account: Account) -> str:
    moment = format_moment(account.created_at)
    return _("%(moment)s by %(name)s", moment=moment, name=account.created_by) if account.created_by else moment


def _password_words(account: Account, moment: str) -> str:
    if account.is_demonstration:
        return _("none: one click signs in")
    return _("since %(moment)s", moment=moment) if moment else _("none yet")


def _actions(account: Account) -> Component:
    offered = _offered(account)
    buttons = [
        html.Button(
            [icon(one.symbol), one.label], type="button", className="button", **{"data-opens": f"verwaltung-{one.key}"}
        )
        for one in offered
    ]
    dialogs = [_dialog(one, account) for one in offered]
    return panel(_("What can be done"), [html.Div(buttons, className="verwaltung-actions"), *dialogs])


def _offered(account: Account) -> list[_Action]:
    name = account.display_name
    password = _Action(
        "password",
        "passwort",
        _("New first password"),
        "key",
        _("Make a new first password for %(name)s?", name=name),
        _("It is shown once, on the next page. The present one stops working, and the account is signed out."),
    )
    sign_out = _Action(
        "sign-out",
        "abmelden",
        _("Sign out everywhere"),
        "leave",
        _("Sign %(name)s out everywhere?", name=name),
        _("Drafts of forms stay in the browser; the account can sign in again at once."),
    )
    disable = _Action(
        "disable",
        "sperren",
        _("Disable"),
        "close",
        _("Disable %(name)s?", name=name),
        _("The account is signed out at once and cannot sign in any more. What it has entered stays."),
        is_dangerous=True,
    )
    enable = _Action(
        "enable",
        "freischalten",
        _("Enable"),
        "check",
        _("Let %(name)s sign in again?", name=name),
        _("With the same password, role and areas as before."),
    )
    mine = [] if account.is_demonstration else [password]
    return [*mine, enable] if account.is_disabled else [*mine, sign_out, disable]


def _dialog(action: _Action, account: Account) -> Component:
    """The question; its answer is a request of its own, so that it works the same without any callback."""
    identity = f"verwaltung-{action.key}"
    kind = "danger" if action.is_dangerous else "primary"
    answers = [
        html.Button(_("Cancel"), type="button", className="button", **{"data-closes": "true"}),
        # The button that sends carries the value: Dash has no hidden input.
        html.Button(
            action.label, type="submit", name="account", value=str(account.number), className=f"button button-{kind}"
        ),
    ]
    form = html.Form(
        html.Div(answers, className="dialog-answers"), action=href(f"/verwaltung/{action.path}"), method="POST"
    )
    body = [html.H2(action.question, id=f"{identity}-title"), html.P(action.consequence), form]
    return html.Dialog(body, id=identity, className="dialog", **{"aria-labelledby": f"{identity}-title"})


def _area_options(areas: Sequence[AssignableArea]) -> list[tuple[str, str]]:
    return [(str(one.id), words.area_words(one)) for one in areas]
