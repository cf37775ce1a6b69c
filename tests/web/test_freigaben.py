"""Released states on the web: who sees them, who releases them, and that no address leaves with them by accident."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine

from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata import audit
from geodata.access import Access
from geodata.edits import Order as Edit
from geodata.scenario.question import Scenario, Teams, Wish
from geodata.scenario.saved import save_scenario
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import released
from tests.factories.demolitions import Projects
from tests.factories.resolutions import resolution_
from tests.factories.town import AS_OF, KEY, NAMES
from tests.web.conftest import HOST, SECRET, Browser, call, show_page

PAGES = ("/freigaben", "/praesentation", "/praesentation/1")
CONFIRM = "..freigaben-outcome.children...freigaben-target.data.."
WISH = "?step=preview&date=2026-11-15&audience=public&title=Herbst"


@pytest.fixture(scope="module")
def own(make_database: Callable[[str], DatabaseUrls]) -> DatabaseUrls:
    return make_database("web_released")


@pytest.fixture(scope="module")
def projects(own: DatabaseUrls) -> Projects:
    return released.build(own)


@pytest.fixture(scope="module")
def application(own: DatabaseUrls, projects: Projects, settings: Settings) -> Iterator[Flask]:
    """The application over a town of which two states are released: for the public, then for the council."""
    access = Access(own)
    one = create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))
    one.test_client_class = Browser
    yield one
    access.close()


@pytest.fixture(scope="module")
def sign_in(application: Flask) -> Callable[[str], FlaskClient]:
    def enter(role: str) -> FlaskClient:
        browser = application.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        assert browser.post("/anmelden/beispiel", data={"account": NAMES[role]}).status_code == 303  # type: ignore[index]
        return browser

    return enter


def text_of(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False)


# The first tests of this module see a city of which nothing is released.


@pytest.mark.parametrize("role", ["staff", "manager", "politics"])
def test_before_the_first_release_the_page_says_so(
    sign_in: Callable[[str], FlaskClient], application: Flask, role: str
) -> None:
    browser = sign_in(role)
    page = text_of(show_page(browser, application, "/freigaben"))
    assert "Noch ist nichts freigegeben" in page
    assert ("Stand freigeben" in page) is (role == "staff")
    assert "Es gibt nichts zu zeigen" in text_of(show_page(browser, application, "/praesentation"))


def test_the_preview_shows_what_is_held_back_to_building_control_alone(
    sign_in: Callable[[str], FlaskClient], application: Flask
) -> None:
    preview = text_of(show_page(sign_in("staff"), application, "/freigaben", WISH))
    assert "Noch ist nichts freigegeben." in preview
    assert "weniger als 5 Objekte" in preview
    for role in ("manager", "politics"):
        shown = text_of(show_page(sign_in(role), application, "/freigaben", WISH))
        assert "weniger als 5 Objekte" not in shown


@pytest.mark.parametrize(
    "wish",
    [
        "?step=preview&date=2027-01-01&audience=public&title=x",
        "?step=preview&date=gestern&audience=public&title=x",
        "?step=preview&date=2026-11-15&audience=presse&title=x",
        "?step=preview&date=2026-11-15&audience=public&title=",
        "?step=preview&date=1950-01-01&audience=public&title=x",
    ],
)
def test_a_wish_that_makes_no_sense_is_answered_in_words(
    sign_in: Callable[[str], FlaskClient], application: Flask, wish: str
) -> None:
    shown = text_of(show_page(sign_in("staff"), application, "/freigaben", wish))
    assert "Das kann nicht freigegeben werden" in shown
    assert "Vorschau:" not in shown


def confirm(browser: FlaskClient, application: Flask, fingerprint: str, search: str = WISH) -> Any:
    values = {
        "freigaben-release-confirm.n_clicks": 1,
        "shell-location.search": search,
        "freigaben-fingerprint.data": fingerprint,
    }
    return call(browser, application, CONFIRM, values)


def fingerprint_of(shown: dict[str, Any]) -> str:
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("id") == "freigaben-fingerprint":
                found.append(node["data"])
            for one in node.values():
                walk(one)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(shown)
    return found[0]


def test_another_preview_than_the_data_now_is_not_released(
    sign_in: Callable[[str], FlaskClient], application: Flask
) -> None:
    answer = confirm(sign_in("staff"), application, "0" * 64)
    assert "Nicht freigegeben" in answer.text
    assert "Noch ist nichts freigegeben" in text_of(show_page(sign_in("politics"), application, "/freigaben"))


@pytest.mark.parametrize("role", ["manager", "politics"])
def test_only_building_control_confirms(sign_in: Callable[[str], FlaskClient], application: Flask, role: str) -> None:
    assert confirm(sign_in(role), application, "0" * 64).status_code == 403


def test_building_control_releases_what_the_preview_showed(
    sign_in: Callable[[str], FlaskClient], application: Flask
) -> None:
    staff = sign_in("staff")
    fingerprint = fingerprint_of(show_page(staff, application, "/freigaben", WISH))
    answer = confirm(staff, application, fingerprint)
    assert "freigaben?release=1" in answer.text
    for role in ("staff", "manager", "politics"):
        page = text_of(show_page(sign_in(role), application, "/freigaben"))
        assert "Herbst" in page
        assert "Stand vom 15.11.2026" in page
        assert "Erfundene Beispieldaten" in page
        assert "Altbezirk" in page


# From here on a state is released.


@pytest.mark.parametrize("path", PAGES)
def test_politics_sees_no_byte_of_an_address_that_was_not_released(
    sign_in: Callable[[str], FlaskClient], application: Flask, own: DatabaseUrls, path: str
) -> None:
    secret = released.addresses(own) - {"Musterallee 2"}
    assert len(secret) > 30
    shown = text_of(show_page(sign_in("politics"), application, path))
    assert "Musterallee 2" in shown
    # Cut off numbers too: not even the street may be told.
    assert not [one for one in secret if one.rstrip("0123456789 ") in shown]


def test_every_slide_says_its_date_its_number_and_that_the_city_is_invented(
    sign_in: Callable[[str], FlaskClient], application: Flask
) -> None:
    shown = show_page(sign_in("politics"), application, "/praesentation/1")
    slides = _children_of(shown["content"], "praesentation-slides")
    assert len(slides) == 5
    for number, slide in enumerate(slides, start=1):
        text = json.dumps(slide, ensure_ascii=False)
        assert "Stand vom 15.11.2026" in text
        assert "Erfundene Beispieldaten" in text
        assert f"{number} / 5" in text
        assert f"Folie {number} von 5" in text


def test_a_dot_has_words_for_who_cannot_see_it(sign_in: Callable[[str], FlaskClient], application: Flask) -> None:
    page = text_of(show_page(sign_in("politics"), application, "/freigaben"))
    assert "•" in page
    assert "zurückgehalten" in page
    assert "Ein Punkt (•) steht für eine zurückgehaltene Zahl: 1 bis 4 Objekte" in page


def test_words_follow_the_reader(sign_in: Callable[[str], FlaskClient], application: Flask) -> None:
    browser = sign_in("politics")
    assert "Offene Objekte" in text_of(show_page(browser, application, "/freigaben"))
    browser.get("/freigaben?lang=en")
    english = text_of(show_page(browser, application, "/freigaben"))
    assert "Open objects" in english
    assert "Offene Objekte" not in english


@pytest.mark.parametrize("path", ["/praesentation/99", "/praesentation/x"])
def test_a_presentation_that_is_not_there(sign_in: Callable[[str], FlaskClient], application: Flask, path: str) -> None:
    assert "Es gibt nichts zu zeigen" in text_of(show_page(sign_in("politics"), application, path))
    missing = text_of(show_page(sign_in("politics"), application, "/freigaben", "?release=99"))
    assert "Diesen freigegebenen Stand gibt es nicht" in missing


def test_the_council_sees_more_than_the_public_and_both_stay(
    sign_in: Callable[[str], FlaskClient], application: Flask, own: DatabaseUrls
) -> None:
    council = released.release(own, audience="council", title="Ausschuss")
    browser = sign_in("politics")
    first = text_of(show_page(browser, application, "/freigaben", "?release=1"))
    latest = text_of(show_page(browser, application, "/freigaben"))
    assert council.title in latest
    assert "Beispielweg 1" not in first
    assert "Beispielweg 1" in latest


def _children_of(node: Any, wanted: str) -> list[Any]:
    if isinstance(node, dict):
        if node.get("id") == wanted:
            return list(node["children"])
        return _children_of(list(node.values()), wanted)
    if isinstance(node, list):
        for one in node:
            found = _children_of(one, wanted)
            if found:
                return found
    return []


def test_politics_takes_the_released_tables_away_with_the_numbers_of_the_page_and_it_is_logged(
    sign_in: Callable[[str], FlaskClient], application: Flask, own: DatabaseUrls
) -> None:
    browser = sign_in("politics")
    query = {"release": "2", "as_of": "2026-11-15"}
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/tables/freigegebene_zahlen.xlsx", query_string=query).data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert any(row[5] == "ja" and row[3] is None for row in rows[1:]), "something is held back, and has no number"
    city = {row[2]: row[3] for row in rows[1:] if row[0] == "Ganze Stadt"}
    page = text_of(show_page(browser, application, "/freigaben", "?release=2"))
    assert str(city["Offene Objekte"]) in page
    words = text_of({"said": [list(row) for row in book.worksheets[1].iter_rows(values_only=True)]})
    assert "15.11.2026" in words
    assert "freigegebener Stand Nr. 2" in words
    projects = browser.get("/tables/freigegebene_vorhaben.csv", query_string=query)
    assert projects.status_code == 200
    assert projects.data.startswith(b"\xef\xbb\xbf")
    engine = create_engine(own.load, poolclass=NullPool)
    with engine.connect() as connection:
        logged = [(one.action, one.account) for one in audit.latest(connection, KEY, most=100)]
    assert logged[-2:] == [("export", NAMES["politics"])] * 2
    assert ("publication", NAMES["staff"]) in logged


@pytest.mark.parametrize(
    "query",
    [
        {"as_of": "2026-11-15"},
        {"release": "99", "as_of": "2026-11-15"},
        {"release": "x", "as_of": "2026-11-15"},
        {"release": "9" * 40, "as_of": "2026-11-15"},
        {"release": "2", "as_of": "2025-01-01"},
    ],
)
def test_files_of_no_released_state_or_of_another_date_are_refused(
    sign_in: Callable[[str], FlaskClient], query: dict[str, str]
) -> None:
    answer = sign_in("politics").get("/tables/freigegebene_zahlen.csv", query_string=query)
    assert answer.status_code == 400


def test_a_state_with_resolutions_and_a_scenario_shows_both_on_page_and_slides(
    sign_in: Callable[[str], FlaskClient], application: Flask, own: DatabaseUrls
) -> None:
    engine = create_engine(own.load, poolclass=NullPool)
    with engine.begin() as connection:
        for number in range(6):
            title, until = f"Beschlossen Nummer {number}", date(2027, 1, 1 + number)
            resolution_(connection, f"R-{number}", city=KEY, title=title, until_on=until)
    engine.dispose()
    row = {"pairs": 9, "overdue_end_before": 22, "overdue_end_after": 41, "visits_per_house_year_before": 1.2,
           "visits_per_house_year_after": 0.9}  # fmt: skip
    summary = {"effective_visits_per_year": 150, "needed_per_year_before": 205, "needed_per_year_after": 622,
               "teams_needed": None, "shortest_sustainable_days": [None], "city": row,
               "areas": [{"kind": "stadtbezirk", "key": "b", "name": "Neubezirk"} | row]}  # fmt: skip
    asked = Scenario(AS_OF, 24, Teams(1, 1, 8, 0.2), (Wish(None, "joint_control", 60),))
    access = Access(own)
    with access.open(released.STAFF) as asker:
        saved = save_scenario(asker, Edit(uuid4(), "planspiel"), "Alle 60 Tage", asked, summary)
    access.close()
    staff = sign_in("staff")
    form = text_of(show_page(staff, application, "/freigaben", f"?scenario={saved.scenario_id}"))
    assert "Was soll freigegeben werden?" in form
    assert "Alle 60 Tage (15.11.2026)" in form
    preview = text_of(show_page(staff, application, "/freigaben", f"{WISH}&scenario={saved.scenario_id}"))
    assert "Beschluss und Stand" in preview
    assert "Planspiel: Alle 60 Tage" in preview
    without = text_of(show_page(staff, application, "/freigaben", f"{WISH}&resolutions=0"))
    assert "Beschluss und Stand" not in without
    gone = text_of(show_page(staff, application, "/freigaben", f"{WISH}&scenario=999999"))
    assert "das Planspiel gibt es nicht mehr" in gone
    done = released.release(own, title="Mit beidem", scenario_id=saved.scenario_id)
    politics = sign_in("politics")
    slides = _children_of(show_page(politics, application, "/praesentation")["content"], "praesentation-slides")
    told = [json.dumps(slide, ensure_ascii=False) for slide in slides]
    assert [f"{number} / 7" in slide for number, slide in enumerate(told, start=1)] == [True] * 7
    assert "Folie 5 von 7: Beschluss und Stand" in told[4]
    assert [f"Beschlossen Nummer {number}" in told[4] for number in range(6)] == [True] * 4 + [False] * 2
    assert "und 2 weitere in der Liste" in told[4]
    assert "Folie 6 von 7: Planspiel" in told[5]
    for words in ("etwa 20", "etwa 40", "Für die Änderung reicht keine Zahl von Teams.", "Mehr überfällig"):
        assert words in told[5], words
    page = text_of(show_page(politics, application, "/freigaben", f"?release={done.id}"))
    assert "Beschlossen Nummer 5" in page
    assert "weniger als 5 wird nicht genauer gesagt" in page
