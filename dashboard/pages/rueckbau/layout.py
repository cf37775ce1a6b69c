"""The page of demolitions, built on the server from the link: the filter, the views as links, and the view chosen.

With `project=` in the link it shows that one project instead, with all its stages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, filter_bar, icon, link_button, notice, page_header, query_select
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.rueckbau import course_figures, ids, links, new_project, project, selection, words
from dashboard.pages.rueckbau.shown import Shown, View
from dashboard.pages.rueckbau.views import cost, course, glance, obstacles, places, plan
from dashboard.routes import href
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.codes import DEMOLITION_STAGES
from geodata.demolitions import read_projects, read_stage_kinds
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter

# What a page keeps of its link when it leads elsewhere.
KEPT = ("as_of", "lang")
VIEWS: Final[Mapping[str, View]] = {
    links.GLANCE: glance.view,
    links.PLACES: places.view,
    links.PLAN: plan.view,
    links.COURSE: course.view,
    links.COST: cost.view,
    links.OBSTACLES: obstacles.view,
}


def layout(context: PageContext) -> Component:
    """The page, one opened project, or words for what the link means but nobody has."""
    with context.deps.asker() as asker:
        if context.query.get(ids.PROJECT):
            return _opened_project(asker, context)
        if context.query.get(ids.FORM) == new_project.NEW and context.scope.allows("demolition:write"):
            return new_project.page(asker, context)
        areas = selection.visible_areas(read_areas(asker, context.as_of), context.scope)
        try:
            view = links.chosen_view(context.query)
            course_figures.chosen_measure(context.query)
            shown = read_shown(asker, context, areas)
        except InvalidFilter as refused:
            said = _("This part of the link cannot be read: %(part)s.", part=refused.field)
            bar = _bar(context, areas, ())
            return html.Div([_head(context, areas), bar, notice(said, kind="bad")], className="page rueckbau")
    bar = _bar(context, areas, selection.programmes(shown.within))
    parts = VIEWS[view](shown) if shown.projects else [_nothing(shown)]
    body = html.Div(list(parts), className=f"rueckbau-view rueckbau-view-{view}")
    return html.Div(
        [_head(context, areas), bar, links.view_links(context.query, view), body], className="page rueckbau"
    )


def read_shown(asker: Asker, context: PageContext, areas: tuple[Area, ...]) -> Shown:
    """Everything that the views show, in one transaction; raises `InvalidFilter` for a link that cannot be read."""
    chosen = replace(PropertyFilter.from_query(context.query), as_of=context.as_of)
    within = read_projects(asker, chosen)
    known = read_projects(asker, PropertyFilter(as_of=context.as_of)) if chosen.is_restricted else within
    projects = selection.selected(within, context.query)
    return Shown(context, chosen, known, within, projects, read_stage_kinds(asker), areas)


def _head(context: PageContext, areas: Sequence[Area]) -> Component:
    lead = _("Where each project stands, what slips against its plan, and what holds it up.")
    own = ", ".join(sorted(area.name for area in areas if area.id in context.scope.area_ids))
    said = [
        _("State of %(day)s.", day=format_date(context.as_of)),
        _("Your areas: %(areas)s. All numbers count only these.", areas=own) if own else _("Whole city."),
    ]
    actions: list[Component] = [_copy_button(), _print_button()]
    if context.scope.allows("demolition:write"):
        address = links.same_page(context.query, **{ids.FORM: new_project.NEW})
        actions.append(link_button(_("New project"), address, symbol="plus", kind="primary"))
    return page_header(_("Demolitions"), lead=f"{lead} {' '.join(said)}", actions=actions)


def _copy_button() -> Component:
    said = {"data-said": _("The link is copied."), "data-failed": _("Copy the address of this page.")}
    return html.Button(
        [icon("link"), _("Copy the link")], type="button", className="button", **{"data-copies-link": "true", **said}
    )


def _print_button() -> Component:
    return html.Button(_("Print"), type="button", className="button", **{"data-print": "true"})


def _bar(context: PageContext, areas: Sequence[Area], programmes: Sequence[str]) -> Component:
    query = context.query
    extra = [
        query_select(ids.STAGE, _("Stage"), _codes(DEMOLITION_STAGES), query, empty_label=_("all")),
        query_select(ids.PROGRAMME, _("Programme"), [(name, name) for name in programmes], query, empty_label=_("all")),
        query_select(ids.STATUS, _("Status"), _statuses(), query, empty_label=_("all")),
    ]
    said = words.filter_parts(query)
    return filter_bar(context, ("area", "text"), areas, extra=extra, extra_parts=ids.RESTRICTING, extra_words=said)


def _nothing(shown: Shown) -> Component:
    context = shown.context
    is_restricted = shown.within or any(context.query.get(part) for part in ("area", "text"))
    if is_restricted:
        said = _("Reset a part of the filter to see more projects.")
        reset = link_button(_("Reset the filter"), href(context.page_path, kept(context.query)))
        return empty_state(_("No project fits this filter"), said, reset)
    text = _(
        "Here stand the projects with their stages, their plan and what really happened. They come as a delivery: "
        "choose “Demolitions” on the page of deliveries, or load a file with: qm load demolitions."
    )
    leads = context.scope.allows("delivery:write")
    action = link_button(_("To the deliveries"), href("/lieferungen", kept(context.query))) if leads else None
    return empty_state(_("No demolition project on this date"), text, action, symbol="demolition")


def _opened_project(asker: Asker, context: PageContext) -> Component:
    everything = read_projects(asker, PropertyFilter(as_of=context.as_of))
    found = selection.opened(everything, context.query)
    if len(found) == 1:
        return project.project_page(asker, found[0], everything, context)
    return project.not_one(found, context)


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """The part of a link that says for when, in which language and in which view."""
    return {name: query[name] for name in (*KEPT, ids.VIEW) if name in query}


def _codes(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, code_label("demolition_stage", code)) for code in codes]


def _statuses() -> list[tuple[str, str]]:
    return [(status, code_label("demolition_status", status)) for status in selection.STATUSES]
