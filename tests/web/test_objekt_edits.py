"""What people enter on the page of one property: each form over HTTP, and what the page then says to whom."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard import i18n
from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.pages.objekt import changes, forms
from geodata import edits
from geodata.access import PERMISSIONS, Access, Scope
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import house as houses
from tests.factories.house import House
from tests.factories.town import AS_OF, KEY, NAMES
from tests.web.conftest import HOST, SECRET, Browser, show_page

DAY = AS_OF.isoformat()
STATUS = {"state": "securing", "valid_on": DAY, "reason": "Dach offen"}
VISIT = {
    "control_type": "follow_up", "inspected_on": DAY, "access_reached": "flat", "result": "finding",
    "defects": ["waste"],
}  # fmt: skip


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], DatabaseUrls]) -> House:
    """A town of one's own, because these tests write."""
    return houses.build(make_database("objekt_edits"))


@pytest.fixture(scope="module")
def access(house: House) -> Iterator[Access]:
    opened = Access(house.town.urls)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(access: Access, settings: Settings) -> Flask:
    settings = settings.model_copy(update={"case_url": "https://akten.example/?az={file_reference}"})
    application = create_app(Deps(settings=settings, access=access, session_key=SECRET, layers=discover()))
    application.test_client_class = Browser
    return application


@dataclass
class Desk:
    """Somebody who is signed in, at the page of one property."""

    browser: FlaskClient
    server: Flask
    property_id: int

    def send(self, form: str, values: Mapping[str, Any] | None = None, **about: object) -> TestResponse:
        """Send a form about the property."""
        given = {"property": str(self.property_id), **{name: str(value) for name, value in about.items()}}
        body = {"submission": str(uuid4()), "values": dict(values or {}), "about": given, "confirmed": []}
        return self.browser.post(f"/formulare/{form}", json=body)

    def saves(self, form: str, values: Mapping[str, Any] | None = None, **about: object) -> None:
        """Send a form that must be taken."""
        answer = self.send(form, values, **about)
        assert answer.status_code == 200, answer.text

    def page(self, **query: object) -> Any:
        """The page as the router builds it."""
        search = "&".join(f"{name}={value}" for name, value in query.items())
        return show_page(self.browser, self.server, f"/objekt/{self.property_id}", f"?{search}")["content"]

    def says(self, **query: object) -> str:
        """The same as text."""
        return json.dumps(self.page(**query), ensure_ascii=False)

    def start(self, path: str = "/heute") -> str:
        """The start page as text."""
        return json.dumps(show_page(self.browser, self.server, path)["content"], ensure_ascii=False)

    def form(self, key: str, **query: object) -> Any:
        """The properties of the form that the link opens."""
        return next(one["props"] for one in walk(self.page(form=key, **query)) if props(one, "spec", "key") == key)

    def latest_fact(self, form: str) -> int:
        """The number of the entry whose link to this form comes first."""
        return int(re.findall(rf"form={form}&fact=(\d+)", self.says())[0])


def props(node: Any, *path: str) -> Any:
    for name in ("props", *path):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def walk(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for item in node:
            yield from walk(item)
    elif isinstance(node, dict):
        yield node
        yield from walk(node.get("props", {}).get("children"))


@pytest.fixture
def at(server: Flask, house: House) -> Callable[..., Desk]:
    """`at("staff")`: signed in, at the house; `at("staff", house.neighbour)` elsewhere."""

    def sign_in(role: str, property_id: int | None = None) -> Desk:
        browser = server.test_client()
        browser.environ_base["HTTP_ORIGIN"] = HOST
        assert browser.post("/anmelden/beispiel", data={"account": NAMES[role]}).status_code == 303  # type: ignore[index]
        return Desk(browser, server, property_id or house.id)

    return sign_in


@pytest.mark.parametrize("role", PERMISSIONS)
def test_each_form_answers_only_roles_with_its_permission(at: Callable[..., Desk], role: str) -> None:
    desk = at(role)
    for key, form in forms.FORMS.items():
        status = desk.browser.post(f"/formulare/{key}", json={"values": {"no such": 1}}).status_code
        assert status == (400 if form.permission in PERMISSIONS[role] else 403), (key, status)  # type: ignore[index]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("staff", {"status", "naechster-schritt", "notiz", "kontrolle", "angaben", "beobachten"}),
        ("manager", {"status", "notiz", "kontrolle", "beobachten"}),
        ("external_manager", {"beobachten"}),
    ],
)
def test_the_bar_offers_what_the_role_may(at: Callable[..., Desk], role: str, offered: set[str]) -> None:
    desk = at(role)
    nodes = list(walk(desk.page()))
    links = {
        str(props(one, "id")).removeprefix("objekt-action-")
        for one in nodes
        if "objekt-action-" in str(props(one, "id"))
    }
    buttons = {key for one in nodes if (key := props(one, "spec", "key"))}
    assert links | buttons == offered
    for key in ("status", "naechster-schritt", "notiz", "kontrolle", "angaben"):
        drawn = [one for one in walk(desk.page(form=key)) if props(one, "spec", "key") == key]
        assert len(drawn) == (key in offered), key


def test_the_file_reference_leads_into_the_case_system_for_case_workers(at: Callable[..., Desk]) -> None:
    assert "https://akten.example/?az=63-0417" in at("staff").says()
    assert "akten.example" not in at("manager").says()


def test_a_state_is_recorded_corrected_and_taken_back(at: Callable[..., Desk]) -> None:
    staff = at("staff")
    prefilled = staff.form("status")
    assert prefilled["values"] == {"valid_on": DAY}
    staff.saves("status", STATUS, expected=prefilled["about"]["expected"])
    said = staff.says()
    assert "Sicherung" in said
    assert "eingegeben von Bea Beispiel" in said
    fact = staff.latest_fact("status-berichtigen")
    assert staff.form("status-berichtigen", fact=fact)["values"] == STATUS
    staff.saves("status-berichtigen", {**STATUS, "state": "renovation"}, fact=fact)
    said = staff.says()
    assert "Berichtigt: frühere Fassung zeigen" in said
    assert "Zustand berichtigt" in said
    # The earlier entry is no one's to correct any more, and the page says so instead of showing a form.
    assert "Diesen Eintrag gibt es nicht mehr" in staff.says(form="status-berichtigen", fact=fact)
    staff.saves("status-zuruecknehmen", {"reason": "Verwechslung"}, fact=staff.latest_fact("status-zuruecknehmen"))
    said = staff.says()
    assert "Zustand zurückgenommen" in said
    assert "Warum: Verwechslung" in said


def test_the_second_of_two_is_told_and_saves_on_top(at: Callable[..., Desk]) -> None:
    first, second = at("staff"), at("staff")
    shown = [one.form("naechster-schritt") for one in (first, second)]
    values = {"lead_office": "building_control", "next_step": "Gutachten", "reminder_on": "2026-12-01"}
    first.saves("naechster-schritt", values, **_expected(shown[0]))
    answer = second.send("naechster-schritt", {**values, "next_step": "Räumung prüfen"}, **_expected(shown[1]))
    assert answer.status_code == 409
    conflict = answer.json["conflict"]
    assert conflict["by"] == "Bea Beispiel"
    [change] = conflict["changes"]
    assert (change["label"], change["before"], change["theirs"], change["yours"]) == (
        "Nächster Schritt", "Anhörung abwarten", "Gutachten", "Räumung prüfen",
    )  # fmt: skip
    second.saves("naechster-schritt", {**values, "next_step": "Räumung prüfen"}, expected=conflict["current"])
    said = second.says()
    assert "Räumung prüfen" in said
    assert "Nächster Schritt festgelegt" in said


def _expected(form: Mapping[str, Any]) -> dict[str, str]:
    return {"expected": form["about"]["expected"]}


def test_notes_have_readers_and_a_past(at: Callable[..., Desk]) -> None:
    staff, manager = at("staff"), at("manager")
    staff.saves("notiz", {"note_class": "case", "written_on": DAY, "body": "Nur für die Akte"})
    staff.saves("notiz", {"note_class": "area", "written_on": DAY, "body": "Hof vermüllt"})
    assert [word in manager.says() for word in ("Hof vermüllt", "Nur für die Akte")] == [True, False]
    answer = manager.send("notiz", {"note_class": "case", "written_on": DAY, "body": "x"})
    assert (answer.status_code, list(answer.json["problem"]["fields"])) == (422, ["note_class"])
    classes = manager.form("notiz")["spec"]["groups"][0]["fields"][0]
    assert classes["options"] == [["area", "Quartiersnotiz: auch Quartiersmanagement"]]
    chosen = [one.form("notiz")["values"]["note_class"] for one in (staff, manager)]
    assert chosen == ["case", "area"], "a note in haste has the fewer readers"
    manager.saves("notiz", {"note_class": "area", "written_on": DAY, "body": "Aufgeräumt"})
    fact = staff.latest_fact("notiz-berichtigen")
    staff.saves("notiz-berichtigen", {"note_class": "area", "written_on": DAY, "body": "Halb aufgeräumt"}, fact=fact)
    said = manager.says()
    assert "Halb aufgeräumt" in said
    assert "Berichtigt: frühere Fassung zeigen" in said
    answer = staff.send("notiz", {"note_class": "area", "written_on": "2999-01-01", "body": " "})
    assert answer.json["problem"]["fields"] == {
        "written_on": "Dieses Datum liegt in der Zukunft.", "body": "Bitte ausfüllen.",
    }  # fmt: skip


def test_a_control_is_recorded_by_a_manager_and_only_the_own_is_theirs_to_correct(
    at: Callable[..., Desk], house: House
) -> None:
    manager = at("manager", house.neighbour)
    answer = manager.send("kontrolle", {**VISIT, "result": "no_finding"})
    assert (answer.status_code, list(answer.json["problem"]["fields"])) == (422, ["defects"])
    manager.saves("kontrolle", VISIT)
    assert "eingegeben von Quirin Muster" in manager.says()
    own = manager.latest_fact("kontrolle-berichtigen")
    manager.saves("kontrolle-berichtigen", {**VISIT, "defects": ["waste", "pests"]}, fact=own)
    at("staff", house.neighbour).saves("kontrolle", {**VISIT, "control_type": "outside_view"})
    foreign = at("staff", house.neighbour).latest_fact("kontrolle-zuruecknehmen")
    assert manager.send("kontrolle-zuruecknehmen", {}, fact=foreign).status_code == 403
    assert f"kontrolle-zuruecknehmen&fact={foreign}" not in manager.says()


def test_facts_are_corrected_and_an_address_that_stays_is_the_same(at: Callable[..., Desk]) -> None:
    staff = at("staff")
    form = staff.form("angaben")
    values = dict(form["values"])
    assert values["addresses"] == [{"address": {"text": text, "id": None}} for text in ("Musterweg 95", "Musterweg 97")]
    answer = staff.send("angaben", values, **_expected(form))
    assert (answer.status_code, answer.json["problem"]["message"]) == (422, "Es wurde nichts geändert.")
    values |= {
        "dwellings": "20",
        "parcels": "Flur 20, Nr. 474; Flur 3, Nr. 1",
        "addresses": [*values["addresses"], {"address": {"text": "Musterweg 99", "id": None}}],
    }
    staff.saves("angaben", values, **_expected(form))
    kept = staff.form("angaben")
    assert kept["values"]["parcels"] == values["parcels"], "a comma stands inside of a parcel"
    assert staff.send("angaben", kept["values"], **_expected(kept)).status_code == 422, "nothing was changed"
    said = staff.says()
    assert "Musterweg 95, 97, 99" in said
    assert "Angaben berichtigt" in said
    assert "Anhörung" in said or "Räumung" in said, "the next step is none of this form's business, and stays"


def test_a_form_that_is_sent_twice_is_one_edit(at: Callable[..., Desk], access: Access, house: House) -> None:
    staff = at("staff", house.unplaced)
    body = {
        "submission": str(uuid4()), "values": STATUS, "about": {"property": str(house.unplaced)}, "confirmed": [],
    }  # fmt: skip
    answers = [staff.browser.post("/formulare/status", json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    with access.open(Scope(KEY, "staff", NAMES["staff"])) as asker:
        assert len(edits.read_edits(asker, house.unplaced)) == 1


def test_the_latest_change_is_taken_back_as_a_whole(at: Callable[..., Desk], house: House) -> None:
    staff = at("staff", house.town.in_west)
    staff.saves("naechster-schritt", {"lead_office": None, "next_step": "Falsch", "reminder_on": None})
    number = staff.latest_fact("rueckgaengig")
    assert staff.form("rueckgaengig", fact=number)["about"]["edit"] == str(number)
    staff.saves("rueckgaengig", edit=number)
    said = staff.says()
    assert "zurückgenommen am" in said
    assert "Änderung zurückgenommen" in said
    assert staff.send("rueckgaengig", edit=number).status_code == 422


@pytest.mark.parametrize("role", ["staff", "manager", "external_manager"])
def test_everybody_keeps_a_list_of_their_own(at: Callable[..., Desk], role: str) -> None:
    desk = at(role)
    desk.saves("beobachten")
    assert "Nicht mehr beobachten" in desk.says()
    desk.saves("nicht-beobachten")
    assert "Nicht mehr beobachten" not in desk.says()


def test_the_watchlist_tells_what_changed_until_it_is_seen(at: Callable[..., Desk]) -> None:
    staff, manager = at("staff"), at("manager")
    staff.saves("beobachten")
    assert "Seit Ihrem letzten Blick hat sich nichts geändert." in staff.start()
    manager.saves("notiz", {"note_class": "area", "written_on": DAY, "body": "Neu"})
    assert "Meine Beobachtungsliste (1)" in staff.start()
    assert "Neue Notiz, Quartiersnotiz" in staff.start()
    assert "Auf Ihrer Liste steht nichts" in manager.start("/quartier"), "a list is its owner's alone"
    staff.saves("gesehen")
    assert "Seit Ihrem letzten Blick hat sich nichts geändert." in staff.start()
    staff.saves("von-der-liste")
    assert "Auf Ihrer Liste steht nichts" in staff.start()


def test_the_start_page_leads_into_the_forms(at: Callable[..., Desk], house: House) -> None:
    said = at("staff").start()
    for address in ("/erfassen", "/runde", f"/objekt/{house.id}?form=naechster-schritt&step=access", "form=kontrolle"):
        assert address in said, address
    prefilled = at("staff", house.neighbour).form("naechster-schritt", step="access")
    assert prefilled["values"]["next_step"] == "Zutritt klären"


def test_what_lies_out_of_scope_cannot_be_changed(at: Callable[..., Desk], house: House) -> None:
    manager = at("manager", house.town.in_east)
    for form, values in (("status", STATUS), ("kontrolle", VISIT)):
        assert manager.send(form, values).status_code in (403, 422), form
    assert "Beispiel" not in at("manager", house.town.in_east).says(form="status")


@pytest.mark.parametrize("about", [{"property": "x"}, {"property": ""}, {"property": "1", "expected": "-1"}])
def test_what_a_form_is_about_must_be_numbers(at: Callable[..., Desk], about: dict[str, str]) -> None:
    assert at("staff").send("status", STATUS, **about).status_code == 400


def test_a_record_that_was_merged_leads_on(at: Callable[..., Desk], access: Access, house: House) -> None:
    scope = Scope(KEY, "staff", NAMES["staff"])
    with access.open(scope, statement_seconds=edits.STATEMENT_SECONDS) as asker:
        order = edits.Order(uuid4(), "merge")
        edits.merge(asker, order, house.unplaced, house.neighbour, happened_on=AS_OF)
    said = at("staff", house.unplaced).says()
    assert "In einem anderen Objekt aufgegangen" in said
    assert f"/objekt/{house.neighbour}" in said
    assert "zusammengeführt mit" in at("staff", house.neighbour).says()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("verfahren-eroeffnen", "Verfahren eröffnet"),
        ("verfahren-aendern", "Verfahren geändert"),
        ("rueckbau-erledigt", "Rückbauvorhaben geändert"),
        ("foerderung-abruf-weg", "Förderung geändert"),
        ("merge", "Zusammengeführt"),
        ("etwas", "Ändern"),
    ],
)
def test_a_change_says_what_it_was_about(server: Flask, kind: str, said: str) -> None:
    with server.test_request_context("/?lang=de"):
        i18n.settle_language()
        assert changes.kind_words(kind) == said
