"""Owners: loaded into a schema of their own, read by one role only, and nowhere else a letter of their names."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from etl.withdraw import withdraw
from geodata.access import Scope
from geodata.owners import owners_of
from geodata.settings import DatabaseUrls
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.deliveries import delivery
from tests.factories.office import Office, reasons, said

HOUSES = (
    "key;registered_on;use_type;dwellings;address;x;y\n"
    "A;01.02.2020;residential;4;Weg 1;395050;5690050\nB;01.02.2020;residential;4;Weg 2;395060;5690050"
)
MAPPING = (
    'register = "main"\ncomplete = true\n[columns]\nproperty_key = "Objekt"\nowner_key = "Nr"\nowner_kind = "Art"\n'
    'owner_name = "Nachname"\nowner_address = "Anschrift"\nshare = "Anteil"\nowned_since = "seit"\n'
    'link_reason = "Grund"\n[codes.owner_kind]\n"privat" = "person"\n[text]\nlink_reason = "case_workers"\n'
)
HEAD = "Objekt;Nr;Art;Nachname;Anschrift;Anteil;seit;Grund"
NAMES = "SELECT property_id, name, share, valid_to::text FROM owners.ownership AS s JOIN owners.owner AS o"
IN_FORCE = f"{NAMES} ON o.key = s.owner_key AND o.superseded_at IS NULL WHERE s.superseded_at IS NULL ORDER BY 1, 2"


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    office = Office(clean_urls, tmp_path)
    office.sends("properties", HOUSES)
    return office


def send(office: Office, *rows: str, as_of: str = "2026-03-01") -> dict[str, int]:
    return said(office.sends("owners", "\n".join([HEAD, *rows]), as_of, mapping=MAPPING))


def in_force(office: Office) -> list[tuple[str | None, str | None, str | None]]:
    return [(name, share, valid_to) for _, name, share, valid_to in office.ask(IN_FORCE)]


def test_a_house_has_owners_with_shares_and_who_sold_ends(office: Office) -> None:
    erika, adele = "A;1;privat;Muster, Erika;Weg 9;1/2;01.05.2001;", "A;2;privat;Probe, Adele;;1/2;;"
    assert send(office, erika, adele, "B;1;privat;Muster, Erika;Weg 9;;;") == {"read": 3, "loaded": 3}
    assert office.ask("SELECT count(*) FROM owners.owner") == [(2,)]
    assert send(office, erika, "B;1;privat;Muster, Erika;Weg 9;;;", as_of="2026-04-01") == {
        "read": 2, "unchanged": 2, "ended": 1,
    }  # fmt: skip
    assert in_force(office) == [
        ("Muster, Erika", "1/2", None), ("Probe, Adele", "1/2", "2026-04-01"), ("Muster, Erika", None, None),
    ]  # fmt: skip


def test_a_corrected_name_supersedes_and_withdrawing_revives_it(office: Office) -> None:
    send(office, "A;1;privat;Muster;;;;", "B;1;privat;Muster;;;;")
    [(first,)] = office.ask("SELECT max(id) FROM qm.delivery")
    send(office, "A;1;privat;Muster, Erika;;;;", "B;1;privat;Muster, Erika;;;;", as_of="2026-04-01")
    assert [name for name, _, _ in in_force(office)] == ["Muster, Erika"] * 2
    withdraw(office.urls.load, first + 1)
    assert [name for name, _, _ in in_force(office)] == ["Muster"] * 2
    withdraw(office.urls.load, first)
    assert in_force(office) == []
    assert office.ask("SELECT count(*) FROM owners.owner WHERE superseded_at IS NULL") == [(0,)]


def test_an_owner_stays_while_another_delivery_names_it(office: Office) -> None:
    send(office, "A;1;privat;Muster;;;;")
    [(first,)] = office.ask("SELECT max(id) FROM qm.delivery")
    send(office, "A;1;privat;Muster;;;;", "B;1;privat;Muster;;;;", as_of="2026-04-01")
    withdraw(office.urls.load, first)
    assert [name for name, _, _ in in_force(office)] == ["Muster"]


def test_one_key_means_one_owner(office: Office) -> None:
    report = office.sends(
        "owners", f"{HEAD}\nA;1;privat;Muster;;;;\nB;1;privat;Probe;;;;\nB;2;privat;Dritter;;;;", mapping=MAPPING
    )
    reason = "expected one description for a key, found several different ones"
    assert reasons(report) == [(2, "owner_key", reason), (3, "owner_key", reason)]


def test_of_a_rejected_row_nothing_is_kept_and_no_name_is_quoted(office: Office) -> None:
    """Shifted rows have names in any column; they must stand in no report and in no table that others read."""
    rows = (
        f"{HEAD}\nA;1;privat;Geheimrat;;;;\nA;2;Geheimrat;;;;;\nGeheimrat;3;privat;;;;;\nA;4;privat;;;;Geheimrat;"
        "\nA;5;privat;;;Geheimrat;;\nA;6;privat;Geheimrat;;;;;;\nA;;privat;Geheimrat;;;;"
    )
    report = office.sends("owners", rows, mapping=MAPPING, write=False)
    assert said(report)["rejected"] == 6
    assert "Geheimrat" not in report.to_json() + " ".join(report.remarks)
    assert (3, "owner_kind") in {(line, field) for line, field, _ in reasons(report)}
    wrong = "\n".join(rows.splitlines()[:6])
    office.sends("owners", f"{wrong}\nB;7;privat;Geheimrat;;;;", mapping=MAPPING)
    for table in ("delivery", "rejected_row", "repair"):
        found = office.ask(f"SELECT count(*) FROM qm.{table} AS t WHERE t::text LIKE '%Geheimrat%'")
        assert found == [(0,)], table
    assert office.ask("SELECT DISTINCT row::text FROM qm.rejected_row") == [("{}",)]


def test_a_missing_head_does_not_print_the_first_row(office: Office) -> None:
    refused = office.sends("owners", "A;1;privat;Geheimrat;;;;\nB;1;privat;Geheimrat;;;;", mapping=MAPPING)
    assert "names columns that the file does not have" in str(refused.refused)
    assert "Geheimrat" not in str(refused.refused)


def test_only_the_role_of_owners_reads_them_and_only_of_its_city(stage: Stage, database: str) -> None:
    with stage.as_loader() as connection:
        for city in (facts.CITY, "de-test02"):
            facts.municipality(connection, city)
            delivery_id = delivery(connection, city=city)
            columns = "municipality, key, kind, name, delivery_id"
            statement = text(f"INSERT INTO owners.owner ({columns}) VALUES (:c, '1', 'person', :n, :d)")
            connection.execute(statement, {"c": city, "n": f"Muster {city}", "d": delivery_id})
    scope = Scope(facts.CITY, "staff", "anna")
    with stage.ask(scope) as asker:
        asker.connection.execute(text("select set_config('role', :role, true)"), {"role": f"{database}_owners"})
        assert asker.connection.execute(text("SELECT name FROM owners.owner")).all() == [(f"Muster {facts.CITY}",)]


@pytest.mark.parametrize("role", ["staff", "manager", "external_manager", "politics", "admin"])
def test_nobody_reads_owners_with_the_rights_of_an_ordinary_transaction(stage: Stage, role: str) -> None:
    scope = Scope(facts.CITY, role, "anna", frozenset({1}))  # type: ignore[arg-type]
    refused = pytest.raises(ProgrammingError, match="permission denied for schema owners")
    with refused, stage.ask(scope) as asker:
        asker.connection.execute(text("SELECT 1 FROM owners.owner"))


def test_what_two_merged_records_say_alike_is_told_once_and_a_past_date_has_its_own_owners(
    stage: Stage, database: str
) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection)
        here = facts.property_(connection, key="A", geom=facts.point(1_000, 1_000))
        twin = facts.property_(connection, key="B", geom=facts.point(1_000, 1_000))
        values = {"city": facts.CITY, "delivery": delivery(connection), "here": here, "twin": twin}
        for statement in (
            "INSERT INTO owners.owner (municipality, key, kind, name, delivery_id) VALUES "
            "(:city, '1', 'person', 'Muster', :delivery), (:city, '2', 'company', 'Probe GmbH', :delivery)",
            "INSERT INTO owners.ownership (municipality, property_id, key, owner_key, share, owned_since, valid_from, "
            "valid_to, delivery_id) VALUES "
            "(:city, :here, 'a', '1', '1/2', '2001-05-01', '2026-01-01', '2026-04-01', :delivery),"
            "(:city, :twin, 'b', '1', '1/2', '2001-05-01', '2026-01-01', '2026-04-01', :delivery),"
            "(:city, :here, 'c', '2', NULL, NULL, '2026-03-01', NULL, :delivery)",
        ):
            connection.execute(text(statement), values)
    with stage.ask(Scope(facts.CITY, "staff", "anna")) as asker:
        asker.connection.execute(text("select set_config('role', :role, true)"), {"role": f"{database}_owners"})

        def names(*day: int) -> list[str | None]:
            return [one.name for one in owners_of(asker, [here, twin], date(*day))]

        assert names(2026, 2, 1) == ["Muster"]
        assert names(2026, 3, 15) == ["Muster", "Probe GmbH"]
        assert names(2026, 4, 1) == ["Probe GmbH"]
        assert names(2000, 1, 1) == []
        [muster] = owners_of(asker, [here], date(2010, 1, 1))
        assert (muster.share, muster.owned_since, muster.kind) == (Fraction(1, 2), date(2001, 5, 1), "person")
