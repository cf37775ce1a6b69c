"""The frame: addresses, headers, what stands round each page, and what happens when something fails."""

import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import dashboard
from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.pages.barrierefreiheit.layout import contact_of
from dashboard.theme import DARK, LIGHT, Palette
from geodata.access import Access, Asker
from geodata.settings import Settings
from layers.base import discover
from tests.factories.town import Town
from tests.web.conftest import PAGE, SECRET, call, show_page

ROUTER = "..shell-content.children...shell-page.data.."


@pytest.mark.parametrize(("role", "start"), [("staff", "/heute"), ("manager", "/quartier"), ("politics", "/freigaben")])
def test_each_role_starts_at_its_page(client: Callable[[str], FlaskClient], role: str, start: str) -> None:
    browser = client(role)
    assert browser.get("/", headers=PAGE).location == start
    assert browser.get(start, headers=PAGE).status_code == 200


def test_unknown_paths_are_404_in_words(client: Callable[[str], FlaskClient], server: Flask) -> None:
    browser = client("staff")
    for path in ("/gibt-es-nicht", "/karte/mehr", "/objekt", "/objekt/"):
        answer = browser.get(path, headers=PAGE)
        assert answer.status_code == 404, path
        assert "Diese Seite gibt es nicht" in answer.text
    assert "Diese Seite gibt es nicht" in json.dumps(show_page(browser, server, "/nix"), ensure_ascii=False)


def test_pages_that_a_role_may_not_open_are_403_in_words(client: Callable[[str], FlaskClient], server: Flask) -> None:
    browser = client("politics")
    answer = browser.get("/karte", headers=PAGE)
    assert answer.status_code == 403
    assert "für Ihre Rolle nicht freigegeben" in answer.text
    inside = json.dumps(show_page(browser, server, "/karte"), ensure_ascii=False)
    assert "für Ihre Rolle nicht freigegeben" in inside


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        (None, "Kontakt eingetragen (QM_CONTACT)"),
        ("Amt für Beispiele, Zimmer 1", "Amt für Beispiele, Zimmer 1"),
        ("barrieren@example.org", "mailto:barrieren@example.org"),
    ],
)
def test_the_accessibility_page_names_whom_to_tell(
    server: Flask, settings: Settings, contact: str | None, said: str
) -> None:
    with server.test_request_context("/?lang=de"):
        page = contact_of(settings.model_copy(update={"contact": contact}).contact)
    assert said in str(page)


def test_the_frame_names_city_role_date_and_invention(client: Callable[[str], FlaskClient]) -> None:
    layout = client("staff").get("/_dash-layout").text
    words = json.dumps(json.loads(layout), ensure_ascii=False)
    for expected in (
        "Beispielstadt (erfunden)",
        "Erfundene Beispieldaten",
        "15.11.2026",
        "Bauaufsicht",
        "Bea Beispiel",
    ):
        assert expected in words, expected
    assert "letzten Lieferung" in words


def test_a_frame_shows_nothing_of_another_account(client: Callable[[str], FlaskClient]) -> None:
    layout = client("politics").get("/_dash-layout").text
    assert "Bea" not in layout
    assert "/karte" not in layout.replace('"base":"/karte"', "")


def test_answers_to_one_account_are_kept_by_nobody(client: Callable[[str], FlaskClient], server: Flask) -> None:
    browser = client("staff")
    answers = [browser.get("/_dash-layout"), browser.get("/karte", headers=PAGE), call(browser, server, ROUTER)]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]


def test_every_answer_carries_the_security_headers(client: Callable[[str], FlaskClient], visitor: FlaskClient) -> None:
    for answer in (visitor.get("/anmelden"), client("staff").get("/karte", headers=PAGE), visitor.get("/nix")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_policy_covers_every_inline_script(client: Callable[[str], FlaskClient]) -> None:
    answer = client("staff").get("/karte", headers=PAGE)
    inline = [part for part in answer.text.split("<script")[1:] if " src=" not in part.split(">")[0]]
    run = [part for part in inline if "application/json" not in part.split(">")[0]]
    assert len(run) == 1, "only Dash's own line that starts the renderer"


def test_no_file_comes_from_another_host(client: Callable[[str], FlaskClient]) -> None:
    page = client("staff").get("/karte", headers=PAGE).text
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert "//cdn" not in page


def test_text_travels_compressed(client: Callable[[str], FlaskClient]) -> None:
    answer = client("staff").get("/assets/shell.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 0.6 * len(client("staff").get("/assets/shell.js").data)


def test_the_database_away_is_503_in_words(
    town: Town, server: Flask, client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client("staff")

    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("select 1", {}, Exception("connection refused"), connection_invalidated=True)

    monkeypatch.setattr("dashboard.router.signed_in", away)
    answer = call(browser, server, ROUTER, {"shell-route.data": {"path": "/karte"}})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Die Datenbank antwortet gerade nicht" in answer.json["error"]["message"]


def test_a_question_that_takes_too_long_is_answered_with_a_way_out(
    town: Town, client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(asker: Asker, *_: Any) -> Any:
        asker.connection.execute(text("SET LOCAL statement_timeout = 50"))
        asker.connection.execute(text("SELECT pg_sleep(1)"))

    monkeypatch.setattr("dashboard.layer_routes.wish", sleep)
    answer = client("staff").get("/layers/state/columns?as_of=2024-01-31")
    assert answer.status_code == 504
    assert "zum Beispiel ein Gebiet, oder das übliche Datum" in answer.json["error"]["message"]


def test_a_fault_is_answered_in_words_with_the_number_that_is_logged(
    server: Flask,
    client: Callable[[str], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    browser = client("staff")

    def broken() -> Any:
        raise ZeroDivisionError("Musterallee 2")

    logged: list[dict[str, Any]] = []
    monkeypatch.setattr("dashboard.failures._log.error", lambda event, **words: logged.append(words), raising=False)
    monkeypatch.setattr("dashboard.router.signed_in", broken)
    answer = call(browser, server, ROUTER, {"shell-route.data": {"path": "/karte"}})
    assert answer.status_code == 500
    assert answer.json["error"]["id"] == logged[0]["id"]
    assert "Musterallee" not in answer.text


def test_it_works_under_a_prefix(town: Town) -> None:
    fields = {name: field.default for name, field in Settings.model_fields.items()} | {"url_prefix": "/monitor/"}
    access = Access(town.urls)
    deps = Deps(settings=Settings.model_construct(**fields), access=access, session_key=SECRET, layers=discover())
    browser = create_app(deps).test_client()
    browser.environ_base["HTTP_ORIGIN"] = "http://localhost"
    assert browser.get("/monitor/karte", headers=PAGE).location == "/monitor/anmelden?next=/monitor/karte"
    entered = browser.post("/monitor/anmelden/beispiel", data={"account": "bea", "next": "/monitor/karte"})
    assert entered.location == "/monitor/karte"
    assert "Path=/monitor" in entered.headers["Set-Cookie"]
    page = browser.get("/monitor/karte", headers=PAGE)
    assert page.status_code == 200
    assert 'src="/monitor/_dash-component-suites' in page.text
    assert browser.get("/monitor/_dash-layout").status_code == 200
    access.close()


def test_the_database_is_not_asked_for_files_of_libraries(
    client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client("staff")
    monkeypatch.setattr("dashboard.auth.read_signed_in", lambda *_, **__: pytest.fail("asked the database"))
    assert browser.get("/assets/shell.css").status_code == 200


def test_files_of_libraries_are_kept_by_the_browser(client: Callable[[str], FlaskClient]) -> None:
    """With a cookie in the answer, or `Vary: Cookie`, the browser would fetch megabytes again on each visit."""
    browser = client("staff")
    page = browser.get("/karte", headers=PAGE).text
    address = page.split('src="/_dash-component-suites')[1].split('"')[0]
    answer = browser.get(f"/_dash-component-suites{address}", headers={"Accept-Encoding": "gzip"})
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers


def test_charts_have_the_colours_of_the_style_sheet() -> None:
    sheet = (Path(dashboard.__file__).parent / "assets" / "theme.css").read_text(encoding="utf-8")
    declared = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", sheet))
    for field in fields(Palette):
        pair = f"{getattr(LIGHT, field.name)}, {getattr(DARK, field.name)}"
        assert declared[field.name.replace("_", "-")] == pair, field.name


@pytest.mark.parametrize("role", ["staff", "manager", "politics"])
@pytest.mark.parametrize("search", ["?as_of=0001-01-01", "?as_of=9999-12-31", "?text=%00&project=%00&programme=%00"])
def test_a_link_of_nonsense_opens_every_page(
    server: Flask, client: Callable[[str], FlaskClient], role: str, search: str
) -> None:
    browser = client(role)
    paths = [page.base_path for page in server.extensions["quartiermonitor"]["pages"]]
    for path in [*paths, "/objekt/main%2F%00", "/praesentation/%00"]:
        values = {"shell-route.data": {"path": path}, "shell-location.search": search}
        assert call(browser, server, ROUTER, values).status_code == 200, path
