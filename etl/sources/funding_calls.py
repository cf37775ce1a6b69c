"""Calls for the money of a grant, and what was paid and paid back; all calls together stay within the grant."""

from typing import Final

from etl.funding_rules import MOST_EUR, checking
from etl.source import Field, Kind, Lookup, Source, Unfit, source_key
from geodata.funding.checks import problems_of_call
from geodata.tables import funding_call

_LOOKUP: Final = Lookup(
    joins=(
        "LEFT JOIN qm.funding_grant AS g ON g.municipality = :municipality AND g.key = s.grant_key"
        " AND g.superseded_at IS NULL"
    ),
    columns=(
        "g.key AS known_grant",
        "g.granted_on AS granted_on",
    ),
    unfit=(
        Unfit("(l.known_grant IS NULL)", "grant_key", "'expected a known grant, but there is no ' || l.grant_key"),
        Unfit(
            "(l.granted_on IS NULL OR l.called_on < l.granted_on)",
            "called_on",
            "'expected a call after the notice of grant ' || l.grant_key || ', found an earlier one'",
        ),
    ),
    rejecting="reject_over_granted",
)

SOURCE = Source(
    name="funding_calls",
    doc="Calls for the money of grants, and what was paid on them",
    table=funding_call,
    changes_state=False,
    fields=(
        source_key("grant and day of the call"),
        Field("grant_key", "key of the grant", is_required=True),
        Field("called_on", "day of the call", Kind.DATE, is_required=True),
        Field("amount_eur", "amount called in euros", Kind.DECIMAL, is_required=True, minimum=0, maximum=MOST_EUR),
        Field("paid_on", "day of the payment; empty = not paid yet", Kind.DATE),
        Field("paid_eur", "amount paid in euros", Kind.DECIMAL, minimum=0, maximum=MOST_EUR),
        Field("refunded_on", "day on which a part of it was paid back", Kind.DATE),
        Field("refunded_eur", "amount paid back in euros", Kind.DECIMAL, minimum=0, maximum=MOST_EUR),
        Field("is_withdrawn", "it does not stand: refused, or a mistake", Kind.BOOLEAN, default="false"),
    ),
    key_parts=("grant_key", "called_on"),
    dated_by="called_on",
    lookup=_LOOKUP,
    check=checking(problems_of_call, "called_on", "amount_eur"),
)
