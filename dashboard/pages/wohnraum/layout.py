"""The page: filter, views and the parts of the view; or one closed house; or the form for a new entry."""

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, export_links, filter_bar, icon, link_button, notice, page_header
from dashboard.form import Form
from dashboard.i18n import gettext as _
from dashboard.in_time import in_time
from dashboard.page import PageContext
from dashboard.pages.wohnraum import balance_view, ids, links, pool_view, survey_view, whereabouts_view
from dashboard.pages.wohnraum.forms import ENTER_CHANGE, ENTER_HOUSE
from dashboard.pages.wohnraum.house import detail
from dashboard.pages.wohnraum.parts import PERMISSION, Shown, View
from dashboard.pages.wohnraum.question import BALANCE, POOL, SURVEY, SURVEY_PERMISSION, WHEREABOUTS, Question
from dashboard.pages.wohnraum.tables import CHANGES, DWELLINGS, HOUSES, SURVEY_TABLE
from dashboard.table import RemoteTable
from geodata.areas import Area, read_areas
from geodata.errors import InvalidFilter

FILTERS: Final = ("area", "text")
_VIEWS: Final[Mapping[str, View]] = {
    WHEREABOUTS: whereabouts_view.view,
    BALANCE: balance_view.view,
    POOL: pool_view.view,
    SURVEY: survey_view.view,
}
_ENTERED: Final[Mapping[str, Form]] = {form.key: form for form in (ENTER_HOUSE, ENTER_CHANGE)}
_FILES: Final[Mapping[str, RemoteTable]] = {
    WHEREABOUTS: HOUSES,
    BALANCE: CHANGES,
    POOL: DWELLINGS,
    SURVEY: SURVEY_TABLE,
}


def layout(context: PageContext) -> Component:
    """The part of the page that the link asks for."""
    form = _ENTERED.get(context.query.get(ids.FORM, ""))
    if form is not None and context.scope.allows(PERMISSION):
        back = links.same_page(context.query)
        return _alone(context, [html.Div(edit_form(form, cancel=back), className="wohnraum-forms")])
    if context.query.get(ids.HOUSE):
        return _alone(context, detail(context, context.query[ids.HOUSE]))
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    try:
        question = Question.from_query(context.query, context.as_of)
    except InvalidFilter as refused:
        words = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        bar = filter_bar(context, FILTERS, areas)
        return html.Div([_head(context, None), bar, notice(words, kind="bad")], className="page wohnraum")
    return _page(context, Shown(context, question, areas))


def _page(context: PageContext, shown: Shown) -> Component:
    view = shown.question.view
    has_survey = context.scope.allows(SURVEY_PERMISSION)
    if view == SURVEY and not has_survey:
        text = _("The survey is made by building control. Choose another view.")
        parts: list[Component] = [notice(text, kind="info")]
    else:
        parts = in_time(context.deps, _VIEWS[view](shown))
    choices = html.Div(links.view_links(context.query, view, has_survey=has_survey), className="wohnraum-choices")
    return html.Div(
        [_head(context, shown), *_bar(context, shown.areas, view), choices, *parts], className="page wohnraum"
    )


def _bar(context: PageContext, areas: Sequence[Area], view: str) -> list[Component]:
    # The pool belongs to the whole city: an area would narrow only what it is needed for.
    return [] if view == POOL else [filter_bar(context, FILTERS, areas)]


def _head(context: PageContext, shown: Shown | None) -> Component:
    lead = _("What became of closed houses and their households, which dwellings were lost and won, and what is free.")
    actions: list[Component] = []
    if shown is not None:
        actions = [*_entering(context, shown.question.view), *_files(context, shown.question.view)]
    return page_header(_("Balance of dwellings and whereabouts"), lead=lead, actions=actions)


def _entering(context: PageContext, view: str) -> list[Component]:
    form = {WHEREABOUTS: ENTER_HOUSE, BALANCE: ENTER_CHANGE}.get(view)
    if form is None or not context.scope.allows(PERMISSION):
        return []
    address = links.same_page(context.query, **{ids.FORM: form.key})
    return [link_button(_(form.title), address, symbol="plus", kind="primary")]


def _files(context: PageContext, view: str) -> list[Component]:
    table = _FILES[view]
    if not context.scope.allows(table.permission):
        return []
    found = export_links(table, {**context.query, "as_of": context.as_of.isoformat()})
    return [found] if found is not None else []


def _alone(context: PageContext, parts: Sequence[Component]) -> Component:
    back = html.A([icon("back"), _("Back to the list")], href=links.same_page(context.query),
                  className="wohnraum-back qm-link")  # fmt: skip
    return html.Div([back, _head(context, None), *parts], className="page wohnraum")
