"""Areas keep all their versions; links between them; repairs are listed; outlines are simplified together."""

from pathlib import Path

import pytest
import shapely

from etl.withdraw import withdraw
from geodata.settings import DatabaseUrls
from tests.factories.files import BOW_TIE, NEIGHBOUR, SQUARE, feature, named_crs, write_geojson
from tests.factories.office import Office, reasons, said

METRES = named_crs("urn:ogc:def:crs:EPSG::25832")


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    return Office(clean_urls, tmp_path)


def quarters(folder: Path, **shapes: tuple[str, object]) -> Path:
    """A file of quarters: key = (name, outline)."""
    features = [feature({"key": key, "name": name}, shape) for key, (name, shape) in shapes.items()]
    return write_geojson(folder / "quarters.geojson", features, crs=METRES)


def versions(office: Office) -> list[tuple[object, ...]]:
    return office.ask(
        "SELECT a.key, v.name, v.valid_from::text, v.valid_to::text FROM qm.area_version AS v "
        "JOIN qm.area AS a ON a.id = v.area_id WHERE v.superseded_at IS NULL ORDER BY a.key, v.valid_from"
    )


def test_a_new_name_is_a_new_version_of_the_same_area(office: Office, tmp_path: Path) -> None:
    first = quarters(tmp_path, w=("Wiese/Dorf", SQUARE), o=("Ost", NEIGHBOUR))
    assert said(office.sends("areas", first, as_of="2020-01-01")) == {"read": 2, "loaded": 2}
    second = quarters(tmp_path, w=("Wiese-Dorf", SQUARE), o=("Ost", NEIGHBOUR))
    assert said(office.sends("areas", second, as_of="2025-01-01")) == {
        "read": 2, "loaded": 1, "unchanged": 1, "superseded": 1,
    }  # fmt: skip
    assert versions(office) == [
        ("o", "Ost", "2020-01-01", None),
        ("w", "Wiese/Dorf", "2020-01-01", "2025-01-01"),
        ("w", "Wiese-Dorf", "2025-01-01", None),
    ]
    assert office.ask("SELECT count(*) FROM qm.area") == [(2,)]


def test_an_older_delivery_becomes_an_earlier_version(office: Office, tmp_path: Path) -> None:
    office.sends("areas", quarters(tmp_path, w=("Wiese-Dorf", SQUARE), o=("Ost", NEIGHBOUR)), as_of="2025-01-01")
    older = quarters(tmp_path, w=("Wiese/Dorf", SQUARE), o=("Ost", NEIGHBOUR))
    assert said(office.sends("areas", older, as_of="2020-01-01")) == {"read": 2, "outdated": 1, "unchanged": 1}
    assert versions(office) == [
        ("o", "Ost", "2020-01-01", None),
        ("w", "Wiese/Dorf", "2020-01-01", "2025-01-01"),
        ("w", "Wiese-Dorf", "2025-01-01", None),
    ]
    between = quarters(tmp_path, w=("Wiesendorf", SQUARE), o=("Ost", NEIGHBOUR))
    office.sends("areas", between, as_of="2022-01-01")
    assert [row[2:] for row in versions(office) if row[0] == "w"] == [
        ("2020-01-01", "2022-01-01"), ("2022-01-01", "2025-01-01"), ("2025-01-01", None),
    ]  # fmt: skip


def test_a_correction_of_the_same_day_replaces_the_version(office: Office, tmp_path: Path) -> None:
    office.sends("areas", quarters(tmp_path, w=("Tippfeler", SQUARE)), as_of="2025-01-01")
    fixed = office.sends("areas", quarters(tmp_path, w=("Tippfehler", SQUARE)), as_of="2025-01-01")
    assert said(fixed) == {"read": 1, "loaded": 1, "superseded": 1}
    assert versions(office) == [("w", "Tippfehler", "2025-01-01", None)]


def test_areas_of_a_kind_that_a_delivery_lacks_end_and_may_come_back(office: Office, tmp_path: Path) -> None:
    both = {"w": ("West", SQUARE), "o": ("Ost", NEIGHBOUR)}
    office.sends("areas", quarters(tmp_path, **both), as_of="2020-01-01")
    assert said(office.sends("areas", quarters(tmp_path, w=("West", SQUARE)), as_of="2022-01-01")) == {
        "read": 1, "unchanged": 1, "ended": 1,
    }  # fmt: skip
    assert versions(office)[0] == ("o", "Ost", "2020-01-01", "2022-01-01")
    assert said(office.sends("areas", quarters(tmp_path, **both), as_of="2024-01-01"))["loaded"] == 1
    assert [row[2:] for row in versions(office) if row[0] == "o"] == [
        ("2020-01-01", "2022-01-01"), ("2024-01-01", None),
    ]  # fmt: skip


def test_other_kinds_do_not_end(office: Office, tmp_path: Path) -> None:
    office.sends("areas", quarters(tmp_path, w=("West", SQUARE)), as_of="2020-01-01")
    mapping = '[columns]\nkey = "key"\nname = "name"\n[constants]\nkind = "fokusraum"\n'
    report = office.sends("areas", quarters(tmp_path, f=("Fokus", SQUARE)), as_of="2022-01-01", mapping=mapping)
    assert said(report) == {"read": 1, "loaded": 1}


def test_a_crossing_outline_is_repaired_and_listed_with_what_it_lost(office: Office, tmp_path: Path) -> None:
    report = office.sends("areas", quarters(tmp_path, w=("Schleife", BOW_TIE)))
    assert said(report) == {"read": 1, "loaded": 1, "repaired": 1}
    [(line, key, reason, lost)] = office.ask("SELECT line, key, reason, area_lost_m2 FROM qm.repair")
    assert (line, key) == (1, "w")
    assert "Self-intersection" in str(reason)
    assert lost == 0
    assert office.ask("SELECT ST_IsValid(geom), GeometryType(geom), area_m2 FROM qm.area_version") == [
        (True, "MULTIPOLYGON", 5_000.0)
    ]


def test_a_point_is_no_outline(office: Office, tmp_path: Path) -> None:
    report = office.sends(
        "areas", quarters(tmp_path, w=("West", SQUARE), p=("Punkt", shapely.Point(395_000, 5_690_000)))
    )
    assert said(report) == {"read": 2, "loaded": 1, "rejected": 1}
    assert reasons(report)[0][:2] == (2, "geometry")


def test_links_name_areas_that_are_there(office: Office, tmp_path: Path) -> None:
    office.sends("areas", quarters(tmp_path, w=("West", SQUARE), o=("Ost", NEIGHBOUR)))
    mapping = (
        '[columns]\nchild_key = "child"\nparent_key = "parent"\nshare = "share"\n'
        '[constants]\nchild_kind = "quartier"\nparent_kind = "quartier"\n'
    )
    rows = "child;parent;share\nw;o;0.5\nw;nirgends;1\nw;w;1"
    report = office.sends("area_links", rows, mapping=mapping)
    assert said(report) == {"read": 3, "loaded": 1, "rejected": 2}
    assert reasons(report) == [
        (3, "parent_key", "expected a known area, but there is no quartier nirgends"),
        (4, "parent_key", "expected two areas, but an area cannot lie in itself"),
    ]
    assert said(office.sends("area_links", "child;parent;share\nw;o;0.5", as_of="2026-04-01", mapping=mapping)) == {
        "read": 1, "unchanged": 1,
    }  # fmt: skip


def test_properties_are_linked_to_the_areas_in_which_they_lie(office: Office, tmp_path: Path) -> None:
    office.sends(
        "properties", "key;registered_on;use_type;dwellings;address;x;y\nA;01.02.2020;other;1;Weg 1;395050;5690050"
    )
    office.sends("areas", quarters(tmp_path, w=("West", SQUARE), o=("Ost", NEIGHBOUR)), as_of="2020-01-01")
    [(areas,)] = office.ask("SELECT area_ids FROM qm.property_current WHERE key = 'A'")
    assert office.ask("SELECT key FROM qm.area WHERE id = ANY (:ids)", ids=areas) == [("w",)]


def test_an_area_that_only_an_older_delivery_knows_ended_when_the_next_one_came(office: Office, tmp_path: Path) -> None:
    office.sends("areas", quarters(tmp_path, o=("Ost", NEIGHBOUR)), as_of="2025-01-01")
    older = quarters(tmp_path, w=("Wiese", SQUARE), o=("Ost", NEIGHBOUR))
    assert said(office.sends("areas", older, as_of="2020-01-01")) == {"read": 2, "outdated": 1, "unchanged": 1}
    expected = [("o", "Ost", "2020-01-01", None), ("w", "Wiese", "2020-01-01", "2025-01-01")]
    assert versions(office) == expected
    assert said(office.sends("areas", older, as_of="2020-01-01"))["read"] == 2
    assert versions(office) == expected


def test_an_outline_that_a_later_delivery_confirmed_goes_on_from_its_date(office: Office, tmp_path: Path) -> None:
    ost = quarters(tmp_path, o=("Ost", NEIGHBOUR))
    office.sends("areas", ost, as_of="2015-01-01")
    office.sends("areas", ost, as_of="2025-01-01")
    between = office.sends("areas", quarters(tmp_path, o=("Osten", NEIGHBOUR)), as_of="2020-01-01")
    assert said(between)["outdated"] == 1
    expected = [
        ("o", "Ost", "2015-01-01", "2020-01-01"),
        ("o", "Osten", "2020-01-01", "2025-01-01"),
        ("o", "Ost", "2025-01-01", None),
    ]
    assert versions(office) == expected
    withdraw(office.urls.load, between.delivery or 0)
    assert versions(office) == [("o", "Ost", "2015-01-01", None)]


def test_an_area_is_not_stretched_over_the_time_in_which_it_did_not_exist(office: Office, tmp_path: Path) -> None:
    ost, both = {"o": ("Ost", NEIGHBOUR)}, {"o": ("Ost", NEIGHBOUR), "w": ("Wiese", SQUARE)}
    office.sends("areas", quarters(tmp_path, **ost), as_of="2022-01-01")
    office.sends("areas", quarters(tmp_path, **both), as_of="2025-01-01")
    office.sends("areas", quarters(tmp_path, **both), as_of="2020-01-01")
    assert [row for row in versions(office) if row[0] == "w"] == [
        ("w", "Wiese", "2020-01-01", "2022-01-01"),
        ("w", "Wiese", "2025-01-01", None),
    ]
