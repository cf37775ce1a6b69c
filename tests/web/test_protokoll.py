"""What leaves the application is in the log before it goes out, and the page shows a city its own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from dashboard import logged
from dashboard.pages.protokoll.tables import LOG
from geodata import audit
from geodata.access import ROLES, Role
from geodata.audit import Entry
from geodata.audit import anchors as audit_anchors
from geodata.audit.chain import LogEntry
from geodata.audit.reads import FIELDS
from geodata.calendar import today
from tests.factories.town import KEY, NAMES, Town
from tests.web.conftest import PAGE, call, show_page

Entries = Callable[[str], list[LogEntry]]
# Endings of addresses that give a file; what they need beside a filter.
FILES = (".csv", ".xlsx", ".gpkg", ".html")
ARGUMENTS = {"delivery_id": 1}


@pytest.fixture(scope="module")
def entries(town: Town) -> Iterator[Entries]:
    """`entries("export")`: the entries of an action in the town's chain, by number."""
    engine = create_engine(town.urls.load)

    def read(action: str) -> list[LogEntry]:
        with engine.connect() as connection:
            found = audit.latest(connection, KEY, most=100_000)
        return [one for one in found if one.action == action]

    yield read
    engine.dispose()


def files_of(server: Flask) -> list[tuple[str, str]]:
    """Address and permission of every route that gives a file."""
    locks = server.extensions["quartiermonitor"]["locks"]
    builder = server.url_map.bind("localhost")
    return [
        (
            builder.build(rule.endpoint, {name: ARGUMENTS[name] for name in rule.arguments}),
            locks.endpoints[rule.endpoint],
        )
        for rule in server.url_map.iter_rules()
        if rule.rule.endswith(FILES) or locks.endpoints.get(rule.endpoint) == "export:create"
    ]


@pytest.mark.parametrize("role", list(NAMES))
def test_every_file_that_leaves_is_in_the_log(
    server: Flask, client: Callable[[str], FlaskClient], entries: Entries, role: Role
) -> None:
    browser, given, known = client(role), 0, len(entries("export"))
    assert len(files_of(server)) > 10
    for address, permission in files_of(server):
        answer = browser.get(address)
        new = entries("export")[known:]
        known += len(new)
        is_given = answer.status_code == 200
        assert len(new) == is_given, (address, answer.status_code)
        # Nothing is released in this town; what was is taken away in test_freigaben.
        refusals = (400,) if "freigegebene" in address else (403, 404)
        assert is_given or answer.status_code in (403, *refusals), (address, answer.text)
        assert not is_given or permission in ROLES[role].permissions
        for entry in new:
            assert (entry.account, entry.municipality) == (NAMES[role], KEY)
            assert entry.details["format"] == address.rpartition(".")[2]
            given += 1
    assert given > 0 or role == "politics"


@pytest.mark.parametrize("headers", [{"Range": "bytes=0-9"}, {"If-None-Match": "*"}])
def test_a_part_of_a_file_is_not_taken_past_the_log(
    client: Callable[[str], FlaskClient], entries: Entries, headers: dict[str, str]
) -> None:
    known = len(entries("export"))
    answer = client("staff").get("/karte.html", headers=headers)
    assert (answer.status_code, len(entries("export")) - known) == (200, 1)
    assert len(answer.get_data()) > 10


def test_the_entry_says_what_was_taken_with_which_filter(
    client: Callable[[str], FlaskClient], entries: Entries
) -> None:
    browser = client("staff")
    answer = browser.get("/tables/objekte.csv?state=recorded&text=weg")
    assert answer.status_code == 200, answer.text
    latest = entries("export")[-1]
    assert (latest.details["what"], latest.details["rows"]) == ("objekte", 1)
    assert latest.details["filter"] == "state=recorded&text=*"
    assert latest.subject in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("address", ["/tables/objekte.csv", "/tables/objekte.xlsx", "/karte.gpkg", "/karte.html"])
def test_what_cannot_be_logged_is_not_given(
    client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def away(*_: object) -> int:
        raise OperationalError("SELECT", {}, Exception("the log is away"))

    browser = client("staff")
    monkeypatch.setattr(audit, "append", away)
    answer = browser.get(address)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    assert "Content-Disposition" not in answer.headers


def test_a_download_that_forgot_the_log_is_held_back() -> None:
    server = Flask("forgetful")
    logged.install(server)

    @server.get("/file")
    def file() -> Response:
        return Response("x", headers={"Content-Disposition": "attachment; filename=x.csv"})

    @server.get("/page")
    def page() -> str:
        return "x"

    assert server.test_client().get("/page").status_code == 200
    answer = server.test_client().get("/file")
    assert (answer.status_code, "Content-Disposition" in answer.headers) == (500, False)


def test_counts_of_persons_are_logged_before_they_are_shown(
    client: Callable[[str], FlaskClient], server: Flask, town: Town, entries: Entries
) -> None:
    insert = text(
        "INSERT INTO qm.inspection_round (municipality, key, held_on, kind, offices, persons_met)"
        " VALUES (:city, 'R-log', '2026-05-01', 'joint_control', '{}', :met) RETURNING id"
    )
    engine = create_engine(town.urls.load)
    try:
        for met, logged_entries in ((None, 0), (72, 1)):
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM qm.inspection_round WHERE key = 'R-log'"))
                number = connection.execute(insert, {"city": KEY, "met": met}).scalar_one()
            before = len(entries("read_restricted"))
            page = text_of(show_page(client("staff"), server, f"/runde/{number}"))
            new = entries("read_restricted")[before:]
            assert ("72" in page) == bool(logged_entries)
            assert [(one.account, one.subject) for one in new] == [("bea", f"round {number}")] * logged_entries
    finally:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM qm.inspection_round WHERE key = 'R-log'"))
        engine.dispose()


def test_a_failed_attempt_names_the_account_and_never_what_was_typed(
    visitor: FlaskClient, town: Town, entries: Entries
) -> None:
    typed = "mein geheimes Passwort"
    for name in (typed, "petra"):
        assert visitor.post("/anmelden", data={"name": name, "password": "falsch"}).status_code == 401
    assert [(one.account, one.subject) for one in entries("sign_in_failed")[-1:]] == [("petra", "petra")]
    engine = create_engine(town.urls.load)
    with engine.connect() as connection:
        [latest] = audit.latest(connection, "", most=1)
        found = connection.execute(text("SELECT count(*) FROM audit.entry AS e WHERE e::text LIKE '%geheim%'"))
        assert found.scalar_one() == 0
    engine.dispose()
    assert (latest.action, latest.account, latest.subject) == ("sign_in_failed", "", "unknown name")


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of the anchors, in a folder of the test's own."""
    monkeypatch.setattr(audit_anchors, "FILE_NAME", str(tmp_path / "anchors.jsonl"))
    monkeypatch.setattr(audit_anchors, "CHECKED_NAME", str(tmp_path / "checked.json"))
    return tmp_path / "anchors.jsonl"


def text_of(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False)


def test_the_page_is_the_administration_s_alone(client: Callable[[str], FlaskClient], server: Flask) -> None:
    for role, rights in ROLES.items():
        browser = client(role)
        may = "audit:read" in rights.permissions
        assert browser.get("/protokoll", headers=PAGE).status_code == (200 if may else 403), role
        assert browser.get("/tables/protokoll/rows").status_code == (200 if may else 403), role
        assert call(browser, server, "protokoll-state.children").status_code == (200 if may else 403), role
    assert "audit:read" in ROLES["admin"].permissions


def test_the_entries_are_shown_in_words_the_latest_first(client: Callable[[str], FlaskClient], town: Town) -> None:
    client("staff").get("/tables/objekte.csv?state=recorded&text=weg")
    shown = client("admin").get("/tables/protokoll/rows").get_json()
    assert shown["total"] == len(shown["rows"]) or shown["total"] > 100
    first, second = shown["rows"][:2]
    assert (first["action"], first["account"], first["details"]) == ("Anmeldung", "anna", "Wie: Beispielkonto")
    assert (second["action"], second["account"]) == ("Datei mitgenommen", "bea")
    assert second["details"] == "Zeilen: 1; Filter: Zustand: Erfasst, Text: *"
    assert second["subject"].startswith("Objekte_")


def test_the_filter_asks_for_a_day_an_action_and_an_account(client: Callable[[str], FlaskClient], town: Town) -> None:
    client("staff").get("/tables/objekte.csv")
    browser, day = client("admin"), today().isoformat()

    def total(query: str) -> int:
        return int(browser.get(f"/tables/protokoll/rows?{query}").get_json()["total"])

    assert 0 < total("action=export&account=bea") < total("account=bea") < total(f"first={day}&last={day}")
    assert total("account=niemand") == total("last=2020-01-01") == total("action=erasure") == 0
    for broken in ("action=gone", "first=gestern", "sort=account", "sort=number"):
        assert browser.get(f"/tables/protokoll/rows?{broken}").status_code == 400


def test_nothing_of_the_page_counts_or_orders_by_account(client: Callable[[str], FlaskClient], server: Flask) -> None:
    assert LOG.sortable == ()
    assert set(FIELDS) == {"first", "last", "action", "account"}
    page = text_of(show_page(client("admin"), server, "/protokoll"))
    assert "Kennzahlen zu einzelnen Beschäftigten" in page


def test_another_city_s_entries_are_not_shown(client: Callable[[str], FlaskClient], town: Town) -> None:
    engine = create_engine(town.urls.load)
    with engine.begin() as connection:
        audit.append(connection, Entry("backup", None, "command line", "foreign-backup"))
        audit.append(connection, Entry("export", "de-other", "otto", "foreign.csv"))
    engine.dispose()
    answer = client("admin").get("/tables/protokoll.csv").text
    assert "bea" in answer
    assert not [name for name in ("otto", "foreign") if name in answer]


def test_the_check_says_what_it_found(
    client: Callable[[str], FlaskClient], server: Flask, town: Town, notes: Path
) -> None:
    browser = client("admin")
    assert "Noch nicht geprüft" in text_of(show_page(browser, server, "/protokoll"))
    assert "Unversehrt: " in text_of(call(browser, server, "protokoll-state.children").get_json())
    assert "Zuletzt geprüft" in text_of(show_page(browser, server, "/protokoll"))
    audit_anchors.take_at(town.urls.load, notes.parent)
    notes.write_text(notes.read_text(encoding="utf-8").replace('"hash": "', '"hash": "0'), encoding="utf-8")
    call(browser, server, "protokoll-state.children")
    assert "beschädigt (geprüft" in text_of(show_page(browser, server, "/protokoll"))
    notes.write_text("kein Anker\n", encoding="utf-8")
    answer = call(browser, server, "protokoll-state.children").get_json()
    assert "lassen sich nicht lesen" in text_of(answer)
