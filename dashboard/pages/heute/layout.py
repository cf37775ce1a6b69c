"""What there is to do on the as-of date, in lists; each says how many there are and leads to all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, figure_tile, filter_bar, link_button, notice, page_header
from dashboard.components.watch_list import watched_part
from dashboard.components.work_list import all_link, first_of, nothing_to_do, work_entry, work_list, work_panel
from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import in_time
from dashboard.page import PageContext
from dashboard.pages.heute import clocks, rounds, words
from dashboard.pages.heute.links import Links
from dashboard.routes import href
from geodata.access import Asker, Scope
from geodata.areas import read_areas
from geodata.control_reads import DueRow
from geodata.deliveries import Delivery, latest_deliveries, latest_with_trouble
from geodata.demolitions import Project, ProjectWish, read_projects
from geodata.errors import InvalidFilter
from geodata.figures import REGISTER, read_figures
from geodata.filters import PropertyFilter
from geodata.freshness import Freshness, freshness
from geodata.work import AccessTask, Listed, Reminder, read_access_tasks, read_overdue, read_reminders

TILES: Final = ("controls_on_time", "controls_overdue", "objects_overdue", "projects_blocked", "projects_late")
# Reminders of the next days; more of them are for another day.
AHEAD_DAYS: Final = 7
SHOWN: Final = 10
# Several lists share a panel or a column; the rest of each is one click away.
SHOWN_FIRST: Final = 5
# Beyond this a list is no list of today any more; the number over it says how many there are.
MOST: Final = 100


def layout(context: PageContext) -> Component:
    """The lists for the filter of the link."""
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    day = format_date(context.as_of)
    lead = _(
        "What there is to do on %(date)s: deadlines, reminders, controls, access, demolitions, deliveries.", date=day
    )
    head = [
        page_header(_("Today"), lead=lead, actions=_new(context.scope)),
        filter_bar(context, ("area",), areas),
    ]
    try:
        chosen = replace(PropertyFilter.from_query(context.query), as_of=context.as_of)
    except InvalidFilter as refused:
        text = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        return html.Div([*head, notice(text, kind="bad")], className="page heute")
    links = Links(context.query)
    # Access is asked last: it looks at the visits of the whole city, and what takes too long ends the reading.
    tiles, deadlines, reminders, watched, planned, overdue, projects, money, deliveries, access = in_time(
        context.deps,
        [
            (_("Figures"), lambda asker: tiles_of(asker, chosen)),
            (_("Deadlines of proceedings"), lambda asker: clocks.deadlines_of(asker, chosen, links)),
            (_("Reminders"), lambda asker: reminders_of(asker, chosen, links)),
            watched_part(context),
            rounds.part(context.as_of),
            (_("Overdue controls"), lambda asker: overdue_of(asker, chosen, links)),
            (_("Demolitions held up or late"), lambda asker: projects_of(asker, chosen, links)),
            (_("Money with a deadline"), lambda asker: clocks.money_of(asker, chosen, links)),
            (_("Deliveries"), lambda asker: deliveries_of(asker, context.as_of, links)),
            (_("Clarify access"), lambda asker: access_of(asker, chosen, links)),
        ],
    )
    columns = [
        html.Div(part, className="work-column")
        for part in ([deadlines, reminders, access, deliveries], [watched, planned, overdue, projects, money])
    ]
    return html.Div([*head, tiles, html.Div(columns, className="work-grid")], className="page heute")


def _new(scope: Scope) -> list[Component]:
    """Ways to enter something that is about no object of a list."""
    ways = [
        ("property:write", _("New hint"), "/erfassen", "plus"),
        ("round:write", _("New round"), "/runde", "inspection"),
        ("round:write", _("Plan a round"), "/planer", "calendar"),
    ]
    return [link_button(text, href(path), symbol=symbol) for need, text, path, symbol in ways if scope.allows(need)]


def tiles_of(asker: Asker, chosen: PropertyFilter) -> Component:
    """The figures of the register over the lists, with the wholes of which they are parts."""
    wholes = [whole for key in TILES if (whole := REGISTER[key].part_of)]
    found = read_figures(asker, chosen, keys=[*TILES, *wholes])
    return html.Section([figure_tile(found, key) for key in TILES], className="tiles", **{"aria-label": _("Figures")})


# --- reminders --------------------------------------------------------------------------------------------------------


def reminders_of(asker: Asker, chosen: PropertyFilter, links: Links) -> Component:
    """Reminders of the day, of the next days, and those that have passed."""
    today = chosen.as_of or date.min
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    spans = (
        (_("Today"), today, today, _("No reminder falls on this day.")),
        (
            _("Next %(days)s", days=format_days(AHEAD_DAYS)),
            tomorrow,
            today + timedelta(days=AHEAD_DAYS),
            _("No reminder in these days."),
        ),
        (_("Overdue"), None, yesterday, _("No reminder has passed.")),
    )
    found = [
        (title, read_reminders(asker, chosen, first_on=first, last_on=last, most=MOST), nothing)
        for title, first, last, nothing in spans
    ]
    total = sum(listed.total for _title, listed, _nothing in found)
    groups = [_reminder_group(title, listed, nothing, today, links) for title, listed, nothing in found]
    return work_panel(_("Reminders"), total, groups, nothing=_("No reminder is due."))


def _reminder_group(title: str, listed: Listed[Reminder], nothing: str, today: date, links: Links) -> Component:
    heading = f"{title} ({format_number(listed.total)})" if listed.total else title
    entries = [
        work_entry(
            one.address or one.key,
            links.property(one.property_id),
            lines=[
                words.reminder_line(one),
                _quick([(_("Done, or another date"), links.property(one.property_id, form="naechster-schritt"))], one),
            ],
            mark=badge(
                words.reminder_mark(one.reminder_on, today), kind="bad" if one.reminder_on < today else "neutral"
            ),
        )
        for one in listed.rows
    ]
    content = (
        [work_list(entries, shown=SHOWN_FIRST), *first_of(listed.total, MOST)] if entries else [nothing_to_do(nothing)]
    )
    return html.Div([html.H3(heading), *content], className="work-group")


def _quick(ways: Sequence[tuple[str, str]], about: Reminder | DueRow | AccessTask) -> Component:
    """What can be done with an entry at once: links that open the form; a screen reader hears for which object."""
    name = about.address or about.key
    return html.Span(
        [
            html.A([text, html.Span(f": {name}", className="visually-hidden")], href=address, className="qm-link")
            for text, address in ways
        ],
        className="work-actions",
    )


def _access_ways(task: AccessTask, links: Links) -> list[tuple[str, str]]:
    step = links.property(task.property_id, form="naechster-schritt", step="access")
    return [(_("Plan the next step"), step), (_("Write a note"), links.property(task.property_id, form="notiz"))]


# --- controls ---------------------------------------------------------------------------------------------------------


def overdue_of(asker: Asker, chosen: PropertyFilter, links: Links) -> Component:
    """The longest overdue controls, and the way to all of them."""
    listed = read_overdue(asker, chosen, most=SHOWN)
    entries = [
        work_entry(
            row.address or row.key,
            links.property(row.property_id),
            lines=[
                words.due_line(row),
                _quick([(_("Record a control"), links.property(row.property_id, form="kontrolle"))], row),
            ],
            mark=badge(_("%(days)s overdue", days=format_days(row.overdue_days)), kind="bad"),
        )
        for row in listed.rows
    ]
    every = all_link(
        _("Show all %(count)s overdue controls", count=format_number(listed.total)),
        links.filtered("/kontrollen", due="overdue"),
    )
    return work_panel(
        _("Overdue controls"), listed.total, [work_list(entries), every], nothing=_("No control is overdue.")
    )


def access_of(asker: Asker, chosen: PropertyFilter, links: Links) -> Component:
    """Properties with two failed visits in a row."""
    listed = read_access_tasks(asker, chosen, most=MOST)
    entries = [
        work_entry(
            task.address or task.key,
            links.property(task.property_id),
            lines=[words.access_line(task), _quick(_access_ways(task, links), task)],
            mark=badge(_("%(count)s in vain", count=format_number(task.failed_visits)), kind="warn"),
        )
        for task in listed.rows
    ]
    return work_panel(
        _("Clarify access"),
        listed.total,
        [work_list(entries, shown=SHOWN_FIRST), *first_of(listed.total, MOST)],
        nothing=_("At no property have two visits in a row failed."),
    )


# --- demolitions ------------------------------------------------------------------------------------------------------


def projects_of(asker: Asker, chosen: PropertyFilter, links: Links) -> Component:
    """Running projects that are held up, the longest first, then those behind their plan, the latest first."""
    running = read_projects(asker, chosen, ProjectWish(status="running", sort="slip_days", descending=True))
    blocked = sorted((one for one in running if one.is_blocked), key=lambda one: one.blocked_since_on or date.max)
    late = [one for one in running if (one.slip_days or 0) > 0]
    wanted = [*blocked, *(one for one in late if not one.is_blocked)]
    ways = [
        (_("Show %(count)s held up", count=format_number(len(blocked))), "blocked", blocked),
        (_("Show %(count)s behind their plan", count=format_number(len(late))), "late", late),
    ]
    every = [all_link(text, links.filtered("/rueckbau", status=status)) for text, status, found in ways if found]
    entries = [_project_entry(one, links) for one in wanted]
    return work_panel(
        _("Demolitions held up or late"),
        len(wanted),
        [work_list(entries, shown=SHOWN_FIRST), *every],
        nothing=_("No running demolition is held up or behind its plan."),
    )


def _project_entry(project: Project, links: Links) -> Component:
    mark = badge(_("held up"), kind="bad", shape="diamond") if project.is_blocked else badge(_("late"), kind="warn")
    address = links.dated("/rueckbau", project=project.key, property=project.property_id)
    return work_entry(project.address, address, lines=words.project_lines(project), mark=mark)


# --- deliveries -------------------------------------------------------------------------------------------------------


def deliveries_of(asker: Asker, as_of: date, links: Links) -> Component:
    """Sources whose data are older than usual, and deliveries of which something was not taken over."""
    sources = freshness(latest_deliveries(asker, as_of), as_of)
    late = [one for one in sources if one.level in ("ageing", "old")]
    troubled = latest_with_trouble(asker, as_of)
    entries = [*(_troubled_entry(one, links) for one in troubled), *(_late_entry(one, links) for one in late)]
    content = [work_list(entries, shown=SHOWN_FIRST), all_link(_("Show all deliveries"), links.dated("/lieferungen"))]
    nothing = _("Every source is up to date, and of its latest delivery everything was taken over.")
    return work_panel(_("Deliveries late or not taken over"), len(entries), content, nothing=nothing)


def _troubled_entry(one: Delivery, links: Links) -> Component:
    mark = badge(_("refused"), kind="bad") if one.refused else badge(_("taken over in part"), kind="warn")
    title = f"{code_label('delivery_source', one.source)}, {format_date(one.as_of)}"
    address = links.dated("/lieferungen", delivery=one.id)
    return work_entry(title, address, lines=[words.trouble_line(one)], mark=mark)


def _late_entry(one: Freshness, links: Links) -> Component:
    mark = badge(_("out of date") if one.level == "old" else _("ageing"), kind="warn")
    address = links.dated("/lieferungen", delivery=one.delivery_id)
    return work_entry(
        code_label("delivery_source", one.source), address, lines=[words.late_source_line(one)], mark=mark
    )
