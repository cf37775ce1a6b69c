"""Proceedings, their steps and cuts of supply from files: what they are about must be there, and dates must fit."""

from pathlib import Path

import pytest

from etl.report import DeliveryReport
from etl.withdraw import CannotWithdraw, withdraw
from geodata.settings import DatabaseUrls
from tests.factories.office import Office, reasons, said

HOUSES = (
    "key;registered_on;use_type;dwellings;address;x;y\n"
    "A;01.02.2020;residential;4;Weg 1;395050;5690050\nB;01.02.2020;residential;4;Weg 2;395060;5690050"
)
_FREE = ("note", "milder_means_note")


def columns(rows: str) -> str:
    """A mapping of every column of the file to the field of its name."""
    names = rows.split("\n", 1)[0].split(";")
    listed = "\n".join(f'{one} = "{one}"' for one in names)
    texts = "".join(f'{one} = "case_workers"\n' for one in names if one in _FREE)
    return f'register = "main"\ndecimal = ","\nlist_separator = ","\n[columns]\n{listed}\n' + (
        f"[text]\n{texts}" if texts else ""
    )


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    made = Office(clean_urls, tmp_path)
    made.sends("properties", HOUSES)
    return made


def sends(office: Office, source: str, rows: str, as_of: str = "2026-03-01") -> DeliveryReport:
    return office.sends(source, rows, as_of, mapping=columns(rows))


ORDERS = "key;property_key;kind;opened_on;follows_key\nV1;A;housing_order;01.10.2025;\nV2;A;coercive_fine;01.02.2026;V1"


def test_a_proceeding_comes_once_and_a_newer_file_replaces_it(office: Office) -> None:
    assert said(sends(office, "measures", ORDERS)) == {"read": 2, "loaded": 2}
    assert said(sends(office, "measures", ORDERS)) == {"read": 2, "unchanged": 2}
    ended = "key;property_key;kind;opened_on;closed_on;outcome\nV1;A;housing_order;01.10.2025;02.03.2026;fulfilled"
    assert said(sends(office, "measures", ended, "2026-03-02")) == {"read": 1, "loaded": 1, "superseded": 1}
    assert said(sends(office, "measures", ORDERS, "2026-02-01")) == {"read": 2, "unchanged": 1, "outdated": 1}
    found = office.ask("SELECT key, outcome FROM qm.measure WHERE superseded_at IS NULL ORDER BY key")
    assert found == [("V1", "fulfilled"), ("V2", None)]


def test_a_step_has_its_dates_and_belongs_to_the_property_of_its_proceeding(office: Office) -> None:
    sends(office, "measures", ORDERS)
    rows = (
        "property_key;measure_key;kind;happened_on;served_on;due_on;amount_eur\n"
        "A;V1;order;02.11.2025;05.11.2025;05.06.2027;\n"
        "A;V2;threat;02.02.2026;;;1500,5\n"
        "A;V9;order;02.11.2025;;;\n"
        "B;V1;final;02.12.2025;;;\n"
        "C;V1;final;03.12.2025;;;\n"
        "A;V1;auction;02.12.2025;;;"
    )
    report = sends(office, "measure_steps", rows)
    assert said(report) == {"read": 6, "loaded": 2, "rejected": 4}
    assert reasons(report) == [
        (4, "measure_key", "expected a known proceeding, but there is no V9"),
        (5, "property_key", "expected the property of proceeding V1, but it has another one"),
        (6, "property_key", "expected a property of register main, but C is unknown"),
        (7, "kind", "expected a step of the kind of proceeding housing_order, but auction is none"),
    ]
    found = office.ask("SELECT measure_key, due_on::text, amount_eur::float FROM qm.measure_step ORDER BY measure_key")
    assert found == [("V1", "2027-06-05", None), ("V2", None, 1500.5)]


START = "expected a date from {} ({}) on, found an earlier one"
WRONG_MEASURES = [
    ("closed_on;outcome", "01.09.2025;fulfilled", "closed_on", START.format("opened_on", "01.10.2025")),
    ("next_check_on", "01.09.2025", "next_check_on", START.format("opened_on", "01.10.2025")),
    ("outcome", "fulfilled", "closed_on", "expected a value beside outcome, found an empty field"),
    ("closed_on", "01.12.2025", "outcome", "expected a value beside closed_on, found an empty field"),
    ("court_since_on", "01.12.2025", "court_status", "expected a value beside court_since_on, found an empty field"),
    ("amount_ordered_eur", "-1", "amount_ordered_eur", "expected a number with a decimal comma from 0 to"),
    ("follows_key", "V9", "follows_key", "expected a known proceeding, but there is no V9"),
    ("follows_key", "X", "follows_key", "expected another proceeding, but it cannot follow itself"),
    ("causes", "waste,origin", "causes", "expected one of waste, pests"),
    ("final_on", "01.12.2026", "final_on", "as-of date + 1 day"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "values", "at", "reason"), WRONG_MEASURES, ids=lambda one: str(one)[:24])
def test_a_proceeding_that_does_not_fit_is_rejected_in_words(
    office: Office, fields: str, values: str, at: str, reason: str
) -> None:
    empty = ";" * fields.count(";")
    rows = (
        f"key;property_key;kind;opened_on;{fields}\n"
        f"X;A;housing_order;01.10.2025;{values}\nV1;B;talks;01.10.2025;{empty}"
    )
    report = sends(office, "measures", rows)
    assert said(report) == {"read": 2, "loaded": 1, "rejected": 1}
    [(line, where, why)] = reasons(report)
    assert (line, where) == (2, at)
    assert reason in why


SAFE = "milder_means;replacement_dwellings_offered;replacement_households_offered;decided_by"


@pytest.mark.parametrize(
    ("kind", "values", "at"),
    [
        ("uninhabitable", ";4;4;Amtsleitung", "milder_means"),
        ("clearance", "talks;;4;Amtsleitung", "replacement_dwellings_offered"),
        ("clearance", "talks;4;;Amtsleitung", "replacement_households_offered"),
        ("uninhabitable", "talks,securing;4;4;", "decided_by"),
        ("uninhabitable", "immediate_danger;0;0;", "decided_by"),
    ],
)
def test_nothing_closes_a_house_without_its_safeguards(office: Office, kind: str, values: str, at: str) -> None:
    rows = (
        f"key;property_key;kind;opened_on;{SAFE}\nX;A;{kind};01.02.2026;{values}\n"
        "Y;A;uninhabitable;01.02.2026;talks,order_to_repair;0;0;Leitung der Wohnungsaufsicht\n"
        "Z;B;talks;01.02.2026;;;;"
    )
    report = sends(office, "measures", rows)
    assert reasons(report) == [(2, at, "expected a value before a house is closed, found an empty field")]
    assert said(report)["loaded"] == 2


WRONG_STEPS = [
    ("served_on", "30.10.2025", START.format("happened_on", "01.11.2025")),
    ("due_on", "30.10.2025", START.format("happened_on", "01.11.2025")),
    ("met_on", "30.10.2025", START.format("happened_on", "01.11.2025")),
    ("amount_eur", "-0,5", "expected a number with a decimal comma from 0 to"),
]


@pytest.mark.parametrize(("field", "value", "reason"), WRONG_STEPS)
def test_a_step_that_does_not_fit_is_rejected_in_words(office: Office, field: str, value: str, reason: str) -> None:
    sends(office, "measures", ORDERS)
    rows = f"property_key;measure_key;kind;happened_on;{field}\nA;V1;order;01.11.2025;{value}\nA;V1;hearing;01.10.2025;"
    report = sends(office, "measure_steps", rows)
    assert said(report) == {"read": 2, "loaded": 1, "rejected": 1}
    [(line, where, why)] = reasons(report)
    assert (line, where) == (2, field)
    assert reason in why


def test_a_cut_is_announced_done_and_restored(office: Office) -> None:
    rows = (
        "property_key;utility;reason;announced_on;planned_on;cut_on;restored_on\n"
        "A;gas;debts_of_landlord;20.02.2026;10.03.2026;;\n"
        "A;water;unsafe;;;01.02.2026;\n"
        "A;water;other;01.02.2026;30.01.2026;;\n"
        "A;water;other;02.02.2026;;10.02.2026;09.02.2026\n"
        "A;electricity;other;03.02.2026;;;02.02.2026\n"
        "B;gas;other;;;;"
    )
    report = sends(office, "supply_cuts", rows)
    assert said(report) == {"read": 6, "loaded": 2, "rejected": 4}
    assert reasons(report) == [
        (4, "planned_on", START.format("announced_on", "01.02.2026")),
        (5, "restored_on", START.format("cut_on", "10.02.2026")),
        (6, "restored_on", START.format("announced_on", "03.02.2026")),
        (7, "announced_on", "expected the day of the announcement or of the cut, found neither"),
    ]


@pytest.mark.parametrize("source", ["measures", "measure_steps", "supply_cuts"])
def test_columns_of_persons_refuse_the_file(office: Office, source: str) -> None:
    head = {
        "measures": "property_key;kind;opened_on;Name des Mieters\nA;talks;01.02.2026;X",
        "measure_steps": "property_key;measure_key;kind;happened_on;Vorname\nA;V1;order;01.02.2026;X",
        "supply_cuts": "property_key;utility;reason;cut_on;Mieter\nA;gas;other;01.02.2026;X",
    }[source]
    named = head.split("\n", 1)[0].rsplit(";", 1)[0]
    report = office.sends(source, head, mapping=columns(named + "\n"))
    assert report.refused is not None
    assert "columns that tell of single persons" in report.refused


def test_proceedings_are_not_withdrawn_from_under_their_steps(office: Office) -> None:
    sends(office, "measures", ORDERS)
    sends(office, "measure_steps", "property_key;measure_key;kind;happened_on\nA;V1;order;01.11.2025")
    numbers = dict(office.ask("SELECT source, id FROM qm.delivery"))
    with pytest.raises(CannotWithdraw, match=r"steps \(1\) of proceedings"):
        withdraw(office.urls.load, numbers["measures"])
    withdraw(office.urls.load, numbers["measure_steps"])
    assert withdraw(office.urls.load, numbers["measures"]).superseded == 2
    assert office.ask("SELECT count(*) FROM qm.measure WHERE superseded_at IS NULL") == [(0,)]


def test_a_register_is_not_withdrawn_from_under_its_proceedings(office: Office) -> None:
    sends(office, "measures", ORDERS)
    [(register,)] = office.ask("SELECT id FROM qm.delivery WHERE source = 'properties'")
    with pytest.raises(CannotWithdraw, match=r"proceedings \(2\) of properties"):
        withdraw(office.urls.load, register)


def test_a_proceeding_does_not_leave_its_steps_behind_at_another_property(office: Office) -> None:
    sends(office, "measures", ORDERS)
    moved = ORDERS.replace("V1;A", "V1;B").replace("V2;A", "V2;B")
    sends(office, "measure_steps", "property_key;measure_key;kind;happened_on\nA;V1;order;01.11.2025")
    report = sends(office, "measures", moved, "2026-03-02")
    assert reasons(report) == [
        (2, "property_key", "expected the property to which the steps of this proceeding belong, found another one")
    ]
    assert said(report)["loaded"] == 1
    # An old file once more is no move, and steps keep a move from being taken back, too.
    assert said(sends(office, "measures", ORDERS)) == {"read": 2, "unchanged": 1, "outdated": 1}
    sends(office, "measure_steps", "property_key;measure_key;kind;happened_on\nB;V2;threat;02.02.2026")
    [(moving,)] = office.ask("SELECT id FROM qm.delivery WHERE source = 'measures' AND as_of = '2026-03-02'")
    with pytest.raises(CannotWithdraw, match=r"steps \(1\) of proceedings"):
        withdraw(office.urls.load, moving)
    apart = (
        "SELECT count(*) FROM qm.measure_step AS s JOIN qm.measure AS m ON m.key = s.measure_key"
        " WHERE s.superseded_at IS NULL AND m.superseded_at IS NULL AND s.property_id <> m.property_id"
    )
    assert office.ask(apart) == [(0,)]


def test_what_follows_a_rejected_proceeding_is_rejected_too(office: Office) -> None:
    rows = (
        "key;property_key;kind;opened_on;follows_key;closed_on;outcome\n"
        "V1;A;housing_order;01.10.2025;;01.09.2025;fulfilled\nV3;A;cost_notice;02.02.2026;V2;;\n"
        "V2;A;coercive_fine;01.02.2026;V1;;\nV4;B;housing_order;01.02.2026;;;\nV5;B;coercive_fine;01.02.2026;V4;;"
    )
    report = sends(office, "measures", rows)
    assert said(report) == {"read": 5, "loaded": 2, "rejected": 3}
    assert [one[:2] for one in reasons(report)] == [(2, "closed_on"), (3, "follows_key"), (4, "follows_key")]
    assert reasons(report)[2][2] == "expected a known proceeding, but there is no V1"


def test_no_step_comes_before_its_proceeding(office: Office) -> None:
    sends(office, "measures", ORDERS)
    steps = "property_key;measure_key;kind;happened_on\nA;V1;hearing;30.09.2025\nA;V1;order;01.11.2025"
    report = sends(office, "measure_steps", steps)
    assert reasons(report) == [(2, "happened_on", START.format("opened_on", "01.10.2025"))]
    later = ORDERS.replace("01.10.2025", "02.11.2025")
    assert reasons(sends(office, "measures", later, "2026-03-02")) == [
        (2, "opened_on", "expected a date up to the first step (01.11.2025), found a later one")
    ]


def test_a_closed_house_does_not_leave_its_events_behind(office: Office) -> None:
    house = "key;property_key;closed_on;cause\nH1;A;01.10.2025;fire"
    sends(office, "closures", house)
    sends(office, "closure_events", "property_key;closure_key;kind;happened_on\nA;H1;reopened;01.02.2026")
    assert reasons(sends(office, "closures", house.replace("H1;A", "H1;B"), "2026-03-02")) == [
        (2, "property_key", "expected the property to which the events of this closed house belong, found another one")
    ]
