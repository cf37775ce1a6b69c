"""Proceedings in words and shapes, for their own page and for the page of an object: deadlines, flags, explanations.

What the law says stands in the data (`legal_basis`, with its mark "not confirmed yet"); here are only plain words of
what a thing is. Pure, apart from the language of the request.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.measures.deadlines import Deadline
from geodata.measures.supply import SupplyCut

# What the colour of a deadline says, its shape and its words say too.
LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "expired": ("bad", "diamond"),
    "soon": ("warn", "triangle"),
    "resting": ("neutral", "dash"),
    "open": ("neutral", "ring"),
    "met": ("good", "circle"),
    "met_late": ("neutral", "circle"),
}
ALARM_LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "cut": ("bad", "diamond"),
    "imminent": ("warn", "triangle"),
    "announced": ("neutral", "ring"),
    "restored": ("good", "circle"),
}
_EXPLAINED: Final[Mapping[str, str]] = {
    "talks": N_("Conversations with the owner about what has to be done, before or beside an order."),
    "agreement": N_("The owner has promised in writing what will be done until when."),
    "amicable_end": N_("What was promised has been done; no order was needed."),
    "building_order": N_("The building control tells the owner what has to be put right in the building."),
    "works_stopped": N_("Building works have to stop at once."),
    "sealing": N_("Rooms or a building site are closed with an official seal."),
    "use_ban": N_("Rooms may no longer be used, for example for living."),
    "removal_order": N_("Something that was built has to be taken away; only where nothing milder works."),
    "housing_order": N_("The housing supervision tells the owner what has to be put right in the dwellings."),
    "overcrowding_order": N_("Too many people live in too little room; the owner has to end that."),
    "modernisation_order": N_("The owner has to renovate the building by order of the city; talks come first."),
    "demolition_order": N_("The owner has to let the building be pulled down; talks come first."),
    "uninhabitable": N_("Dwellings may no longer be lived in. A last resort: replacement housing comes first."),
    "clearance": N_("People have to leave the house. A last resort: replacement housing comes first."),
    "coercive_fine": N_("Money that has to be paid so that an order is followed; it is no punishment."),
    "substitute_performance": N_("The city has the work done by a company, and the owner pays for it."),
    "direct_force": N_("The city enforces an order itself, because nothing else works."),
    "cost_notice": N_("The owner gets the bill for what the city had done."),
    "fine": N_("A punishment in money for a breach of the rules."),
    "purchase": N_("The city buys the house or the plot."),
    "pre_emption": N_("When a house is sold, the city takes the place of the buyer."),
    "forced_sale": N_("A court auctions the house."),
    "ownerless": N_("Nobody owns the plot any more; the city may take it over."),
    "court_administration": N_("A court puts an administrator in charge of the house."),
}
_STEPS_EXPLAINED: Final[Mapping[str, str]] = {
    "hearing": N_("The owner can say something before a decision is made."),
    "threat": N_("What will be enforced is announced in advance."),
    "fixing": N_("What was threatened is decided now."),
    "final": N_("The order can no longer be contested."),
    "court_action": N_("The owner has brought an action before the court. It can suspend the order."),
    "contract_notice": N_("The city has learnt of the contract of sale; from then on the clock runs."),
    "averting_asked": N_("The buyer promises to put things right, so that the city does not buy."),
    "appropriation": N_("The city takes over a plot that nobody owns."),
}
# Why something can come next, by the codes of `geodata.measures.ladder`.
_WHY: Final[Mapping[str, str]] = {
    "first_way": N_("this way can begin"),
    "beside": N_("possible beside everything else"),
    "after_step": N_("after the latest step"),
    "deadline_expired": N_("the deadline has expired"),
    "order_stands": N_("the order stands"),
    "coercion_not_stated": N_("the deadline has expired; whether coercion is enforceable is not stated"),
    "costs_open": N_("costs are open"),
    "promise_broken": N_("what was promised did not happen"),
    "milder_failed": N_("what is milder did not help"),
}


def why_words(why: str) -> str:
    """Why something can come next."""
    return _(_WHY[why]) if why in _WHY else ""


def explained(kind: str) -> str:
    """What a kind of proceeding is, for who is no lawyer; empty for a kind that explains itself."""
    return _(_EXPLAINED[kind]) if kind in _EXPLAINED else ""


def deadline_words(days_left: int, state: str) -> str:
    """How a deadline stands, without its shape."""
    if state in ("met", "met_late"):
        return _("done") if state == "met" else _("done late")
    if state == "resting":
        return _("rests: not enforceable")
    if days_left < 0:
        count = format_number(-days_left)
        return ngettext("over since %(count)s day", "over since %(count)s days", -days_left, count=count)
    if days_left == 0:
        return _("ends today")
    if days_left == 1:
        return _("ends tomorrow")
    return _("%(days)s left", days=format_days(days_left))


def what_words(one: Deadline) -> str:
    """What ends: a step, the next look at a proceeding, or a supply cut with what is cut off."""
    if one.what == "supply_cut":
        return f"{_('supply cut')}: {code_label('utility', one.utility)}" if one.utility else _("supply cut")
    if one.step_kind is None:
        return _("look again")
    return code_label("measure_step", one.step_kind)


def deadline_line(one: Deadline) -> str:
    """Which deadline of which proceeding; a cut of supply belongs to none."""
    return f"{code_label('measure_kind', one.measure_kind)}: {what_words(one)}" if one.measure_kind else what_words(one)


def deadline_badge(days_left: int, state: str) -> Component:
    """The same as a badge with a shape."""
    kind, shape = LOOKS[state]
    return badge(deadline_words(days_left, state), kind=kind, shape=shape)


def not_confirmed() -> Component:
    """The mark of what nobody has checked in a primary source yet."""
    return badge(_("not confirmed yet"), shape="dash")


def basis_line(legal_basis: str | None, *, is_confirmed: bool) -> Component:
    """The legal basis as the data holds it, with its mark."""
    words = [html.Span(_("Basis"), className="quiet"), " ", legal_basis or _("none named")]
    return html.Span([*words, *([] if is_confirmed else [" ", not_confirmed()])], className="proceeding-basis")


def flag_words(*, value: bool | None) -> str:
    """yes, no, not known."""
    return _("not known") if value is None else _("yes") if value else _("no")


def flag(title: str, *, value: bool | None) -> Component:
    """A flag in words: its colour says nothing that the words do not."""
    shape = {True: "square", False: "x", None: "dash"}[value]
    return badge(f"{title}: {flag_words(value=value)}", shape=shape)


def outcome_words(outcome: str | None, closed_on: date | None) -> str:
    """How and when a proceeding ended."""
    if closed_on is None:
        return _("open")
    day = format_date(closed_on)
    return f"{code_label('measure_outcome', outcome)} ({day})" if outcome else _("closed on %(day)s", day=day)


def court_words(status: str | None, since_on: date | None) -> str:
    """What a court has to do with it; that nothing is recorded does not say that there is no action."""
    label = code_label("court_status", status)
    return f"{label} ({_('since')} {format_date(since_on)})" if since_on else label


def alarm_badge(cut: SupplyCut) -> Component:
    """The alarm of a supply cut with its day; its shape says it too."""
    kind, shape = ALARM_LOOKS[cut.alarm]
    return badge(cut_words(cut), kind=kind, shape=shape)


def cut_words(cut: SupplyCut) -> str:
    """How a supply cut stands, with its day."""
    if cut.alarm == "restored":
        return _("restored on %(day)s", day=format_date(cut.restored_on))
    if cut.alarm == "cut":
        return _("cut off since %(day)s", day=format_date(cut.cut_on))
    if cut.planned_on is None:
        return _("announced, no day named")
    if cut.days_left is not None and cut.days_left < 0:
        return _("announced for %(day)s, nothing heard since", day=format_date(cut.planned_on))
    return _("announced for %(day)s", day=format_date(cut.planned_on))


def step_explained(kind: str) -> str:
    """What a step is, where its name alone says too little."""
    return _(_STEPS_EXPLAINED[kind]) if kind in _STEPS_EXPLAINED else ""
