"""What a house has beside its controls and proceedings: grants, and what became of it when it was closed.

The same parts stand on the page of an object and on that of its demolition project.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import facts, plain_table
from dashboard.formatting import MISSING, format_amount, format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata.funding.flow import clocks
from geodata.funding.grants import Grant
from geodata.housing.reads import Closure

_HOUSEHOLDS: Final = ("rehoused", "returned", "moved_elsewhere", "not_known")
_DATED: Final = ("as_of", "lang")


def grants_table(grants: Sequence[Grant], query: Mapping[str, str], title: str) -> Component:
    """Grants with what was granted, called and paid, and the day that matters next."""
    head = (_("Grant"), _("granted"), _("called"), _("paid"), _("Next deadline"))
    rows = [
        [
            html.A(one.title, href=href("/foerderung", {**_dated(query), "grant": one.key}), className="qm-link"),
            format_amount(one.granted_eur),
            format_amount(one.called_eur),
            format_amount(one.paid_eur),
            _next_deadline(one),
        ]
        for one in grants
    ]
    return plain_table(head, rows, title)


def closure_facts(one: Closure) -> Component:
    """One closing of a house: since when, what became of the house, and where its households are, as counts."""
    known = one.households
    counts = [(code_label("household_place", name), format_number(getattr(known, name))) for name in _HOUSEHOLDS]
    return facts(
        [
            (_("House closed on"), format_date(one.closed_on)),
            (_("Households affected"), format_number(known.affected)),
            *counts,
            (_("The house"), f"{code_label('closure_outcome', one.outcome)} ({format_date(one.since_on)})"),
        ]
    )


def _next_deadline(grant: Grant) -> str:
    return next((format_date(one.on) for one in clocks(grant) if one.is_open), MISSING)


def _dated(query: Mapping[str, str]) -> dict[str, str]:
    return {name: query[name] for name in _DATED if query.get(name)}
