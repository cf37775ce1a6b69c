"""The page: whether the log is unharmed, its entries with a filter, and what stands in it and what does not."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    button,
    empty_state,
    export_links,
    notice,
    page_header,
    panel,
    query_field,
    query_select,
    remote_table,
)
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.protokoll import ids, state, words
from dashboard.pages.protokoll.tables import LOG
from dashboard.routes import href
from geodata.access import Asker
from geodata.audit.reads import FIELDS, LogFilter, count_log
from geodata.codes import AUDIT_ACTIONS
from geodata.errors import InvalidFilter


def build(context: PageContext) -> Component:
    """The page for the filter of the link."""
    lead = _("Who did what and when: sign-ins, files, restricted data, entries, releases, deliveries and accounts.")
    with context.deps.asker() as asker:
        parts = [
            page_header(_("Log"), lead=lead),
            _state(context, asker),
            _entries(context, asker),
            panel(_("What stands in the log, and what does not"), _explained()),
        ]
    return html.Div(parts, className="page protokoll")


def _state(context: PageContext, asker: Asker) -> Component:
    body = html.Div(state.last_checked(context.deps, asker), id=ids.STATE, role="status")
    return panel(_("Is the log unharmed?"), body, actions=button(_("Check now"), id=ids.CHECK, symbol="check"))


def _entries(context: PageContext, asker: Asker) -> Component:
    title = _("Entries")
    bar = _filter(context)
    try:
        chosen = LogFilter.from_query(context.query)
    except InvalidFilter as refused:
        text = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        return panel(title, [bar, notice(text, kind="bad")])
    if not count_log(asker, LogFilter()):
        text = _("As soon as somebody of your city signs in or takes a file away, it stands here.")
        return panel(title, empty_state(_("Nothing has been logged yet"), text, level=3))
    table = remote_table(
        LOG,
        ids.LIST,
        context.query,
        label=_("Entries of the log, the latest first"),
        empty=_("No entry fits this filter. Entries are kept for 12 months."),
    )
    return panel(title, [bar, *_chosen(context, chosen), table], actions=export_links(LOG, context.query))


def _filter(context: PageContext) -> Component:
    actions = [(code, code_label("audit_action", code)) for code in AUDIT_ACTIONS]
    controls = [
        query_field("first", _("From day"), context.query, kind="date"),
        query_field("last", _("Up to day"), context.query, kind="date"),
        query_select("action", _("Action"), actions, context.query, empty_label=_("all")),
        query_field("account", _("Account"), context.query),
    ]
    return html.Div(
        html.Div(controls, className="filter-bar-controls"),
        className="filter-bar",
        role="search",
        **{"aria-label": _("Filter")},
    )


def _chosen(context: PageContext, chosen: LogFilter) -> list[Component]:
    if not chosen.is_restricted:
        return []
    kept = {name: value for name, value in context.query.items() if name not in FIELDS}
    reset = html.A(_("Reset the filter"), href=href(context.page_path, kept), className="qm-link")
    sentence = _("Only: %(parts)s.", parts="; ".join(words.filter_in_words(chosen)))
    return [html.P([html.Span(sentence), " ", reset], className="filter-bar-words", role="status")]


def _explained() -> list[Component]:
    is_in_it = [
        _("signing in and out, and failed attempts; a name that no account has is not kept"),
        _("every file taken out: its name, its filter and its rows, whatever the role"),
        _("restricted data that were opened: owners, counts of persons, photographs in full size"),
        _("entries and changes, releases, deliveries taken over or withdrawn, changes of accounts"),
        _("erasures, deletions at the end of their time, backups and restores"),
    ]
    is_not = [
        _("which pages somebody looked at, how long, or what was searched for"),
        _("what stood in a record: an entry names the object, never a person"),
        _("figures about single employees: nothing is counted, ordered or compared by account, here or anywhere else"),
    ]
    rules = [
        _("The log is for proving who had access to data and for clearing up misuse, and for nothing else."),
        _("Entries cannot be changed. They are deleted after 12 months, and the deletion leaves a proof."),
        _("What concerns no city, such as backups and sign-ins under an unknown name, is shown by qm audit show."),
        _("What cannot be logged is not done: the file, the sign-in or the release is refused until it can be."),
    ]
    return [
        html.H3(_("In the log")),
        html.Ul([html.Li(one) for one in is_in_it]),
        html.H3(_("Not in the log")),
        html.Ul([html.Li(one) for one in is_not]),
        html.H3(_("Rules")),
        html.Ul([html.Li(one) for one in rules]),
    ]
