"""Photographs over HTTP: sent by who may, refused in words, shown in the areas assigned, logged at full size."""

import io
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from geodata.pictures import MAX_BYTES
from tests.factories.town import Town
from tests.unit.test_pictures import HIDDEN, png_of, with_everything
from tests.web.conftest import show_page


@pytest.fixture(autouse=True)
def _without_photographs(town: Town) -> Iterator[None]:
    yield
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM qm.photograph"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind LIKE 'photograph%'"))
    engine.dispose()


def send(client: FlaskClient, property_id: int, data: bytes = b"", **fields: Any) -> TestResponse:
    given = {
        "property": str(property_id), "submission": str(uuid.uuid4()), "taken_on": "2026-03-01",
        "caption": "Fassade", "is_checked": "yes",
    } | fields  # fmt: skip
    content: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    content["file"] = FileStorage(io.BytesIO(data or with_everything()), "IMG_1.JPG", "file")
    # The client would write a large form into a temporary file and leave it open.
    stream, _, boundary = stream_encode_multipart(content, use_tempfile=False)
    return client.post("/fotos", data=stream.read(), content_type=f"multipart/form-data; boundary={boundary}")


def number(town: Town) -> int:
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        found: int = connection.execute(text("SELECT max(id) FROM qm.photograph")).scalar_one()
    engine.dispose()
    return found


def test_a_manager_sends_one_from_the_street_and_building_control_sees_it_without_what_the_camera_hid(
    client: Callable[[str], FlaskClient], server: Flask, town: Town
) -> None:
    manager, staff = client("manager"), client("staff")
    assert send(manager, town.in_west).json == {
        "saved": {"edit": pytest.approx(1, abs=10**6), "message": "Das Foto ist hinzugefügt."}
    }
    name = number(town)
    page = json.dumps(show_page(staff, server, f"/objekt/{town.in_west}"), ensure_ascii=False)
    assert f"/fotos/{name}/vorschau.jpg" in page
    assert "Foto: Fassade" in page
    for path in (f"/fotos/{name}.jpg", f"/fotos/{name}/vorschau.jpg"):
        answer = staff.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert [word for word in HIDDEN if word in answer.data] == []
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM audit.entry WHERE subject = :subject AND account = 'bea'")
        assert connection.execute(query, {"subject": f"photograph {name} of main/P-1"}).scalar_one() == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("data", "fields", "status", "words"),
    [
        (b"", {"is_checked": None}, 422, "Bitte zuerst bestätigen"),
        (b"no picture", {}, 422, "kein lesbares Bild"),
        (png_of(9_000, 9_000), {}, 422, "mehr als 50 Megapixel"),
        (b"", {"taken_on": "2090-01-01"}, 422, "liegt in der Zukunft"),
        (b"", {"caption": "x" * 301}, 422, "zu lang"),
        (b"", {"property": "0"}, 422, "darf diesem Objekt keine Fotos"),
        (b"", {"property": "x"}, 400, ""),
        (b"", {"submission": "x"}, 400, ""),
        (b"", {"taken_on": "31.02."}, 400, ""),
        (b"x" * (MAX_BYTES + 1), {}, 422, "größer als 20 MB"),
        (b"x" * (MAX_BYTES + 200_000), {}, 413, ""),
    ],
    ids=["unchecked", "text", "bomb", "date", "caption", "nowhere", "id", "submission", "no date", "large", "larger"],
)
def test_what_cannot_be_taken_is_said_in_words(
    client: Callable[[str], FlaskClient], town: Town, data: bytes, fields: dict[str, Any], status: int, words: str
) -> None:
    answer = send(client("staff"), town.in_west, data, **fields)
    assert answer.status_code == status
    assert words in answer.json["error"]["message"]  # type: ignore[index]


def test_other_areas_are_as_if_they_were_not_there(client: Callable[[str], FlaskClient], town: Town) -> None:
    send(client("staff"), town.in_east)
    name, manager = number(town), client("manager")
    assert "darf diesem Objekt keine Fotos" in send(manager, town.in_east).text
    for path in (f"/fotos/{name}.jpg", f"/fotos/{name}/vorschau.jpg", f"/fotos/{2**70}.jpg", "/fotos/0.jpg"):
        assert manager.get(path).status_code == 404
    assert manager.post(f"/fotos/{name}/entfernen", json={"submission": str(uuid.uuid4())}).status_code == 404


@pytest.mark.parametrize("role", ["external_manager", "politics", "admin"])
def test_roles_without_photographs_get_403_and_no_panel(
    client: Callable[[str], FlaskClient], server: Flask, town: Town, role: str
) -> None:
    browser = client(role)
    assert send(browser, town.in_west).status_code == 403
    for path in ("/fotos/1.jpg", "/fotos/1/vorschau.jpg"):
        assert browser.get(path).status_code == 403
    assert browser.post("/fotos/1/entfernen", json={"submission": str(uuid.uuid4())}).status_code == 403
    if role == "external_manager":
        assert "fotos" not in json.dumps(show_page(browser, server, f"/objekt/{town.in_west}"))


def test_one_that_was_taken_away_is_gone_for_everybody(client: Callable[[str], FlaskClient], town: Town) -> None:
    staff = client("staff")
    send(staff, town.in_west)
    path = f"/fotos/{number(town)}"
    assert staff.post(f"{path}/entfernen", json=[]).status_code == 400
    assert staff.post(f"{path}/entfernen", json={"submission": str(uuid.uuid4())}).status_code == 200
    assert staff.get(f"{path}.jpg").status_code == 404
    assert staff.post(f"{path}/entfernen", json={"submission": str(uuid.uuid4())}).status_code == 404


def test_a_page_of_somebody_else_cannot_send_one(client: Callable[[str], FlaskClient], town: Town) -> None:
    staff = client("staff")
    staff.environ_base["HTTP_ORIGIN"] = "https://evil.example"
    assert send(staff, town.in_west).status_code == 403
