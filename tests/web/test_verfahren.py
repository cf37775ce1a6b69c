"""Proceedings: who sees which, what the forms ask and refuse in words, what leaves the page as a file."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, NullPool, create_engine, text

from dashboard.money_input import read_amount, write_amount
from tests.factories import facts
from tests.factories.town import Town, back_to_the_date
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
SAFEGUARDS: dict[str, Any] = {
    "milder_means": ["talks", "order_to_repair"], "households": "3", "large_households": "1",
    "replacement_dwellings_offered": "1", "replacement_households_offered": "1", "decided_by": "Amtsleitung",
    "decided_on": "2026-11-02",
}  # fmt: skip


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test enters is taken away afterwards."""
    yield town
    with _loader(town) as connection:
        for table in ("measure_step", "measure", "supply_cut"):
            connection.execute(text(f"DELETE FROM qm.{table}"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind LIKE 'verfahren%' OR kind LIKE 'sperre%'"))
    back_to_the_date(town.urls)


@pytest.fixture
def told(clean: Town) -> Town:
    """An order in the west that expired on 4 November, one in the east with a court, talks, an end, two cuts."""
    with _loader(clean) as connection:
        order = facts.measure(connection, clean.in_west, "housing_order", note="Wasser im Keller", causes=["heating"])
        facts.measure_step(connection, clean.in_west, order, "hearing", date(2026, 3, 2), served_on=date(2026, 3, 4),
                           due_on=date(2026, 3, 25))  # fmt: skip
        facts.measure_step(connection, clean.in_west, order, "order", date(2026, 9, 1), served_on=date(2026, 9, 4),
                           due_on=date(2026, 11, 4), note="Heizung")  # fmt: skip
        stopped = facts.measure(connection, clean.in_east, "use_ban", court_status="suspended",
                                court_since_on=date(2026, 6, 1), is_order_enforceable=False,
                                is_coercion_enforceable=True, office="building_control")  # fmt: skip
        facts.measure_step(connection, clean.in_east, stopped, "hearing", date(2026, 11, 2),
                           served_on=date(2026, 11, 4), due_on=date(2026, 11, 20))  # fmt: skip
        facts.measure(connection, clean.in_west, "talks", next_check_on=date(2026, 12, 24))
        facts.measure(connection, clean.in_west, "agreement", closed_on=date(2026, 5, 5), outcome="amicable")
        facts.measure(connection, clean.in_east, "building_order", closed_on=date(2026, 5, 5), outcome="withdrawn")
        facts.supply_cut(connection, clean.in_west, cut_on=date(2026, 11, 10), dwellings_affected=4)
        facts.supply_cut(connection, clean.in_east, "gas", planned_on=date(2026, 11, 18))
    return clean


def order_of(town: Town) -> str:
    """Key of the order in the west."""
    return f"{town.in_west}-housing_order-1"


class _loader:  # noqa: N801 - reads as a function where it is used
    """A transaction with the loader's rights."""

    def __init__(self, town: Town) -> None:
        self._engine = create_engine(town.urls.load, poolclass=NullPool)

    def __enter__(self) -> Connection:
        self._begun = self._engine.begin()
        return self._begun.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._begun.__exit__(*error)
        self._engine.dispose()


def words_of(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False)


def send(browser: FlaskClient, form: str, values: dict[str, Any], **more: Any) -> tuple[int, Any]:
    body = {"submission": str(uuid4()), "values": values, "about": {}, "confirmed": []} | more
    answer = browser.post(f"/formulare/{form}", json=body)
    return answer.status_code, answer.json


def rows_of(browser: FlaskClient, table: str, query: str = "") -> list[str]:
    answer = browser.get(f"/tables/{table}.csv{query}")
    assert answer.status_code == 200, answer.text
    return answer.data.decode("utf-8-sig").splitlines()[1:]


# --- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["external_manager", "politics", "admin"])
def test_others_have_no_such_page_no_form_and_no_file(client: Clients, server: Flask, told: Town, role: str) -> None:
    browser = client(role)
    page = words_of(show_page(browser, server, "/verfahren"))
    assert "Musterallee" not in page
    assert "Offene Fristen" not in page
    for address in ("/tables/verfahren.csv", "/tables/fristen/rows", "/tables/sperren.xlsx", "/verfahren-fristen.ics"):
        assert browser.get(address).status_code == 403, address
    assert send(browser, "verfahren-frist", {"met_on": "2026-11-11"})[0] == 403


def test_an_empty_page_says_what_would_stand_there(client: Clients, server: Flask) -> None:
    for view, words in (
        ("fristen", "Keine offene Frist"), ("alle", "Noch kein Verfahren"),
        ("einvernehmlich", "Noch kein Gespräch und keine Vereinbarung"), ("sperren", "Keine Versorgungssperre bekannt"),
    ):  # fmt: skip
        assert words in words_of(show_page(client("staff"), server, "/verfahren", f"?view={view}")), view


def test_staff_reads_deadlines_by_day_the_expired_ones_first(client: Clients, server: Flask, told: Town) -> None:
    page = words_of(show_page(client("staff"), server, "/verfahren"))
    places = [page.index(words) for words in ("Abgelaufen (2)", "In den nächsten 7 Tagen (2)", "Später (1)")]
    assert places == sorted(places)
    for words in ("2 Fristen sind abgelaufen. 2 enden bis zum 22.11.2026.", "seit 11 Tagen abgelaufen", "noch 5 Tage",
                  "gesperrt seit 10.11.2026", "Versorgungssperre: Strom", "Versorgungssperre: Gas",
                  "noch nicht bestätigt", "Wiedervorlage", "Frist erledigt", "form=verfahren-eroeffnen"):  # fmt: skip
        assert words in page, words


def test_an_action_among_the_steps_asks_how_it_stands(client: Clients, server: Flask, told: Town) -> None:
    gap = "Eine Klage ist als Schritt erfasst."
    before = words_of(show_page(client("staff"), server, f"/verfahren/{order_of(told)}"))
    assert gap not in before
    # That nothing is recorded does not say that there is no action.
    assert "Keine Klage" not in before
    with _loader(told) as connection:
        facts.measure_step(connection, told.in_west, order_of(told), "court_action", date(2026, 11, 6))
    assert gap in words_of(show_page(client("staff"), server, f"/verfahren/{order_of(told)}"))


def test_a_manager_reads_the_own_areas_and_enters_nothing(client: Clients, server: Flask, told: Town) -> None:
    browser = client("manager")
    for view in ("fristen", "alle", "einvernehmlich", "sperren"):
        page = words_of(show_page(browser, server, "/verfahren", f"?view={view}"))
        assert "Musterallee" not in page
        assert "Verfahren eröffnen" not in page
        assert "form=" not in page
    one = words_of(show_page(browser, server, f"/verfahren/{order_of(told)}"))
    assert "Wohnungsaufsichtliche Verfügung: Beispielweg 1" in one
    # Free text of a case is for case workers.
    assert "Wasser im Keller" not in one
    assert "Schritt erfassen" not in one
    assert "Verfahren nicht gefunden" in words_of(show_page(browser, server, f"/verfahren/{told.in_east}-use_ban-1"))
    assert len(rows_of(browser, "verfahren")) == 3


def test_the_filter_and_the_counts_beside_are_those_of_the_list(client: Clients, server: Flask, told: Town) -> None:
    staff = client("staff")
    assert len(rows_of(staff, "verfahren")) == 5
    assert len(rows_of(staff, "verfahren", "?status=open")) == 3
    assert len(rows_of(staff, "verfahren", "?court=1")) == 1
    assert len(rows_of(staff, "verfahren", "?family=cooperative&status=closed")) == 1
    assert [line.split(";")[0] for line in rows_of(staff, "fristen", "?office=building_control")] == ["20.11.2026"]
    assert len(rows_of(staff, "sperren", f"?area={told.east}")) == 1
    ordered = rows_of(staff, "verfahren", "?sort=address&desc=1")
    assert [line.split(";")[0] for line in ordered] == ["Musterallee 2"] * 2 + ["Beispielweg 1"] * 3
    assert staff.get("/tables/verfahren/rows?family=keine").status_code == 400
    assert "Dieser Teil des Links" in words_of(show_page(staff, server, "/verfahren", "?office=keins"))


def test_how_many_of_how_many_ended_by_agreement(client: Clients, server: Flask, told: Town) -> None:
    page = words_of(show_page(client("staff"), server, "/verfahren", "?view=einvernehmlich"))
    assert "1 von 2 abgeschlossenen Verfahren endeten einvernehmlich (50\u00a0%)." in page


def test_one_proceeding_tells_its_two_flags_apart(client: Clients, server: Flask, told: Town) -> None:
    page = words_of(show_page(client("staff"), server, f"/verfahren/{told.in_east}-use_ban-1"))
    for words in ("Verfügung vollziehbar: nein", "Zwangsmittel vollziehbar: ja", "noch nicht bestätigt",
                  "laut Schreiben", "Fassungen: 2",
                  "Räume dürfen nicht mehr genutzt werden", "(seit 01.06.2026)"):  # fmt: skip
        assert words in page, words


def test_the_calendar_file_holds_neither_address_nor_object(client: Clients, told: Town) -> None:
    answer = client("staff").get("/verfahren-fristen.ics")
    content = answer.text.replace("\r\n ", "")
    assert content.count("BEGIN:VEVENT") == 5
    for hidden in ("Beispielweg", "Musterallee", "P-1", "P-2", "Heizung"):
        assert hidden not in content
    assert "Frist: Verfügung erlassen (Wohnungsaufsichtliche Verfügung)" in content


def test_the_page_of_an_object_draws_the_ladder(client: Clients, server: Flask, told: Town) -> None:
    staff = words_of(show_page(client("staff"), server, f"/objekt/{told.in_west}"))
    for words in ("Von mild zu streng", "Jederzeit daneben", "Was als Nächstes möglich ist", "ladder-current",
                  "gesperrt seit 10.11.2026", "Abgeschlossene Verfahren: 1", "form=verfahren-eroeffnen"):  # fmt: skip
        assert words in staff, words
    manager = words_of(show_page(client("manager"), server, f"/objekt/{told.in_west}"))
    assert "Von mild zu streng" in manager
    assert "form=verfahren-eroeffnen" not in manager
    assert "Von mild zu streng" not in words_of(
        show_page(client("external_manager"), server, f"/objekt/{told.in_west}")
    )


# --- forms ------------------------------------------------------------------------------------------------------------


def test_a_proceeding_goes_its_way_from_the_opening_to_its_end(client: Clients, server: Flask, clean: Town) -> None:
    staff, about = client("staff"), {"property": str(clean.in_west), "kind": "coercive_fine", "to": "proceeding"}
    first = {"opened_on": "2026-11-02", "amount_ordered_eur": "1.250,50"}
    status, answer = send(staff, "verfahren-eroeffnen", first, about=about)
    assert status == 200
    address = answer["saved"]["href"]
    with _loader(clean) as connection:
        key, number = connection.execute(text("SELECT key, id FROM qm.measure")).one()
    of = {"measure": key, "to": "proceeding"}
    threat = {"kind": "threat", "happened_on": "2026-11-03", "served_on": "2026-11-05", "due_on": "2026-11-12"}
    assert send(staff, "verfahren-schritt", threat, about=of)[0] == 200
    page = words_of(show_page(staff, server, address))
    assert "1.250,50\u00a0€" in page
    assert "Frist erledigt" in page
    assert "Fassungen: 2" in page
    assert "Bea Beispiel" in page
    with _loader(clean) as connection:
        step = connection.execute(text("SELECT key FROM qm.measure_step")).scalar_one()
    assert (
        send(staff, "verfahren-frist", {"met_on": "2026-11-13"}, about={"step": step, "back": "office=police"})[0]
        == 200
    )
    assert "verspätet erledigt" in words_of(show_page(staff, server, address))
    end = {"closed_on": "2026-11-14", "outcome": "fulfilled"}
    asked, answer = send(staff, "verfahren-abschliessen", end, about=of | {"expected": str(number)})
    assert (asked, answer["confirm"]["key"]) == (409, "close")
    assert send(staff, "verfahren-abschliessen", end, about=of, confirmed=["close"])[0] == 200
    assert "Erfüllt (14.11.2026)" in words_of(show_page(staff, server, address))


def test_a_form_leads_back_to_the_filter_that_it_came_from(client: Clients, server: Flask, told: Town) -> None:
    staff, step = client("staff"), f"{told.in_west}-{order_of(told)}-order-2026-09-01"
    search = f"?office=housing_supervision&form=verfahren-frist&measure={order_of(told)}&step={step}"
    page = words_of(show_page(staff, server, "/verfahren", search))
    assert "Als erledigt eintragen" in page
    about = {"step": step, "to": "list", "back": "office=housing_supervision&evil=//x"}
    status, answer = send(staff, "verfahren-frist", {"met_on": "2026-11-11"}, about=about)
    assert (status, answer["saved"]["href"]) == (200, "/verfahren?office=housing_supervision")


def test_a_house_is_not_closed_without_safeguards_and_a_question(client: Clients, server: Flask, clean: Town) -> None:
    staff, about = client("staff"), {"property": str(clean.in_west), "kind": "clearance", "to": "proceeding"}
    page = words_of(
        show_page(staff, server, "/verfahren", f"?form=verfahren-eroeffnen&property={clean.in_west}&kind=clearance")
    )
    for words in ("Bevor ein Haus geschlossen wird", "Ersatzwohnungen am", "Keine Ersatzwohnung ist frei",
                  "Das letzte Mittel"):  # fmt: skip
        assert words in page, words
    without = {"opened_on": "2026-11-02"}
    # Neither by its own form without the facts, nor by the form that does not ask for them.
    status, answer = send(staff, "schliessung-eroeffnen", without, about=about)
    assert status == 422
    assert {"milder_means", "decided_by", "replacement_dwellings_offered"} <= set(answer["problem"]["fields"])
    assert send(staff, "verfahren-eroeffnen", without, about=about)[0] == 422
    status, answer = send(staff, "schliessung-eroeffnen", without | SAFEGUARDS, about=about)
    assert (status, answer["confirm"]["key"]) == (409, "pool")
    for words in ("Es fehlen 3 Wohnungen", "davon große: 1", "2 Haushalten ist noch nichts angeboten",
                  "letzte Mittel"):  # fmt: skip
        assert words in answer["confirm"]["message"], words
    assert send(staff, "schliessung-eroeffnen", without | SAFEGUARDS, about=about, confirmed=["pool"])[0] == 200
    page = words_of(show_page(staff, server, "/verfahren", "?view=alle"))
    assert "1 Verfahren ist offen" in page


def test_a_house_without_replacement_housing_says_so(client: Clients, server: Flask, clean: Town) -> None:
    with _loader(clean) as connection:
        offered = {"milder_means": ["talks"], "replacement_dwellings_offered": 0, "decided_by": "Amtsleitung"}
        key = facts.measure(connection, clean.in_west, "uninhabitable", replacement_households_offered=0, **offered)
        gap = facts.measure(connection, clean.in_west, "clearance", milder_means=["immediate_danger"])
    page = words_of(show_page(client("staff"), server, f"/verfahren/{key}"))
    assert "Keinem Haushalt ist bisher Ersatzwohnraum angeboten." in page
    assert "nicht vollständig" not in page
    assert "nicht vollständig" in words_of(show_page(client("staff"), server, f"/verfahren/{gap}"))


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"amount_ordered_eur": "viel"}, "amount_ordered_eur", "Bitte einen Betrag in Euro eingeben"),
        ({"opened_on": ""}, "opened_on", "Bitte ausfüllen"),
        ({"follows_key": "keins"}, "follows_key", "Bitte einen der Einträge wählen."),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    client: Clients, clean: Town, wrong: dict[str, Any], field: str, words: str
) -> None:
    about = {"property": str(clean.in_west), "kind": "housing_order"}
    status, answer = send(client("staff"), "verfahren-eroeffnen", {"opened_on": "2026-11-02"} | wrong, about=about)
    assert status == 422
    assert answer["problem"]["fields"][field].startswith(words)


def test_a_step_before_the_beginning_and_a_kind_that_is_none_are_refused(client: Clients, told: Town) -> None:
    staff = client("staff")
    early = {"kind": "order", "happened_on": "2026-01-02"}
    status, answer = send(staff, "verfahren-schritt", early, about={"measure": order_of(told)})
    assert status == 422
    assert answer["problem"]["fields"]["happened_on"].startswith("Dieser Tag liegt vor")
    assert (
        send(staff, "verfahren-eroeffnen", {"opened_on": "2026-11-02"}, about={"kind": "x", "property": "1"})[0] == 400
    )


def test_a_cut_of_supply_is_reported_and_ends(client: Clients, server: Flask, clean: Town) -> None:
    staff = client("staff")
    values = {
        "utility": "water",
        "reason": "debts_of_landlord",
        "announced_on": "2026-11-02",
        "planned_on": "2026-11-17",
    }
    assert send(staff, "sperre-melden", values, about={"property": str(clean.in_east)})[0] == 200
    page = words_of(show_page(staff, server, "/verfahren", "?view=sperren"))
    assert "angekündigt für 17.11.2026" in page
    with _loader(clean) as connection:
        key, number = connection.execute(text("SELECT key, id FROM qm.supply_cut")).one()
    about = {"cut": key, "expected": str(number)}
    form = words_of(show_page(staff, server, "/verfahren", f"?view=sperren&form=sperre-aendern&cut={quote(key)}"))
    assert "Sperre speichern" in form
    assert send(staff, "sperre-aendern", values | {"restored_on": "2026-11-12"}, about=about)[0] == 200
    assert "wiederhergestellt" in rows_of(staff, "sperren")[0]


def test_an_object_is_found_before_a_proceeding_is_opened(client: Clients, server: Flask, clean: Town) -> None:
    staff = client("staff")
    found = words_of(show_page(staff, server, "/verfahren", "?form=verfahren-eroeffnen&find=Musterallee"))
    assert f"property={clean.in_east}" in found
    kinds = words_of(show_page(staff, server, "/verfahren", f"?form=verfahren-eroeffnen&property={clean.in_east}"))
    for words in ("Was als Nächstes möglich ist", "dieser Weg kann beginnen", "letztes Mittel", "§ 9 WohnStG NRW"):
        assert words in kinds, words
    report = words_of(show_page(staff, server, "/verfahren", f"?form=sperre-melden&property={clean.in_east}"))
    assert "Betroffene Wohnungen" in report


def test_amounts_are_read_as_offices_write_them() -> None:
    assert [read_amount(one) for one in ("1.250,50 €", "1.250", "1250.5", "", None, "12 000 EUR")] == [
        1250.5, 1250.0, 1250.5, None, None, 12000.0,
    ]  # fmt: skip
    assert [write_amount(one) for one in (1250.5, 1250.0, None)] == ["1250,50", "1250", ""]
    for wrong in ("viel", "1,2,3", "1.25.0,5", "-5"):
        with pytest.raises(ValueError, match="no amount"):
            read_amount(wrong)
