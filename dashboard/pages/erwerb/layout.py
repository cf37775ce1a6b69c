"""The page: what runs, what was averted and has to be looked at, what was acquired; or the form that the link opens."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    empty_state,
    export_links,
    filter_bar,
    link_button,
    notice,
    page_header,
    panel,
    query_select,
    remote_table,
)
from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part, in_time
from dashboard.page import PageContext
from dashboard.pages.erwerb import forms, history, ids
from dashboard.pages.erwerb.cards import averted_entry, clock_entry, other_entry
from dashboard.pages.erwerb.opening import case_form, opening
from dashboard.pages.erwerb.question import RESTRICTING, Question, filter_parts, same_page
from dashboard.pages.erwerb.reads import read_acquisitions, read_project_keys
from dashboard.pages.erwerb.table import TABLE
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.errors import InvalidFilter
from geodata.measures.acquisitions import STATES, WAYS, Acquisition, by_urgency


def layout(context: PageContext) -> Component:
    """The part of the page that the link asks for."""
    if context.query.get(ids.FORM) == forms.NOTICE.key and context.scope.allows(forms.PERMISSION):
        return opening(context)
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    shown_areas = [area for area in areas if not context.scope.area_ids or area.id in context.scope.area_ids]
    try:
        question = Question.from_query(context.query, context.as_of)
    except InvalidFilter as refused:
        words = notice(_("This part of the link cannot be read: %(part)s.", part=refused.field), kind="bad")
        return html.Div([_head(context), _bar(context, shown_areas), words], className="page erwerb")
    part: Part = (_("Acquisition and pre-emption"), lambda asker: _body(asker, question, context))
    parts = [_head(context), _bar(context, shown_areas), *_open_form(context), *in_time(context.deps, [part])]
    return html.Div(parts, className="page erwerb")


def _head(context: PageContext) -> Component:
    lead = _(
        "How houses come to the city: bought, by its right of pre-emption, at an auction, or because nobody owns them "
        "any more."
    )
    actions: list[Component | None] = []
    if context.scope.allows(forms.PERMISSION):
        address = same_page(context.query, **{ids.FORM: forms.NOTICE.key})
        actions.append(link_button(_("Enter the notice of a contract"), address, symbol="plus", kind="primary"))
    return page_header(_("Acquisition and pre-emption"), lead=lead, actions=[one for one in actions if one is not None])


def _bar(context: PageContext, areas: Sequence[Area]) -> Component:
    ways = [(one, code_label("measure_kind", one)) for one in WAYS]
    states = [(one, code_label("acquisition_state", one)) for one in STATES]
    return filter_bar(
        context,
        ("area", "text"),
        areas,
        extra=[
            query_select(ids.WAY, _("Way"), ways, context.query, empty_label=_("all")),
            query_select(ids.STATE, _("Standing"), states, context.query, empty_label=_("all")),
        ],
        extra_parts=RESTRICTING,
        extra_words=filter_parts(context.query),
    )


def _open_form(context: PageContext) -> list[Component]:
    """The form of the link, built on what is recorded today."""
    wanted = context.query.get(ids.FORM)
    if wanted not in (forms.DECIDE.key, forms.FOLLOW_UP.key) or not context.scope.allows(forms.PERMISSION):
        return []
    with context.deps.asker() as asker:
        return [case_form(asker, context)]


def _body(asker: Asker, question: Question, context: PageContext) -> Component:
    found = read_acquisitions(asker, question)
    if not found:
        return _nothing(question, context)
    projects = read_project_keys(asker, question, found)
    query = context.query
    grid = remote_table(TABLE, ids.LIST, query, label=_("List of acquisitions"))
    hint = html.P(
        _("A click on a heading sorts, a click on a line opens the proceeding."), className="quiet table-hint"
    )
    return html.Div(
        [
            _answer(found),
            *_running(found, context, projects),
            *history.panels(found),
            panel(_("All acquisitions"), [hint, grid], actions=export_links(TABLE, query)),
        ],
        className="erwerb-stack",
    )


def _nothing(question: Question, context: PageContext) -> Component:
    if question.is_restricted:
        text = _("No acquisition fits this filter. Reset a part of it to see more.")
        return panel(_("All acquisitions"), empty_state(_("Nothing to list"), text, level=3))
    text = _(
        "Here stand purchases, pre-emptions with their clock, auctions and plots without an owner. Enter the notice of "
        "a contract, open a proceeding at an object, or load a delivery of proceedings."
    )
    action = None
    if context.scope.allows(forms.PERMISSION):
        address = same_page(context.query, **{ids.FORM: forms.NOTICE.key})
        action = link_button(_("Enter the notice of a contract"), address, symbol="plus")
    return panel(_("All acquisitions"), empty_state(_("No acquisition yet"), text, action, level=3))


def _answer(found: Sequence[Acquisition]) -> Component:
    """What somebody has to know first: which clock ends next, who has to be visited, what was acquired."""
    clocks = by_urgency(found)
    averted = [one for one in found if one.state == "averted"]
    lines = [_clock_line(clocks)]
    if averted:
        late = sum(one.is_follow_up_overdue or one.is_follow_up_missing for one in averted)
        lines.append(
            ngettext("%(count)s pre-emption is averted", "%(count)s pre-emptions are averted", len(averted),
                     count=format_number(len(averted))) + ", "
            + ngettext("%(count)s look is overdue or not planned.", "%(count)s looks are overdue or not planned.", late,
                       count=format_number(late))
        )  # fmt: skip
    acquired = [one for one in found if one.state == "acquired"]
    if acquired:
        lines.append(history.acquired_words(acquired))
    words = [html.P(lines[0], className="erwerb-answer-first"), *(html.P(line) for line in lines[1:])]
    return html.Section(words, className="erwerb-answer", **{"aria-label": _("At a glance")})


def _clock_line(clocks: Sequence[Acquisition]) -> str:
    if not clocks:
        return _("No clock of a pre-emption runs.")
    count = ngettext("%(count)s clock of a pre-emption runs", "%(count)s clocks of pre-emptions run", len(clocks),
                     count=format_number(len(clocks)))  # fmt: skip
    first = clocks[0]
    if first.ends_on is None or first.days_left is None:
        return f"{count}."
    day = format_date(first.ends_on)
    if first.days_left < 0:
        over = _("the first one ended on %(day)s without a decision.", day=day)
        return f"{count}; {over}"
    left = _("the next one ends on %(day)s, %(days)s left.", day=day, days=format_days(first.days_left))
    return f"{count}; {left}"


def _running(found: Sequence[Acquisition], context: PageContext, projects: Mapping[int, str]) -> list[Component]:
    """The clocks first, then what was averted, then the other ways; a part without any case says so."""
    query, may_write = context.query, context.scope.allows(forms.PERMISSION)
    clocks = by_urgency(found)
    averted = sorted((one for one in found if one.state == "averted"), key=_look_first)
    others = [one for one in found if one.state == "running" and one not in clocks]
    entries = {
        "clocks": [clock_entry(one, query, projects.get(one.measure.property_id), may_write=may_write)
                   for one in clocks],
        "averted": [averted_entry(one, query, projects.get(one.measure.property_id), may_write=may_write)
                    for one in averted],
        "others": [other_entry(one, query, projects.get(one.measure.property_id)) for one in others],
    }  # fmt: skip
    told = {
        "clocks": (_("Clocks that run"), _("No clock of a pre-emption runs on this date.")),
        "averted": (_("Averted, with a look to come"), _("No averted pre-emption has to be looked at.")),
        "others": (_("Other acquisitions that run"), _("No other acquisition runs on this date.")),
    }
    notes = {
        "clocks": _("From the notice of the contract of sale the city has a limited time to take the buyer's place."),
        "averted": _("The buyer promised to put the house in order, and the city looks whether that happens."),
        "others": "",
    }
    return [_list(*told[name], notes[name], listed) for name, listed in entries.items()]


def _list(title: str, nothing: str, note: str, entries: Sequence[Component]) -> Component:
    heading = f"{title} ({format_number(len(entries))})" if entries else title
    if not entries:
        return panel(heading, html.P(nothing, className="quiet"))
    said = [html.P(note, className="quiet erwerb-note")] if note else []
    return panel(heading, [*said, html.Ul(list(entries), className="erwerb-list")])


def _look_first(one: Acquisition) -> tuple[str, str]:
    """What nobody has planned comes first, then the nearest day."""
    return (one.follow_up_on.isoformat() if one.follow_up_on else "", one.measure.key)
