"""What the address asks for: one released state (`release=`, else the latest), or the steps of a release (`step=`)."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, icon, link_button, page_header
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.freigaben import release, state
from dashboard.routes import href
from geodata.access import Scope
from geodata.publishing.publications import find_publication, read_publications


def build(context: PageContext) -> Component:
    """The part of the page that the address asks for; the steps of a release are for who may release."""
    # The page of scenarios leads here with one of them.
    is_release = context.query.get("step") or (context.query.get("scenario") and not context.query.get("release"))
    if is_release and context.scope.allows("publication:write"):
        return release.build(context)
    given = context.query.get("release", "")
    number = int(given) if given.isdecimal() and len(given) < 10 else None
    with context.deps.asker() as asker:
        known = read_publications(asker)
        found = find_publication(asker, number) if known else None
    if not known:
        return _page(context.scope, [_nothing_yet(context.scope)])
    if found is None or (given and number is None):
        return _page(context.scope, [_no_such(), state.list_panel(known, None)])
    return _page(context.scope, state.parts(known, found))


def _page(scope: Scope, parts: list[Component]) -> Component:
    actions = []
    if scope.allows("publication:write"):
        address = href("/freigaben", {"step": "form"})
        actions.append(link_button(_("Release a state"), address, symbol="release", kind="primary"))
    lead = _("What an office has released for councils and committees.")
    return html.Div([page_header(_("Released state"), lead=lead, actions=actions), *parts], className="page freigaben")


def _nothing_yet(scope: Scope) -> Component:
    """No figure and no map of the current data: politics sees what was released, and nothing has been yet."""
    words = _(
        "An office puts figures, maps and texts of a date together, checks that they show nothing about single "
        "households, and releases them. Released states will stand here, the latest first, each with its date."
    )
    return empty_state(_("Nothing has been released yet"), words, symbol="release")


def _no_such() -> Component:
    words = _("The link is mistyped, or it belongs to another city. All released states stand in the list.")
    link = html.A(
        [icon("back"), _("To the latest released state")], href=href("/freigaben"), className="button qm-link"
    )
    return empty_state(_("There is no such released state"), words, link)
