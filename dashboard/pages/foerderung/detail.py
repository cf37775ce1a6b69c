"""One grant: what it promises, its clocks, its calls and costs, its proof of use, and for staff the forms."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.case_link import case_link
from dashboard.components import edit_form, facts, icon, link_button, notice, panel, plain_table
from dashboard.formatting import MISSING, format_amount, format_date, format_percent
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.foerderung import forms, ids, values, words
from dashboard.pages.foerderung.clocks_chart import clocks_drawn
from dashboard.pages.foerderung.values import Options
from dashboard.routes import href
from geodata.areas import Area
from geodata.funding.flow import Clock, clocks
from geodata.funding.grants import Call, Cost, Grant


def detail(context: PageContext, grant: Grant, areas: Sequence[Area], options: Options) -> list[Component]:
    """All parts of the page of one grant."""
    found = clocks(grant)
    parts: list[Component] = []
    if grant.is_withdrawn:
        parts.append(notice(_("This grant was withdrawn. It stands in no list and in no sum."), kind="info"))
    parts += [
        _facts_panel(context, grant, areas),
        panel(_("Clocks"), _clocks(grant, found)),
        panel(_("Calls and payments"), _calls(context, grant)),
        panel(_("Costs"), _costs(context, grant)),
        panel(_("Proof of use and goal"), [*_proof(grant), *_export(context, grant)]),
    ]
    return [*parts, *_forms(context, grant, options)]


def _facts_panel(context: PageContext, grant: Grant, areas: Sequence[Area]) -> Component:
    place = words.place(grant, {area.id: area for area in areas})
    pairs: list[tuple[str, object]] = [
        (_("How it stands"), words.state_badge(grant.state)),
        (_("Programme"), grant.programme),
        (_("Place"), _place(context, grant, place)),
        (_("File reference"), _reference(context, grant)),
        (_("Notice of"), _notice(grant)),
        (_("Eligible"), format_amount(grant.eligible_eur)),
        (_("Granted"), f"{format_amount(grant.granted_eur)} ({format_percent(grant.share, decimals=1)})"),
        (_("Own share"), format_amount(grant.own_share_eur)),
        (_("Called"), format_amount(grant.called_eur)),
        (_("Paid"), format_amount(grant.paid_eur)),
        (_("Spent"), _spent(grant)),
        (_("Unused"), format_amount(grant.unused_eur)),
    ]
    return panel(_("What was granted"), facts([(name, value) for name, value in pairs]))  # type: ignore[misc]


def _place(context: PageContext, grant: Grant, place: str) -> Component | str:
    if grant.property_id is None:
        return place
    links: list[object] = [html.A(place, href=href(f"/objekt/{grant.property_id}"), className="qm-link")]
    if grant.project_key:
        address = href("/rueckbau", {"project": grant.project_key, "property": str(grant.property_id)})
        links += [" · ", html.A(_("Project %(key)s", key=grant.project_key), href=address, className="qm-link")]
    return html.Span(links)


def _reference(context: PageContext, grant: Grant) -> Component | str:
    address = case_link(context.deps.settings, context.scope, grant.file_reference)
    if address is None or grant.file_reference is None:
        return grant.file_reference or MISSING
    return html.A(grant.file_reference, href=address)


def _notice(grant: Grant) -> str:
    if grant.granted_on is not None:
        return format_date(grant.granted_on)
    if grant.expected_on is None:
        return _("not there yet")
    days = words.days_words((grant.expected_on - grant.as_of).days)
    return _("expected on %(day)s (%(days)s)", day=format_date(grant.expected_on), days=days)


def _spent(grant: Grant) -> str:
    if not grant.not_eligible_eur:
        return format_amount(grant.spent_eur)
    not_eligible = format_amount(grant.not_eligible_eur)
    return _("%(spent)s, of which %(amount)s not eligible", spent=format_amount(grant.spent_eur), amount=not_eligible)


def _clocks(grant: Grant, found: Sequence[Clock]) -> list[Component]:
    rule = _(
        "Paid money that is unused costs interest from month %(month)s after the payment; after %(months)s months its "
        "use is checked.",
        month=grant.rule.from_month,
        months=grant.rule.checked_after_months,
    )
    said = rule if grant.rule.is_confirmed else f"{rule} {words.unconfirmed()}"
    parts: list[Component] = [html.P(said, className="quiet foerderung-rule")]
    if not found:
        return [*parts, html.P(_("No clock runs: the notice is not there yet, or it states no days."))]
    return [*clocks_drawn(grant, found), *parts]


def _calls(context: PageContext, grant: Grant) -> list[Component]:
    if not grant.calls:
        return [html.P(_("Nothing was called yet."), className="quiet")]
    use = {one.key: one for one in grant.uses}
    head = (
        _("Called on"), _("Amount"), _("Paid on"), _("Paid"), _("Paid back"), _("Used"), _("Unused"),
        _("Interest from"), _("Check of use"), _("How it stands"),
    )  # fmt: skip
    rows = []
    for one in grant.calls:
        of = use.get(one.key)
        told = (of.refunded_eur, of.used_eur, of.unused_eur, of.interest_from_on, of.checked_on) if of else (None,) * 5
        rows.append(
            [
                _changeable(context, grant, one),
                format_amount(one.amount_eur),
                format_date(one.paid_on),
                format_amount(one.paid_eur),
                *(format_amount(amount or None) for amount in told[:3]),
                *(format_date(day) for day in told[3:]),
                code_label("payment_state", of.state) if of else _("not paid yet"),
            ]
        )
    parts: list[Component] = [plain_table(head, rows, _("Calls and payments"))]
    late = sum(one.late_eur for one in grant.uses)
    if late > 0:
        text = _("%(amount)s were used or paid back only after interest had begun.", amount=format_amount(late))
        parts.append(html.P(text, className="quiet"))
    return parts


def _costs(context: PageContext, grant: Grant) -> list[Component]:
    if not grant.costs:
        return [html.P(_("No cost was entered yet."), className="quiet")]
    head = (_("Invoice of"), _("What was bought"), _("Paid on"), _("Amount"), _("Eligible"))
    rows = [
        [
            _changeable(context, grant, one),
            code_label("cost_category", one.category),
            format_date(one.paid_on),
            format_amount(one.amount_eur),
            _("yes") if one.is_eligible else _("no"),
        ]
        for one in grant.costs
    ]
    return [plain_table(head, rows, _("Costs"), numbers_from=2)]


def _changeable(context: PageContext, grant: Grant, one: Call | Cost) -> Component | str:
    """The date of a row; for who may change it a link to its form."""
    day = format_date(one.called_on if isinstance(one, Call) else one.invoiced_on)
    if not context.scope.allows(forms.PERMISSION):
        return day
    name = ids.CALL if isinstance(one, Call) else ids.COST
    address = words.address(context.query, **{ids.GRANT: grant.key, name: one.key})
    return html.A(day, href=f"{address}#foerderung-form", className="qm-link", title=_("Change"))


def _proof(grant: Grant) -> list[Component]:
    sent = format_date(grant.proof_sent_on) if grant.proof_sent_on else _("not sent")
    result = code_label("proof_result", grant.proof_result) if grant.proof_result else MISSING
    pairs: list[tuple[str, str]] = [
        (_("Proof of use due on"), format_date(grant.proof_due_on)),
        (_("Sent on"), sent),
        (_("What the funder said of it"), result),
        (_("Goal"), grant.goal or MISSING),
        (_("Was it reached?"), code_label("goal_rating", grant.goal_rating)),
        (_("Why it is rated so"), grant.goal_note or MISSING),
    ]
    return [facts(pairs)]


def _export(context: PageContext, grant: Grant) -> list[Component]:
    if not context.scope.allows("export:create"):
        return []
    address = href("/foerderung/nachweis.xlsx", {"grant": grant.key, "as_of": context.as_of.isoformat()})
    link = html.A(
        [icon("download"), _("Data for the proof of use (XLSX)")], href=address, className="button", download=""
    )
    return [html.P(link, className="foerderung-export")]


def _forms(context: PageContext, grant: Grant, options: Options) -> list[Component]:
    if not context.scope.allows(forms.PERMISSION):
        return []
    back = _back(context)
    about = {ids.GRANT: grant.key, "back": back}
    of_grant = {**about, "expected": str(grant.id)}
    close = words.address(context.query, **{ids.GRANT: grant.key})
    found = [
        *_opened(context, grant, about, close),
        edit_form(forms.ADD_CALL, about=about, folded=True, cancel=close),
        edit_form(forms.ADD_COST, about=about, values={"is_eligible": True}, folded=True, cancel=close),
        edit_form(forms.SEND_PROOF, about=of_grant, values=_proof_values(grant), folded=True, cancel=close),
        edit_form(forms.RATE_GOAL, about=of_grant, values=_goal_values(grant), folded=True, cancel=close),
        edit_form(
            forms.CHANGE_GRANT, about=of_grant, values=values.grant_values(grant), options=options, folded=True,
            cancel=close,
        ),
    ]  # fmt: skip
    if not grant.is_withdrawn:
        found.append(edit_form(forms.WITHDRAW_GRANT, about=of_grant, folded=True, cancel=close))
    return [html.Div(found, className="foerderung-forms", id="foerderung-form")]


def _opened(context: PageContext, grant: Grant, about: dict[str, str], close: str) -> list[Component]:
    """The forms of the call or the cost that the link names."""
    call = next((one for one in grant.calls if one.key == context.query.get(ids.CALL)), None)
    if call is not None:
        told = {**about, ids.CALL: call.key, "expected": str(call.id)}
        return [
            edit_form(forms.CHANGE_CALL, about=told, values=values.call_values(call), cancel=close),
            edit_form(forms.WITHDRAW_CALL, about=told, folded=True, cancel=close),
        ]
    cost = next((one for one in grant.costs if one.key == context.query.get(ids.COST)), None)
    if cost is not None:
        told = {**about, ids.COST: cost.key, "expected": str(cost.id)}
        return [
            edit_form(forms.CHANGE_COST, about=told, values=values.cost_values(cost), cancel=close),
            edit_form(forms.WITHDRAW_COST, about=told, folded=True, cancel=close),
        ]
    return []


def _back(context: PageContext) -> str:
    """The query to which a form leads, as far as a form may carry it."""
    return words.address(context.query).partition("?")[2][:200]


def _proof_values(grant: Grant) -> dict[str, object]:
    return {"proof_sent_on": grant.proof_sent_on, "proof_result": grant.proof_result}


def _goal_values(grant: Grant) -> dict[str, object]:
    return {"goal": grant.goal, "goal_rating": grant.goal_rating, "goal_note": grant.goal_note}


def to_list(context: PageContext) -> Component:
    """The way back to all grants."""
    return link_button(_("All grants"), words.address(context.query), symbol="back", kind="quiet")
