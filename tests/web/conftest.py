"""The web application over a small invented town, asked through Flask's client with real sign-ins."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata.access import Access
from geodata.errors import DeliveryRefused
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import town as towns
from tests.factories.town import Town

HOST = "http://localhost"
PAGE = {"Accept": "text/html"}
SECRET = "a key for tests only, never used elsewhere"


class Browser(FlaskClient):
    """A browser that reads each answer to its end, so that no file stays open; posts as from a page of ours."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True} | options)


@pytest.fixture(scope="session")
def town(make_database: Callable[[str], DatabaseUrls]) -> Town:
    """The town; its facts are committed, so tests of this folder only read, or clean up after themselves."""
    return towns.build(make_database("web"))


@pytest.fixture(scope="session")
def server(town: Town, settings: Settings) -> Iterator[Flask]:
    """The application as the composition root builds it, with functions in place of the ETL that refuse everything."""
    access = Access(town.urls)
    deps = Deps(
        settings=settings,
        access=access,
        session_key=SECRET,
        layers=discover(),
        check_delivery=_no_etl,
        load_delivery=_no_etl,
        withdraw_delivery=_no_etl,
        list_mappings=lambda municipality: [("properties", "demo/properties")],
    )
    application = create_app(deps)
    application.test_client_class = Browser
    yield application
    access.close()


@pytest.fixture
def visitor(server: Flask) -> FlaskClient:
    """A browser without a session; posts as from a page of the application."""
    client = server.test_client()
    client.environ_base["HTTP_ORIGIN"] = HOST
    return client


@pytest.fixture
def client(server: Flask) -> Callable[[str], FlaskClient]:
    """`client("staff")` (or manager, politics): a browser in which that account has signed in."""

    def sign_in(role: str) -> FlaskClient:
        browser = server.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        answer = browser.post("/anmelden/beispiel", data={"account": towns.NAMES[role]})  # type: ignore[index]
        assert answer.status_code == 303, answer.text
        return browser

    return sign_in


def _no_etl(*_: object, **__: object) -> object:
    """Stands for the functions of the ETL, so that every part of every page is there."""
    raise DeliveryRefused("The tests of the web load nothing.")


def envelope(server: Flask, output: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body that the front end sends for a callback; `values` by "id.property", None for all others."""
    spec = server.extensions["quartiermonitor"]["app"].callback_map[output]
    given = values or {}

    def filled(items: list[dict[str, Any]]) -> list[Any]:
        return [
            [] if str(item["id"]).startswith("{") else {**item, "value": given.get(f"{item['id']}.{item['property']}")}
            for item in items
        ]

    return {
        "output": output,
        "outputs": _outputs(output),
        "inputs": filled(spec["inputs"]),
        "state": filled(spec["state"]),
        "changedPropIds": list(given),
    }


def call(client: FlaskClient, server: Flask, output: str, values: Mapping[str, Any] | None = None) -> TestResponse:
    """Send a callback and give the answer."""
    return client.post("/_dash-update-component", json=envelope(server, output, values))


def show_page(client: FlaskClient, server: Flask, path: str, search: str = "") -> dict[str, Any]:
    """The page at a path as the router answers it: {"content", "page"}."""
    query = dict(pair.split("=") for pair in search.removeprefix("?").split("&") if pair)
    values = {"shell-route.data": {"path": path, "query": query}, "shell-location.search": search}
    answer = call(client, server, "..shell-content.children...shell-page.data..", values)
    assert answer.status_code == 200, answer.text
    response = json.loads(answer.text)["response"]
    return {"content": response["shell-content"]["children"], "page": response["shell-page"]["data"]}


def _outputs(output: str) -> Any:
    names = output.removeprefix("..").removesuffix("..").split("...")
    items = [dict(zip(("id", "property"), name.split("@")[0].rsplit(".", 1), strict=True)) for name in names]
    return items if output.startswith("..") else items[0]
