"""Chicago: inspections over years whose properties nobody lists; they are implied by their licences."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import NullPool, create_engine
from statsmodels.duration.survfunc import SurvfuncRight

from etl.report import DeliveryReport
from geodata import records
from geodata.access import Access, Asker, Scope
from geodata.course.achieved import Intervals, median_with_band
from geodata.course.achieved_reads import read_achieved, read_achieved_by_year
from geodata.filters import PropertyFilter
from tests.deliveries.conftest import City, MakeCity, counts
from tests.factories import facts

pytestmark = pytest.mark.timeout(300)
CHICAGO = "us-1714000"
AS_OF = date(2014, 12, 31)
KIND = "special_building"


@pytest.fixture(scope="module")
def city(make_city: MakeCity) -> City:
    """The database of Chicago; `report` fills it."""
    return make_city("chicago")


@pytest.fixture(scope="module")
def report(city: City) -> DeliveryReport:
    """All inspections."""
    return city.load("inspections", "food_inspections.csv", "chicago/inspections", as_of=AS_OF.isoformat())


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


# --- achieved intervals against pandas and statsmodels ----------------------------------------------------------------


@pytest.fixture(scope="module")
def asker(city: City, report: DeliveryReport) -> Iterator[Asker]:
    """Somebody who sees the city, in which a rule asks for one inspection a year."""
    engine = create_engine(city.urls.load, poolclass=NullPool)
    with engine.begin() as loader:
        facts.rule(loader, city=CHICAGO, control_type=KIND, valid_from=date(2010, 1, 1))
        records.refresh(loader, CHICAGO, AS_OF, property_ids=[], rules_changed=True, points_changed=False)
    engine.dispose()
    access = Access(city.urls)
    with access.open(Scope(CHICAGO, "staff", "test")) as one:
        yield one
    access.close()


@pytest.fixture(scope="module")
def reference(city: City) -> pd.DataFrame:
    """Each interval of the file: days, whether it is closed, the year in which it began; nothing of ours is asked."""
    raw = pd.read_csv(city.folder / "food_inspections.csv", usecols=["License", "Inspection_Date"], dtype=str)
    raw["on"] = pd.to_datetime(raw["Inspection_Date"], format="%Y-%m-%d")
    # Two visits on one day are one.
    visits = raw[["License", "on"]].drop_duplicates().sort_values(["License", "on"])
    next_on = visits.groupby("License")["on"].shift(-1)
    days = (next_on.fillna(pd.Timestamp(AS_OF)) - visits["on"]).dt.days
    return pd.DataFrame({"days": days, "closed": next_on.notna(), "year": visits["on"].dt.year})


@pytest.fixture(scope="module")
def achieved(asker: Asker) -> Intervals:
    """All intervals as the product has them."""
    return read_achieved(asker, PropertyFilter(as_of=AS_OF), KIND).intervals


def tallied(found: Intervals) -> Counter[tuple[int, bool]]:
    """How often each length occurs, closed or open."""
    closed = {(int(days), True): int(count) for days, count in zip(found.days, found.closed, strict=True)}
    still_open = {(int(days), False): int(count) for days, count in zip(found.days, found.still_open, strict=True)}
    return +Counter(closed | still_open)


def test_achieved_intervals_are_those_of_the_file(achieved: Intervals, reference: pd.DataFrame) -> None:
    assert tallied(achieved) == Counter(zip(reference["days"], reference["closed"], strict=True))
    assert (achieved.closed_total, achieved.open_total) == (15_217, 12_367)


def test_the_usual_interval_and_its_band_are_those_of_an_independent_library(
    achieved: Intervals, reference: pd.DataFrame
) -> None:
    found = median_with_band(achieved)
    curve = SurvfuncRight(reference["days"].to_numpy(), reference["closed"].to_numpy().astype(int))
    assert (found.days, (found.lower, found.upper)) == (curve.quantile(0.5), curve.quantile_ci(0.5))


def test_by_the_year_in_which_they_began_they_are_those_of_the_file_too(asker: Asker, reference: pd.DataFrame) -> None:
    by_year = read_achieved_by_year(asker, PropertyFilter(as_of=AS_OF), KIND)
    assert [one.year for one in by_year] == sorted(reference["year"].unique())
    for one in by_year:
        expected = reference[reference["year"] == one.year]
        assert tallied(one.intervals) == Counter(zip(expected["days"], expected["closed"], strict=True))
        found = median_with_band(one.intervals)
        with np.errstate(all="ignore"):
            curve = SurvfuncRight(expected["days"].to_numpy(), expected["closed"].to_numpy().astype(int))
            median, (lower, upper) = curve.quantile(0.5), curve.quantile_ci(0.5)
        # A year whose intervals are mostly open has no median, and its band has no end.
        assert found.days == (None if np.isnan(median) else median)
        assert (found.lower, found.upper) == tuple(None if not np.isfinite(day) else day for day in (lower, upper))
