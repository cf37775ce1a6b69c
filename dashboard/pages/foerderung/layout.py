"""The page: sums in a sentence and a picture, what is at risk by day, the table; or one grant, or a form."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    edit_form,
    empty_state,
    export_links,
    filter_bar,
    folding_panel,
    link_button,
    notice,
    page_header,
    panel,
    plain_table,
    query_select,
    remote_table,
)
from dashboard.formatting import MISSING, format_date, format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.foerderung import forms, ids, values, words
from dashboard.pages.foerderung.detail import detail, to_list
from dashboard.pages.foerderung.flow_chart import flow_panel, sums_panel
from dashboard.pages.foerderung.risks import risk_panel
from dashboard.pages.foerderung.shown import Shown, read_shown, visible_areas
from dashboard.pages.foerderung.tables import GRANTS
from dashboard.pages.foerderung.values import Options
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.codes import GRANT_STATES
from geodata.demolitions import read_projects
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter
from geodata.funding.flow import at_risk, flow
from geodata.funding.grants import Grant, Programme
from geodata.funding.reads import read_grant, read_programmes
from geodata.property_detail import read_property

MONTHS = 6


def layout(context: PageContext) -> Component:
    """The part of the page that the link asks for."""
    with context.deps.asker() as asker:
        if context.query.get(ids.FORM) and context.scope.allows(forms.PERMISSION):
            return _form_page(asker, context)
        if context.query.get(ids.GRANT):
            return _grant_page(asker, context)
        areas = visible_areas(read_areas(asker, context.as_of), context.scope)
        try:
            shown = read_shown(asker, context)
        except InvalidFilter as refused:
            said = _("This part of the link cannot be read: %(part)s.", part=refused.field)
            return _page([_head(context, areas), _bar(context, areas, ()), notice(said, kind="bad")])
        programmes = read_programmes(asker)
    body = _body(shown, programmes) if shown.grants else [_nothing(shown)]
    return _page([_head(context, areas), _bar(context, areas, shown.programmes), *body])


def _page(parts: Sequence[Component]) -> Component:
    return html.Div(list(parts), className="page foerderung")


def _head(context: PageContext, areas: Sequence[Area]) -> Component:
    own = ", ".join(sorted(area.name for area in areas if area.id in context.scope.area_ids))
    said = [
        _("What was granted, called, paid and spent, and what is at risk."),
        _("State of %(day)s.", day=format_date(context.as_of)),
        _("Your areas: %(areas)s. All numbers count only these, and grants of the whole city.", areas=own)
        if own
        else _("Whole city."),
    ]
    actions: list[Component] = []
    if context.scope.allows(forms.PERMISSION):
        address = words.address(context.query, **{ids.FORM: ids.NEW})
        actions.append(link_button(_("Enter a grant"), address, symbol="plus", kind="primary"))
    return page_header(_("Funding"), lead=" ".join(said), actions=actions)


def _bar(context: PageContext, areas: Sequence[Area], programmes: Sequence[str]) -> Component:
    states = [(state, code_label("grant_state", state)) for state in GRANT_STATES]
    query = context.query
    named = [(name, name) for name in programmes]
    extra = [
        query_select(ids.PROGRAMME, _("Programme"), named, query, empty_label=_("all")),
        query_select(ids.STATE, _("How it stands"), states, query, empty_label=_("all")),
    ]
    said = words.filter_parts(query)
    return filter_bar(context, ("area",), areas, extra=extra, extra_parts=ids.RESTRICTING, extra_words=said)


def _body(shown: Shown, programmes: Sequence[Programme]) -> list[Component]:
    query, flows = shown.context.query, flow(shown.grants)
    risks = at_risk(shown.grants, months=MONTHS)
    asked = {**query, "as_of": shown.context.as_of.isoformat()}
    grid = remote_table(GRANTS, ids.TABLE, asked, label=_("Grants"))
    return [
        html.P(words.sentence(flows[0]), className="foerderung-sentence"),
        html.Div([flow_panel(flows), risk_panel(risks, query)], className="foerderung-pair"),
        sums_panel(flows),
        panel(_("Grants"), grid, actions=export_links(GRANTS, asked)),
        _programmes(shown, programmes),
        _glossary(),
    ]


def _programmes(shown: Shown, programmes: Sequence[Programme]) -> Component:
    """The terms of the programmes, which are data: what nobody confirmed says so."""
    head = (_("Programme"), _("Funder"), _("Usual share"), _("Bounds"), _("Interest"), _("Source"), _("Confirmed"))
    rows = [
        [
            _programme_name(shown, one),
            one.funder,
            format_percent(one.usual_share),
            f"{format_percent(one.least_share)} – {format_percent(one.most_share)}",
            _interest(one),
            one.source or MISSING,
            _("yes") if one.is_confirmed else _("not confirmed yet"),
        ]
        for one in programmes
    ]
    parts: list[Component] = [html.P(_("No terms of programmes were entered yet."), className="quiet")]
    if rows:
        parts = [plain_table(head, rows, _("Terms of the programmes"), numbers_from=len(head))]
    if shown.context.scope.allows(forms.PERMISSION):
        address = words.address(shown.context.query, **{ids.FORM: ids.PROGRAMME_FORM})
        parts.append(html.P(link_button(_("Enter terms of a programme"), address, symbol="plus")))
    return folding_panel(_("Terms of the programmes"), parts, is_open=False)


def _programme_name(shown: Shown, one: Programme) -> Component | str:
    if not shown.context.scope.allows(forms.PERMISSION):
        return one.key
    address = words.address(shown.context.query, **{ids.FORM: ids.PROGRAMME_FORM, ids.PROGRAMME: one.key})
    return html.A(one.key, href=address, className="qm-link", title=_("Change"))


def _interest(one: Programme) -> str:
    if one.interest_from_month is None:
        return _("as usual")
    said = _(
        "from month %(month)s, check after %(months)s", month=one.interest_from_month, months=one.checked_after_months
    )
    return said if one.is_interest_confirmed else f"{said} ({_('not confirmed yet')})"


def _glossary() -> Component:
    entries = [part for name, text in words.GLOSSARY for part in (html.Dt(_(name)), html.Dd(_(text)))]
    return folding_panel(_("Words of funding"), html.Dl(entries, className="foerderung-words"), is_open=False)


def _nothing(shown: Shown) -> Component:
    context = shown.context
    if shown.within or context.query.get("area"):
        reset = link_button(_("Reset the filter"), words.address({}))
        return empty_state(_("No grant fits this filter"), _("Reset a part of the filter to see more grants."), reset)
    text = _(
        "Here stand the grants with their calls, payments and costs, and the days on which money is at risk. They come "
        "as deliveries (grants, calls, costs), or are entered here."
    )
    action = None
    if context.scope.allows(forms.PERMISSION):
        address = words.address(context.query, **{ids.FORM: ids.NEW})
        action = link_button(_("Enter a grant"), address, symbol="plus")
    return empty_state(_("No grants on this date"), text, action, symbol="euro")


# --- one grant, and the forms -----------------------------------------------------------------------------------------


def _grant_page(asker: Asker, context: PageContext) -> Component:
    found = read_grant(asker, context.query[ids.GRANT], context.as_of)
    areas = read_areas(asker, context.as_of)
    dated = _("State of %(day)s.", day=format_date(context.as_of))
    if found is None:
        head = page_header(_("Funding"), lead=dated)
        said = _("The link is mistyped, or it belongs to an area that your account does not see.")
        return _page([to_list(context), head, empty_state(_("There is no such grant"), said, symbol="euro")])
    options = _options(asker, context, areas, found) if context.scope.allows(forms.PERMISSION) else {}
    # Keys that the application gave say nothing to a reader.
    number = "" if found.key.startswith("app:") else f"{_('Grant %(key)s.', key=found.key)} "
    head = page_header(found.title, lead=f"{number}{dated}")
    return _page([to_list(context), head, *detail(context, found, areas, options)])


def _form_page(asker: Asker, context: PageContext) -> Component:
    query, close = context.query, words.address({**context.query, ids.PROGRAMME: ""})
    about = {"back": close.partition("?")[2][:200]}
    areas = read_areas(asker, context.as_of)
    if query[ids.FORM] == ids.PROGRAMME_FORM:
        known = {one.key: one for one in read_programmes(asker)}.get(query.get(ids.PROGRAMME, ""))
        filled = values.programme_values(known) if known else {}
        if known:
            about["expected"] = str(known.id)
        title = _("Terms of a programme")
        made = edit_form(forms.PROGRAMME, values=filled, about=about, cancel=close, has_title=False)
    else:
        options = _options(asker, context, areas, None)
        place = f"property:{query[ids.PROPERTY]}" if query.get(ids.PROPERTY, "").isdecimal() else None
        filled = {"place": place} if place else {}
        title = _("Enter a grant")
        made = edit_form(forms.ADD_GRANT, values=filled, about=about, options=options, cancel=close, has_title=False)
    return _page([to_list(context), page_header(title), html.Div(made, className="foerderung-forms")])


def _options(asker: Asker, context: PageContext, areas: Sequence[Area], grant: Grant | None) -> Options:
    """The menu of places; an object without a project stands in it where the link or the grant names it."""
    also = []
    asked = context.query.get(ids.PROPERTY, "")
    if grant is not None and grant.property_id is not None:
        entry = values.place_of(grant.property_id, grant.project_key, None)
        also.append((entry, words.place(grant, {})))
    elif asked.isascii() and asked.isdecimal() and len(asked) < 18:
        found = read_property(asker, int(asked), context.as_of)
        if found is not None:
            also.append((f"property:{asked}", found.address_text or found.key))
    return values.place_options(read_projects(asker, PropertyFilter(as_of=context.as_of)), areas, also)
