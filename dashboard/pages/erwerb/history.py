"""What was acquired in the past: the ways with their numbers, and the years with what they cost."""

from collections.abc import Sequence

from dash.development.base_component import Component

from dashboard.components import panel, plain_table
from dashboard.formatting import format_money, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.measures.acquisitions import WAYS, Acquisition, WayCount, count_ways


def panels(found: Sequence[Acquisition]) -> list[Component]:
    """The ways, and the years where anything was acquired."""
    shown = [_ways(count_ways(found))]
    acquired = [one for one in found if one.acquired_on]
    return [*shown, _years(acquired)] if acquired else shown


def acquired_words(acquired: Sequence[Acquisition]) -> str:
    """How many houses came to the city and what they cost, as far as it is recorded."""
    count = ngettext("%(count)s house was acquired", "%(count)s houses were acquired", len(acquired),
                     count=format_number(len(acquired)))  # fmt: skip
    prices = [one.price_eur for one in acquired]
    known = [price for price in prices if price is not None]
    if not known:
        return _("%(houses)s; no price is recorded.", houses=count)
    words = _("%(houses)s for %(price)s.", houses=count, price=format_money(sum(known)))
    without = len(prices) - len(known)
    return f"{words} {_('Without a price: %(count)s.', count=format_number(without))}" if without else words


def _ways(counts: Sequence[WayCount]) -> Component:
    head = (_("Way"), _("running"), _("averted"), _("acquired"), _("ended otherwise"), _("All"),
            _("Price of the acquired"), _("without a price"))  # fmt: skip
    rows = [
        [
            code_label("measure_kind", one.way), format_number(one.running), format_number(one.averted),
            format_number(one.acquired), format_number(one.ended), format_number(one.total),
            format_money(one.price_eur) if one.acquired > one.without_price else "–",
            format_number(one.without_price) if one.acquired else "–",
        ]
        for one in counts
    ]  # fmt: skip
    return panel(_("Ways of acquisition"), plain_table(head, rows, _("Ways of acquisition")))


def _years(acquired: Sequence[Acquisition]) -> Component:
    by_year: dict[int, list[Acquisition]] = {}
    for one in acquired:
        if one.acquired_on is not None:
            by_year.setdefault(one.acquired_on.year, []).append(one)
    head = (_("Year"), *(code_label("measure_kind", way) for way in WAYS), _("All"), _("Price"))
    rows = [_year_row(year, by_year[year]) for year in sorted(by_year, reverse=True)]
    return panel(_("Acquired by year"), plain_table(head, rows, _("Acquired by year")))


def _year_row(year: int, own: Sequence[Acquisition]) -> list[str]:
    counts = [format_number(sum(one.measure.kind == way for one in own)) for way in WAYS]
    known = [one.price_eur for one in own if one.price_eur is not None]
    return [str(year), *counts, format_number(len(own)), format_money(sum(known)) if known else "–"]
