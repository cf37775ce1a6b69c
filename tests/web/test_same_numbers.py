"""One filter, one number: page, table, files, map and `qm figures` never tell two stories about the same link.

The links below are asked of every table that shows what a figure counts, by whoever may see the city or a part of it.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.pages.karte import ids as karte
from geodata import figure_commands
from geodata.access import Access, Scope
from geodata.figure import Figure, Period
from geodata.figures import REGISTER, read_figures
from geodata.filters import PropertyFilter
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import borough as boroughs
from tests.factories.borough import PAST, Borough
from tests.factories.town import AS_OF, KEY, NAMES
from tests.web.conftest import HOST, SECRET, Browser, call, show_page

# Which figure counts the rows of a table for the same filter; the other tables list something that no figure counts.
COUNTED: Final[Mapping[str, str]] = {
    "geschlossene_haeuser": "houses_closed",
    "kontrollen": "controls_monitored",
    "objekte": "objects",
    "vorhaben": "projects",
}
# Tables whose rows a figure counts under a filter of their own, by what they are asked beside the link.
COUNTED_WITHIN: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "verfahren": {
        "measures_open": {"status": "open"},
        "measures_cooperative": {"status": "open", "family": "cooperative"},
    },
}
# Tables whose columns add up to figures.
SUMMED: Final[Mapping[str, Mapping[str, str]]] = {
    "foerderungen": {
        "granted_eur": "funding_granted", "called_eur": "funding_called", "paid_eur": "funding_paid",
    },
    "eigentumsformen": {"properties": "objects_open"},
    "wohnungsbilanz": {"dwellings_lost": "dwellings_lost", "dwellings_won": "dwellings_won"},
}  # fmt: skip
UNCOUNTED: Final = frozenset(
    {
        "beschluesse",
        "bewertung-abweichungen",
        "bewertung-beitraege",
        "ersatzwohnraum",
        "erwerb",
        "freigegebene_vorhaben",
        "freigegebene_zahlen",
        "gebiete",
        "lieferungen",
        "protokoll",
        "regeln",
        "rueckbau_hindernisse",
        "rueckbau_kosten",
        "sperren",
        "wohnungsaufsicht_erhebung",
    }
)
COUNT_LINE: Final = f"..{karte.COUNT}.children...{karte.SUMMARY}.children...{karte.AREA_TABLES}.children.."
# Where tiles of the register stand, and for whom.
PAGES: Final = (
    ("/heute", "staff"),
    ("/quartier", "manager"),
    ("/kontrollen", "staff"),
    ("/kontrollen", "manager"),
    ("/rueckbau", "staff"),
    ("/rueckbau", "manager"),
)

FILTERS: Final[Mapping[str, dict[str, str]]] = {
    "everything": {},
    "one area": {"area": "{east}"},
    "two areas": {"area": "{west},{east}"},
    "past": {"as_of": PAST.isoformat()},
    "past and an area": {"as_of": PAST.isoformat(), "area": "{west}"},
    "overdue": {"due": "overdue"},
    "overdue for the fire brigade": {"due": "overdue", "control": "fire_safety"},
    "red and empty": {"colour": "red", "inhabited": "no"},
    "text": {"text": "gassenweg"},
    "nothing": {"text": "gibt es nicht"},
}
Asked = Callable[[str, Mapping[str, str]], dict[str, Any]]
Clients = Callable[[str], FlaskClient]
EVERY_FILTER = pytest.mark.parametrize("filter_name", FILTERS)
EVERY_ROLE = pytest.mark.parametrize("role", ["staff", "manager"])


@pytest.fixture(scope="module")
def borough(make_database: Callable[[str], DatabaseUrls]) -> Borough:
    return boroughs.build(make_database("numbers"))


@pytest.fixture(scope="module")
def access(borough: Borough) -> Iterator[Access]:
    opened = Access(borough.town.urls)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(access: Access, settings: Settings) -> Flask:
    application = create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))
    application.test_client_class = Browser
    return application


@pytest.fixture(scope="module")
def client(server: Flask) -> Callable[[str], FlaskClient]:
    """`client("staff")`: the browser of that account, the same one for the whole module."""

    @cache
    def sign_in(role: str) -> FlaskClient:
        browser = server.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        browser.post("/anmelden/beispiel", data={"account": NAMES[role]})  # type: ignore[index]
        return browser

    return sign_in


def scope_of(borough: Borough, role: str) -> Scope:
    areas = frozenset({borough.town.west}) if role == "manager" else frozenset()
    return Scope(municipality=KEY, role=role, account=NAMES[role], area_ids=areas)  # type: ignore[arg-type,index]


def query_of(borough: Borough, filter_name: str) -> dict[str, str]:
    places = {"west": borough.town.west, "east": borough.town.east}
    return {name: value.format(**places) for name, value in FILTERS[filter_name].items()}


@pytest.fixture(scope="module")
def asked(access: Access, borough: Borough) -> Asked:
    """`asked("staff", query)`: every figure of the register for a link, as that account may see it."""

    @cache
    def ask(role: str, link: str) -> dict[str, Any]:
        chosen = PropertyFilter.from_query({"as_of": AS_OF.isoformat(), **dict(parse_qsl(link))})
        with access.open(scope_of(borough, role)) as asker:
            return {key: one.value for key, one in read_figures(asker, chosen).items()}

    return lambda role, query: ask(role, urlencode(query))


def table_keys(server: Flask) -> set[str]:
    rules = (rule.rule.removeprefix(server.config["QM_PREFIX"]) for rule in server.url_map.iter_rules())
    return {found[1] for rule in rules if (found := re.fullmatch(r"/?tables/([^/<>]+)/rows", rule))}


def test_every_table_is_held_to_a_figure_or_says_why_not(server: Flask) -> None:
    held = set(COUNTED) | set(COUNTED_WITHIN) | set(SUMMED) | {"fristen"}
    assert table_keys(server) == held | UNCOUNTED
    assert not held & UNCOUNTED
    named = {key for of in (*COUNTED_WITHIN.values(), *(one.values() for one in SUMMED.values())) for key in of}
    assert set(COUNTED.values()) | named <= set(REGISTER)


def test_there_is_something_to_count(asked: Asked, borough: Borough) -> None:
    """Numbers that are all zero would agree whatever the code does."""
    # The usual interval is told of one type of control, and only where half of the intervals ended, as at this house.
    usual = asked("staff", {"control": "joint_control", "text": "gassenweg e"})["achieved_interval_median"]
    everything = asked("staff", {}) | {"achieved_interval_median": usual}
    assert not [key for key, value in everything.items() if not value]
    for name in FILTERS:
        assert bool(asked("staff", query_of(borough, name))["objects"]) is (name != "nothing"), name


@EVERY_ROLE
@EVERY_FILTER
def test_tables_files_and_map_have_as_many_as_the_figures_say(
    client: Clients, server: Flask, asked: Asked, borough: Borough, role: str, filter_name: str
) -> None:
    query = query_of(borough, filter_name)
    found, browser, link = asked(role, query), client(role), urlencode(query)
    for table, key in COUNTED.items():
        listed = browser.get(f"/tables/{table}/rows?{link}").get_json()
        assert (listed["total"], len(listed["rows"])) == (found[key], min(found[key], 100)), table
        text = browser.get(f"/tables/{table}.csv?{link}").text
        assert len(list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))) - 1 == found[key], table
    drawn = browser.get(f"/layers/state/columns?frame=7.0,51.0,7.9,51.7&zoom=16&{link}").get_json()
    assert drawn["shown"] == found["objects"] - found["objects_without_place"]
    told = json.loads(call(browser, server, COUNT_LINE, {f"{karte.FILTER}.data": link}).text)["response"]
    line = " ".join(_words(told[karte.COUNT]["children"]))
    assert re.match(r"(\d+|[Kk]eine?) Objekt", line), line
    assert re.sub(r"\D", "", line.split()[0]) == (str(found["objects"]) if found["objects"] else ""), line


@EVERY_ROLE
@EVERY_FILTER
def test_proceedings_money_and_dwellings_are_listed_as_the_figures_say(
    client: Clients, asked: Asked, borough: Borough, role: str, filter_name: str
) -> None:
    query = query_of(borough, filter_name)
    found, year = asked(role, query), Period.year_until(date.fromisoformat(query.get("as_of", AS_OF.isoformat())))

    def listed(table: str, **more: str) -> list[dict[str, Any]]:
        answer = client(role).get(f"/tables/{table}/rows?{urlencode({**query, **more})}").get_json()
        assert answer["total"] == len(answer["rows"])
        return list(answer["rows"])

    for table, asked_within in COUNTED_WITHIN.items():
        for key, more in asked_within.items():
            assert len(listed(table, **more)) == found[key], key
    expired = {row["measure_key"] for row in listed("fristen") if _number(row["days_left"]) < 0} - {"–"}
    assert len(expired) == found["measures_expired"]
    for table, columns in SUMMED.items():
        # Figures of changes are those of a year, and the table lists more of them.
        rows = [
            row
            for row in listed(table)
            if "happened_on" not in row or year.first_on <= _day(row["happened_on"]) <= year.last_on
        ]
        for column, key in columns.items():
            assert sum(_number(row[column]) for row in rows) == found[key], key


@pytest.mark.parametrize("filter_name", ["everything", "past and an area", "overdue"])
@pytest.mark.parametrize("table", COUNTED)
def test_a_spreadsheet_has_the_same_rows(
    client: Clients, asked: Asked, borough: Borough, filter_name: str, table: str
) -> None:
    query = query_of(borough, filter_name)
    answer = client("staff").get(f"/tables/{table}.xlsx?{urlencode(query)}")
    sheet = load_workbook(io.BytesIO(answer.data), read_only=True).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
    assert len(rows) - 1 == asked("staff", query)[COUNTED[table]]


@pytest.mark.parametrize(("path", "role"), PAGES)
@pytest.mark.parametrize("filter_name", ["everything", "two areas", "past and an area", "overdue", "nothing"])
def test_every_tile_of_a_page_shows_the_figure(
    client: Clients, server: Flask, asked: Asked, borough: Borough, path: str, role: str, filter_name: str
) -> None:
    query = query_of(borough, filter_name)
    content = show_page(client(role), server, path, f"?{urlencode(query)}")["content"]
    # Each area of a manager is counted by itself; this manager has one.
    found = asked(role, query | ({"area": str(borough.town.west)} if path == "/quartier" else {}))
    tiles = list(_tiles(content))
    assert {key for key, _said in tiles} <= set(REGISTER)
    assert tiles or filter_name == "nothing"
    wrong = [(key, said, found[key]) for key, said in tiles if not _says(said, REGISTER[key], found[key])]
    assert not wrong


def test_an_area_of_somebody_else_has_no_tile(client: Clients, server: Flask, borough: Borough) -> None:
    content = show_page(client("manager"), server, "/quartier", f"?area={borough.town.east}")["content"]
    assert not list(_tiles(content))


@pytest.mark.parametrize(("area", "as_of"), [(None, None), ("quartier:w", None), ("o", PAST.isoformat())])
def test_the_command_prints_what_the_pages_show(
    client: Clients, access: Access, asked: Asked, borough: Borough, area: str | None, as_of: str | None
) -> None:
    values, name = figure_commands.read(access, figure_commands.Wish(as_of, area, KEY, None))
    printed = {one["key"]: one["value"] for one in json.loads(figure_commands.figures_json(values, name))}
    ids = {"quartier:w": borough.town.west, "o": borough.town.east}
    query = ({"area": str(ids[area])} if area else {}) | ({"as_of": as_of} if as_of else {})
    assert printed == asked("staff", query)
    for table, key in COUNTED.items():
        listed = client("staff").get(f"/tables/{table}/rows?{urlencode(query)}").get_json()
        assert listed["total"] == printed[key]


def test_a_manager_is_shown_what_the_command_prints_for_the_area(asked: Asked, borough: Borough) -> None:
    west = asked("staff", {"area": str(borough.town.west)})
    assert asked("manager", {}) == west
    assert west["objects"] < asked("staff", {})["objects"]


def _number(cell: str) -> int:
    """A number as a German reader writes it, with its unit; an empty cell adds nothing."""
    digits = re.sub(r"[^\d-]", "", cell.replace("−", "-"))
    return int(digits) if digits else 0


def _day(cell: str) -> date:
    return datetime.strptime(cell, "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no time zone


def _tiles(content: Any) -> Iterator[tuple[str, str]]:
    """Key and words of every tile of the register in a page."""
    if isinstance(content, list):
        for one in content:
            yield from _tiles(one)
    if isinstance(content, dict):
        properties = content.get("props", {})
        if "data-figure" in properties:
            yield properties["data-figure"], " ".join(_words(properties["children"]))
        else:
            yield from _tiles(properties.get("children"))


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _words(one)
    elif isinstance(part, dict) and "props" in part:
        yield from _words(part["props"].get("children"))


def _says(said: str, figure: Figure, value: Any) -> bool:
    """Whether a tile shows this value: its number stands after its title, in German with a full stop in thousands."""
    if isinstance(value, date) or value is None:
        return value is not None or "–" in said
    number = re.search(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*)(?:,\d+)?(?![\d])", said)
    return number is not None and int(number[1].replace(".", "")) == round(value)
