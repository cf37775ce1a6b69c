"""What is at risk in the next six months, by day: what has passed first, with the amount and the reason."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, panel
from dashboard.formatting import format_date, format_money
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.foerderung import words
from geodata.funding.flow import AtRisk

_SOON_DAYS = 30


def risk_panel(found: Sequence[AtRisk], query: Mapping[str, str]) -> Component:
    """The list, or that there is nothing in it."""
    title = _("What is at risk in the next 6 months")
    lead = html.P(words.risk_sentence(found), className="foerderung-lead")
    if not found:
        said = _("Open calls, unused money, proofs of use and binding periods would stand here by day.")
        return panel(title, [lead, html.P(said, className="quiet")])
    return panel(title, [lead, html.Ol([_entry(one, query) for one in found], className="foerderung-risks")])


def _entry(one: AtRisk, query: Mapping[str, str]) -> Component:
    when = html.Div(
        [html.Strong(format_date(one.on)), html.Span(words.days_words(one.days_left), className="quiet")],
        className="foerderung-when",
    )
    where = f"{one.address}: " if one.address else ""
    what = html.Div(
        [
            html.P(
                [_badge(one), words.grant_link(query, one.grant_key, one.title)],
                className="foerderung-what",
            ),
            html.P(f"{where}{words.reason(one)}", className="quiet"),
        ]
    )
    return html.Li([when, what, html.Strong(format_money(one.amount_eur), className="foerderung-amount")])


def _badge(one: AtRisk) -> Component:
    label = code_label("funding_risk", one.what)
    if one.days_left < 0 or one.since_on is not None:
        return badge(label, kind="bad", shape="triangle")
    return badge(label, kind="warn", shape="diamond") if one.days_left <= _SOON_DAYS else badge(label, shape="circle")
