"""Costs of what a grant is for: invoices by what was bought, and when the city paid them."""

from etl.funding_rules import MOST_EUR
from etl.source import Field, Kind, Lookup, Source, Unfit, source_key
from geodata import codes
from geodata.tables import funding_cost

SOURCE = Source(
    name="funding_costs",
    doc="Costs of what grants are for",
    table=funding_cost,
    changes_state=False,
    fields=(
        source_key("grant, day of the invoice, what was bought and amount"),
        Field("grant_key", "key of the grant", is_required=True),
        Field("project_key", "key of the demolition project, where the grant has several"),
        Field("category", "what was bought", Kind.CODE, is_required=True, codes=codes.COST_CATEGORIES),
        Field("invoiced_on", "day of the invoice", Kind.DATE, is_required=True),
        Field("paid_on", "day on which the city paid it; empty = not paid yet", Kind.DATE),
        Field("amount_eur", "amount in euros", Kind.DECIMAL, is_required=True, minimum=0, maximum=MOST_EUR),
        Field("is_eligible", "the grant takes a share of it", Kind.BOOLEAN, default="true"),
        Field("is_withdrawn", "it does not stand: a mistake", Kind.BOOLEAN, default="false"),
    ),
    key_parts=("grant_key", "invoiced_on", "category", "amount_eur"),
    dated_by="invoiced_on",
    lookup=Lookup(
        joins=(
            "LEFT JOIN qm.funding_grant AS g ON g.municipality = :municipality AND g.key = s.grant_key"
            " AND g.superseded_at IS NULL"
        ),
        columns=("g.key AS known_grant",),
        unfit=(
            Unfit("(l.known_grant IS NULL)", "grant_key", "'expected a known grant, but there is no ' || l.grant_key"),
        ),
    ),
)
