"""The page of scenarios through its routes: who may ask, what it answers, and what becomes of a saved one."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from tests.factories.town import Town, back_to_the_date
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
SAVE = "/formulare/planspiel-speichern"


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test saves is taken away afterwards."""
    yield town
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM qm.scenario"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind LIKE 'planspiel-%'"))
    engine.dispose()
    back_to_the_date(town.urls)


def said(client: FlaskClient, server: Flask, search: str = "") -> str:
    """The page as text."""
    return json.dumps(show_page(client, server, "/planspiel", search)["content"], ensure_ascii=False)


def about(shown: str, form: str) -> dict[str, str]:
    """What a form on the page is about."""
    found: list[dict[str, str]] = []

    def look(part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                look(one)
        elif isinstance(part, dict):
            if part.get("id") == f"form-{form}":
                found.append(part["about"])
            for one in part.values():
                look(one)

    look(json.loads(shown))
    return found[0]


def send(client: FlaskClient, path: str, about: dict[str, str], **values: Any) -> Any:
    body = {"submission": str(uuid4()), "about": about, "confirmed": [], "values": values}
    return client.post(path, json=body)


def keep(client: FlaskClient, server: Flask, search: str, name: str) -> str:
    """Save what a link asks; gives the number of the scenario."""
    answer = send(client, SAVE, about(said(client, server, search), "planspiel-speichern"), name=name, note="")
    assert answer.status_code == 200, answer.text
    return str(re.search(r"scenario=(\d+)", answer.json["saved"]["href"])[1])  # type: ignore[index]


@pytest.mark.parametrize("role", ["manager", "external_manager", "politics", "admin"])
def test_only_building_control_finds_it_and_saves(client: Clients, server: Flask, role: str) -> None:
    browser = client(role)
    refused = show_page(browser, server, "/planspiel")
    assert refused["page"]["key"] == ""
    assert "planspiel-form" not in json.dumps(refused["content"])
    for form in ("speichern", "umbenennen", "zurueckziehen"):
        assert send(browser, f"/formulare/planspiel-{form}", {}).status_code == 403


def test_without_a_wish_it_says_what_happens_anyway_and_where_its_numbers_come_from(
    client: Clients, server: Flask
) -> None:
    shown = said(client("staff"), server)
    for words in (
        "Bleibt alles, wie es ist, sind nach 24 Monaten", "heute sind es 2.", "Angenommen: ",
        "Was nicht mitgerechnet wird", "Noch keines gespeichert", "Westquartier alle 60 Tage",
        "Ein Team mehr, Regeln wie sie sind",
    ):  # fmt: skip
        assert words in shown, words
    assert "Jedes Zahlenpaar" not in shown, "nobody loses by what nobody changes"


def test_a_wish_is_answered_in_sentences_charts_and_tables(client: Clients, server: Flask, town: Town) -> None:
    shown = said(client("staff"), server, f"?wish={town.west}:joint_control:60&teams=3&months=12")
    assert "Westquartier, Gemeinsame Kontrolle, alle 60 Tage: mit 3 Teams" in shown
    for words in (
        "Alle anderen Kontrollen der Stadt: dann",
        "Fristgerecht brauchen Regeln und Wünsche", "braucht es", "Besuche je Haus und Jahr",
        "Westquartier: Gemeinsame Kontrolle", "Alle anderen Kontrollen der Stadt", "Wer verliert", "Ostquartier",
        "Teams (am knappsten)", "In eine Freigabe aufnehmen",
    ):  # fmt: skip
        assert (words in shown) == (words != "In eine Freigabe aufnehmen"), words
    assert shown.count('"data-chart"') == 2
    assert shown.count("Als Tabelle") == 2, "each chart has its table"


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("?teams=2&office=police:0.001", "ist nicht lesbar: office"),
        ("?teams=viele", "ist nicht lesbar: teams"),
        ("?wish=0:joint_control:0", "ist nicht lesbar: wish"),
        ("?wish=999999:joint_control:60", "ist nicht lesbar: wish"),
        ("?kind=dorf", "ist nicht lesbar: kind"),
        ("?compare=1", "ist nicht lesbar: compare"),
        ("?compare=1,2,3,4,5", "ist nicht lesbar: compare"),
        ("?compare=eins,zwei", "ist nicht lesbar: compare"),
        ("?compare=1,2", "Nichts zu vergleichen"),
        ("?scenario=999999", "Dieses Planspiel gibt es nicht"),
        ("?scenario=x", "Dieses Planspiel gibt es nicht"),
        ("?as_of=2001-01-01", "Noch wird nichts überwacht"),
    ],
)
def test_links_that_ask_nothing_that_can_be_answered_get_words(
    client: Clients, server: Flask, search: str, words: str
) -> None:
    assert words in said(client("staff"), server, search)


def test_impossible_wishes_name_what_stands_in_the_way(client: Clients, server: Flask, town: Town) -> None:
    browser, wish = client("staff"), f"wish={town.west}:joint_control:1&teams=1&rounds=1&objects=1&failed=50&single=0"
    scarce = said(browser, server, f"?{wish}&office=police:0.5,customs:2")
    assert "weil diese Stelle nur 0,50 Kontrollaktionen je Woche begleiten kann: Polizei." in scarce
    assert "Polizei (am knappsten)" in scarce
    assert "Keine Zahl von Teams reicht" in said(browser, server, f"?{wish.replace('objects=1', 'objects=0')}")
    unknown = said(browser, server, f"?wish={town.west}:fire_safety:365")
    assert "„Brandverhütungsschau“ verlangt dort keine Regel" in unknown


def test_a_saved_scenario_keeps_its_numbers_and_says_what_differs_by_now(
    client: Clients, server: Flask, clean: Town
) -> None:
    browser = client("staff")
    number = keep(browser, server, f"?wish={clean.west}:joint_control:60&teams=3", "West alle 60 Tage")
    shown = said(browser, server, f"?scenario={number}")
    assert "Neu gerechnet ergeben sich dieselben Zahlen." in shown
    assert f"/freigaben?scenario={number}" in shown
    assert "mit 3 Teams" in shown
    later = said(browser, server, f"?scenario={number}&as_of=2025-09-01")
    assert "Inzwischen anders" in later
    assert "ausgehend vom Stand 15.11.2026" in later
    assert "West alle 60 Tage" in said(browser, server), "the list leads to it"


def test_a_saved_scenario_outlives_an_area_of_its_wish(client: Clients, server: Flask, clean: Town) -> None:
    browser = client("staff")
    number = keep(browser, server, f"?wish={clean.west}:joint_control:60&teams=3", "West alle 60 Tage")
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        gone = '{"wish": "999999:joint_control:60", "teams": "3"}'
        connection.execute(text("UPDATE qm.scenario SET query = CAST(:query AS jsonb)"), {"query": gone})
    engine.dispose()
    shown = said(browser, server, f"?scenario={number}")
    assert "weil es ein Gebiet daraus nicht mehr gibt" in shown
    assert "Westquartier, Gemeinsame Kontrolle, alle 60 Tage; 3 Teams" in shown
    assert f"/freigaben?scenario={number}" in shown


def test_a_name_is_taken_once_and_a_question_that_nobody_can_ask_is_not_saved(
    client: Clients, server: Flask, clean: Town
) -> None:
    browser = client("staff")
    keep(browser, server, "?teams=2", "Zwei Teams")
    again = send(browser, SAVE, {"q0": "teams=3"}, name="zwei teams", note="")
    assert (again.status_code, list(again.json["problem"]["fields"])) == (422, ["name"])
    assert send(browser, SAVE, {"q0": "teams=viele"}, name="x", note="").status_code == 400
    assert send(browser, SAVE, {"q0": "wish=999999:joint_control:60"}, name="x", note="").status_code == 400


def test_saved_scenarios_stand_side_by_side_are_renamed_and_withdrawn(
    client: Clients, server: Flask, clean: Town
) -> None:
    browser = client("staff")
    first = keep(browser, server, f"?wish={clean.west}:joint_control:60&teams=3", "West alle 60 Tage")
    second = keep(browser, server, "?teams=2", "Zwei Teams")
    beside = said(browser, server, f"?compare={first},{second}")
    for words in ("Westquartier, Gemeinsame Kontrolle, alle 60 Tage; 3 Teams", "Regeln wie sie sind; 2 Teams",
                  "Überfällig am Ende, Ostquartier"):  # fmt: skip
        assert words in beside, words
    rename = about(said(browser, server, f"?scenario={first}"), "planspiel-umbenennen")
    renamed = send(browser, "/formulare/planspiel-umbenennen", rename, name="West, 60 Tage", note="für März")
    assert renamed.status_code == 200, renamed.text
    late = send(browser, "/formulare/planspiel-umbenennen", rename, name="anders", note="")
    assert late.status_code == 409, "somebody who has not seen the new name is asked first"
    assert "für März" in said(browser, server, f"?scenario={first}")
    refused = send(browser, "/formulare/planspiel-zurueckziehen", {"scenario": first}, confirmed=[])
    assert (refused.status_code, list(refused.json["problem"]["fields"])) == (422, ["confirmed"])
    gone = send(browser, "/formulare/planspiel-zurueckziehen", {"scenario": first}, confirmed=["withdraw"])
    assert gone.status_code == 200, gone.text
    assert "Dieses Planspiel gibt es nicht" in said(browser, server, f"?scenario={first}")
    assert "Nichts zu vergleichen" in said(browser, server, f"?compare={first},{second}")
