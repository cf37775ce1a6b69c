"""The first lock: nothing is answered before it is settled who asks, and no answer tells more than it must."""

import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from dashboard import password_check
from dashboard.auth import local_path
from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.serving import THREADS, WORKERS
from geodata import accounts
from geodata.access import Access, Scope
from geodata.accounts import passwords
from geodata.calendar import today
from geodata.settings import Settings
from tests.factories.town import KEY, NAMES, PASSWORD, Town
from tests.web.conftest import PAGE, SECRET

HASHED = passwords.hash_password(PASSWORD)


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
    closed = browser.post("/anmelden", data={**form, "name": "GESPERRT"})
    assert 50 <= int(closed.headers["Retry-After"]) <= 60
    assert "Zu viele Fehlversuche" in closed.text


def test_whoever_fails_is_asked_for_the_same_work(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted and not timed: one check of a hash for a known, an unknown and a disabled name, none while waiting."""
    checked: list[str | None] = []

    def note(password_hash: str | None, _: str) -> bool:
        checked.append(password_hash)
        return False

    monkeypatch.setattr("geodata.accounts.passwords.fits", note)
    visitor.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    for name in ("anna", "gibt-es-nicht"):
        assert visitor.post("/anmelden", data={"name": name, "password": "falsch"}).status_code == 401
    assert len(checked) == 2
    assert checked[0] is not None
    assert checked[1] is None


def test_an_unknown_name_costs_one_check_from_the_first_time_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash that unknown names are checked against is made at the start, not when the first of them comes."""
    passwords.decoy_hash.cache_clear()
    password_check.prepare()
    monkeypatch.setattr("geodata.accounts.passwords.unknown_password_hash", lambda: pytest.fail("made a hash"))
    assert not passwords.fits(None, "x")


def test_no_more_passwords_are_checked_at_once_than_there_are_turns(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_check, "_TURN_SECONDS", 0)
    with password_check._TURN:
        answer = visitor.post("/anmelden", data={"name": "bea", "password": PASSWORD})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert visitor.post("/anmelden", data={"name": "bea", "password": PASSWORD}).status_code == 303
    assert password_check._TURN._value * WORKERS == 2  # type: ignore[attr-defined]


def test_whoever_floods_the_sign_in_leaves_a_thread_to_everybody_else(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = password_check._PLACES._value  # type: ignore[attr-defined]
    assert places < THREADS
    monkeypatch.setattr("geodata.accounts.passwords.fits", lambda *_: pytest.fail("checked a password"))
    for _ in range(places):
        password_check._PLACES.acquire()
    try:
        assert visitor.post("/anmelden", data={"name": "bea", "password": PASSWORD}).status_code == 503
    finally:
        for _ in range(places):
            password_check._PLACES.release()


def test_signing_out_ends_the_session(client: Callable[[str], FlaskClient]) -> None:
    browser = client("staff")
    assert browser.get("/_dash-layout").status_code == 200
    assert browser.post("/abmelden").location == "/anmelden"
    assert browser.get("/_dash-layout").status_code == 401


def test_a_copied_cookie_ends_with_the_session(client: Callable[[str], FlaskClient], visitor: FlaskClient) -> None:
    """The signature of a cookie stays good after signing out, so the session itself has to end, in every process."""
    browser, other = client("staff"), client("staff")
    copied = browser.get_cookie("qm_session")
    assert copied is not None
    visitor.set_cookie("qm_session", copied.value)
    assert visitor.get("/_dash-layout").status_code == 200
    browser.post("/abmelden")
    assert visitor.get("/_dash-layout").status_code == 401
    assert other.get("/_dash-layout").status_code == 200, "the same account elsewhere goes on"


def test_a_name_that_the_database_cannot_hold_is_a_wrong_name(visitor: FlaskClient) -> None:
    assert visitor.post("/anmelden", data={"name": "a\0b", "password": "x"}).status_code == 401


def test_without_a_demonstration_nobody_enters_as_an_example(
    town: Town, settings: Settings, client: Callable[[str], FlaskClient]
) -> None:
    """Not by one click, not by a password that somebody has set, and not with a session from before."""
    access = Access(town.urls)
    try:
        kept = client("staff").get_cookie("qm_session")
        assert kept is not None
        real = settings.model_copy(update={"demo": False})
        assert not real.is_demo
        browser = create_app(Deps(settings=real, access=access, session_key=SECRET)).test_client()
        browser.environ_base["HTTP_ORIGIN"] = "http://localhost"
        answer = browser.post("/anmelden/beispiel", data={"account": "bea"})
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (401, None)
        assert "bea" not in browser.get("/anmelden").text
        assert browser.post("/anmelden", data={"name": "bea", "password": PASSWORD}).status_code == 401
        browser.set_cookie("qm_session", kept.value)
        assert browser.get("/_dash-layout").status_code == 401
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
    assert "Expires" not in plain, "it ends with the browser"
    assert "Secure" not in plain
    forged = {"X-Forwarded-Proto": "https"}
    believed = visitor.post("/anmelden/beispiel", data={"account": "bea"}, headers=forged).headers["Set-Cookie"]
    assert "Secure" not in believed, "no proxy is trusted here"
    https = {"base_url": "https://localhost", "headers": {"Origin": "https://localhost"}}
    secure = visitor.post("/anmelden/beispiel", data={"account": "bea"}, **https).headers["Set-Cookie"]
    assert secure.startswith("__Host-qm_session=")
    assert "Secure" in secure
    assert "Path=/;" in secure + ";"
    assert "Domain" not in secure


def test_a_forged_session_is_none(visitor: FlaskClient) -> None:
    visitor.set_cookie("qm_session", "eyJhY2NvdW50IjoiYmVhIn0.ZZZZZZ.forged")
    assert visitor.get("/_dash-layout").status_code == 401


class Kurz:
    """The account `kurz`: put anew with the password of all, then changed; each change in a transaction of its own."""

    form: ClassVar = {"name": "kurz", "password": PASSWORD}

    def __init__(self, access: Access) -> None:
        self._access = access
        with access.accounts() as connection:
            scope = Scope(municipality=KEY, role="staff", account="kurz")
            accounts.put(connection, scope, display_name="Kurz", password_hash=HASHED)

    def _found(self, connection: Connection) -> accounts.Account:
        found = accounts.find(connection, "kurz")
        assert found is not None
        return found

    def do(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        """Call a function of `accounts` with the connection and the account."""
        with self._access.accounts() as connection:
            function(connection, self._found(connection), *arguments, by="", **options)

    @property
    def account(self) -> accounts.Account:
        with self._access.accounts() as connection:
            return self._found(connection)


@pytest.fixture
def kurz(town: Town) -> Iterator[Kurz]:
    """An account of building control that a test changes as an administration would."""
    access = Access(town.urls)
    yield Kurz(access)
    access.close()


def test_what_an_administration_changes_holds_with_the_next_request(kurz: Kurz, visitor: FlaskClient) -> None:
    assert visitor.post("/anmelden", data=kurz.form).status_code == 303
    assert visitor.get("/karte", headers=PAGE).status_code == 200
    kurz.do(accounts.change, accounts.Draft("Kurz", "politics"))
    assert visitor.get("/karte", headers=PAGE).status_code == 403, "another role on the next request"
    kurz.do(accounts.change, accounts.Draft("Kurz", "staff", valid_until=today() - timedelta(days=1)))
    assert visitor.get("/_dash-layout").status_code == 401, "an end that has passed"
    assert visitor.post("/anmelden", data=kurz.form).status_code == 401
    kurz.do(accounts.change, accounts.Draft("Kurz", "staff", valid_until=today()))
    assert visitor.post("/anmelden", data=kurz.form).status_code == 303, "the last day is one still"
    kurz.do(accounts.disable)
    assert visitor.get("/_dash-layout").status_code == 401
    assert visitor.post("/anmelden", data=kurz.form).status_code == 401


def test_a_session_does_not_come_back_with_its_account(kurz: Kurz, visitor: FlaskClient) -> None:
    visitor.post("/anmelden", data=kurz.form)
    kept = visitor.get_cookie("qm_session")
    assert kept is not None
    kurz.do(accounts.disable)
    kurz.do(accounts.enable)
    visitor.set_cookie("qm_session", kept.value)
    assert visitor.get("/_dash-layout").status_code == 401


def test_one_signs_oneself_out_everywhere(kurz: Kurz, server: Flask, visitor: FlaskClient) -> None:
    elsewhere = server.test_client()
    elsewhere.environ_base["HTTP_ORIGIN"] = "http://localhost"
    for browser in (visitor, elsewhere):
        assert browser.post("/anmelden", data=kurz.form).status_code == 303
    answer = visitor.post("/abmelden/ueberall")
    assert (answer.status_code, answer.location) == (303, "/anmelden")
    assert [browser.get("/_dash-layout").status_code for browser in (visitor, elsewhere)] == [401, 401]


def test_a_first_password_opens_nothing_before_it_is_changed(kurz: Kurz, server: Flask, visitor: FlaskClient) -> None:
    first = passwords.generate()
    kurz.do(accounts.set_password, passwords.hash_password(first), is_own=False)
    entered = visitor.post("/anmelden", data={"name": "kurz", "password": first, "next": "/karte"})
    assert entered.location == "/karte"
    led = visitor.get("/karte", headers=PAGE)
    assert (led.status_code, led.location) == (302, "/konto/passwort?next=/karte")
    refused = [visitor.get("/_dash-layout"), visitor.get("/layers/state/columns"), visitor.get("/tables/objekte/rows")]
    assert [answer.status_code for answer in refused] == [403] * 3
    assert "Ihr erstes Passwort" in visitor.get(led.location, headers=PAGE).text

    new = "drei Wörter ohne Bezug"
    form = {"old": first, "new": new, "again": new, "next": "/karte"}
    changed = visitor.post("/konto/passwort", data=form)
    assert (changed.status_code, changed.location) == (303, "/konto/passwort?done=1&next=%2Fkarte")
    assert 'href="/karte"' in visitor.get(changed.location, headers=PAGE).text
    assert visitor.get("/karte", headers=PAGE).status_code == 200
    assert visitor.post("/anmelden", data={"name": "kurz", "password": first}).status_code == 401
    decomposed = unicodedata.normalize("NFD", new)
    assert visitor.post("/anmelden", data={"name": "kurz", "password": decomposed}).status_code == 303


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    kurz: Kurz, server: Flask, visitor: FlaskClient
) -> None:
    elsewhere = server.test_client()
    elsewhere.environ_base["HTTP_ORIGIN"] = "http://localhost"
    for browser in (visitor, elsewhere):
        browser.post("/anmelden", data=kurz.form)
    new = "ein ganz anderes Wort"
    assert visitor.post("/konto/passwort", data={"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert visitor.get("/_dash-layout").status_code == 200
    assert elsewhere.get("/_dash-layout").status_code == 401


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "falsch falsch falsch"}, "Das bisherige Passwort stimmt nicht"),
        ({"again": "etwas anderes ganz"}, "unterscheiden sich"),
        ({"new": PASSWORD, "again": PASSWORD}, "ist das bisherige"),
        ({"new": "kurz", "again": "kurz"}, "mindestens 12 Zeichen"),
        ({"new": "Passwort123456", "again": "Passwort123456"}, "zuerst ausprobiert"),
    ],
)
def test_a_new_password_that_is_not_taken_says_why(
    kurz: Kurz, visitor: FlaskClient, typed: dict[str, str], said: str
) -> None:
    visitor.post("/anmelden", data=kurz.form)
    form = {"old": PASSWORD, "new": "ein ganz neues Wort", "again": "ein ganz neues Wort"} | typed
    answer = visitor.post("/konto/passwort", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert kurz.account.password_changed_at is not None
    assert visitor.get("/_dash-layout").status_code == 200, "the session goes on"


def test_a_session_that_rests_ends_and_one_that_is_used_lasts_until_its_day_is_over(
    client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = int(time.time())
    monkeypatch.setattr("dashboard.auth.time.time", lambda: start)
    browser = client("staff")

    def at(seconds: float) -> None:
        monkeypatch.setattr("dashboard.auth.time.time", lambda: start + seconds)

    at(20 * 60)
    assert browser.get("/_dash-layout").status_code == 200
    at(45 * 60)
    left = browser.get("/sitzung").json
    assert left["can_stay"]
    assert 4 * 60 <= left["seconds"] <= 5 * 60, "asking does not prolong it"
    at(49 * 60)
    assert browser.post("/sitzung").json["seconds"] == 30 * 60
    for minutes in range(75, 12 * 60, 25):
        at(minutes * 60)
        answer = browser.post("/sitzung")
        assert answer.status_code == 200, minutes
        assert answer.headers["X-Session-Seconds"]
    at(11 * 3600 + 50 * 60)
    assert browser.get("/sitzung").json["can_stay"] is False
    at(12 * 3600)
    assert browser.get("/_dash-layout").status_code == 401


def test_a_session_that_rested_half_an_hour_is_none(
    client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, start = client("staff"), time.time()
    monkeypatch.setattr("dashboard.auth.time.time", lambda: start + 30 * 60)
    assert browser.get("/_dash-layout").status_code == 401


def test_a_sign_in_takes_nothing_over_from_the_session_before(visitor: FlaskClient) -> None:
    """A session that somebody else has put into the browser would otherwise be theirs afterwards (fixation)."""

    def content() -> dict[str, Any]:
        with visitor.session_transaction() as session:
            return dict(session)

    with visitor.session_transaction() as planted:
        planted.update(id="planted", since=1, language="en", anything="else")
    visitor.post("/anmelden/beispiel", data={"account": "bea"})
    first = content()
    visitor.post("/anmelden/beispiel", data={"account": "bea"})
    second = content()
    assert "anything" not in first
    assert first["language"] == "en"
    assert len({"planted", first["id"], second["id"]}) == 3
    assert set(first) == {"account", "ended", "since", "seen", "id", "language"}, "nothing of the account but its name"


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


def test_the_password_of_an_example_cannot_be_changed(client: Callable[[str], FlaskClient]) -> None:
    """Everybody enters it by one click; whoever could set a password would own it."""
    form = {"old": PASSWORD, "new": "ein ganz neues Wort", "again": "ein ganz neues Wort"}
    browser = client("staff")
    assert browser.post("/konto/passwort", data=form).status_code == 403
    assert browser.get("/_dash-layout").status_code == 200
