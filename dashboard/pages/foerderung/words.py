"""Sentences about money, in the language of the request: sums, places, risks. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.formatting import format_date, format_money, format_number, format_percent
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.foerderung import ids
from dashboard.routes import href
from geodata.areas import Area
from geodata.codes import GRANT_STATES
from geodata.funding.flow import AtRisk, Clock, Flow, risk_eur
from geodata.funding.grants import Grant

_KINDS: Final = {"expected": "neutral", "running": "info", "proof_due": "bad", "proof_sent": "warn", "proven": "good"}
_SHAPES: Final = {
    "expected": "ring", "running": "circle", "proof_due": "triangle", "proof_sent": "diamond", "proven": "square",
}  # fmt: skip
_AT_STAKE: Final = {
    "call_window": N_("%(amount)s whose window for calls ends or has closed"),
    "interest": N_("%(amount)s that were paid and not used"),
    "proof_due": N_("%(amount)s whose use has to be proven"),
}
# Words that laymen do not know, each with what it means here.
GLOSSARY: Final = (
    (N_("Notice of a grant"), N_("The letter by which the funder promises money: for what, how much, until when.")),
    (N_("Call for money"), N_("The city asks for a part of the granted money. It has to be used soon after it came.")),
    (N_("Own share"), N_("What the city pays of the eligible cost itself.")),
    (N_("Proof of use"), N_("The report to the funder at the end: what the money was spent on, and what was reached.")),
    (
        N_("Binding period"),
        N_("How long what was funded must serve its purpose. Who ends it earlier may have to pay money back."),
    ),
)


def sentence(total: Flow) -> str:
    """The sums of all shown grants in one sentence."""
    said = _(
        "Granted %(granted)s, of which %(called)s (%(share)s) are called and %(paid)s paid; own share of the city "
        "%(own)s.",
        granted=format_money(total.granted_eur),
        called=format_money(total.called_eur),
        share=format_percent(total.called_eur / total.granted_eur if total.granted_eur else 0),
        paid=format_money(total.paid_eur),
        own=format_money(total.own_share_eur),
    )
    if not total.expected:
        return said
    more = ngettext(
        "%(count)s more notice is expected: %(amount)s.",
        "%(count)s more notices are expected: %(amount)s.",
        total.expected,
        count=format_number(total.expected),
        amount=format_money(total.expected_eur),
    )
    return f"{said} {more}"


def risk_sentence(found: Sequence[AtRisk]) -> str:
    """How much money the days are about, and how many of them have passed; what only binds is left out."""
    sums = {what: sum(one.amount_eur for one in found if one.what == what) for what in _AT_STAKE}
    parts = [_(text, amount=format_money(sums[what])) for what, text in _AT_STAKE.items() if sums[what] > 0]
    if not parts:
        return _("No money is at risk in the next 6 months.")
    passed = sum(one.days_left < 0 for one in found)
    said = _("At stake: %(parts)s.", parts=parts[0])
    if len(parts) > 1:  # which overlap: what was paid and not used needs its proof, too
        said = _(
            "At stake: %(amount)s in all, each euro once: %(parts)s.",
            amount=format_money(risk_eur(found)),
            parts="; ".join(parts),
        )
    if not passed:
        return said
    late = ngettext("%(count)s day has passed.", "%(count)s days have passed.", passed, count=format_number(passed))
    return f"{said} {late}"


def reason(one: AtRisk) -> str:
    """Why the money is at risk, in one sentence."""
    amount, is_over = format_money(one.amount_eur), one.days_left < 0
    if one.what == "call_window":
        text = (
            _("The window for calls has closed; %(amount)s were not called.")
            if is_over
            else _("Until then %(amount)s can be called, then no more.")
        )
        return _(text, amount=amount)
    if one.what == "interest":
        return _interest(one, amount)
    if one.what == "proof_due":
        return _("The proof of use for %(amount)s has not been sent.", amount=amount)
    return _("From then on %(amount)s are no longer bound to their purpose.", amount=amount)


def _interest(one: AtRisk, amount: str) -> str:
    if one.since_on is None:
        text = _("%(amount)s that were paid are unused; from then on they cost interest.", amount=amount)
    else:
        since = format_date(one.since_on)
        text = _(
            "%(amount)s are unused and cost interest since %(since)s; then their use is checked.",
            amount=amount,
            since=since,
        )
    return text if one.is_confirmed else f"{text} {unconfirmed()}"


def unconfirmed() -> str:
    """What stands beside a rule that nobody confirmed."""
    return _("(Months of the rule: not confirmed yet.)")


def days_words(days_left: int) -> str:
    """In 14 days, today, 3 days ago."""
    if days_left == 0:
        return _("today")
    if days_left < 0:
        return ngettext("%(count)s day ago", "%(count)s days ago", -days_left, count=format_number(-days_left))
    return ngettext("in %(count)s day", "in %(count)s days", days_left, count=format_number(days_left))


def state_badge(state: str) -> Component:
    """How a grant stands; shape and words say what the colour says."""
    return badge(code_label("grant_state", state), kind=_KINDS[state], shape=_SHAPES[state])


def place(grant: Grant, areas: Mapping[int, Area]) -> str:
    """Of what the grant is: a house, an area, or the whole city."""
    if grant.address is not None:
        return grant.address
    if grant.area_id is None:
        return _("whole city") if grant.property_id is None else _("an object that is not shown")
    area = areas.get(grant.area_id)
    return area.name if area else _("an area that is not shown")


def clock_words(one: Clock) -> str:
    """The name of a day that matters."""
    if one.what == "interest":
        return _("Check of use") if one.since_on else _("Interest begins")
    return code_label("funding_risk", one.what)


def filter_parts(query: Mapping[str, str]) -> list[str]:
    """Programme and state of a link in words."""
    parts = []
    if query.get(ids.PROGRAMME):
        parts.append(_("programme %(name)s", name=query[ids.PROGRAMME]))
    if query.get(ids.STATE) in GRANT_STATES:
        parts.append(_("state: %(state)s", state=code_label("grant_state", query[ids.STATE])))
    return parts


def address(query: Mapping[str, str], **more: str) -> str:
    """This page with what its link says of date, language and filter, and with `more`."""
    kept = {name: query[name] for name in ("as_of", "lang", "area", *ids.RESTRICTING) if query.get(name)}
    return href(ids.PATH, {**kept, **more})


def grant_link(query: Mapping[str, str], key: str, title: str) -> Component:
    """A link to one grant."""
    return html.A(title, href=address(query, **{ids.GRANT: key}), className="qm-link")
