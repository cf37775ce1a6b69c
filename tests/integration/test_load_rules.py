"""The rules of deliveries on a real database: unchanged, loaded, outdated, superseded, rejected, skipped, ended."""

from pathlib import Path

import pytest

from geodata.settings import DatabaseUrls
from tests.factories.office import CITY, MAPPINGS, Office, reasons, said

HOUSES = """
    key;registered_on;use_type;dwellings;address;x;y
    A;01.02.2020;residential;4;Beispielweg 1;394000;5691000
    B;01.03.2020;commercial;2;Beispielweg 3;394100;5691000
"""
VISITS = """
    key;property_key;inspected_on;result
    V1;A;01.02.2026;finding
    V2;A;15.02.2026;no_finding
    V3;B;15.02.2026;no_finding
"""


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    return Office(clean_urls, tmp_path)


def current(office: Office) -> list[tuple[object, ...]]:
    return office.ask("SELECT key, result FROM qm.inspection WHERE superseded_at IS NULL ORDER BY key")


def test_a_file_that_comes_again_changes_nothing(office: Office) -> None:
    office.sends("properties", HOUSES)
    assert said(office.sends("inspections", VISITS)) == {"read": 3, "loaded": 3}
    again = office.sends("inspections", VISITS, as_of="2026-04-01")
    assert said(again) == {"read": 3, "unchanged": 3}
    assert again.refused is None
    assert office.ask("SELECT count(*) FROM qm.inspection") == [(3,)]
    assert said(office.sends("properties", HOUSES, as_of="2026-04-01")) == {"read": 2, "unchanged": 2}


def test_a_newer_content_supersedes_and_an_older_one_is_outdated(office: Office) -> None:
    office.sends("properties", HOUSES)
    office.sends("inspections", VISITS, as_of="2026-03-01")
    changed = VISITS.replace("V1;A;01.02.2026;finding", "V1;A;01.02.2026;not_completed")
    assert said(office.sends("inspections", changed, as_of="2026-03-02")) == {
        "read": 3, "loaded": 1, "unchanged": 2, "superseded": 1,
    }  # fmt: skip
    assert said(office.sends("inspections", VISITS, as_of="2026-03-01")) == {"read": 3, "outdated": 1, "unchanged": 2}
    assert current(office) == [("V1", "not_completed"), ("V2", "no_finding"), ("V3", "no_finding")]


def test_a_superseded_row_ends_at_the_moment_at_which_its_successor_is_recorded(office: Office) -> None:
    office.sends("properties", HOUSES)
    office.sends("properties", HOUSES.replace("residential;4", "residential;5"), as_of="2026-04-01")
    old, new = office.ask("SELECT recorded_at, superseded_at, dwellings FROM qm.property_version "
                          "WHERE dwellings > 2 ORDER BY dwellings")  # fmt: skip
    assert old[1] == new[0]
    assert new[1] is None


def test_a_file_never_undoes_an_edit(office: Office) -> None:
    office.sends("properties", HOUSES)
    office.sends("inspections", VISITS)
    office.edit(
        "WITH old AS (UPDATE qm.inspection SET superseded_at = clock_timestamp() WHERE key = 'V1' RETURNING *) "
        "INSERT INTO qm.inspection (municipality, property_id, key, control_type, inspected_on, access_reached, result)"
        " SELECT municipality, property_id, key, control_type, inspected_on, access_reached, 'no_finding' FROM old"
    )
    assert said(office.sends("inspections", VISITS, as_of="2026-04-01")) == {"read": 3, "unchanged": 3}
    assert current(office)[0] == ("V1", "no_finding")
    # What the office changes itself is news, and newer than what it had sent before.
    news = VISITS.replace("V1;A;01.02.2026;finding", "V1;A;01.02.2026;not_completed")
    assert said(office.sends("inspections", news, as_of="2026-04-02")) == {
        "read": 3, "loaded": 1, "unchanged": 2, "superseded": 1,
    }  # fmt: skip


def test_duplicates_within_a_file(office: Office) -> None:
    office.sends("properties", HOUSES)
    report = office.sends("inspections", VISITS + "    V1;A;01.02.2026;finding\n    V2;A;15.02.2026;finding\n")
    assert said(report) == {"read": 5, "loaded": 2, "rejected": 3}
    assert reasons(report) == [
        (3, "key", "expected one row for a key, but lines 3, 6 have the same key and different content"),
        (5, "key", "duplicate of line 2"),
        (6, "key", "expected one row for a key, but lines 3, 6 have the same key and different content"),
    ]
    kept = office.ask("SELECT line, row FROM qm.rejected_row ORDER BY line")
    assert kept[1] == (5, {"key": "V1", "property_key": "A", "inspected_on": "01.02.2026", "result": "finding"})


def test_rows_that_cannot_be_read_or_linked_are_rejected_with_line_field_and_reason(office: Office) -> None:
    office.sends("properties", HOUSES)
    report = office.sends(
        "inspections",
        VISITS
        + "    V4;A;31.02.2026;finding\n    V5;Z;01.02.2026;finding\n    V6;B;03.03.2026;\n    V7;B;02.03.2026;spuk\n",
    )
    assert said(report) == {"read": 7, "loaded": 3, "rejected": 4}
    assert reasons(report) == [
        (5, "inspected_on", 'expected a date like 24.12.2025, found "31.02.2026"'),
        (6, "property_key", "expected a property of register main, but Z is unknown"),
        (7, "result", "expected a value, found an empty field"),
        (7, "inspected_on", "expected a date up to 02.03.2026 (as-of date + 1 day), found 03.03.2026"),
        (8, "result", 'expected one of no_finding, finding, not_completed, found "spuk"'),
    ]


def test_rows_that_the_filter_leaves_out_are_skipped(office: Office) -> None:
    mapping = MAPPINGS["properties"].replace(
        "[columns]", 'filter = [{ column = "use_type", in = ["commercial"] }]\n[columns]'
    )
    assert said(office.sends("properties", HOUSES, mapping=mapping)) == {"read": 2, "loaded": 1, "skipped": 1}


ADDRESSES = """
    street;house_number;x;y
    Beispielweg;1;394000;5691000
    Beispielweg;3 a;394100;5691000
    Musterstraße;;394200;5691000
"""


def addresses(office: Office) -> list[tuple[object, ...]]:
    return office.ask(
        "SELECT key, house_number, house_number_suffix, ST_X(geom), valid_from::text, valid_to::text "
        "FROM qm.address WHERE superseded_at IS NULL ORDER BY key"
    )


def test_keys_that_a_complete_delivery_lacks_end_and_may_come_back(office: Office) -> None:
    office.sends("addresses", ADDRESSES, as_of="2025-01-01")
    shorter = ADDRESSES.replace("    Beispielweg;3 a;394100;5691000\n", "").replace("394000", "394001")
    assert said(office.sends("addresses", shorter, as_of="2026-01-01")) == {
        "read": 2, "loaded": 1, "unchanged": 1, "superseded": 1, "ended": 1,
    }  # fmt: skip
    assert addresses(office) == [
        ("beispielweg|1|", 1, None, 394001.0, "2025-01-01", None),
        ("beispielweg|3|a", 3, "a", 394100.0, "2025-01-01", "2026-01-01"),
        ("musterstr||", None, None, 394200.0, "2025-01-01", None),
    ]
    assert said(office.sends("addresses", shorter, as_of="2026-02-01")) == {"read": 2, "unchanged": 2}
    back = office.sends("addresses", ADDRESSES, as_of="2026-03-01")
    assert said(back) == {"read": 3, "loaded": 2, "unchanged": 1, "superseded": 2}
    assert addresses(office)[1][4:] == ("2026-03-01", None)


def test_an_older_complete_delivery_ends_nothing(office: Office) -> None:
    office.sends("addresses", ADDRESSES, as_of="2026-01-01")
    older = "street;house_number;x;y\nBeispielweg;1;394000;5691000\n"
    assert said(office.sends("addresses", older, as_of="2025-01-01")) == {"read": 1, "unchanged": 1}


def test_what_a_newer_complete_delivery_confirmed_or_lacks_an_older_one_does_not_change(office: Office) -> None:
    for as_of in ("2025-01-01", "2026-01-01"):
        office.sends("addresses", ADDRESSES, as_of=as_of)
    before = addresses(office)
    older = "street;house_number;x;y\nBeispielweg;1;394007;5691000\nMusterstr.;99;394000;5691000\n"
    assert said(office.sends("addresses", older, as_of="2025-06-01")) == {"read": 2, "outdated": 2}
    assert addresses(office) == before


def test_a_rejected_row_does_not_end_what_it_names(office: Office) -> None:
    office.sends("addresses", ADDRESSES, as_of="2025-01-01")
    broken = ADDRESSES.replace("3 a;394100", "3 a;weit weg")
    assert said(office.sends("addresses", broken, as_of="2026-01-01")) == {"read": 3, "unchanged": 2, "rejected": 1}


def test_columns_that_the_mapping_does_not_name_are_stored_nowhere(office: Office) -> None:
    secret = "Erika Mustermann"
    lines = [line.strip() for line in (VISITS + "    V9;Z;01.02.2026;finding\n").strip().splitlines()]
    rows = "\n".join(f"{line};{'Bemerkung' if at == 0 else secret}" for at, line in enumerate(lines))
    office.sends("properties", HOUSES)
    report = office.sends("inspections", rows)
    assert said(report) == {"read": 4, "loaded": 3, "rejected": 1}
    # All that the loader can have written to; of accounts and sessions it has no right to read a row.
    tables = office.ask(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace IN ('qm'::regnamespace, 'owners'::regnamespace, 'audit'::regnamespace)"
        " AND has_table_privilege(oid, 'SELECT')"
    )
    assert len(tables) > 30
    for (table,) in tables:
        assert office.ask(f"SELECT count(*) FROM {table} AS t WHERE t::text ~ 'Erika|Bemerkung'") == [(0,)], table
    assert secret not in report.to_json()


def test_rejected_rows_are_forgotten_after_ninety_days(office: Office) -> None:
    office.sends("properties", HOUSES)
    office.sends("inspections", VISITS + "    V9;Z;01.02.2026;finding\n")
    office.edit("UPDATE qm.rejected_row SET recorded_at = recorded_at - interval '91 days'")
    office.sends("inspections", VISITS)
    assert office.ask("SELECT count(*) FROM qm.rejected_row") == [(0,)]


def test_the_as_of_date_and_where_it_comes_from_are_kept(office: Office) -> None:
    office.sends("properties", HOUSES, as_of="2026-02-03")
    assert office.ask("SELECT as_of::text, as_of_from, file_name, read, municipality FROM qm.delivery") == [
        ("2026-02-03", "option", "properties.csv", 2, CITY)
    ]
