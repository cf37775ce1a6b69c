"""Reported errors: the open ones with the way to decide them, and folded those that were decided."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.assessment_words import contribution_name
from dashboard.components import badge, empty_state, folding_panel, panel
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.routes import href
from geodata.assessment.reports import Report


def reports_panel(reports: Sequence[Report], context: PageContext) -> Component:
    """Open reports, the oldest first."""
    open_ = [one for one in reports if one.state == "open"]
    decided = sorted((one for one in reports if one.state != "open"), key=lambda one: str(one.decided_on), reverse=True)
    if open_:
        shown: Component = html.Ul([html.Li(_report(one, context)) for one in open_], className="bewertung-reports")
    else:
        words = _("Whoever works with an object can report on its page that something in its assessment is wrong.")
        shown = empty_state(_("No open report"), words, level=3)
    parts = [shown]
    if decided:
        title = ngettext("%(count)s decided report", "%(count)s decided reports", len(decided),
                         count=format_number(len(decided)))  # fmt: skip
        listed = html.Ul([html.Li(_report(one, context)) for one in decided], className="bewertung-reports")
        parts.append(folding_panel(title, listed, is_open=False))
    return panel(_("Reported errors"), parts)


def _report(one: Report, context: PageContext) -> list[Component]:
    dated = {"as_of": context.query["as_of"]} if context.query.get("as_of") else {}
    by = [one.reported_by] if one.reported_by else []
    when = " · ".join([_("reported on %(date)s", date=format_date(one.reported_on)), *by])
    lines = [
        html.Div(
            [html.A(one.address, href=href(f"/objekt/{one.property_id}", dated), className="qm-link"), _state(one)],
            className="bewertung-report-head",
        ),
        html.P(f"{contribution_name(one.contribution)}: {code_label('report_problem', one.problem)}"),
        *([html.P(one.note)] if one.note else []),
        html.P(when, className="quiet"),
    ]
    if one.reason is not None:
        decision = f"{code_label('report_reason', one.reason)} ({format_date(one.decided_on)})"
        lines += [html.P(decision), *([html.P(one.decision_note)] if one.decision_note else [])]
    elif context.scope.allows("assessment:write"):
        label = _("Decide the report about %(address)s", address=one.address)
        address = href("/bewertung", {"report": one.key, **dated})
        lines.append(html.A(_("Decide"), href=address, className="button qm-link", **{"aria-label": label}))
    return lines


def _state(one: Report) -> Component:
    kinds = {"open": ("warn", "triangle"), "accepted": ("good", "circle"), "declined": ("neutral", None)}
    kind, shape = kinds[one.state]
    return badge(code_label("report_state", one.state), kind=kind, shape=shape)
