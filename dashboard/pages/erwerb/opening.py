"""The way to a form: the notice of a contract begins with its object; the others speak of a proceeding that is there.

A form shows what is recorded today, whichever date the page is asked for: saved on top of a past state, it would take
back what came later.
"""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, empty_state, icon, notice, panel, query_field
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.erwerb import forms, ids
from dashboard.pages.erwerb.question import elsewhere, same_page
from geodata.access import Asker
from geodata.calendar import today
from geodata.measures.acquisitions import Acquisition, acquisition_of
from geodata.measures.reads import read_measure, read_measures_of
from geodata.property_search import FoundProperty, read_chosen, search_properties

_MOST_DIGITS = 18


def opening(context: PageContext) -> Component:
    """The notice of a contract: first the object, then the form."""
    with context.deps.asker() as asker:
        found = _object(asker, context.query.get(ids.PROPERTY, ""))
        parts = _choose(asker, context) if found is None else _of_object(asker, found, context)
    back = html.A([icon("back"), _("All acquisitions")], href=same_page(context.query), className="erwerb-back qm-link")
    head = html.Header(
        [back, html.H1(_("Enter the notice of a contract"), className="page-title"), *_about(found, context)],
        className="erwerb-opening",
    )
    return html.Div([head, *parts], className="page erwerb")


def _about(found: FoundProperty | None, context: PageContext) -> list[Component]:
    if found is None:
        return []
    link = html.A(_name(found), href=elsewhere(f"/objekt/{found.id}", context.query), className="qm-link")
    return [html.P([_("Object"), ": ", link], className="page-lead")]


def _object(asker: Asker, number: str) -> FoundProperty | None:
    if not number.isascii() or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return None
    return next(iter(read_chosen(asker, [int(number)])), None)


def _name(found: FoundProperty) -> str:
    return found.address_text or found.key


def _choose(asker: Asker, context: PageContext) -> list[Component]:
    typed = context.query.get(ids.FIND, "")
    found = search_properties(asker, typed)
    field = query_field(ids.FIND, _("Address, key or file reference of the object"), context.query)
    parts: list[Component] = [html.Div(field, className="erwerb-find", role="search")]
    if typed and not found:
        text = _("No object has these words. Try a part of the street, or enter the object first.")
        parts.append(empty_state(_("Nothing found"), text, level=3))
    here = {ids.FORM: forms.NOTICE.key, ids.FIND: typed or None}
    rows = [
        html.Li(
            [
                html.A(_name(one), href=same_page(context.query, **{**here, ids.PROPERTY: str(one.id)}),
                       className="qm-link"),
                " ",
                html.Span(one.key, className="quiet"),
            ]
        )
        for one in found
    ]  # fmt: skip
    if rows:
        parts.append(html.Ul(rows, className="erwerb-found"))
    return [panel(_("Which object?"), parts)]


def _of_object(asker: Asker, found: FoundProperty, context: PageContext) -> list[Component]:
    """The form; where a pre-emption of the object runs already, it says so."""
    day = max(context.as_of, today())
    running = [one for one in read_measures_of(asker, found.id, day) if one.kind == forms.KIND and one.is_open]
    said = []
    if running:
        since = format_date(running[0].opened_on)
        said.append(notice(_("A pre-emption of this object is open since %(day)s already.", day=since), kind="info"))
    about = {"property": str(found.id), **_dated(context.query)}
    first = {"happened_on": min(context.as_of, today()), "office": "building_control"}
    drawn = edit_form(forms.NOTICE, values=first, about=about, cancel=same_page(context.query), has_title=False)
    return [*said, html.Section(drawn, className="panel erwerb-form")]


def case_form(asker: Asker, context: PageContext) -> Component:
    """The decision about a pre-emption, or the look at one that was averted."""
    one = read_measure(asker, context.query.get(ids.MEASURE, ""), max(context.as_of, today()))
    case = acquisition_of(one, max(context.as_of, today())) if one is not None and one.kind == forms.KIND else None
    if case is None:
        return notice(_("This entry is not there any more, or it is not yours to change."), kind="bad")
    about = {"measure": case.measure.key, "expected": str(case.measure.id), **_dated(context.query)}
    back, day = same_page(context.query), min(context.as_of, today())
    if context.query.get(ids.FORM) == forms.DECIDE.key:
        if not forms.decidable(case):
            return notice(_("About this pre-emption something is decided already."), kind="info")
        drawn = edit_form(forms.DECIDE, values={"happened_on": day}, about=about, cancel=back)
    elif case.promise is None or not case.measure.is_open:
        return notice(_("Nothing is averted here any more, so there is nothing to look at."), kind="info")
    else:
        first = {"result": "goes_on", "looked_on": None, "next_check_on": case.measure.next_check_on}
        drawn = edit_form(forms.FOLLOW_UP, values=first, about=about, cancel=back)
    return html.Section([html.P(_case_words(case), className="quiet"), drawn], className="panel erwerb-form")


def _case_words(case: Acquisition) -> str:
    own = case.measure
    # Keys that the application gave say nothing to a reader.
    number = "" if own.key.startswith("app:") else f" ({own.key})"
    return f"{own.address or own.property_key}: {code_label('measure_kind', own.kind)}{number}"


def _dated(query: Mapping[str, str]) -> dict[str, str]:
    return {"as_of": query["as_of"]} if query.get("as_of") else {}
