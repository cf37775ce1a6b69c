"""Journeys in a real Chromium (Debian's package) against a real server over the small invented town.

`open_page("staff")` gives a signed-in page; a request to another host or an error on the console fails the test when it
ends. `axe(page)` fails on any accessibility violation.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata.access import Access
from geodata.errors import DeliveryRefused
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import town as towns
from tests.factories.town import Town

CHROMIUM = "/usr/bin/chromium"
DESKTOP, PHONE = (1440, 900), (390, 844)
# As long as everything else here waits: on a machine that does other work too, five seconds were not enough.
expect.set_options(timeout=20_000)
FLAGS = [
    "--no-sandbox",  # as root, Chromium's own sandbox does not start
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card, for the map
    "--use-angle=swiftshader",
    "--disable-gpu-compositing",  # only the map needs WebGL; pages drawn by it too cost a fifth more of the processor
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves, without each request asking Python
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--lang=de-DE",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything below this folder, so that `-m "not browser"` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def town(make_database: Callable[[str], DatabaseUrls]) -> Town:
    """The town in a database of its own; journeys that write clean up after themselves."""
    return towns.build(make_database("browser"))


@pytest.fixture(scope="session")
def application(town: Town, settings: Settings) -> Iterator[Flask]:
    """The application; a test may look into it or break it on purpose."""
    access = Access(town.urls)
    yield application_over(access, settings)
    access.close()


def application_over(access: Access, settings: Settings) -> Flask:
    """The application over a database, with functions in place of the ETL that refuse everything."""
    return create_app(
        Deps(
            settings=settings,
            access=access,
            session_key="a key for tests only, never used elsewhere",
            layers=discover(),
            check_delivery=_no_etl,
            load_delivery=_no_etl,
            withdraw_delivery=_no_etl,
            list_mappings=lambda municipality: [("properties", "demo/properties")],
        )
    )


class _Silent(WSGIRequestHandler):
    """A line for each request would bury the news of a failure."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def base_url(application: Flask) -> Iterator[str]:
    """The address of a live server on a free port."""
    with served(application) as address:
        yield address


@contextmanager
def served(application: Flask) -> Iterator[str]:
    """A live server on a free port, and its address; a test file with a town of its own makes its `base_url` of it."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    # Closing waits for requests under way: one that came back later would leave its connection in a pool that is gone.
    server.daemon_threads = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys; contexts keep them apart."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What a page did that it should not; `allow` names parts of messages that a test provokes on purpose."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *parts: str) -> None:
        """Expect console errors that contain one of these parts."""
        self.allowed += parts

    def see(self, request: Request) -> None:
        """Note requests that go neither to our own server nor stay in the browser; none of them finds its host."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.foreign.append(request.url)

    def hear(self, message: ConsoleMessage) -> None:
        """Note errors on the console."""
        if message.type == "error":
            self.errors.append(message.text)

    def verdict(self) -> None:
        """Fail on whatever was noted."""
        assert not self.foreign, f"requests to other hosts: {self.foreign}"
        unexpected = [text for text in self.errors if not any(part in text for part in self.allowed)]
        assert not unexpected, f"errors on the console: {unexpected}"


@dataclass
class Visits:
    """Opens pages and remembers who watches them."""

    browser: Browser
    base_url: str
    watches: list[Watch] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        role: str | None = None,
        path: str = "/",
        *,
        size: tuple[int, int] = DESKTOP,
        theme: str = "light",
        script: bool = True,
    ) -> Page:
        """A page at a path, signed in as a role (None = nobody).

        The session comes as from the button of the sign-in, without drawing that page and the start page each time;
        `test_shell.py` walks through the real one.
        """
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            locale="de-DE",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        context.set_default_timeout(20_000)
        watch = Watch(self.base_url)
        context.on("request", watch.see)
        page = context.new_page()
        page.on("console", watch.hear)
        page.on("pageerror", lambda error: watch.errors.append(str(error)))
        self.watches.append(watch)
        self.contexts.append(context)
        if role:
            self._sign_in(context, role)
        page.goto(self.base_url + path)
        if role:
            settled(page)
        return page

    def _sign_in(self, context: BrowserContext, role: str) -> None:
        answer = context.request.post(
            f"{self.base_url}/anmelden/beispiel",
            form={"account": towns.NAMES[role]},  # type: ignore[index]
            headers={"Origin": self.base_url},
            max_redirects=0,
        )
        assert answer.status == 303, answer.text()

    def close(self) -> None:
        """Leave all pages; fails where one did what it should not."""
        for context in self.contexts:
            context.close()
        for watch in self.watches:
            watch.verdict()

    def watch(self, page: Page) -> Watch:
        """Who watches this page."""
        return self.watches[self.contexts.index(page.context)]


def settled(page: Page) -> None:
    """Wait until the frame shows a page and no callback is under way."""
    expect(page.locator("#shell-live")).not_to_be_empty()
    page.wait_for_load_state("networkidle")


def show_whole(page: Page) -> None:
    """Make the window as tall as the page.

    The content scrolls inside of the frame, and axe takes for hidden what lies below its edge: it would not look at
    it, and would miss the cells of a table that it does see.
    """
    size = page.viewport_size or {"width": DESKTOP[0], "height": DESKTOP[1]}
    frame = page.locator("#content")
    beyond = frame.evaluate("one => one.scrollHeight - one.clientHeight")
    page.set_viewport_size({"width": size["width"], "height": size["height"] + int(beyond)})
    page.wait_for_timeout(300)


@pytest.fixture
def open_page(browser: Browser, base_url: str) -> Iterator[Visits]:
    """See Visits; at the end nothing foreign may have been asked for and no error may stand on a console."""
    visits = Visits(browser, base_url)
    yield visits
    visits.close()


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """`axe(page)`: no violation of WCAG 2.1 A and AA nor of axe's own best practices."""
    checker = Axe()

    def check(page: Page) -> None:
        # Whoever watches in forced or reduced motion sees the end of a transition at once; axe should too.
        page.wait_for_timeout(250)
        found = checker.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        brief = [
            {"rule": one["id"], "impact": one["impact"], "nodes": [node["html"][:160] for node in one["nodes"][:5]]}
            for one in found
        ]
        assert not brief, json.dumps(brief, indent=1, ensure_ascii=False)

    return check


def _no_etl(*_: object, **__: object) -> object:
    raise DeliveryRefused("The tests of the browser load nothing.")
