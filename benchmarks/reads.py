"""The questions of the pages, asked again and again through the routes of the application and timed.

Each question is asked for other places and properties every time, so that no cache answers. A street is cut so that it
holds about as many objects in each city: a larger city is larger, not denser, and only answers of one size compare.
"""

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from benchmarks.scale import Scale
from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata.access import Access, Asker, Isolation, Scope
from geodata.accounts import find
from geodata.areas import read_areas
from geodata.control_reads import read_due_list
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from geodata.municipalities import data_state
from geodata.properties import read_count
from geodata.settings import DatabaseUrls
from geodata.tables import property_current
from layers.base import discover

CITY = "de-demo01"
STAFF = Scope(CITY, "staff", "beispiel-bauaufsicht")
MANAGER = "beispiel-quartier"
MIDDLE = (7.46, 51.355)
# Objects that a street shows, about.
STREET_OBJECTS = 150
CUBE_FIGURES = ("objects", "objects_open", "controls_monitored", "controls_on_time", "overdue_days_median")

Query = Mapping[str, str]
Read = Callable[[Asker, random.Random], object]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Measured:
    """Seconds of each answer, bytes of the largest one (gzip), and how many answers were none."""

    kind: str
    title: str
    seconds: tuple[float, ...]
    largest_bytes: int | None
    failures: int

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class City:
    """What the questions need to know of one city: its size, areas, some properties, and its date."""

    scale: Scale
    as_of: date
    areas: dict[str, list[int]]
    property_ids: list[int]
    rows: int

    def box(self, chance: random.Random, width_km: float) -> Box:
        """A window of that width somewhere in the middle of the city."""
        lon, lat = MIDDLE[0] + chance.uniform(-0.02, 0.02), MIDDLE[1] + chance.uniform(-0.01, 0.01)
        half_lon, half_lat = width_km / 2 / 69.5, width_km / 2 / 111.2 / 1.6
        return (lon - half_lon, lat - half_lat, lon + half_lon, lat + half_lat)

    @property
    def every_area(self) -> list[int]:
        """Areas of every kind."""
        return [area_id for ids in self.areas.values() for area_id in ids]

    @property
    def street_km(self) -> float:
        """Width of a window with about as many objects in each city; 10,000 properties have 150 in 1.6 km."""
        return 1.6 * math.sqrt(STREET_OBJECTS / 150 * 10_000 / self.scale.size)


@dataclass(frozen=True)
class Question:
    """One question; `ask` sends it and gives the bytes of the answer, None where there are none to count."""

    key: str
    kind: str
    title: str
    ask: Callable[[random.Random], int | None]


class Failed(Exception):
    """An answer that was none: too slow for the web, or worse."""


def know(scale: Scale, access: Access) -> City:
    """Look the city up."""
    with access.open(STAFF) as asker:
        as_of = data_state(asker).refreshed_as_of
        assert as_of is not None
        areas: dict[str, list[int]] = {}
        for area in read_areas(asker, as_of):
            areas.setdefault(area.kind, []).append(area.id)
        ids = asker.connection.execute(select(property_current.c.property_id).limit(1_000)).scalars().all()
        rows = read_count(asker, PropertyFilter()).total
    return City(scale, as_of, areas, list(ids), rows)


def application(scale: Scale, access: Access) -> Flask:
    """The application as the composition root builds it."""
    deps = Deps(settings=scale.settings, access=access, session_key="only for this run", layers=discover())
    return create_app(deps)


def sign_in(server: Flask, account: str = STAFF.account) -> FlaskClient:
    """A browser in which somebody, mostly building control, has signed in by the button of the demonstration."""
    browser = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = "http://localhost"
    answer = browser.post("/anmelden/beispiel", data={"account": account})
    assert answer.status_code == 303, answer.status_code
    return browser


def questions(city: City, browser: FlaskClient, access: Access) -> tuple[Question, ...]:
    """What pages ask, by the goal that holds for it."""
    one, some = _Asking(city, browser), _Reading(access)
    every = PropertyFilter()
    return (
        one.map("map_city", "today", "Map, whole city", width_km=22, zoom=11),
        one.map("map_district", "today", "Map, district", width_km=5, zoom=13),
        one.map("map_street", "today", "Map, street", width_km=city.street_km, zoom=16),
        one.page("property", "today", "One property", lambda chance: f"/objekt/{chance.choice(city.property_ids)}"),
        some.figures("figures_city", "today", "Figures of the city", lambda chance: every),
        some.figures("figures_area", "today", "Figures of an area", lambda chance: _area(city, chance)),
        one.table("table_first", "today", "Table, first rows", "objekte", lambda chance: {}),
        some.read("due_list", "today", "List of what is due", lambda asker, chance: read_due_list(asker, every)),
        one.table("table_deep", "other", "Table, sorted, deep", "objekte", lambda chance: _deep(city, chance)),
        some.figures("text", "other", "Figures, text filter", lambda chance: PropertyFilter(text=_text(chance))),
        some.figures("two_areas", "other", "Figures, two areas", lambda chance: _two_areas(city, chance)),
        some.figures("facets", "other", "Figures, state and assessment", lambda chance: _facets(chance)),
        one.map("map_filtered", "other", "Map, city, last visit long ago", width_km=22, zoom=11, extra=_long_ago(city)),
        one.map("map_red", "other", "Map, district, red", width_km=5, zoom=13, extra={"colour": "red"}),
        some.figures("visits", "other", "Visits of twelve months", lambda chance: every, ("inspections_done",)),
        some.figures("past_city", "other", "Figures, past date, city", lambda chance: _past(city, chance)),
        some.figures("past_area", "other", "Figures, past date, area", lambda chance: _past_area(city, chance)),
    )


def measure(questions: Sequence[Question], times: int) -> tuple[Measured, ...]:
    """Ask one question of several cities in turns, so that each meets the same machine, after one turn that warms up.

    What takes too long counts with the time it took; a city that failed to answer three times is not asked again.
    """
    chances = [random.Random(number) for number in range(len(questions))]  # noqa: S311 - the same places in every run
    seconds: list[list[float]] = [[] for _ in questions]
    largest: list[int | None] = [None for _ in questions]
    failures = [0 for _ in questions]
    for turn in range(times + 1):
        for at, question in enumerate(questions):
            if failures[at] > 2:
                continue
            started = time.perf_counter()
            try:
                size = question.ask(chances[at])
            except Failed:
                size, failures[at] = None, failures[at] + (turn > 0)
            if turn:
                seconds[at].append(time.perf_counter() - started)
            if size is not None:
                largest[at] = max(largest[at] or 0, size)
    return tuple(
        Measured(question.kind, question.title, tuple(seconds[at]), largest[at], failures[at])
        for at, question in enumerate(questions)
    )


class WithoutPolicies(Access):
    """The application's pools, except that whoever asks is answered as the role that sees every row."""

    def __init__(self, urls: DatabaseUrls, *, statement_seconds: int) -> None:
        super().__init__(urls, statement_seconds=statement_seconds)
        self._loader = create_engine(urls.load, pool_pre_ping=True, connect_args={"prepare_threshold": None})

    @contextmanager
    def open(
        self, scope: Scope, *, isolation: Isolation = "READ COMMITTED", statement_seconds: int | None = None
    ) -> Iterator[Asker]:
        """As `Access.open`, by one statement too, because making the settings takes its time."""
        settings = text("SELECT set_config('app.municipality', :city, true), set_config('app.account', :account, true)")
        with self._loader.connect() as connection, connection.begin():
            connection.execute(settings, {"city": scope.municipality, "account": scope.account})
            yield Asker(connection, scope)

    def close(self) -> None:
        super().close()
        self._loader.dispose()


def policies(city: City, times: int) -> dict[str, float]:
    """What row policies cost on the whole answer, through the routes: median with them to median without, by turns.

    A manager without policies gets the areas assigned as a part of the filter, so that both answers hold the same rows.
    """
    # Without the limit of the web: what is compared are two ways to ask, and both may be slow.
    locked, unlocked = (kind(city.scale.urls, statement_seconds=60) for kind in (Access, WithoutPolicies))
    servers = [application(city.scale, access) for access in (locked, unlocked)]
    found = {}
    for name in (STAFF.account, MANAGER):
        with locked.accounts() as connection:
            account = find(connection, name)
        assert account is not None
        with locked.open(account.scope) as asker:
            own = asker.connection.execute(select(property_current.c.property_id).limit(1_000)).scalars().all()
        browsers = [sign_in(server, name) for server in servers]
        areas = ",".join(str(area_id) for area_id in sorted(account.area_ids))
        for title, ask in _policy_questions(city, own).items():
            found[f"{account.role}, {title}"] = _with_to_without(browsers, ask, {"area": areas} if areas else {}, times)
    locked.close()
    unlocked.close()
    return found


# Asks one question of a browser, with these parts of a link more.
Ask = Callable[[FlaskClient, random.Random, Query], int]


def _policy_questions(city: City, own: Sequence[int]) -> dict[str, Ask]:
    def view(browser: FlaskClient, chance: random.Random, more: Query) -> int:
        frame = ",".join(f"{value:.5f}" for value in city.box(chance, city.street_km))
        return _Asking(city, browser).get("/layers/state/columns", {"frame": frame, "zoom": "16", **more})

    def table(browser: FlaskClient, chance: random.Random, more: Query) -> int:
        start = str(chance.randrange(max(1, len(own) // 2)))
        return _Asking(city, browser).get("/tables/objekte/rows", {"start": start, **more})

    def searched(browser: FlaskClient, chance: random.Random, more: Query) -> int:
        return _Asking(city, browser).get("/tables/objekte/rows", {"text": _text(chance), **more})

    def one(browser: FlaskClient, chance: random.Random, more: Query) -> int:
        return _Asking(city, browser).open(f"/objekt/{chance.choice(own)}")

    return {"map_street": view, "table": table, "table_text": searched, "property": one}


def _with_to_without(browsers: Sequence[FlaskClient], ask: Ask, areas: Query, times: int) -> float:
    """Ratio of the medians; asked in turns, so that both meet the same machine. `areas` filter where no policy does."""
    seconds: tuple[list[float], ...] = ([], [])
    for number in range(times + 3):
        for taken, browser, more in zip(seconds, browsers, ({}, areas), strict=True):
            started = time.perf_counter()
            ask(browser, random.Random(number), more)  # noqa: S311 - the same question for both
            taken.append(time.perf_counter() - started)
    with_, without = (sorted(one[3:])[times // 2] for one in seconds)
    return with_ / without


# --- how it is asked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asking:
    """Through the routes, as a browser does."""

    city: City
    browser: FlaskClient

    def get(self, path: str, query: Query) -> int:
        answer = self.browser.get(f"{path}?{urlencode(query)}", headers={"Accept-Encoding": "gzip"})
        if answer.status_code != 200:
            raise Failed(str(answer.status_code))
        return len(answer.data)

    def open(self, path: str) -> int:
        body = page_request(path)
        answer = self.browser.post("/_dash-update-component", json=body, headers={"Accept-Encoding": "gzip"})
        if answer.status_code != 200:
            raise Failed(str(answer.status_code))
        return len(answer.data)

    def map(
        self, key: str, kind: str, title: str, *, width_km: float, zoom: float, extra: Query | None = None
    ) -> Question:
        def ask(chance: random.Random) -> int:
            frame = ",".join(f"{value:.5f}" for value in self.city.box(chance, width_km))
            return self.get("/layers/state/columns", {"frame": frame, "zoom": str(zoom), **(extra or {})})

        return Question(key, kind, title, ask)

    def table(self, key: str, kind: str, title: str, table: str, query: Callable[[random.Random], Query]) -> Question:
        return Question(key, kind, title, lambda chance: self.get(f"/tables/{table}/rows", query(chance)))

    def page(self, key: str, kind: str, title: str, path: Callable[[random.Random], str]) -> Question:
        return Question(key, kind, title, lambda chance: self.open(path(chance)))


@dataclass(frozen=True)
class _Reading:
    """Through the typed reads, where a page asks several things at once and each has to be told apart."""

    access: Access

    def read(self, key: str, kind: str, title: str, read: Read) -> Question:
        def ask(chance: random.Random) -> None:
            try:
                with self.access.open(STAFF) as asker:
                    read(asker, chance)
            except DBAPIError as error:
                raise Failed(type(error.orig).__name__) from None

        return Question(key, kind, title, ask)

    def figures(
        self,
        key: str,
        kind: str,
        title: str,
        chosen: Callable[[random.Random], PropertyFilter],
        keys: tuple[str, ...] = CUBE_FIGURES,
    ) -> Question:
        return self.read(key, kind, title, lambda asker, chance: read_figures(asker, chosen(chance), keys=keys))


def page_request(path: str) -> dict[str, Any]:
    """The body with which the front end asks the router for a page."""
    return {
        "output": "..shell-content.children...shell-page.data..",
        "outputs": [{"id": "shell-content", "property": "children"}, {"id": "shell-page", "property": "data"}],
        "inputs": [{"id": "shell-route", "property": "data", "value": {"path": path, "query": {}}}],
        "state": [{"id": "shell-location", "property": "search", "value": ""}],
        "changedPropIds": ["shell-route.data"],
    }


# --- what is asked for ------------------------------------------------------------------------------------------------


def _area(city: City, chance: random.Random) -> PropertyFilter:
    return PropertyFilter(area_ids=(chance.choice(city.every_area),))


def _two_areas(city: City, chance: random.Random) -> PropertyFilter:
    return PropertyFilter(area_ids=tuple(sorted(chance.sample(city.every_area, 2))))


def _facets(chance: random.Random) -> PropertyFilter:
    return PropertyFilter(states=(chance.choice(("recorded", "securing", "renovation")),), colours=("red", "none"))


def _past(city: City, chance: random.Random) -> PropertyFilter:
    return PropertyFilter(as_of=city.as_of - timedelta(days=chance.randrange(100, 1_500)))


def _past_area(city: City, chance: random.Random) -> PropertyFilter:
    return replace(_past(city, chance), area_ids=(chance.choice(city.areas["wohnbezirk"]),))


def _text(chance: random.Random) -> str:
    return f"pi {chance.randrange(10):07d}"[:9]


def _long_ago(city: City) -> Query:
    return {"last_before": (city.as_of - timedelta(days=300)).isoformat()}


def _deep(city: City, chance: random.Random) -> Query:
    return {"sort": "last_inspected_on", "start": str(chance.randrange(city.rows // 2, city.rows - 100))}
