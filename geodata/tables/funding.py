"""Funding: programmes, the grants of their notices, calls for the money with what was paid, and what was spent."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    text,
)

from geodata import codes
from geodata.tables.columns import code, current_unique, identity, metadata, municipality_key, versioned


def _euros(name: str, *, comment: str, nullable: bool = True) -> Column[Any]:
    """An amount in euros, never negative."""
    return Column(name, Numeric(14, 2), CheckConstraint(f"{name} >= 0", name=name), nullable=nullable, comment=comment)


def _share(name: str, *, comment: str) -> Column[Any]:
    """A share from 0 to 1."""
    return Column(name, Numeric(5, 4), CheckConstraint(f"{name} BETWEEN 0 AND 1", name=name), comment=comment)


def _flag(name: str, *, comment: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False, server_default=text("false"), comment=comment)


def _interest() -> list[Any]:
    """When paid money that nobody used costs interest, as data of a programme or of one notice."""
    return [
        Column(
            "interest_from_month",
            SmallInteger,
            CheckConstraint("interest_from_month BETWEEN 1 AND 120", name="interest_from_month"),
            comment="month after the payment from which unused money costs interest; NULL = as usual",
        ),
        Column(
            "checked_after_months",
            SmallInteger,
            CheckConstraint("checked_after_months BETWEEN 1 AND 120", name="checked_after_months"),
            comment="months after the payment at which the use is checked; NULL = as usual",
        ),
        _flag("is_interest_confirmed", comment="true = somebody checked both numbers against the notice or the rules"),
    ]


funding_interest = Table(
    "funding_interest",
    metadata,
    Column(
        "code", Text, primary_key=True, comment="always usual: what holds where a notice and its programme are silent"
    ),
    Column(
        "interest_from_month",
        SmallInteger,
        nullable=False,
        comment="month after the payment from which interest counts",
    ),
    Column(
        "checked_after_months",
        SmallInteger,
        nullable=False,
        comment="months after the payment at which the use is checked",
    ),
    Column("legal_basis", Text, comment="where that is said"),
    _flag("is_confirmed", comment="true = somebody checked it in a primary source"),
    comment="The usual rule about interest on money that was paid and not used",
)

funding_programme = Table(
    "funding_programme",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="name of the programme, as grants and projects name it"),
    Column("funder", Text, nullable=False, comment="who pays: a state, the federation, the European Union"),
    _share("usual_share", comment="usual share of the eligible cost"),
    _share("least_share", comment="smallest share that is possible"),
    _share("most_share", comment="largest share that is possible"),
    *_interest(),
    Column("source", Text, comment="where these terms are said"),
    _flag("is_confirmed", comment="true = somebody checked the shares in a primary source"),
    *versioned(is_editable=True),
    CheckConstraint("least_share <= most_share", name="bounds"),
    current_unique("funding_programme", "municipality", "key"),
    comment="Funding programmes with their usual terms",
)

funding_grant = Table(
    "funding_grant",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="source key, else the file reference of the notice"),
    Column("programme", Text, nullable=False, comment="name of the programme"),
    Column("title", Text, nullable=False, comment="what the money is for, in one line"),
    Column(
        "property_id", BigInteger, ForeignKey("qm.property.id"), comment="the property concerned; NULL = none alone"
    ),
    Column("project_key", Text, comment="key of the demolition project of that property"),
    Column(
        "area_id", Integer, ForeignKey("qm.area.id"), comment="the area concerned; NULL = a property, or the whole city"
    ),
    Column("file_reference", Text, comment="file reference of the notice"),
    Column("expected_on", Date, comment="day for which the notice was announced; NULL = nothing is known"),
    Column("granted_on", Date, comment="date of the notice; NULL = not granted yet"),
    _euros("eligible_eur", comment="eligible cost in euros", nullable=False),
    _share("share", comment="share of the eligible cost that is granted"),
    _euros("granted_eur", comment="amount granted in euros", nullable=False),
    Column("call_until_on", Date, comment="last day on which money may be called"),
    Column("binding_until_on", Date, comment="last day on which what was built is bound to its purpose"),
    Column("proof_due_on", Date, comment="last day for the proof of use"),
    Column("proof_sent_on", Date, comment="day on which the proof of use was sent; NULL = not sent"),
    code("proof_result", codes.PROOF_RESULTS, comment="what the funder said of the proof; NULL = nothing yet"),
    Column("goal", Text, comment="what shall be reached, as the notice says it"),
    code("goal_rating", codes.GOAL_RATINGS, comment="whether the goal was reached", nullable=False),
    Column("goal_note", Text, comment="why it is rated so, in words"),
    *_interest(),
    _flag("is_withdrawn", comment="true = it does not stand: refused, given back, revoked or entered by mistake"),
    *versioned(is_editable=True),
    CheckConstraint("num_nonnulls(property_id, area_id) <= 1", name="place"),
    CheckConstraint("project_key IS NULL OR property_id IS NOT NULL", name="project"),
    CheckConstraint("granted_eur <= eligible_eur", name="granted"),
    CheckConstraint("proof_result IS NULL OR proof_sent_on IS NOT NULL", name="proof"),
    current_unique("funding_grant", "municipality", "key"),
    Index("funding_grant_property_idx", "property_id", postgresql_where=text("superseded_at IS NULL")),
    comment="Grants of a property, an area or the whole city: what a notice promises, until when, and its proof of use",
)

funding_call = Table(
    "funding_call",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="source key, else the grant and the day of the call"),
    Column("grant_key", Text, nullable=False, comment="key of the grant"),
    Column("called_on", Date, nullable=False, comment="day on which the money was called"),
    _euros("amount_eur", comment="amount called in euros", nullable=False),
    Column("paid_on", Date, comment="day on which it was paid; NULL = not paid yet"),
    _euros("paid_eur", comment="amount paid in euros; NULL = not paid yet"),
    Column("refunded_on", Date, comment="day on which a part of it was paid back; NULL = nothing was"),
    _euros("refunded_eur", comment="amount paid back in euros; NULL = nothing was"),
    _flag("is_withdrawn", comment="true = it does not stand: refused, or entered by mistake"),
    *versioned(is_editable=True),
    CheckConstraint("(paid_on IS NULL) = (paid_eur IS NULL)", name="paid"),
    CheckConstraint("paid_on >= called_on", name="order"),
    CheckConstraint("(refunded_on IS NULL) = (refunded_eur IS NULL)", name="refunded"),
    CheckConstraint("refunded_eur IS NULL OR refunded_eur <= coalesce(paid_eur, 0)", name="refund"),
    CheckConstraint("refunded_on >= paid_on", name="refund_order"),
    current_unique("funding_call", "municipality", "key"),
    Index("funding_call_grant_idx", "municipality", "grant_key", postgresql_where=text("superseded_at IS NULL")),
    comment="Calls for the money of a grant, what was paid on them, and what was paid back",
)

funding_cost = Table(
    "funding_cost",
    metadata,
    identity(),
    municipality_key(),
    Column("key", Text, nullable=False, comment="source key, else the grant and what tells the invoice from others"),
    Column("grant_key", Text, nullable=False, comment="key of the grant"),
    Column("project_key", Text, comment="key of the demolition project, where the grant has several"),
    code("category", codes.COST_CATEGORIES, comment="what was paid for", nullable=False),
    Column("invoiced_on", Date, nullable=False, comment="date of the invoice"),
    Column("paid_on", Date, comment="day on which the city paid it; NULL = not paid yet"),
    _euros("amount_eur", comment="amount in euros", nullable=False),
    Column(
        "is_eligible",
        Boolean,
        nullable=False,
        server_default=text("true"),
        comment="true = the grant takes a share of it",
    ),
    _flag("is_withdrawn", comment="true = it does not stand: entered by mistake"),
    *versioned(is_editable=True),
    current_unique("funding_cost", "municipality", "key"),
    Index("funding_cost_grant_idx", "municipality", "grant_key", postgresql_where=text("superseded_at IS NULL")),
    comment="What the city spent on what a grant is for",
)
