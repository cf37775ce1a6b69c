"""The page of one property as the server builds it: what it says, to whom, and for which date."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.pages.objekt import figures
from geodata.access import Access
from geodata.facts import History, Origin
from geodata.inspections import DueDate, DueRule, InspectionOfProperty
from geodata.property_detail import AssessmentEvent, StatusEvent
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import house as houses
from tests.factories.house import House
from tests.factories.town import NAMES
from tests.web.conftest import HOST, PAGE, SECRET, show_page

RULE = DueRule("city", 365, "flat", None, None, None, False, None, "Beschluss", None, None, date(2020, 1, 1))
MORNING = datetime(2026, 1, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], DatabaseUrls]) -> House:
    return houses.build(make_database("house"))


@pytest.fixture(scope="module")
def server(house: House, settings: Settings) -> Iterator[Flask]:
    access = Access(house.town.urls)
    yield create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))
    access.close()


@pytest.fixture
def page(server: Flask) -> Callable[..., str]:
    """`page("staff", "/objekt/1", "?as_of=...")`: everything that the page says, as text."""

    def show(role: str, path: str, search: str = "") -> str:
        browser = server.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        browser.post("/anmelden/beispiel", data={"account": NAMES[role]})  # type: ignore[index]
        return json.dumps(show_page(browser, server, path, search)["content"], ensure_ascii=False)

    return show


def test_staff_reads_facts_state_and_where_they_come_from(page: Callable[..., str], house: House) -> None:
    said = page("staff", f"/objekt/{house.id}")
    for expected in (
        "Musterweg 95, 97",
        "Verfahren: ordnungsrechtlich",
        "main/M/95",
        "63-0417",
        "Anhörung abwarten",
        "29.11.2026 (in 14 Tagen)",
        "Problemdruck 3 von 3, Handlungsspielraum 2 von 3",
        "vor 17 Monaten",
        f"Lieferung {house.register} (Objektregister), Stand 01.11.2026",
        "Schädlinge",
    ):
        assert expected in said, expected


def test_register_and_key_name_the_same_property(page: Callable[..., str], house: House) -> None:
    by_key = page("staff", "/objekt/main/M%2F95")
    assert by_key == page("staff", f"/objekt/{house.id}") == page("staff", "/objekt/main/M/95")


def test_what_is_overdue_names_its_rule_and_failed_visits(page: Callable[..., str], house: House) -> None:
    said = page("staff", f"/objekt/{house.id}", "?as_of=2027-05-14")
    assert "10 Tage überfällig" in said
    assert "Fällig am" in said
    assert "04.05.2027" in said
    assert "Die letzten 2 Kontrollen kamen nicht weit genug ins Gebäude" in said
    assert "Alle 365 Tage (1 Jahr), ganzes Stadtgebiet; nötiger Zutritt: Gemeinschaftsflächen" in said


def test_corrections_are_there_on_demand_with_their_end(page: Callable[..., str], house: House) -> None:
    said = page("staff", f"/objekt/{house.id}")
    assert "Berichtigt: frühere Fassung zeigen" in said
    assert "Ersetzt am 10.03.2026, 10:00 durch in der Anwendung eingetragen" in said
    assert "1 zurückgenommenen Eintrag zeigen" in said


def test_nothing_later_than_the_as_of_date_is_shown(page: Callable[..., str], house: House) -> None:
    said = page("staff", f"/objekt/{house.id}", "?as_of=2025-12-31")
    assert "Verlauf bis 31.12.2025" in said
    for later in ("Schädlinge", "ordnungsrechtlich", "24.09.2026", "Rückbau"):
        assert later not in said, later
    assert "Objekt nicht gefunden" in page("staff", f"/objekt/{house.id}", "?as_of=2019-12-31")


def test_neighbours_keep_the_filter_and_say_how_far(page: Callable[..., str], house: House) -> None:
    said = page("staff", f"/objekt/{house.id}", "?state=recorded&use=residential")
    assert "60\u00a0m" in said
    assert f"/objekt/{house.neighbour}?state=recorded&use=residential" in said
    assert "/karte?state=recorded&use=residential" in said


def test_a_property_without_a_point_says_so(page: Callable[..., str], house: House) -> None:
    said = page("staff", f"/objekt/{house.unplaced}")
    assert "Dieses Objekt hat noch keinen Punkt" in said
    assert "Ohne Punkt auf der Karte" in said
    assert "objekt-map-parts" not in said


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_a_demolition_project_says_how_far_it_is_and_what_holds_it_up(
    page: Callable[..., str], house: House, role: str
) -> None:
    said = page(role, f"/objekt/{house.neighbour}")
    for expected in (
        "Fortschritt 5\u00a0%",  # decision 2 of decision 2, vacating 10 and demolition 25
        "Freizug mit Ersatzwohnraum",
        "Gericht hat gestoppt (seit 01.06.2026)",
        f"/rueckbau?project=R-1&property={house.neighbour}",
    ):
        assert expected in said, expected
    assert "Vorhaben öffnen" not in page(role, f"/objekt/{house.id}")


def test_completed_stages_stand_in_the_timeline_planned_or_not(page: Callable[..., str], house: House) -> None:
    said = page("staff", f"/objekt/{house.neighbour}")
    assert "Beschluss: abgeschlossen" in said
    assert "Vorhaben alt" in said
    assert "Beschluss: abgeschlossen" not in page("staff", f"/objekt/{house.neighbour}", "?as_of=2026-02-01")


def test_a_manager_reads_no_words_of_case_workers_and_no_links_to_deliveries(
    page: Callable[..., str], house: House
) -> None:
    said = page("manager", f"/objekt/{house.id}")
    assert "Musterweg 95, 97" in said
    for hidden in ("Anhörung abwarten", "Nächster Schritt", "Hinweis aus der Nachbarschaft", "/lieferungen?"):
        assert hidden not in said, hidden
    assert f"Lieferung {house.register} (Objektregister)" in said
    assert "Nur Objekte in den zugewiesenen Gebieten" in said


def test_persons_are_counted_nowhere_on_the_page(page: Callable[..., str], house: House) -> None:
    for role in ("staff", "manager"):
        assert "3107" not in page(role, f"/objekt/{house.id}")


def test_what_is_out_of_scope_reads_like_what_does_not_exist(page: Callable[..., str], house: House) -> None:
    outside = page("manager", f"/objekt/{house.town.in_east}")
    assert "Objekt nicht gefunden" in outside
    assert outside == page("manager", "/objekt/999999999")
    assert "Musterallee" not in outside


def test_politics_is_refused(server: Flask, house: House) -> None:
    browser = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    browser.post("/anmelden/beispiel", data={"account": NAMES["politics"]})
    assert browser.get(f"/objekt/{house.id}", headers=PAGE).status_code == 403


def test_english_is_complete_enough_to_read(page: Callable[..., str], house: House, server: Flask) -> None:
    browser: FlaskClient = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    browser.post("/anmelden/beispiel", data={"account": NAMES["staff"]})
    browser.get(f"/objekt/{house.id}?lang=en", headers=PAGE)
    said = json.dumps(show_page(browser, server, f"/objekt/{house.id}")["content"], ensure_ascii=False)
    assert "Next controls" in said
    assert "delivery_source:" not in said


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "level", "status"),
    [
        (date(2026, 11, 14), "overdue", "1 Tag überfällig"),
        (date(2026, 11, 15), "soon", "heute fällig"),
        (date(2026, 11, 29), "soon", "noch 14 Tage"),
        (date(2026, 11, 30), "on_time", "noch 15 Tage"),
    ],
)
def test_days_overdue_and_days_left(due_on: date, level: str, status: str) -> None:
    line = figures.due_line(DueDate("joint_control", due_on, None, 0, RULE), date(2026, 11, 15))
    assert (line.level, line.status) == (level, status)


@pytest.mark.parametrize(("failed", "is_flagged"), [(0, False), (1, False), (2, True), (5, True)])
def test_two_failed_visits_in_a_row_open_a_task(failed: int, is_flagged: bool) -> None:
    assert (figures.clarify_access(failed) is not None) == is_flagged


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 15), "heute"),
        (date(2026, 11, 14), "vor 1 Tag"),
        (date(2026, 9, 16), "vor 60 Tagen"),
        (date(2026, 9, 15), "vor 2 Monaten"),
        (date(2024, 11, 16), "vor 23 Monaten"),
        (date(2024, 11, 15), "vor 2 Jahren"),
    ],
)
def test_ages_are_said_in_days_months_or_years(day: date, words: str) -> None:
    assert figures.age_text(day, date(2026, 11, 15)) == words


def test_one_stream_sorts_all_kinds_and_hangs_versions_on_their_successor() -> None:
    origin = Origin(MORNING)
    kept, old = History("E-1", origin), History("E-1", origin, superseded_at=MORNING, replaced_by=origin)
    stream = figures.timeline(
        [
            StatusEvent(date(2026, 1, 5), 1, "renovation", None, kept),
            StatusEvent(date(2026, 1, 9), 1, "hint", None, old),
        ],
        [AssessmentEvent(date(2026, 1, 7), 1, 3, 3, "red", None, History("E-1", origin))],
        [InspectionOfProperty(date(2025, 1, 7), 1, "fire_safety", "flat", "finding", ("waste",), None, kept)],
    )
    assert [(year, [entry.kind for entry in entries]) for year, entries in stream.years] == [
        (2026, ["assessment", "status"]),
        (2025, ["inspection"]),
    ]
    newest, corrected = stream.years[0][1]
    assert newest.replaced == (), "a key of another kind is another key"
    assert [version.code for version in corrected.replaced] == ["hint"]
    assert stream.withdrawn == ()
    assert stream.entries == 3


def test_an_empty_stream_has_no_years() -> None:
    assert figures.timeline([], [], []).years == ()


def test_the_way_back_keeps_the_filter_and_drops_the_language() -> None:
    query: dict[str, Any] = {"state": "recorded", "lang": "en", "as_of": "2026-01-01"}
    assert figures.map_query(query) == {"state": "recorded", "as_of": "2026-01-01"}


def test_the_page_says_when_the_record_may_be_deleted(page: Callable[..., str], house: House) -> None:
    for role in ("staff", "manager"):
        said = page(role, f"/objekt/{house.id}")
        assert "Löschung frühestens 5 Jahre nach Abschluss des Falls." in said
        assert "Die Frist ist ein Vorschlag, bis ein Amt sie bestätigt." in said
    assert "Löschung" not in page("external_manager", f"/objekt/{house.id}")
