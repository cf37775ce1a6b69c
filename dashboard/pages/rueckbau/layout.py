"""The page of demolitions, built on the server from the link: tiles, stages, plan against reality, areas, list.

With `project=` in the link it shows that one project instead, with all its stages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, filter_bar, link_button, notice, page_header, query_select
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.rueckbau import ids, panels, project, selection, words
from dashboard.routes import href
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.codes import DEMOLITION_STAGES
from geodata.demolitions import Project, StageKind, read_projects, read_stage_kinds
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter

# What a page keeps of its link when it leads elsewhere.
KEPT = ("as_of", "lang")


@dataclass(frozen=True)
class Contents:
    """What the page shows: the projects of the common filter, and those of them that the whole link means."""

    within: tuple[Project, ...]
    projects: tuple[Project, ...]
    kinds: tuple[StageKind, ...]
    areas: tuple[Area, ...]
    as_of: date


def layout(context: PageContext) -> Component:
    """The page, one opened project, or words for what the link means but nobody has."""
    with context.deps.asker() as asker:
        if context.query.get(ids.PROJECT):
            return _opened_project(asker, context)
        areas = selection.visible_areas(read_areas(asker, context.as_of), context.scope)
        try:
            contents = read_contents(asker, context, areas)
        except InvalidFilter as refused:
            said = _("This part of the link cannot be read: %(part)s.", part=refused.field)
            return html.Div([_head(), _bar(context, areas, ()), notice(said, kind="bad")], className="page rueckbau")
    bar = _bar(context, areas, selection.programmes(contents.within))
    return html.Div([_head(), bar, *_body(context, contents)], className="page rueckbau")


def read_contents(asker: Asker, context: PageContext, areas: tuple[Area, ...]) -> Contents:
    """Everything that the page shows, in one transaction; raises `InvalidFilter` for a link that cannot be read."""
    within = read_projects(asker, PropertyFilter.from_query(context.query))
    projects = selection.selected(within, context.query)
    return Contents(within, projects, read_stage_kinds(asker), areas, context.as_of)


def _head() -> Component:
    lead = _("Where each project stands, what slips against its plan, and what holds it up.")
    return page_header(_("Demolitions"), lead=lead)


def _bar(context: PageContext, areas: Sequence[Area], programmes: Sequence[str]) -> Component:
    query = context.query
    extra = [
        query_select(ids.STAGE, _("Stage"), _codes(DEMOLITION_STAGES), query, empty_label=_("all")),
        query_select(ids.PROGRAMME, _("Programme"), [(name, name) for name in programmes], query, empty_label=_("all")),
        query_select(ids.STATUS, _("Status"), _statuses(), query, empty_label=_("all")),
    ]
    said = words.filter_parts(query)
    return filter_bar(context, ("area", "text"), areas, extra=extra, extra_parts=ids.RESTRICTING, extra_words=said)


def _body(context: PageContext, contents: Contents) -> Sequence[Component]:
    if not contents.projects:
        return [_nothing(context, contents)]
    query, projects, as_of = context.query, contents.projects, contents.as_of
    return [
        panels.tiles(projects, contents.kinds, as_of),
        html.Div(
            [
                panels.pipeline(projects, contents.kinds, query),
                panels.areas(projects, contents.areas, query),
            ],
            className="rueckbau-pair",
        ),
        panels.plan(projects, query, as_of),
        panels.listed(query),
    ]


def _nothing(context: PageContext, contents: Contents) -> Component:
    is_restricted = contents.within or any(context.query.get(part) for part in ("area", "text"))
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
        return project.project_page(found[0], context)
    return project.not_one(found, context)


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """The part of a link that says for when and in which language."""
    return {name: query[name] for name in KEPT if name in query}


def _codes(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, code_label("demolition_stage", code)) for code in codes]


def _statuses() -> list[tuple[str, str]]:
    return [(status, code_label("demolition_status", status)) for status in selection.STATUSES]
