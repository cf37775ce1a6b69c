"""Essen: 102,981 house coordinates from a zip, and a page of the city's WFS with a CRS that does not exist."""

from datetime import date

import pytest

from etl.report import DeliveryReport
from tests.deliveries.conftest import City, MakeCity, counts

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def city(make_city: MakeCity) -> City:
    """The database of Essen; `reports` fills it."""
    return make_city("essen")


@pytest.fixture(scope="module")
def reports(city: City) -> dict[str, DeliveryReport]:
    """The zip, then the page."""
    return {
        "zip": city.load("addresses", "hauskoordinaten_essen_2022-10-05_4647.zip", "essen/addresses"),
        "wfs": city.load("addresses", "001.gml", "essen/addresses_wfs", as_of="2022-10-05"),
    }


def test_all_house_coordinates_come_out_of_the_archive(city: City, reports: dict[str, DeliveryReport]) -> None:
    # Traps: a zip with a note beside the data; EPSG:4647; 3,397 addresses without a number; the date in the file name.
    report = reports["zip"]
    assert counts(report) == {"read": 102_981, "loaded": 102_981}
    assert (report.as_of, report.as_of_from) == (date(2022, 10, 5), "file_name")
    assert any("from the archive" in remark for remark in report.remarks)
    assert city.ask("SELECT count(*) FROM qm.address WHERE house_number IS NULL AND superseded_at IS NULL") == [
        (3_397,)
    ]


def test_the_page_of_the_wfs_has_swapped_axes_which_is_said(city: City, reports: dict[str, DeliveryReport]) -> None:
    # Traps: `EPSG::102329` is no code of EPSG; northing stands before the zone-prefixed easting. A page is not
    # complete.
    report = reports["wfs"]
    assert report.counts["read"] == 1_000
    assert report.counts["rejected"] == report.counts["ended"] == 0
    assert any("axes are swapped" in remark for remark in report.remarks)
    assert any("102329" in remark for remark in report.remarks)


def test_both_files_place_the_same_house_at_the_same_place(city: City, reports: dict[str, DeliveryReport]) -> None:
    query = """
        SELECT count(*), max(public.ST_Distance(one.geom, other.geom))
        FROM qm.address AS one
        INNER JOIN qm.address AS other ON other.key = one.key AND other.delivery_id = :zip
        WHERE one.delivery_id = :wfs
    """
    count, furthest_m = city.ask(query, zip=reports["zip"].delivery, wfs=reports["wfs"].delivery)[0]
    assert count + reports["wfs"].counts["unchanged"] == 1_000
    assert furthest_m is None or furthest_m < 0.01


def test_all_of_them_lie_in_essen(city: City, reports: dict[str, DeliveryReport]) -> None:
    query = """
        SELECT count(*) FROM qm.address
        WHERE NOT public.ST_Intersects(
            geom, public.ST_Transform(public.ST_MakeEnvelope(6.85, 51.33, 7.15, 51.55, 4326), 25832)
        )
    """
    assert city.ask(query) == [(0,)]
