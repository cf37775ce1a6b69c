"""Where building control and managers start: what the lists say, where they lead, and what they keep to themselves."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.pages.heute import words as heute
from dashboard.pages.quartier import words as quartier
from dashboard.pages.quartier.layout import news_period, question_of
from geodata.access import Access, Scope
from geodata.areas import Area
from geodata.changes import Change, Difference
from geodata.figure import Period
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import borough as boroughs
from tests.factories.borough import Borough
from tests.factories.town import AS_OF, NAMES
from tests.web.conftest import HOST, PAGE, SECRET, Browser, show_page

Say = Callable[..., str]


@pytest.fixture(scope="module")
def borough(make_database: Callable[[str], DatabaseUrls]) -> Borough:
    return boroughs.build(make_database("starts"))


@pytest.fixture(scope="module")
def server(borough: Borough, settings: Settings) -> Iterator[Flask]:
    access = Access(borough.town.urls)
    application = create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))
    application.test_client_class = Browser
    yield application
    access.close()


@pytest.fixture
def say(server: Flask) -> Say:
    """`say("staff", "/heute", "?area=1")`: everything that the page says, links included."""

    def show(role: str, path: str, search: str = "") -> str:
        browser = server.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        browser.post("/anmelden/beispiel", data={"account": NAMES[role]})  # type: ignore[index]
        return json.dumps(show_page(browser, server, path, search)["content"], ensure_ascii=False)

    return show


def listed(said: str, title: str) -> int:
    """The number that stands behind the title of a panel or group; 0 where the list is empty."""
    after = said.split(f'"{title} (')
    return int(after[1].split(")")[0]) if len(after) > 1 else 0


# --- building control -------------------------------------------------------------------------------------------------


def test_building_control_starts_at_what_there_is_to_do(say: Say, borough: Borough) -> None:
    said = say("staff", "/heute")
    assert "Was am 15.11.2026 ansteht" in said
    assert (listed(said, "Wiedervorlagen"), listed(said, "Heute")) == (16, 1)
    assert listed(said, "Überfällig") == 12, "of the even numbers, except house 0, which is reminded today"
    assert listed(said, "Nächste 7 Tage") == 3
    assert "15.11.2026" in said
    assert "Termin mit dem Eigentum" in said, "the next step is for case workers"
    assert f'"/objekt/{borough.unreached}"' in said
    assert "3-mal vergeblich" in said
    assert listed(said, "Rückbau blockiert oder im Verzug") == 1
    assert "blockiert seit 03.08.2026" in said
    assert '"/rueckbau?project=RB-1&property=' in said
    assert "2 von 3 Zeilen nicht übernommen" in said


def test_every_list_leads_to_all_of_it_with_the_filter_of_the_page(say: Say, borough: Borough) -> None:
    west = borough.town.west
    said = say("staff", "/heute", f"?area={west}&as_of=2026-11-10")
    assert "Was am 10.11.2026 ansteht" in said
    assert f'"/kontrollen?as_of=2026-11-10&area={west}&due=overdue"' in said
    assert f'"/rueckbau?as_of=2026-11-10&area={west}&status=blocked"' in said
    assert '"/lieferungen?as_of=2026-11-10"' in said
    assert f'"/objekt/{borough.unreached}?as_of=2026-11-10"' in said
    assert listed(said, "Überfällige Kontrollen") < listed(say("staff", "/heute"), "Überfällige Kontrollen")


def test_deadlines_that_have_expired_stand_where_the_day_begins(say: Say, borough: Borough) -> None:
    said = say("staff", "/heute")
    assert listed(said, "Fristen der Verfahren") == 1
    assert listed(said, "Abgelaufen") == 1
    assert "In diesen Tagen endet keine." in said
    assert "seit 46 Tagen abgelaufen" in said
    assert '"/verfahren/' in said
    assert listed(said, "Fördermittel mit Frist") == 2, "its money costs interest, and its proof of use is late"
    assert '"/foerderung?grant=F-1"' in said
    in_west = say("staff", "/heute", f"?area={borough.town.west}")
    assert listed(in_west, "Fristen der Verfahren") == 0, "the order stands in the east"


def test_a_quarter_tells_which_deadline_and_which_money_come_next(say: Say, borough: Borough) -> None:
    east = say("staff", "/quartier", f"?area={borough.town.east}&as_of=2026-09-20")
    assert "Wohnungsaufsichtliche Verfügung: " in east, "the order ends on 30 September"
    assert "30.09.2026" in east
    west = say("manager", "/quartier", "?as_of=2027-01-10")
    assert "/foerderung?as_of=2027-01-10&grant=F-1" in west, "its calls end on 31 January"


def test_a_house_shows_its_grants_and_what_became_of_it(say: Say) -> None:
    said = say("manager", "/objekt/main/B-0")
    assert "Fördermittel für das Objekt" in said
    assert '"/foerderung?grant=F-1"' in said
    assert "Schließung und Verbleib" in said
    assert "wieder bewohnbar (03.08.2026)" in said
    assert "Fördermittel für das Objekt" not in say("staff", "/objekt/main/B-4")
    assert "Schließung und Verbleib" not in say("external_manager", "/objekt/main/B-0")


def test_empty_lists_are_good_news_in_words(say: Say) -> None:
    said = say("staff", "/heute", "?text=nirgendwo")
    for words in (
        "Keine Wiedervorlage steht an.",
        "Keine Kontrolle ist überfällig.",
        "Bei keinem Objekt sind zwei Kontrollen in Folge gescheitert.",
        "Kein laufender Rückbau ist blockiert oder im Verzug.",
        "Keine Frist ist abgelaufen, und in den nächsten 14 Tagen endet keine.",
        "In den nächsten 2 Monaten hängen keine Mittel an einem Tag.",
    ):
        assert words in said


@pytest.mark.parametrize(("role", "path"), [("staff", "/heute"), ("manager", "/quartier")])
def test_a_part_of_the_link_that_cannot_be_read_is_named(say: Say, role: str, path: str) -> None:
    said = say(role, path, "?colour=blue")
    assert "Dieser Teil des Links" in said
    assert "data-filter-reset" in said
    assert "data-figure" not in said


def test_a_part_that_takes_too_long_does_not_take_the_others_along(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    class OutOfTime(Exception):
        sqlstate = "57014"

    def slow(*_: Any, **__: Any) -> Any:
        raise OperationalError("select", {}, OutOfTime())

    monkeypatch.setattr("dashboard.pages.heute.layout.read_overdue", slow)
    said = say("staff", "/heute")
    assert "Das dauert länger, als eine Seite warten kann" in said
    assert listed(said, "Wiedervorlagen") == 16
    assert "Bei keinem Objekt sind" not in said, "what was not tried says nothing"


# --- managers ---------------------------------------------------------------------------------------------------------


def test_a_manager_starts_at_the_own_areas_and_sees_nothing_of_others(say: Say, borough: Borough) -> None:
    said = say("manager", "/quartier")
    assert "Westquartier" in said
    assert "Ostquartier" not in said
    assert f'"/objekt/{borough.town.in_east}"' not in said
    assert "Termin mit dem Eigentum" not in said, "the next step is for case workers"
    assert f'"/karte?area={borough.town.west}"' in said
    assert listed(said, "Geändert seit 16.10.2026") == 0


def test_what_changed_is_told_by_day_since_the_date_of_the_link(say: Say) -> None:
    said = say("manager", "/quartier", "?since=2026-09-01")
    assert listed(said, "Geändert seit 01.09.2026") >= 1
    assert "Gemeinsame Kontrolle; Zutritt: Kein Zutritt; Ergebnis: Nicht abgeschlossen" in said
    assert '"09.09.2026"' in said


def test_building_control_chooses_an_area_to_see_what_its_manager_sees(say: Say, borough: Borough) -> None:
    assert "Kein Gebiet gewählt" in say("staff", "/quartier")
    said = say("staff", "/quartier", f"?area={borough.town.east}")
    assert "Ostquartier" in said
    assert f'"/objekt/{borough.town.in_west}"' not in said


def test_an_area_of_somebody_else_is_refused_in_words(say: Say, borough: Borough) -> None:
    said = say("manager", "/quartier", f"?area={borough.town.east}")
    assert "Keines Ihrer Gebiete" in said
    assert "Ostquartier" not in said


@pytest.mark.parametrize(("role", "path"), [("manager", "/heute"), ("politics", "/heute"), ("politics", "/quartier")])
def test_pages_of_others_are_not_open(server: Flask, role: str, path: str) -> None:
    browser = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    browser.post("/anmelden/beispiel", data={"account": NAMES[role]})  # type: ignore[index]
    assert browser.get(path, headers=PAGE).status_code == 403


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        ("staff", ["heute", "karte"], ["quartier"]),
        ("manager", ["quartier", "karte"], ["heute", "lieferungen"]),
        ("politics", ["freigaben"], ["heute", "quartier", "karte"]),
    ],
)
def test_the_navigation_begins_with_the_start_page_of_the_role(
    server: Flask, role: str, own: list[str], others: list[str]
) -> None:
    browser = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    browser.post("/anmelden/beispiel", data={"account": NAMES[role]})  # type: ignore[index]
    layout = browser.get("/_dash-layout").text
    pages = [part.split('"')[0] for part in layout.split('"data-page":"')[1:]]
    assert pages[: len(own)] == own
    assert not set(pages) & set(others)


# --- words ------------------------------------------------------------------------------------------------------------

WEST, EAST = Area(1, "quartier", "w", "Westquartier"), Area(2, "quartier", "o", "Ostquartier")
MANAGER = Scope("de-demo01", "manager", "m", frozenset({1}))
STAFF = Scope("de-demo01", "staff", "s")


@pytest.mark.parametrize(
    ("scope", "query", "areas", "ids"),
    [
        (MANAGER, {}, (WEST,), (1,)),
        (MANAGER, {"area": "1,2"}, (WEST,), (1,)),
        (MANAGER, {"area": "2"}, (), ()),
        (STAFF, {}, (), ()),
        (STAFF, {"area": "2"}, (EAST,), (2,)),
        (STAFF, {"area": "99"}, (), ()),
    ],
)
def test_the_areas_of_a_link(
    scope: Scope, query: dict[str, str], areas: tuple[Area, ...], ids: tuple[int, ...]
) -> None:
    question = question_of(query, AS_OF, scope, (WEST, EAST))
    assert (question.areas, question.chosen.area_ids, question.chosen.as_of) == (areas, ids, AS_OF)


@pytest.mark.parametrize(
    ("since", "first_on"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        ("2026-11-15", AS_OF),
        ("2026-11-16", date(2026, 10, 16)),
        ("gestern", date(2026, 10, 16)),
        ("", date(2026, 10, 16)),
    ],
)
def test_news_begin_at_the_date_of_the_link_or_thirty_days_back(since: str, first_on: date) -> None:
    assert news_period({"since": since}, AS_OF) == Period(first_on, AS_OF)


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (Difference("dwellings", 6, 16), "Wohnungen jetzt 16, vorher 6"),
        (Difference("is_inhabited", None, False), "bewohnt jetzt nein, vorher –"),
        (Difference("valid_on", date(2026, 1, 5), date(2026, 2, 5)), "jetzt 05.02.2026, vorher 05.01.2026"),
        (Difference("defects", [], ["waste", "pests"]), "vorher –"),
        (Difference("geom", None, None), "Lage auf der Karte verschoben"),
    ],
)
def test_a_correction_names_what_differs(server: Flask, difference: Difference, words: str) -> None:
    with server.test_request_context("/"):
        assert words.lower() in quartier.difference_words(difference).lower()


def test_news_of_one_object_on_one_day_stand_together() -> None:
    changes = [
        Change(AS_OF, kind, house, "P", "A") for kind, house in (("status", 1), ("status", 2), ("assessment", 1))
    ]  # type: ignore[arg-type]
    assert [[one.kind for one in of_one] for of_one in quartier.by_property(changes)] == [
        ["status", "assessment"],
        ["status"],
    ]
    assert [(day, len(of_day)) for day, of_day in quartier.by_day(changes)] == [(AS_OF, 3)]


@pytest.mark.parametrize(
    ("reminder_on", "mark"),
    [
        (AS_OF, "heute"),
        (date(2026, 11, 16), "in 1 Tag"),
        (date(2026, 11, 20), "in 5 Tagen"),
        (date(2026, 11, 14), "1 Tag überfällig"),
        (date(2026, 10, 16), "30 Tage überfällig"),
    ],
)
def test_how_far_a_reminder_is(server: Flask, reminder_on: date, mark: str) -> None:
    with server.test_request_context("/"):
        assert heute.reminder_mark(reminder_on, AS_OF) == mark
