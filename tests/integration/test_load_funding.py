"""Programmes, grants, calls and costs from files: money needs a notice, and what was granted bounds what is called."""

from pathlib import Path

import pytest

from etl.report import DeliveryReport
from etl.withdraw import CannotWithdraw, withdraw
from geodata.settings import DatabaseUrls
from tests.factories.office import Office, reasons, said

HOUSES = "key;registered_on;use_type;dwellings;address;x;y\nA;01.02.2020;residential;4;Weg 1;395050;5690050"
GRANTS = (
    "key;property_key;programme;title;granted_on;eligible_eur;share;granted_eur;proof_due_on;goal;goal_rating\n"
    "F1;A;Land;Rückbau;10.01.2024;100000,00;0,6;60000,00;30.06.2027;;\n"
    "F2;;Land;Fachkraft;10.01.2024;70000;0,8;56000;;Anlaufstelle;reached"
)


def sends(office: Office, source: str, rows: str, as_of: str = "2026-03-01") -> DeliveryReport:
    names = rows.split("\n", 1)[0].split(";")
    listed = "\n".join(f'{one} = "{one}"' for one in names)
    register = 'register = "main"\n' if source == "funding" else ""
    return office.sends(source, rows, as_of, mapping=f'{register}decimal = ","\n[columns]\n{listed}\n')


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    made = Office(clean_urls, tmp_path)
    made.sends("properties", HOUSES)
    return made


def test_money_comes_with_its_notice_and_each_mistake_says_what_was_expected(office: Office) -> None:
    wrong = (
        "\nF3;B;Land;x;10.01.2024;1;;1;;;"
        "\nF4;;Land;x;10.01.2024;100;1,2;100;;;"
        "\nF5;;Land;x;10.01.2024;100;;101;;;"
        "\nF6;;Land;x;10.01.2024;100000;0,6;70000;;;"
        "\nF7;;Land;x;10.01.2024;100;;60;09.01.2024;;"
        "\nF8;;Land;x;10.01.2024;100;;60;;;missed"
    )
    assert said(sends(office, "funding", GRANTS)) == {"read": 2, "loaded": 2}
    report = sends(office, "funding", GRANTS + wrong)
    assert reasons(report) == [
        (4, "property_key", "expected a property of register main, but B is unknown"),
        (5, "share", 'expected a number with a decimal comma from 0 to 1, found "1,2"'),
        (6, "granted_eur", "expected at most the eligible cost, found more"),
        (7, "granted_eur", "expected at most the share of the eligible cost, found more"),
        (8, "proof_due_on", "expected a date from the day of the notice on, found an earlier one"),
        (9, "goal", "expected a value, because another field of the row asks for it, found an empty field"),
    ]
    calls = (
        "key;grant_key;called_on;amount_eur;paid_on;paid_eur\n"
        "1;F1;01.03.2024;40000;15.03.2024;40000\n"
        "2;F1;01.06.2024;20000,01;;\n"
        "3;F9;01.06.2024;1;;\n"
        "4;F2;09.01.2024;1;;\n"
        "5;F2;01.06.2024;100;31.05.2024;100\n"
        "6;F2;01.06.2024;100;01.07.2024;101"
    )
    report = sends(office, "funding_calls", calls)
    assert reasons(report) == [
        (3, "amount_eur", "expected calls up to the amount of grant F1, found more with this one"),
        (4, "grant_key", "expected a known grant, but there is no F9"),
        (5, "called_on", "expected a call after the notice of grant F2, found an earlier one"),
        (6, "paid_on", "expected a date from the day of the call on, found an earlier one"),
        (7, "paid_eur", "expected at most the amount called, found more"),
    ]
    # What is stored counts, too, unless the file names the call itself.
    more = "key;grant_key;called_on;amount_eur\n1;F1;01.03.2024;40001\n7;F1;02.06.2024;20000"
    assert reasons(sends(office, "funding_calls", more, "2026-03-02")) == [
        (3, "amount_eur", "expected calls up to the amount of grant F1, found more with this one")
    ]
    costs = "grant_key;category;invoiced_on;amount_eur\nF1;demolition;02.04.2024;1500,5\nF9;demolition;02.04.2024;1"
    assert reasons(sends(office, "funding_costs", costs)) == [
        (3, "grant_key", "expected a known grant, but there is no F9")
    ]


def test_a_newer_file_replaces_a_grant_and_calls_keep_its_delivery(office: Office) -> None:
    sends(office, "funding", GRANTS)
    assert said(sends(office, "funding", GRANTS)) == {"read": 2, "unchanged": 2}
    sends(office, "funding_calls", "key;grant_key;called_on;amount_eur\n1;F1;01.03.2024;40000")
    ((brought_by,),) = office.ask("SELECT DISTINCT delivery_id FROM qm.funding_grant")
    with pytest.raises(CannotWithdraw, match="calls"):
        withdraw(office.urls.load, brought_by)
    newer = GRANTS.replace("30.06.2027", "31.12.2027")
    assert said(sends(office, "funding", newer, "2026-03-02"))["superseded"] == 1
    rows = office.ask(
        "SELECT property_id IS NULL, goal_rating FROM qm.funding_grant WHERE superseded_at IS NULL ORDER BY key"
    )
    assert rows == [(False, "not_yet"), (True, "reached")]


def test_a_programme_needs_shares_within_its_bounds(office: Office) -> None:
    rows = (
        "key;funder;usual_share;least_share;most_share;interest_from_month;checked_after_months\n"
        "Land;Land NRW;0,6;0,4;0,8;13;18\nBund;Bund;0,9;0,4;0,8;;\nEU;EU;;;;13;"
    )
    report = sends(office, "funding_programmes", rows)
    assert said(report) == {"read": 3, "loaded": 1, "rejected": 2}
    assert [one[1] for one in reasons(report)] == ["usual_share", "checked_after_months"]


def test_a_grant_is_not_lowered_below_what_was_called(office: Office) -> None:
    sends(office, "funding", GRANTS)
    sends(office, "funding_calls", "key;grant_key;called_on;amount_eur\n1;F1;01.03.2024;40000")
    lower = GRANTS.replace("60000,00", "39999,99")
    assert reasons(sends(office, "funding", lower, "2026-03-02")) == [
        (2, "granted_eur", "expected at least what was called already, found less")
    ]
    exact = GRANTS.replace("60000,00", "40000,00")
    assert said(sends(office, "funding", exact, "2026-03-03"))["superseded"] == 1
    head, row, _ = lower.split("\n")
    given_up = f"{head};is_withdrawn\n{row};true"
    assert said(sends(office, "funding", given_up, "2026-03-04"))["superseded"] == 1


def test_a_call_that_is_rejected_uses_up_nothing_of_its_grant(office: Office) -> None:
    sends(office, "funding", GRANTS)
    head = "key;grant_key;called_on;amount_eur;paid_on"
    first = f"{head}\n1;F1;01.03.2024;900000;\n2;F1;01.04.2024;40000;\n2;F1;01.04.2024;40000;\n3;F1;01.05.2024;20001;"
    report = sends(
        office, "funding_calls", first + "\n4;F1;01.06.2024;20000;\n5;F2;09.01.2024;56000;\n6;F2;10.01.2024;56000;"
    )
    assert [one[:2] for one in reasons(report)] == [
        (2, "amount_eur"), (4, "key"), (5, "amount_eur"), (7, "called_on")
    ]  # fmt: skip
    # What one call gives back the other may use, in whichever order they come; who says it again changes nothing.
    moved = f"{head}\n2;F1;01.04.2024;50000;\n4;F1;01.06.2024;10000;\n6;F2;10.01.2024;56000;"
    assert said(sends(office, "funding_calls", moved, "2026-03-02")) == {
        "read": 3, "loaded": 2, "superseded": 2, "unchanged": 1
    }  # fmt: skip
    over = f"{head}\n2;F1;01.04.2024;50000;\n4;F1;01.06.2024;10000,01;"
    assert [one[:2] for one in reasons(sends(office, "funding_calls", over, "2026-03-03"))] == [(3, "amount_eur")]


def test_no_withdrawal_leaves_more_calls_than_were_granted(office: Office) -> None:
    head = "key;grant_key;called_on;amount_eur"
    sends(office, "funding", GRANTS)
    sends(office, "funding", GRANTS.replace("100000,00;0,6;60000,00", "200000,00;0,6;90000,00"), "2026-03-02")
    sends(office, "funding_calls", f"{head}\n1;F1;01.03.2024;80000")
    sends(office, "funding_calls", f"{head}\n1;F1;01.03.2024;20000", "2026-03-02")
    sends(office, "funding_calls", f"{head}\n2;F1;01.04.2024;70000", "2026-03-03")
    brought = dict(office.ask("SELECT source || as_of, id FROM qm.delivery"))
    for what in ("funding2026-03-02", "funding_calls2026-03-02"):
        with pytest.raises(CannotWithdraw, match=r"calls \(1\) that would be more than was granted"):
            withdraw(office.urls.load, brought[what])
    withdraw(office.urls.load, brought["funding_calls2026-03-03"])
    withdraw(office.urls.load, brought["funding_calls2026-03-02"])
    assert office.ask("SELECT amount_eur::int FROM qm.funding_call WHERE superseded_at IS NULL") == [(80000,)]
