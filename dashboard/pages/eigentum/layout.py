"""The page: the search and one owner for who may read owners, the counts by kind of owner for all who come here."""

from dataclasses import replace
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import filter_bar, icon, notice, page_header
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.eigentum.holdings import holdings_panels
from dashboard.pages.eigentum.search import search_panel
from dashboard.pages.eigentum.statistics import statistics_panel
from dashboard.routes import href
from geodata.areas import read_areas
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter
from geodata.owner_holdings import read_holdings
from geodata.owner_statistics import read_owner_types
from geodata.owners import PERMISSION

OWNER: Final = "owner"
PARAMETERS: Final = (OWNER,)
# Numbers of the database have no more.
_MOST_DIGITS: Final = 18


def layout(context: PageContext) -> Component:
    """One owner where the link names one and the role may read it, else search and counts."""
    given = context.query.get(OWNER, "")
    if given and context.scope.allows(PERMISSION):
        return _one(context, given)
    return _all(context)


def _one(context: PageContext, given: str) -> Component:
    kept = context.query.get("as_of")
    is_number = given.isascii() and given.isdecimal() and len(given) <= _MOST_DIGITS
    found = None
    if is_number:
        found = read_holdings(context.deps.access, signed_in().scope, int(given), context.as_of)
    back = html.A([icon("back"), _("Search and counts")], href=href("/eigentum", {"as_of": kept}),
                  className="eigentum-back qm-link")  # fmt: skip
    head = page_header(_("Ownership of objects"), lead=_("All objects of one owner, and how sure each link is."))
    return html.Div([back, head, *holdings_panels(found, context.as_of, kept)], className="page eigentum")


def _all(context: PageContext) -> Component:
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    may_search = context.scope.allows(PERMISSION)
    lead = _("How many objects which kind of owner has. Building control also finds all objects of one owner.")
    head = [page_header(_("Ownership of objects"), lead=lead)]
    search = [search_panel(context.as_of, context.query.get("as_of"))] if may_search else []
    bar = filter_bar(context, ("area",), areas)
    try:
        chosen = replace(PropertyFilter.from_query(context.query), as_of=context.as_of)
        with context.deps.asker() as asker:
            found = read_owner_types(asker, chosen)
    except InvalidFilter as refused:
        text = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        return html.Div([*head, *search, bar, notice(text, kind="bad")], className="page eigentum")
    return html.Div([*head, *search, bar, statistics_panel(context, found)], className="page eigentum")
