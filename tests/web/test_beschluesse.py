"""Resolutions of the council: who sees which number, what a form refuses in words, what leaves the page as a file."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from tests.factories.resolutions import resolution_
from tests.factories.town import KEY, Town, back_to_the_date
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
VALUES: dict[str, Any] = {
    "number": "7/2026", "decided_on": "2026-03-01", "body": "Rat", "title": "Kontrollen halten ihre Frist",
    "link_text": "https://rat.example/7", "figure": "controls_on_time", "is_share": True, "area_id": "",
    "control_type": "", "direction": "at_least", "target": "70", "until_on": "2027-06-30",
}  # fmt: skip


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test enters is taken away afterwards."""
    yield town
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM qm.resolution"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind LIKE 'beschluss%'"))
    engine.dispose()
    back_to_the_date(town.urls)


@pytest.fixture
def decided(clean: Town) -> Town:
    """The town with a resolution for the city, one for the west, one that has ended, one with a strange link."""
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        resolution_(connection, "S-1", city=KEY, title="In der Stadt")
        resolution_(connection, "S-2", city=KEY, title="Im Westen", area_id=clean.west, until_on=date(2027, 1, 1))
        resolution_(connection, "S-3", city=KEY, title="Vorbei", until_on=date(2026, 6, 30), target=100)
        resolution_(connection, "S-4", city=KEY, title="Runden", figure="rounds_held", is_share=False,
                    target=3, link_text="javascript:alert(1)", until_on=date(2028, 1, 1))  # fmt: skip
    engine.dispose()
    return clean


def words_of(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False)


def send(browser: FlaskClient, form: str, values: dict[str, Any], **more: Any) -> tuple[int, Any]:
    body = {"submission": str(uuid4()), "values": values, "about": {}, "confirmed": []} | more
    answer = browser.post(f"/formulare/{form}", json=body)
    return answer.status_code, answer.json


def test_an_empty_page_says_what_would_stand_there(client: Clients, server: Flask) -> None:
    for role, may_enter in (("staff", True), ("manager", False)):
        page = words_of(show_page(client(role), server, "/beschluesse"))
        assert "Noch keine Beschlüsse" in page
        assert ("Beschluss eintragen" in page) is may_enter


@pytest.mark.parametrize("role", ["external_manager", "politics", "admin"])
def test_others_have_no_such_page_no_form_and_no_file(client: Clients, server: Flask, role: str) -> None:
    browser = client(role)
    assert "Beschlüsse und Stand" not in words_of(show_page(browser, server, "/beschluesse"))
    assert browser.get("/tables/beschluesse.csv").status_code == 403
    assert send(browser, "beschluss-neu", VALUES)[0] == 403


def test_staff_sees_all_values_the_next_to_end_first_and_what_is_over_folded(
    client: Clients, server: Flask, decided: Town
) -> None:
    page = words_of(show_page(client("staff"), server, "/beschluesse"))
    places = [page.index(title) for title in ("Im Westen", "In der Stadt", "Runden", "Vorbei")]
    assert places == sorted(places)
    for words in ("Ziel: mindestens 70\u00a0% bis 30.06.2027", "Abgelaufen: 1", "seit 138 Tagen abgelaufen",
                  "Bisher ist nichts freigegeben", "nicht erreicht", "Fristgerecht, Anteil an: Überwachte Kontrollen",
                  f"/kontrollen?area={decided.west}"):  # fmt: skip
        assert words in page, words
    # A link of a delivery that is no address of a page is words.
    assert '"href": "javascript:' not in page
    assert "nicht in Ihrem Gebiet" not in page


def test_a_manager_judges_what_counts_the_own_areas_alone(client: Clients, server: Flask, decided: Town) -> None:
    browser = client("manager")
    page = words_of(show_page(browser, server, "/beschluesse"))
    assert page.count("nicht in Ihrem Gebiet") == 3
    rows = browser.get("/tables/beschluesse.csv").data.decode("utf-8-sig").splitlines()
    told = {line.split(";")[0]: line for line in rows if line[:2] == "S-"}
    assert sorted(told) == ["S-1/2026", "S-2/2026", "S-3/2026", "S-4/2026"]
    assert sorted(key for key, line in told.items() if "nicht in Ihrem Gebiet" in line) == [
        "S-1/2026",
        "S-3/2026",
        "S-4/2026",
    ]
    assert "Berichtigen" not in words_of(show_page(browser, server, "/beschluesse", "?resolution=S-2"))


def test_one_resolution_has_its_course_and_its_versions(client: Clients, server: Flask, decided: Town) -> None:
    page = words_of(show_page(client("staff"), server, "/beschluesse", "?resolution=S-1"))
    for words in ("beschluesse-course", "Als Tabelle", "31.10.2026", "Fassungen", "Beschluss zurückziehen"):
        assert words in page, words
    missing = words_of(show_page(client("staff"), server, "/beschluesse", "?resolution=keine"))
    assert "Diesen Beschluss gibt es nicht" in missing


def test_a_resolution_is_entered_corrected_and_withdrawn_after_a_question(
    client: Clients, server: Flask, clean: Town
) -> None:
    staff = client("staff")
    assert send(staff, "beschluss-neu", VALUES)[0] == 200
    page = words_of(show_page(staff, server, "/beschluesse"))
    assert "https://rat.example/7" in page
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        number, key = connection.execute(text("SELECT id, key FROM qm.resolution")).one()
    engine.dispose()
    about = {"resolution": key, "expected": str(number)}
    assert send(staff, "beschluss-berichtigen", VALUES | {"target": "75"}, about=about)[0] == 200
    stale, answer = send(staff, "beschluss-berichtigen", VALUES | {"target": "60"}, about=about)
    assert (stale, [one["name"] for one in answer["conflict"]["changes"]]) == (409, ["target"])
    about["expected"] = answer["conflict"]["current"]
    asked, answer = send(staff, "beschluss-zurueckziehen", {"reason": ""}, about=about)
    assert (asked, answer["confirm"]["key"]) == (409, "withdraw")
    assert send(staff, "beschluss-zurueckziehen", {"reason": ""}, about=about, confirmed=["withdraw"])[0] == 200
    assert "Noch keine Beschlüsse" in words_of(show_page(staff, server, "/beschluesse"))


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"target": "170"}, "target", "Ein Anteil ist höchstens 100 Prozent."),
        ({"until_on": "2026-02-01"}, "until_on", "Dieser Tag liegt vor dem Beschluss."),
        ({"figure": "objects_overdue"}, "is_share", "Diese Kennzahl ist kein Teil einer anderen"),
        ({"area_id": "999999"}, "area_id", "Bitte einen der Einträge wählen."),
        ({"area_id": "x"}, "area_id", "Bitte einen der Einträge wählen."),
        ({"link_text": "ftp://rat.example"}, "link_text", "Eine Adresse beginnt mit https://."),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    client: Clients, clean: Town, wrong: dict[str, Any], field: str, words: str
) -> None:
    status, answer = send(client("staff"), "beschluss-neu", VALUES | wrong)
    assert status == 422
    assert answer["problem"]["fields"][field].startswith(words)
