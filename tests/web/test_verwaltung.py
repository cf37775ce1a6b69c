"""The administration's page: what it shows of accounts, what it does with them, and what it never shows."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text
from werkzeug.test import TestResponse

from dashboard.i18n import in_language
from geodata import accounts
from geodata.access import PERMISSION_WORDS, ROLES, Access, Scope
from geodata.accounts import passwords
from tests.factories.town import DISPLAY_NAMES, PASSWORD, Town
from tests.web.conftest import PAGE, show_page

HASHED = passwords.hash_password(PASSWORD)
NEW = {"name": "nele", "display_name": "Nele Neu", "role": "external_manager", "areas": [], "valid_until": "2099-06-30"}


@pytest.fixture
def admin(client: Callable[[str], FlaskClient], town: Town) -> Iterator[FlaskClient]:
    """A browser of the administration; accounts that its test has made are gone afterwards."""
    yield client("admin")
    forget(town, "account", "name = 'nele'")


@pytest.fixture
def found(town: Town) -> Iterator[Callable[[str], accounts.Account]]:
    """`found("nele")`: the account as it stands in the database."""
    access = Access(town.urls)

    def find(name: str) -> accounts.Account:
        with access.accounts() as connection:
            account = accounts.find(connection, name)
        assert account is not None
        return account

    yield find
    access.close()


def words_of(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def send(browser: FlaskClient, key: str, values: dict[str, Any], *, submission: str = "", **about: str) -> TestResponse:
    body = {"submission": submission or str(uuid4()), "values": values, "about": about, "confirmed": []}
    return browser.post(f"/formulare/{key}", json=body)


def create(browser: FlaskClient, town: Town, **values: Any) -> TestResponse:
    return send(browser, "konto-neu", {**NEW, "areas": [str(town.west)], **values})


def test_it_names_each_account_of_the_city_with_role_areas_and_state(admin: FlaskClient, server: Flask) -> None:
    page = words_of(show_page(admin, server, "/verwaltung"))
    for expected in (
        *DISPLAY_NAMES.values(),
        "Quartiersbüro (extern)",
        "Westquartier (Quartier)",
        "darf sich anmelden",
    ):
        assert expected in page, expected


def test_it_shows_nothing_of_an_object(admin: FlaskClient, server: Flask, town: Town) -> None:
    for search in ("", "?account=1", "?account=x"):
        page = words_of(show_page(admin, server, "/verwaltung", search))
        for secret in ("P-1", "P-2", "Beispielweg", "Musterallee", "argon2"):
            assert secret not in page
    for path in ("/karte", f"/objekt/{town.in_west}", "/kontrollen", "/heute", "/lieferungen"):
        assert admin.get(path, headers=PAGE).status_code == 403, path
    for path in ("/layers/state/columns", "/tables/objekte/rows"):
        assert admin.get(path).status_code in (403, 404), path


@pytest.mark.parametrize("role", ["staff", "manager", "external_manager", "politics"])
def test_it_is_for_the_administration_alone(client: Callable[[str], FlaskClient], town: Town, role: str) -> None:
    browser = client(role)
    assert browser.get("/verwaltung", headers=PAGE).status_code == 403
    assert create(browser, town).status_code == 403
    for path in ("passwort", "sperren", "freischalten", "abmelden"):
        assert browser.post(f"/verwaltung/{path}", data={"account": "1"}).status_code == 403


def test_the_table_of_roles_is_the_one_that_the_application_asks(admin: FlaskClient, server: Flask) -> None:
    """One row for each permission with a tick for each role that has it, in German."""

    def rows(node: Any) -> Iterator[Any]:
        if isinstance(node, list):
            for item in node:
                yield from rows(item)
        elif isinstance(node, dict):
            if node.get("type") == "Tr":
                yield node["props"]["children"]
            yield from rows(node.get("props", {}).get("children"))

    page = show_page(admin, server, "/verwaltung")["content"]
    heads = {words_of(row[0]["props"]["children"]): row[1:] for row in rows(page)}
    ticks = {head: [words_of(cell).count("icon-check") for cell in cells] for head, cells in heads.items()}
    for permission, words in PERMISSION_WORDS.items():
        german = in_language("de", words)
        assert german != words
        expected = [int(permission in rights.permissions) for rights in ROLES.values()]
        assert ticks[words_of(german)] == expected, permission
    shown = words_of(page)
    assert all(in_language("de", rights.words) in shown for rights in ROLES.values())


def test_an_account_is_made_gets_a_first_password_and_enters(
    admin: FlaskClient, server: Flask, town: Town, visitor: FlaskClient, found: Callable[[str], accounts.Account]
) -> None:
    saved = create(admin, town).json["saved"]
    made = found("nele")
    assert saved["href"] == f"/verwaltung?account={made.number}"
    assert (made.role, made.area_ids, made.created_by) == ("external_manager", {town.west}, "anna")
    assert "noch ohne Passwort" in words_of(show_page(admin, server, "/verwaltung", f"?account={made.number}"))

    shown = admin.post("/verwaltung/passwort", data={"account": str(made.number)})
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    password = re.search(r"<output[^>]*>([^<]+)</output>", shown.text)
    assert password is not None
    assert password[1] not in words_of(show_page(admin, server, "/verwaltung", f"?account={made.number}"))
    entered = visitor.post("/anmelden", data={"name": "nele", "password": password[1]})
    assert entered.status_code == 303
    assert visitor.get("/quartier", headers=PAGE).location.startswith("/konto/passwort")


def test_a_form_that_is_sent_again_makes_one_account(admin: FlaskClient, town: Town) -> None:
    number = str(uuid4())
    values = {**NEW, "areas": [str(town.west)]}
    answers = [send(admin, "konto-neu", values, submission=number).json["saved"] for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"name": "Nele Neu"}, "name", "Kleinbuchstaben"),
        ({"name": "bea"}, "name", "ist vergeben"),
        ({"name": ""}, "name", "ausfüllen"),
        ({"role": "king"}, "role", ""),
        ({"areas": []}, "areas", "ausfüllen"),
        ({"areas": ["99999"]}, "areas", "Einträge"),
        ({"areas": ["x"]}, "areas", "Einträge"),
        ({"valid_until": "2020-01-01"}, "valid_until", "ist vorbei"),
    ],
)
def test_what_is_wrong_stands_at_the_field(
    admin: FlaskClient, town: Town, values: dict[str, Any], field: str, said: str
) -> None:
    answer = create(admin, town, **values)
    assert answer.status_code == 422, answer.text
    assert said in answer.json["problem"]["fields"][field]


def test_an_account_is_changed_disabled_and_enabled(
    admin: FlaskClient, server: Flask, town: Town, found: Callable[[str], accounts.Account]
) -> None:
    create(admin, town)
    number = str(found("nele").number)
    values = {"display_name": "Nele Neumann", "role": "politics", "areas": [str(town.west)], "valid_until": None}
    assert send(admin, "konto-aendern", values, account=number).status_code == 200
    changed = found("nele")
    assert (changed.display_name, changed.role, changed.area_ids) == ("Nele Neumann", "politics", frozenset())
    assert changed.valid_until is None

    done = admin.post("/verwaltung/sperren", data={"account": number})
    assert (done.status_code, done.location) == (303, f"/verwaltung?account={number}&done=disabled")
    assert found("nele").is_disabled
    page = words_of(show_page(admin, server, "/verwaltung", f"?account={number}&done=disabled"))
    assert "Das Konto ist gesperrt und überall abgemeldet." in page
    assert "Freischalten" in page
    admin.post("/verwaltung/freischalten", data={"account": number})
    assert not found("nele").is_disabled
    before = found("nele").sessions_ended
    admin.post("/verwaltung/abmelden", data={"account": number})
    assert found("nele").sessions_ended == before + 1


def test_the_last_administration_is_told_why_it_stays(
    admin: FlaskClient, server: Flask, found: Callable[[str], accounts.Account]
) -> None:
    anna = found("anna")
    refused = admin.post("/verwaltung/sperren", data={"account": str(anna.number)})
    assert refused.location == f"/verwaltung?account={anna.number}&refused=last_admin"
    page = words_of(show_page(admin, server, "/verwaltung", f"?account={anna.number}&refused=last_admin"))
    assert "das letzte Konto der Administration" in page
    values = {"display_name": "Anna Admin", "role": "staff", "areas": [], "valid_until": None}
    answer = send(admin, "konto-aendern", values, account=str(anna.number))
    assert answer.status_code == 422
    assert "das letzte Konto der Administration" in answer.json["problem"]["fields"]["role"]
    assert not found("anna").is_disabled


def test_an_example_gets_no_password(admin: FlaskClient, found: Callable[[str], accounts.Account]) -> None:
    number = found("bea").number
    assert admin.post("/verwaltung/passwort", data={"account": str(number)}).status_code == 403
    assert found("bea").password_changed_at is None


def test_accounts_of_another_city_do_not_exist(admin: FlaskClient, server: Flask, town: Town) -> None:
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as loader:
        query = (
            "INSERT INTO qm.municipality (key, name, country) VALUES ('de-fern', 'Fern', 'DE') ON CONFLICT DO NOTHING"
        )
        loader.execute(text(query))
    access = Access(town.urls)
    with access.accounts() as connection:
        scope = Scope(municipality="de-fern", role="staff", account="fern")
        accounts.put(connection, scope, display_name="Fern Weh", password_hash=HASHED)
        far = accounts.find(connection, "fern")
    assert far is not None
    try:
        assert "Fern Weh" not in words_of(show_page(admin, server, "/verwaltung"))
        assert "Dieses Konto gibt es nicht" in words_of(
            show_page(admin, server, "/verwaltung", f"?account={far.number}")
        )
        for path in ("passwort", "sperren", "freischalten", "abmelden"):
            assert admin.post(f"/verwaltung/{path}", data={"account": str(far.number)}).status_code == 404
        values = {"display_name": "X", "role": "staff", "areas": [], "valid_until": None}
        for number in (str(far.number), "3000000000"):
            assert send(admin, "konto-aendern", values, account=number).status_code == 422
        with access.accounts() as connection:
            assert accounts.find(connection, "fern") == far
    finally:
        access.close()
        engine.dispose()
        forget(town, "account", "name = 'fern'")
        forget(town, "municipality", "key = 'de-fern'")


def forget(town: Town, table: str, which: str) -> None:
    """Delete rows that no role of the application may delete, as the owner, whom FORCE binds like everybody."""
    engine = create_engine(str(town.urls.owner), poolclass=NullPool)
    with engine.begin() as owner:
        owner.execute(text(f"ALTER TABLE qm.{table} NO FORCE ROW LEVEL SECURITY"))
        owner.execute(text(f"DELETE FROM qm.{table} WHERE {which}"))
        owner.execute(text(f"ALTER TABLE qm.{table} FORCE ROW LEVEL SECURITY"))
    engine.dispose()


@pytest.mark.parametrize("number", ["", "x", "-1", "1" * 20, "²"])
def test_a_number_that_is_none_is_a_request_of_nobody(admin: FlaskClient, number: str) -> None:
    assert admin.post("/verwaltung/sperren", data={"account": number}).status_code == 400
