"""Walks everything that the application answers: pages and what they link to, routes, callbacks, files and errors.

It knows no page by name. It starts from the application's own registers (pages, routes, callbacks), fills every place
with every number and word that it was given, and follows every local address that an answer mentions.
"""

import gzip
import io
import json
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dashboard.page import resolve
from tests.web.conftest import PAGE, call, envelope

# Files of libraries and of the program are the same for everybody and hold no row of a city.
SKIPPED: Final = re.compile(r"^/(_dash-component-suites|assets|_favicon|_reload-hash|layers/sprite-|abmelden)")
LOCAL: Final = re.compile(r"^/[A-Za-z_]")
# Pages link to themselves with ever more parts in the query: so many of one path are asked for, and beyond them, up to
# the second number, one of each view and form of the page and of each thing opened, wherever the link to it stands.
MOST_QUERIES: Final = 6
MOST_VIEWS: Final = 24
VIEWS: Final = ("view", "form", "step")
OPENED: Final = ("project", "grant", "house", "measure", "value", "report", "owner")
SHOW: Final = "..shell-content.children...shell-page.data.."


class Crawler:
    """Collects every answer that one browser can get; `answers` is (what was asked, bytes) in the order of asking.

    `faults` are the requests that ended as a fault of ours (500): a fault in front of a door proves nothing.
    """

    def __init__(
        self,
        server: Flask,
        browser: FlaskClient,
        *,
        numbers: Sequence[int],
        words: Sequence[str],
        queries: Sequence[str],
    ) -> None:
        self._server, self._browser = server, browser
        self._numbers, self._words, self._queries = numbers, words, queries
        self._waiting: deque[str] = deque()
        self._known: set[str] = set()
        self._queries_of: Counter[str] = Counter()
        self._views: set[tuple[str, ...]] = set()
        self.answers: list[tuple[str, bytes]] = []
        self.faults: list[str] = []

    def walk(self) -> None:
        """Ask for everything, then for everything that the answers mention."""
        for address in [*self._pages(), *self._routes()]:
            for query in ("", *self._queries):
                self._note(f"{address}?{query}" if query else address)
        while self._waiting:
            self._visit(self._waiting.popleft())
        self._call_back()
        self._make_mistakes()

    def found(self, form: str) -> list[str]:
        """What was asked where an answer holds this text."""
        wanted = [form.encode(), json.dumps(form)[1:-1].encode()]
        return [asked for asked, body in self.answers if any(one in body for one in wanted)]

    # --- what there is ------------------------------------------------------------------------------------------------

    def _pages(self) -> Iterator[str]:
        for page in self._server.extensions["quartiermonitor"]["pages"]:
            if not page.takes_segment or page.segment_is_optional:
                yield page.base_path
            if page.takes_segment:
                yield from (f"{page.base_path}/{one}" for one in [*self._numbers, *self._words])

    def _routes(self) -> Iterator[str]:
        for rule in self._server.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and not SKIPPED.match(rule.rule) and "<path:" not in rule.rule:
                yield from self._filled(rule)

    def _filled(self, rule: Rule) -> Iterator[str]:
        adapter = self._server.url_map.bind("localhost")
        names = sorted(rule.arguments)
        kinds = [type(rule._converters[name]).__name__ for name in names]
        choices = [self._numbers if kind == "IntegerConverter" else self._words for kind in kinds]
        for values in product(*choices):
            yield adapter.build(rule.endpoint, dict(zip(names, values, strict=True)), method="GET")

    # --- asking -------------------------------------------------------------------------------------------------------

    def _note(self, address: str) -> None:
        clean = address.split("#")[0]
        if clean not in self._known and LOCAL.match(clean) and not SKIPPED.match(clean):
            path = urlsplit(clean).path
            view = self._view(clean)
            if self._queries_of[path] >= (MOST_QUERIES if view in self._views else MOST_VIEWS):
                return
            self._views.add(view)
            self._queries_of[path] += 1
            self._known.add(clean)
            self._waiting.append(clean)

    def _view(self, address: str) -> tuple[str, ...]:
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        return (parts.path, *(query.get(name, "") for name in VIEWS), *(name for name in OPENED if name in query))

    def _visit(self, address: str) -> None:
        parts = urlsplit(address)
        if resolve(self._server.extensions["quartiermonitor"]["pages"], parts.path) is None:
            self._keep(f"GET {address}", self._browser.get(address))
            return
        # The frame of every page is the same; what differs comes through the router.
        if not parts.query:
            self._keep(f"GET {address} as a page", self._browser.get(address, headers=PAGE))
        query = dict(parse_qsl(parts.query))
        values = {"shell-route.data": {"path": parts.path, "query": query}, "shell-location.search": f"?{parts.query}"}
        shown = call(self._browser, self._server, SHOW, values)
        self._keep(f"page {address}", shown)
        for found in _addresses(shown.get_json(silent=True)):
            self._note(found)

    def _call_back(self) -> None:
        callbacks = self._server.extensions["quartiermonitor"]["locks"].callbacks
        fillings: list[Any] = [*self._numbers, *self._words, *({"id": number} for number in self._numbers), True]
        for output in callbacks:
            spec = self._server.extensions["quartiermonitor"]["app"].callback_map[output]
            names = [f"{item['id']}.{item['property']}" for item in [*spec["inputs"], *spec["state"]]]
            for value in fillings:
                answer = call(self._browser, self._server, output, dict.fromkeys(names, value))
                self._keep(f"callback {output} with {value}", answer)
                for found in _addresses(answer.get_json(silent=True)):
                    self._note(found)
        while self._waiting:
            self._visit(self._waiting.popleft())

    def _make_mistakes(self) -> None:
        """Errors tell as much as answers: forms, methods and bodies that do not fit."""
        for rule in self._server.url_map.iter_rules():
            if SKIPPED.match(rule.rule) or "<path:" in rule.rule:
                continue
            for address, method in product(self._filled_any(rule), sorted((rule.methods or set()) & {"POST", "PUT"})):
                for body in ({}, {"values": {}, "about": {"property": str(self._numbers[-1])}}):
                    answer = self._browser.open(address, method=method, json=body)
                    self._keep(f"{method} {address}", answer)
        broken = envelope(self._server, SHOW, {"shell-route.data": {"path": f"/objekt/{self._words[0]}"}})
        self._keep("broken envelope", self._browser.post("/_dash-update-component", json={**broken, "inputs": []}))
        for word in self._words:
            self._keep(f"unknown page {word}", self._browser.get(f"/{word}", headers=PAGE))

    def _filled_any(self, rule: Rule) -> Iterator[str]:
        adapter = self._server.url_map.bind("localhost")
        names = sorted(rule.arguments)
        kinds = [type(rule._converters[name]).__name__ for name in names]
        choices = [self._numbers[-1:] if kind == "IntegerConverter" else self._words[:1] for kind in kinds]
        method = next(iter((rule.methods or {"POST"}) - {"HEAD", "OPTIONS"}))
        for values in product(*choices):
            yield adapter.build(rule.endpoint, dict(zip(names, values, strict=True)), method=method)

    def _keep(self, asked: str, answer: TestResponse) -> None:
        if answer.status_code == 500:
            self.faults.append(asked)
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie").encode()
        self.answers.append((asked, headers + b"\n" + unpacked(answer)))


def unpacked(answer: TestResponse) -> bytes:
    """The body as its reader sees it: inflated, and the members of a zip (a spreadsheet is one) side by side."""
    body = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return body


def _addresses(node: Any) -> Iterator[str]:
    """Every local address in an answer, wherever it stands."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str) and LOCAL.match(item):
            yield item
