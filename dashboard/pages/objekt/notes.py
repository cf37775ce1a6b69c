"""The panel of notes: each with its class, who wrote it when, and what it said before."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, icon, panel
from dashboard.formatting import format_date, format_moment
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.objekt.actions import CORRECTIONS, WITHDRAWALS, Links
from dashboard.pages.objekt.record import Record
from geodata.access import Scope
from geodata.notes import Note


def notes_panel(record: Record | None, scope: Scope, links: Links) -> list[Component]:
    """The panel for roles that read notes; an empty one says what would stand there."""
    if record is None or not scope.allows("note:read"):
        return []
    if not record.notes:
        text = _("No note yet. Notes are free text; each says who may read it.")
        return [panel(_("Notes"), html.P(text, className="quiet"), id="notizen")]
    may_write = scope.allows("note:write") and record.merged_into is None
    items = [_note(one, links, may_correct=may_write and _is_own(one, scope)) for one in record.notes]
    return [panel(_("Notes"), html.Ul(items, className="objekt-notes"), id="notizen")]


def _is_own(one: Note, scope: Scope) -> bool:
    return scope.allows("property:write") or one.account == scope.account


def _note(one: Note, links: Links, *, may_correct: bool) -> Component:
    kind = "warn" if one.note_class == "case" else "neutral"
    head = html.Div(
        [
            html.Time(format_date(one.written_on), dateTime=one.written_on.isoformat(), className="objekt-date"),
            badge(code_label("note_class", one.note_class), kind=kind),
        ],
        className="objekt-note-head",
    )
    words = f"{one.account_name}, {format_moment(one.recorded_at)}"
    foot: list[Component] = [html.Span(words, className="quiet")]
    is_current = one.withdrawn_at is None
    if may_correct and is_current:
        foot += correction_links("note", one.id, links, _("note of %(date)s", date=format_date(one.written_on)))
    body = html.P(one.body, className="objekt-note-body")
    gone = [html.P(_("taken back on %(moment)s", moment=format_moment(one.withdrawn_at)), className="objekt-fate")]
    return html.Li(
        [head, body if is_current else html.Del(body), *([] if is_current else gone), *_history(one),
         html.P(foot, className="objekt-foot")],
        className="objekt-note",
    )  # fmt: skip


def _history(one: Note) -> list[Component]:
    if not one.earlier:
        return []
    count = len(one.earlier)
    title = ngettext(
        "Corrected: show the earlier version", "Corrected: show %(count)s earlier versions", count, count=count
    )
    versions = [
        html.Li(
            [
                html.Time(format_date(old.written_on), dateTime=old.written_on.isoformat(), className="objekt-date"),
                html.Div(
                    [
                        html.Del(html.P(old.body, className="objekt-note-body")),
                        html.P(
                            f"{old.account_name}, {format_moment(old.recorded_at)}", className="objekt-origin quiet"
                        ),
                    ]
                ),
            ]
        )
        for old in one.earlier
    ]
    summary = html.Summary([html.Span(title), icon("chevron")])
    return [html.Details([summary, html.Ul(versions, className="objekt-versions")], className="objekt-corrected")]


def correction_links(table: str, fact_id: int, links: Links, what: str) -> list[Component]:
    """The links that correct one entry and take it back; a screen reader hears which one."""
    ways = [(CORRECTIONS.get(table), _("Correct")), (WITHDRAWALS.get(table), _("Take back"))]
    return [
        html.A(
            [words, html.Span(f" ({what})", className="visually-hidden")],
            href=links.form(form, fact=fact_id),
            id=f"objekt-{form.key}-{fact_id}",
            className="qm-link objekt-correct",
        )
        for form, words in ways
        if form is not None
    ]
