"""Columns about single persons refuse the file by their name, in German and English; counts and areas do not."""

from pathlib import Path

import pytest

from etl.person_columns import is_person_column, refuses_file, refusing_columns
from etl.pipeline import Order, load
from geodata.settings import DatabaseUrls

NOWHERE = DatabaseUrls(*["postgresql+psycopg://nobody@127.0.0.1:1/none"] * 6, None, "none")


@pytest.mark.parametrize(
    "column",
    [
        "Nachname", "Vor- und Nachname", "Vor- u. Zuname", "mieter_vorname", "FAMILIENNAME", "Geburtsname", "Last Name",
        "SURNAME", "first_name", "Geburtsdatum Kind 1", "GEB_DAT", "Geb. am", "DOB", "date of birth",
        "Staatsangehoerigkeit", "Staatsangehörigkeit 2", "nationality", "Nationalität", "Religion", "Konfession",
        "Beschwerdeführer", "Melder", "Name des Mieters", "Tenant", "Occupant", "Hinweisgeberin", "E-Mail",
        "Telefon-Nr.", "Phone", "Handy", "Anrede", "SSN", "Migrationshintergrund",
    ],
)  # fmt: skip
def test_a_file_with_such_a_column_is_not_taken(column: str) -> None:
    assert refuses_file(column)
    assert is_person_column(column)


@pytest.mark.parametrize("column", ["Eigentümer", "OWNER_ABBR", "Sachbearbeiterin", "Herkunft"])
def test_what_registers_list_beside_their_rows_refuses_the_mapping_only(column: str) -> None:
    assert is_person_column(column)
    assert not refuses_file(column)


@pytest.mark.parametrize(
    "column",
    [
        "Name", "NAME", "Straßenname", "Gebietsname", "Rauchmelder", "Gebäudeklasse", "Geb.-Nr.", "Personen gemeldet",
        "Personen angetroffen", "Anzahl Bewohner", "Einwohner", "Meldedatum", "Wohnungen", "Organisation", "DBA Name",
        "Regionalität", "Mietwohnungen", "Bewohnt", "Vorhaben",
        "Art des Hinweisgebers",
    ],
)  # fmt: skip
def test_names_of_places_and_counts_of_persons_are_no_persons(column: str) -> None:
    assert not is_person_column(column)


def test_the_columns_are_named_in_their_order_and_those_of_owners_are_let_through() -> None:
    columns = ("Objekt", "Nachname", "Geburtsdatum", "Datum")
    assert refusing_columns(columns, frozenset()) == ["Nachname", "Geburtsdatum"]
    assert refusing_columns(columns, frozenset({"Nachname"})) == ["Geburtsdatum"]


def test_a_delivery_with_such_a_column_is_refused_by_its_name_and_never_by_its_content(tmp_path: Path) -> None:
    """Checked before anything is asked of a database: here there is none."""
    mapping = tmp_path / "status.toml"
    mapping.write_text(
        'source = "status"\nmunicipality = "de-test01"\nregister = "main"\n'
        '[columns]\nproperty_key = "Objekt"\nstate = "Status"\nvalid_on = "ab"\n'
    )
    path = tmp_path / "status.csv"
    path.write_text("Objekt;Status;ab;Melder\nA;hint;01.02.2026;Erika Muster\n")
    report = load(NOWHERE.load, Order("status", path, str(mapping)), write=False)
    assert report.refused == (
        "The file has columns that tell of single persons: Melder. "
        "Persons are never taken over; send the file again without these columns."
    )
    assert "Erika" not in report.to_json()


def test_the_mapping_of_owners_may_name_its_own_columns_and_no_others(tmp_path: Path) -> None:
    mapping = tmp_path / "owners.toml"
    mapping.write_text(
        'source = "owners"\nmunicipality = "de-test01"\nregister = "main"\n[columns]\nproperty_key = "Objekt"\n'
        'owner_key = "Nr"\nowner_name = "Nachname"\n[constants]\nowner_kind = "person"\n'
    )
    path = tmp_path / "owners.csv"
    path.write_text("Objekt;Nr;Nachname;Geburtsdatum\nA;1;Muster;01.02.1950\n")
    report = load(NOWHERE.load, Order("owners", path, str(mapping)), write=False)
    assert "tell of single persons: Geburtsdatum." in str(report.refused)
    assert "Muster" not in report.to_json()
