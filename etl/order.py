"""What somebody asks for: a file, the mapping that fits it, and how it is opened by that mapping."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from etl.deliveries import DeliveryFile
from etl.files import Opened, TableOptions, open_source_file
from etl.files.paths import checksum, resolve_local_file
from etl.mapping import Mapping
from etl.mapping_files import detect_mapping, find_mapping, table_options
from etl.source import find_source
from geodata.calendar import today
from geodata.errors import UsageError


@dataclass(frozen=True)
class Order:
    """What somebody asks for: a file, and how it is to be read and taken over.

    `account` sent it through the application; None = it came by the command line, whatever the name in `delivered_by`.
    """

    source: str
    path: Path
    mapping: str | None = None
    crs: str | None = None
    as_of: date | None = None
    own_mappings: Path | None = None
    folder_allowed: Path | None = None
    municipality: str | None = None
    delivered_by: str | None = None
    account: str | None = None


def choose_mapping(order: Order) -> Mapping:
    """The mapping that the order names, else the only one whose columns the file has; it must fit source and city."""
    source = find_source(order.source)
    if order.mapping is not None:
        mapping = find_mapping(order.mapping, order.own_mappings)
    else:
        mapping = detect_mapping(source.name, lambda options: columns_of(order, options), order.own_mappings)
    if mapping.source.name != source.name:
        raise UsageError(f"The mapping {mapping.name} is for {mapping.source.name}, not for {source.name}.")
    if order.municipality is not None and mapping.municipality != order.municipality:
        raise UsageError(
            f"The mapping {mapping.name} is for municipality {mapping.municipality}, not {order.municipality}."
        )
    if order.crs is not None:
        mapping = replace(mapping, crs=order.crs)
    return mapping


def columns_of(order: Order, options: TableOptions) -> tuple[str, ...]:
    """The names of all columns of the file, as these options read it."""
    return open_source_file(order.path, options=options, crs=order.crs, folder_allowed=order.folder_allowed).columns


def file_of(order: Order) -> DeliveryFile:
    """What is known of the file before it is opened, so that a refusal can name it."""
    path = resolve_local_file(order.path, order.folder_allowed)
    on, comes_from = (order.as_of, "option") if order.as_of else (today(), "today")
    return DeliveryFile(path.name, checksum(path), path.stat().st_size, on, comes_from, order.delivered_by)


def open_by_mapping(order: Order, mapping: Mapping) -> Opened:
    """The file, read as the mapping says; only the columns that it names come out."""
    options = table_options(mapping)
    return open_source_file(order.path, options=options, crs=mapping.crs, folder_allowed=order.folder_allowed)


def distinct_values(order: Order, mapping: Mapping, column: str) -> set[str]:
    """All different texts of one column."""
    found: set[str] = set()
    for chunk in open_by_mapping(order, mapping).chunks:
        found.update(chunk.frame[column].dropna().unique())
    return found
