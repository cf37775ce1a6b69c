"""What a rule means for a house: visits of its kind that took place where it wins, and how many of them found nothing.

"The maximum possible" has a lower side in law, cause and proportionality: these two numbers stand beside each rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import and_, func, select

from geodata.access import Asker
from geodata.control_reads import pairs_of
from geodata.filters import PropertyFilter
from geodata.tables import inspection, interval_rule

BURDEN_DAYS: Final = 3 * 365
_YEAR_DAYS: Final = 365


@dataclass(frozen=True)
class Burden:
    """Controls of the rule's own type at the houses where it wins on the as-of date.

    `visits_of_year` are those of the 365 days up to the as-of date; `controls` those of three times as many days, and
    `without_finding` of these the ones that found nothing: of all visits, as the register and the preview of a change
    count them, those among them that could not be completed.
    """

    visits_of_year: int
    controls: int
    without_finding: int


def read_burden(asker: Asker, as_of: date) -> Mapping[str, Burden]:
    """By the key of the rule; one that wins nowhere, or without any control in that time, is missing."""
    asker.require("inspection:read")
    pairs = pairs_of(asker, PropertyFilter(as_of=as_of))
    due, visit = pairs.sources.due.c, inspection.c
    is_of_pair = and_(
        visit.property_id == due.property_id,
        visit.control_type == due.control_type,
        visit.municipality == asker.scope.municipality,
        visit.superseded_at.is_(None),
        visit.inspected_on <= as_of,
        visit.inspected_on > as_of - timedelta(days=BURDEN_DAYS),
    )
    query = (
        select(
            interval_rule.c.key,
            func.count().filter(visit.inspected_on > as_of - timedelta(days=_YEAR_DAYS)).label("visits_of_year"),
            func.count().label("controls"),
            func.count().filter(visit.result == "no_finding").label("without_finding"),
        )
        # Its row may have been replaced since the due dates were derived; the key stays.
        .select_from(pairs.relation.join(interval_rule, interval_rule.c.id == due.rule_id).join(inspection, is_of_pair))
        .where(*pairs.where)
        .group_by(interval_rule.c.key)
    )
    rows = asker.connection.execute(query).all()
    return {row.key: Burden(row.visits_of_year, row.controls, row.without_finding) for row in rows}
