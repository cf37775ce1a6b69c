"""What is not theirs does not come: a crawler signed in as each role walks everything, and counts the canaries."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata.access import PERMISSIONS, Access
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import canaries
from tests.factories.canaries import CanaryTown
from tests.factories.town import NAMES
from tests.web.conftest import HOST, SECRET, Browser
from tests.web.crawler import Crawler


@pytest.fixture(scope="module")
def canary_town(make_database: Callable[[str], DatabaseUrls]) -> CanaryTown:
    return canaries.build(make_database("canary"))


@pytest.fixture(scope="module")
def server(canary_town: CanaryTown, settings: Settings) -> Iterator[Flask]:
    access = Access(canary_town.town.urls)
    application = create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))
    application.test_client_class = Browser
    yield application
    access.close()


def walk(server: Flask, town: CanaryTown, role: str) -> Crawler:
    """Everything that the role gets."""
    browser = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    assert browser.post("/anmelden/beispiel", data={"account": NAMES[role]}).status_code == 303  # type: ignore[index]
    crawler = Crawler(
        server,
        browser,
        numbers=(town.west, town.east),
        words=("main", "P-1", "KANARIE-Ost-SCHLUESSEL"),
        queries=("text=KANARIE", f"area={town.town.west}&as_of=2026-01-31"),
    )
    crawler.walk()
    return crawler


# It walks all that a role can reach, beside other tests; alone it takes a quarter of a minute.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", PERMISSIONS)
def test_each_role_gets_what_is_theirs_and_nothing_else(server: Flask, canary_town: CanaryTown, role: str) -> None:
    """Also what is theirs, or the crawler could be blind and nobody would notice."""
    crawler = walk(server, canary_town, role)
    asked = {one.what: [found for form in one.forms for found in crawler.found(form)] for one in canary_town.canaries}
    readable = {one.what for one in canary_town.canaries if role in one.readers}
    leaked = {what: found[:3] for what, found in asked.items() if found and what not in readable}
    assert leaked == {}
    on_request = {one.what for one in canary_town.canaries if one.is_on_request}
    assert {what for what in readable - on_request if not asked[what]} == set()
    assert crawler.faults == []
    assert len(crawler.answers) > 100
