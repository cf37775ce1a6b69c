"""The page of controls through its routes: who sees what, and that tiles, list and map say the same number."""

import json
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from geodata.access import Asker
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
        ("due=x", "due"),
    ],
)
def test_a_broken_link_is_told_in_words(client: Clients, server: Flask, search: str, part: str) -> None:
    shown = said(client("staff"), server, f"?{search}")
    assert f"Dieser Teil des Links ist nicht lesbar: {part}." in shown
    assert "data-figure" not in shown


def test_a_filter_that_nothing_fits_is_not_told_as_missing_areas(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?text=nirgends")
    assert shown.count("Nichts aufzuführen") == 3
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

    # The page's `layout` is a function; the module of that name is found by its name alone.
    monkeypatch.setattr(import_module("dashboard.pages.kontrollen.layout"), "read_achieved", endless)
    shown = said(client("staff"), server)
    assert "Das dauert länger, als eine Seite warten kann" in shown
    assert "data-figure" in shown


def test_charts_carry_their_numbers_as_tables(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server, "?kind=quartier")
    # Both houses were seen once: two open intervals of 532 days, and no usual interval yet.
    assert "Ein üblicher Abstand lässt sich noch nicht nennen" in shown
    assert "0 Abstände sind abgeschlossen, 2 noch offen" in shown
    assert shown.count("table-twin-body") == 2
    assert lines(shown) == ["Ostquartier", "Westquartier"]
    assert lines(said(client("manager"), server, "?kind=quartier")) == ["Westquartier"]
