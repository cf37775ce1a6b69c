"""The files of the invented offices fit the mappings, have the formats of offices, and come in any size."""

import csv
import re
from datetime import date
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from etl.demo import DEFAULT_SEED, DemoFile, generate, german_columns, words
from etl.demo.bulk import (
    INSPECTIONS_EACH,
    write_bulk_assessments,
    write_bulk_inspections,
    write_bulk_properties,
    write_bulk_status,
)
from etl.demo.bulk_projects import write_bulk_demolitions
from etl.files import TableOptions, open_source_file
from etl.mapping_files import BUILT_IN, find_mapping
from geodata import codes
from tests.factories.demo_city import demo_city


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[DemoFile]:
    return generate(tmp_path_factory.mktemp("demo"), size=60)


def _of(files: list[DemoFile], name: str) -> Path:
    return next(file.path for file in files if file.path.name == name)


def test_every_file_is_meant_for_its_mapping(files: list[DemoFile]) -> None:
    # That the columns fit shows where the city is loaded: tests/integration/test_demo_city.py.
    for file in files:
        mapping = find_mapping(file.mapping, None)

        assert mapping.source.name == file.source
        assert mapping.is_demonstration


def test_every_mapping_of_the_demonstration_is_used(files: list[DemoFile]) -> None:
    names = {f"demo/{path.stem}" for path in (BUILT_IN / "demo").glob("*.toml")}

    assert {file.mapping for file in files} | {"demo/properties_bulk"} == names


def test_every_file_says_its_date(files: list[DemoFile]) -> None:
    assert [file.path.name for file in files if file.as_of.isoformat() not in file.path.name] == []
    assert [file.as_of for file in files] == sorted(file.as_of for file in files)


@pytest.mark.parametrize(
    ("spoken", "listed"),
    [
        (words.USE_TYPES, codes.USE_TYPES),
        (words.STATES, codes.STATES),
        (words.CONTROL_TYPES, codes.CONTROL_TYPES),
        (words.ACCESS, codes.ACCESS_LEVELS),
        (words.RESULTS, codes.INSPECTION_RESULTS),
        (words.DEFECTS, codes.DEFECTS),
        (words.OFFICES, codes.OFFICES),
        (words.OWNERSHIP, codes.OWNERSHIP_FORMS),
        (words.DEMOLITION_STAGES, codes.DEMOLITION_STAGES),
        (words.DEMOLITION_BLOCKERS, codes.DEMOLITION_BLOCKERS),
        (words.DEMOLITION_OUTCOMES, codes.DEMOLITION_OUTCOMES),
        (words.AUDIENCES, codes.AUDIENCES),
        (words.MEASURE_KINDS, codes.MEASURE_KINDS),
        (words.MEASURE_STEPS, codes.MEASURE_STEPS),
        (words.MEASURE_OUTCOMES, codes.MEASURE_OUTCOMES),
        (words.MEASURE_CAUSES, codes.MEASURE_CAUSES),
        (words.COURT_STATUSES, codes.COURT_STATUSES),
        (words.MILDER_MEANS, codes.MILDER_MEANS),
        (words.UTILITIES, codes.UTILITIES),
        (words.CUT_REASONS, codes.CUT_REASONS),
        (words.PROOF_RESULTS, codes.PROOF_RESULTS),
        (words.GOAL_RATINGS, codes.GOAL_RATINGS),
        (words.COST_CATEGORIES, codes.COST_CATEGORIES),
    ],
)
def test_every_code_has_one_german_word(spoken: dict[str, str], listed: tuple[str, ...]) -> None:
    assert tuple(spoken) == listed
    assert len(set(spoken.values())) == len(spoken)


@pytest.mark.parametrize(
    ("mapping", "field", "spoken"),
    [
        ("properties", "use_type", words.USE_TYPES),
        ("properties", "lead_office", words.OFFICES),
        ("properties", "ownership_form", words.OWNERSHIP),
        ("status", "state", words.STATES),
        ("rounds", "offices", words.OFFICES),
        ("inspections", "control_type", words.CONTROL_TYPES),
        ("inspections", "access_reached", words.ACCESS),
        ("inspections", "result", words.RESULTS),
        ("inspections", "defects", words.DEFECTS),
        ("demolitions_plan", "stage", words.DEMOLITION_STAGES),
        ("demolitions_plan", "released_to", words.AUDIENCES),
        ("demolitions_actual", "stage", words.DEMOLITION_STAGES),
        ("demolitions_actual", "blocker", words.DEMOLITION_BLOCKERS),
        ("demolitions_actual", "outcome", words.DEMOLITION_OUTCOMES),
        ("measures", "kind", words.MEASURE_KINDS),
        ("measures", "office", words.OFFICES),
        ("measures", "outcome", words.MEASURE_OUTCOMES),
        ("measures", "causes", words.MEASURE_CAUSES),
        ("measures", "milder_means", words.MILDER_MEANS),
        ("measures", "court_status", words.COURT_STATUSES),
        ("measure_steps", "kind", words.MEASURE_STEPS),
        ("supply_cuts", "utility", words.UTILITIES),
        ("supply_cuts", "reason", words.CUT_REASONS),
        ("funding", "proof_result", words.PROOF_RESULTS),
        ("funding", "goal_rating", words.GOAL_RATINGS),
        ("funding_costs", "category", words.COST_CATEGORIES),
    ],
)
def test_mappings_translate_every_word_back(mapping: str, field: str, spoken: dict[str, str]) -> None:
    form = find_mapping(f"demo/{mapping}", None).columns[field].form

    assert {word: code for code, word in spoken.items()} == dict(form.codes)


def test_csv_is_written_as_offices_write_it(files: list[DemoFile]) -> None:
    content = _of(files, "kontrollen_2026-11-15.csv").read_bytes()

    assert "Mängel".encode("cp1252") in content.splitlines()[0]
    assert b"\r\n" in content
    assert b"31.02.2026" in content
    assert re.search(rb";0,\d{4}\r", _of(files, "zuordnung_gebiete_2025-12-31.csv").read_bytes())


def test_register_is_a_spreadsheet_with_real_dates(files: list[DemoFile]) -> None:
    book = openpyxl.load_workbook(_of(files, "register_problemimmobilien_2026-11-15.xlsx"))
    header, first = list(book["Register"].iter_rows(values_only=True))[:2]

    assert header == german_columns.PROPERTIES
    assert first[0] == "PI-0001"
    assert str(first[1]).startswith("2021-03-09")


def test_geopackage_is_in_metres(files: list[DemoFile]) -> None:
    info = pyogrio.read_info(_of(files, "gebaeude_2025-12-31.gpkg"))

    assert info["crs"] == "EPSG:25832"
    assert info["features"] > 15_000


def test_house_coordinates_have_no_header_and_21_columns(files: list[DemoFile]) -> None:
    with _of(files, "gebref_2025-12-31.txt").open(encoding="windows-1252", newline="") as stream:
        first = next(csv.reader(stream, delimiter=";"))

    assert len(first) == len(german_columns.ADDRESSES) == 21
    assert first[0] == "N"
    assert "," in first[18]


def test_the_second_delivery_has_wrong_rows_below_the_threshold(files: list[DemoFile]) -> None:
    lines = _of(files, "kontrollen_2026-11-15.csv").read_text(encoding="windows-1252").splitlines()

    assert sum(line in lines[:at] for at, line in enumerate(lines)) == 1
    assert [line for line in lines if line.startswith("PI-9999")]


def test_bulk_files_have_ten_inspections_for_each_property(tmp_path: Path) -> None:
    city, on = demo_city(), date(2026, 11, 15)
    register = write_bulk_properties(tmp_path, city, DEFAULT_SEED, 500, on)
    visits = write_bulk_inspections(tmp_path, DEFAULT_SEED, 500, on)

    properties, inspections = _rows(register, "demo/properties_bulk"), _rows(visits, "demo/inspections")
    assert len(properties) == 500
    assert len(inspections) == 500 * INSPECTIONS_EACH
    assert len({(row["Objekt-Nr."], row["Kontrolle am"]) for row in inspections}) == len(inspections)
    assert {row["Objekt-Nr."] for row in inspections} == {row["Objekt-Nr."] for row in properties}
    assert {row["Art"] for row in inspections} == set(words.CONTROL_TYPES.values())
    assert {row["Mängel"] for row in inspections if isinstance(row["Mängel"], str)} == set(words.DEFECTS.values())
    assert all(float(row["Rechtswert"].replace(",", ".")) > 380_000 for row in properties)


def test_bulk_files_have_a_state_for_each_property_and_an_assessment_for_every_other(tmp_path: Path) -> None:
    on = date(2026, 11, 15)
    status = _rows(write_bulk_status(tmp_path, DEFAULT_SEED, 500, on), "demo/status")
    assessments = _rows(write_bulk_assessments(tmp_path, DEFAULT_SEED, 500, on), "demo/assessments")

    assert len({row["Objekt-Nr."] for row in status}) == len(status) == 500
    assert {row["Status"] for row in status} < set(words.STATES.values())
    assert 0.1 < sum(row["Status"] == words.STATES["closed"] for row in status) / 500 < 0.2
    assert len({row["Objekt-Nr."] for row in assessments}) == len(assessments) == 250
    assert {row["Problemdruck"] for row in assessments} == {"0", "1", "2", "3"}


def test_bulk_files_have_a_project_for_every_two_hundredth_property(tmp_path: Path) -> None:
    plans, progress = write_bulk_demolitions(tmp_path, DEFAULT_SEED, 2_000, date(2026, 11, 15))

    planned, begun = _rows(plans, "demo/demolitions_plan"), _rows(progress, "demo/demolitions_actual")
    assert len({row["Vorhaben"] for row in planned}) == 10
    assert len(planned) == 70
    assert 0 < len(begun) < len(planned)
    assert {row["Objekt-Nr."] for row in begun} <= {f"PI-{number:07d}" for number in range(0, 2_000, 200)}


def _rows(path: Path, mapping: str) -> list[dict[str, str]]:
    columns = find_mapping(mapping, None).columns_needed
    options = TableOptions(encoding="windows-1252", delimiter=";", sheet=None, columns=columns, header=None)
    chunks = list(open_source_file(path, options=options).chunks)
    assert not [broken for chunk in chunks for broken in chunk.broken]
    return [row for chunk in chunks for row in chunk.frame.to_dict("records")]
