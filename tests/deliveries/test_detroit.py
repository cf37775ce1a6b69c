"""Detroit: a plan of demolitions without dates, then a list of what was done; most of that was never in the plan."""

from datetime import date

import pytest

from etl.report import DeliveryReport
from geodata.access import Access, Scope
from geodata.demolitions import read_projects
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from geodata.projects.course import course
from geodata.projects.forecast import stage_durations
from tests.deliveries.conftest import City, MakeCity, counts

pytestmark = pytest.mark.timeout(300)

STAFF = Scope("us-2622000", "staff", "bauaufsicht")
PIPELINE = ("demolitions", "2018-07_Demolition_Pipeline.csv", "detroit/pipeline")
DEMOLISHED = ("demolitions", "Detroit_Demolitions_2019-08.csv", "detroit/demolished")


@pytest.fixture(scope="module")
def city(make_city: MakeCity) -> City:
    """The database of Detroit; `reports` fills it."""
    return make_city("detroit")


@pytest.fixture(scope="module")
def reports(city: City) -> tuple[DeliveryReport, DeliveryReport]:
    """First what was planned, then what was done."""
    return city.load(*PIPELINE), city.load(*DEMOLISHED)


def figures(city: City, as_of: date) -> dict[str, object]:
    access = Access(city.urls, statement_seconds=60)
    try:
        with access.open(STAFF) as asker:
            keys = ["objects", "projects", "projects_demolished", "demolition_progress"]
            return {key: one.value for key, one in read_figures(asker, PropertyFilter(as_of=as_of), keys=keys).items()}
    finally:
        access.close()


def test_every_line_is_taken_over(reports: tuple[DeliveryReport, DeliveryReport]) -> None:
    # Traps: a line break inside a field, so that 2,214 rows are 4,429 lines; parcels with and without a dot or a dash;
    # dates as 08/19/2019; of 18,764 demolitions 1,618 were planned, so the others imply their properties.
    pipeline, demolished = reports
    assert counts(pipeline) == {"read": 2_214, "loaded": 2_214, "implied": 2_214}
    assert counts(demolished) == {"read": 18_764, "loaded": 18_764, "implied": 17_146}


def test_a_month_in_the_name_speaks_for_its_last_day(reports: tuple[DeliveryReport, DeliveryReport]) -> None:
    assert [(one.as_of, one.as_of_from) for one in reports] == [
        (date(2018, 7, 31), "file_name"),
        (date(2019, 8, 31), "file_name"),
    ]


@pytest.mark.parametrize(
    ("as_of", "projects", "demolished"),
    [
        (date(2018, 7, 30), 0, 0),
        (date(2018, 7, 31), 2_214, 0),
        (date(2018, 8, 16), 2_214, 0),
        (date(2018, 8, 17), 2_214, 3),
        (date(2019, 8, 31), 2_214, 1_618),
        (date(2026, 11, 22), 2_214, 1_618),
    ],
)
@pytest.mark.usefixtures("reports")
def test_so_many_of_the_planned_are_down(city: City, as_of: date, projects: int, demolished: int) -> None:
    found = figures(city, as_of)
    assert (found["projects"], found["projects_demolished"]) == (projects, demolished)
    share = None if projects == 0 else pytest.approx(100 * demolished / projects, abs=0.05)
    assert found["demolition_progress"] == share


@pytest.mark.usefixtures("reports")
def test_the_properties_of_both_files_are_there_each_once(city: City) -> None:
    query = "SELECT count(*), count(demolished_on), count(*) FILTER (WHERE geom IS NULL) FROM qm.property_current"
    assert city.ask(query) == [(19_360, 18_764, 0)]
    # A property of which only its demolition is known exists from then on.
    assert figures(city, date(2014, 1, 1))["objects"] == 0


@pytest.mark.usefixtures("reports")
def test_parcels_are_joined_as_they_stand(city: City) -> None:
    query = "SELECT count(*) FROM qm.property WHERE key IN ('18009074', '18009074.', '18000464.', '11002780-1')"
    assert city.ask(query) == [(3,)]


@pytest.mark.usefixtures("reports")
def test_neither_contractor_nor_price_is_kept(city: City) -> None:
    assert city.ask("SELECT count(cost_planned_eur), count(cost_actual_eur) FROM qm.demolition_stage") == [(0, 0)]


@pytest.mark.usefixtures("reports")
def test_both_files_again_change_nothing(city: City) -> None:
    before = figures(city, date(2019, 8, 31))
    assert counts(city.load(*PIPELINE)) == {"read": 2_214, "unchanged": 2_214}
    assert counts(city.load(*DEMOLISHED)) == {"read": 18_764, "unchanged": 18_764}
    assert figures(city, date(2019, 8, 31)) == before
    assert city.ask("SELECT count(*) FROM qm.property_version WHERE superseded_at IS NULL") == [(19_360,)]


def test_a_forecast_of_march_2019_meets_what_was_down_in_august(city: City) -> None:
    # The last demolition of the list is of 19 August. Of what is done alone the forecast would be more than 2,000.
    march = date(2019, 3, 1)
    access = Access(city.urls, statement_seconds=60)
    try:
        with access.open(STAFF) as asker:
            known = read_projects(asker, PropertyFilter(as_of=march))
    finally:
        access.close()
    durations = stage_durations(known, march)
    assert (durations["demolition"].n, len(durations["demolition"].open_lengths)) == (1_176, 1_038)
    points = {one.on: one for one in course(known, durations, march)}
    ahead = points[date(2019, 8, 31)]
    assert points[march].forecast == 1_176
    assert ahead.forecast == pytest.approx(1_618, rel=0.03)
    assert ahead.lower is not None
    assert ahead.upper is not None
    assert ahead.lower < ahead.forecast < ahead.upper
