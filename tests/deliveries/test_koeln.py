"""Cologne: 86 districts as a Shapefile whose CRS no authority gave a code."""

import pytest

from tests.deliveries.conftest import City, MakeCity, counts

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def city(make_city: MakeCity) -> City:
    """An empty database of Cologne."""
    return make_city("koeln")


def test_the_districts_are_transformed_by_the_definition_of_their_crs(city: City) -> None:
    # Traps: UTM 32 with a false easting of 2,500,000 and a vertical part in the .prj; umlauts in the dbf; 1 invalid
    # outline.
    report = city.load("areas", "Stadtteil.shp", "koeln/stadtteile", as_of="2024-12-31")
    assert counts(report) == {"read": 86, "loaded": 86, "repaired": 1}
    assert any("has no code; transformed by its own definition" in remark for remark in report.remarks)
    extent = """
        SELECT round(public.ST_XMin(e)::numeric, 2)::float, round(public.ST_YMin(e)::numeric, 2)::float,
               round(public.ST_XMax(e)::numeric, 2)::float, round(public.ST_YMax(e)::numeric, 2)::float
        FROM (SELECT public.ST_Extent(public.ST_Transform(geom, 4326)) AS e FROM qm.area_version) AS whole
    """
    assert city.ask(extent) == [(6.77, 50.83, 7.16, 51.08)]
    assert city.ask("SELECT count(*) FROM qm.area_version WHERE name ~ '[äöüß]'")[0][0] > 10
