"""Recording a round, and merging and dividing objects: what is refused, warned of and saved."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from dashboard.form import FormWarning, Submission
from dashboard.pages.zusammenfuehren import dividing, merging
from geodata import records
from geodata.access import Scope
from geodata.edits.movable import read_movable
from geodata.property_detail import read_property
from tests.factories import facts
from tests.factories.town import AS_OF, KEY, Town
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
DAY = "2026-11-12"


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test records is superseded and its edits are taken away afterwards."""
    yield town
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        for table in ("inspection", "inspection_round", "note"):
            connection.execute(text(f"DELETE FROM qm.{table} WHERE edit_id IS NOT NULL"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind IN ('record_round', 'note', 'undo')"))
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()


def block(property_id: int, **changes: Any) -> dict[str, Any]:
    """One object of a round: visited without a finding."""
    chosen = {"text": "gewählt", "id": str(property_id)}
    return {
        "property_id": chosen, "access_reached": "flat", "result": "no_finding", "defects": [], "note": "",
        "note_class": "",
    } | changes  # fmt: skip


def send(browser: FlaskClient, *blocks: dict[str, Any], **changes: Any) -> tuple[int, Any]:
    """Send a round with these objects; gives status and answer."""
    values: dict[str, Any] = {
        "held_on": DAY, "kind": "joint_control", "offices": ["police", "public_order"], "place": "",
        "interpreter_present": True, "social_worker_present": None, "persons_registered": "12", "persons_met": "9",
        "persons_met_not_registered": "", "persons_reported": "", "persons_deregistered": "",
        "inspections": list(blocks),
    }  # fmt: skip
    body = {"submission": str(changes.pop("submission", uuid4())), "about": {}}
    body["confirmed"] = changes.pop("confirmed", [])
    answer = browser.post("/formulare/runde", json=body | {"values": values | changes})
    return answer.status_code, answer.json


def words_of(content: Any) -> str:
    """The page as text."""
    return json.dumps(content, ensure_ascii=False)


def test_a_round_is_recorded_and_its_summary_never_adds_up_what_does_not_belong_together(
    client: Clients, server: Flask, clean: Town
) -> None:
    browser = client("staff")
    west = block(clean.in_west, result="finding", defects=["waste", "heating"], note="Hof voll.")
    east = block(clean.in_east, access_reached="none", result="not_completed")
    status, answer = send(browser, west, east)
    assert (status, answer["saved"]["message"]) == (200, "Kontrollaktion mit 2 Objekten gespeichert.")
    shown = words_of(show_page(browser, server, answer["saved"]["href"]))
    for words in ("Besuchte Objekte", "von 2 Kontrollen", "bei 1 von 2 Kontrollen", "Beispielweg 1", "kein Zutritt"):
        assert words in shown, words
    assert '"12"' in shown
    assert '"9"' in shown
    assert '"21"' not in shown, "counts of persons are never summed"
    with create_engine(clean.urls.load, poolclass=NullPool).begin() as connection:
        notes = connection.execute(text("SELECT note_class, body FROM qm.note")).all()
    assert [tuple(one) for one in notes] == [("case", "Hof voll.")]


def test_sent_again_it_stays_one_round_but_another_one_on_the_day_is_asked_about(client: Clients, clean: Town) -> None:
    browser, submission = client("staff"), uuid4()
    first = send(browser, block(clean.in_west), submission=submission)
    again = send(browser, block(clean.in_west), submission=submission)
    assert first[1]["saved"]["href"] == again[1]["saved"]["href"]
    status, answer = send(browser, block(clean.in_west))
    assert (status, len(answer["confirm"]["links"])) == (409, 1)
    assert send(browser, block(clean.in_west), confirmed=[answer["confirm"]["key"]])[0] == 200


def test_a_round_is_taken_back_once_it_was_confirmed(client: Clients, server: Flask, clean: Town) -> None:
    browser = client("staff")
    path = send(browser, block(clean.in_west))[1]["saved"]["href"]
    edit = re.search(r'"about": {"edit": "(\d+)"}', words_of(show_page(browser, server, path)))
    assert edit is not None
    body = {"submission": str(uuid4()), "about": {"edit": edit[1]}}
    refused = browser.post("/formulare/runde-zuruecknehmen", json=body | {"values": {"confirmed": []}})
    assert (refused.status_code, list(refused.json["problem"]["fields"])) == (422, ["confirmed"])
    answer = browser.post("/formulare/runde-zuruecknehmen", json=body | {"values": {"confirmed": ["take_back"]}})
    assert answer.status_code == 200, answer.text
    assert "Diese Kontrollaktion gibt es nicht" in words_of(show_page(browser, server, path))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"property_id": {"text": "Beispielweg 1", "id": None}}, "property_id", "Liste"),
        ({"result": "finding"}, "defects", "Mangel"),
        ({"access_reached": "none"}, "result", "Ohne Zutritt"),
        ({"defects": ["waste"]}, "result", "Mängel"),
        ({"result": "finding", "defects": ["waste", "none_listed"]}, "defects", "neben"),
        ({"access_reached": "roof"}, "access_reached", "Einträge"),
    ],
)
def test_what_contradicts_itself_is_said_beside_the_field(
    client: Clients, clean: Town, changes: dict[str, Any], field: str, words: str
) -> None:
    status, answer = send(client("staff"), block(clean.in_west) | changes)
    problems = answer["problem"]["fields"]
    assert (status, list(problems)) == (422, [f"inspections.0.{field}"])
    assert words in problems[f"inspections.0.{field}"]


def test_an_object_stands_in_a_round_once_and_a_finding_may_be_none_of_the_list(client: Clients, clean: Town) -> None:
    browser = client("staff")
    status, answer = send(browser, block(clean.in_west), block(clean.in_west))
    assert (status, list(answer["problem"]["fields"])) == (422, ["inspections.1.property_id"])
    assert send(browser, block(clean.in_west, result="finding", defects=["none_listed"]))[0] == 200


@pytest.mark.parametrize("changes", [{"held_on": "2126-01-01"}, {"persons_met": "-1"}, {"inspections": []}])
def test_the_round_itself_is_checked(client: Clients, clean: Town, changes: dict[str, Any]) -> None:
    assert send(client("staff"), block(clean.in_west), **changes)[0] == 422


def test_a_link_brings_the_objects_and_a_manager_records_no_round(client: Clients, server: Flask, town: Town) -> None:
    search = f"?objects={town.in_west},{town.in_east},999999,x&date=2026-11-10&kind=follow_up"
    shown = words_of(show_page(client("staff"), server, "/runde", search))
    for words in ('"Beispielweg 1"', '"Musterallee 2"', '"held_on": "2026-11-10"', '"follow_up"', "1 Objekt des Links"):
        assert words in shown, words
    assert "Diese Kontrollaktion gibt es nicht" in words_of(show_page(client("staff"), server, "/runde/999999"))
    manager = client("manager")
    assert manager.get("/runde", headers={"Accept": "text/html"}).status_code == 403
    assert send(manager, block(town.in_west))[0] == 403


# --- merging and dividing ---------------------------------------------------------------------------------------------


def test_the_comparison_says_which_one_goes_on_and_what_happens(client: Clients, server: Flask, town: Town) -> None:
    staff, path = client("staff"), f"/zusammenfuehren/{town.in_west}"
    assert "Kein anderes Objekt hat die gleiche Adresse" in words_of(show_page(staff, server, path))
    assert "Musterallee 2" in words_of(show_page(staff, server, path, "?suche=muster"))
    shown = words_of(show_page(staff, server, path, f"?mit={town.in_east}"))
    assert "aufgegeben: P-2" in shown
    assert "Beispielweg 1; Musterallee 2" in shown
    turned = words_of(show_page(staff, server, path, f"?mit={town.in_east}&weiter={town.in_east}"))
    assert "aufgegeben: P-1" in turned
    assert "Dieses Objekt gibt es nicht" in words_of(show_page(staff, server, "/zusammenfuehren/999999"))
    assert client("manager").get(path, headers={"Accept": "text/html"}).status_code == 403


@pytest.mark.parametrize(
    ("form", "values", "field"),
    [
        ("zusammenfuehren", {"happened_on": DAY, "reason": "doppelt", "confirmed": []}, "confirmed"),
        ("zusammenfuehren", {"happened_on": DAY, "reason": "", "confirmed": ["compared"]}, "reason"),
        ("teilen", {"addresses": []}, "addresses"),
        ("teilen", {"addresses": ["0"]}, "addresses"),
        ("teilen", {"addresses": ["7"]}, "addresses"),
        ("teilen", {"address": {"text": "Neuweg 9", "id": None}, "facts": ["inspection:999999"]}, "facts"),
    ],
)
def test_merging_and_dividing_need_what_they_ask_for(
    client: Clients, town: Town, form: str, values: dict[str, Any], field: str
) -> None:
    about = {"from": str(town.in_west), "into": str(town.in_east), "property": str(town.in_west)}
    given = values if form == "zusammenfuehren" else _dividing() | values
    body = {"submission": str(uuid4()), "about": about, "confirmed": ["no-point"], "values": given}
    answer = client("staff").post(f"/formulare/{form}", json=body)
    assert (answer.status_code, list(answer.json["problem"]["fields"])) == (422, [field])


def _dividing() -> dict[str, Any]:
    return {
        "addresses": [], "address": None, "facts": [], "happened_on": DAY, "use_type": "", "is_inhabited": None,
        "dwellings": "", "file_reference": "", "reason": "zwei Häuser",
    }  # fmt: skip


def test_an_object_is_divided_and_merged_again(stage: Any) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection, KEY)
        house = facts.property_(connection, key="P-9", city=KEY, addresses=(("Musterallee", 2), ("Musterallee", 4)))
        facts.inspection(connection, house, date(2026, 1, 1))
        facts.inspection(connection, house, date(2026, 2, 2))
        records.refresh(connection, KEY, AS_OF)
    about = {"property": str(house)}
    with stage.ask(Scope(KEY, "staff", "bea")) as asker:
        visit = next(one.name for one in read_movable(asker, house) if one.table == "inspection")
        given = _dividing() | {"addresses": ("1",), "facts": (visit,), "happened_on": AS_OF}
        given |= {"use_type": None, "dwellings": None, "file_reference": None}
        with pytest.raises(FormWarning, match="keine amtliche Adresse"):
            dividing.save(asker, Submission(uuid4(), given, about, frozenset()))
        saved = dividing.save(asker, Submission(uuid4(), given, about, frozenset({"no-point"})))
        new_id = int((saved.href or "").rpartition("/")[2])
        assert _told(asker, new_id) == ("Musterallee 4", 1)
        assert _told(asker, house) == ("Musterallee 2", 1)
        reason = {"happened_on": AS_OF, "reason": "doch eines", "confirmed": ("compared",)}
        merged = merging.save(
            asker, Submission(uuid4(), reason, {"from": str(new_id), "into": str(house)}, frozenset())
        )
        assert merged.href == f"/objekt/{house}"
        assert _told(asker, house) == ("Musterallee 2, 4", 2)


def _told(asker: Any, property_id: int) -> tuple[str, int]:
    """Addresses and number of visits of an object."""
    detail = read_property(asker, property_id, AS_OF)
    assert detail is not None
    return detail.address_text, sum(one.table == "inspection" for one in read_movable(asker, property_id))
