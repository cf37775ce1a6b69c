"""The figures of each area by itself, then what changed and what comes. Nothing here is free text of case workers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    badge,
    empty_state,
    figure_tile,
    filter_bar,
    notice,
    page_header,
    panel,
    query_field,
)
from dashboard.components.watch_list import watched_part
from dashboard.components.work_list import all_link, work_entry, work_list, work_panel
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part, in_time
from dashboard.page import PageContext
from dashboard.pages.quartier import words
from dashboard.pages.quartier.coming import AHEAD_DAYS, Coming, read_coming
from dashboard.proceeding_words import deadline_line
from dashboard.routes import href, proceeding_href
from geodata.access import Asker, Scope
from geodata.areas import Area, read_areas
from geodata.changes import Change, read_changes
from geodata.errors import InvalidFilter
from geodata.figure import Period
from geodata.figures import REGISTER, is_open_to, read_figures
from geodata.filters import PropertyFilter

SINCE: Final = "since"
NEWS_DAYS: Final = 30
MOST_NEWS: Final = 300
SHOWN: Final = 12
TILES: Final = (
    "objects_open", "controls_on_time", "controls_overdue", "inspections_done", "projects_demolished",
    "demolition_progress",
)  # fmt: skip
# What stands there where some of these are not for the account.
OTHER_TILES: Final = ("objects_open", "objects_inhabited", "inspections_done", "objects_inspected", "rounds_held")


@dataclass(frozen=True)
class Question:
    """Which areas are shown, for which date, and since when news are told."""

    areas: tuple[Area, ...]
    chosen: PropertyFilter
    news: Period
    query: Mapping[str, str]

    @property
    def as_of(self) -> date:
        """The as-of date of the page."""
        return self.news.last_on


def layout(context: PageContext) -> Component:
    """The page for the areas of the account, or for those that the link names."""
    with context.deps.asker() as asker:
        known = read_areas(asker, context.as_of)
    offered = [area for area in known if area.id in context.scope.area_ids] or known
    first_on = news_period(context.query, context.as_of).first_on
    since = query_field(SINCE, _("Changes since"), {SINCE: first_on.isoformat()}, kind="date")
    head = [_head(), filter_bar(context, ("area",), offered, extra=[since], extra_parts=(SINCE,))]
    try:
        question = question_of(context.query, context.as_of, context.scope, known)
    except InvalidFilter as refused:
        text = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        return html.Div([*head, notice(text, kind="bad")], className="page quartier")
    if not question.areas:
        return html.Div([*head, _no_area(context.scope)], className="page quartier")
    areas, *coming, news = in_time(context.deps, _parts(question, context.scope))
    own = in_time(context.deps, [watched_part(context)])
    beside = html.Div([*coming, *own], className="work-column")
    return html.Div([*head, areas, html.Div([news, beside], className="work-grid")], className="page quartier")


def question_of(query: Mapping[str, str], as_of: date, scope: Scope, known: Sequence[Area]) -> Question:
    """What the link asks: of a role of assigned areas these, or those of them that are chosen; else the chosen ones."""
    chosen = replace(PropertyFilter.from_query(query), as_of=as_of)
    allowed = [area for area in known if not scope.has_areas or area.id in scope.area_ids]
    wanted = chosen.area_ids or (tuple(scope.area_ids) if scope.has_areas else ())
    areas = tuple(area for area in allowed if area.id in wanted)
    return Question(
        areas, replace(chosen, area_ids=tuple(sorted(area.id for area in areas))), news_period(query, as_of), query
    )


def news_period(query: Mapping[str, str], as_of: date) -> Period:
    """The days of the news: since the date of the link, else the last `NEWS_DAYS`.

    A date that is later than the as-of date, or that cannot be read, is none.
    """
    try:
        since = date.fromisoformat(query.get(SINCE, ""))
    except ValueError:
        since = date.max
    return Period(since if since <= as_of else as_of - timedelta(days=NEWS_DAYS), as_of)


def _head() -> Component:
    lead = _(
        "Each area is counted by itself: an object that lies in two of them counts in both, and the numbers of areas "
        "are never added up."
    )
    return page_header(_("My quarter"), lead=lead)


def _no_area(scope: Scope) -> Component:
    if scope.has_areas:
        text = _("The link names areas that are not assigned to this account. Reset the filter to see your own.")
        return empty_state(_("None of your areas"), text)
    text = _("Choose an area above; then its figures stand here, with what changed in it and what comes next.")
    return empty_state(_("No area chosen"), text)


def _parts(question: Question, scope: Scope) -> list[Part]:
    coming: list[Part] = [(_("What comes next"), lambda asker: coming_of(asker, question))]
    return [
        (_("Figures"), lambda asker: areas_of(asker, question)),
        *(coming if scope.allows("plan:read") else []),
        (_("What changed"), lambda asker: news_of(asker, question)),
    ]


# --- figures ----------------------------------------------------------------------------------------------------------


def areas_of(asker: Asker, question: Question) -> Component:
    """A panel for each area with its own figures and the ways to the other pages."""
    panels = [_area_panel(asker, area, question) for area in question.areas]
    return html.Div(panels, className="quartier-areas")


def _area_panel(asker: Asker, area: Area, question: Question) -> Component:
    shown = tiles_of(asker.scope)
    wholes = [whole for key in shown if (whole := REGISTER[key].part_of)]
    found = read_figures(asker, replace(question.chosen, area_ids=(area.id,)), keys=[*shown, *wholes])
    # The register's own period; the other tiles speak of the as-of date.
    in_the_year = _("in the last twelve months")
    hints = dict.fromkeys(("inspections_done", "objects_inspected", "rounds_held"), in_the_year)
    tiles = html.Div([figure_tile(found, key, hint=hints.get(key)) for key in shown], className="tiles")
    ways = (
        (_("Map"), "/karte", "property:read"),
        (_("Inspections"), "/kontrollen", "plan:read"),
        (_("Proceedings"), "/verfahren", "proceeding:read"),
        (_("Demolitions"), "/rueckbau", "demolition:read"),
        (_("Funding"), "/foerderung", "funding:read"),
        (_("Housing"), "/wohnraum", "housing:read"),
    )
    links = [
        html.A(name, href=_filtered(path, question, area=area.id), className="qm-link")
        for name, path, permission in ways
        if asker.scope.allows(permission)
    ]
    kind = html.Span(code_label("area_kind", area.kind), className="work-kind")
    return panel(area.name, [tiles, html.Div(links, className="quartier-links")], actions=kind)


def tiles_of(scope: Scope) -> tuple[str, ...]:
    """The figures of an area's panel: the usual ones, or others where the account does not see all of these."""
    return TILES if all(is_open_to(scope, key) for key in TILES) else OTHER_TILES


def _filtered(path: str, question: Question, **more: object) -> str:
    kept = {name: question.query[name] for name in ("as_of", "area") if question.query.get(name)}
    return href(path, {**kept, **more})


def _dated(path: str, question: Question, **more: object) -> str:
    return href(path, {"as_of": question.query.get("as_of") or None, **more})


# --- news -------------------------------------------------------------------------------------------------------------


def news_of(asker: Asker, question: Question) -> Component:
    """What changed, by day, the latest first; what a delivery changed in many places is folded for each day."""
    listed = read_changes(asker, question.chosen, question.news, most=MOST_NEWS)
    days = [_day(day, changes, question) for day, changes in words.by_day(listed.rows)]
    cut = []
    if listed.total > len(listed.rows):
        text = _(
            "These are the latest %(shown)s of %(count)s; a later date above shows fewer.",
            shown=format_number(len(listed.rows)),
            count=format_number(listed.total),
        )
        cut = [html.P(text, className="work-all quiet")]
    since = format_date(question.news.first_on)
    nothing = _("Since %(date)s nothing has changed.", date=since)
    return work_panel(_("Changed since %(date)s", date=since), listed.total, [*days, *cut], nothing=nothing)


def _day(day: date, changes: Sequence[Change], question: Question) -> Component:
    news = words.by_property(one for one in changes if one.kind != "correction")
    corrected = words.by_property(one for one in changes if one.kind == "correction")
    parts: list[Component] = []
    if news:
        parts.append(work_list([_entry(of_one, question, _news_lines) for of_one in news], shown=SHOWN))
    if corrected:
        title = ngettext(
            "%(count)s object changed or corrected",
            "%(count)s objects changed or corrected",
            len(corrected),
            count=format_number(len(corrected)),
        )
        entries = [_entry(of_one, question, words.correction_lines) for of_one in corrected]
        parts.append(work_list(entries, shown=0, more=title))
    return html.Div([html.H3(format_date(day)), *parts], className="work-group")


def _entry(changes: Sequence[Change], question: Question, say: Callable[[Change], Sequence[str]]) -> Component:
    first = changes[0]
    lines = [line for one in changes for line in say(one)]
    return work_entry(first.address or first.key, _property(first.property_id, question), lines=lines)


def _news_lines(change: Change) -> list[str]:
    return [words.news_line(change)]


def _property(property_id: int, question: Question) -> str:
    return _dated(f"/objekt/{property_id}", question)


# --- what comes -------------------------------------------------------------------------------------------------------


def coming_of(asker: Asker, question: Question) -> Component:
    """Controls, deadlines, planned ends of stages, days of money and reminders that lie ahead."""
    listed = read_coming(asker, question.chosen, question.as_of)
    say: Mapping[str, Callable[[Coming], str]] = {
        "control": lambda one: words.due_line(one.pair) if one.pair else "",
        "stage": lambda one: words.stage_line(one.code or ""),
        "reminder": lambda one: _("Reminder"),
        "deadline": lambda one: deadline_line(one.deadline) if one.deadline else "",
        "money": lambda one: words.money_line(one.money) if one.money else "",
    }
    entries = [
        work_entry(
            one.title,
            _coming_address(one, question),
            lines=[say[one.kind](one)],
            mark=badge(format_date(one.on)),
        )
        for one in listed.rows
    ]
    days = format_number(AHEAD_DAYS)
    every = all_link(_("Show due and overdue controls"), _filtered("/kontrollen", question, due="soon"))
    content = [work_list(entries, shown=SHOWN), every]
    nothing = _("Nothing is due in the next %(count)s days.", count=days)
    return work_panel(_("Due in the next %(count)s days", count=days), listed.total, content, nothing=nothing)


def _coming_address(one: Coming, question: Question) -> str:
    if one.kind == "stage":
        return _dated("/rueckbau", question, project=one.project_key, property=one.property_id)
    if one.deadline is not None:
        if one.deadline.measure_key is None:
            return _dated("/verfahren", question, view="sperren")
        return proceeding_href(one.deadline.measure_key, {"as_of": question.query.get("as_of") or None})
    if one.money is not None:
        return _dated("/foerderung", question, grant=one.money.grant_key)
    return _property(one.property_id or 0, question)
