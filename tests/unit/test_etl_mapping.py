"""Mappings: all mistakes at once with file, key and expectation; found by name, by path, by the columns of a file."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.files import TableOptions
from etl.mapping import Mapping
from etl.mapping_files import BUILT_IN, detect_mapping, find_mapping, mapping_paths
from etl.mapping_reader import build_mapping, read_mapping
from etl.person_columns import is_person_column
from geodata.errors import DeliveryRefused, MappingError, UsageError

INSPECTIONS = """
source = "inspections"
municipality = "de-test01"
register = "main"
[columns]
property_key = "Objekt"
inspected_on = { column = "Datum", format = "%d.%m.%Y" }
result = "Ergebnis"
[constants]
control_type = "joint_control"
access_reached = "flat"
"""


def build(text: str) -> Mapping:
    return build_mapping(tomllib.loads(text), "test/one", file_name="one.toml")


def problems(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        build(text)
    return str(caught.value)


def test_a_mapping_names_every_column_that_is_ever_read() -> None:
    mapping = build(INSPECTIONS.replace("[columns]", 'filter = [{ column = "Art", in = ["W"] }]\n[columns]'))
    assert set(mapping.columns_needed) == {"Objekt", "Datum", "Ergebnis", "Art"}
    assert mapping.missing_in(["Objekt", "Datum", "Art", "Eigentuemer"]) == ["Ergebnis"]


def test_all_mistakes_are_said_at_once_with_key_and_expectation() -> None:
    said = problems(
        'source = "inspections"\nmunicipality = 5\nmatch = "guess"\ncolour = "red"\n'
        'expected_extent = [7.7, 51.2, 7.3, 51.5]\nfilter = [{ column = "Art" }]\n'
        '[columns]\nproperty_key = "Objekt"\nwhen = "Datum"\nresult = { colum = "x" }\n'
        '[codes.result]\n"gut" = "fine"\n[constants]\naccess_reached = "roof"\n'
    )
    assert said.startswith("The mapping one.toml has ")
    for part in (
        "municipality: expected a text, found 5",
        "register: expected a text, found None",
        "match: expected one of key, parcel, address, found 'guess'",
        "colour: there is no such key",
        "expected_extent: expected [west, south, east, north] in degrees (EPSG:4326)",
        "filter[0]: expected { column = ..., in = [...] }",
        "columns.when: inspections has no such field; there are key, property_key",
        "columns.result: expected the name of a column",
        "codes.result.\"gut\": expected one of no_finding, finding, not_completed, found 'fine'",
        "constants.access_reached: expected one of none, outside, common_areas, flat",
        "columns.inspected_on: expected a column or a constant for this field",
        "columns.control_type: expected a column or a constant for this field",
    ):
        assert part in said


def test_free_text_needs_somebody_who_may_read_it() -> None:
    text = INSPECTIONS.replace("inspections", "status").split("[columns]")[0]
    columns = '[columns]\nproperty_key = "o"\nvalid_on = "d"\nstate = "s"\nreason = "Bemerkung"\n'
    assert "text.reason: expected the class of this free text" in problems(text + columns)
    assert build(text + columns + '[text]\nreason = "case_workers"\n').text == {"reason": "case_workers"}


@pytest.mark.parametrize(
    "column", ["Nachname", "GEBURTSDATUM", "Staatsangehörigkeit", "OWNER_ABBR", "Eigentümer", "Mieter 1", "OWNER_NAME2"]
)
def test_columns_about_single_persons_refuse_the_mapping_by_name(column: str) -> None:
    said = problems(INSPECTIONS.replace('"Ergebnis"', f'"{column}"'))
    assert f"{column!r} tells of single persons" in said


@pytest.mark.parametrize("column", ["NAME", "Bez_Nr", "kind", "Straße", "name_st"])
def test_columns_of_areas_and_streets_are_no_person_columns(column: str) -> None:
    assert not is_person_column(column)


def test_facts_of_properties_need_what_their_way_of_matching_asks_for() -> None:
    assert 'expected address or street, because match is "address"' in problems(
        INSPECTIONS.replace("register", 'match = "address"\nregister')
    )


def test_rows_that_do_not_end_cannot_be_complete() -> None:
    assert "complete: rows of inspections do not end" in problems(
        INSPECTIONS.replace("register", "complete = true\nregister")
    )


def test_text_that_is_no_toml_is_said_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("source = ", "utf-8")
    with pytest.raises(MappingError, match=r"broken\.toml: expected a TOML file"):
        read_mapping(path, "broken")


@pytest.mark.parametrize("name", [name for name, _ in mapping_paths(None)])
def test_every_mapping_that_the_product_brings_is_in_order(name: str) -> None:
    assert find_mapping(name, None).name == name


def test_an_own_mapping_comes_before_the_built_in_one_of_its_name(tmp_path: Path) -> None:
    own = tmp_path / "hagen" / "rounds.toml"
    own.parent.mkdir()
    own.write_text((BUILT_IN / "hagen" / "rounds.toml").read_text("utf-8").replace("05914000", "de-own"), "utf-8")
    assert find_mapping("hagen/rounds", tmp_path).municipality == "de-own"
    assert find_mapping("hagen/rounds", None).municipality == "05914000"
    assert find_mapping(str(own), None).municipality == "de-own"


def test_an_unknown_mapping_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"There are: .*hagen/addresses"):
        find_mapping("atlantis/rounds", None)


def columns(*names: str) -> Callable[[TableOptions], tuple[str, ...]]:
    return lambda options: names


def test_the_only_mapping_whose_columns_fit_is_taken() -> None:
    found = detect_mapping("areas", columns("Bez_Nr", "BEZEICHNUN", "geometry"), None)
    assert found.name == "hagen/stadtbezirke"


def test_several_or_no_fitting_mappings_are_listed(tmp_path: Path) -> None:
    twin = tmp_path / "twin.toml"
    twin.write_text((BUILT_IN / "hagen" / "stadtbezirke.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(UsageError, match=r"Several mappings fit .*: hagen/stadtbezirke, twin"):
        detect_mapping("areas", columns("Bez_Nr", "BEZEICHNUN"), tmp_path)
    with pytest.raises(UsageError, match=r"No mapping of areas fits .*hagen/stadtbezirke"):
        detect_mapping("areas", columns("foo"), None)


def test_a_file_is_looked_at_once_for_all_mappings_that_read_it_alike() -> None:
    asked: list[TableOptions] = []

    def look(options: TableOptions) -> tuple[str, ...]:
        asked.append(options)
        return ("Bez_Nr", "BEZEICHNUN")

    assert detect_mapping("areas", look, None).name == "hagen/stadtbezirke"
    assert len(set(asked)) == len(asked)
    assert all(options.columns == () for options in asked)


def test_a_file_that_no_mapping_can_open_says_why() -> None:
    def look(options: TableOptions) -> tuple[str, ...]:
        raise DeliveryRefused("Expected GeoJSON, but something else came.")

    with pytest.raises(DeliveryRefused, match="something else came"):
        detect_mapping("areas", look, None)
