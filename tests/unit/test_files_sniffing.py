"""The content decides with the name together; a disguise is refused before any reader sees it."""

import io
from pathlib import Path

import pytest

from etl.files import TableOptions, open_source_file
from etl.files.sniffing import Format, recognise
from geodata.errors import DeliveryRefused
from tests.factories.files import write_layer, write_spreadsheet, write_text, write_zip

VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize("name", ["x.geojson", "x.json", "x.gml", "x.xml", "x.kml", "x.gpkg", "x.shp", "x.csv"])
def test_a_vrt_under_another_name_is_refused_and_its_source_stays_unread(name: str, tmp_path: Path) -> None:
    write_text(tmp_path / "secret.csv", "user;password\nroot;secret\n")
    path = write_text(tmp_path / name, VRT.format(tmp_path / "secret.csv"))
    with pytest.raises(DeliveryRefused, match="OGRVRTDataSource") as refusal:
        open_source_file(path, options=TableOptions())
    assert "secret" not in str(refusal.value)


def test_a_vrt_under_its_own_name_is_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.vrt", VRT.format("x"))
    with pytest.raises(DeliveryRefused, match=r"ending in one of .*\.geojson.* but x\.vrt ends in \.vrt"):
        open_source_file(path, options=TableOptions())


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.csv", b"a;b\n1;2\n", Format.CSV),
        ("gebref.txt", b"N;1;2\n", Format.CSV),
        ("x.csv", "\ufeffa;b".encode("utf-16"), Format.CSV),
        ("x.geojson", b'\xef\xbb\xbf {"type": "FeatureCollection"}', Format.GEOJSON),
        ("x.GML", b'<?xml version="1.0"?><!-- <a> --><wfs:FeatureCollection xmlns:wfs="x">', Format.GML),
        ("x.kml", b"<kml><Document>", Format.KML),
    ],
)
def test_name_and_content_that_belong_together(name: str, content: bytes, expected: Format) -> None:
    assert recognise(name, io.BytesIO(content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "came"),
    [
        ("x.geojson", b"a;b\n1;2\n", "CSV"),
        ("x.csv", b'{"type": "FeatureCollection"}', "GeoJSON"),
        ("x.csv", b"\x7fELF\x00\x01", "binary data"),
        ("x.gpkg", b"PK\x03\x04junk", "damaged zip"),
        ("x.xls", b"SQLite format 3\x00", "GeoPackage"),
        ("x.gml", b"<html><body>", "root element html"),
        ("x.kml", b"<gml:FeatureCollection>", "GML"),
    ],
)
def test_a_disguise_is_named(name: str, content: bytes, came: str) -> None:
    with pytest.raises(DeliveryRefused, match=came):
        recognise(name, io.BytesIO(content))


def test_a_spreadsheet_named_csv_is_named(tmp_path: Path) -> None:
    path = write_spreadsheet(tmp_path / "x.xlsx", [["a"], ["1"]]).rename(tmp_path / "x.csv")
    with pytest.raises(DeliveryRefused, match=r"Expected CSV .* but the content is Excel"):
        open_source_file(path, options=TableOptions())


def test_a_geopackage_in_a_zip_named_geojson_is_named(tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "x.gpkg", "GPKG")
    path = write_zip(tmp_path / "x.zip", {"x.geojson": layer})
    with pytest.raises(DeliveryRefused, match=r"Expected GeoJSON .* but the content is GeoPackage"):
        open_source_file(path, options=TableOptions())
