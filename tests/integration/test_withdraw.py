"""Taking a delivery back: what it brought goes, what it had replaced comes back, and nothing is left in the air."""

from pathlib import Path

import pytest

from etl.withdraw import CannotWithdraw, Withdrawn, withdraw
from geodata.errors import UsageError
from geodata.settings import DatabaseUrls
from tests.factories.files import NEIGHBOUR, SQUARE, feature, named_crs, write_geojson
from tests.factories.office import MAPPINGS, Office, said

HEAD = "key;registered_on;use_type;dwellings;address;x;y\n"
FIRST = HEAD + "A;01.02.2020;residential;4;Weg 1;394000;5691000\nB;01.03.2020;commercial;2;Weg 3;394100;5691000"
SECOND = HEAD + "A;01.02.2020;residential;9;Weg 1 a;394000;5691000\nC;01.03.2020;other;1;Weg 5;394200;5691000"
VISITS = "key;property_key;inspected_on;result\nV1;A;01.02.2026;finding\nV2;C;01.02.2026;finding"


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    return Office(clean_urls, tmp_path)


def properties(office: Office) -> list[tuple[object, ...]]:
    return office.ask(
        "SELECT p.key, c.dwellings, c.address_text FROM qm.property_current AS c "
        "JOIN qm.property AS p ON p.id = c.property_id ORDER BY p.key"
    )


def number(report: object) -> int:
    return int(getattr(report, "delivery"))  # noqa: B009 - mypy knows it as optional


def test_what_a_delivery_brought_goes_and_what_it_replaced_comes_back(office: Office) -> None:
    office.sends("properties", FIRST)
    second = office.sends("properties", SECOND, as_of="2026-04-01")
    assert properties(office) == [("A", 9, "Weg 1a"), ("B", 2, "Weg 3"), ("C", 1, "Weg 5")]
    assert withdraw(office.urls.load, number(second)) == Withdrawn(superseded=2, revived=1)
    assert properties(office) == [("A", 4, "Weg 1"), ("B", 2, "Weg 3")]
    assert office.ask("SELECT withdrawn_at IS NOT NULL FROM qm.delivery ORDER BY id") == [(False,), (True,)]


def test_the_log_says_who_loaded_and_who_withdrew(office: Office) -> None:
    report = office.sends("properties", FIRST)
    withdraw(office.urls.load, number(report), account="bea")
    logged = office.ask(
        "SELECT account, subject, details->>'change', details->>'loaded' FROM audit.entry"
        " WHERE action = 'delivery' ORDER BY at DESC LIMIT 2"
    )
    assert [row[:1] + row[2:] for row in logged] == [("bea", "withdrawn", None), ("command line", "loaded", "2")]
    assert logged[0][1] == logged[1][1]
    before = office.ask("SELECT count(*) FROM audit.entry")
    assert office.sends("properties", HEAD + "A;31.02.2020;x;y;Weg 1;1;1").refused
    assert office.ask("SELECT count(*) FROM audit.entry") == before


def test_after_a_withdrawal_the_same_file_is_loaded_again_and_the_older_one_is_unchanged(office: Office) -> None:
    office.sends("properties", FIRST)
    second = office.sends("properties", SECOND, as_of="2026-04-01")
    withdraw(office.urls.load, number(second))
    assert said(office.sends("properties", FIRST)) == {"read": 2, "unchanged": 2}
    assert said(office.sends("properties", SECOND, as_of="2026-04-01")) == {"read": 2, "loaded": 2, "superseded": 1}
    assert properties(office)[0] == ("A", 9, "Weg 1a")


def test_withdrawing_in_any_order_never_revives_what_was_withdrawn(office: Office) -> None:
    office.sends("properties", FIRST)
    second = office.sends("properties", FIRST.replace("residential;4", "residential;5"), as_of="2026-04-01")
    third = office.sends("properties", FIRST.replace("residential;4", "residential;6"), as_of="2026-05-01")
    assert withdraw(office.urls.load, number(second)) == Withdrawn(superseded=0, revived=0)
    assert properties(office)[0] == ("A", 6, "Weg 1")
    withdraw(office.urls.load, number(third))
    assert properties(office)[0] == ("A", 4, "Weg 1")


def test_an_edit_stays_when_the_delivery_under_it_goes(office: Office) -> None:
    office.sends("properties", FIRST)
    visits = office.sends("inspections", "key;property_key;inspected_on;result\nV1;A;01.02.2026;finding")
    office.edit(
        "WITH old AS (UPDATE qm.inspection SET superseded_at = clock_timestamp() WHERE key = 'V1' RETURNING *) "
        "INSERT INTO qm.inspection (municipality, property_id, key, control_type, inspected_on, access_reached, result)"
        " SELECT municipality, property_id, key, control_type, inspected_on, access_reached, 'no_finding' FROM old"
    )
    assert withdraw(office.urls.load, number(visits)) == Withdrawn(superseded=0, revived=0)
    assert office.ask("SELECT result, delivery_id FROM qm.inspection WHERE superseded_at IS NULL") == [
        ("no_finding", None)
    ]


def test_properties_with_facts_of_later_deliveries_stay(office: Office) -> None:
    office.sends("properties", FIRST)
    second = office.sends("properties", SECOND, as_of="2026-04-01")
    visits = office.sends("inspections", VISITS, as_of="2026-04-01")
    with pytest.raises(CannotWithdraw) as caught:
        withdraw(office.urls.load, number(second))
    assert str(caught.value) == (
        f"Delivery {second.delivery} cannot be withdrawn: delivery {visits.delivery} brought inspections (1) of "
        f"properties that only it describes. Withdraw delivery {visits.delivery} first."
    )
    assert len(properties(office)) == 3
    withdraw(office.urls.load, number(visits))
    withdraw(office.urls.load, number(second))
    assert properties(office) == [("A", 4, "Weg 1"), ("B", 2, "Weg 3")]


def test_implied_properties_go_with_the_facts_that_implied_them(office: Office) -> None:
    mapping = "implies_property = true\n" + MAPPINGS["inspections"]
    visits = office.sends("inspections", VISITS, mapping=mapping)
    assert said(visits) == {"read": 2, "loaded": 2, "implied": 2}
    assert withdraw(office.urls.load, number(visits)) == Withdrawn(superseded=4, revived=0)
    assert properties(office) == []
    assert said(office.sends("inspections", VISITS, mapping=mapping))["loaded"] == 2


def quarters(folder: Path, **shapes: tuple[str, object]) -> Path:
    features = [feature({"key": key, "name": name}, shape) for key, (name, shape) in shapes.items()]
    return write_geojson(folder / "quarters.geojson", features, crs=named_crs("urn:ogc:def:crs:EPSG::25832"))


def versions(office: Office) -> list[tuple[object, ...]]:
    return office.ask(
        "SELECT a.key, v.name, v.valid_from::text, v.valid_to::text FROM qm.area_version AS v "
        "JOIN qm.area AS a ON a.id = v.area_id WHERE v.superseded_at IS NULL ORDER BY a.key, v.valid_from"
    )


def test_versions_of_areas_get_their_old_periods_back(office: Office, tmp_path: Path) -> None:
    office.sends("areas", quarters(tmp_path, w=("Wiese", SQUARE), o=("Ost", NEIGHBOUR)), as_of="2020-01-01")
    before = versions(office)
    second = office.sends(
        "areas", quarters(tmp_path, w=("Wiesendorf", SQUARE), n=("Nord", NEIGHBOUR)), as_of="2025-01-01"
    )
    assert said(second)["ended"] == 1
    withdraw(office.urls.load, number(second))
    assert versions(office) == before
    again = office.sends("areas", quarters(tmp_path, w=("Wiese", SQUARE), o=("Ost", NEIGHBOUR)), as_of="2026-01-01")
    assert said(again) == {"read": 2, "unchanged": 2}


def test_areas_are_taken_back_from_the_latest_delivery_on(office: Office, tmp_path: Path) -> None:
    first = office.sends("areas", quarters(tmp_path, w=("Wiese", SQUARE)), as_of="2020-01-01")
    second = office.sends("areas", quarters(tmp_path, w=("Wiesendorf", SQUARE)), as_of="2025-01-01")
    with pytest.raises(CannotWithdraw, match=f"Withdraw delivery {second.delivery} first"):
        withdraw(office.urls.load, number(first))
    withdraw(office.urls.load, number(second))
    withdraw(office.urls.load, number(first))
    assert versions(office) == []


def test_areas_with_links_stay_until_the_links_go(office: Office, tmp_path: Path) -> None:
    areas = office.sends("areas", quarters(tmp_path, w=("West", SQUARE), o=("Ost", NEIGHBOUR)))
    mapping = (
        '[columns]\nchild_key = "a"\nparent_key = "b"\n[constants]\nchild_kind = "quartier"\nparent_kind = "quartier"\n'
    )
    links = office.sends("area_links", "a;b\nw;o", mapping=mapping)
    with pytest.raises(CannotWithdraw, match=f"delivery {links.delivery} brought area links"):
        withdraw(office.urls.load, number(areas))
    withdraw(office.urls.load, number(links))
    assert withdraw(office.urls.load, number(areas)) == Withdrawn(superseded=2, revived=0)


def test_ended_addresses_are_in_force_again(office: Office) -> None:
    both = "street;house_number;x;y\nWeg;1;394000;5691000\nWeg;3;394010;5691000"
    office.sends("addresses", both, as_of="2025-01-01")
    second = office.sends("addresses", both.rsplit("\n", 1)[0], as_of="2026-01-01")
    assert said(second) == {"read": 1, "unchanged": 1, "ended": 1}
    assert withdraw(office.urls.load, number(second)) == Withdrawn(superseded=1, revived=1)
    assert office.ask("SELECT count(*) FROM qm.address WHERE superseded_at IS NULL AND valid_to IS NULL") == [(2,)]


def test_only_an_applied_delivery_of_the_own_city_can_be_withdrawn(office: Office) -> None:
    done = office.sends("properties", FIRST)
    with pytest.raises(UsageError, match="There is no delivery"):
        withdraw(office.urls.load, number(done), municipality="de-other")
    withdraw(office.urls.load, number(done))
    with pytest.raises(UsageError, match="is withdrawn already"):
        withdraw(office.urls.load, number(done))
    refused = office.sends("properties", HEAD)
    with pytest.raises(UsageError, match="was refused"):
        withdraw(office.urls.load, number(refused))
