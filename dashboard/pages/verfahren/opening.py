"""Opening a proceeding, or reporting a cut: first the object, then the kind with what it is, then the form."""

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, edit_form, empty_state, icon, notice, panel, query_field
from dashboard.form import Form
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.verfahren import forms, ids, links, values
from dashboard.pages.verfahren.open_form import with_pool
from dashboard.pages.verfahren.question import kept
from dashboard.proceeding_words import basis_line, explained, why_words
from dashboard.routes import href
from geodata.access import Asker
from geodata.calendar import today
from geodata.codes import MEASURE_FAMILIES
from geodata.measures.kinds import MeasureKind, by_code, read_kinds
from geodata.measures.ladder import NextStep, ladder
from geodata.measures.reads import read_measures_of
from geodata.property_search import FoundProperty, read_chosen, search_properties

NEW: Final = forms.OPEN.key
REPORT: Final = forms.REPORT.key
_MOST_DIGITS: Final = 18


def opening(context: PageContext) -> Component:
    """The step of the way that the link has reached."""
    with context.deps.asker() as asker:
        found = _object(asker, context.query.get(ids.PROPERTY, ""))
        if found is None:
            parts = _choose_object(asker, context)
        elif context.query.get(ids.FORM) == REPORT:
            parts = [_report(found, context)]
        else:
            parts = _of_object(asker, found, context)
    title = _("Report a supply cut") if context.query.get(ids.FORM) == REPORT else _("Open a proceeding")
    back = html.A(
        [icon("back"), _("All proceedings")], href=links.same_page(context.query), className="verfahren-back qm-link"
    )
    head = html.Header(
        [back, html.H1(title, className="page-title"), *_about(found, context)], className="verfahren-head"
    )
    return html.Div([head, *parts], className="page verfahren")


def _object(asker: Asker, number: str) -> FoundProperty | None:
    if not number.isascii() or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return None
    return next(iter(read_chosen(asker, [int(number)])), None)


def _about(found: FoundProperty | None, context: PageContext) -> list[Component]:
    if found is None:
        return []
    link = html.A(_name(found), href=links.object_address(found.id, context.query), className="qm-link")
    return [html.P([_("Object"), ": ", link], className="page-lead")]


def _name(found: FoundProperty) -> str:
    return found.address_text or found.key


# --- the object -------------------------------------------------------------------------------------------------------


def _choose_object(asker: Asker, context: PageContext) -> list[Component]:
    """A search; a proceeding belongs to one object."""
    typed = context.query.get(ids.FIND, "")
    found = search_properties(asker, typed)
    field = query_field(ids.FIND, _("Address, key or file reference of the object"), context.query)
    parts: list[Component] = [html.Div(field, className="verfahren-find", role="search")]
    if typed and not found:
        text = _("No object has these words. Try a part of the street, or enter the object first.")
        parts.append(empty_state(_("Nothing found"), text, level=3))
    rows = [html.Li([html.A(_name(one), href=_here(context, property=str(one.id)), className="qm-link"), " ",
                     html.Span(one.key, className="quiet")]) for one in found]  # fmt: skip
    if rows:
        parts.append(html.Ul(rows, className="verfahren-found"))
    return [panel(_("Which object?"), parts)]


def _here(context: PageContext, **more: str) -> str:
    given = {name: context.query[name] for name in ids.OPENING if context.query.get(name)}
    return href(links.PATH, {**kept(context.query), **given, **more})


# --- the kind ---------------------------------------------------------------------------------------------------------


def _of_object(asker: Asker, found: FoundProperty, context: PageContext) -> list[Component]:
    kinds = read_kinds(asker)
    kind = by_code(kinds).get(context.query.get(ids.KIND, ""))
    others = read_measures_of(asker, found.id, max(context.as_of, today()))
    if kind is None:
        return _choose_kind(found, kinds, ladder(others, kinds).next_steps, context)
    drawn = _form(kind, found, values.follows_options(others), context)
    return [_about_kind(kind, context), with_pool(drawn, asker) if kind.needs_safeguards else drawn]


def _choose_kind(
    found: FoundProperty, kinds: Sequence[MeasureKind], proposed: Sequence[NextStep], context: PageContext
) -> list[Component]:
    """What can come next first, with its reason; then all kinds by their family."""
    known = by_code(kinds)
    nexts = {one.kind: one for one in proposed if one.kind in known and one.measure_key is None}
    parts = []
    if nexts:
        cards = [_kind(known[code], context, one) for code, one in nexts.items()]
        parts.append(panel(_("What can come next"), html.Ul(cards, className="verfahren-kinds")))
    families = [
        panel(
            code_label("measure_family", family),
            html.Ul([_kind(one, context) for one in kinds if one.family == family], className="verfahren-kinds"),
        )
        for family in MEASURE_FAMILIES
        if any(one.family == family for one in kinds)
    ]
    return [
        *parts,
        html.H2(_("All kinds of proceedings"), className="verfahren-caption"),
        html.Div(families, className="verfahren-families"),
    ]


def _kind(kind: MeasureKind, context: PageContext, proposed: NextStep | None = None) -> Component:
    follows = {ids.FOLLOWS: proposed.follows_key} if proposed and proposed.follows_key else {}
    address = _here(context, **{ids.FORM: NEW, ids.KIND: kind.code, **follows})
    name = html.A(code_label("measure_kind", kind.code), href=address, className="qm-link work-title")
    resort = [" ", badge(_("last resort"), kind="warn", shape="triangle")] if kind.is_last_resort else []
    lines = [why_words(proposed.why) if proposed else "", explained(kind.code)]
    has_basis = kind.legal_basis or not kind.is_confirmed
    basis = [html.P(_basis(kind), className="work-line")] if has_basis else []
    return html.Li([html.P([name, *resort]), *(html.P(line, className="work-line") for line in lines if line), *basis])


def _basis(kind: MeasureKind) -> Component:
    return basis_line(kind.legal_basis, is_confirmed=kind.is_confirmed)


def _about_kind(kind: MeasureKind, context: PageContext) -> Component:
    other = html.A(_("Choose another kind"), href=_here(context, kind=""), className="qm-link")
    words = [html.Strong(code_label("measure_kind", kind.code)), " – ", explained(kind.code), " ",
             _basis(kind), " ", other]  # fmt: skip
    resort = (
        [notice(_("The last resort: milder means come first, and replacement housing."), kind="info")]
        if kind.is_last_resort
        else []
    )
    return html.Div([html.P(words), *resort], className="verfahren-stack")


# --- the forms --------------------------------------------------------------------------------------------------------


def _form(kind: MeasureKind, found: FoundProperty, options: values.Options, context: PageContext) -> Component:
    form = forms.OPEN_CLOSING if kind.needs_safeguards else forms.OPEN
    about = forms.about_of(context.query, forms.TO_PROCEEDING, property=str(found.id), kind=kind.code)
    first = {"opened_on": values.first_step_day(context.as_of, today()), "follows_key": context.query.get(ids.FOLLOWS)}
    return _section(form, first, about, _here(context, kind=""), options)


def _report(found: FoundProperty, context: PageContext) -> Component:
    about = forms.about_of({**context.query, ids.VIEW: "sperren"}, forms.TO_LIST, property=str(found.id))
    first = {"reason": "debts_of_landlord", "announced_on": values.first_step_day(context.as_of, today())}
    return _section(forms.REPORT, first, about, links.same_page(context.query, view="sperren"), {})


def _section(
    form: Form, first: Mapping[str, object], about: Mapping[str, str], back: str, options: values.Options
) -> Component:
    drawn = edit_form(form, values=first, about=about, cancel=back, options=options)
    return html.Section(drawn, className="panel verfahren-form")
