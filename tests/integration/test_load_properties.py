"""Where properties lie (coordinates, address, both) and which property a fact belongs to (key, parcel, address)."""

from pathlib import Path

import pytest

from geodata.settings import DatabaseUrls
from tests.factories.office import MAPPINGS, Office, reasons, said

ADDRESSES = """
    street;house_number;x;y
    Beispielstraße;95;394000;5691000
    Beispielstraße;97;394020;5691000
    Beispielstraße;99;394040;5691000
    Musterweg;3 a;394100;5691000
    Musterweg;5;394120;5691000
"""
HEAD = "key;registered_on;use_type;dwellings;address;x;y\n"
BY_ADDRESS = MAPPINGS["properties"].replace('x = "x"\ny = "y"\n', "")


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    return Office(clean_urls, tmp_path)


def places(office: Office) -> list[tuple[object, ...]]:
    return office.ask(
        "SELECT p.key, ST_X(v.geom), v.placed_by FROM qm.property_version AS v JOIN qm.property AS p "
        "ON p.id = v.property_id WHERE v.superseded_at IS NULL ORDER BY p.key"
    )


def test_a_property_lies_where_its_address_does(office: Office) -> None:
    office.sends("addresses", ADDRESSES)
    rows = HEAD + "A;;;;Beispielstr. 95-99;;\nB;;;;Musterwegg 3A;;\nC;;;;Musterweg 7;;\nD;;;;Einhornallee 1;;\nE;;;;;;"
    report = office.sends("properties", rows, mapping=BY_ADDRESS)
    assert said(report) == {"read": 5, "loaded": 3, "rejected": 2}
    assert places(office) == [("A", 394000.0, "address"), ("B", 394100.0, "address"), ("E", None, None)]
    [unknown_number, unknown_street] = reasons(report)
    assert unknown_number[:2] == (4, "address")
    assert "expected the house number 7 in Musterweg" in unknown_number[2]
    assert unknown_number[2].endswith("nearest: Musterweg 5 (100), Musterweg 3a (100)")
    assert "expected a known street" in unknown_street[2]
    # Of the three rows without a place two are rejected.
    assert "Properties without a place: 1. They are in tables and counts, not on the map." in report.remarks
    assert office.ask(
        "SELECT a.position, a.house_number, a.address_id IS NOT NULL FROM qm.property_address AS a "
        "JOIN qm.property_version AS v ON v.id = a.property_version_id JOIN qm.property AS p ON p.id = v.property_id "
        "WHERE p.key = 'A' ORDER BY 1"
    ) == [(1, 95, True), (2, 97, True), (3, 99, True)]


def test_coordinates_far_from_the_address_are_rejected_with_the_distance(office: Office) -> None:
    office.sends("addresses", ADDRESSES)
    rows = HEAD + "A;;;;Musterweg 5;394130;5691000\nB;;;;Musterweg 5;394620;5691000\nC;;;;Neue Gasse 1;394500;5691000"
    report = office.sends("properties", rows)
    assert reasons(report) == [
        (3, "address", "expected coordinates within 100 m of the address, but they lie 500 m away")
    ]
    assert places(office) == [("A", 394130.0, "coordinates"), ("C", 394500.0, "coordinates")]
    assert "Properties that lie by their coordinates, at no official address: 1." in report.remarks


def test_without_official_addresses_a_property_has_no_place_and_the_report_says_so(office: Office) -> None:
    report = office.sends("properties", HEAD + "A;;;;Musterweg 5;;", mapping=BY_ADDRESS)
    assert said(report) == {"read": 1, "loaded": 1}
    assert places(office) == [("A", None, None)]
    assert report.remarks[-1].startswith("Properties without a place, and no official addresses are loaded: 1.")


def test_a_register_that_comes_again_after_the_addresses_is_placed(office: Office) -> None:
    office.sends("properties", HEAD + "A;;;;Musterweg 5;;", mapping=BY_ADDRESS)
    office.sends("addresses", ADDRESSES)
    assert said(office.sends("properties", HEAD + "A;;;;Musterweg 5;;", mapping=BY_ADDRESS))["loaded"] == 1
    assert places(office) == [("A", 394120.0, "address")]


def test_facts_find_their_property_by_its_address(office: Office) -> None:
    office.sends(
        "properties", HEAD + "A;;;;Beispielstr. 95;;\nB;;;;Musterweg 5;;\nC;;;;Musterweg 5;;", mapping=BY_ADDRESS
    )
    mapping = MAPPINGS["inspections"].replace('property_key = "property_key"', 'address = "address"')
    mapping = 'match = "address"\n' + mapping.replace('key = "key"\n', "")
    written = ("Beispielstrasse 95", "Musterweg 5", "Musterweg")
    rows = "\n".join(["address;inspected_on;result", *(f"{one};01.02.2026;finding" for one in written)])
    report = office.sends("inspections", rows, mapping=mapping)
    assert said(report) == {"read": 3, "loaded": 1, "rejected": 2}
    assert office.ask("SELECT key FROM qm.inspection") == [("main|A|2026-02-01|joint_control|1",)]
    assert [line for line, _, _ in reasons(report)] == [3, 4]


def test_facts_find_their_property_by_its_parcel(office: Office) -> None:
    register = MAPPINGS["properties"].replace('address = "address"\n', 'parcels = "address"\n')
    office.sends("properties", HEAD + "A;;;;12-7,12-8;394000;5691000\nB;;;;13-1;394000;5691000", mapping=register)
    mapping = 'match = "parcel"\n' + MAPPINGS["inspections"].replace(
        'property_key = "property_key"', 'parcel = "parcel"'
    )
    rows = "key;parcel;inspected_on;result\nV1;12-8;01.02.2026;finding\nV2;99;01.02.2026;finding"
    report = office.sends("inspections", rows, mapping=mapping)
    assert reasons(report) == [(3, "parcel", 'expected the parcel of one property, but of "99" no property has it')]
    assert office.ask("SELECT p.key FROM qm.inspection AS i JOIN qm.property AS p ON p.id = i.property_id") == [("A",)]


IMPLYING = (
    'register = "licences"\nimplies_property = true\ncrs = "EPSG:25832"\n[columns]\nkey = "key"\n'
    'property_key = "property_key"\ninspected_on = "inspected_on"\nresult = "result"\naddress = "address"\n'
    'x = "x"\ny = "y"\n[constants]\ncontrol_type = "joint_control"\naccess_reached = "flat"\nuse_type = "commercial"\n'
)
VISITS = """
    key;property_key;inspected_on;result;address;x;y
    1;L1;01.02.2024;finding;Altweg 1;394000;5691000
    2;L1;01.02.2025;finding;Neuweg 2;394500;5691000
    3;L1;01.06.2025;finding;Neuweg 2 a;;
    4;L2;01.02.2025;finding;;;
"""


def test_facts_imply_their_property_where_the_mapping_says_so(office: Office) -> None:
    report = office.sends("inspections", VISITS, mapping=IMPLYING)
    assert said(report) == {"read": 4, "loaded": 4, "implied": 2}
    # The newest row gives the address, the newest row with a place gives the point.
    assert places(office) == [("L1", 394500.0, "implied"), ("L2", None, None)]
    columns = "address_text, use_type, last_inspected_on::text"
    assert office.ask(f"SELECT {columns} FROM qm.property_current ORDER BY key") == [
        ("Neuweg 2a", "commercial", "2025-06-01"), ("", "commercial", "2025-02-01"),
    ]  # fmt: skip
    again = office.sends("inspections", VISITS, as_of="2026-04-01", mapping=IMPLYING)
    assert said(again) == {"read": 4, "unchanged": 4}


def test_newer_facts_move_an_implied_property_and_older_ones_do_not(office: Office) -> None:
    office.sends("inspections", VISITS, mapping=IMPLYING)
    head = VISITS.strip().splitlines()[0]
    office.sends("inspections", f"{head}\n5;L1;01.01.2020;finding;Uraltweg 1;390000;5691000", mapping=IMPLYING)
    assert places(office)[0] == ("L1", 394500.0, "implied")
    moved = office.sends("inspections", f"{head}\n6;L1;01.02.2026;finding;Neuweg 9;394900;5691000", mapping=IMPLYING)
    assert said(moved) == {"read": 1, "loaded": 1}
    assert places(office)[0] == ("L1", 394900.0, "implied")


def test_a_register_knows_better_than_facts_that_imply(office: Office) -> None:
    office.sends("inspections", VISITS, mapping=IMPLYING)
    register = MAPPINGS["properties"].replace('register = "main"', 'register = "licences"')
    office.sends("properties", HEAD + "L1;01.01.2020;residential;4;Neuweg 2;394501;5691000", mapping=register)
    head = VISITS.strip().splitlines()[0]
    office.sends("inspections", f"{head}\n6;L1;01.02.2026;finding;Neuweg 9;394900;5691000", mapping=IMPLYING)
    assert places(office)[0] == ("L1", 394501.0, "coordinates")


def test_everything_outside_the_expected_extent_is_refused(office: Office) -> None:
    mapping = MAPPINGS["properties"].replace("[columns]", "expected_extent = [7.3, 51.2, 7.7, 51.5]\n[columns]")
    report = office.sends("properties", HEAD + "A;;;;;500000;5900000\nB;;;;;510000;5900000", mapping=mapping)
    assert str(report.refused).startswith("Everything lies outside the expected extent.")
    assert office.ask("SELECT count(*) FROM qm.property") == [(0,)]


def test_coordinates_without_a_crs_are_refused(office: Office) -> None:
    mapping = MAPPINGS["properties"].replace('crs = "EPSG:25832"\n', "")
    report = office.sends("properties", HEAD + "A;;;;;394000;5691000", mapping=mapping)
    assert "Expected a CRS" in str(report.refused)


def test_a_place_outside_has_one_reason_and_not_its_distance_from_the_address_too(office: Office) -> None:
    office.sends("addresses", ADDRESSES)
    mapping = MAPPINGS["properties"].replace("[columns]", "expected_extent = [7.3, 51.2, 7.7, 51.5]\n[columns]")
    rows = HEAD + "A;;;;Musterweg 5;394120;5691000\nB;;;;Musterweg 5;594120;5691000"
    [(line, field, reason)] = reasons(office.sends("properties", rows, mapping=mapping))
    assert (line, field) == (3, "geometry")
    assert reason.endswith("but it lies outside")


def test_an_address_that_cannot_be_read_has_one_reason(office: Office) -> None:
    office.sends("properties", HEAD + "A;;;;Musterweg 5;;", mapping=BY_ADDRESS)
    mapping = MAPPINGS["inspections"].replace('property_key = "property_key"', 'address = "address"')
    mapping = 'match = "address"\n' + mapping.replace('key = "key"\n', "")
    good = "".join(f"Musterweg 5;{day}.{month}.2025;finding\n" for day in range(10, 20) for month in range(10, 13))
    report = office.sends(
        "inspections", f"address;inspected_on;result\n{good}Muster\x00weg 5;01.02.2026;finding", mapping=mapping
    )
    assert reasons(report) == [(32, "address", "expected text, found a zero byte in it")]
