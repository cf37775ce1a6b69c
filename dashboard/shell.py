"""The frame round every page: header, navigation, live region. The content owns the rest of the screen."""

import json
from collections.abc import Callable, Sequence

from dash import dcc, html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component
from flask import g, request

from dashboard.auth import CHANGE_RULE, SignedIn, session_left, signed_in
from dashboard.components import badge, button, date_input, icon
from dashboard.deps import Deps
from dashboard.formatting import format_date
from dashboard.i18n import code_label, language
from dashboard.i18n import gettext as _
from dashboard.navigation import is_in_navigation, navigation
from dashboard.page import Page
from dashboard.routes import asset, href, prefix
from dashboard.wiring import Wiring
from geodata.access import ROLES

THEME_COOKIE = "qm_theme"
THEMES = ("light", "dark")


def chosen_theme() -> str | None:
    """The theme that the user chose; None follows the operating system."""
    theme = request.cookies.get(THEME_COOKIE)
    return theme if theme in THEMES else None


def layout_function(deps: Deps, pages: Sequence[Page]) -> Callable[[], Component]:
    """The layout for whoever is signed in; Dash also asks for it once without a request of a user."""

    def layout() -> Component:
        if "signed_in" not in g:
            return html.Div()
        left = session_left(deps.settings.session_idle_minutes * 60)
        return shell_layout(signed_in(), pages, session_seconds=left.seconds if left else 0)

    return layout


def register(wiring: Wiring) -> None:
    """Wire the header: title and navigation follow the page, the as-of date stands in the address."""
    wiring.clientside("shell", "arrive", Output("shell-live", "children"), [Input("shell-page", "data")])
    wiring.clientside(
        "shell",
        "show_as_of",
        [
            Output("shell-as-of", "value"),
            Output("shell-as-of-text", "children"),
            Output("shell-as-of-menu", "data-chosen"),
        ],
        [Input("shell-location", "search"), Input("shell-as-of-default", "data")],
    )
    wiring.clientside(
        "shell",
        "choose_as_of",
        Output("shell-as-of-reset", "hidden"),
        [Input("shell-as-of", "value"), Input("shell-as-of-reset", "n_clicks")],
        [State("shell-as-of-default", "data")],
    )
    wiring.clientside("shell", "notify", Output("shell-toasts", "title"), [Input("shell-notice", "data")])


def shell_layout(who: SignedIn, pages: Sequence[Page], *, session_seconds: int) -> Component:
    """The whole frame for one account."""
    reachable = [page for page in pages if is_in_navigation(page, who.scope)]
    table = [
        {
            "base": page.base_path,
            "segment": page.takes_segment,
            "optional": page.segment_is_optional,
            "on": list(page.rerender_on),
        }
        for page in pages
    ]
    return html.Div(
        [
            html.A(_("Skip to the content"), href="#content", className="skip-link"),
            dcc.Location(id="shell-location", refresh="callback-nav"),
            dcc.Store(id="shell-route"),
            dcc.Store(id="shell-page"),
            dcc.Store(id="shell-notice"),
            dcc.Store(id="shell-theme", data=chosen_theme()),
            dcc.Store(id="shell-pages", data=table),
            dcc.Store(id="shell-as-of-default", data=who.default_as_of.isoformat()),
            _texts(who),
            _header(who),
            navigation(reachable),
            html.Main(
                html.Div(_waiting(), id="shell-content", className="shell-content"),
                id="content",
                className="shell-main",
                # It scrolls, so the keyboard must be able to enter it; the skip link leads here too.
                tabIndex="0",
            ),
            html.Div(id="shell-live", role="status", className="visually-hidden"),
            html.Div(id="shell-toasts", className="toasts"),
            html.Div(id="shell-progress", className="shell-progress", hidden=True),
            _session_dialog(),
        ],
        className="shell",
        id="shell",
    )


def _waiting() -> Component:
    return html.Div(html.P(_("Loading …"), className="quiet"), className="page page-waiting")


def _texts(who: SignedIn) -> Component:
    """Words that scripts show, and the path they need; they are data, so that no script is written into the page."""
    texts = {
        "prefix": prefix(),
        "expired": _("Your session has ended. Sign in again to go on where you were."),
        "failed": _("The server cannot be reached. Check the connection and try again."),
        "number": _("Number of the fault"),
        "close": _("Close"),
        "language": language(),
        "account": who.scope.account,
        "unsent": _("Something you entered has not been sent yet, and signing out discards it. Sign out anyway?"),
    }
    return html.Div(id="shell-texts", hidden=True, **{"data-texts": json.dumps(texts)})


def _header(who: SignedIn) -> Component:
    city = who.account.municipality_name
    return html.Header(
        [
            html.A(
                [html.Img(src=asset("mark.svg"), alt="", width="26", height="26"), html.Span("quartiermonitor")],
                href=href("/"),
                className="brand qm-link",
                **{"aria-label": _("quartiermonitor: to the start page")},
            ),
            html.Div(
                [html.Span(city, className="city-name"), *_demonstration_badge(who)],
                className="city",
            ),
            _as_of(who),
            _menu(who),
        ],
        className="shell-head",
    )


def _demonstration_badge(who: SignedIn) -> list[Component]:
    return [badge(_("Invented example data"), kind="demo")] if who.account.is_demonstration_city else []


def _as_of(who: SignedIn) -> Component:
    """The as-of date; politics sees released states, each with a date of its own, so it has nothing to choose."""
    day = format_date(who.default_as_of)
    if who.account.is_demonstration_city:
        note = _(
            "Unless you choose another date, pages show the date of the latest delivery or entry: %(day)s.", day=day
        )
    else:
        note = _("Unless you choose another date, pages show today: %(day)s.", day=day)
    summary = html.Summary(
        [
            icon("calendar"),
            html.Span(_("As of"), className="as-of-label"),
            html.Span(day, id="shell-as-of-text", className="as-of-day"),
            icon("chevron"),
        ],
        className="menu-summary",
    )
    body = html.Div(
        [
            date_input("shell-as-of", _("Show the state of another date"), value=who.default_as_of),
            html.P(note, className="quiet"),
            button(_("Back to this date"), id="shell-as-of-reset", hidden=True),
        ],
        className="menu-body as-of-body",
    )
    return html.Details(
        [summary, body], className="menu as-of", id="shell-as-of-menu", hidden=not who.scope.allows("property:read")
    )


def _menu(who: SignedIn) -> Component:
    role = code_label("role", who.scope.role)
    summary = html.Summary(
        [
            icon("person"),
            html.Span(
                [html.Span(who.account.display_name, className="menu-name"), html.Span(role, className="menu-role")],
                className="menu-who",
            ),
            icon("chevron"),
        ],
        className="menu-summary",
        **{"aria-label": _("Account and settings: %(name)s, %(role)s", name=who.account.display_name, role=role)},
    )
    menu = html.Details([summary, _menu_body(who)], className="menu")
    return html.Div([_language_links(), menu], className="head-tools")


def _theme_button() -> Component:
    return html.Button(
        [icon("contrast"), html.Span(_("Dark display")), html.Span(icon("check"), className="menu-mark")],
        id="shell-theme-switch",
        type="button",
        className="menu-item",
        **{"aria-pressed": "true" if chosen_theme() == "dark" else "false"},
    )


def _language_links() -> Component:
    names = {"de": "Deutsch", "en": "English"}
    links = [
        html.A(
            code.upper(),
            href=href("/", {"lang": code}),
            lang=code,
            className="language",
            title=name,
            **{"data-lang": code, "aria-label": name} | ({"aria-current": "true"} if code == language() else {}),
        )
        for code, name in names.items()
    ]
    return html.Div(links, className="languages", role="group", **{"aria-label": _("Language")})


def _menu_body(who: SignedIn) -> Component:
    role = who.scope.role
    about = [html.Strong(code_label("role", role)), html.Span(_(ROLES[role].words), className="quiet")]
    return html.Div(
        [
            html.P(about, className="menu-body-role"),
            _theme_button(),
            html.A([icon("access"), _("Accessibility")], href=href("/barrierefreiheit"), className="menu-item qm-link"),
            *_password_link(who),
            _post("/abmelden/ueberall", _("Sign out everywhere"), "leave"),
            _post("/abmelden", _("Sign out"), "leave"),
        ],
        className="menu-body menu-account",
    )


def _password_link(who: SignedIn) -> list[Component]:
    """An example is entered by one click; it has no password that could be changed."""
    if who.account.is_demonstration:
        return []
    return [html.A([icon("key"), _("Change the password")], href=href(CHANGE_RULE), className="menu-item")]


def _post(path: str, words: str, symbol: str) -> Component:
    send = html.Button([icon(symbol), words], type="submit", className="menu-item")
    return html.Form(send, action=href(path), method="POST")


def _session_dialog() -> Component:
    """What `assets/session.js` shows before the session ends; its texts are all there, and one of them is hidden."""
    idle = _("Nothing has been done here for a while. Without your answer you will be signed out at {time}.")
    over = _("Every session ends after twelve hours. Save what is open; you will be signed out at {time}.")
    answers = [
        html.Form(
            html.Button(_("Sign out"), type="submit", className="button"), action=href("/abmelden"), method="POST"
        ),
        html.Button(
            _("Stay signed in"),
            id="shell-session-stay",
            type="button",
            className="button button-primary",
        ),
    ]
    return html.Dialog(
        [
            html.H2(_("Your session is about to end"), id="shell-session-title"),
            html.Div(
                [
                    html.P(id="shell-session-idle", **{"data-text": idle}),
                    html.P(id="shell-session-over", hidden=True, **{"data-text": over}),
                    html.P(_("Drafts of forms stay in this browser."), className="quiet"),
                ],
                id="shell-session-text",
            ),
            html.Div(answers, className="dialog-answers"),
        ],
        id="shell-session",
        className="dialog",
        role="alertdialog",
        **{"aria-labelledby": "shell-session-title", "aria-describedby": "shell-session-text"},
    )
