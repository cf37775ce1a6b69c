"""What can be done with a property: the bar of actions, and the form that the link has opened (`?form=`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, icon, notice
from dashboard.form import AddressText, Form
from dashboard.i18n import gettext as _
from dashboard.pages.objekt import figures, forms
from dashboard.pages.objekt.contents import Contents
from dashboard.pages.objekt.record import Record
from dashboard.routes import href
from geodata.access import Scope
from geodata.calendar import today

FORM, FACT, STEP = "form", "fact", "step"
# Values of the link that open something on the page; the router builds it anew when one of them changes.
OPENING: Final = (FORM, FACT, STEP)
_ACTIONS: Final = (
    (forms.STATUS, "target"), (forms.STEP, "calendar"), (forms.NOTE, "info"), (forms.INSPECTION, "inspection"),
    (forms.FACTS, "table"),
)  # fmt: skip
# The table of the fact that a form corrects or takes back.
_STATUS, _VISIT, _ASSESSMENT, _NOTE = "status", "inspection", "assessment", "note"
CORRECTIONS: Final[Mapping[str, Form]] = {
    _STATUS: forms.CORRECT_STATUS, _VISIT: forms.CORRECT_INSPECTION, _NOTE: forms.CORRECT_NOTE,
}  # fmt: skip
WITHDRAWALS: Final[Mapping[str, Form]] = {
    _STATUS: forms.WITHDRAW_STATUS, _VISIT: forms.WITHDRAW_INSPECTION, _NOTE: forms.WITHDRAW_NOTE,
    _ASSESSMENT: forms.WITHDRAW_ASSESSMENT,
}  # fmt: skip


@dataclass(frozen=True)
class Links:
    """Links of one property's page, for the date that it is shown for."""

    property_id: int
    query: Mapping[str, str]

    def page(self, **more: object) -> str:
        """The page itself, with a form open or not."""
        dated = {"as_of": self.query["as_of"]} if self.query.get("as_of") else {}
        return href(f"/objekt/{self.property_id}", {**dated, **more})

    def form(self, form: Form, **more: object) -> str:
        """The page with this form open."""
        return self.page(form=form.key, **more)


def action_bar(contents: Contents, scope: Scope, links: Links) -> list[Component]:
    """The actions of this role; of a property that was merged into another one there are none."""
    record = contents.record
    if record is None or record.merged_into is not None:
        return []
    parts = [_action(form, symbol, links) for form, symbol in _ACTIONS if scope.allows(form.permission)]
    if scope.allows("property:write"):
        address = href(f"/zusammenfuehren/{contents.detail.id}")
        parts.append(html.A([icon("link"), _("Merge or split")], href=address, className="button qm-link"))
    if scope.allows(forms.WATCH.permission):
        watch = forms.UNWATCH if record.is_watched else forms.WATCH
        about = {"property": str(contents.detail.id), **_dated(links)}
        parts.append(edit_form(watch, about=about, id="objekt-watch", has_title=False))
    return [html.Div(parts, className="objekt-actions", role="group", **{"aria-label": _("What can be done")})]


def _action(form: Form, symbol: str, links: Links) -> Component:
    is_open = links.query.get(FORM) == form.key
    current = {"aria-current": "true"} if is_open else {}
    return html.A(
        [icon(symbol), _(form.title)],
        href=links.form(form),
        id=f"objekt-action-{form.key}",
        className="button qm-link",
        **current,
    )


def _dated(links: Links) -> dict[str, str]:
    return {"as_of": links.query["as_of"]} if links.query.get("as_of") else {}


# --- the open form ----------------------------------------------------------------------------------------------------


def open_form(contents: Contents, scope: Scope, links: Links, as_of: date) -> list[Component]:
    """The form of the link in a panel; words where the entry that it names is gone."""
    form = forms.FORMS.get(links.query.get(FORM, ""))
    record = contents.record
    if form is None or record is None or record.merged_into is not None or not scope.allows(form.permission):
        return []
    found = _prefilled(form, contents, record, links.query, min(as_of, today()))
    if found is None:
        text = _("This entry is not there any more, or it is not yours to change.")
        return [notice(text, kind="bad")]
    values, about = found
    own: dict[str, list[tuple[str, str]]] = {}
    if not scope.allows("property:read_text"):
        # Who reads no case notes writes none; for everybody else a note in haste has the fewer readers.
        own = {"note_class": [("area", _label("area"))]}
        values = {**values, "note_class": "area"} if form is forms.NOTE else values
    drawn = edit_form(
        form,
        values=values,
        about={"property": str(contents.detail.id), **_dated(links), **about},
        cancel=links.page(),
        options=own,
    )
    return [html.Section([*_about_words(form, contents, record, links.query), drawn], className="panel objekt-form")]


def _label(note_class: str) -> str:
    return dict(forms.NOTE.plain_fields[0].entries())[note_class]


def _prefilled(
    form: Form, contents: Contents, record: Record, query: Mapping[str, str], day: date
) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Values and what the form is built on; None when the fact that it needs is not there."""
    detail = contents.detail
    if form is forms.STATUS:
        return {"valid_on": day}, {"expected": str(record.versions.status)}
    if form is forms.STEP:
        step = detail.next_step or (_("Clarify access") if query.get(STEP) == "access" else None)
        values = {"lead_office": detail.lead_office, "next_step": step, "reminder_on": detail.reminder_on}
        return values, {"expected": str(record.versions.facts)}
    if form is forms.NOTE:
        return {"note_class": "case", "written_on": day}, {}
    if form is forms.INSPECTION:
        return {"inspected_on": day, "control_type": _due_type(contents)}, {}
    if form is forms.FACTS:
        return fact_values(contents), {"expected": str(record.versions.facts)}
    if form is forms.REPORT:
        return {}, {}
    if form is forms.UNDO:
        number = query.get(FACT, "")
        return ({}, {"edit": number}) if any(str(one.edit_id) == number for one in record.edits) else None
    if form in (forms.WATCH, forms.UNWATCH):
        return {}, {}
    if form in (forms.RELEASE, forms.END_RELEASE):
        return _released(form, contents, query.get(FACT, ""), day)
    return _of_fact(form, contents, record, query.get(FACT, ""))


def fact_values(contents: Contents) -> dict[str, Any]:
    """The facts as the form shows them."""
    detail = contents.detail
    names = (
        "use_type", "building_class", "dwellings", "is_inhabited", "is_heritage", "file_reference", "registered_on",
        "ownership_form",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(detail, name) for name in names}
    addresses = [{"address": AddressText(line)} for line in figures.address_lines(detail.addresses)]
    return {**values, "parcels": f"{forms.PARCELS_APART} ".join(detail.parcels), "addresses": addresses}


def _due_type(contents: Contents) -> str | None:
    """The kind of control that is due first; nobody should have to look it up."""
    first = min(contents.due_dates, key=lambda due: due.due_on, default=None)
    return first.control_type if first else None


def _released(form: Form, contents: Contents, number: str, day: date) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The rule that is released from, or the release that is ended."""
    if form is forms.END_RELEASE:
        return ({"ends_on": day}, {"fact": number}) if any(str(one.id) == number for one in contents.releases) else None
    is_won = any(str(one.rule.id) == number and one.wins for one in contents.rules)
    return ({"since_on": day}, {"fact": number}) if is_won else None


def _of_fact(
    form: Form, contents: Contents, record: Record, number: str
) -> tuple[dict[str, Any], dict[str, str]] | None:
    table = next((name for name, one in (*CORRECTIONS.items(), *WITHDRAWALS.items()) if one is form), "")
    fact = _fact(table, contents, record, number)
    if fact is None:
        return None
    is_correction = form in CORRECTIONS.values()
    return (_values_of(table, fact) if is_correction else {}), {"fact": number}


def _fact(table: str, contents: Contents, record: Record, number: str) -> Any:
    if table == _NOTE:
        return next((one for one in record.notes if str(one.id) == number), None)
    facts: Mapping[str, tuple[Any, ...]] = {
        _STATUS: contents.events, _VISIT: contents.inspections, _ASSESSMENT: contents.assessments,
    }  # fmt: skip
    known = (one for one in facts.get(table, ()) if str(one.history.fact_id) == number and one.history.is_current)
    return next(known, None)


def _values_of(table: str, fact: Any) -> dict[str, Any]:
    names = {
        _STATUS: ("state", "valid_on", "reason"),
        _VISIT: ("control_type", "access_reached", "result", "defects"),
        _NOTE: ("note_class", "written_on", "body"),
    }[table]
    values = {name: getattr(fact, name) for name in names}
    return values | {"inspected_on": fact.valid_on} if table == _VISIT else values


def _about_words(form: Form, contents: Contents, record: Record, query: Mapping[str, str]) -> list[Component]:
    """Which entry a correction is about, in the words of the timeline."""
    table = next((name for name, one in (*CORRECTIONS.items(), *WITHDRAWALS.items()) if one is form), "")
    fact = _fact(table, contents, record, query.get(FACT, ""))
    if fact is None or table == _NOTE:
        return []
    entry = figures.timeline(*([fact] if table == name else [] for name in (_STATUS, _ASSESSMENT, _VISIT))).years[0][1][
        0
    ]
    words = _("Entry of %(date)s: %(title)s", date=figures.format_date(entry.valid_on), title=entry.title)
    return [html.P(words, className="quiet")]
