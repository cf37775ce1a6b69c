"""The frame round every page: header, navigation, live region. The content owns the rest of the screen."""

import json
from collections.abc import Callable, Sequence

from dash import dcc, html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component
from flask import g, request

from dashboard.auth import SignedIn, signed_in
from dashboard.components import badge, date_input, icon
from dashboard.deps import Deps
from dashboard.i18n import code_label, language
from dashboard.i18n import gettext as _
from dashboard.page import Page
from dashboard.routes import asset, href, prefix
from dashboard.wiring import Wiring

THEME_COOKIE = "qm_theme"
THEMES = ("light", "dark")


def chosen_theme() -> str | None:
    """The theme that the user chose; None follows the operating system."""
    theme = request.cookies.get(THEME_COOKIE)
    return theme if theme in THEMES else None


def layout_function(deps: Deps, pages: Sequence[Page]) -> Callable[[], Component]:
    """The layout for whoever is signed in; Dash also asks for it once without a request of a user."""

    def layout() -> Component:
        return shell_layout(signed_in(), pages) if "signed_in" in g else html.Div()

    return layout


def register(wiring: Wiring) -> None:
    """Wire the header: title and navigation follow the page, the as-of date stands in the address."""
    wiring.clientside("shell", "arrive", Output("shell-live", "children"), [Input("shell-page", "data")])
    wiring.clientside(
        "shell",
        "show_as_of",
        Output("shell-as-of", "value"),
        [Input("shell-location", "search")],
        [State("shell-as-of-default", "data")],
    )
    wiring.clientside(
        "shell",
        "choose_as_of",
        Output("shell-as-of-reset", "hidden"),
        [Input("shell-as-of", "value"), Input("shell-as-of-reset", "n_clicks")],
        [State("shell-as-of-default", "data")],
    )
    wiring.clientside("shell", "notify", Output("shell-toasts", "title"), [Input("shell-notice", "data")])


def shell_layout(who: SignedIn, pages: Sequence[Page]) -> Component:
    """The whole frame for one account."""
    reachable = [page for page in pages if page.in_navigation and who.scope.allows(page.permission)]
    table = [{"base": page.base_path, "segment": page.takes_segment, "on": list(page.rerender_on)} for page in pages]
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
            _texts(),
            _header(who),
            _navigation(reachable),
            html.Main(
                html.Div(_waiting(), id="shell-content", className="shell-content"),
                id="content",
                className="shell-main",
                tabIndex="-1",
            ),
            html.Div(id="shell-live", role="status", className="visually-hidden"),
            html.Div(id="shell-toasts", className="toasts"),
            html.Div(id="shell-progress", className="shell-progress", hidden=True),
        ],
        className="shell",
        id="shell",
    )


def _waiting() -> Component:
    return html.Div(html.P(_("Loading …"), className="quiet"), className="page page-waiting")


def _texts() -> Component:
    """Words that scripts show, and the path they need; they are data, so that no script is written into the page."""
    texts = {
        "prefix": prefix(),
        "expired": _("Your session has ended. Sign in again to go on where you were."),
        "failed": _("The server cannot be reached. Check the connection and try again."),
        "number": _("Number of the fault"),
        "close": _("Close"),
        "language": language(),
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
    note = _("date of the latest delivery") if who.account.is_demonstration_city else _("today")
    hidden = not who.scope.allows("property:read")
    return html.Div(
        [
            date_input("shell-as-of", _("As of"), value=who.default_as_of, title=_("Default: %(note)s", note=note)),
            html.Button(_("Reset"), id="shell-as-of-reset", className="button button-quiet button-small", hidden=True),
        ],
        className="as-of",
        hidden=hidden,
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
    return html.Div([_theme_button(), _language_links(), html.Details([summary, _menu_body(role)], className="menu")],
                    className="head-tools")


def _theme_button() -> Component:
    label = _("Dark display")
    return html.Button(
        icon("contrast"),
        id="shell-theme-switch",
        className="button button-quiet button-icon",
        title=label,
        **{"aria-label": label, "aria-pressed": "true" if chosen_theme() == "dark" else "false"},
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


def _menu_body(role: str) -> Component:
    return html.Div(
        [
            html.P(role, className="quiet menu-body-role"),
            html.A(
                [icon("access"), _("Accessibility")], href=href("/barrierefreiheit"), className="menu-item qm-link"
            ),
            html.Form(
                html.Button([icon("leave"), _("Sign out")], type="submit", className="menu-item"),
                action=href("/abmelden"),
                method="POST",
            ),
        ],
        className="menu-body",
    )


def _navigation(pages: Sequence[Page]) -> Component:
    links = [
        html.Li(
            html.A(
                [icon(page.icon), html.Span(_(page.title))],
                href=href(page.base_path),
                className="nav-link qm-link qm-keep",
                **{"data-page": page.key},
            )
        )
        for page in pages
    ]
    return html.Nav(html.Ul(links, className="nav-list"), className="shell-nav", **{"aria-label": _("Pages")})
