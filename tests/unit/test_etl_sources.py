"""Sources: declared once, found by themselves, in step with their tables."""

import pytest

from etl.source import Kind, Past, Source, add_source, find_source, sources
from etl.staging import stage_columns
from geodata.errors import UsageError

ALL = sorted(sources())


def test_the_sources_are_there() -> None:
    assert ALL == [
        "addresses", "area_links", "areas", "assessments", "closure_events", "closures", "context", "demolitions",
        "dwelling_changes", "funding", "funding_calls", "funding_costs", "funding_programmes", "inspections",
        "measure_steps", "measures", "owners",
        "properties", "replacement_dwellings", "resolutions", "rounds", "rules", "status", "supply_cuts",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_stored_fields_and_keys_are_columns_of_the_table(name: str) -> None:
    source = sources()[name]
    columns = set(source.table.c.keys())
    assert {one.name for one in source.stored_fields} <= columns
    assert set(source.stored_key) - {"kind"} <= columns | {"key"}
    assert {one.name for one in stage_columns(source) if one.is_target} <= columns


@pytest.mark.parametrize("name", ALL)
def test_codes_are_those_that_the_database_checks(name: str) -> None:
    source = sources()[name]
    for one in source.stored_fields:
        assert bool(one.codes) == (one.kind in (Kind.CODE, Kind.CODE_LIST))
        checks = [check for check in source.table.c[one.name].constraints if one.codes]
        for check in checks:
            assert all(f"'{code}'" in str(check.sqltext) for code in one.codes)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ALL)
def test_every_field_is_explained_and_free_text_is_known(name: str) -> None:
    assert all(one.doc for one in sources()[name].fields)
    assert sources()[name].past is not Past.LASTING or "valid_to" in sources()[name].table.c


def test_a_name_that_is_taken_is_an_error() -> None:
    areas = sources()["areas"]
    with pytest.raises(ValueError, match="'areas'"):
        add_source({"areas": areas}, Source("areas", "again", areas.table, ()))


def test_an_unknown_source_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"There are: addresses, area_links"):
        find_source("persons")
