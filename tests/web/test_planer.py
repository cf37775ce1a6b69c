"""The planner: what the link asks, the plan that is saved from it, its files, and what came of it."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import typst
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from dashboard.exports.run_sheet import Sheet, SheetStop, as_pdf
from geodata import records
from geodata.calendar import today
from tests.factories.town import AS_OF, KEY, Town
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
TODAY = today().isoformat()
AHEAD = (today() + timedelta(days=4)).isoformat()


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test planned and recorded is taken away afterwards."""
    yield town
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        for table in ("round_plan_stop", "round_plan_skip", "round_plan"):
            connection.execute(text(f"DELETE FROM qm.{table}"))
        for table in ("inspection", "inspection_round", "note"):
            connection.execute(text(f"DELETE FROM qm.{table} WHERE edit_id IS NOT NULL"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind LIKE 'planer%' OR kind = 'note'"))
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()


def send(browser: FlaskClient, form: str, values: dict[str, Any], about: dict[str, str], **more: Any) -> Any:
    """Send a form; gives the answer."""
    body = {"submission": str(uuid4()), "about": about, "values": values} | more
    return browser.post(f"/formulare/{form}", json=body)


def plan(browser: FlaskClient, town: Town, **about: str) -> str:
    """Save a plan of both houses; gives the path of its page."""
    stops = f"{town.in_west},{town.in_east}"
    given = {"date": TODAY, "kind": "joint_control", "stops": stops, "offices": "police"} | about
    answer = send(browser, "planer", {}, given)
    assert answer.status_code == 200, answer.text
    return str(answer.json["saved"]["href"])


def visit(browser: FlaskClient, path: str, property_id: int, **values: Any) -> Any:
    about = {"plan": path.rpartition("/")[2], "property": str(property_id), "expected": "0"}
    given = {"access_reached": "flat", "result": "no_finding", "defects": [], "note": "", "note_class": ""} | values
    return send(browser, "planer-ergebnis", given, about)


def words_of(page: Any) -> str:
    """The page as text."""
    return json.dumps(page, ensure_ascii=False)


def test_the_planner_proposes_and_says_why(client: Clients, server: Flask, clean: Town) -> None:
    shown = words_of(show_page(client("staff"), server, "/planer", f"?date={AHEAD}"))
    reasons = ("Tage überfällig", "Dringlichkeit mittel", "letzte Kontrolle mit Befund", "m vom Start", "Luftlinien")
    for words in ("Beispielweg 1", "Musterallee 2", *reasons, "data:image/svg+xml", "kürzeste gefundene Reihenfolge"):
        assert words in shown, words
    nothing = words_of(show_page(client("staff"), server, "/planer", "?kind=outside_view"))
    assert "Nichts vorzuschlagen" in nothing


def test_the_link_holds_every_change_and_what_it_cannot_mean_is_said(
    client: Clients, server: Flask, clean: Town
) -> None:
    browser = client("staff")
    search = (
        f"?date={AHEAD}&stops={clean.in_east},{clean.in_west},999999&search=beispiel&offices=police&start=Nirgends+9"
    )
    shown = words_of(show_page(browser, server, "/planer", search))
    assert f"stops={clean.in_west}%2C{clean.in_east}" in shown, "moved up and down"
    for words in ("Einige Objekte des Links", "von Hand gewählt", "im Plan", "Startpunkt passt keine"):
        assert words in shown, words
    assert "Kein Objekt ist gewählt" in words_of(show_page(browser, server, "/planer", "?stops=-"))
    too_large = f"?area={2**31}"
    for search in ("?stops=a", "?count=99", "?kind=party", "?offices=bakery", "?date=morgen", "?km=3", too_large):
        assert "ist nicht lesbar" in words_of(show_page(browser, server, "/planer", search)), search


def test_a_plan_is_saved_listed_changed_and_called_off(client: Clients, server: Flask, clean: Town) -> None:
    browser = client("staff")
    path = plan(browser, clean, date=AHEAD, start="Nirgends 9")
    shown = words_of(show_page(browser, server, path))
    for words in ("Geplante Kontrollaktion am", "Beispielweg 1", "Polizei", "Laufzettel (PDF)", "Plan ändern"):
        assert words in shown, words
    assert "Ergebnisse erfassen" not in shown, "its day has not come"
    assert "steht bevor" in words_of(show_page(browser, server, "/planer", "?view=list"))
    version = re.search(r"version=(\d+)", shown)
    assert version is not None
    about = {"plan": path.rpartition("/")[2], "expected": version[1]}
    assert plan(browser, clean, date=AHEAD, stops=str(clean.in_east), **about) == path
    assert "Beispielweg 1" not in words_of(show_page(browser, server, path))
    conflict = send(browser, "planer", {}, {"date": AHEAD, "stops": str(clean.in_west), **about})
    assert conflict.status_code == 409
    answer = send(browser, "planer-absagen", {"called_off": "weather"}, {"plan": about["plan"]})
    assert answer.status_code == 200
    assert "Abgesagt: Witterung" in words_of(show_page(browser, server, path))
    refused = send(browser, "planer-absagen", {"called_off": "weather"}, {"plan": about["plan"]})
    assert "abgesagt" in refused.json["problem"]["message"]


def test_what_stands_in_another_plan_is_asked_about(client: Clients, server: Flask, clean: Town) -> None:
    browser = client("staff")
    plan(browser, clean, date=AHEAD)
    assert "In einem anderen Plan" in words_of(show_page(browser, server, "/planer", f"?date={AHEAD}"))
    about = {"date": AHEAD, "kind": "joint_control", "stops": str(clean.in_west)}
    asked = send(browser, "planer", {}, about)
    assert (asked.status_code, len(asked.json["confirm"]["links"])) == (409, 1)
    assert send(browser, "planer", {}, about, confirmed=[asked.json["confirm"]["key"]]).status_code == 200


@pytest.mark.parametrize(
    ("about", "status"),
    [({"stops": "-"}, 422), ({"date": "2020-01-01"}, 422), ({"stops": "x"}, 400), ({"plan": "999999"}, 422)],
)
def test_what_cannot_be_saved(client: Clients, clean: Town, about: dict[str, str], status: int) -> None:
    given = {"date": AHEAD, "kind": "joint_control", "stops": str(clean.in_west)} | about
    assert send(client("staff"), "planer", {}, given).status_code == status


def test_outcomes_are_recorded_one_by_one_and_lead_to_the_next(client: Clients, server: Flask, clean: Town) -> None:
    browser = client("staff")
    path = plan(browser, clean)
    forms = words_of(show_page(browser, server, path, "?view=record"))
    assert forms.count('"Ergebnis speichern"') == 2
    first = visit(browser, path, clean.in_west, result="finding", defects=["waste"], note="Hof voll.")
    assert first.json["saved"]["href"] == f"{path}?view=record&stop={clean.in_east}"
    clash = visit(browser, path, clean.in_west, result="finding", defects=["pests"])
    assert (clash.status_code, [one["name"] for one in clash.json["conflict"]["changes"]]) == (409, ["defects"])
    about = {"plan": path.rpartition("/")[2], "property": str(clean.in_east)}
    skipped = send(browser, "planer-nicht-aufgesucht", {"reason": "no_time"}, about)
    assert (skipped.status_code, skipped.json["saved"]["href"]) == (200, path)
    shown = words_of(show_page(browser, server, path))
    for words in ("1 von 2 Objekten aufgesucht, 0 noch offen", "nicht aufgesucht: Zeit reichte nicht", "Müll"):
        assert words in shown, words
    round_id = re.search(r"/runde/(\d+)", shown)
    assert round_id is not None
    summary = words_of(show_page(browser, server, round_id[0]))
    assert path in summary
    assert "runde-zuruecknehmen" not in summary, "its visits are taken back one by one"
    counts = {"offices": ["police"], "place": "", "interpreter_present": True, "social_worker_present": None}
    counts |= dict.fromkeys(("persons_registered", "persons_met_not_registered", "persons_reported"), "")
    counts |= {"persons_met": "7", "persons_deregistered": ""}
    expected = {"plan": about["plan"], "expected": round_id[1]}
    assert send(browser, "planer-zahlen", counts, expected).status_code == 200
    assert '"persons_met": "7"' in words_of(show_page(browser, server, path))


@pytest.mark.parametrize(
    ("values", "field"),
    [({"access_reached": "none"}, "result"), ({"result": "finding"}, "defects"), ({"defects": ["waste"]}, "result")],
)
def test_an_outcome_that_contradicts_itself_is_said(
    client: Clients, clean: Town, values: dict[str, Any], field: str
) -> None:
    browser = client("staff")
    answer = visit(browser, plan(browser, clean), clean.in_west, **values)
    assert (answer.status_code, list(answer.json["problem"]["fields"])) == (422, [field])


def test_a_day_ahead_has_no_outcome_and_an_open_one_says_so(client: Clients, server: Flask, clean: Town) -> None:
    browser = client("staff")
    ahead = plan(browser, clean, date=AHEAD)
    assert visit(browser, ahead, clean.in_west).status_code == 422
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE qm.round_plan SET held_on = '2026-01-05'"))
    engine.dispose()
    assert "dieser Plan ist offen" in words_of(show_page(browser, server, ahead)).replace("Dieser", "dieser")
    assert "offen: nichts erfasst" in words_of(show_page(browser, server, "/planer", "?view=list"))


def test_the_files_of_a_plan(client: Clients, clean: Town) -> None:
    browser = client("staff")
    path = plan(browser, clean, date=AHEAD)
    sheet = browser.get(f"{path}/laufzettel.pdf")
    assert (sheet.status_code, sheet.mimetype, sheet.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert sheet.data.startswith(b"%PDF-")
    assert sheet.headers["Content-Disposition"] == (
        f"attachment; filename=Laufzettel_{AHEAD}_Erfundene-Beispieldaten.pdf"
    )
    entry = browser.get(f"{path}/termin.ics")
    assert (entry.status_code, entry.mimetype) == (200, "text/calendar")
    told = entry.text.replace("\r\n ", "")
    for words in (
        f"DTSTART;VALUE=DATE:{AHEAD.replace('-', '')}",
        "2 Objekte",
        "Polizei",
        path,
        "Erfundene Beispieldaten",
    ):
        assert words in told, words
    for secret in ("Beispielweg", "Musterallee", "P-1", "P-2"):
        assert secret not in told
    with create_engine(clean.urls.load, poolclass=NullPool).begin() as connection:
        logged = connection.execute(
            text("SELECT subject FROM audit.entry WHERE action = 'export' ORDER BY number DESC LIMIT 2")
        )
        # Who keeps the accounts reads the log, and learns no planned date from it.
        number = path.rpartition("/")[2]
        assert sorted(logged.scalars()) == [f"plan-{number}.ics", f"plan-{number}.pdf"]
    assert browser.get("/planer/999999/laufzettel.pdf").status_code == 404
    assert client("manager").get(f"{path}/laufzettel.pdf").status_code == 403


def test_data_never_becomes_markup_of_the_run_sheet_and_it_is_made_in_time() -> None:
    evil = '#read("/etc/passwd") $x$ *a* _b_ `c` @d <e> \\ #import "@preview/cetz:0.3.0" [f] = g'
    stop = SheetStop(1, evil, evil, evil, evil, evil, (evil,))
    names = ("page", "reason", "last", "rule", "access", "result", "defects", "skipped", "from", "until", "hand")
    lists = ("access_levels", "results", "defect_list", "skip_reasons")
    words: dict[str, Any] = dict.fromkeys(names, evil) | {name: [evil] for name in lists}
    sheet = Sheet("de", evil, evil, evil, ((evil, evil),), None, evil, evil, (stop,) * 9, words, evil)
    began = time.perf_counter()
    made = as_pdf(sheet)
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made, "tagged"
    assert b"/Lang" in made
    assert time.perf_counter() - began < 5, "usually a tenth of a second"
    outside = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="file:///etc/passwd"/></svg>'
    with pytest.raises(typst.TypstError, match="not allowed"):
        as_pdf(replace(sheet, drawing=outside))


def test_planning_is_for_building_control(client: Clients, clean: Town) -> None:
    for role in ("manager", "external_manager", "politics", "admin"):
        assert client(role).get("/planer", headers={"Accept": "text/html"}).status_code == 403, role
        assert send(client(role), "planer", {}, {"date": AHEAD}).status_code == 403, role


def test_where_a_control_is_planned_is_shown_to_those_who_may_see_plans(
    client: Clients, server: Flask, clean: Town
) -> None:
    browser = client("staff")
    path = plan(browser, clean, date=AHEAD)
    assert path in words_of(show_page(browser, server, f"/objekt/{clean.in_west}"))
    assert path in words_of(show_page(browser, server, "/heute"))
    manager = words_of(show_page(client("manager"), server, f"/objekt/{clean.in_west}"))
    assert "Kontrolle geplant am" in manager
    assert path not in manager
    external = words_of(show_page(client("external_manager"), server, f"/objekt/{clean.in_west}"))
    assert "Kontrolle geplant am" not in external
