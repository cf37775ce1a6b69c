"""What leaves the application is in the log before it goes out, and the page shows a city its own."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from dashboard import logged
from geodata import audit
from geodata.access import ROLES, Role
from geodata.audit_chain import LogEntry
from tests.factories.town import KEY, NAMES, Town

# Endings of addresses that give a file; what they need beside a filter.
FILES = (".csv", ".xlsx", ".gpkg", ".html")
ARGUMENTS = {"delivery_id": 1}


def entries(town: Town, action: str) -> list[LogEntry]:
    """The entries of an action in the town's chain, by number."""
    engine = create_engine(town.urls.load)
    with engine.connect() as connection:
        found = audit.latest(connection, KEY, most=100_000)
    engine.dispose()
    return [one for one in found if one.action == action]


def files_of(server: Flask) -> list[tuple[str, str]]:
    """Address and permission of every route that gives a file."""
    locks = server.extensions["quartiermonitor"]["locks"]
    builder = server.url_map.bind("localhost")
    return [
        (
            builder.build(rule.endpoint, {name: ARGUMENTS[name] for name in rule.arguments}),
            locks.endpoints[rule.endpoint],
        )
        for rule in server.url_map.iter_rules()
        if rule.rule.endswith(FILES) or locks.endpoints.get(rule.endpoint) == "export:create"
    ]


@pytest.mark.parametrize("role", list(NAMES))
def test_every_file_that_leaves_is_in_the_log(
    server: Flask, client: Callable[[str], FlaskClient], town: Town, role: Role
) -> None:
    browser, given = client(role), 0
    assert len(files_of(server)) > 10
    for address, permission in files_of(server):
        before = entries(town, "export")
        answer = browser.get(address)
        new = entries(town, "export")[len(before) :]
        is_given = answer.status_code == 200
        assert len(new) == is_given, (address, answer.status_code)
        # Nothing is released in this town; what was is taken away in test_freigaben.
        refusals = (400,) if "freigegebene" in address else (403, 404)
        assert is_given or answer.status_code in (403, *refusals), (address, answer.text)
        assert not is_given or permission in ROLES[role].permissions
        for entry in new:
            assert (entry.account, entry.municipality) == (NAMES[role], KEY)
            assert entry.details["format"] == address.rpartition(".")[2]
            given += 1
    assert given > 0 or role == "politics"


def test_the_entry_says_what_was_taken_with_which_filter(client: Callable[[str], FlaskClient], town: Town) -> None:
    browser = client("staff")
    answer = browser.get("/tables/objekte.csv?state=recorded&text=weg")
    assert answer.status_code == 200, answer.text
    latest = entries(town, "export")[-1]
    assert (latest.details["what"], latest.details["rows"]) == ("objekte", 1)
    assert latest.details["filter"] == "state=recorded&text=*"
    assert latest.subject in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("address", ["/tables/objekte.csv", "/tables/objekte.xlsx", "/karte.gpkg", "/karte.html"])
def test_what_cannot_be_logged_is_not_given(
    client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def away(*_: object) -> int:
        raise OperationalError("SELECT", {}, Exception("the log is away"))

    browser = client("staff")
    monkeypatch.setattr(audit, "append", away)
    answer = browser.get(address)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    assert "Content-Disposition" not in answer.headers


def test_a_download_that_forgot_the_log_is_held_back() -> None:
    server = Flask("forgetful")
    logged.install(server)

    @server.get("/file")
    def file() -> Response:
        return Response("x", headers={"Content-Disposition": "attachment; filename=x.csv"})

    @server.get("/page")
    def page() -> str:
        return "x"

    assert server.test_client().get("/page").status_code == 200
    answer = server.test_client().get("/file")
    assert (answer.status_code, "Content-Disposition" in answer.headers) == (500, False)
