"""What the invented offices delivered, in the order in which it came."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from etl.demo import funding, funding_files, housing, measure_files, moving, project_files, standing
from etl.demo.bulk import (
    write_bulk_assessments,
    write_bulk_inspections,
    write_bulk_properties,
    write_bulk_status,
)
from etl.demo.bulk_projects import write_bulk_demolitions
from etl.demo.casebook import Casebook, open_casebook
from etl.demo.city import City, found_city
from etl.demo.dates import AS_OF, FIRST_DELIVERY, OUTLINES
from etl.demo.judging import judge
from etl.demo.measures import open_proceedings
from etl.demo.owners import write_owners
from etl.demo.proceeding import Proceedings
from etl.demo.resolutions import write_resolutions

MUNICIPALITY: Final = "de-demo01"
DEFAULT_SEED: Final = 2026
DEFAULT_SIZE: Final = 350
# From this size on the city is a load for benchmarks, not something to look at.
BULK_FROM: Final = 5_000


@dataclass(frozen=True)
class DemoFile:
    """One delivery: kind of source, name of its mapping, file, and the date for which it speaks."""

    source: str
    mapping: str
    path: Path
    as_of: date


def generate(folder: Path, *, seed: int = DEFAULT_SEED, size: int = DEFAULT_SIZE) -> list[DemoFile]:
    """Write all files into the folder and list them in the order in which they have to be loaded.

    `size` is the number of properties, at least 50. The same seed and size give the same content.
    """
    folder.mkdir(parents=True, exist_ok=True)
    city = found_city(seed)
    if size >= BULK_FROM:
        return [*_areas(folder, city), *_bulk(folder, city, seed, size)]
    book = open_casebook(city, seed, size)
    told = open_proceedings(book, seed)
    book = judge(book, told, seed)
    return [
        *_areas(folder, city),
        *_surroundings(folder, city),
        *_records(folder, book, FIRST_DELIVERY),
        *_proceedings(folder, told, FIRST_DELIVERY),
        _file("areas", "areas", standing.write_wards(folder, city, AS_OF, is_renamed=True), AS_OF),
        *_records(folder, book, AS_OF),
        *_proceedings(folder, told, AS_OF),
        _file("resolutions", "resolutions", write_resolutions(folder, AS_OF), AS_OF),
        *_housing(folder, book, AS_OF),
        *_funding(folder, book, AS_OF),
        # The last file of all: where it is loaded, the city is complete (`load.py`).
        _file("owners", "owners", write_owners(folder, book, seed, AS_OF), AS_OF),
    ]


def _areas(folder: Path, city: City) -> list[DemoFile]:
    on = OUTLINES
    return [
        _file("areas", "areas", standing.write_districts(folder, city, on), on),
        _file("areas", "areas", standing.write_wards(folder, city, on), on),
        _file("areas", "areas", standing.write_quarters(folder, city, on), on),
        _file("area_links", "area_links", standing.write_area_links(folder, city, FIRST_DELIVERY), FIRST_DELIVERY),
    ]


def _surroundings(folder: Path, city: City) -> list[DemoFile]:
    on = FIRST_DELIVERY
    return [
        _file("context", "context", standing.write_background(folder, city, on), on),
        _file("context", "context", standing.write_streets(folder, city, on), on),
        _file("context", "context", standing.write_buildings(folder, city, on), on),
        _file("addresses", "addresses", standing.write_addresses(folder, city, on), on),
        _file("rules", "rules", standing.write_rules(folder, on), on),
    ]


def _records(folder: Path, book: Casebook, on: date) -> list[DemoFile]:
    return [
        _file("properties", "properties", moving.write_register(folder, book, on), on),
        _file("status", "status", moving.write_status(folder, book, on), on),
        _file("assessments", "assessments", moving.write_assessments(folder, book, on), on),
        _file("rounds", "rounds", moving.write_rounds(folder, book, on), on),
        _file("inspections", "inspections", moving.write_inspections(folder, book, on), on),
        _file("demolitions", "demolitions_plan", project_files.write_plans(folder, book.projects, on), on),
        _file("demolitions", "demolitions_actual", project_files.write_progress(folder, book.projects, on), on),
    ]


def _proceedings(folder: Path, told: Proceedings, on: date) -> list[DemoFile]:
    return [
        _file("measures", "measures", measure_files.write_proceedings(folder, told, on), on),
        _file("measure_steps", "measure_steps", measure_files.write_steps(folder, told, on), on),
        _file("supply_cuts", "supply_cuts", measure_files.write_cuts(folder, told, on), on),
    ]


def _funding(folder: Path, book: Casebook, on: date) -> list[DemoFile]:
    grants = funding.grant_money(book.projects)
    return [
        _file("funding_programmes", "funding_programmes", funding_files.write_programmes(folder, on), on),
        _file("funding", "funding", funding_files.write_grants(folder, grants, on), on),
        _file("funding_calls", "funding_calls", funding_files.write_calls(folder, grants, on), on),
        _file("funding_costs", "funding_costs", funding_files.write_costs(folder, grants, on), on),
    ]


def _housing(folder: Path, book: Casebook, on: date) -> list[DemoFile]:
    closed = housing.closed_houses(book)
    return [
        _file("closures", "closures", housing.write_closures(folder, closed, on), on),
        _file("closure_events", "closure_events", housing.write_closure_events(folder, closed, on), on),
        _file("dwelling_changes", "dwelling_changes", housing.write_dwelling_changes(folder, book, on), on),
        _file("replacement_dwellings", "replacement_dwellings", housing.write_pool(folder, on), on),
    ]


def _bulk(folder: Path, city: City, seed: int, size: int) -> list[DemoFile]:
    plans, progress = write_bulk_demolitions(folder, seed, size, AS_OF)
    return [
        # Without rules nothing would be due, and what the pages ask most would cost nothing.
        _file("rules", "rules", standing.write_rules(folder, FIRST_DELIVERY), FIRST_DELIVERY),
        _file("properties", "properties_bulk", write_bulk_properties(folder, city, seed, size, AS_OF), AS_OF),
        _file("status", "status", write_bulk_status(folder, seed, size, AS_OF), AS_OF),
        _file("assessments", "assessments", write_bulk_assessments(folder, seed, size, AS_OF), AS_OF),
        _file("inspections", "inspections", write_bulk_inspections(folder, seed, size, AS_OF), AS_OF),
        _file("demolitions", "demolitions_plan", plans, AS_OF),
        _file("demolitions", "demolitions_actual", progress, AS_OF),
    ]


def _file(source: str, mapping: str, path: Path, as_of: date) -> DemoFile:
    return DemoFile(source, f"demo/{mapping}", path, as_of)
