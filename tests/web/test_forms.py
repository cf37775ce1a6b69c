"""Forms over HTTP: who may send them, what is refused and how, and that one that is sent twice counts once."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import dashboard.create_app as composition
from dashboard import i18n
from dashboard.form import MAX_FORM_BYTES
from dashboard.form_words import problem_words
from dashboard.page import discover
from geodata.access import PERMISSIONS
from tests.factories import town as towns
from tests.factories.town import Town
from tests.factories.trial_form import Desk, trial_form, trial_page
from tests.web.conftest import HOST, Browser, show_page

URL = "/formulare/versuch"


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Where the trial form lands."""
    return Desk()


@pytest.fixture(scope="module")
def trial(server: Flask, town: Town, desk: Desk) -> Flask:
    """The application with the trial form on a page of its own."""
    page = trial_page(trial_form(desk))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "discover", lambda: (*discover(), page))
        application = composition.create_app(server.extensions["quartiermonitor"]["deps"])
    application.test_client_class = Browser
    return application


@pytest.fixture
def sign_in(trial: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which an account of this role has signed in."""

    def open_session(role: str) -> FlaskClient:
        browser = trial.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        assert browser.post("/anmelden/beispiel", data={"account": towns.NAMES[role]}).status_code == 303  # type: ignore[index]
        return browser

    return open_session


def body(values: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """What the browser sends."""
    return {
        "submission": str(uuid4()), "values": {"what": "x", **(values or {})}, "about": {"property": "1"},
        "confirmed": [], **more,
    }  # fmt: skip


def send(browser: FlaskClient, values: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
    return browser.post(URL, json=body(values, **more))


def test_a_form_is_saved_with_typed_values(sign_in: Callable[[str], FlaskClient], desk: Desk) -> None:
    content = body({"day": "2026-11-14", "count": "3", "offices": ["police"], "visits": [{"seen": "door"}]})
    answer = sign_in("manager").post(URL, json=content)
    assert (answer.status_code, answer.json["saved"]["href"]) == (200, None)
    values = next(one for one in desk.saved.values() if str(one.id) == content["submission"]).values
    assert (values["day"].isoformat(), values["count"], values["offices"]) == ("2026-11-14", 3, ("police",))
    assert values["visits"] == ({"seen": "door"},)


def test_a_form_that_is_sent_twice_counts_once(sign_in: Callable[[str], FlaskClient], desk: Desk) -> None:
    browser, content, before = sign_in("staff"), body(), len(desk.saved)
    assert browser.post(URL, json=content).status_code == 200
    assert browser.post(URL, json=content).json["saved"]["message"] == "Saved once more by bea"
    assert len(desk.saved) == before + 1


@pytest.mark.parametrize("role", PERMISSIONS)
def test_only_roles_with_the_permission_are_answered(sign_in: Callable[[str], FlaskClient], role: str) -> None:
    is_allowed = "watch:write" in PERMISSIONS[role]  # type: ignore[index]
    assert send(sign_in(role)).status_code == (200 if is_allowed else 403)


def test_without_a_session_the_answer_is_401(trial: Flask) -> None:
    browser = trial.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    assert send(browser).status_code == 401


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://localhost.example", "null", ""])
def test_a_foreign_page_cannot_send_a_form(sign_in: Callable[[str], FlaskClient], desk: Desk, origin: str) -> None:
    browser, before = sign_in("staff"), len(desk.saved)
    assert browser.post(URL, json=body(), headers={"Origin": origin}).status_code == 403
    assert len(desk.saved) == before


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "1", "{}", '{"values": {}}',
        '{"submission": "7", "values": {}}', '{"submission": 7, "values": {}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_refused(sign_in: Callable[[str], FlaskClient], content: str) -> None:
    answer = sign_in("staff").post(URL, data=content, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["status"]) == (400, 400)


@pytest.mark.parametrize(
    "twisted",
    [
        {"values": {"what": "x", "other": "y"}}, {"values": {"what": 1}}, {"values": None}, {"extra": 1},
        {"about": {"property": 1}}, {"about": []}, {"about": {"a": "x" * 201}},
        {"about": {str(i): "" for i in range(13)}},
        {"confirmed": "near"}, {"confirmed": [1]}, {"account": 1}, {"values": {"what": "a\0b"}},
        {"values": {"what": "\ud800"}}, {"values": {"count": 2**70}}, {"values": {"what": "number"}, "about": {}},
    ],
)  # fmt: skip
def test_a_form_with_foreign_parts_is_refused(
    sign_in: Callable[[str], FlaskClient], desk: Desk, twisted: dict[str, Any]
) -> None:
    before = len(desk.saved)
    assert sign_in("staff").post(URL, json={**body(), **twisted}).status_code == 400
    assert len(desk.saved) == before


def test_a_body_nested_without_end_or_too_long_is_refused(sign_in: Callable[[str], FlaskClient]) -> None:
    browser = sign_in("staff")
    assert browser.post(URL, data="[" * 100_000, content_type="application/json").status_code == 400
    assert send(browser, {"what": "x" * MAX_FORM_BYTES}).status_code == 413


def test_problems_of_fields_come_back_in_german(sign_in: Callable[[str], FlaskClient]) -> None:
    values = {
        "what": "", "day": "2999-01-01", "count": "501", "use_type": "castle", "body": "x" * 41,
        "visits": [{"seen": "a"}, {}],
    }  # fmt: skip
    answer = send(sign_in("staff"), values)
    assert answer.status_code == 422
    assert answer.json["problem"] == {
        "fields": {
            "what": "Bitte ausfüllen.",
            "day": "Dieses Datum liegt in der Zukunft.",
            "count": "Höchstens 500.",
            "use_type": "Bitte einen der Einträge wählen.",
            "body": "Höchstens 40 Zeichen.",
            "visits.1.seen": "Bitte ausfüllen.",
        },
        "message": "",
    }


def test_what_cannot_stand_is_not_told_as_a_lack_of_rights(server: Flask) -> None:
    with server.test_request_context("/?lang=de"):
        i18n.settle_language()
        said = [problem_words(None, code) for code in ("fixed", "without_finding")]
    assert said == [
        "Das steht mit dem Eintrag fest und lässt sich nicht mehr ändern.",
        "Ohne Befund gibt es keine Mängel: Bitte weglassen oder das Ergebnis ändern.",
    ]


def test_what_an_edit_finds_wrong_stands_beside_its_field(sign_in: Callable[[str], FlaskClient]) -> None:
    answer = send(sign_in("staff"), {"what": "invalid"})
    assert answer.status_code == 422
    assert answer.json["problem"]["fields"] == {"day": "Dieses Datum liegt in der Zukunft.", "count": "Höchstens 500."}
    # A fact that the form does not show is named in the words under it.
    assert answer.json["problem"]["message"] == "Nächster Schritt: Bitte ausfüllen."
    answer = send(sign_in("staff"), {"what": "problem"})
    assert answer.json == {"problem": {"fields": {"what": "No such thing."}, "message": "Look again."}}


def test_a_conflict_says_who_when_and_what_and_passes_on_top(sign_in: Callable[[str], FlaskClient]) -> None:
    browser, content = sign_in("staff"), body({"what": "conflict"}, about={"property": "1", "expected": "7"})
    answer = browser.post(URL, json=content)
    assert answer.status_code == 409
    assert answer.json["conflict"] == {
        "by": "Bea Beispiel",
        "at": "15.11.2026, 10:30",
        "current": "8",
        "changes": [
            {
                "name": "use_type",
                "label": "Nutzung",
                "before": "Wohnen",
                "theirs": "Andere Nutzung",
                "yours": "–",
                "is_untouched": False,
                "value": "other",
            },
            {
                "name": "is_met",
                "label": "Was somebody there",
                "before": "–",
                "theirs": "nein",
                "yours": "–",
                "is_untouched": True,
                "value": False,
            },
        ],
    }
    content["about"]["expected"] = answer.json["conflict"]["current"]
    assert browser.post(URL, json=content).status_code == 200


def test_a_warning_passes_once_it_is_confirmed(sign_in: Callable[[str], FlaskClient]) -> None:
    browser, content = sign_in("staff"), body({"what": "warning"})
    answer = browser.post(URL, json=content)
    assert answer.status_code == 409
    links = [{"href": "/objekt/1", "text": "Beispielweg 1"}]
    assert answer.json == {"confirm": {"key": "near", "message": "Something lies near.", "links": links}}
    assert browser.post(URL, json={**content, "confirmed": ["far"]}).status_code == 409
    assert browser.post(URL, json={**content, "confirmed": ["near"]}).status_code == 200


def test_an_edit_that_is_not_allowed_is_403(sign_in: Callable[[str], FlaskClient]) -> None:
    answer = send(sign_in("staff"), {"what": "forbidden"})
    assert (answer.status_code, answer.json["error"]["status"]) == (403, 403)


def test_a_page_of_another_account_is_not_sent_in_the_name_of_this_one(
    sign_in: Callable[[str], FlaskClient], desk: Desk
) -> None:
    """Two tabs share a session: what was written as one account must not be saved as the other."""
    browser, before = sign_in("staff"), len(desk.saved)
    answer = send(browser, account=towns.NAMES["manager"])
    assert (answer.status_code, len(desk.saved)) == (409, before)
    assert "ein anderes Konto" in answer.json["error"]["message"]
    assert send(browser, account=towns.NAMES["staff"]).status_code == 200


def test_the_browser_gets_the_form_with_its_words(trial: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    form = show_page(sign_in("staff"), trial, "/versuch")["content"]["props"]["children"][1]["props"]
    assert (form["account"], form["about"]) == ("bea", {"property": "1", "expected": "7"})
    first, more = form["spec"]["groups"]
    assert [one["name"] for one in first["fields"]] == ["what", "body", "day"]
    assert first["fields"][0]["words"]["too_long"] == "Höchstens 20 Zeichen."
    fields = {one["name"]: one for one in more["fields"]}
    assert fields["use_type"]["options"] == [["residential", "Wohnen"], ["other", "Andere Nutzung"]]
    assert fields["address"]["suggest"] == "/versuch/adressen"
    assert form["spec"]["texts"]["overwrite"] == "Meine Angaben trotzdem speichern"
