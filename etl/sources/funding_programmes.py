"""Funding programmes with their usual terms: who pays which share, and when unused money costs interest."""

from etl.funding_rules import checking
from etl.source import Field, Kind, Source
from geodata.funding.checks import problems_of_programme
from geodata.tables import funding_programme

SOURCE = Source(
    name="funding_programmes",
    doc="Funding programmes with their usual terms",
    table=funding_programme,
    changes_state=False,
    fields=(
        Field("key", "name of the programme, as grants name it", is_required=True),
        Field("funder", "who pays", is_required=True),
        Field("usual_share", "usual share of the eligible cost, from 0 to 1", Kind.DECIMAL, minimum=0, maximum=1),
        Field("least_share", "smallest share that is possible", Kind.DECIMAL, minimum=0, maximum=1),
        Field("most_share", "largest share that is possible", Kind.DECIMAL, minimum=0, maximum=1),
        Field(
            "interest_from_month", "month from which unused money costs interest", Kind.INTEGER, minimum=1, maximum=120
        ),
        Field("checked_after_months", "months after which the use is checked", Kind.INTEGER, minimum=1, maximum=120),
        Field("is_interest_confirmed", "somebody checked both months", Kind.BOOLEAN, default="false"),
        Field("source", "where these terms are said"),
        Field("is_confirmed", "somebody checked the shares", Kind.BOOLEAN, default="false"),
    ),
    check=checking(problems_of_programme),
)
