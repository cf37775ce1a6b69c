"""The page of rules over HTTP: who sees what, that nothing is saved without its preview, and who is released."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, NullPool, create_engine, text
from werkzeug.test import TestResponse

from dashboard.i18n import settle_language
from dashboard.pages.regeln import job as job_view
from dashboard.pages.regeln import preview as words
from dashboard.pages.regeln.satisfies import satisfies_rows
from dashboard.pages.regeln.wish import Wish, draft_of, read_pair
from dashboard.rule_words import years_words
from geodata import jobs
from geodata.errors import InvalidEdit
from geodata.jobs import Job
from geodata.rules.preview import Preview
from tests.factories import facts, rule_changes
from tests.factories.town import KEY, Town
from tests.web.conftest import call, show_page

Clients = Callable[[str], FlaskClient]
# The day on which the tests run lies behind that of the town's data, as in a demonstration.
RULE = {
    "control_type": "joint_control", "interval_days": "30", "area_id": "city", "use_type": "any",
    "access_required": "common_areas", "reason": "Beschluss vom November", "valid_from": "2026-11-15",
}  # fmt: skip
PREVIEW = Preview(
    pairs_before=260, pairs_after=260, pairs_changed=79, overdue_before=86, overdue_after=119,
    overdue_course=tuple((date(2026 + at // 12, at % 12 + 1, 28), 86 + at, 119 + at) for at in range(24)),
    visits_per_year_before=174, visits_per_year_after=430.4, visits_per_house_and_year_before=0.8,
    visits_per_house_and_year_after=4.06, share_without_finding=(46, 95), objects=79,
    areas=((1, 5, 6), (2, 5, 5), (3, 9, 2)), on=date(2026, 11, 23),
)  # fmt: skip


def said(client: FlaskClient, server: Flask, search: str = "") -> str:
    return json.dumps(show_page(client, server, "/regeln", search)["content"], ensure_ascii=False)


def linked(client: FlaskClient, server: Flask, address: str) -> Any:
    """The page of a link as a saved form names it."""
    query = dict(parse_qsl(urlsplit(address).query))
    values = {
        "shell-route.data": {"path": "/regeln", "query": query},
        "shell-location.search": f"?{urlsplit(address).query}",
    }
    answer = call(client, server, "..shell-content.children...shell-page.data..", values)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)["response"]["shell-content"]["children"]


def send(
    client: FlaskClient, form: str, values: Mapping[str, Any], confirmed: tuple[str, ...] = (), **about: str
) -> TestResponse:
    body = {"submission": str(uuid4()), "values": dict(values), "about": about, "confirmed": list(confirmed)}
    return client.post(f"/formulare/{form}", json=body)


def form_of(content: Any, key: str) -> Any:
    """The properties of the form on a page."""
    if isinstance(content, list):
        return next((found for one in content if (found := form_of(one, key))), None)
    if not isinstance(content, dict):
        return None
    properties = content.get("props", {})
    if isinstance(properties.get("spec"), dict) and properties["spec"]["key"] == key:
        return properties
    return form_of(properties.get("children"), key)


@pytest.fixture
def loader(town: Town) -> Iterator[Connection]:
    """A connection that commits at once, as the loader; what was written is taken away at the end."""
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    with engine.begin() as connection:
        rule_changes.take_back(connection)
    engine.dispose()


@pytest.fixture
def ran(server: Flask, town: Town, loader: Connection) -> Iterator[list[int]]:
    """The numbers of rules that were committed whenever the application asked for the work to be run."""
    deps = server.extensions["quartiermonitor"]["deps"]
    seen: list[int] = []

    def run_jobs(**_: object) -> None:
        seen.append(
            loader.execute(text("SELECT count(*) FROM qm.interval_rule WHERE edit_id IS NOT NULL")).scalar_one()
        )

    object.__setattr__(deps, "run_jobs", run_jobs)
    yield seen
    object.__setattr__(deps, "run_jobs", None)


# --- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["politics", "external_manager", "admin"])
def test_it_is_for_those_who_plan(client: Clients, server: Flask, role: str) -> None:
    refused = show_page(client(role), server, "/regeln")
    assert refused["page"]["key"] == ""
    assert client(role).get("/tables/regeln/rows").status_code == 403
    assert send(client(role), "regel-neu", RULE).status_code == 403


def test_building_control_reads_and_changes(client: Clients, server: Flask) -> None:
    shown = said(client("staff"), server)
    for part in (
        "1 Regel gilt. Fristgerecht: 0 von 2 Paaren", "alle 365 Tage", "(jedes Jahr)", "ganze Stadt", "0 von 2",
        "0\u00a0%, 2 überfällig", "verlangt 1,0", "0 von 2 Kontrollen", "Regel hinzufügen", "form=replace", "form=end",
        "Welche Kontrolle auch für welche gilt", "Nichts wird vorgeschlagen",
    ):  # fmt: skip
        assert part in shown, part


def test_a_manager_reads_the_numbers_of_the_own_areas_and_changes_nothing(client: Clients, server: Flask) -> None:
    manager = client("manager")
    shown = said(manager, server)
    assert "Ihre Gebiete: Westquartier. Alle Zahlen gelten nur dort." in shown
    assert "Fristgerecht: 0 von 1 Paaren" in shown
    assert "form=" not in shown
    assert "Regeln ändert nur die Bauaufsicht." in said(manager, server, "?form=new")
    assert send(manager, "regel-neu", RULE).status_code == 403


def test_the_files_hold_each_rule_with_its_controls(client: Clients) -> None:
    staff = client("staff")
    file = staff.get("/tables/regeln.csv").get_data(as_text=True)
    assert "Ohne Befund;Kontrollen in drei Jahren" in file
    [row] = staff.get("/tables/regeln/rows").get_json()["rows"]
    assert (row["interval_days"], row["rule_state"], row["controls"], row["without_finding"]) == (
        "365 Tage", "in Kraft", "2", "0",
    )  # fmt: skip


def test_visits_and_controls_without_a_finding_stand_beside_the_rule(
    client: Clients, server: Flask, loader: Connection, town: Town
) -> None:
    """All visits count, as in the register and in the preview of a change: two of 2025 are there, one is too old."""
    for number, (day, result) in enumerate(
        [(date(2026, 9, 1), "no_finding"), (date(2026, 10, 1), "not_completed"), (date(2023, 11, 1), "no_finding")]
    ):
        facts.inspection(loader, town.in_west, day, key=f"regeln-{number}", result=result)
    shown = said(client("staff"), server)
    assert "1 von 4 Kontrollen" in shown
    assert "gehalten 1,0" in shown


# --- a change and its preview -----------------------------------------------------------------------------------------


def test_a_rule_is_saved_only_as_its_preview_showed_it(
    client: Clients, server: Flask, loader: Connection, ran: list[int]
) -> None:
    staff = client("staff")

    def edited() -> int:
        return int(loader.execute(text("SELECT count(*) FROM qm.interval_rule WHERE edit_id IS NOT NULL")).scalar_one())

    # Without a preview: even the form under it leads there.
    for form in ("regel-neu", "regel-neu-speichern"):
        saved = send(staff, form, RULE).get_json()["saved"]
        assert saved["message"].startswith("Noch ist nichts gespeichert")
        assert edited() == 0
    # Asked for from a page of another date, it stays with that date.
    dated = send(staff, "regel-neu", RULE, as_of="2026-06-30").get_json()["saved"]
    assert "as_of=2026-06-30" in dated["href"]
    content = linked(staff, server, saved["href"])
    shown = json.dumps(content, ensure_ascii=False)
    assert "Ab dem 15.11.2026 ändert sich für 2 Objekte die Fälligkeit." in shown
    assert "wären 2 von 2 Kontrollen dieser Art überfällig, ohne die Änderung 2" in shown
    assert "Je betroffenes Haus: 12,2 statt 1,0 im Jahr." in shown
    assert "/planspiel?wish=0%3Ajoint_control%3A30" in shown
    form = form_of(content, "regel-neu-speichern")
    assert form["values"]["interval_days"] == "30"
    # With the seal of this preview, but other values: their own preview first.
    other = send(staff, "regel-neu-speichern", {**form["values"], "interval_days": "31"}, seen=form["about"]["seen"])
    assert "interval_days=31" in other.get_json()["saved"]["href"]
    assert edited() == 0
    # As it was shown: saved, and the work begins when it is committed.
    saved = send(staff, "regel-neu-speichern", form["values"], seen=form["about"]["seen"]).get_json()["saved"]
    assert re.search(r"/regeln\?job=\d+&edit=\d+", saved["href"])
    assert "gilt ab dem 15.11.2026" in saved["message"]
    assert ran == [1]
    # From the tab beside it, with the same preview: the rule is there already.
    again = send(staff, "regel-neu-speichern", form["values"], seen=form["about"]["seen"])
    assert (again.status_code, edited()) == (422, 1)


def test_a_saved_rule_is_taken_back_once(client: Clients, server: Flask, loader: Connection, ran: list[int]) -> None:
    staff = client("staff")
    preview = linked(staff, server, send(staff, "regel-neu", RULE).get_json()["saved"]["href"])
    form = form_of(preview, "regel-neu-speichern")
    address = send(staff, "regel-neu-speichern", form["values"], seen=form["about"]["seen"]).get_json()["saved"]["href"]
    back = form_of(linked(staff, server, address), "regel-zuruecknehmen")
    assert send(staff, "regel-zuruecknehmen", {}, **back["about"]).status_code == 200
    assert len(ran) == 2
    known = "SELECT count(*) FROM qm.interval_rule WHERE edit_id IS NOT NULL AND superseded_at IS NULL"
    assert loader.execute(text(known)).scalar_one() == 0
    again = send(staff, "regel-zuruecknehmen", {}, **back["about"])
    assert again.get_json()["problem"]["message"] == "Das hat schon jemand zurückgenommen."


def test_the_seal_of_one_account_opens_nothing_to_another() -> None:
    wish = Wish("new", None, {"interval_days": 30, "valid_from": date(2026, 11, 15), "valid_to": None})
    assert wish.seal("key", "bea", None) == wish.seal("key", "bea", None)
    others = {
        wish.seal("key", "quirin", None),
        wish.seal("other", "bea", None),
        wish.seal("key", "bea", "2026-01-01"),
        Wish("new", None, {**wish.values, "interval_days": 31}).seal("key", "bea", None),
        Wish("replace", 1, wish.values).seal("key", "bea", None),
    }
    assert len(others | {wish.seal("key", "bea", None)}) == 6


def test_a_duty_by_law_says_why_it_cannot_be_changed(client: Clients, server: Flask, loader: Connection) -> None:
    loader.execute(text("UPDATE qm.interval_rule SET is_statutory = true"))
    number = str(loader.execute(text("SELECT id FROM qm.interval_rule")).scalar_one())
    staff = client("staff")
    shown = said(staff, server, f"?form=replace&rule={number}")
    assert "Gesetzliche Pflicht" in shown
    assert "form=end" not in shown
    longer = send(staff, "regel-aendern", {**RULE, "interval_days": "400", "use_type": "other"}, rule=number)
    assert longer.status_code == 422
    problems = longer.get_json()["problem"]["fields"]
    assert problems["interval_days"] == "Dies ist eine gesetzliche Pflicht: Der Abstand darf nicht länger werden."
    assert "nicht für weniger Objekte" in problems["use_type"]
    ended = send(staff, "regel-beenden", {"ends_on": "2026-12-01", "reason": "x"}, rule=number)
    assert "kann hier nicht beendet werden" in ended.get_json()["problem"]["fields"]["ends_on"]


def test_what_cannot_be_a_rule_is_said_beside_its_field(client: Clients, server: Flask) -> None:
    staff = client("staff")
    for change, field in (
        ({"valid_to": "2026-11-15"}, "valid_to"), ({"use_type": "castle"}, "use_type"), ({"area_id": "x"}, "area_id"),
        ({"interval_days": "0"}, "interval_days"), ({"reason": ""}, "reason"),
        ({"access_required": "none"}, "access_required"),
    ):  # fmt: skip
        answer = send(staff, "regel-neu", {**RULE, **change})
        assert answer.status_code == 422, change
        assert field in answer.get_json()["problem"]["fields"]
    assert send(staff, "regel-beenden", {"ends_on": "2026-12-01", "reason": "x"}, rule="999999").status_code == 422
    assert "Abstand in Tagen: Mindestens 1." in said(staff, server, "?form=new&interval_days=0")
    assert "Diese Regel gibt es nicht mehr" in said(staff, server, "?form=end&rule=999999")


# --- the job ----------------------------------------------------------------------------------------------------------


def test_the_bar_follows_the_job_and_ends_with_it(
    client: Clients, server: Flask, loader: Connection, town: Town, ran: list[int]
) -> None:
    staff = client("staff")
    preview = linked(staff, server, send(staff, "regel-neu", RULE).get_json()["saved"]["href"])
    form = form_of(preview, "regel-neu-speichern")
    address = send(staff, "regel-neu-speichern", form["values"], seen=form["about"]["seen"]).get_json()["saved"]["href"]
    number = int(dict(parse_qsl(urlsplit(address).query))["job"])
    assert "Fälligkeiten warten darauf, neu berechnet zu werden" in json.dumps(
        linked(staff, server, address), ensure_ascii=False
    )
    output = "..regeln-job.children...regeln-job-state.data...regeln-poll.disabled.."

    def poll() -> Any:
        answer = call(staff, server, output, {"regeln-poll.n_intervals": 1, "regeln-job-id.data": number})
        return json.loads(answer.text)["response"]

    loader.execute(text("UPDATE qm.job SET state = 'running', done = 43, total = 100, heartbeat_at = now()"))
    running = poll()
    assert not running["regeln-poll"]["disabled"]
    assert "neu berechnet: 43\\u00a0%" in json.dumps(running) or "43\u00a0%" in json.dumps(running, ensure_ascii=False)
    loader.execute(text("UPDATE qm.job SET state = 'failed', problem = 'Der Platz ging aus.'"))
    failed = poll()
    assert failed["regeln-poll"]["disabled"]
    assert "regel-neu-berechnen" in json.dumps(failed)
    # What failed stands on the page for whoever of building control looks next.
    assert "Der Platz ging aus." in said(staff, server)
    assert send(staff, "regel-neu-berechnen", {}, job=str(number)).status_code == 200
    assert len(ran) == 2
    assert jobs.run_queued(town.urls.load, with_failed=True) == 1
    assert poll()["regeln-job-state"]["data"] == "done"
    assert "alle 30 Tage" in said(staff, server)
    assert call(client("manager"), server, output, {"regeln-job-id.data": number}).status_code == 403


def test_an_interrupted_job_says_what_became_of_the_rules(server: Flask) -> None:
    moment = datetime(2026, 11, 15, 12, tzinfo=UTC)
    broken = Job(1, "rules", "interrupted", 3, 10, moment, None, "Bea", None)
    done = Job(2, "rules", "done", 10, 10, moment, moment, "Bea", None)
    with server.test_request_context("/"):
        settle_language()
        assert "unterbrochen" in job_view.stopped_words(broken)
        assert "Die Regeln sind gespeichert" in job_view.stopped_words(broken)
        assert "10 Objekten" in job_view.done_words(done)
    assert job_view.shown_job([broken], None) is broken
    assert job_view.shown_job([done], None) is None
    assert job_view.shown_job([broken], done) is done


# --- releases ---------------------------------------------------------------------------------------------------------


def test_an_object_is_released_from_a_rule_and_taken_back_in(
    client: Clients, server: Flask, loader: Connection, town: Town
) -> None:
    staff = client("staff")
    rule = loader.execute(text("SELECT id FROM qm.interval_rule")).scalar_one()
    reason = {"since_on": "2026-11-15", "reason": "Seit Jahren ohne Befund"}
    early = send(staff, "regel-entlassen", {**reason, "pairs": [f"{town.in_west}-{rule}"]})
    assert "nicht so viele Kontrollen ohne Befund" in early.get_json()["problem"]["message"]
    facts.inspection(loader, town.in_west, date(2026, 9, 1), key="regeln-1", access_reached="flat", result="no_finding")
    assert send(staff, "regel-entlassen", {**reason, "pairs": [f"{town.in_west}-{rule}"]}).status_code == 200
    shown = said(staff, server)
    assert "Seit Jahren ohne Befund" in shown
    assert "Seit Jahren ohne Befund" not in said(client("manager"), server)
    page = json.dumps(show_page(staff, server, f"/objekt/{town.in_west}")["content"], ensure_ascii=False)
    assert "Von der Regel freigestellt, deshalb ist keine Kontrolle dieser Art fällig." in page
    [number] = re.findall(r"form=end-release&release=(\d+)", shown)
    opened = said(staff, server, f"?form=end-release&release={number}")
    assert "entlassung-beenden" in opened
    assert send(staff, "entlassung-beenden", {"ends_on": "2026-11-15"}, release=number).status_code == 200
    assert "kein Objekt von einer Regel freigestellt" in said(staff, server)


def test_the_page_of_an_object_releases_it_too(client: Clients, server: Flask, loader: Connection, town: Town) -> None:
    staff, path = client("staff"), f"/objekt/{town.in_west}"
    facts.inspection(loader, town.in_west, date(2026, 9, 1), key="regeln-1", access_reached="flat", result="no_finding")
    facts.rule(loader, city=KEY, key="regeln-long", interval_days=1_000, edit_id=None)
    try:
        page = json.dumps(show_page(staff, server, path)["content"], ensure_ascii=False)
        assert "1 weitere Regel trifft zu" in page
        assert "alle 1.000 Tage, ganze Stadt: ihr Abstand ist länger" in page
        [rule] = re.findall(r"form=objekt-entlassen&fact=(\d+)", page)
        form = form_of(
            show_page(staff, server, path, f"?form=objekt-entlassen&fact={rule}")["content"], "objekt-entlassen"
        )
        values = {"since_on": "2026-11-15", "reason": "Ohne Befund"}
        assert send(staff, "objekt-entlassen", values, **form["about"]).status_code == 200
        page = json.dumps(show_page(staff, server, path)["content"], ensure_ascii=False)
        # The longer rule wins now, and the page says why the shorter one does not.
        assert "dieses Objekt ist von ihr freigestellt" in page
        [release] = re.findall(r"form=objekt-entlassung-beenden&fact=(\d+)", page)
        ended = send(
            staff, "objekt-entlassung-beenden", {"ends_on": "2026-11-15"}, property=str(town.in_west), fact=release
        )
        assert ended.status_code == 200
        assert "objekt-entlassen" not in json.dumps(show_page(client("manager"), server, path))
    finally:
        loader.execute(text("DELETE FROM qm.property_due"))
        loader.execute(text("DELETE FROM qm.interval_rule WHERE key = 'regeln-long'"))


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [(365, "jedes Jahr"), (366, "jedes Jahr"), (1_095, "alle 3 Jahre"), (1_096, "alle 3 Jahre"),
     (2_190, "alle 6 Jahre"), (2_191, "alle 6 Jahre"), (60, ""), (450, ""), (1_000, ""), (1, "")],
)  # fmt: skip
def test_whole_years_are_said_as_years(server: Flask, days: int, expected: str) -> None:
    with server.test_request_context("/"):
        settle_language()
        assert years_words(days) == expected


def test_the_preview_says_how_many_and_when_and_what_it_costs(server: Flask) -> None:
    with server.test_request_context("/"):
        settle_language()
        now, course, visits, clean = words.preview_words(PREVIEW)
        assert "Ab dem 23.11.2026 ändert sich für 79 Objekte" in now
        assert "119 von 260 Kontrollen dieser Art überfällig, ohne die Änderung 86" in now
        assert course == (
            "Würde niemand kontrolliert, wären überfällig: am 28.06.2026 124 statt 91; am 28.12.2027 142 statt 109."
        )
        assert "430 Besuche im Jahr statt 174" in visits
        assert "4,1 statt 0,8" in visits
        assert "46 von 95 Kontrollen dieser Art an diesen Häusern (48\u00a0%)" in clean
        rows = words.area_rows(words.most_concerned(PREVIEW), {1: "Nord", 2: "Süd", 3: "West"})
    assert rows == [["West", "9", "2", "−7"], ["Nord", "5", "6", "+1"]]


def test_the_chart_of_the_preview_and_its_table_hold_the_same(server: Flask) -> None:
    with server.test_request_context("/"):
        settle_language()
        before, after = words.course_traces(PREVIEW)
        rows = words.course_rows(PREVIEW)
    assert [[str(one) for one in pair] for pair in zip(before["y"], after["y"], strict=True)] == [
        row[1:] for row in rows
    ]
    assert before["line"]["dash"] == "dash"
    assert "dash" not in after["line"]


def test_who_serves_whom_is_said_both_ways(server: Flask) -> None:
    with server.test_request_context("/"):
        settle_language()
        rows = {row[0]: row[1:] for row in satisfies_rows(frozenset({("joint_control", "follow_up")}))}
    assert rows["Gemeinsame Kontrolle"] == ("Nachkontrolle", "keine andere Art")
    assert rows["Nachkontrolle"] == ("keine andere Art", "Gemeinsame Kontrolle")


def test_what_no_menu_gives_is_no_rule() -> None:
    entered = {**dict.fromkeys(("access_required_if_empty", "legal_basis", "resolution", "decided_by", "valid_to")),
               "release_after_clean_visits": None, **RULE, "valid_from": date(2026, 11, 15)}  # fmt: skip
    assert draft_of(entered).area_id is None
    assert draft_of({**entered, "area_id": "12", "use_type": "other"}).area_id == 12
    for name, value in (
        ("area_id", "1e3"),
        ("area_id", str(2**31)),
        ("use_type", "any; drop"),
        ("valid_to", date(2026, 11, 15)),
    ):
        with pytest.raises(InvalidEdit) as refused:
            draft_of({**entered, name: value})
        assert name in refused.value.fields
    assert read_pair("12-3") == (12, 3)
    for bad in ("", "12", "12-", "-3", "1-2-3", "a-b"):
        with pytest.raises(InvalidEdit):
            read_pair(bad)
