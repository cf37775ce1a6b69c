"""The map page through its routes and callbacks: who gets what, from which cache, and what happens to broken links."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.answers import etag
from dashboard.pages.karte import figures, ids
from dashboard.pages.karte.layout import basemap_of
from geodata.access import Scope
from geodata.municipalities import DataState
from geodata.properties import Count
from geodata.settings import Settings
from layers.base import THEMES, discover
from layers.style import PLACES
from layers.symbols import SYMBOLS, sprite_index, svg
from tests.factories.town import AS_OF, Town
from tests.web.conftest import call, show_page

Clients = Callable[[str], FlaskClient]
LAYERS = discover()
URLS = [
    *(f"/layers/{layer.key}/columns" for layer in LAYERS),
    *(f"/layers/{layer.key}/geometry" for layer in LAYERS if layer.geometry),
    "/tables/objekte/rows",
    "/layers/context/tiles/12/2133/1361",
]
TELL = f"..{ids.COUNT}.children...{ids.SUMMARY}.children...{ids.AREA_TABLES}.children.."
CARD = f"..{ids.CARD}.children...{ids.PLACE}.data.."
CITY = "frame=7.3,51.2,7.7,51.5&zoom=13"


@pytest.mark.parametrize("url", URLS)
def test_a_visitor_and_politics_get_nothing(visitor: FlaskClient, client: Clients, url: str) -> None:
    assert visitor.get(url).status_code == 401
    assert client("politics").get(url).status_code == 403


@pytest.mark.parametrize("url", URLS)
def test_an_answer_is_asked_for_again_cheaply_and_never_shared(client: Clients, url: str) -> None:
    staff = client("staff")
    first = staff.get(url)
    assert first.status_code == 200, first.text
    assert "Cookie" in first.headers["Vary"]
    assert "private" in first.headers["Cache-Control"]
    again = staff.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    foreign = client("manager").get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert foreign.status_code == 200


def test_an_etag_names_who_asks_for_what_and_when() -> None:
    staff = Scope("05914000", "staff", "a")
    state = DataState(AS_OF, 7)
    question: dict[str, Any] = {"path": "/x", "query": {"state": "hint"}, "spoken": "de"}
    name = etag(staff, state, **question)
    others = [
        etag(Scope("us-1", "staff", "a"), state, **question),
        etag(Scope("05914000", "manager", "a", frozenset({1})), state, **question),
        etag(Scope("05914000", "manager", "a", frozenset({2})), state, **question),
        etag(staff, DataState(AS_OF, 8), **question),
        etag(staff, DataState(None, 7), **question),
        etag(staff, state, **question | {"path": "/y"}),
        etag(staff, state, **question | {"query": {"state": "hint", "as_of": "2026-01-01"}}),
        etag(staff, state, **question | {"spoken": "en"}),
    ]
    assert len({name, *others}) == len(others) + 1
    assert etag(Scope("05914000", "staff", "b"), state, **question) == name


def test_map_table_and_count_agree_for_each_role(client: Clients, server: Flask, town: Town) -> None:
    for role, seen in (("staff", {town.in_west, town.in_east}), ("manager", {town.in_west})):
        browser = client(role)
        drawn = browser.get(f"/layers/state/columns?{CITY}").get_json()
        listed = browser.get("/tables/objekte/rows").get_json()
        told = json.loads(call(browser, server, TELL, {f"{ids.FILTER}.data": ""}).text)["response"]
        assert set(drawn["columns"]["state_points"]["customdata"]) == seen
        assert {row["id"] for row in listed["rows"]} == seen
        assert listed["total"] == drawn["shown"] == len(seen)
        count = told[ids.COUNT]["children"][0]["props"]["children"]
        assert count == {1: "1 Objekt", 2: "2 Objekte"}[len(seen)]


def test_a_manager_is_told_which_areas_count(client: Clients, server: Flask) -> None:
    pages = {
        role: json.dumps(show_page(client(role), server, "/karte"), ensure_ascii=False) for role in ("staff", "manager")
    }
    assert "Ihre Gebiete: Westquartier. Alle Zahlen gelten nur dort." in pages["manager"]
    assert "Ihre Gebiete" not in pages["staff"]


def test_words_follow_the_language(client: Clients) -> None:
    staff = client("staff")
    german = staff.get(f"/layers/state/columns?{CITY}").get_json()["columns"]["state_points"]["text"][0]
    english = staff.get(f"/layers/state/columns?{CITY}&lang=en").get_json()["columns"]["state_points"]["text"][0]
    assert "Zustand: Erfasst" in german
    assert "State: " in english


@pytest.mark.parametrize(
    "broken",
    ["state=burning", "area=x", "box=1,2,3", "as_of=gestern", "frame=0", "zoom=near", "polygon=" + "9" * 20_000],
)
def test_a_broken_link_is_refused_in_words(client: Clients, broken: str) -> None:
    answer = client("staff").get(f"/layers/state/columns?{broken}")
    assert answer.status_code == 400
    assert broken.split("=")[0] in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    "broken",
    [
        "sort=password_hash",
        "start=-1",
        "size=0",
        "start=9223372036854775808",
        "start=" + "9" * 5_000,
        "size=100000",
        "start=x",
    ],
)
def test_the_table_sorts_and_pages_within_its_limits(client: Clients, broken: str) -> None:
    assert client("staff").get(f"/tables/objekte/rows?{broken}").status_code == 400


@pytest.mark.parametrize("tile", ["0/0/0", "30/1/1", "12/99999/1"])
def test_a_tile_that_does_not_exist_is_refused(client: Clients, tile: str) -> None:
    assert client("staff").get(f"/layers/context/tiles/{tile}").status_code == 400


def test_a_broken_filter_is_told_where_the_count_stands(client: Clients, server: Flask) -> None:
    told = json.loads(call(client("staff"), server, TELL, {f"{ids.FILTER}.data": "state=burning"}).text)["response"]
    assert "state" in told[ids.COUNT]["children"]["props"]["children"]


def test_nothing_found_says_what_to_do(client: Clients, server: Flask) -> None:
    told = json.loads(call(client("staff"), server, TELL, {f"{ids.FILTER}.data": "text=nirgends"}).text)["response"]
    assert "zurücksetzt" in json.dumps(told, ensure_ascii=False)


def test_the_card_shows_only_what_the_asker_may_see(client: Clients, server: Flask, town: Town) -> None:
    def picked(role: str, property_id: Any) -> dict[str, Any]:
        answer = call(client(role), server, CARD, {f"{ids.OBJECT}.data": property_id, f"{ids.FILTER}.data": ""})
        assert answer.status_code == 200, answer.text
        return dict(json.loads(answer.text)["response"])

    mine = picked("staff", town.in_east)
    assert mine[ids.PLACE]["data"]["position"] == 1
    assert "Musterallee 2" in json.dumps(mine)
    hidden = picked("manager", town.in_east)
    assert hidden[ids.PLACE]["data"] is None
    assert "Musterallee" not in json.dumps(hidden)
    assert picked("staff", "1; drop table")[ids.CARD]["children"] is None


def test_the_page_holds_every_control_once_and_every_layer(client: Clients, server: Flask) -> None:
    content = json.dumps(show_page(client("staff"), server, "/karte")["content"])
    for control, _part in ids.CONTROLS:
        assert content.count(f'"id": "{control}"') == 1
    for layer in LAYERS:
        assert f'"data-legend": "{layer.key}"' in content


def place_of(anchor: str) -> int:
    return next(number for number, place in enumerate(PLACES) if anchor.startswith(place))


@pytest.mark.parametrize("theme", THEMES)
def test_style_and_traces_name_no_other_host_and_fit_together(theme: Any) -> None:
    style = figures.style(LAYERS, theme, None)
    traces = figures.templates(LAYERS, theme)
    written = json.dumps([style, list(traces.values())])
    assert "http" not in written
    assert "glyphs" not in style
    names = [layer["id"] for layer in style["layers"]]
    assert len(set(names)) == len(names)
    # Each trace has an anchor of its own, or Plotly puts all of them on the map anew whenever one changes.
    anchors = [trace["below"] for trace in traces.values()]
    assert len(set(anchors)) == len(anchors)
    assert [name for name in names if name in anchors] == sorted(anchors, key=place_of)
    assert all("_" in symbol for symbol in SYMBOLS)


def test_a_base_map_names_its_source_and_never_lies_under_invented_data(settings: Settings) -> None:
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    wished = settings.model_copy(update={"basemap": tiles, "basemap_attribution": "Land NRW"})
    assert basemap_of(wished, is_invented=True) is None
    assert basemap_of(settings, is_invented=False) is None
    style = figures.style(LAYERS, "light", basemap_of(wished, is_invented=False))
    assert style["sources"]["basemap"]["attribution"] == "Land NRW"
    assert style["sources"]["basemap"]["tiles"] == [tiles]
    assert [layer["id"] for layer in style["layers"]][:2] == ["land", "basemap"]


def test_themes_have_the_same_traces_in_the_same_order() -> None:
    light, dark = (list(figures.templates(LAYERS, theme)) for theme in THEMES)
    assert light == dark


def test_every_legend_symbol_is_in_the_sprite() -> None:
    index = json.loads(sprite_index(1))
    for entry in [entry for layer in LAYERS for entry in layer.legend]:
        assert (entry.symbol is None) != (entry.swatch is None)
        if entry.symbol:
            assert entry.symbol in index
            assert svg(entry.symbol).startswith("<svg")


@pytest.mark.parametrize("name", ["sprite-light", "sprite-dark@2x"])
def test_the_sprite_is_there_for_whoever_has_signed_in(visitor: FlaskClient, client: Clients, name: str) -> None:
    assert visitor.get(f"/layers/{name}.png").status_code == 401
    picture, index = (client("staff").get(f"/layers/{name}.{kind}") for kind in ("png", "json"))
    assert picture.data.startswith(b"\x89PNG")
    assert set(index.get_json()) == set(SYMBOLS)


def test_two_layers_of_one_key_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from layers import context, focus_areas

    monkeypatch.setattr(context, "LAYER", focus_areas.LAYER)
    with pytest.raises(ValueError, match="same key: focus"):
        discover()


def test_the_words_of_the_map_add_up(server: Flask) -> None:
    with server.test_request_context():
        some = figures.summary(Count(total=3, unplaced=2, overdue=0), {"recorded": 2, "closed": 1})
        all_placed = figures.summary(Count(total=2, unplaced=0, overdue=0), {"recorded": 2})
    assert "Die Karte zeigt 1 Objekt an seinem Ort. Alle nach Zustand, auch die ohne Ort: " in some
    assert "Die Karte zeigt 2 Objekte an ihrem Ort. Nach Zustand: " in all_placed
