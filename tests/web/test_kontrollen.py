"""The page of controls through its routes: who sees what, and that tiles, list and map say the same number."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from dashboard.pages.kontrollen import course_view, due_view, interval_view
from dashboard.pages.kontrollen.question import VIEWS
from geodata.access import Asker
from tests.factories.town import Town
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
ROWS = "/tables/kontrollen/rows"
# The town's two houses were last seen on 1 June 2025, and the rule asks for a visit every 365 days.
OVERDUE_DAYS = 167


def said(client: FlaskClient, server: Flask, search: str = "") -> str:
    return json.dumps(show_page(client, server, "/kontrollen", search), ensure_ascii=False)


def tile(content: Any, key: str) -> str:
    """All words of one tile."""

    def find(part: Any) -> Any:
        if isinstance(part, list):
            return next((found for one in part if (found := find(one))), None)
        if isinstance(part, dict):
            properties = part.get("props", part)
            if properties.get("data-figure") == key:
                return properties
            return next((found for one in properties.values() if (found := find(one))), None)
        return None

    def words(part: Any) -> list[str]:
        if isinstance(part, str):
            return [part]
        if isinstance(part, list):
            return [word for one in part for word in words(one)]
        return words(part["props"].get("children")) if isinstance(part, dict) and "props" in part else []

    return " ".join(words(find(content)["children"]))


def lines(shown: str) -> list[str]:
    """First cells of the rows of tables that name a quarter."""
    return re.findall(r'"children": "(\w+quartier)", "scope": "row"', shown)


def linked_lines(content: Any) -> list[tuple[str, str]]:
    """Name and address of the links in a page that name a quarter."""
    links = [one for one in parts(content) if "href" in one and isinstance(one.get("children"), str)]
    return [(one["children"], one["href"]) for one in links if one["children"].endswith("quartier")]


def test_it_is_for_those_who_inspect(client: Clients, server: Flask, visitor: FlaskClient) -> None:
    assert visitor.get(ROWS).status_code == 401
    assert client("politics").get(ROWS).status_code == 403
    refused = show_page(client("politics"), server, "/kontrollen")
    assert refused["page"]["key"] == ""
    assert "data-figure" not in json.dumps(refused)


@pytest.mark.parametrize(("role", "pairs"), [("staff", 2), ("manager", 1)])
def test_tiles_list_and_map_say_the_same(client: Clients, server: Flask, role: str, pairs: int) -> None:
    browser = client(role)
    content = show_page(browser, server, "/kontrollen")["content"]
    assert tile(content, "controls_on_time").startswith(f"Fristgerecht 0 von {pairs} 0 %".replace(" %", "\u00a0%"))
    assert tile(content, "controls_overdue").startswith(f"Überfällig {pairs} von {pairs}")
    listed = browser.get(ROWS).get_json()
    assert listed["total"] == len(listed["rows"]) == pairs
    assert {row["overdue_days"] for row in listed["rows"]} == {f"{OVERDUE_DAYS} Tage"}
    drawn = browser.get("/layers/due/columns?frame=7.3,51.2,7.7,51.5&zoom=13").get_json()
    assert drawn["shown"] == pairs
    assert browser.get("/tables/objekte/rows?due=overdue").get_json()["total"] == pairs


def test_a_manager_is_told_which_areas_count(client: Clients, server: Flask) -> None:
    assert "Ihre Gebiete: Westquartier. Alle Zahlen gelten nur dort." in said(client("manager"), server)
    assert "Ihre Gebiete" not in said(client("staff"), server)
    assert "Musterallee" not in client("manager").get(ROWS).text


def test_the_filter_rules_tiles_list_map_and_files_alike(client: Clients, server: Flask) -> None:
    staff = client("staff")
    for search, objects in (("text=beispielweg", 1), ("control=joint_control&due=overdue", 2), ("due=soon", 2)):
        content = show_page(staff, server, "/kontrollen", f"?{search}")["content"]
        assert tile(content, "controls_overdue").startswith(f"Überfällig {objects} von {objects}")
        assert staff.get(f"{ROWS}?{search}").get_json()["total"] == objects
        assert len(staff.get(f"/tables/kontrollen.csv?{search}").get_data(as_text=True).strip().splitlines()) >= objects
        drawn = staff.get(f"/layers/due/columns?frame=7.3,51.2,7.7,51.5&zoom=13&{search}").get_json()
        assert drawn["shown"] == objects
    nobody = show_page(staff, server, "/kontrollen", "?control=fire_safety")["content"]
    assert "Zu diesem Filter passt keine überwachte Kontrolle" in json.dumps(nobody, ensure_ascii=False)
    assert staff.get(f"{ROWS}?control=fire_safety").get_json()["total"] == 0
    assert staff.get("/layers/due/columns?control=fire_safety").get_json()["shown"] == 0


def test_the_map_opens_with_the_same_filter_and_what_is_overdue(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?control=joint_control&state=recorded")
    [address] = re.findall(r'"(/karte\?[^"]*)"', shown)
    query = dict(parse_qsl(address.partition("?")[2]))
    assert (query["due"], query["control"], query["state"]) == ("overdue", "joint_control", "recorded")
    assert {"state", "due"} <= set(query["layers"].split(","))


def test_a_date_before_everything_says_why_nothing_is_there(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?as_of=2010-01-01")
    assert "Noch wird nichts überwacht" in shown
    assert "Regeln und Objekte kommen als Lieferung" in shown


@pytest.mark.parametrize(
    ("search", "part"),
    [
        ("from=gestern", "from"),
        ("from=2199-01-01", "from"),
        ("type=raid", "type"),
        ("kind=x", "kind"),
        ("view=x", "view"),
        ("due=x", "due"),
    ],
)
def test_a_broken_link_is_told_in_words(client: Clients, server: Flask, search: str, part: str) -> None:
    shown = said(client("staff"), server, f"?{search}")
    assert f"Dieser Teil des Links ist nicht lesbar: {part}." in shown
    assert "data-figure" not in shown


def test_a_filter_that_nothing_fits_is_not_told_as_missing_areas(client: Clients, server: Flask) -> None:
    for view in VIEWS:
        shown = said(client("staff"), server, f"?text=nirgends&view={view}")
        assert shown.count('"empty-title"') == 1, view
        assert "Gebiete kommen als Lieferung" not in shown


def test_the_period_is_that_of_the_link(client: Clients, server: Flask) -> None:
    staff = client("staff")
    assert tile(show_page(staff, server, "/kontrollen")["content"], "inspections_done").startswith("Objektkontrollen 0")
    longer = show_page(staff, server, "/kontrollen", "?from=2025-06-01")["content"]
    assert tile(longer, "inspections_done").startswith("Objektkontrollen 2")
    assert "01.06.2025 bis 15.11.2026" in json.dumps(longer)


def test_what_takes_too_long_is_said_and_the_rest_is_shown(
    client: Clients, server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(asker: Asker, *_: object) -> None:
        asker.connection.execute(text("SELECT pg_sleep(30)"))

    monkeypatch.setattr(due_view, "read_by_area", endless)
    shown = said(client("staff"), server)
    assert "Das dauert länger, als eine Seite warten kann" in shown
    assert "data-figure" in shown
    assert "Am längsten überfällig:" in shown


def test_only_the_chosen_view_is_read(client: Clients, server: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("A view is read that nobody looks at.")

    for module, name in (
        (due_view, "read_due_list"),
        (due_view, "read_by_area"),
        (course_view, "read_course_of"),
        (course_view, "read_calendar"),
        (interval_view, "read_achieved"),
    ):
        monkeypatch.setattr(module, name, never)
    shown = said(client("staff"), server, "?view=ergebnisse&from=2025-01-01")
    assert "Ohne Befund: " in shown


def test_views_are_links_that_keep_filter_period_and_date(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?view=verlauf&control=joint_control&from=2025-01-01&as_of=2026-11-10")
    found = re.findall(r'"(/kontrollen\?[^"]*)"', shown)
    queries = [dict(parse_qsl(address.partition("?")[2])) for address in found]
    kept = {"control": "joint_control", "from": "2025-01-01", "as_of": "2026-11-10"}
    assert [query for query in queries if query == kept], "the first view needs no name"
    assert [query["view"] for query in queries if kept.items() <= query.items() and "view" in query][:3] == [
        "verlauf", "abstaende", "ergebnisse",
    ]  # fmt: skip
    # Presets keep the view, and the usual period needs no date.
    usual = {key: value for key, value in kept.items() if key != "from"} | {"view": "verlauf"}
    assert usual in queries
    assert {**usual, "from": "2026-01-01"} in queries
    assert len(re.findall(r'"aria-current": "page"', shown)) == 1
    # Whoever resets the filter stays in the view; the period is named among what is reset.
    assert {"as_of": "2026-11-10", "view": "verlauf"} in queries
    assert "Kontrollart: Gemeinsame Kontrolle; Zeitraum ab 01.01.2025." in shown


# --- what is due ------------------------------------------------------------------------------------------------------


def test_the_most_overdue_one_is_named_on_top_with_days_and_link(client: Clients, server: Flask, town: Town) -> None:
    staff = client("staff")
    everywhere = show_page(staff, server, "/kontrollen")["content"]
    assert first_answer(everywhere) == (
        "Am längsten überfällig: Beispielweg 1 – Gemeinsame Kontrolle, 167 Tage überfällig (fällig am 01.06.2026)."
    )
    east = show_page(staff, server, "/kontrollen", f"?area={town.east}")["content"]
    assert first_answer(east).startswith("Am längsten überfällig in Ostquartier: Musterallee 2 – ")
    assert f'"/objekt/{town.in_east}"' in json.dumps(east)
    earlier = show_page(staff, server, "/kontrollen", "?as_of=2026-05-30")["content"]
    assert first_answer(earlier).startswith("Nichts ist überfällig. Als Nächstes: Beispielweg 1 – ")
    assert "(noch 2 Tage)" in first_answer(earlier)


def test_areas_are_links_to_their_own_page_and_a_manager_sees_the_own(
    client: Clients, server: Flask, town: Town
) -> None:
    staff = linked_lines(show_page(client("staff"), server, "/kontrollen", "?kind=quartier")["content"])
    assert [name for name, _address in staff] == ["Ostquartier", "Westquartier"]
    assert f"/kontrollen?kind=quartier&area={town.west}" == staff[1][1]
    manager = linked_lines(show_page(client("manager"), server, "/kontrollen", "?kind=quartier")["content"])
    assert [name for name, _address in manager] == ["Westquartier"]


def test_staff_is_led_to_rules_and_scenario_and_a_manager_to_the_rules(
    client: Clients, server: Flask, town: Town
) -> None:
    for view in ("faellig", "abstaende"):
        search = f"?view={view}&area={town.west}&control=joint_control"
        shown = said(client("staff"), server, search)
        # What councils ask for, where the rule asks for 365 days.
        assert f"/planspiel?wish={town.west}%3Ajoint_control%3A60" in shown
        assert f"/regeln?area={town.west}" in shown, "the way back leads to the area"
        manager = said(client("manager"), server, search)
        assert "/planspiel" not in manager
        assert f"/regeln?area={town.west}" in manager


# --- the other views --------------------------------------------------------------------------------------------------


def test_the_course_is_answered_against_the_year_before(client: Clients, server: Flask) -> None:
    content = show_page(client("staff"), server, "/kontrollen", "?view=verlauf&kind=quartier")["content"]
    # Both houses were on time a year ago; since 2 June 2026 neither is.
    assert first_answer(content).startswith("Fristgerecht 0 % (0 von 2), Vorjahr 100 % (2 von 2): ▼ schlechter um 100")
    assert tile(content, "controls_on_time").startswith("Fristgerecht 0 von 2 ")
    shown = json.dumps(content, ensure_ascii=False)
    assert lines(shown) == ["Ostquartier", "Westquartier"]
    assert "Künftig fällige Kontrollen: keine." not in shown, "nothing done and nothing due ahead: no calendar"


def test_the_calendar_shows_what_was_done_and_what_is_due(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?view=verlauf&as_of=2026-05-30&from=2025-06-01")
    assert "Durchgeführte Kontrollen: 2 an 1 verschiedenen Tagen; die meisten am 01.06.2025 (2)." in shown
    assert "Künftig fällige Kontrollen: 2 an 1 verschiedenen Tagen; die meisten am 01.06.2026 (2)." in shown


def test_intervals_carry_their_numbers_as_tables(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?view=abstaende&kind=quartier")
    # Both houses were seen once: two open intervals of 532 days, and no usual interval yet.
    assert "Ein üblicher Abstand lässt sich noch nicht nennen" in shown
    assert "0 Abstände sind abgeschlossen, 2 noch offen" in shown
    assert shown.count("table-twin-body") == 3
    assert lines(shown) == ["Ostquartier", "Westquartier"]
    assert lines(said(client("manager"), server, "?view=abstaende&kind=quartier")) == ["Westquartier"]


def test_results_say_that_nothing_was_inspected_and_what_was_before(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?view=ergebnisse")
    assert "Keine Kontrolle im Zeitraum" in shown
    assert "im gleich langen Zeitraum davor: 2." in shown
    longer = show_page(client("staff"), server, "/kontrollen", "?view=ergebnisse&from=2025-06-01")["content"]
    assert first_answer(longer).startswith("Ohne Befund: ")
    assert " von 2 Kontrollen" in first_answer(longer)
    # The second sentence is the tile in words.
    failed = re.search(r"(\d+) von 2", tile(longer, "failed_access").replace("  ", " "))
    assert failed is not None
    assert f"Ohne ausreichenden Zutritt: {failed[0]} Kontrollen" in json.dumps(longer, ensure_ascii=False)
    assert json.dumps(longer).count("table-twin-body") >= 4


def test_every_chart_has_its_definition(client: Clients, server: Flask) -> None:
    for view, most in (("verlauf", 2), ("abstaende", 2), ("ergebnisse", 6)):
        shown = said(client("staff"), server, f"?view={view}&from=2025-06-01")
        tiles = shown.count('"data-figure"')
        assert shown.count('"className": "definition"') - tiles >= most, view


def first_answer(content: Any) -> str:
    """The words of the answer's first line."""
    [found] = [one for one in parts(content) if one.get("className") == "kontrollen-answer-first"]
    return re.sub(r"\s+", " ", "".join(strings(found["children"])).replace("\u00a0", " "))


def parts(content: Any) -> Iterator[dict[str, Any]]:
    """The properties of every component of a page."""
    if isinstance(content, list):
        for one in content:
            yield from parts(one)
    elif isinstance(content, dict):
        properties = content.get("props", {})
        yield properties
        yield from parts(properties.get("children"))


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from strings(one)
    elif isinstance(part, dict):
        yield from strings(part["props"].get("children"))
