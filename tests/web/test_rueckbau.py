"""The page of demolitions as the server builds it: its numbers are the register's, and each role sees its own."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata.access import Access, Scope
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import demolitions
from tests.factories.demolitions import PROGRAMME, Projects
from tests.factories.town import KEY, NAMES
from tests.web.conftest import HOST, PAGE, SECRET, show_page

ROWS = "/tables/vorhaben/rows"


@pytest.fixture(scope="module")
def projects(make_database: Callable[[str], DatabaseUrls]) -> Projects:
    return demolitions.build(make_database("rueckbau"))


@pytest.fixture(scope="module")
def access(projects: Projects) -> Iterator[Access]:
    opened = Access(projects.town.urls)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(access: Access, settings: Settings) -> Flask:
    return create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))


@pytest.fixture
def signed_in(server: Flask) -> Callable[[str], FlaskClient]:
    def sign_in(role: str) -> FlaskClient:
        browser = server.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        browser.post("/anmelden/beispiel", data={"account": NAMES[role]})  # type: ignore[index]
        return browser

    return sign_in


@pytest.fixture
def page(server: Flask, signed_in: Callable[[str], FlaskClient]) -> Callable[..., Any]:
    """`page("staff", "?status=done")`: the content of the page as Dash sends it."""

    def show(role: str, search: str = "") -> Any:
        return show_page(signed_in(role), server, "/rueckbau", search)["content"]

    return show


def said(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def parts(content: Any) -> Iterator[dict[str, Any]]:
    """Every component of a page."""
    if isinstance(content, dict) and "props" in content:
        yield content["props"]
        yield from parts(content["props"].get("children"))
    elif isinstance(content, list):
        for part in content:
            yield from parts(part)


def text(content: Any) -> str:
    """The words of a component."""
    if isinstance(content, dict):
        return text(content.get("props", {}).get("children"))
    return "".join(text(part) for part in content) if isinstance(content, list) else str(content or "")


def tiles(content: Any) -> dict[str, str]:
    """What each tile says, by the key of its figure."""
    return {one["data-figure"]: text(one["children"]) for one in parts(content) if "data-figure" in one}


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("search", ["", "?as_of=2025-06-01", "?text=Musterallee"])
def test_the_tiles_say_what_the_register_says(page: Callable[..., Any], access: Access, search: str) -> None:
    query = dict(pair.split("=") for pair in search.removeprefix("?").split("&") if pair)
    with access.open(Scope(KEY, "staff", "bea")) as asker:
        found = {key: one.value for key, one in read_figures(asker, PropertyFilter.from_query(query)).items()}
    shown = tiles(page("staff", search))
    assert len(shown) == 7
    for key, of in (
        ("projects_demolished", "projects"),
        ("projects_running", "projects"),
        ("projects_ended", "projects"),
        ("projects_blocked", "projects_running"),
        ("projects_late", "projects_running"),
    ):
        assert f"{found[key]}von {found[of]}" in shown[key], key
    assert f"{round(float(found['demolition_progress']))}" in shown["demolition_progress"]  # type: ignore[arg-type]


def test_one_link_gives_one_number_in_tiles_list_and_picture(
    page: Callable[..., Any], signed_in: Callable[[str], FlaskClient]
) -> None:
    browser = signed_in("staff")
    for search, expected in (("", 4), ("?status=blocked", 1), ("?stage=decision", 1), ("?status=ended", 1)):
        content = page("staff", f"{search}&view=plan" if search else "?view=plan")
        assert f"von {expected}" in tiles(content)["projects_ended"], search
        assert browser.get(f"{ROWS}{search}").json["total"] == expected, search  # type: ignore[index]
        drawn = next(one for one in parts(content) if one.get("data-chart") == "rueckbau-gantt")
        names = [note["text"] for note in json.loads(drawn["data-figures"])["light"]["layout"]["annotations"]]
        assert len(names) == expected + 1, search  # and the words of the as-of date


def test_the_filter_stands_there_in_words(page: Callable[..., Any]) -> None:
    words = said(page("staff", "?text=Weg&stage=vacating&status=blocked"))
    assert "Nur: Text: Weg; Schritt: Freizug mit Ersatzwohnraum; Status: blockiert." in words


def test_the_past_knows_only_what_had_happened(page: Callable[..., Any]) -> None:
    content = page("staff", "?as_of=2024-11-30")
    assert "0von 1" in tiles(content)["projects_demolished"]
    assert "1von 1" in tiles(page("staff", "?as_of=2024-12-30"))["projects_demolished"]


def test_the_rule_of_the_progress_stands_there_with_its_weights(page: Callable[..., Any]) -> None:
    words = said(page("staff"))
    assert "Summe der Gewichte seiner erledigten Schritte" in words
    rule = next(one for one in parts(page("staff")) if one.get("className") == "rueckbau-rule")
    assert "Abbruch2525" in text(rule["children"]).replace("\u00a0%", "")


def test_areas_stand_by_name_with_how_many_are_down(page: Callable[..., Any], projects: Projects) -> None:
    table = next(one for one in parts(page("staff", "?view=karte")) if "rueckbau-areas" in str(one.get("className")))
    assert text(table["children"]).endswith("Ostquartier1 von 3Westquartier0 von 1")
    assert f"area={projects.town.west}" in said(page("staff", "?view=karte"))


def test_the_map_is_opened_with_the_same_filter_and_a_layer_that_it_has(page: Callable[..., Any]) -> None:
    found = next(one for one in parts(page("staff", "?text=Weg&view=karte")) if str(one.get("href", "")).startswith("/karte"))
    assert found["href"] == "/karte?text=Weg&layers=demolition"
    assert "demolition" in {layer.key for layer in discover()}


# --- one project ------------------------------------------------------------------------------------------------------


def test_an_opened_project_shows_its_stages_and_computes_its_progress(
    page: Callable[..., Any], projects: Projects
) -> None:
    words = said(page("staff", "?project=RB-1"))
    for expected in (
        "Beispielweg 1",
        "blockiert seit 03.08.2026: Gericht hat gestoppt",
        "namentlich freigegeben: nichtöffentlich",
        "Gewichte der erledigten Schritte 12 ÷ Gewichte der erforderlichen Schritte 47 = 26\u00a0% Fortschritt.",
        "45 Tage hinter dem Plan",
        "nicht erforderlich",
        "360.000\u00a0€",
        PROGRAMME,
        f'"/objekt/{projects.blocked}"',
    ):
        assert expected in words, expected


def test_the_way_back_keeps_the_filter(page: Callable[..., Any]) -> None:
    back = next(
        one for one in parts(page("staff", "?project=RB-1&status=blocked")) if "-back" in str(one.get("className"))
    )
    assert back["href"] == "/rueckbau?status=blocked"


def test_a_key_of_two_projects_asks_which_one_is_meant(page: Callable[..., Any], projects: Projects) -> None:
    words = said(page("staff", "?project=RB-2"))
    assert "Mehrere Objekte haben ein Vorhaben mit diesem Schlüssel" in words
    assert f"project=RB-2&property={projects.dateless}" in words
    opened = said(page("staff", f"?project=RB-2&property={projects.dateless}"))
    assert "<b>Am Rand</b> & Co 7" in opened
    assert "0 von 1 erforderlichen Schritten erledigt" in opened


@pytest.mark.parametrize("search", ["?project=RB-99", "?project=RB-1&as_of=2025-02-28", "?project=RB-2&property=x"])
def test_an_unknown_or_later_project_is_said_in_words(page: Callable[..., Any], search: str) -> None:
    assert "Vorhaben nicht gefunden" in said(page("staff", search))


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_sorts_and_opens_projects(signed_in: Callable[[str], FlaskClient], projects: Projects) -> None:
    rows = signed_in("staff").get(f"{ROWS}?sort=slip_days&desc=1").json["rows"]  # type: ignore[index]
    assert [row["slip_days"] for row in rows] == ["45 Tage", "30 Tage", "–", "–"]
    assert rows[0]["links"]["address"] == f"/rueckbau?project=RB-1&property={projects.blocked}"
    assert rows[0]["blocker"] == "Gericht hat gestoppt"
    by_address = signed_in("staff").get(ROWS).json["rows"]  # type: ignore[index]
    assert by_address[-1]["status"] == "stattdessen saniert"


def test_an_unknown_part_of_a_link_is_refused_in_words(
    page: Callable[..., Any], signed_in: Callable[[str], FlaskClient]
) -> None:
    assert "Dieser Teil des Links ist nicht lesbar: status." in said(page("staff", "?status=asleep"))
    assert "demolition_status:asleep" not in said(page("staff", "?status=asleep"))
    assert "Dieser Teil des Links ist nicht lesbar: area." in said(page("staff", "?area=x"))
    assert signed_in("staff").get(f"{ROWS}?status=asleep").status_code == 400


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_manager_counts_and_opens_only_projects_of_the_own_areas(
    page: Callable[..., Any], signed_in: Callable[[str], FlaskClient]
) -> None:
    content = page("manager")
    assert "0von 1" in tiles(content)["projects_demolished"]
    words = said(content)
    assert "Westquartier" in words
    assert "Ostquartier" not in words
    assert signed_in("manager").get(ROWS).json["total"] == 1  # type: ignore[index]
    assert "Beispielweg 1" in said(page("manager", "?project=RB-1"))
    assert "Vorhaben nicht gefunden" in said(page("manager", "?project=RB-3"))


def test_politics_neither_finds_nor_opens_the_page(
    page: Callable[..., Any], signed_in: Callable[[str], FlaskClient]
) -> None:
    browser = signed_in("politics")
    mark = '"data-page":"rueckbau"'
    assert mark in signed_in("staff").get("/_dash-layout").text
    assert mark not in browser.get("/_dash-layout").text
    assert browser.get("/rueckbau", headers=PAGE).status_code == 403
    assert browser.get(ROWS).status_code == 403
    assert "Beispielweg" not in said(page("politics"))


# --- nothing to show --------------------------------------------------------------------------------------------------


def test_a_filter_that_nothing_fits_leads_back(page: Callable[..., Any]) -> None:
    words = said(page("staff", "?text=gibtesnicht"))
    assert "Kein Vorhaben passt zu diesem Filter" in words
    assert "Filter zurücksetzen" in words


def test_before_the_first_project_the_page_says_what_would_stand_there(page: Callable[..., Any]) -> None:
    words = said(page("staff", "?as_of=2023-12-31"))
    assert "Kein Rückbauvorhaben zu diesem Datum" in words
    assert "qm load demolitions" in words


def test_the_page_speaks_english_too(server: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    browser = signed_in("staff")
    browser.get("/rueckbau?lang=en", headers=PAGE)
    words = said(show_page(browser, server, "/rueckbau", "?view=plan")["content"])
    assert "Status of the projects" in words
    assert "held up since 3 Aug 2026: Stopped by a court" in words
