"""The page: filter, views, the answer to the view's question, its parts; or one proceeding; or the way to a new one."""

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import filter_bar, link_button, notice, page_header, query_select
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import in_time
from dashboard.page import PageContext
from dashboard.pages.verfahren import amicable_view, deadline_view, ids, links, list_view, opening, supply_view
from dashboard.pages.verfahren.detail import detail
from dashboard.pages.verfahren.forms import MEET, PERMISSION
from dashboard.pages.verfahren.open_form import meet_in_list
from dashboard.pages.verfahren.parts import Shown, View
from dashboard.pages.verfahren.question import (
    ALL,
    AMICABLE,
    CUTS,
    DEADLINES,
    STATUSES,
    Question,
    filter_parts,
    status_label,
)
from geodata.areas import Area, read_areas
from geodata.codes import MEASURE_FAMILIES, OFFICES
from geodata.errors import InvalidFilter

VIEWS: Final[Mapping[str, View]] = {
    DEADLINES: deadline_view.view,
    ALL: list_view.view,
    AMICABLE: amicable_view.view,
    CUTS: supply_view.view,
}
# Which controls a view has beside area and text: the others would change nothing there.
_CONTROLS: Final[Mapping[str, tuple[str, ...]]] = {
    DEADLINES: (ids.OFFICE, ids.FAMILY),
    ALL: (ids.OFFICE, ids.FAMILY, ids.STATUS, ids.COURT),
    AMICABLE: (ids.OFFICE,),
    CUTS: (),
}


def layout(context: PageContext) -> Component:
    """The part of the page that the link asks for."""
    if context.path:
        return detail(context)
    if context.query.get(ids.FORM) in (opening.NEW, opening.REPORT) and context.scope.allows(PERMISSION):
        return opening.opening(context)
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    shown_areas = [area for area in areas if not context.scope.area_ids or area.id in context.scope.area_ids]
    try:
        question = Question.from_query(context.query, context.as_of)
    except InvalidFilter as refused:
        words = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        bar = _bar(context, shown_areas, DEADLINES)
        return html.Div([_head(context), bar, notice(words, kind="bad")], className="page verfahren")
    return _page(context, Shown(context, question, shown_areas))


def _page(context: PageContext, shown: Shown) -> Component:
    question = shown.question
    parts = [
        _head(context),
        _bar(context, shown.areas, question.view),
        html.Div(links.view_links(context.query, question.view), className="verfahren-choices"),
        *_open_deadline(context),
        *in_time(context.deps, [VIEWS[question.view](shown)]),
    ]
    return html.Div(parts, className="page verfahren")


def _open_deadline(context: PageContext) -> list[Component]:
    if context.query.get(ids.FORM) != MEET.key:
        return []
    with context.deps.asker() as asker:
        return meet_in_list(asker, context)


def _head(context: PageContext) -> Component:
    lead = _(
        "Talks, orders, coercion and purchases with their steps and deadlines: what is due, what has expired, and what "
        "ended by agreement."
    )
    actions = []
    if context.scope.allows(PERMISSION):
        address = links.same_page(context.query, **{ids.FORM: opening.NEW})
        actions.append(link_button(_("Open a proceeding"), address, symbol="plus", kind="primary"))
    return page_header(_("Proceedings"), lead=lead, actions=actions)


def _bar(context: PageContext, areas: Sequence[Area], view: str) -> Component:
    names = _CONTROLS[view]
    controls = {
        ids.OFFICE: lambda: _menu(ids.OFFICE, _("Office"), "office", OFFICES, context),
        ids.FAMILY: lambda: _menu(ids.FAMILY, _("Kind of proceeding"), "measure_family", MEASURE_FAMILIES, context),
        ids.STATUS: lambda: query_select(
            ids.STATUS, _("Status"), [(one, status_label(one)) for one in STATUSES], context.query, empty_label=_("all")
        ),
        ids.COURT: lambda: query_select(
            ids.COURT, _("Court"), [("1", _("only with a court"))], context.query, empty_label=_("all")
        ),
    }
    return filter_bar(
        context,
        ("area", "text"),
        areas,
        extra=[controls[name]() for name in names],
        extra_parts=names,
        extra_words=filter_parts({name: context.query.get(name, "") for name in names}),
    )


def _menu(name: str, label: str, code_list: str, codes: Sequence[str], context: PageContext) -> Component:
    options = [(code, code_label(code_list, code)) for code in codes]
    return query_select(name, label, options, context.query, empty_label=_("all"))
