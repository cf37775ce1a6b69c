"""Features: GeoJSON by Python, everything else in a limited child, the CRS as the file or the caller says."""

import contextlib
import http.server
import json
import os
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import shapely

from etl.files import Opened, TableOptions, open_source_file
from etl.files.child import read_in_child
from etl.files.limits import MIB, WorkerLimits
from geodata.errors import DeliveryRefused, UsageError
from tests.factories.files import (
    BOW_TIE,
    SQUARE,
    feature,
    named_crs,
    point,
    write_geojson,
    write_layer,
    write_text,
    write_zip,
)


def opened(path: Path, crs: str | None = None, **options: object) -> Opened:
    """Open with all columns unless said otherwise."""
    return open_source_file(path, options=TableOptions(**options), crs=crs)  # type: ignore[arg-type]


# --- GeoJSON ----------------------------------------------------------------------------------------------------------


def test_properties_of_all_features_make_the_columns(tmp_path: Path) -> None:
    features = [feature({"a": 1, "b": "x"}, point(7.5, 51.3)), feature({"a": 2.5, "c": [1, "ü"], "d": True}, SQUARE)]
    result = opened(write_geojson(tmp_path / "x.geojson", features), decimal=",")
    (chunk,) = result.chunks
    assert result.columns == ("a", "b", "c", "d")
    assert chunk.lines == [1, 2]
    assert chunk.frame["a"].tolist() == ["1", "2,5"]
    assert chunk.frame["c"].tolist()[1] == '[1, "ü"]'
    assert chunk.frame["d"].tolist()[1] == "true"
    assert chunk.geometry is not None
    assert [shape.geom_type for shape in chunk.geometry] == ["Point", "Polygon"]


def test_only_requested_properties_are_returned(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "x.geojson", [feature({"key": 1, "owner": "A. Person"}, point(7.5, 51.3))])
    result = opened(path, columns=("key", "missing"))
    (chunk,) = result.chunks
    assert list(chunk.frame) == ["key"]
    assert "A. Person" not in repr(chunk)


def test_geojson_without_a_crs_is_wgs84_and_it_is_said(tmp_path: Path) -> None:
    result = opened(write_geojson(tmp_path / "x.geojson", [feature({}, point(7.5, 51.3))]))
    assert result.crs is not None
    assert result.crs.is_geographic
    assert "names no CRS" in result.remarks[0]


def test_a_crs_member_is_read(tmp_path: Path) -> None:
    member = named_crs("urn:ogc:def:crs:EPSG::4647")
    result = opened(write_geojson(tmp_path / "x.geojson", [feature({}, point(32396848, 5681985))], crs=member))
    assert result.crs is not None
    assert result.crs.to_epsg() == 4647
    assert result.remarks == []


def test_a_given_crs_wins_and_the_difference_is_said(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "x.geojson", [feature({}, point(1, 2))], crs=named_crs("EPSG:4647"))
    result = opened(path, crs="EPSG:25832")
    assert result.crs is not None
    assert result.crs.to_epsg() == 25832
    assert "The file names the CRS" in result.remarks[0]


def test_a_crs_of_null_is_no_crs(tmp_path: Path) -> None:
    assert opened(write_geojson(tmp_path / "x.geojson", [feature({}, point(1, 2))], crs=None)).crs is None


def test_an_unknown_crs_is_refused_unless_one_is_given(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "x.geojson", [feature({}, point(1, 2))], crs=named_crs("EPSG:999999"))
    with pytest.raises(DeliveryRefused, match="999999"):
        opened(path)
    result = opened(path, crs="EPSG:25832")
    assert "is not known" in result.remarks[0]


@pytest.mark.parametrize(
    "crs",
    ["EPSG:1", "nonsense", "/vsicurl/http://example.org/x.prj", "+init=/etc/hosts:x", "http://127.0.0.1/x.prj", "{}"],
)
def test_a_given_crs_has_to_be_one(crs: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Expected a CRS"):
        opened(write_geojson(tmp_path / "x.geojson", [feature({}, point(1, 2))]), crs=crs)


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        ({"type": "Polygon", "coordinates": [[[0, 0], [1]]]}, "cannot be built"),
        ({"type": "Point", "coordinates": ["7", "51"]}, "cannot be built"),
        ({"type": "Nonsense", "coordinates": []}, "cannot be built"),
        ("POINT (1 2)", "cannot be built"),
    ],
)
def test_geometry_that_cannot_be_built_is_a_broken_record(geometry: object, why: str, tmp_path: Path) -> None:
    features = [feature({"key": "A"}, geometry), feature({"key": "B"}, point(7.5, 51.3))]
    (chunk,) = opened(write_geojson(tmp_path / "x.geojson", features)).chunks
    assert [line for line, _ in chunk.broken] == [1]
    assert why in chunk.broken[0][1]
    assert (chunk.lines, chunk.frame["key"].tolist()) == ([2], ["B"])


def test_a_feature_without_geometry_is_kept(tmp_path: Path) -> None:
    features = [feature({"key": "A"}), feature({"key": "B"}, point(7.5, 51.3))]
    (chunk,) = opened(write_geojson(tmp_path / "x.geojson", features)).chunks
    assert chunk.geometry is not None
    assert chunk.geometry[0] is None


def test_nan_heights_and_self_crossing_rings_come_as_they_are(tmp_path: Path) -> None:
    features = [feature({}, point(float("nan"), 51.3)), feature({}, point(7.5, 51.3, 107.5)), feature({}, BOW_TIE)]
    (chunk,) = opened(write_geojson(tmp_path / "x.geojson", features)).chunks
    assert chunk.geometry is not None
    assert chunk.broken == []
    assert shapely.has_z(chunk.geometry[1])
    assert not shapely.is_valid(chunk.geometry[2])


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ('{"type": "FeatureCollection", "features": [', "breaks off in line 1"),
        ('{"type": "Topology", "objects": {}}', "is Topology"),
        ('{"type": "FeatureCollection", "features": []}', "holds none"),
        ('{"type": "FeatureCollection", "features": 1}', "FeatureCollection"),
        ("[1, 2]", "is list"),
        ("[" * 200_000, "nested too deeply"),
        ('{"type": "FeatureCollection", "crs": 5, "features": [{}]}', "crs member is 5"),
    ],
)
def test_json_that_is_no_collection_of_features_is_refused(text: str, came: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match=came):
        opened(write_text(tmp_path / "x.geojson", text))


# --- GDAL in the child ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "driver"), [("x.gpkg", "GPKG"), ("x.shp", "ESRI Shapefile"), ("x.gml", "GML"), ("x.geojson", "GeoJSON")]
)
def test_every_format_brings_the_same_features(name: str, driver: str, tmp_path: Path) -> None:
    path = write_layer(tmp_path / name, driver)
    result = opened(path, columns=("name", "number"))
    (chunk,) = result.chunks
    assert chunk.lines == [1, 2]
    assert chunk.frame.to_dict("list") == {"name": ["Süd", "Nord"], "number": ["1", "2"]}
    assert result.crs is not None
    assert result.crs.to_epsg() == 25832
    assert chunk.geometry is not None
    assert shapely.equals(chunk.geometry[0].normalize(), SQUARE.normalize())


def test_kml_brings_extended_data_that_the_simple_driver_drops(tmp_path: Path) -> None:
    ring = "7.5,51.3,0 7.6,51.3,0 7.6,51.4,0 7.5,51.3,0"
    hole = "7.58,51.31 7.59,51.31 7.59,51.32 7.58,51.31"
    path = write_text(
        tmp_path / "x.kml",
        f"""<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>
        <Placemark><name>Süd</name>
        <ExtendedData><SchemaData><SimpleData name="Nr">1</SimpleData></SchemaData></ExtendedData>
        <MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>
        <innerBoundaryIs><LinearRing><coordinates>{hole}</coordinates></LinearRing></innerBoundaryIs></Polygon>
        </MultiGeometry></Placemark>
        <Placemark><ExtendedData><Data name="Nr"><value>2</value></Data></ExtendedData>
        <Point><coordinates>7.5,51.3,107</coordinates></Point></Placemark>
        <Placemark><name>broken</name><Point><coordinates>7.5</coordinates></Point></Placemark>
        <Placemark><name>nowhere</name></Placemark>
        </Folder></Document></kml>""",
    )
    result = opened(path)
    (chunk,) = result.chunks
    assert result.columns == ("name", "Nr")
    assert chunk.lines == [1, 2, 4]
    assert chunk.frame["Nr"].tolist()[:2] == ["1", "2"]
    assert chunk.geometry is not None
    assert chunk.geometry[0].geom_type == "MultiPolygon"
    assert len(chunk.geometry[0].geoms[0].interiors) == 1
    assert chunk.geometry[1].coords[:] == [(7.5, 51.3)]
    assert chunk.geometry[2] is None
    assert chunk.broken == [(3, "expected a geometry, but it cannot be built")]


def test_only_requested_fields_leave_the_child(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "x.gpkg", "GPKG", key=["A", "B"], owner=["A. Person", "B. Person"])
    result = opened(path, columns=("key",))
    (chunk,) = result.chunks
    assert result.columns == ("key", "owner")
    assert list(chunk.frame) == ["key"]


def test_a_file_with_several_layers_needs_the_name_of_one(tmp_path: Path) -> None:
    import geopandas

    for layer in ("areas", "others"):
        geopandas.GeoDataFrame({"a": [layer]}, geometry=[SQUARE], crs=25832).to_file(
            tmp_path / "x.gpkg", layer=layer, driver="GPKG"
        )
    with pytest.raises(DeliveryRefused, match=r"one layer with geometry, but x\.gpkg has 'areas', 'others'"):
        opened(tmp_path / "x.gpkg")
    (chunk,) = opened(tmp_path / "x.gpkg", sheet="others").chunks
    assert chunk.frame["a"].tolist() == ["others"]


def test_nothing_is_written_beside_the_file(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "x.gml", "GML")
    (tmp_path / "x.xsd").unlink()
    opened(path)
    assert [file.name for file in tmp_path.iterdir()] == ["x.gml"]


def test_a_geopackage_that_somebody_has_open_is_read_with_its_late_changes(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "x.gpkg", "GPKG")
    with contextlib.closing(sqlite3.connect(path)) as editor:
        # The triggers of the spatial index call functions of GDAL, which this plain SQLite does not have.
        for (trigger,) in editor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            editor.execute(f'DROP TRIGGER "{trigger}"')
        editor.execute("PRAGMA journal_mode = WAL")
        editor.execute("UPDATE x SET number = 7 WHERE number = 1")
        editor.commit()
        before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
        assert "x.gpkg-wal" in before
        (chunk,) = opened(path, columns=("number",)).chunks
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert chunk.frame["number"].tolist() == ["7", "2"]


def test_a_damaged_geopackage_is_refused(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "x.gpkg", "GPKG")
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DeliveryRefused, match=r"x\.gpkg"):
        opened(path)


def test_a_shapefile_without_its_parts_is_refused(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "x.shp", "ESRI Shapefile")
    (tmp_path / "x.dbf").unlink()
    with pytest.raises(DeliveryRefused, match=r"Expected \.dbf beside x\.shp"):
        opened(path)


def test_a_shapefile_without_prj_has_no_crs(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "x.shp", "ESRI Shapefile")
    (tmp_path / "x.prj").unlink()
    assert opened(path).crs is None


# --- XML --------------------------------------------------------------------------------------------------------------

_ENTITIES = '<!DOCTYPE x [<!ENTITY a "{}">]>'


@pytest.mark.parametrize("name", ["x.gml", "x.kml"])
@pytest.mark.parametrize("prologue", ['<?xml version="1.0"?>\n', "", " " * 3_000_000])
def test_document_types_and_entities_are_refused(name: str, prologue: str, tmp_path: Path) -> None:
    root = "kml" if name.endswith("kml") else "FeatureCollection"
    # The declaration far behind the start must be found, too: parsers read all of it.
    text = f"<{root}>{prologue}</{root}>" if prologue.isspace() else prologue
    doctype = _ENTITIES.format("&#x41;" * 10)
    content = f"{text}{doctype}" if prologue.isspace() else f"{text}{doctype}<{root}>&a;</{root}>"
    with pytest.raises(DeliveryRefused, match="<!DOCTYPE"):
        opened(write_text(tmp_path / name, content))


def test_an_encoding_in_which_a_document_type_could_hide_is_refused(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="utf-7"?><FeatureCollection>+ADwAIQ-DOCTYPE</FeatureCollection>'
    with pytest.raises(DeliveryRefused, match="utf-7"):
        opened(write_text(tmp_path / "x.gml", text))


def test_xml_in_utf_16_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="Expected GML"):
        opened(write_text(tmp_path / "x.gml", "<FeatureCollection/>", "utf-16"))


class _Listener(http.server.BaseHTTPRequestHandler):
    """Notes every request."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[str]:
    """Address of a server on this machine that notes what it is asked for."""
    _Listener.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_schema_that_a_gml_names_is_not_fetched(tmp_path: Path, listener: str) -> None:
    # GDAL fetched it whatever drivers were skipped: a delivery could make the machine call any server in its network.
    schema = f"{listener}/s?SERVICE=WFS&amp;VERSION=1.1.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=a:H"
    path = write_text(
        tmp_path / "x.gml",
        f"""<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml"
        xmlns:a="http://a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xlink="http://www.w3.org/1999/xlink"
        xsi:schemaLocation="http://a {schema}"><gml:featureMember><a:H gml:id="H.1"><a:K>1</a:K>
        <a:R xlink:href="{listener}/other.gml#x"/>
        <a:S><gml:Point srsName="{listener}/crs"><gml:pos>395000 5690000</gml:pos></gml:Point></a:S></a:H>
        </gml:featureMember></wfs:FeatureCollection>""",
    )
    (chunk,) = opened(path, crs="EPSG:25832").chunks
    assert chunk.frame["K"].tolist() == ["1"]
    assert _Listener.asked == []


# --- archives ---------------------------------------------------------------------------------------------------------


def test_a_zipped_shapefile_is_read_with_its_parts(tmp_path: Path) -> None:
    write_layer(tmp_path / "x.shp", "ESRI Shapefile")
    parts: dict[str, bytes | Path] = {f"Folder/X{p.suffix.upper()}": p for p in tmp_path.glob("x.*")}
    path = write_zip(tmp_path / "areas.zip", {**parts, "Folder/X.SHP.XML": b"<metadata/>", "readme.txt": b"Licence"})
    result = opened(path)
    (chunk,) = result.chunks
    assert chunk.frame["name"].tolist() == ["Süd", "Nord"]
    assert result.remarks[0] == "Read Folder/X.SHP from the archive."
    assert result.crs is not None


def test_a_zipped_table_is_read_without_unpacking(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", {"../../gebref.txt": b"N;1\nN;2\n"})
    result = opened(path, header=("nba", "oid"))
    (chunk,) = result.chunks
    assert chunk.frame["oid"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"a.csv": b"a\n", "b.csv": b"b\n"}, "a.csv, b.csv"),
        ({"a.pdf": b"%PDF"}, "a.pdf"),
        ({"inner.zip": b"PK"}, "inner.zip"),
        ({"__MACOSX/a.csv": b"a\n"}, "nothing"),
    ],
)
def test_an_archive_holds_one_file_with_data(members: dict[str, bytes | Path], found: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match=f"one file with data in x.zip, but it holds {found}"):
        opened(write_zip(tmp_path / "x.zip", members))


def test_a_member_cannot_be_written_outside_of_its_folder(tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "x.gpkg", "GPKG")
    path = write_zip(tmp_path / "x.zip", {"../../../escaped.gpkg": layer})
    (chunk,) = opened(path).chunks
    assert len(chunk.lines) == 2
    assert not list(tmp_path.parent.glob("escaped*"))


def test_an_archive_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", {"x.csv": b"0;" * (10 * MIB)})
    with pytest.raises(DeliveryRefused, match=r"grows \d+ times"):
        opened(path)


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", {"x.csv": b"a;b\n"})
    content = bytearray(path.read_bytes())
    # Bit 0 of the flags, in the local header (offset 6) and in the directory (offset 8).
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(DeliveryRefused, match="without a password"):
        opened(path)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", {"x.csv": b"a;b\n"})
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DeliveryRefused, match="damaged"):
        opened(path)


def test_an_archive_with_too_many_members_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}.csv", "")
    with pytest.raises(DeliveryRefused, match="1001"):
        opened(tmp_path / "x.zip")


# --- the child itself -------------------------------------------------------------------------------------------------


def test_the_child_stops_where_the_memory_limit_is_reached(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "x.gpkg", "GPKG")
    small = WorkerLimits(memory_bytes=60 * MIB)
    with pytest.raises(DeliveryRefused, match="60 MB of memory"):
        read_in_child("features", "x.gpkg", path, TableOptions(), format_name="GeoPackage", worker_limits=small)


def test_the_child_is_stopped_when_it_takes_too_long(tmp_path: Path) -> None:
    path = tmp_path / "x.kml"
    os.mkfifo(path)  # Nobody ever writes into it, so the reader would wait for ever.
    short = WorkerLimits(seconds=2)
    with pytest.raises(DeliveryRefused, match=r"x\.kml within 2 seconds"):
        read_in_child("kml", "x.kml", path, TableOptions(), format_name="KML", worker_limits=short)


def test_the_child_knows_no_secret_and_no_dangerous_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    from etl.files import child

    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/name")
    code = (
        "import json, os, sys, etl.files.worker_features, pyogrio;"
        "print(json.dumps([sorted(pyogrio.list_drivers()), sorted(os.environ)]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=child._ROOT,
        env=child._ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    drivers, variables = json.loads(result.stdout)
    assert set(drivers) <= {"ESRI Shapefile", "GPKG", "GeoJSON", "GML", "KML", "FlatGeobuf", "MEM"}
    assert "DATABASE_URL" not in variables
