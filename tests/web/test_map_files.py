"""The map as files: the GeoPackage read by GDAL again, the handout as text, each within the rights of who asks."""

import io
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from dashboard.exports import geopackage
from dashboard.pages.karte import downloads
from dashboard.pages.karte.handout import view_box
from geodata import properties
from tests.factories.town import Town

Clients = Callable[[str], FlaskClient]
FILES = ("/karte.gpkg", "/karte.html")
LAYERS = "layers=state,areas:quartier,due,context"


@pytest.fixture
def east_without_place(town: Town) -> Iterator[None]:
    """The property in the east loses its place for one test."""
    engine = create_engine(town.urls.load, poolclass=NullPool)
    move = text("UPDATE qm.property_current SET geom = :geom WHERE property_id = :id")
    with engine.begin() as connection:
        known = connection.execute(
            text("SELECT geom::text FROM qm.property_current WHERE property_id = :id"), {"id": town.in_east}
        ).scalar_one()
        connection.execute(move, {"geom": None, "id": town.in_east})
    yield
    with engine.begin() as connection:
        connection.execute(move, {"geom": known, "id": town.in_east})
    engine.dispose()


def layers_of(answer: Any, folder: Path) -> dict[str, Any]:
    """Every layer of a GeoPackage as a frame, as GDAL reads it."""
    path = folder / "karte.gpkg"
    path.write_bytes(answer.data)
    return {str(name): pyogrio.read_dataframe(path, layer=name) for name, _kind in pyogrio.list_layers(path)}


@pytest.mark.parametrize("path", FILES)
def test_nobody_takes_the_map_away_without_the_right(visitor: FlaskClient, client: Clients, path: str) -> None:
    assert visitor.get(path).status_code == 401
    assert client("politics").get(path).status_code == 403


@pytest.mark.parametrize("path", FILES)
def test_files_of_the_map_need_the_permission_to_export(
    client: Clients, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geodata import access

    manager = client("manager")
    fewer = dict(access.PERMISSIONS) | {"manager": access.PERMISSIONS["manager"] - {"export:create"}}
    monkeypatch.setattr(access, "PERMISSIONS", fewer)
    assert manager.get(path).status_code == 403


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("broken", ["state=burning", "box=1,2,3", "as_of=gestern"])
def test_a_broken_link_is_refused_in_words(client: Clients, path: str, broken: str) -> None:
    answer = client("staff").get(f"{path}?{broken}")
    assert answer.status_code == 400
    assert broken.split("=")[0] in answer.get_json()["error"]["message"]


@pytest.mark.parametrize("path", FILES)
def test_files_are_named_by_date_and_kept_by_no_cache(client: Clients, path: str) -> None:
    answer = client("staff").get(f"{path}?{LAYERS}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    ending = path.rsplit(".", 1)[1]
    expected = f"attachment; filename=Karte_2026-11-15_Erfundene-Beispieldaten.{ending}"
    assert answer.headers["Content-Disposition"] == expected


def test_a_geopackage_holds_objects_areas_and_what_it_is(client: Clients, tmp_path: Path) -> None:
    found = layers_of(client("staff").get(f"/karte.gpkg?{LAYERS}"), tmp_path)
    assert set(found) == {"objekte", "gebiete_quartier", "ueber_diese_datei"}
    objects, areas, about = found["objekte"], found["gebiete_quartier"], found["ueber_diese_datei"]
    assert objects.crs.to_epsg() == areas.crs.to_epsg() == 25832
    assert list(objects["adresse"]) == ["Beispielweg 1", "Musterallee 2"]
    assert str(objects["letzte_kontrolle"].dtype).startswith("datetime64")
    assert objects["letzte_kontrolle"].iloc[0].date().isoformat() == "2025-06-01"
    assert dict(zip(areas["gebiet"], areas["objekte"], strict=True)) == {"Ostquartier": 1, "Westquartier": 1}
    west, point = areas.set_index("gebiet").geometry["Westquartier"], objects.geometry.iloc[0]
    assert west.contains(point)
    said = dict(zip(about["name"], about["text"], strict=True))
    assert said["Stand vom"] == "15.11.2026"
    assert said["Hinweis"] == "Erfundene Beispieldaten"
    assert said["Filter"] == "keiner: alles"
    info = pyogrio.read_info(tmp_path / "karte.gpkg", layer="objekte")
    assert info["layer_metadata"]["Hinweis"] == info["dataset_metadata"]["Hinweis"] == "Erfundene Beispieldaten"


def test_a_geopackage_holds_the_filter_of_the_link(client: Clients, tmp_path: Path) -> None:
    found = layers_of(client("staff").get("/karte.gpkg?text=allee&layers=state"), tmp_path)
    assert set(found) == {"objekte", "ueber_diese_datei"}
    assert list(found["objekte"]["adresse"]) == ["Musterallee 2"]
    assert "Text: allee" in set(found["ueber_diese_datei"]["text"])


def test_a_manager_s_geopackage_ends_at_the_areas_assigned(client: Clients, town: Town, tmp_path: Path) -> None:
    found = layers_of(client("manager").get(f"/karte.gpkg?{LAYERS}&area={town.east},{town.west}"), tmp_path)
    assert list(found["objekte"]["adresse"]) == ["Beispielweg 1"]
    areas = found["gebiete_quartier"]
    assert dict(zip(areas["gebiet"], areas["objekte"], strict=True)) == {"Ostquartier": 0, "Westquartier": 1}


@pytest.mark.usefixtures("east_without_place")
def test_what_has_no_place_is_in_the_files_all_the_same(client: Clients, tmp_path: Path) -> None:
    objects = layers_of(client("staff").get("/karte.gpkg"), tmp_path)["objekte"].set_index("adresse")
    assert objects.geometry["Musterallee 2"] is None
    assert objects.geometry["Beispielweg 1"] is not None
    handout = client("staff").get("/karte.html?text=musterallee").text
    assert "1 Objekt hat keinen Ort und ist nicht auf der Karte." in handout
    assert "<td>Musterallee 2</td>" in handout


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files is that of the test: another worker writes files of its own into the usual one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_is_left_behind_of_a_file(client: Clients, own_folder: Path) -> None:
    assert client("staff").get("/karte.gpkg").status_code == 200
    assert list(own_folder.iterdir()) == []


def test_a_fault_while_writing_leaves_nothing_behind_either(
    server: Flask, client: Clients, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, *_: object) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(geopackage, "write", fail)
    assert client("staff").get("/karte.gpkg").status_code == 500
    assert list(own_folder.iterdir()) == []


def test_more_objects_than_a_file_holds_are_refused_in_words(client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "ROWS_MAX", 1)
    answer = client("staff").get("/karte.gpkg", headers={"Accept": "text/html"})
    assert answer.status_code == 413
    assert "2 Zeilen" in answer.text


def test_a_handout_says_what_it_shows_and_asks_nobody(client: Clients) -> None:
    page = client("staff").get(f"/karte.html?{LAYERS}&colour=red,yellow,green,none").text
    said = ("Erfundene Beispieldaten", "15.11.2026", "Ampel: Grün, Gelb, Rot", "Lieferungen der Ämter", "Legende")
    drawn = ("Objekte nach Zustand", "Beispielweg 1", "Musterallee 2", "Redistributions in binary form")
    assert not [words for words in (*said, *drawn) if words not in page]
    # What a browser would fetch: tags with an address, styles with one, imports, and folium's usual sources.
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?!data:)[^\"']+", page)
    assert not re.findall(r"url\((?!#)", page)
    elsewhere = ("cdn.", "jsdelivr", "unpkg", "code.jquery", "@import", "sourceMappingURL")
    assert not [word for word in elsewhere if word in page]


def test_a_manager_s_handout_shows_the_areas_assigned_only(client: Clients) -> None:
    page = client("manager").get(f"/karte.html?{LAYERS}").text
    assert "Beispielweg 1" in page
    assert "Musterallee" not in page
    assert "nur die zugewiesenen Gebiete: Westquartier" in page


def test_the_same_map_is_the_same_file(client: Clients) -> None:
    staff = client("staff")
    assert staff.get(f"/karte.html?{LAYERS}").data == staff.get(f"/karte.html?{LAYERS}").data


@pytest.mark.parametrize("broken", ["", "a,b,c", "1,2", "200,0,5", "7,51,99", "nan,51,10"])
def test_a_view_that_is_none_shows_the_whole_city(client: Clients, broken: str) -> None:
    assert view_box(broken) is None
    assert client("staff").get(f"/karte.html?view={broken}").status_code == 200


def test_a_view_is_a_window_round_its_centre() -> None:
    box = view_box("7.5,51.3,12")
    assert box is not None
    west, south, east, north = box
    assert (west + east) / 2 == pytest.approx(7.5)
    assert (south + north) / 2 == pytest.approx(51.3)
    closer = view_box("7.5,51.3,13")
    assert closer is not None
    assert closer[2] - closer[0] == pytest.approx((east - west) / 2)


def test_figures_by_area_are_those_of_the_layers_that_are_on(client: Clients) -> None:
    staff = client("staff")
    both = staff.get("/tables/gebiete/rows?layers=areas:quartier").get_json()["rows"]
    assert [(row["kind"], row["name"], row["objects"]) for row in both] == [
        ("Quartier", "Ostquartier", "1"), ("Quartier", "Westquartier", "1")
    ]  # fmt: skip
    assert staff.get("/tables/gebiete/rows?layers=state").get_json()["total"] == 0
    assert staff.get("/tables/gebiete/rows").get_json()["total"] == 2
    text = staff.get("/tables/gebiete.csv?layers=areas:quartier&text=allee").data.decode("utf-8-sig")
    assert io.StringIO(text).read().splitlines() == [
        "Art der Gebiete;Gebiet;Objekte", "Quartier;Ostquartier;1", "Quartier;Westquartier;0"
    ]  # fmt: skip


def test_a_handout_of_too_many_objects_shows_hexagons_and_areas(
    client: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(properties, "POINTS_MAX", 1)
    page = client("staff").get("/karte.html?layers=state,areas:quartier&text=e").text
    assert "Waben zeigen, wie viele Objekte es gibt" in page
    assert "<td>Westquartier</td>" in page
    assert "Beispielweg 1" not in page
    # Close to one of them there is room for its symbol.
    near = client("staff").get("/karte.html?layers=state&text=e&view=7.461,51.36,16").text
    assert "Waben zeigen" not in near
    assert "Beispielweg 1" in near
