"""The panel of changes: who entered what when, field by field, and the way to take the latest one back."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import folding_panel, icon
from dashboard.formatting import MISSING, format_date, format_moment
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.objekt import forms
from dashboard.pages.objekt.actions import Links
from dashboard.pages.objekt.record import Record
from geodata.access import Scope
from geodata.edits import EditShown
from geodata.edits.differences import Difference

UNDO: Final = "undo"
# How edits call themselves (the key of their form) and how a reader does.
_KINDS: Final[Mapping[str, str]] = {
    "status": N_("State recorded"),
    "naechster-schritt": N_("Next step set"),
    "notiz": N_("Note written"),
    "note": N_("Note written"),
    "kontrolle": N_("Control recorded"),
    "angaben": N_("Facts corrected"),
    "status-berichtigen": N_("State corrected"),
    "notiz-berichtigen": N_("Note corrected"),
    "kontrolle-berichtigen": N_("Control corrected"),
    "status-zuruecknehmen": N_("State taken back"),
    "notiz-zuruecknehmen": N_("Note taken back"),
    "kontrolle-zuruecknehmen": N_("Control taken back"),
    "bewertung-zuruecknehmen": N_("Assessment taken back"),
    "create_property": N_("Created"),
    "record_round": N_("Round recorded"),
    UNDO: N_("Change taken back"),
    "merge": N_("Merged"),
    "split": N_("Split"),
    "photograph": N_("Photograph added"),
    "regel-entlassen": N_("Released from a rule"),
    "objekt-entlassen": N_("Released from a rule"),
    "entlassung-beenden": N_("Release ended"),
    "objekt-entlassung-beenden": N_("Release ended"),
    "verfahren": N_("Proceeding changed"),
    "verfahren-eroeffnen": N_("Proceeding opened"),
    "verfahren-abschliessen": N_("Proceeding closed"),
    "verfahren-schritt": N_("Step of a proceeding recorded"),
    "verfahren-frist": N_("Deadline of a proceeding met"),
    "erwerb": N_("Acquisition changed"),
    "sperre": N_("Supply cut changed"),
    "rueckbau": N_("Demolition project changed"),
    "foerderung": N_("Funding changed"),
    "schliessung": N_("Closed house changed"),
    "verbleib": N_("Whereabouts changed"),
    "wohnungsbilanz": N_("Dwellings lost or won changed"),
    "bewertung": N_("Assessment changed"),
}
# The code list of a field whose values are codes.
_CODE_LISTS: Final[Mapping[str, str]] = {
    "use_type": "use_type", "ownership_form": "ownership_form", "lead_office": "office", "state": "state",
    "control_type": "control_type", "access_reached": "access", "result": "result", "defects": "defect",
    "note_class": "note_class",
}  # fmt: skip
_SHOWN: Final = 5


def changes_panel(record: Record | None, scope: Scope, links: Links) -> list[Component]:
    """The panel for roles that see who entered what."""
    if record is None or not scope.allows("edit:read"):
        return []
    if not record.edits:
        text = _("Nothing was entered in the application yet. Changes appear here with who made them.")
        return [folding_panel(_("Changes"), html.P(text, className="quiet"), is_open=False)]
    undoable = _undoable(record, scope)
    entries = [_entry(one, record, links, is_undoable=one is undoable) for one in record.edits]
    title = ngettext("%(count)s change", "%(count)s changes", len(entries), count=len(entries))
    parts: list[Component] = [html.Ol(entries[:_SHOWN], className="objekt-changes")]
    if entries[_SHOWN:]:
        rest = html.Ol(entries[_SHOWN:], className="objekt-changes")
        parts.append(
            html.Details([html.Summary([_("Earlier changes"), icon("chevron")]), rest], className="objekt-more")
        )
    return [folding_panel(title, parts, is_open=False, id="aenderungen")]


def kind_words(kind: str) -> str:
    """What an edit did, in words; where its form has none of its own, what its family of forms is about."""
    words = _KINDS.get(kind) or _KINDS.get(kind.partition("-")[0])
    return _(words) if words else _("Change")


def _undoable(record: Record, scope: Scope) -> EditShown | None:
    """The latest edit in force, if it is one's own or one may correct all; the server asks again."""
    latest = next((one for one in record.edits if one.undone_at is None and one.kind != UNDO), None)
    if latest is None:
        return None
    is_own = latest.account_name == (scope.account_name or scope.account)
    return latest if is_own or scope.allows("property:write") else None


def _entry(one: EditShown, record: Record, links: Links, *, is_undoable: bool) -> Component:
    head = html.P(
        [
            html.Strong(kind_words(one.kind)),
            " ",
            html.Span(f"{one.account_name}, {format_moment(one.made_at)}", className="quiet"),
        ]
    )
    parts: list[Component] = [head]
    differences = record.differences.get(one.edit_id, ())
    if differences:
        parts.append(html.Ul([_difference(each) for each in differences], className="objekt-differences"))
    if one.reason:
        parts.append(html.P(_("Why: %(reason)s", reason=one.reason)))
    if one.undone_at is not None:
        words = _("taken back on %(moment)s", moment=format_moment(one.undone_at))
        parts.append(html.P(words, className="objekt-fate"))
    elif is_undoable:
        link = links.form(forms.UNDO, fact=one.edit_id)
        parts.append(html.P(html.A(_("Take this change back"), href=link, className="qm-link", id="objekt-undo")))
    return html.Li(parts, className="objekt-undone" if one.undone_at is not None else "")


def _difference(one: Difference) -> Component:
    label = code_label("field", one.name)
    name = one.name if label == f"field:{one.name}" else label
    before, after = value_text(one.name, one.before), value_text(one.name, one.after)
    return html.Li(
        [html.Span(f"{name}: ", className="quiet"), html.Del(before), " → ", html.Ins(after)]
        if before != MISSING
        else [html.Span(f"{name}: ", className="quiet"), html.Ins(after)]
    )


def value_text(name: str, value: Any) -> str:
    """A value as a reader reads it."""
    if value is None or value in ("", ()):
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, tuple):
        return ", ".join(value_text(name, item) for item in value)
    return code_label(_CODE_LISTS[name], str(value)) if name in _CODE_LISTS else str(value)
