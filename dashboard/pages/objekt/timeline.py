"""The timeline of a property: one stream by year, earlier versions and withdrawn entries on demand."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon
from dashboard.formatting import format_date
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.pages.objekt import figures
from dashboard.pages.objekt.actions import WITHDRAWALS, Links
from dashboard.pages.objekt.figures import Entry, Timeline
from dashboard.pages.objekt.notes import correction_links
from dashboard.pages.objekt.record import Record
from dashboard.routes import href
from geodata.access import Scope
from geodata.facts import Origin


def timeline_view(timeline: Timeline, scope: Scope, links: Links, record: Record | None) -> list[Component]:
    """The stream, the latest first; an empty one says what would stand there."""
    if not timeline.entries and not timeline.withdrawn:
        text = _(
            "Nothing is recorded yet. States, assessments, controls, proceedings and demolitions appear here as soon "
            "as a delivery has them."
        )
        return [html.P(text, className="quiet")]
    years = [
        html.Section(
            [
                html.H3(str(year), className="objekt-year"),
                html.Ol([_entry(entry, scope, links, record) for entry in entries], className="objekt-events"),
            ]
        )
        for year, entries in timeline.years
    ]
    return [*years, *_withdrawn(timeline.withdrawn, scope)]


def _entry(entry: Entry, scope: Scope, links: Links, record: Record | None) -> Component:
    return html.Li(
        [
            html.Time(format_date(entry.valid_on), dateTime=entry.valid_on.isoformat(), className="objekt-date"),
            html.Span(className=f"objekt-dot objekt-dot-{entry.kind}", **{"aria-hidden": "true"}),
            html.Div(
                [
                    *_content(entry),
                    _source(entry.history.origin, scope),
                    *_corrections(entry, scope, links, record),
                    *_replaced(entry, scope),
                ]
            ),
        ],
        className=f"objekt-event objekt-event-{entry.kind}",
    )


def _corrections(entry: Entry, scope: Scope, links: Links, record: Record | None) -> list[Component]:
    """Ways to correct an entry and to take it back: one's own, or for who keeps the record, any."""
    form, fact_id = WITHDRAWALS.get(entry.kind), entry.history.fact_id
    if form is None or fact_id is None or record is None or record.merged_into is not None:
        return []
    edit = record.edit(entry.history.origin.edit_id)
    is_own = edit is not None and edit.account_name == (scope.account_name or scope.account)
    if not scope.allows(form.permission) or not (is_own or scope.allows("property:write")):
        return []
    what = f"{entry.title}, {format_date(entry.valid_on)}"
    return [html.P(correction_links(entry.kind, fact_id, links, what), className="objekt-foot")]


def _content(entry: Entry) -> list[Component]:
    kind = html.Span(_kind_name(entry.kind), className="objekt-kind")
    parts: list[Component] = [html.P([kind, html.Strong(entry.title)], className="objekt-event-title")]
    parts += [html.P(detail) for detail in entry.details]
    if entry.defects:
        chips = [html.Li(defect, className="objekt-defect") for defect in entry.defects]
        parts.append(html.Ul(chips, className="objekt-defects", **{"aria-label": _("Defects found")}))
    return parts


def _kind_name(kind: figures.Kind) -> str:
    return {
        "status": _("State"),
        "assessment": _("Assessment"),
        "inspection": _("Control"),
        "demolition": _("Demolition"),
        "measure": _("Proceedings"),
        "supply_cut": _("Supply cut"),
    }[kind]


def _source(origin: Origin, scope: Scope) -> Component:
    text = figures.origin_text(origin)
    if origin.delivery_id is None or not scope.allows("delivery:read"):
        return html.P(text, className="objekt-origin quiet")
    link = html.A(text, href=href("/lieferungen", {"delivery": origin.delivery_id}), className="qm-link")
    return html.P(link, className="objekt-origin quiet")


def _replaced(entry: Entry, scope: Scope) -> list[Component]:
    if not entry.replaced:
        return []
    count = len(entry.replaced)
    title = ngettext(
        "Corrected: show the earlier version", "Corrected: show %(count)s earlier versions", count, count=count
    )
    return [_versions(title, entry.replaced, scope)]


def _withdrawn(entries: tuple[Entry, ...], scope: Scope) -> list[Component]:
    if not entries:
        return []
    count = len(entries)
    title = ngettext("Show %(count)s withdrawn entry", "Show %(count)s withdrawn entries", count, count=count)
    return [_versions(title, entries, scope)]


def _versions(title: str, entries: tuple[Entry, ...], scope: Scope) -> Component:
    items = [
        html.Li(
            [
                html.Time(format_date(entry.valid_on), dateTime=entry.valid_on.isoformat(), className="objekt-date"),
                html.Div([*_content(entry), _fate(entry), _source(entry.history.origin, scope)]),
            ]
        )
        for entry in entries
    ]
    summary = html.Summary([html.Span(title), icon("chevron")])
    return html.Details([summary, html.Ul(items, className="objekt-versions")], className="objekt-corrected")


def _fate(entry: Entry) -> Component:
    words = figures.replaced_text(entry.history)
    return html.P(words[:1].upper() + words[1:], className="objekt-fate")
