"""Chicago: inspections over years whose properties nobody lists; they are implied by their licences."""

import pytest

from etl.report import DeliveryReport
from tests.deliveries.conftest import City, MakeCity, counts

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def city(make_city: MakeCity) -> City:
    """The database of Chicago; `report` fills it."""
    return make_city("chicago")


@pytest.fixture(scope="module")
def report(city: City) -> DeliveryReport:
    """All inspections."""
    return city.load("inspections", "food_inspections.csv", "chicago/inspections", as_of="2014-12-31")


def test_every_inspection_is_loaded_and_every_licence_becomes_a_property(report: DeliveryReport) -> None:
    # Traps: numbers exported as decimals (`269961.0`); 16 licences with two inspections on one day (the key is the id).
    assert counts(report) == {"read": 27_600, "loaded": 27_600, "implied": 12_367}


def test_licences_that_were_never_placed_have_no_point(city: City, report: DeliveryReport) -> None:
    # Trap: 110 rows lack a place, but only 38 licences have none in any row; the newest row with a place gives the
    # point.
    query = """
        SELECT count(*), count(*) FILTER (WHERE geom IS NULL) FROM qm.property_version WHERE superseded_at IS NULL
    """
    assert city.ask(query) == [(12_367, 38)]
    assert any("without a place" in remark and "38" in remark for remark in report.remarks)


def test_the_same_day_twice_is_two_inspections(city: City, report: DeliveryReport) -> None:
    query = """
        SELECT coalesce(sum(visits - 1), 0) FROM (
            SELECT count(*) AS visits FROM qm.inspection WHERE superseded_at IS NULL GROUP BY property_id, inspected_on
        ) AS days
    """
    assert city.ask(query) == [(16,)]


def test_the_current_state_is_derived(city: City, report: DeliveryReport) -> None:
    assert city.ask("SELECT count(*), sum(inspections) FROM qm.property_current") == [(12_367, 27_600)]


def test_the_same_file_again_changes_nothing(city: City, report: DeliveryReport) -> None:
    again = city.check("inspections", "food_inspections.csv", "chicago/inspections", as_of="2014-12-31")
    assert counts(again) == {"read": 27_600, "unchanged": 27_600}
