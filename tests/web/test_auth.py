"""The first lock: nothing is answered before it is settled who asks, and no answer tells more than it must."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.auth import local_path
from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata import accounts
from geodata.access import Access, Scope
from geodata.settings import Settings
from tests.factories.town import KEY, NAMES, PASSWORD, Town
from tests.web.conftest import PAGE


def test_a_page_asked_for_before_sign_in_comes_after_it(visitor: FlaskClient) -> None:
    answer = visitor.get("/objekt/7?as_of=2026-01-01&area=1,2", headers=PAGE)
    assert answer.status_code == 302
    assert answer.location == "/anmelden?next=/objekt/7%3Fas_of%3D2026-01-01%26area%3D1%2C2"
    page = visitor.get(answer.location, headers=PAGE)
    assert 'value="/objekt/7?as_of=2026-01-01&amp;area=1,2"' in page.text

    form = {"name": "bea", "password": PASSWORD, "next": "/objekt/7?as_of=2026-01-01&area=1,2"}
    entered = visitor.post("/anmelden", data=form)
    assert (entered.status_code, entered.location) == (303, "/objekt/7?as_of=2026-01-01&area=1,2")


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "", None, "/a\nb"]
)
def test_a_sign_in_never_leads_elsewhere(target: str | None) -> None:
    assert local_path(target, prefix="/") == "/"
    assert local_path(target, prefix="/monitor/") == "/monitor/"


def test_a_target_stays_within_the_prefix() -> None:
    assert local_path("/monitor/karte?x=1", prefix="/monitor/") == "/monitor/karte?x=1"
    assert local_path("/karte", prefix="/monitor/") == "/monitor/"


@pytest.mark.parametrize("path", ["/_dash-layout", "/_dash-dependencies", "/assets/shell.js", "/karte", "/nowhere"])
def test_without_a_session_everything_is_refused(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 401


def test_the_sign_in_page_and_what_it_shows_need_no_session(visitor: FlaskClient) -> None:
    for path in ("/anmelden", "/assets/theme.css", "/assets/plain.css", "/assets/mark.svg"):
        assert visitor.get(path).status_code == 200, path


def test_wrong_name_and_wrong_password_get_the_same_answer(visitor: FlaskClient) -> None:
    unknown = visitor.post("/anmelden", data={"name": "niemand", "password": PASSWORD})
    wrong = visitor.post("/anmelden", data={"name": "niemand", "password": "falsch"})
    known = visitor.post("/anmelden", data={"name": "petra", "password": "falsch"})
    assert unknown.status_code == wrong.status_code == known.status_code == 401
    assert known.text.replace('name="name" value="petra"', 'name="name" value="niemand"') == unknown.text == wrong.text


def test_a_name_is_closed_for_a_while_after_five_failures(server: Flask) -> None:
    browser = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = "http://localhost"
    browser.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    form = {"name": "gesperrt", "password": "falsch"}
    statuses = [browser.post("/anmelden", data=form).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    closed = browser.post("/anmelden", data=form)
    assert closed.headers["Retry-After"] == "60"
    assert "Zu viele Fehlversuche" in closed.text


def test_signing_out_ends_the_session(client: Callable[[str], FlaskClient]) -> None:
    browser = client("staff")
    assert browser.get("/_dash-layout").status_code == 200
    assert browser.post("/abmelden").location == "/anmelden"
    assert browser.get("/_dash-layout").status_code == 401


def test_a_copied_cookie_ends_with_the_session(
    client: Callable[[str], FlaskClient], visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signature of a cookie stays good after signing out, so the session itself has to end, in every process."""
    monkeypatch.setattr("dashboard.auth.ACCOUNT_CACHE_SECONDS", 0)
    browser, other = client("staff"), client("staff")
    copied = browser.get_cookie("qm_session")
    assert copied is not None
    visitor.set_cookie("qm_session", copied.value)
    assert visitor.get("/_dash-layout").status_code == 200
    browser.post("/abmelden")
    assert visitor.get("/_dash-layout").status_code == 401
    assert other.get("/_dash-layout").status_code == 200, "the same account elsewhere goes on"


def test_failures_count_in_every_process_and_a_success_forgets_those_of_the_name(town: Town) -> None:
    """Each worker has an application of its own; five attempts in each would be a multiple of five."""
    access = Access(town.urls)
    try:
        for _ in range(3):
            with access.accounts() as connection:
                noted = accounts.begin_attempt(connection, ("account:x", "address:y"), limit=3, window_seconds=60)
            assert noted is not None
        with access.accounts() as connection:
            assert accounts.begin_attempt(connection, ("account:x",), limit=3, window_seconds=60) is None
            assert accounts.begin_attempt(connection, ("address:y",), limit=3, window_seconds=60) is None
            accounts.forget_attempts(connection, "account:x", noted)
            assert accounts.begin_attempt(connection, ("account:x",), limit=3, window_seconds=60) is not None
            assert accounts.begin_attempt(connection, ("address:y",), limit=3, window_seconds=60) is not None
            assert accounts.begin_attempt(connection, ("address:y",), limit=3, window_seconds=60) is None
            assert accounts.begin_attempt(connection, ("address:y",), limit=3, window_seconds=0) is not None
    finally:
        access.close()


def test_a_name_that_the_database_cannot_hold_is_a_wrong_name(visitor: FlaskClient) -> None:
    assert visitor.post("/anmelden", data={"name": "a\0b", "password": "x"}).status_code == 401


def test_without_a_demonstration_nobody_enters_by_one_click(town: Town, settings: Settings) -> None:
    access = Access(town.urls)
    try:
        real = settings.model_copy(update={"demo": False})
        assert not real.is_demo
        server = create_app(Deps(settings=real, access=access, session_key="a key of this test only, nowhere else"))
        browser = server.test_client()
        answer = browser.post("/anmelden/beispiel", data={"account": "bea"}, headers={"Origin": "http://localhost"})
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (401, None)
        assert "bea" not in browser.get("/anmelden").text
    finally:
        access.close()


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://localhost.example.org", ""])
def test_posts_from_elsewhere_are_refused(client: Callable[[str], FlaskClient], origin: str) -> None:
    browser = client("staff")
    browser.environ_base["HTTP_ORIGIN"] = origin
    assert browser.post("/_dash-update-component", json={}).status_code == 403
    assert browser.post("/anmelden/beispiel", data={"account": "petra"}).status_code == 403
    assert browser.post("/abmelden").status_code == 403


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: FlaskClient) -> None:
    plain = visitor.post("/anmelden/beispiel", data={"account": "bea"}).headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    behind_a_proxy = visitor.post(
        "/anmelden/beispiel", data={"account": "bea"}, headers={"X-Forwarded-Proto": "https"}
    ).headers["Set-Cookie"]
    assert "Secure" in behind_a_proxy


def test_a_forged_session_is_none(visitor: FlaskClient) -> None:
    visitor.set_cookie("qm_session", "eyJhY2NvdW50IjoiYmVhIn0.ZZZZZZ.forged")
    assert visitor.get("/_dash-layout").status_code == 401


def test_a_disabled_account_and_a_new_password_end_sessions(
    town: Town, server: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.auth.ACCOUNT_CACHE_SECONDS", 0)
    access = Access(town.urls)
    scope = Scope(municipality=KEY, role="staff", account="kurz")

    def put(password: str) -> None:
        with access.accounts() as connection:
            hashed = accounts.hash_password(password)
            accounts.put(connection, scope, display_name="Kurz", password_hash=hashed)

    try:
        put(PASSWORD)
        assert visitor.post("/anmelden", data={"name": "kurz", "password": PASSWORD}).status_code == 303
        assert visitor.get("/_dash-layout").status_code == 200
        put(PASSWORD + " neu")
        assert visitor.get("/_dash-layout").status_code == 401
        assert visitor.post("/anmelden", data={"name": "kurz", "password": PASSWORD + " neu"}).status_code == 303
        with access.accounts() as connection:
            assert accounts.disable(connection, "kurz")
        assert visitor.get("/_dash-layout").status_code == 401
        assert visitor.post("/anmelden", data={"name": "kurz", "password": PASSWORD + " neu"}).status_code == 401
    finally:
        access.close()


def test_one_click_accounts_are_demonstration_accounts_only(town: Town, visitor: FlaskClient) -> None:
    access = Access(town.urls)
    with access.accounts() as connection:
        hashed = accounts.hash_password(PASSWORD)
        scope = Scope(municipality=KEY, role="staff", account="echt")
        accounts.put(connection, scope, display_name="Echt", password_hash=hashed)
    access.close()
    assert visitor.post("/anmelden/beispiel", data={"account": "echt"}).status_code == 401
    page = visitor.get("/anmelden").text
    assert "echt" not in page
    assert all(f'value="{name}"' in page for name in NAMES.values())


def test_passwords_are_argon2_and_not_short() -> None:
    assert accounts.hash_password(PASSWORD).startswith("$argon2id$")
    with pytest.raises(Exception, match="at least 12"):
        accounts.hash_password("kurz")
