"""Figures about funding: granted, called, paid and at risk; the city's own money, so all of them are public facts."""

from collections.abc import Mapping
from typing import Final

from geodata.access import Asker
from geodata.figure import N_, Figure, Group, Period, Value
from geodata.filters import PropertyFilter
from geodata.funding.flow import at_risk, flow, risk_eur
from geodata.funding.reads import read_grants

RISK_MONTHS: Final = 6
_GRANTED: Final = N_(
    "grants with a notice dated by the as-of date and not withdrawn; a grant of an area or of the whole city counts "
    "where the filter names nothing narrower"
)


def _figure(key: str, title: str, definition: str, *, part_of: str | None = None) -> Figure:
    return Figure(key, title, "eur", "public_fact", definition, _GRANTED, part_of=part_of)


FIGURES: Final = (
    _figure("funding_granted", N_("Funding granted"), N_("Sum of the amounts that the notices grant.")),
    _figure(
        "funding_called",
        N_("Funding called"),
        N_("Sum of the calls for that money by the as-of date."),
        part_of="funding_granted",
    ),
    _figure(
        "funding_paid",
        N_("Funding paid"),
        N_("Sum of the payments received on these calls by the as-of date."),
        part_of="funding_granted",
    ),
    _figure(
        "funding_at_risk",
        N_("Funding at risk"),
        N_(
            "Money for which something is due within six months or overdue: its call, its use before interest counts, "
            "its proof of use. No euro counts twice."
        ),
        part_of="funding_granted",
    ),
)


def read(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """All figures of this group for one filter."""
    grants = read_grants(asker, chosen)
    total = flow(grants)[0]
    return {
        "funding_granted": total.granted_eur,
        "funding_called": total.called_eur,
        "funding_paid": total.paid_eur,
        "funding_at_risk": risk_eur(at_risk(grants, months=RISK_MONTHS)),
    }


GROUP: Final = Group("funding:read", FIGURES, read)
