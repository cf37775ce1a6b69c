"""The page of demolitions as the server builds it: its numbers are the register's, and each role sees its own."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

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
    found = next(
        one for one in parts(page("staff", "?text=Weg&view=karte")) if str(one.get("href", "")).startswith("/karte")
    )
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


# --- the views --------------------------------------------------------------------------------------------------------

VIEWS = ("blick", "karte", "plan", "verlauf", "kosten", "hindernisse")


def test_at_a_glance_four_questions_are_answered_for_the_own_areas(page: Callable[..., Any]) -> None:
    cards = [one for one in parts(page("manager")) if one.get("className") == "rueckbau-card"]
    many, late, money, moved = (text(one["children"]) for one in cards)
    assert "Wie viele von wie vielen?0 von 1Vorhaben sind abgerissen" in many
    assert "Was ist zu spät, und warum?1 von 1laufenden Vorhaben liegen hinter ihrem Plan." in late
    for said_of in ("Beispielweg 1 45 Tage", "verloren vor allem: Freizug", "Gericht hat gestoppt (104 Tage)"):
        assert said_of in late
    assert "kein Bescheid erfasst" in money
    assert "kein geschlossenes Haus erfasst" in moved
    assert "Ihre Gebiete: Westquartier." in said(page("manager"))


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_keeps_the_filter_and_leads_to_the_others(page: Callable[..., Any], view: str) -> None:
    content = page("staff", f"?view={view}&status=running")
    views = next(one for one in parts(content) if "rueckbau-views" in str(one.get("className")))
    links = [one["props"] for one in views["children"]]
    assert [one["href"] for one in links if one.get("aria-current")] == [
        next(one["href"] for one in links if one["id"] == f"rueckbau-view-{view}")
    ]
    assert all("status=running" in one["href"] for one in links)
    assert "Beispielweg 1" in said(content) or view in ("verlauf", "kosten")
    assert "Zur Alten Mühle" not in said(content), "it ended, so the filter leaves it out"


def test_an_unknown_view_or_measure_is_refused_in_words(page: Callable[..., Any]) -> None:
    assert "Dieser Teil des Links ist nicht lesbar: view." in said(page("staff", "?view=quatsch"))
    assert "Dieser Teil des Links ist nicht lesbar: measure." in said(page("staff", "?view=verlauf&measure=x"))


def test_costs_and_obstacles_are_listed_with_what_they_add_up_to(signed_in: Callable[[str], FlaskClient]) -> None:
    rows = signed_in("staff").get("/tables/rueckbau_kosten/rows").json["rows"]  # type: ignore[index]
    assert [row["over_eur"] for row in rows] == ["21.000\u00a0€", "0\u00a0€", "0\u00a0€", "-21.500\u00a0€"]
    late = signed_in("manager").get("/tables/rueckbau_hindernisse/rows").json["rows"]  # type: ignore[index]
    assert [(row["slip_days"], row["lost_stage"]) for row in late] == [("45 Tage", "Freizug mit Ersatzwohnraum")]


# --- entering ---------------------------------------------------------------------------------------------------------


def send(browser: FlaskClient, form: str, about: dict[str, str], confirmed: tuple[str, ...] = (), **values: Any) -> Any:
    body = {"submission": str(uuid4()), "values": values, "about": about, "confirmed": list(confirmed)}
    return browser.post(f"/formulare/{form}", json=body, headers={"Origin": HOST})


def test_forms_stand_on_a_project_for_those_who_may_write(page: Callable[..., Any]) -> None:
    assert "rueckbau-weiter" in said(page("staff", "?project=RB-1&form=vacating"))
    assert "rueckbau-beenden" in said(page("staff", "?project=RB-1&form=ende"))
    assert "rueckbau-neu" in said(page("staff", "?form=neu"))
    for link in ("?project=RB-1&form=vacating", "?form=neu"):
        assert "/formulare/" not in said(page("manager", link))
    assert "Sie sehen einen anderen Stand" in said(page("staff", "?project=RB-1&form=vacating&as_of=2026-11-01"))
    assert "/formulare/" not in said(page("staff", "?project=RB-3&form=ende")), "it has ended"


def test_what_cannot_be_is_refused_beside_the_field_or_in_words(
    signed_in: Callable[[str], FlaskClient], projects: Projects
) -> None:
    browser = signed_in("staff")
    about = {"property": str(projects.blocked), "project": "RB-1", "stage": "acquisition", "expected": ""}
    done = send(browser, "rueckbau-erledigt", about, actual_end_on="2026-11-10", cost_actual_eur="")
    assert done.status_code == 422
    assert done.json["problem"]["message"].startswith("Dieser Schritt ist schon erledigt.")
    wrong = send(browser, "rueckbau-erledigt", {**about, "stage": "vacating"}, actual_end_on="2026-11-10",
                 cost_actual_eur="viel")  # fmt: skip
    assert wrong.json["problem"]["fields"]["cost_actual_eur"].startswith("Das ist kein Betrag.")
    assert send(signed_in("manager"), "rueckbau-erledigt", about, actual_end_on="2026-11-10").status_code == 403


def test_leaving_a_stage_out_and_ending_a_project_are_asked_once_more(
    signed_in: Callable[[str], FlaskClient], projects: Projects
) -> None:
    about = {"property": str(projects.blocked), "project": "RB-1", "stage": "decision"}
    plan = send(signed_in("staff"), "rueckbau-plan", about, is_required=False, planned_start_on="",
                planned_end_on="", cost_planned_eur="")  # fmt: skip
    assert plan.json["confirm"]["key"] == "not_required"
    end = send(signed_in("staff"), "rueckbau-beenden", about, outcome="given_up", ended_on="2026-11-10", reason="x")
    assert end.status_code == 409
    assert "aufgegeben" in end.json["confirm"]["message"]


def test_a_project_is_entered_planned_and_ended(
    page: Callable[..., Any], signed_in: Callable[[str], FlaskClient], projects: Projects
) -> None:
    browser, owner = signed_in("staff"), projects.renovated
    saved = send(
        browser, "rueckbau-neu", {}, property_id={"text": "Zur Alten Mühle 7", "id": str(owner)}, key="RB-77",
        decided_on="2026-11-02", programme="Stadtumbau", released_to="", stages=["vacating"], planned_start_on="",
        planned_end_on="2027-10-01",
    )  # fmt: skip
    assert saved.status_code == 200, saved.text
    about = {"property": str(owner), "project": "RB-77", "stage": "vacating", "expected": "0"}
    assert send(browser, "rueckbau-begonnen", about, actual_start_on="2026-11-03").status_code == 200
    blocked = send(browser, "rueckbau-blockiert", {**about, "expected": ""}, blocker="weather",
                   blocked_since_on="2026-11-05")  # fmt: skip
    assert blocked.status_code == 200
    assert "blockiert seit 05.11.2026: Witterung" in said(page("staff", "?project=RB-77&as_of=2026-11-10"))
    ended = send(browser, "rueckbau-beenden", {**about, "stage": "decision", "expected": ""}, ("end",),
                 outcome="given_up", ended_on="2026-11-09", reason="Der Eigentümer saniert doch nicht.")  # fmt: skip
    assert ended.status_code == 200, ended.text
    assert "aufgegeben" in said(page("staff", "?project=RB-77&as_of=2026-11-10"))
