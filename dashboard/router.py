"""From the address to the page: the browser's back button, deep links and the as-of date all come through here."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from dash import html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import empty_state
from dashboard.deps import Deps
from dashboard.i18n import gettext as _
from dashboard.i18n import language
from dashboard.page import Page, PageContext, resolve
from dashboard.routes import href, without_prefix
from dashboard.wiring import Wiring
from geodata.access import Role, Scope
from geodata.errors import InvalidFilter, NotAllowed
from geodata.filters import read_day


def register(wiring: Wiring, pages: Sequence[Page]) -> None:
    """Wire the address to the content. `shell.route` lets through only changes after which a page is built anew."""
    wiring.clientside(
        "shell",
        "route",
        Output("shell-route", "data"),
        [Input("shell-location", "pathname"), Input("shell-location", "search")],
        [State("shell-route", "data"), State("shell-pages", "data")],
    )

    @wiring.callback(
        {"content": Output("shell-content", "children"), "page": Output("shell-page", "data")},
        {"route": Input("shell-route", "data")},
        {"search": State("shell-location", "search")},
        permission="account:self",
        prevent_initial_call=True,
    )
    def show(route: Any, search: Any) -> dict[str, Any]:
        return page_content(wiring.deps, pages, route, search)


def page_content(deps: Deps, pages: Sequence[Page], route: Any, search: Any) -> dict[str, Any]:
    """Content and description (key, title, fills_screen, usual_as_of) of the page at a path, for who is signed in."""
    path = without_prefix(str(route.get("path", "/")) if isinstance(route, dict) else "/")
    found = resolve(pages, path)
    if found is None:
        return _described(_no_such_page(), "", _("There is no such page"))
    page, rest = found
    try:
        signed_in().scope.require(page.permission)
        layout = page.layout(_context(deps, page, rest, _query(search)))
    except NotAllowed:
        return _described(_not_open(), "", _("This is not open to your role"))
    # Tabs of two objects are told apart by their names, not by the kind of page.
    title = (_heading(layout) if page.takes_segment else "") or _(page.title)
    return _described(layout, page.key, title, fills_screen=page.fills_screen)


_STARTS: Mapping[Role, str] = {
    "staff": "/heute",
    "manager": "/quartier",
    "external_manager": "/quartier",
    "politics": "/freigaben",
    "admin": "/verwaltung",
}


def start_path(scope: Scope) -> str:
    """Where a role starts: what there is to do, what changed in the areas assigned, or the released state."""
    return _STARTS[scope.role]


def as_of(query: Mapping[str, str], default: date) -> date:
    """The as-of date of an address; one that is missing or cannot be read gives the default, as in filters."""
    try:
        return read_day("as_of", query) or default
    except InvalidFilter:
        return default


def _query(search: Any) -> dict[str, str]:
    return dict(parse_qsl(str(search or "").removeprefix("?")))


def _context(deps: Deps, page: Page, rest: str, query: Mapping[str, str]) -> PageContext:
    who = signed_in()
    return PageContext(
        deps=deps,
        scope=who.scope,
        path=rest,
        query=query,
        as_of=as_of(query, who.default_as_of),
        language=language(),
        page_path=page.base_path,
    )


def _described(content: Component, key: str, title: str, *, fills_screen: bool = False) -> dict[str, Any]:
    # The frame was built once; what somebody enters meanwhile can move the date that pages show unasked.
    usual_as_of = signed_in().default_as_of.isoformat()
    page = {"key": key, "title": title, "fills_screen": fills_screen, "usual_as_of": usual_as_of}
    return {"content": content, "page": page}


def _heading(content: Component) -> str:
    """The first heading of a page where it is plain text, else nothing."""
    found = next((item for item in content._traverse() if isinstance(item, html.H1)), None)
    words = found.children if found is not None else None
    return words if isinstance(words, str) else ""


def _no_such_page() -> Component:
    words = _("The address is mistyped, or the page has moved. The start page leads to everything there is.")
    return empty_state(_("There is no such page"), words, _home(), level=1)


def _not_open() -> Component:
    words = _(
        "Your account may not see this. If you need it for your work, ask the administration of this application."
    )
    return empty_state(_("This is not open to your role"), words, _home(), level=1)


def _home() -> Component:
    return html.A(_("To the start page"), href=href("/"), className="button qm-link")
