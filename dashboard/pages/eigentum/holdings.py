"""One owner with all its objects: how sure each link is and why, its state, open proceedings and what is due."""

from collections.abc import Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, empty_state, facts, notice, panel
from dashboard.formatting import MISSING, format_date, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.eigentum.search import found_list
from dashboard.routes import href
from geodata.owner_holdings import Alike, Holding, Holdings

_SHAPES = {"certain": "circle", "likely": "triangle", "uncertain": "diamond"}
_KINDS = {"certain": "good", "likely": "warn", "uncertain": "bad"}


def holdings_panels(found: Holdings | None, as_of: date, kept: str | None) -> list[Component]:
    """The owner, its objects, and other entries that may mean the same one."""
    if found is None:
        words = _("The link is mistyped, or the owner is not in the register any more.")
        return [empty_state(_("There is no such owner"), words)]
    one = found.owner
    pairs = [
        (_("Kind of owner"), code_label("ownership_form", one.kind)),
        (_("Address for service"), one.address or MISSING),
        (_("Objects on %(date)s", date=format_date(as_of)), format_number(one.properties)),
    ]
    logged = html.P(_("This look was logged."), className="quiet")
    return [
        panel(one.name or _("without a name"), [facts(pairs), logged]),
        _objects(found, as_of, kept),
        *_alike(found.alike, kept),
    ]


def _objects(found: Holdings, as_of: date, kept: str | None) -> Component:
    title = _("Objects of this owner")
    rest = []
    if found.out_of_scope:
        words = ngettext(
            "%(count)s more object is not recorded any more or is not open to you.",
            "%(count)s more objects are not recorded any more or are not open to you.",
            found.out_of_scope, count=format_number(found.out_of_scope),
        )  # fmt: skip
        rest = [notice(words)]
    if not found.holdings:
        words = _("On this date the register names no object of this owner.")
        return panel(title, [html.P(words, className="quiet"), *rest])
    cards = [html.Li(_card(one, as_of, kept), className="eigentum-card") for one in found.holdings]
    return panel(title, [html.Ul(cards, className="eigentum-cards"), *rest])


def _card(one: Holding, as_of: date, kept: str | None) -> list[Component]:
    state = code_label("state", one.state) if one.state else _("no state yet")
    head = html.Div(
        [
            html.H3(html.A(one.address, href=href(f"/objekt/{one.property_id}", {"as_of": kept}), className="qm-link")),
            badge(state),
        ],
        className="eigentum-card-head",
    )
    pairs = [
        (_("Share"), _share(one)),
        (_("Owner since"), _since(one)),
        (_("Link to this property"), _link(one)),
        (_("Source"), one.source or MISSING),
        (_("Open proceedings"), format_number(one.open_proceedings)),
        (_("Next control"), _due(one, as_of)),
    ]
    return [head, facts(pairs)]


def _share(one: Holding) -> str:
    if one.share is None:
        return MISSING
    return _("sole owner") if one.share == 1 else f"{one.share.numerator}/{one.share.denominator}"


def _since(one: Holding) -> str:
    if one.owned_since:
        return format_date(one.owned_since)
    return _("by %(date)s at the latest", date=format_date(one.stated_since))


def _link(one: Holding) -> Component | str:
    if one.link_confidence is None:
        return one.link_reason or _("not stated how sure")
    code = one.link_confidence
    mark = badge(code_label("link_confidence", code), kind=_KINDS[code], shape=_SHAPES[code])
    return html.Div([mark, html.Div(one.link_reason or "", className="quiet")])


def _due(one: Holding, as_of: date) -> str:
    if one.due_on is None:
        return MISSING
    if one.due_on < as_of:
        return _("overdue since %(date)s", date=format_date(one.due_on))
    return _("due on %(date)s", date=format_date(one.due_on))


def _alike(alike: Sequence[Alike], kept: str | None) -> list[Component]:
    """Entries that may mean the same owner, by the reason; they stay two until the register joins them."""
    if not alike:
        return []
    words = {
        "same_name": _("The same name at another address"),
        "same_address": _("The same address under another name"),
        "same_both": _("The same name and the same address under another key"),
    }
    parts: list[Component] = [html.P(_("Two entries stay two until the register joins them."), className="quiet")]
    for reason, title in words.items():
        found = [one.found for one in alike if one.reason == reason]
        parts += [html.H3(title), found_list(found, kept)] if found else []
    return [panel(_("Perhaps the same owner"), parts)]
