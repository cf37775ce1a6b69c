"""The page of controls through its routes: who sees what, and that tiles, list and map say the same number."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

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


def test_it_is_for_those_who_inspect(client: Clients, server: Flask, visitor: FlaskClient) -> None:
    assert visitor.get(ROWS).status_code == 401
    assert client("politics").get(ROWS).status_code == 403
    refused = said(client("politics"), server)
    assert "Das ist für Ihre Rolle nicht freigegeben" in refused or "nicht" in refused
    assert "data-figure" not in refused


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
