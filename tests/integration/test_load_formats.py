"""One city's data in each form in which an office sends it, by the mapping alone: gebref, point files, spreadsheets."""

from pathlib import Path

import geopandas
import pytest
import shapely

from geodata.settings import DatabaseUrls
from tests.factories.files import write_layer, write_spreadsheet, write_text, write_zip
from tests.factories.office import MAPPINGS, Office, said

GEBREF = """
header = [
    "nba", "oid", "qua", "landschl", "land", "regbezschl", "regbez", "kreisschl", "kreis", "gmdschl", "gmd",
    "ottschl", "ott", "strschl", "str", "hnr", "adz", "zone", "ostwert", "nordwert", "datum",
]
delimiter = ";"
decimal = ","
crs = "EPSG:25832"
expected_extent = [7.3, 51.2, 7.7, 51.5]
[columns]
key = "oid"
street = "str"
house_number = "hnr"
house_number_suffix = "adz"
place = "ott"
x = "ostwert"
y = "nordwert"
"""
GEBREF_LINE = (
    "{nba};{oid};A;05;NRW;9;Arnsberg;14;Muster;000;Musterstadt;0001;Mitte;00012;{street};{number};{suffix};32;{x};{y};"
)
POINTS = '[columns]\nstreet = "street"\nhouse_number = "house_number"\n'
STORED = "SELECT street, house_number, house_number_suffix, ST_X(geom), ST_Y(geom) FROM qm.address ORDER BY street"
TWO_HOUSES = [("Grüner Weg", 3, "a", 395000.5, 5690000.25), ("Musterstraße", 12, None, 395100.0, 5690100.0)]


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    return Office(clean_urls, tmp_path)


def gebref(path: Path) -> Path:
    """Two houses as the land survey delivers them: no header, Windows-1252, decimal comma, zone in a column."""
    houses = [
        {"oid": "DENW1", "street": "Grüner Weg", "number": 3, "suffix": "a", "x": "395000,5", "y": "5690000,25"},
        {"oid": "DENW2", "street": "Musterstraße", "number": 12, "suffix": "", "x": "395100,000", "y": "5690100,000"},
    ]
    lines = [GEBREF_LINE.format(nba="N", **house) for house in houses]
    return write_text(path, "\r\n".join(lines) + "\r\n", "windows-1252")


def test_gebref_has_no_header_and_its_first_line_is_a_house(office: Office, tmp_path: Path) -> None:
    report = office.sends("addresses", gebref(tmp_path / "gebref.txt"), mapping=GEBREF)
    assert said(report) == {"read": 2, "loaded": 2}
    assert office.ask(STORED) == TWO_HOUSES
    assert "Read as windows-1252: it is not valid UTF-8." in report.remarks


def test_a_zipped_gebref_is_the_same_delivery(office: Office, tmp_path: Path) -> None:
    office.sends("addresses", gebref(tmp_path / "gebref.txt"), mapping=GEBREF)
    archive = write_zip(tmp_path / "gebref.zip", {"gebref.txt": tmp_path / "gebref.txt"})
    assert said(office.sends("addresses", archive, mapping=GEBREF)) == {"read": 2, "unchanged": 2}


@pytest.mark.parametrize(
    ("name", "driver"),
    [("x.gpkg", "GPKG"), ("x.geojson", "GeoJSON"), ("x.gml", "GML"), ("x.shp", "ESRI Shapefile")],
)
def test_any_point_file_brings_addresses(name: str, driver: str, office: Office, tmp_path: Path) -> None:
    houses = {"street": ["Grüner Weg", "Musterstraße"], "house_number": ["3a", "12"]}
    if driver == "ESRI Shapefile":  # names of its columns have ten letters at most
        houses["house_numb"] = houses.pop("house_number")
    places = [shapely.Point(395000.5, 5690000.25), shapely.Point(395100, 5690100)]
    geopandas.GeoDataFrame(houses, geometry=places, crs=25832).to_file(tmp_path / name, driver=driver)
    mapping = POINTS.replace('"house_number"\n', '"house_numb"\n') if name == "x.shp" else POINTS
    report = office.sends("addresses", tmp_path / name, mapping=mapping)
    assert said(report) == {"read": 2, "loaded": 2}
    assert office.ask(STORED) == TWO_HOUSES


def test_outlines_are_no_addresses(office: Office, tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "x.gpkg", "GPKG", street=["A", "B"], house_number=["1", "2"])
    report = office.sends("addresses", layer, mapping=POINTS)
    assert report.refused is not None
    assert "expected a point, found a Polygon" in {one.reason for one in report.rejections}


def test_a_register_as_a_spreadsheet_keeps_dates_numbers_and_decimals(office: Office, tmp_path: Path) -> None:
    import datetime as dt

    # Excel holds 395000.5 as a number, while the mapping says that this office writes decimals with a comma.
    rows = [
        ["Register of objects, as of March 2026"],
        [],
        ["key", "registered_on", "use_type", "dwellings", "address", "x", "y", "owner"],
        ["A", dt.date(2024, 3, 31), "residential", 7.0, "Musterweg 5", 395000.5, 5690000, "A. Person"],
        ["B", "31.03.2024", "residential", "8", "Musterweg 7", "395000,5", "5690000", "B. Person"],
    ]
    mapping = 'decimal = ","\n' + MAPPINGS["properties"]
    report = office.sends("properties", write_spreadsheet(tmp_path / "x.xlsx", rows), mapping=mapping)
    assert said(report) == {"read": 2, "loaded": 2}
    stored = office.ask(
        "SELECT DISTINCT registered_on, ST_X(geom) FROM qm.property_version WHERE superseded_at IS NULL"
    )
    assert stored == [(dt.date(2024, 3, 31), 395000.5)]
    assert office.ask("SELECT dwellings FROM qm.property_version ORDER BY 1") == [(7,), (8,)]
