"""Baltimore: open vacant-building notices as a register, placed by X and Y in feet."""

import pytest

from etl.report import DeliveryReport
from tests.deliveries.conftest import City, MakeCity, counts

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def city(make_city: MakeCity) -> City:
    """The database of Baltimore; `report` fills it."""
    return make_city("baltimore")


@pytest.fixture(scope="module")
def report(city: City) -> DeliveryReport:
    """All notices, as of the last one."""
    return city.load("properties", "Vacant_Building_Notices_2025.csv", "baltimore/notices", as_of="2025-04-26")


def test_every_notice_is_a_property(city: City, report: DeliveryReport) -> None:
    # Traps: a byte order mark before `X`; feet of EPSG:2248 without a label; addresses of a single blank; dates with a
    # time.
    assert counts(report) == {"read": 12_781, "loaded": 12_781}
    assert city.ask("SELECT count(*) FROM qm.property_version WHERE geom IS NOT NULL") == [(12_781,)]


def test_the_places_are_in_baltimore(city: City, report: DeliveryReport) -> None:
    query = """
        SELECT public.ST_X(public.ST_Transform(v.geom, 4326)), public.ST_Y(public.ST_Transform(v.geom, 4326))
        FROM qm.property AS p INNER JOIN qm.property_version AS v ON v.property_id = p.id WHERE p.key = '0702 050'
    """
    x, y = city.ask(query)[0]
    assert (x, y) == (pytest.approx(-76.6494, abs=0.001), pytest.approx(39.2808, abs=0.001))


def test_the_address_is_kept_in_its_parts(city: City, report: DeliveryReport) -> None:
    query = """
        SELECT a.street, a.house_number, a.house_number_suffix
        FROM qm.property AS p
        INNER JOIN qm.property_version AS v ON v.property_id = p.id
        INNER JOIN qm.property_address AS a ON a.property_version_id = v.id
        WHERE p.key = '0702 050' OR (a.street = 'N GILMOR ST' AND a.house_number = 913)
        ORDER BY a.street
    """
    assert city.ask(query) == [("N GILMOR ST", 913, "1/2"), ("WILKENS AVE", 2113, None)]


def test_the_owner_is_nowhere(city: City, report: DeliveryReport) -> None:
    # OWNER_ABBR is a column that no mapping may name; the whole database is searched for one of its values.
    assert "OWNER_ABBR" not in report.to_json()
    owners = (city.folder / "Vacant_Building_Notices_2025.csv").read_text(encoding="utf-8-sig").splitlines()
    assert any(",MCC," in line for line in owners)
    tables = city.ask("SELECT table_name FROM information_schema.tables WHERE table_schema = 'qm'")
    for (table,) in tables:
        found = city.ask(f"SELECT count(*) FROM qm.{table} AS t WHERE t::text ~ '(^|[(,])(MCC|HABC)([,)]|$)'")
        assert found == [(0,)], table
