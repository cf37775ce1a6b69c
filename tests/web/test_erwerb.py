"""The page of acquisitions: its clocks and looks, who sees it, what its forms write and refuse."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from tests.factories import facts
from tests.factories.town import Town, back_to_the_date
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
RUNNING, AVERTED, BOUGHT = "pre_emption-1", "pre_emption-2", "purchase-1"


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test enters is taken away afterwards."""
    yield town
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        for table in ("measure_step", "measure"):
            connection.execute(text(f"DELETE FROM qm.{table}"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind = 'erwerb'"))
    engine.dispose()
    back_to_the_date(town.urls)


@pytest.fixture
def acquiring(clean: Town) -> Town:
    """In the west a clock that runs and a promise whose look is overdue; in the east a house that was bought."""
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        told_on, agreed_on = date(2026, 9, 7), date(2025, 12, 1)
        key = facts.measure(connection, clean.in_west, "pre_emption", opened_on=told_on)
        facts.measure_step(connection, clean.in_west, key, "contract_notice", told_on)
        key = facts.measure(connection, clean.in_west, "pre_emption", number=2, opened_on=date(2025, 9, 1),
                            next_check_on=date(2026, 10, 5))  # fmt: skip
        facts.measure_step(connection, clean.in_west, key, "contract_notice", date(2025, 9, 1))
        facts.measure_step(connection, clean.in_west, key, "averting_agreed", agreed_on, due_on=date(2027, 12, 1))
        key = facts.measure(connection, clean.in_east, "purchase", opened_on=date(2025, 1, 7),
                            closed_on=date(2026, 2, 2), outcome="acquired")  # fmt: skip
        facts.measure_step(connection, clean.in_east, key, "contract", date(2026, 1, 5), amount_eur=98_000)
    engine.dispose()
    return clean


def words(client: FlaskClient, server: Flask, search: str = "") -> str:
    shown = show_page(client, server, "/erwerb", search)["content"]
    return json.dumps(shown, ensure_ascii=False).replace("\u00a0", " ").replace("\\u00a0", " ")


def _keys(town: Town) -> dict[str, str]:
    """Keys by what they are: the factory names them by property."""
    rows = _rows(
        town, "SELECT key, kind, (next_check_on IS NOT NULL)::text FROM qm.measure WHERE superseded_at IS NULL"
    )
    names = {("pre_emption", "false"): RUNNING, ("pre_emption", "true"): AVERTED, ("purchase", "false"): BOUGHT}
    return {names[row[1], row[2]]: row[0] for row in rows}


def _rows(town: Town, query: str) -> list[Any]:
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return rows


def _send(browser: FlaskClient, form: str, values: dict[str, Any], **more: Any) -> tuple[int, Any]:
    body = {"submission": str(uuid4()), "values": values, "about": {}, "confirmed": []} | more
    answer = browser.post(f"/formulare/{form}", json=body)
    return answer.status_code, answer.json


def test_clocks_come_first_then_promises_then_what_was_acquired(
    acquiring: Town, client: Clients, server: Flask
) -> None:
    shown = words(client("staff"), server)
    for one in ("1 Frist eines Vorkaufsrechts läuft; die nächste endet am 07.12.2026, noch 22 Tage", "05.10.2026",
                "Nachschau überfällig: 41 Tage", "1 Haus ist erworben, zusammen für 98.000"):  # fmt: skip
        assert one in shown
    assert shown.index("Laufende Fristen") < shown.index("Abgewendet, mit Nachschau") < shown.index("Wege des Erwerbs")


def test_a_manager_sees_the_own_areas_and_no_form(acquiring: Town, client: Clients, server: Flask) -> None:
    shown = words(client("manager"), server)
    assert "Beispielweg 1" in shown
    assert "98.000" not in shown
    assert "Entscheidung eintragen" not in shown
    assert _send(client("manager"), "erwerb-mitteilung", {"happened_on": "2026-11-01"})[0] == 403


@pytest.mark.parametrize("role", ["external_manager", "politics"])
def test_nobody_else_sees_it(acquiring: Town, client: Clients, server: Flask, role: str) -> None:
    assert "Musterallee" not in words(client(role), server)
    assert client(role).get("/tables/erwerb/rows?as_of=2026-11-15").status_code == 403


def test_filter_by_way_and_standing_and_the_file(acquiring: Town, client: Clients, server: Flask) -> None:
    staff = client("staff")
    shown = words(staff, server, "?way=purchase&standing=acquired")
    assert "Zurzeit läuft keine Frist" in shown
    answer = staff.get("/tables/erwerb/rows?as_of=2026-11-15&standing=running")
    assert [row["address"] for row in answer.json["rows"]] == ["Beispielweg 1"]
    assert "way" in words(staff, server, "?way=raub")
    file = staff.get("/tables/erwerb.csv?as_of=2026-11-15&way=pre_emption")
    assert "07.12.2026" in file.text


def test_an_empty_city_says_how_to_begin(clean: Town, client: Clients, server: Flask) -> None:
    assert "Noch kein Erwerb" in words(client("staff"), server)


def test_a_notice_starts_the_clock_after_it_was_told_when_it_ends(clean: Town, client: Clients, server: Flask) -> None:
    staff, about = client("staff"), {"property": str(clean.in_east)}
    values = {"happened_on": "2026-11-02", "office": "building_control", "file_reference": None, "note": None}
    status, answer = _send(staff, "erwerb-mitteilung", values, about=about)
    assert status == 409
    assert "02.02.2027" in answer["confirm"]["message"]
    number = str(uuid4())
    for _again in range(2):
        status, answer = _send(staff, "erwerb-mitteilung", values, about=about, confirmed=["clock"], submission=number)
        assert status == 200, answer
    assert _rows(clean, "SELECT kind, opened_on::text FROM qm.measure") == [("pre_emption", "2026-11-02")]
    assert _rows(clean, "SELECT kind FROM qm.measure_step") == [("contract_notice",)]
    assert "02.02.2027" in words(staff, server)


DECISION = {
    "decision": None, "happened_on": "2026-11-10", "decided_by": None, "price": None, "served_on": None,
    "promised_until": None, "next_check_on": None, "note": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"decision": "exercised"}, {"price", "decided_by"}),
        ({"decision": "exercised", "price": "viel", "decided_by": "Rat"}, {"price"}),
        ({"decision": "averting_agreed"}, {"promised_until", "next_check_on", "decided_by"}),
        ({"decision": "burnt"}, {"decision"}),
    ],
)
def test_a_decision_says_what_it_lacks(
    acquiring: Town, client: Clients, stated: dict[str, Any], missing: set[str]
) -> None:
    about = {"measure": _keys(acquiring)[RUNNING]}
    status, answer = _send(client("staff"), "erwerb-entscheidung", DECISION | stated, about=about)
    assert status == 422
    assert set(answer["problem"]["fields"]) == missing


def test_the_city_buys(acquiring: Town, client: Clients, server: Flask) -> None:
    staff, about = client("staff"), {"measure": _keys(acquiring)[RUNNING]}
    values = DECISION | {"decision": "exercised", "price": "98.500,50", "decided_by": "Rat", "served_on": "2026-11-13"}
    assert _send(staff, "erwerb-entscheidung", values, about=about)[0] == 200
    steps = "SELECT amount_eur::float, served_on::text FROM qm.measure_step WHERE kind = 'exercised'"
    assert _rows(acquiring, steps) == [(98_500.5, "2026-11-13")]
    assert "Zurzeit läuft keine Frist" in words(staff, server)
    status, answer = _send(staff, "erwerb-entscheidung", values, about=about)
    assert (status, answer["problem"]["fields"]) == (422, {})


def test_the_buyer_averts_it_and_is_looked_at(acquiring: Town, client: Clients, server: Flask) -> None:
    staff, key = client("staff"), _keys(acquiring)[RUNNING]
    values = DECISION | {
        "decision": "averting_agreed", "promised_until": "2028-05-02", "next_check_on": "2027-05-03",
        "decided_by": "Rat",
    }  # fmt: skip
    asked = DECISION | {"decision": "averting_asked", "happened_on": "2026-11-03"}
    assert _send(staff, "erwerb-entscheidung", asked, about={"measure": key})[0] == 200
    assert "07.02.2027" in words(staff, server)
    assert _send(staff, "erwerb-entscheidung", values, about={"measure": key})[0] == 200
    query = "SELECT next_check_on::text, averted_until_on::text, decided_by FROM qm.measure WHERE superseded_at IS NULL"
    assert ("2027-05-03", "2028-05-02", "Rat") in _rows(acquiring, query)
    assert "03.05.2027" in words(staff, server)


def test_a_waiver_asks_first_and_closes(acquiring: Town, client: Clients) -> None:
    staff, about = client("staff"), {"measure": _keys(acquiring)[RUNNING]}
    values = DECISION | {"decision": "waived"}
    assert _send(staff, "erwerb-entscheidung", values, about=about)[0] == 409
    assert _send(staff, "erwerb-entscheidung", values, about=about, confirmed=["waive"])[0] == 200
    query = "SELECT outcome FROM qm.measure WHERE superseded_at IS NULL AND closed_on = '2026-11-10'"
    assert _rows(acquiring, query) == [("waived",)]


def test_a_look_is_planned_anew_or_ends_the_promise(acquiring: Town, client: Clients, server: Flask) -> None:
    staff, about = client("staff"), {"measure": _keys(acquiring)[AVERTED]}
    later = {"result": "goes_on", "looked_on": None, "next_check_on": "2027-01-11"}
    assert _send(staff, "erwerb-nachschau", later | {"next_check_on": None}, about=about)[0] == 422
    assert _send(staff, "erwerb-nachschau", later, about=about)[0] == 200
    assert "Nachschau überfällig" not in words(staff, server)
    kept = {"result": "kept", "looked_on": "2026-11-12", "next_check_on": None}
    assert _send(staff, "erwerb-nachschau", kept | {"looked_on": None}, about=about)[0] == 422
    assert _send(staff, "erwerb-nachschau", kept, about=about)[0] == 409
    assert _send(staff, "erwerb-nachschau", kept, about=about, confirmed=["kept"])[0] == 200
    assert "Zu keinem abgewendeten Vorkaufsrecht" in words(staff, server)
    assert _send(staff, "erwerb-nachschau", later, about=about)[0] == 422


@pytest.mark.parametrize("form", ["erwerb-mitteilung", "erwerb-entscheidung", "erwerb-nachschau"])
def test_forms_open_by_their_link(acquiring: Town, client: Clients, server: Flask, form: str) -> None:
    key = _keys(acquiring)[AVERTED if form == "erwerb-nachschau" else RUNNING]
    search = f"?form={form}&measure={key.replace(':', '%3A')}&property={acquiring.in_west}"
    assert f'"id": "form-{form}"' in words(client("staff"), server, search.replace("%3A", ":"))
    assert f"form-{form}" not in words(client("manager"), server, search.replace("%3A", ":"))
