"""What every answer keeps, whatever was asked: headers, statuses, cookies, and silence about the inside."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import uuid4

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from dashboard.create_app import MAX_CONTENT_BYTES, create_app
from dashboard.deps import Deps
from dashboard.form import MAX_FORM_BYTES
from geodata.access import Access, Scope
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories.town import KEY, PASSWORD, Town
from tests.web.conftest import HOST, PAGE, SECRET, Browser, call

ROUTER: Final = "..shell-content.children...shell-page.data.."
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Nobody but us may know what this program is made of.
TELLTALE: Final = re.compile(r"traceback|werkzeug|sqlalchemy|psycopg|\.py\b|select .* from", re.IGNORECASE)


@pytest.fixture
def bea(client: Callable[[str], FlaskClient]) -> FlaskClient:
    """A browser of building control."""
    return client("staff")


EXPECTED: Final = {
    "page": 200, "start": 302, "callback": 200, "layout": 200, "asset": 200, "table": 200, "layer": 200, "file": 200,
    "session": 200, "own account": 200, "form": 405, "head": 200, "options": 200, "malformed": 400, "forbidden": 403,
    "unknown": 404, "method": 405, "foreign": 403, "sign-in": 200, "refused page": 302, "refused file": 401,
    "wrong password": 401,
}  # fmt: skip


def answers(bea: FlaskClient, visitor: FlaskClient, server: Flask) -> dict[str, TestResponse]:
    """One answer of each kind."""
    form = {"submission": str(uuid4()), "values": {}, "about": {}, "confirmed": []}
    return {
        "page": bea.get("/karte", headers=PAGE),
        "start": bea.get("/", headers=PAGE),
        "callback": call(bea, server, ROUTER, {"shell-route.data": {"path": "/karte", "query": {}}}),
        "layout": bea.get("/_dash-layout"),
        "asset": bea.get("/assets/shell.js"),
        "table": bea.get("/tables/objekte/rows"),
        "layer": bea.get("/layers/state/columns"),
        "file": bea.get("/layers/sprite-light.json"),
        "session": bea.get("/sitzung"),
        "own account": bea.get("/konto/passwort", headers=PAGE),
        "form": bea.post("/formulare/gibt-es-nicht", json=form),
        "head": bea.head("/karte", headers=PAGE),
        "options": bea.options("/karte"),
        "malformed": bea.post("/_dash-update-component", data="{"),
        "forbidden": bea.get("/verwaltung", headers=PAGE),
        "unknown": bea.get("/gibt-es-nicht", headers=PAGE),
        "method": bea.put("/anmelden"),
        "foreign": bea.post("/anmelden", headers={"Origin": "https://example.org"}),
        "sign-in": visitor.get("/anmelden"),
        "refused page": visitor.get("/karte", headers=PAGE),
        "refused file": visitor.get("/tables/objekte/rows"),
        "wrong password": visitor.post("/anmelden", data={"name": "wer-immer", "password": "falsch"}),
    }


def test_every_kind_of_answer_carries_the_headers(bea: FlaskClient, visitor: FlaskClient, server: Flask) -> None:
    found = answers(bea, visitor, server)
    assert {kind: answer.status_code for kind, answer in found.items()} == EXPECTED
    for kind, answer in found.items():
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, (kind, name)
        assert "Permissions-Policy" in answer.headers, kind
        assert "Content-Security-Policy" in answer.headers, kind
        assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"], kind
        if answer.status_code >= 400:
            assert not TELLTALE.search(answer.text), (kind, answer.text)


def test_what_belongs_to_one_account_is_kept_by_nobody(bea: FlaskClient, visitor: FlaskClient, server: Flask) -> None:
    found = answers(bea, visitor, server)
    for kind in (
        "page",
        "start",
        "callback",
        "layout",
        "session",
        "own account",
        "form",
        "forbidden",
        "wrong password",
    ):
        assert found[kind].headers["Cache-Control"] == "no-store", kind
    for kind in ("table", "layer"):
        kept = found[kind].headers["Cache-Control"]
        assert "public" not in kept, kind
        assert "no-store" in kept or "private" in kept, (kind, kept)
        assert "Cookie" in found[kind].headers["Vary"], kind


def policy_of(answer: TestResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts}


def test_no_script_runs_but_our_files_and_the_line_that_starts_dash(bea: FlaskClient) -> None:
    page = bea.get("/karte", headers=PAGE)
    policy = policy_of(page)
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == policy["connect-src"] == ["'self'"]
    assert policy["worker-src"] == ["blob:"]
    assert "object-src" not in policy, "it falls back to nothing"
    scripts = policy["script-src"]
    assert scripts[0] == "'self'"
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/=]+'", one) for one in scripts[1:]), scripts
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", page.text, re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inline}
    assert hashes, "Dash starts itself by a line in the page"
    assert hashes <= set(scripts)
    assert not re.search(r"\son[a-z]+\s*=", page.text), "no handler in an attribute"


def test_plain_pages_have_no_script_at_all(visitor: FlaskClient, bea: FlaskClient) -> None:
    for page in (visitor.get("/anmelden"), bea.get("/konto/passwort", headers=PAGE), bea.get("/nix", headers=PAGE)):
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_nothing_in_a_page_names_another_host(visitor: FlaskClient, bea: FlaskClient) -> None:
    """What a browser really asks for is watched in every test of `tests/browser`."""
    for page in (visitor.get("/anmelden"), bea.get("/karte", headers=PAGE)):
        assert not re.search(r"""(src|href|action)=["'](https?:)?//""", page.text)


MALFORMED: Final = [
    b"", b"{", b"{}", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"output": 1}',
    b'{"output": "x.y", "inputs": []}', b'{"output": "shell-content.children", "inputs": {}, "outputs": []}',
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_body_that_no_page_of_ours_sends_is_400(bea: FlaskClient, server: Flask, body: bytes) -> None:
    for path in ("/_dash-update-component", *forms_of(server)):
        answer = bea.post(path, data=body, content_type="application/json")
        assert answer.status_code == 400, (path, answer.text)
        assert answer.json["error"]["status"] == 400


def forms_of(server: Flask) -> list[str]:
    """The routes of all forms that building control may send."""
    locks = server.extensions["quartiermonitor"]["locks"].endpoints
    scope = Scope(municipality=KEY, role="staff", account="bea")
    found = [rule for rule in server.url_map.iter_rules() if rule.rule.startswith("/formulare/")]
    paths = [rule.rule for rule in found if scope.allows(locks[rule.endpoint]) and "<" not in rule.rule]
    assert paths
    return paths


def test_a_body_that_is_too_large_is_not_read(bea: FlaskClient, visitor: FlaskClient, server: Flask) -> None:
    large = b"x" * (MAX_CONTENT_BYTES + 1)
    assert bea.post("/_dash-update-component", data=large, content_type="application/json").status_code == 413
    assert visitor.post("/anmelden", data={"name": "x", "password": "x" * MAX_CONTENT_BYTES}).status_code == 413
    for path in forms_of(server):
        body = b'{"submission": "' + b"x" * MAX_FORM_BYTES + b'"}'
        assert bea.post(path, data=body, content_type="application/json").status_code == 413, path


@pytest.mark.parametrize(
    "path",
    [
        "/gibt-es-nicht", "/karte/mehr", "/verwaltung/mehr", "/konto", "/konto/passwort/mehr", "/anmelden/mehr",
        "/tables/nix", "/tables/objekte/rows/nix", "/layers/nix/columns", "/assets/nix.js", "/assets/../auth.py",
        "/assets/%2e%2e/auth.py", "/_dash-component-suites/nix/nix.js", "/formulare", "/formulare/nix", "/static/nix",
        "/_dash-nix", "/robots.txt", "/.git/config", "/.env",
    ],
)  # fmt: skip
def test_an_unknown_path_is_404_in_words_also_below_a_known_one(bea: FlaskClient, path: str) -> None:
    answer = bea.get(path, headers=PAGE)
    assert answer.status_code == 404, path
    assert "Diese Seite gibt es nicht" in answer.text, path


def test_without_a_session_a_path_that_is_there_and_one_that_is_not_are_the_same(visitor: FlaskClient) -> None:
    for path in ("/karte", "/gibt-es-nicht", "/tables/objekte/rows", "/tables/nix"):
        assert visitor.get(path).status_code == 401, path
        assert visitor.get(path, headers=PAGE).status_code == 302, path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/karte"), ("PUT", "/anmelden"), ("DELETE", "/anmelden"), ("PATCH", "/sitzung"), ("GET", "/abmelden"),
        ("GET", "/abmelden/ueberall"), ("GET", "/verwaltung/sperren"), ("GET", "/_dash-update-component"),
        ("TRACE", "/karte"), ("TRACE", "/anmelden"), ("CONNECT", "/karte"), ("POST", "/assets/shell.js"),
    ],
)  # fmt: skip
def test_another_method_is_405_and_does_nothing(bea: FlaskClient, method: str, path: str) -> None:
    answer = bea.open(path, method=method, headers=PAGE)
    # A path of a page takes everything that follows; a GET of it is then a page that does not exist.
    assert answer.status_code in ((404,) if method == "GET" else (405,)), answer.status_code
    assert bea.get("/_dash-layout").status_code == 200, "still signed in"


def test_head_and_options_tell_no_more_than_get(bea: FlaskClient, visitor: FlaskClient) -> None:
    head = bea.head("/karte", headers=PAGE)
    assert (head.status_code, head.data) == (200, b"")
    assert visitor.head("/tables/objekte/rows").status_code == 401
    assert visitor.options("/tables/objekte/rows").status_code == 401
    options = bea.options("/tables/objekte/rows")
    assert options.status_code == 200
    assert not options.data
    assert not [name for name in dict(options.headers) if name.startswith("Access-Control")], "no other site may ask"


@pytest.fixture(scope="module")
def away(town: Town, settings: Settings) -> Iterator[Flask]:
    """The application over a database that nobody answers for."""
    urls = {name: url if name == "database" or url is None else _nowhere(url) for name, url in vars(town.urls).items()}
    access = Access(DatabaseUrls(**urls))
    application = create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))
    application.test_client_class = Browser
    yield application
    access.close()


def _nowhere(url: str) -> str:
    return make_url(url).update_query_dict({"host": "/nowhere"}).render_as_string(hide_password=False)


def test_while_the_database_is_away_everything_is_503_and_says_when_to_come_back(
    bea: FlaskClient, away: Flask, server: Flask
) -> None:
    session = bea.get_cookie("qm_session")
    assert session is not None
    browser = away.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    browser.set_cookie("qm_session", session.value)
    asked = {
        "page": browser.get("/karte", headers=PAGE),
        "callback": call(browser, server, ROUTER),
        "sign-in page": browser.get("/anmelden", headers=PAGE),
        "sign-in": browser.post("/anmelden", data={"name": "bea", "password": PASSWORD}),
        "sign-out": browser.post("/abmelden/ueberall"),
        "table": browser.get("/tables/objekte/rows"),
        "layer": browser.get("/layers/state/columns"),
    }
    for kind, answer in asked.items():
        assert answer.status_code == 503, (kind, answer.status_code)
        assert answer.headers["Retry-After"] == "10", kind
        assert "Die Datenbank antwortet gerade nicht" in answer.text, kind
        assert answer.headers["Cache-Control"] == "no-store", kind
    assert browser.get("/assets/shell.css").status_code == 200, "files need no database"


# --- behind a proxy ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def behind_proxy(town: Town, settings: Settings) -> Iterator[Flask]:
    """The application behind one proxy that is trusted, under the one name that it has."""
    set_by_operator = {"trusted_proxies": 1, "trusted_hosts": "monitor.example.org"}
    access = Access(town.urls)
    own = settings.model_copy(update=set_by_operator)
    application = create_app(Deps(settings=own, access=access, session_key=SECRET, layers=discover()))
    application.test_client_class = Browser
    yield application
    access.close()


def _proxied(application: Flask, **forwarded: str) -> FlaskClient:
    browser = application.test_client()
    browser.environ_base |= {
        "HTTP_HOST": "127.0.0.1:8050",
        "HTTP_ORIGIN": "https://monitor.example.org",
        "HTTP_X_FORWARDED_HOST": "monitor.example.org",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "198.51.100.7",
    } | forwarded
    return browser


def test_behind_a_trusted_proxy_cookies_are_secure_and_bound_to_the_host(behind_proxy: Flask) -> None:
    entered = _proxied(behind_proxy).post("/anmelden/beispiel", data={"account": "bea"})
    assert entered.status_code == 303
    cookie = entered.headers["Set-Cookie"]
    assert cookie.startswith("__Host-qm_session=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert entered.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_throttle_counts_the_client_and_not_what_it_says_of_itself(
    behind_proxy: Flask, server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    def note(_: Any, limits: dict[str, int]) -> Any:
        counted.extend(limits)
        raise ConnectionAbortedError

    monkeypatch.setattr("geodata.accounts.sign_in.begin_attempt", note)
    form = {"name": "bea", "password": "x"}
    _proxied(behind_proxy, HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7").post("/anmelden", data=form)
    direct = server.test_client()
    forged = {"X-Forwarded-For": "203.0.113.9", "Origin": HOST}
    direct.post("/anmelden", data=form, headers=forged, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert [one for one in counted if one.startswith("address:")] == ["address:198.51.100.7", "address:192.0.2.1"]


@pytest.mark.parametrize("host", ["example.org", "monitor.example.org.example.org", "monitor.example.org@x", ""])
def test_another_name_of_the_host_is_400(behind_proxy: Flask, host: str) -> None:
    browser = _proxied(behind_proxy, HTTP_X_FORWARDED_HOST=host or "127.0.0.1")
    for answer in (browser.get("/anmelden"), browser.get("/karte", headers=PAGE), browser.get("/assets/theme.css")):
        assert answer.status_code == 400, host
        assert "monitor.example.org" not in answer.text


def test_the_right_name_of_the_host_is_answered(behind_proxy: Flask) -> None:
    assert _proxied(behind_proxy).get("/anmelden").status_code == 200


def test_a_proxy_that_is_not_trusted_is_said_once(server: Flask) -> None:
    with structlog.testing.capture_logs() as logs:
        fresh = server.test_client()
        for _ in range(2):
            fresh.get("/anmelden", headers={"X-Forwarded-For": "203.0.113.9"})
    said = [entry for entry in logs if entry["event"] == "proxy_not_trusted"]
    assert len(said) <= 1
    assert "203.0.113.9" not in str(logs)


# --- what is said and what is kept ------------------------------------------------------------------------------------


def test_what_was_typed_is_shown_as_text(visitor: FlaskClient) -> None:
    typed = '"><script>alert(1)</script>'
    page = visitor.post("/anmelden", data={"name": typed, "password": "x", "next": f"/karte?x={typed}"})
    assert "<script" not in page.text
    assert "&gt;&lt;script&gt;" in page.text
    assert "<script>alert" not in visitor.get(f"/anmelden?next=/{typed}&beispiel={typed}").text


def test_logs_hold_neither_names_nor_passwords_nor_addresses(
    bea: FlaskClient, visitor: FlaskClient, server: Flask, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    """Who signed in stands in the log of the application, which the database guards; not in the server's output."""

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("Musterallee 2")

    with structlog.testing.capture_logs() as logs:
        visitor.environ_base["REMOTE_ADDR"] = "192.0.2.77"
        visitor.post("/anmelden", data={"name": "bea", "password": "ganz geheim hier"})
        visitor.post("/anmelden", data={"name": "bea", "password": PASSWORD})
        bea.get("/verwaltung", headers=PAGE)
        monkeypatch.setattr("dashboard.router._context", broken)
        values = {"shell-route.data": {"path": "/karte", "query": {}}, "shell-location.search": "?text=Beispielweg"}
        assert call(bea, server, ROUTER, values).status_code == 500
    printed = capfd.readouterr()
    text = f"{logs} {printed.out} {printed.err}"
    assert "failed" in text
    for secret in ("bea", "Bea Beispiel", "ganz geheim hier", PASSWORD, "192.0.2.77", "Beispielweg"):
        assert secret not in text, secret


def test_a_fault_shows_nothing_of_the_inside_even_when_an_operator_debugs(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QM_DEBUG is for the command line; it opens nothing on the web."""

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("Musterallee 2")

    monkeypatch.setattr("dashboard.signin._page", broken)
    access = Access(town.urls)
    try:
        debugging = settings.model_copy(update={"debug": True})
        application = create_app(Deps(settings=debugging, access=access, session_key=SECRET))
        assert not application.debug
        answer = application.test_client().get("/anmelden", headers=PAGE)
    finally:
        access.close()
    assert answer.status_code == 500
    assert "Musterallee" not in answer.text
    assert not TELLTALE.search(answer.text)
