"""The page of funding: what it says to whom, its table, its forms, and the workbook for the proof of use."""

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from tests.factories import funding
from tests.factories.town import KEY, Town, back_to_the_date
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
TABLES = ("call", "cost", "grant", "programme")


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test enters is taken away afterwards."""
    yield town
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"DELETE FROM qm.funding_{table}"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind LIKE 'foerder%'"))
    engine.dispose()
    back_to_the_date(town.urls)


@pytest.fixture
def funded(clean: Town) -> Town:
    """A grant of the house in the west with money unused in month 15, one of the house in the east, one expected."""
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        funding.programme(connection, city=KEY)
        west: dict[str, Any] = {"property_id": clean.in_west, "city": KEY, "title": "=Abbruch im Westen"}
        funding.grant(connection, "F-1", call_until_on=date(2026, 12, 31), proof_due_on=date(2027, 3, 31), **west)
        funding.grant(connection, "F-2", property_id=clean.in_east, city=KEY, title="Abbruch im Osten")
        funding.grant(connection, "F-3", city=KEY, title="Beratung", granted_on=None, expected_on=date(2026, 11, 29))
        paid: dict[str, Any] = {"called_on": date(2025, 8, 18), "paid_on": date(2025, 9, 8)}
        funding.call(connection, "F-1", city=KEY, **paid)
        funding.cost(
            connection, "F-1", city=KEY, invoiced_on=date(2026, 1, 5), paid_on=date(2026, 2, 2), amount_eur=1_234.5
        )
    engine.dispose()
    return clean


def words_of(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False).replace("\u00a0", " ")


def send(browser: FlaskClient, form: str, values: dict[str, Any], **about: str) -> tuple[int, Any]:
    body = {"submission": str(uuid4()), "values": values, "about": about, "confirmed": []}
    answer = browser.post(f"/formulare/{form}", json=body)
    return answer.status_code, answer.json


def test_an_empty_page_says_what_would_stand_there(client: Clients, server: Flask) -> None:
    for role, may_enter in (("staff", True), ("manager", False)):
        page = words_of(show_page(client(role), server, "/foerderung"))
        assert "An diesem Tag gibt es keine Förderung" in page
        assert ("Förderung erfassen" in page) is may_enter


def test_the_page_says_the_sums_and_what_is_at_risk(client: Clients, server: Flask, funded: Town) -> None:
    page = words_of(show_page(client("staff"), server, "/foerderung"))
    assert "Bewilligt 120.000 €, davon 30.000 € (25 %) abgerufen und 30.000 € ausgezahlt" in page
    assert "1 weiterer Bescheid wird erwartet: 60.000 €." in page
    assert "29.259 € sind nicht verwendet und verzinsen sich seit 08.09.2026" in page
    assert "noch nicht bestätigt" in page
    assert page.count("Abbruch im Osten") == 1  # its window for calls has closed
    of_manager = words_of(show_page(client("manager"), server, "/foerderung"))
    assert "Bewilligt 60.000 €" in of_manager
    assert "Abbruch im Osten" not in of_manager
    assert "Alle Zahlen zählen nur diese" in of_manager


@pytest.mark.parametrize("role", ["external_manager", "politics", "admin"])
def test_others_have_no_such_page_no_form_and_no_file(client: Clients, server: Flask, funded: Town, role: str) -> None:
    browser = client(role)
    assert "Abbruch" not in words_of(show_page(browser, server, "/foerderung"))
    for path in ("/tables/foerderungen/rows", "/tables/foerderungen.csv", "/foerderung/nachweis.xlsx?grant=F-1"):
        assert browser.get(path).status_code == 403
    assert send(browser, "foerderung-kosten", {}, grant="F-1")[0] == 403


def test_the_table_sorts_filters_and_leaves_as_a_file(client: Clients, funded: Town) -> None:
    browser = client("staff")
    rows = browser.get("/tables/foerderungen/rows?sort=granted_on&desc=1").json["rows"]  # type: ignore[index]
    assert [row["id"] for row in rows] == ["F-1", "F-2", "F-3"]
    assert rows[0]["place"] == "Beispielweg 1"
    expected = browser.get("/tables/foerderungen/rows?state_of_grant=expected").json["rows"]  # type: ignore[index]
    assert [row["id"] for row in expected] == ["F-3"]
    assert (expected[0]["granted_eur"], expected[0]["own_share_eur"]) == ("–", "–"), "it is in no sum of granted money"
    assert re.fullmatch(r"[\d.]+\s€", expected[0]["expected_eur"])
    lines = browser.get("/tables/foerderungen.csv").get_data(as_text=True)
    assert "'=Abbruch im Westen" in lines


def test_one_grant_has_its_clocks_calls_and_costs(client: Clients, server: Flask, funded: Town) -> None:
    page = words_of(show_page(client("manager"), server, "/foerderung", "?grant=F-1"))
    for said in ("Prüfung der Verwendung (08.09.2025)", "verzinst sich", "Abbruch", "1.234,50 €", "Zweckbindung endet"):
        assert said in page
    assert "Mittelabruf erfassen" not in page
    assert "Mittelabruf erfassen" in words_of(show_page(client("staff"), server, "/foerderung", "?grant=F-1"))
    assert "Diese Förderung gibt es nicht" in words_of(
        show_page(client("manager"), server, "/foerderung", "?grant=F-2")
    )


def test_a_form_enters_money_with_cents_and_refuses_in_words(client: Clients, server: Flask, funded: Town) -> None:
    browser = client("staff")
    call = {
        "called_on": "2026-11-02",
        "amount_eur": "1.234,56",
        "paid_on": "",
        "paid_eur": "",
        "refunded_on": "",
        "refunded_eur": "",
    }
    status, answer = send(browser, "foerderung-abruf", call, grant="F-1", back="area=7&as_of=2026-11-15&evil=1")
    assert (status, answer["saved"]["href"]) == (200, "/foerderung?area=7&as_of=2026-11-15&grant=F-1")
    status, answer = send(browser, "foerderung-abruf", {**call, "amount_eur": "28.765,45"}, grant="F-1")
    assert (status, answer["problem"]["fields"]) == (422, {"amount_eur": "Damit wäre mehr abgerufen als bewilligt."})
    status, answer = send(browser, "foerderung-abruf", {**call, "amount_eur": "viel"}, grant="F-1")
    assert (status, list(answer["problem"]["fields"])) == (422, ["amount_eur"])
    grant = {
        "programme": "Stadt", "title": "Platz", "place": f"area:{funded.west}", "eligible_eur": "1000", "share": "62,5",
        "granted_eur": "625", "granted_on": "2026-11-02",
    }  # fmt: skip
    status, answer = send(browser, "foerderung-neu", grant)
    assert status == 200
    page = words_of(
        show_page(browser, server, *answer["saved"]["href"].split("?")[:1], "?" + answer["saved"]["href"].split("?")[1])
    )
    assert "625 € (62,5 %)" in page
    assert "Westquartier" in page


def test_the_workbook_has_its_sheets_and_no_formula(client: Clients, funded: Town) -> None:
    answer = client("manager").get("/foerderung/nachweis.xlsx?grant=F-1")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Bescheid", "Abrufe", "Kosten", "Zusammenfassung", "Zielbewertung"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == "'=Abbruch im Westen" for cell in cells)
    assert [cell.value for cell in book["Kosten"][2]][4] == 1234.5
    assert client("manager").get("/foerderung/nachweis.xlsx?grant=F-2").status_code == 404


def test_a_proof_of_money_that_nobody_was_paid_is_not_done(client: Clients, server: Flask, clean: Town) -> None:
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        funding.programme(connection, city=KEY)
        funding.grant(connection, "F-9", city=KEY, title="Neu", proof_due_on=date(2027, 3, 31))
    engine.dispose()
    shown = words_of(show_page(client("staff"), server, "/foerderung", "?grant=F-9"))
    assert "noch nichts ausgezahlt" in shown
    assert '"erledigt"' not in shown
