"""Hagen: outlines of two elections, house coordinates, the hierarchy of areas, and the joint controls that were
published.

Loaded once, in the order in which a city would deliver; each test then says what it finds.
"""

from datetime import date
from typing import Any

import pytest

from etl.report import DeliveryReport
from tests.deliveries.conftest import City, MakeCity, counts

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def city(make_city: MakeCity) -> City:
    """The database of Hagen; `reports` fills it."""
    return make_city("hagen")


@pytest.fixture(scope="module")
def reports(city: City) -> dict[str, DeliveryReport]:
    """The reports of all deliveries, by a short name."""
    return {
        "stadtbezirke 2020": city.load("areas", "hagen-kommunal2020_stadtbezirke.geojson", "hagen/stadtbezirke"),
        "stadtbezirke 2025": city.load("areas", "hagen-kommunal2025_stadtbezirke.geojson", "hagen/stadtbezirke"),
        "stimmbezirke 2020": city.load("areas", "hagen-kommunal2020_wahlbezirke_btw2021.json", "hagen/stimmbezirke"),
        "stimmbezirke 2025": city.load("areas", "hagen-kommunal2025_ebene_6.geojson", "hagen/stimmbezirke"),
        "area_links": city.load("area_links", "kommunal2025_Rat_Wahlgebietseinteilungen.csv", "hagen/area_links"),
        "quartiere": city.load(
            "areas", "derived/wehringhausen_bahnhofsviertel_wgs84.geojson", "hagen/quartiere", as_of="2021-09-26"
        ),
        "rounds": city.load("rounds", "hagen_kontrollaktionen_presse.csv", "hagen/rounds", as_of="2026-02-01"),
        "addresses": city.load(
            "addresses", "opendata-zuordnung-mit-wahlbezirk.csv", "hagen/addresses", as_of="2021-09-26"
        ),
    }


VERSIONS = """
    SELECT a.key, v.name, v.valid_from, v.valid_to
    FROM qm.area AS a INNER JOIN qm.area_version AS v ON v.area_id = a.id
    WHERE a.kind = :kind AND v.superseded_at IS NULL
    ORDER BY a.key, v.valid_from
"""


def test_a_stadtbezirk_that_changes_its_name_is_one_area_with_two_versions(
    city: City, reports: dict[str, DeliveryReport]
) -> None:
    # Trap: `Eilpe/Dahl` of 2020 is `Eilpe-Dahl` in 2025; the outline is the same, the number 4 is the key.
    assert counts(reports["stadtbezirke 2020"]) == {"read": 5, "loaded": 5}
    assert counts(reports["stadtbezirke 2025"]) == {"read": 5, "loaded": 1, "unchanged": 4, "superseded": 1}
    versions = city.ask(VERSIONS, kind="stadtbezirk")
    assert [row for row in versions if row[0] == "4"] == [
        ("4", "Eilpe/Dahl", date(2020, 1, 1), date(2025, 1, 1)),
        ("4", "Eilpe-Dahl", date(2025, 1, 1), None),
    ]
    assert len(versions) == 6


def test_the_stadtbezirke_cover_the_city(city: City, reports: dict[str, DeliveryReport]) -> None:
    query = """
        SELECT round((sum(v.area_m2) / 1e6)::numeric, 2) FROM qm.area_version AS v
        INNER JOIN qm.area AS a ON a.id = v.area_id
        WHERE a.kind = 'stadtbezirk' AND v.superseded_at IS NULL AND v.valid_to IS NULL
    """
    assert float(city.ask(query)[0][0]) == pytest.approx(160.35, abs=0.01)


def test_precincts_are_repaired_and_listed(city: City, reports: dict[str, DeliveryReport]) -> None:
    # Trap: 51 of the 131 outlines of 2025 are invalid (self-intersections, too few points); 3 precincts are new, 2
    # gone.
    assert counts(reports["stimmbezirke 2020"]) == {"read": 130, "loaded": 130}
    assert counts(reports["stimmbezirke 2025"]) == {
        "read": 131,
        "loaded": 131,
        "superseded": 128,
        "repaired": 51,
        "ended": 2,
    }
    repairs = city.ask(
        "SELECT line, key, reason, area_lost_m2 FROM qm.repair WHERE delivery_id = :delivery ORDER BY line",
        delivery=reports["stimmbezirke 2025"].delivery,
    )
    assert len(repairs) == 51
    assert {reason.split("[")[0] for _, _, reason, _ in repairs} == {
        "Self-intersection",
        "Ring Self-intersection",
        "Too few points in geometry component",
    }
    assert sum(lost for *_, lost in repairs) < 1


def test_precincts_that_came_and_went_have_their_periods(city: City, reports: dict[str, DeliveryReport]) -> None:
    versions = city.ask(VERSIONS, kind="stimmbezirk")
    new = {key for key, *_, begins, _ in versions if begins == date(2025, 1, 1)} - {
        key for key, *_, begins, _ in versions if begins == date(2020, 1, 1)
    }
    open_ended = {key for key, *_, ends in versions if ends is None}
    assert len(new) == 3
    assert len(open_ended) == 131
    assert len({key for key, *_ in versions} - open_ended) == 2


def test_precincts_without_a_crs_are_read_as_wgs84_and_it_is_said(reports: dict[str, DeliveryReport]) -> None:
    # Trap: neither file of precincts names a CRS.
    for name in ("stimmbezirke 2020", "stimmbezirke 2025"):
        assert any("names no CRS" in remark for remark in reports[name].remarks)


def test_links_leave_out_the_postal_districts(city: City, reports: dict[str, DeliveryReport]) -> None:
    # Trap: 52 of the 183 rows are postal districts without an outline; ward 20 lies in two Stadtbezirke.
    report = reports["area_links"]
    assert counts(report) == {"read": 183, "loaded": 131, "skipped": 52}
    assert (report.as_of, report.as_of_from) == (date(2025, 9, 14), "column")
    query = """
        SELECT p.key, count(*) FROM qm.area_relation AS r
        INNER JOIN qm.area AS p ON p.id = r.parent_id
        WHERE r.superseded_at IS NULL GROUP BY p.key ORDER BY p.key
    """
    assert sum(count for _, count in city.ask(query)) == 131
    assert [key for key, _ in city.ask(query)] == ["1", "2", "3", "4", "5"]


def test_every_house_coordinate_is_loaded(reports: dict[str, DeliveryReport]) -> None:
    # Traps: zone-prefixed easting with a decimal comma and no CRS in the file; 9 rows of neighbour towns; 641 rows
    # whose precinct is `???` or two codes (that column is not taken over).
    assert counts(reports["addresses"]) == {"read": 33_726, "loaded": 33_726}


def test_the_house_coordinates_lie_in_the_stadtbezirke(city: City, reports: dict[str, DeliveryReport]) -> None:
    query = """
        SELECT v.name, count(*) FROM qm.address AS h
        INNER JOIN qm.area_version AS v ON public.ST_Covers(v.geom, h.geom)
        INNER JOIN qm.area AS a ON a.id = v.area_id
        WHERE a.kind = 'stadtbezirk' AND v.superseded_at IS NULL AND v.valid_to IS NULL AND h.superseded_at IS NULL
        GROUP BY v.name
    """
    found = {name.removeprefix("Hagen-"): count for name, count in city.ask(query)}
    assert found == {"Mitte": 11_546, "Hohenlimburg": 6_831, "Nord": 6_248, "Haspe": 5_361, "Eilpe-Dahl": 3_740}


def test_the_same_addresses_again_change_nothing(city: City, reports: dict[str, DeliveryReport]) -> None:
    report = city.check("addresses", "opendata-zuordnung-mit-wahlbezirk.csv", "hagen/addresses", as_of="2022-01-01")
    assert counts(report) == {"read": 33_726, "unchanged": 33_726}


def test_the_quarters_are_custom_outlines_with_a_source(city: City, reports: dict[str, DeliveryReport]) -> None:
    # Trap: Bahnhofsviertel is no statistical district; the file says from which precincts it was put together.
    assert counts(reports["quartiere"]) == {"read": 2, "loaded": 2}
    query = """
        SELECT a.key, v.name, v.source, round((v.area_m2 / 1e6)::numeric, 2) FROM qm.area_version AS v
        INNER JOIN qm.area AS a ON a.id = v.area_id WHERE a.kind = 'quartier' ORDER BY a.key
    """
    bahnhofsviertel, wehringhausen = city.ask(query)
    assert bahnhofsviertel[:2] == ("Bahnhofsviertel", "Bahnhofsviertel (Näherung)")
    assert "NOT an official boundary" in bahnhofsviertel[2]
    assert (wehringhausen[0], float(wehringhausen[3])) == ("Wehringhausen", 6.41)


def test_the_published_rounds_keep_their_counts_apart(city: City, reports: dict[str, DeliveryReport]) -> None:
    # Traps: two dates carry ` (Meldung)` behind them; most counts of defects were not published (empty, not zero).
    assert counts(reports["rounds"]) == {"read": 7, "loaded": 7}
    query = """
        SELECT held_on, objects, persons_registered, persons_met, persons_reported, objects_waste,
               objects_housing_defects, place
        FROM qm.inspection_round ORDER BY held_on
    """
    rounds = city.ask(query)
    assert rounds[0] == (date(2025, 1, 23), 9, 186, 138, 2, None, 9, "Altenhagen, Haspe")
    assert rounds[-1] == (date(2026, 1, 29), 6, 209, 155, 21, 2, 6, None)
    assert sum(row[1] for row in rounds) == 52


Formats = dict[str, tuple[DeliveryReport, list[tuple[Any, ...]]]]

FORMATS = {
    "hagen-kommunal2020_stadtbezirke.geojson": "2020-01-01",
    "derived/hagen_stadtbezirke_25832.shp": "2021-01-01",
    "derived/hagen_stadtbezirke_25832.gpkg": "2022-01-01",
    "derived/hagen_stadtbezirke_25832.gml": "2023-01-01",
    "derived/hagen_stadtbezirke.kml": "2024-01-01",
}


@pytest.fixture(scope="module")
def formats(make_city: MakeCity) -> Formats:
    """The same five areas in five formats, one after the other: report and open versions after each."""
    city = make_city("hagen", database="hagen_formats")
    query = """
        SELECT a.key, v.name, round(v.area_m2) FROM qm.area AS a INNER JOIN qm.area_version AS v ON v.area_id = a.id
        WHERE v.superseded_at IS NULL AND v.valid_to IS NULL ORDER BY a.key
    """
    return {
        name: (city.load("areas", name, "hagen/stadtbezirke", as_of=as_of), city.ask(query))
        for name, as_of in FORMATS.items()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_brings_the_same_areas(name: str, formats: Formats) -> None:
    # Trap: GML and KML round coordinates, so their outlines are new versions of the same areas; KML keeps its
    # attributes in ExtendedData, which GDAL's simple driver does not read.
    report, areas = formats[name]
    assert report.counts["read"] == report.counts["loaded"] + report.counts["unchanged"] == 5
    assert [(key, label) for key, label, _ in areas] == [
        ("1", "Hagen-Mitte"),
        ("2", "Hagen-Nord"),
        ("3", "Hohenlimburg"),
        ("4", "Eilpe/Dahl"),
        ("5", "Haspe"),
    ]
    expected = [area_m2 for *_, area_m2 in formats["hagen-kommunal2020_stadtbezirke.geojson"][1]]
    assert [area_m2 for *_, area_m2 in areas] == pytest.approx(expected, abs=5)


def test_the_quarters_come_as_geopackage_too(city: City, reports: dict[str, DeliveryReport]) -> None:
    report = city.check(
        "areas", "derived/wehringhausen_bahnhofsviertel_25832.gpkg", "hagen/quartiere", as_of="2026-01-01"
    )
    assert counts(report) == {"read": 2, "loaded": 2, "superseded": 2}


def test_no_outline_is_lost_when_it_is_simplified_for_display(city: City, reports: dict[str, DeliveryReport]) -> None:
    query = """
        SELECT count(*) FILTER (WHERE NOT public.ST_IsValid(v.outline_4326) OR NOT public.ST_IsValid(v.geom)),
               max(abs(public.ST_Area(public.ST_Transform(v.outline_4326, 25832)) - v.area_m2) / v.area_m2)
        FROM qm.area_version AS v
    """
    invalid, worst_share = city.ask(query)[0]
    assert invalid == 0
    assert worst_share < 0.02
