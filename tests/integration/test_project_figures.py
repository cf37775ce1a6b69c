"""Figures about proceedings, money and housing: they count what the lists of the same filter show."""

from datetime import date

import pytest

from geodata import records
from geodata.figure import Period
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from geodata.funding.flow import AtRisk, risk_eur
from geodata.housing.reads import read_whereabouts
from geodata.measures.reads import read_measures
from tests.conftest import Stage
from tests.factories import facts, funding
from tests.factories.editing import Desk

AS_OF = date(2026, 3, 1)
KEYS = (
    "measures_open", "measures_cooperative", "measures_expired", "funding_granted", "funding_called", "funding_paid",
    "funding_at_risk", "houses_closed", "houses_reopened", "dwellings_lost", "dwellings_won",
)  # fmt: skip


@pytest.fixture
def desk(stage: Stage) -> Desk:
    desk = Desk(stage)
    with stage.as_loader() as connection:
        funding.programme(connection)
        funding.grant(connection, "F-west", property_id=desk.in_west)
        funding.grant(connection, "F-east", property_id=desk.in_east, programme="Stadt")
        funding.call(connection, "F-west")
        records.refresh(connection, facts.CITY, AS_OF)
    return desk


def test_the_figures_follow_the_filter(desk: Desk) -> None:
    with desk.staff() as asker:
        everywhere = read_figures(asker, PropertyFilter(as_of=AS_OF), keys=KEYS)
        west = read_figures(asker, PropertyFilter(as_of=AS_OF, area_ids=(desk.west,)), keys=KEYS)
        houses = read_whereabouts(asker, PropertyFilter(as_of=AS_OF))
        measures = read_measures(asker, PropertyFilter(as_of=AS_OF))
    assert everywhere["funding_granted"].value == 120_000
    assert west["funding_granted"].value == 60_000
    assert everywhere["funding_called"].value == west["funding_called"].value == 30_000
    assert everywhere["houses_closed"].value == houses.closed_houses
    assert everywhere["measures_open"].value == sum(one.is_open for one in measures)
    assert Period.year_until(AS_OF).last_on == everywhere["dwellings_lost"].as_of


def _risk(grant: str, what: str, amount_eur: float) -> AtRisk:
    return AtRisk(grant, "P", "T", None, None, what, AS_OF, 0, amount_eur)  # type: ignore[arg-type]


def test_no_euro_is_at_risk_twice() -> None:
    found = [
        _risk("A", "call_window", 10.0),
        _risk("A", "interest", 4.0),
        _risk("A", "interest", 5.0),
        _risk("A", "proof_due", 8.0),
        _risk("A", "binding", 100.0),
        _risk("B", "proof_due", 7.0),
    ]
    assert risk_eur(found) == 10.0 + 9.0 + 7.0
    assert risk_eur([]) == 0.0
