"""The register of tables by URL: grid, CSV and XLSX tell the same, each within the rights of who asks."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from dashboard.exports import files
from tests.factories.town import Town

Clients = Callable[[str], FlaskClient]
ENDINGS = ("csv", "xlsx")
HTML = {"Accept": "text/html"}


def keys(server: Flask) -> list[str]:
    rules = [rule.rule for rule in server.url_map.iter_rules()]
    return [
        rule.removeprefix("/tables/").removesuffix(".csv")
        for rule in rules
        if rule.startswith("/tables/") and rule.endswith(".csv")
    ]


def rows_of(answer: Any, ending: str) -> list[list[Any]]:
    """The data rows of a file, without its header."""
    if ending == "csv":
        text = answer.data.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_every_table_is_grid_and_two_files_that_count_the_same(server: Flask, client: Clients) -> None:
    staff, admin = client("staff"), client("admin")
    assert "objekte" in keys(server)
    # Tables of a released state need one; nothing is released here, and test_freigaben.py asks for theirs.
    for key in [key for key in keys(server) if not key.startswith("freigegebene_")]:
        reader = admin if key == "protokoll" else staff
        for ending in ENDINGS:
            # Asked each time: the log grows by every file that is taken away.
            grid = reader.get(f"/tables/{key}/rows")
            assert grid.status_code == 200, (key, grid.text)
            total = grid.get_json()["total"]
            file = reader.get(f"/tables/{key}.{ending}")
            assert file.status_code == 200, (key, ending, file.text)
            assert len(rows_of(file, ending)) == total, (key, ending)
            assert file.headers["Cache-Control"] == "no-store"
            name = file.headers["Content-Disposition"]
            assert name.startswith("attachment; filename=")
            assert "2026-11-15_Erfundene-Beispieldaten" in name
            assert " " not in name.removeprefix("attachment; ")


def test_nobody_takes_away_what_is_not_theirs(server: Flask, visitor: FlaskClient, client: Clients, town: Town) -> None:
    for key in keys(server):
        for path in (f"/tables/{key}/rows", *(f"/tables/{key}.{ending}" for ending in ENDINGS)):
            assert visitor.get(path).status_code == 401, path
    manager, staff = client("manager"), client("staff")
    for ending in ENDINGS:
        assert client("politics").get(f"/tables/objekte.{ending}").status_code == 403
        assert [row[0] for row in rows_of(manager.get(f"/tables/objekte.{ending}"), ending)] == ["Beispielweg 1"]
        assert len(rows_of(staff.get(f"/tables/objekte.{ending}"), ending)) == 2
    # Asking for a foreign area, or for all of the map, gives a manager nothing more.
    for query in (f"area={town.east}", f"area={town.east},{town.west}", "box=5,47,15,55"):
        assert "Musterallee" not in manager.get(f"/tables/objekte.csv?{query}").text


def test_files_need_a_permission_of_their_own(server: Flask, client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    from geodata import access

    manager = client("manager")
    fewer = dict(access.PERMISSIONS) | {"manager": access.PERMISSIONS["manager"] - {"export:create"}}
    monkeypatch.setattr(access, "PERMISSIONS", fewer)
    assert manager.get("/tables/objekte/rows").status_code == 200
    for ending in ENDINGS:
        assert manager.get(f"/tables/objekte.{ending}").status_code == 403


def test_a_file_holds_the_filter_and_the_order_of_the_link(client: Clients) -> None:
    staff = client("staff")
    assert [row[0] for row in rows_of(staff.get("/tables/objekte.csv?text=allee"), "csv")] == ["Musterallee 2"]
    for link, expected in (
        ("sort=address", ["Beispielweg 1", "Musterallee 2"]),
        ("sort=address&desc=1", ["Musterallee 2", "Beispielweg 1"]),
    ):
        assert [row[0] for row in rows_of(staff.get(f"/tables/objekte.csv?{link}"), "csv")] == expected
        grid = staff.get(f"/tables/objekte/rows?{link}").get_json()["rows"]
        assert [row["address"] for row in grid] == expected
    sheet = load_workbook(io.BytesIO(staff.get("/tables/objekte.xlsx?text=allee&colour=red").data)).worksheets[1]
    said = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert said["Filter"] == "Ampel: Rot; Text: allee"


def test_a_manager_s_file_says_that_it_holds_a_part_of_the_city(client: Clients) -> None:
    sheet = load_workbook(io.BytesIO(client("manager").get("/tables/objekte.xlsx").data)).worksheets[1]
    said = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert said["Filter"] == "nur die zugewiesenen Gebiete: Westquartier"


@pytest.mark.parametrize("part", ["/rows", ".csv", ".xlsx"])
@pytest.mark.parametrize("broken", ["state=burning", "area=x", "as_of=gestern", "sort=password_hash", "desc=down"])
def test_a_broken_link_is_refused_in_words(client: Clients, part: str, broken: str) -> None:
    answer = client("staff").get(f"/tables/objekte{part}?{broken}")
    assert answer.status_code == 400
    assert broken.split("=")[0] in answer.get_json()["error"]["message"]


@pytest.mark.parametrize("path", ["/tables/nichts/rows", "/tables/nichts.csv", "/tables/objekte.pdf", "/tables/"])
def test_a_table_that_does_not_exist_is_not_found(client: Clients, path: str) -> None:
    assert client("staff").get(path, headers=HTML).status_code == 404


def test_an_answer_is_asked_for_again_cheaply_and_names_the_order(client: Clients) -> None:
    staff = client("staff")
    first, other = (staff.get(f"/tables/objekte/rows?sort=address{desc}") for desc in ("", "&desc=1"))
    assert first.headers["ETag"] != other.headers["ETag"]
    again = staff.get("/tables/objekte/rows?sort=address", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert (
        client("manager")
        .get("/tables/objekte/rows?sort=address", headers={"If-None-Match": first.headers["ETag"]})
        .status_code
        == 200
    )


def test_more_rows_than_a_file_holds_are_refused_in_words(client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROWS_MAX", 1)
    answer = client("staff").get("/tables/objekte.xlsx", headers=HTML)
    assert answer.status_code == 413
    assert "Die Tabelle hat 2 Zeilen, eine Datei fasst höchstens 1." in answer.text


def test_rows_are_read_in_pages_to_the_last(client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_ROWS", 1)
    for ending in ENDINGS:
        found = [row[0] for row in rows_of(client("staff").get(f"/tables/objekte.{ending}"), ending)]
        assert found == ["Beispielweg 1", "Musterallee 2"]


def test_a_file_whose_pages_do_not_belong_together_is_refused(client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter(range(10))
    monkeypatch.setattr(files, "_version", lambda asker: next(versions))
    answer = client("staff").get("/tables/objekte.csv", headers=HTML)
    assert answer.status_code == 503
    assert "kam eine Lieferung hinzu" in answer.text


def test_files_speak_the_language_of_the_asker(client: Clients) -> None:
    staff = client("staff")
    assert staff.get("/tables/objekte.csv?lang=en").text.startswith("\ufeffAddress;Key;State;")
    assert staff.get("/tables/objekte.csv?lang=de").text.startswith("\ufeffAdresse;Nummer;Zustand;")
